"""Which fields of a scraped page are members of the field above them, whose members the page shows expanded.

The text has no indentation. Members often repeat the name of their parent, as in `plan.id`; where they do not, the
sample of the body tells.
"""

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from counterfoil.documents.page.operation import Entry
from counterfoil.documents.page.payload_schema import name_steps
from counterfoil.documents.source.json_sample import JsonSample
from counterfoil.location import Diagnostic


@dataclass(slots=True)
class _Scope:
    """An object whose members are being listed; `members` are those that samples show, `seen` those listed."""

    name: str
    members: set[str]
    seen: set[str] = field(default_factory=set)


def nest(entries: list[Entry], samples: list[JsonSample], diagnostics: list[Diagnostic]) -> None:
    """Set the parents of fields that are listed below one with `has_section`, as the samples of their body have them.

    A field that is in none of the places where it could belong stays in the outermost one. Where no sample shows the
    members of a parent, this is told in `diagnostics`.
    """
    values = [sample.value for sample in samples]
    scopes = [_Scope("", _members(values, ""))]
    for entry, following in zip_longest(entries, entries[1:]):
        if len(name_steps(entry.name)) == 1:
            while len(scopes) > 1 and (entry.name not in scopes[-1].members or entry.name in scopes[-1].seen):
                scopes.pop()
            scopes[-1].seen.add(entry.name)
            entry.within = scopes[-1].name
        if entry.has_section and following and len(name_steps(following.name)) == 1:
            members = _members(values, entry.full_name)
            scopes.append(_Scope(entry.full_name, members))
            if not members:
                message = f"nothing tells which of the fields below are members of {entry.name}: none is read as one"
                hint = f"call them {entry.name}.{following.name} and so on"
                diagnostics.append(Diagnostic(entry.place, "unclear-nesting", message, hint, "warning"))


def _members(values: list[Any], name: str) -> set[str]:
    """The names that the object called `name`, or the first item of an array of objects, has in any of the values."""
    found: set[str] = set()
    for value in values:
        node = _first(value)
        for step in (step for step in name_steps(name) if step != "[]"):
            node = _first(node.get(step)) if isinstance(node, dict) else None
        found.update(node if isinstance(node, dict) else ())
    return found


def _first(value: Any) -> Any:
    while isinstance(value, list):
        value = value[0] if value else None
    return value
