"""What a request said of an object and its answer told: whether it is told again later, at any depth."""

from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import told
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import same
from counterfoil.checks.objects.made import Made
from counterfoil.checks.operation import Operation
from counterfoil.checks.recording.secret_fields import SecretFields
from counterfoil.checks.semantics.echoes.sharing import hidden

_SECRETS = SecretFields()


def loss(part: Part, made: Made, shown: dict[str, Any]) -> str:
    """Where `shown`, an answer of `part`, lacks or alters what made an object, a JSON Pointer; empty where nowhere."""
    said = told(made.exchange, frozenset(shapes.properties(part.operation, part.role.shape)))
    told_as_it_is = {name: value for name, value in said.items() if part.can_tell(name, value)}
    return lost(part.operation, part.role.shape, told_as_it_is, made.value, shown)


def lost(operation: Operation, schema: Any, said: Any, before: Any, after: Any) -> str:
    """Where `after`, told by `schema`, lacks or alters what `said` says and `before` tells; a JSON Pointer.

    What says nothing may be left out, and secrets are often shown once.
    """
    if isinstance(said, dict) and isinstance(before, dict) and isinstance(after, dict):
        known = shapes.properties(operation, schema)
        for name, value in said.items():
            if name not in before or (known and name not in known) or _is_secret(operation, known, name):
                continue
            if name not in after:
                # Declared properties without a value may be left out, but not members that a client has named.
                if not known or (value and before[name]):
                    return f"/{name}"
            elif value is not None and (
                place := lost(operation, known.get(name, {}), value, before[name], after[name])
            ):
                return f"/{name}{place.removesuffix('/')}"
        return ""
    if isinstance(said, list) and isinstance(before, list) and isinstance(after, list):
        if not len(said) == len(before) == len(after):
            return "/" if said == before else ""
        items = shapes.items(operation, schema)
        places = (lost(operation, items, *each) for each in zip(said, before, after, strict=True))
        return next((f"/{index}{place.removesuffix('/')}" for index, place in enumerate(places) if place), "")
    is_plain = not any(isinstance(each, dict | list) for each in (said, before, after))
    return "/" if is_plain and said == before and not same(before, after) else ""


def at_place(value: Any, place: str) -> Any:
    """What a value has at a place that `lost` has found; None where it has nothing."""
    for step in place.strip("/").split("/"):
        if isinstance(value, dict):
            value = value.get(step)
        else:
            value = (
                value[int(step)] if isinstance(value, list) and step.isdecimal() and int(step) < len(value) else None
            )
    return value


def _is_secret(operation: Operation, known: dict[str, Any], name: str) -> bool:
    return _SECRETS.has(name) or hidden(operation, known.get(name, {}))
