"""Which definition stands in which module, in which order, and what each module imports."""

import keyword
from collections.abc import Iterable, Mapping, Sequence

from counterfoil.plan.layout.definitions import Planned
from counterfoil.plan.models import ImportGroup, ImportPlan, ModulePlan
from counterfoil.plan.names.naming import distinct, import_order, snake_case
from counterfoil.plan.types.annotation import Name

LARGEST = 80  # definitions that one module holds before they are divided by tag
SCHEMAS = "SCHEMAS"
_MODULES = {"abc": "collections.abc", "typing": "typing", "pydantic": "pydantic", "support": "._support"}
_TAKEN = ("operations", "schemas", "shared", "py")


def arrange(
    planned: Mapping[str, Planned], order: Mapping[str, tuple[int, ...]], uses: Iterable[tuple[str, Iterable[str]]]
) -> tuple[ModulePlan, ...]:
    """The modules of all definitions.

    `order` tells where each definition would best stand. `uses` says of each tag which definitions its operations
    name; what none of them leads to is left out. Few definitions share one module. Many are divided: what only
    operations of one tag lead to is in a module of that tag, the rest in `shared`, which never needs any of the others.
    """
    owners: dict[str, set[str]] = {name: set() for name in planned}
    for tag, roots in uses:
        _claim(tag, roots, planned, owners)
    used = [name for name in planned if owners[name]]
    sequence = _sequence(planned, sorted(used, key=lambda name: order[name]))
    if len(sequence) <= LARGEST:
        return (_module("schemas", "The schemas of the contract.", sequence, planned, {}),) if sequence else ()
    tags = list(dict.fromkeys(tag for name in sequence for tag in sorted(owners[name]) if len(owners[name]) == 1))
    names = [snake_case(tag) or "untagged" for tag in tags]
    names = [f"{name}_" if name in _TAKEN or keyword.iskeyword(name) else name for name in names]
    names = [name if name.isidentifier() else f"tag_{name}" for name in names]
    files = dict(zip(tags, distinct(names, "_"), strict=True))
    place = {name: files[min(owners[name])] if len(owners[name]) == 1 else "shared" for name in sequence}
    docs = {file: f"The schemas that only operations tagged {tag!r} use." for tag, file in files.items()}
    docs["shared"] = "The schemas that operations of several tags use."
    found = []
    for file in ("shared", *files.values()):
        members = [name for name in sequence if place[name] == file]
        if members:
            found.append(_module(file, docs[file], members, planned, place))
    return tuple(found)


def imports(used: Iterable[Name], local: Iterable[str], place: Mapping[str, str]) -> tuple[ImportGroup, ...]:
    """The imports of a module that needs `used` and defines `local`, in groups: Python's, pydantic's, the package's.

    `place` is the module of each definition.
    """
    wanted: dict[str, set[str]] = {}
    here = set(local)
    for name in used:
        if name.origin == "model":
            module = f".{place[name.name]}" if name.name not in here else ""
        else:
            module = "._schemas" if name.name == SCHEMAS else _MODULES[name.origin]
        if module:
            wanted.setdefault(module, set()).add(name.name)
    groups: dict[int, list[ImportPlan]] = {}
    for module in sorted(wanted, key=import_order):
        rank = 2 if module.startswith(".") else int(module == "pydantic")
        groups.setdefault(rank, []).append(ImportPlan(module, tuple(sorted(wanted[module], key=import_order))))
    return tuple(tuple(groups[rank]) for rank in sorted(groups))


def _module(
    name: str, doc: str, members: Sequence[str], planned: Mapping[str, Planned], place: Mapping[str, str]
) -> ModulePlan:
    used = {used for member in members for used in planned[member].uses}
    return ModulePlan(name, doc, imports(used, members, place), tuple(planned[member].definition for member in members))


def _claim(tag: str, roots: Iterable[str], planned: Mapping[str, Planned], owners: dict[str, set[str]]) -> None:
    stack = list(roots)
    while stack:
        name = stack.pop()
        if tag not in owners[name]:
            owners[name].add(tag)
            stack += planned[name].models


def _sequence(planned: Mapping[str, Planned], preferred: Sequence[str]) -> list[str]:
    """The preferred order, but what is evaluated at once stands after what it needs."""
    done: dict[str, None] = {}

    def place(name: str) -> None:
        if name in done:
            return
        if planned[name].eager:
            for needed in planned[name].models:
                place(needed)
        done.setdefault(name)

    for name in preferred:
        place(name)
    return list(done)
