"""Whether a value of an answer is one of a request again, as far as the schemas of both tell of it."""

from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics.echoes.meanings import means_the_same
from counterfoil.checks.semantics.echoes.sharing import hidden

MISSING: Any = object()
"""What an answer has where it has nothing."""


def echoes(
    operation: Operation, asked: Any, answered: Any, sent: Any, received: Any, *, keeps_nulls: bool = False
) -> bool:
    """Whether `received` (of the schema `answered`) is `sent` (of the schema `asked`) again.

    Null, and an object or a list without anything in it, may be left out; with `keeps_nulls` not among entries whose
    names are the client's own. Of objects, what the schemas do not share may differ, and what is only written or read.
    """
    if received is MISSING and sent in ({}, []):
        return True
    if sent is None:
        # Where null is not among the values of an answer, something takes its place.
        return received is MISSING or received is None or (bool(answered) and not operation.accepts(answered, None))
    if isinstance(sent, dict) and isinstance(received, dict):
        # What is of another alternative than the one sent is nothing that anybody declares.
        offered = shapes.holding(operation, asked, sent)
        known = _known(operation, answered, offered)
        inner = _values(operation, asked), _values(operation, answered)
        if keeps_nulls and not offered and not known:
            lost = (value for name, value in sent.items() if name not in received)
            if any(operation.accepts(inner[1], value) for value in lost):
                return False
        return all(
            echoes(
                operation,
                offered.get(name, inner[0]),
                known.get(name, inner[1]),
                value,
                received.get(name, MISSING),
                keeps_nulls=keeps_nulls,
            )
            for name, value in sent.items()
            if _is_shared(operation, name, (asked, answered), offered, known)
        )
    if isinstance(sent, list) and isinstance(received, list):
        offered, known = shapes.items(operation, asked), shapes.items(operation, answered)
        return len(sent) == len(received) and all(
            echoes(operation, offered, known, one, other, keeps_nulls=keeps_nulls)
            for one, other in zip(sent, received, strict=True)
        )
    if isinstance(sent, bool) or isinstance(received, bool):
        return sent is received
    if sent == received or means_the_same(operation.resolve(asked), sent, received):
        return True
    # What an answer cannot tell as it was sent is told otherwise, or not at all.
    return bool(answered) and not operation.accepts(answered, sent)


def _known(operation: Operation, answered: Any, offered: dict[str, Any]) -> dict[str, Any]:
    """The properties that an answer may have; what its alternatives declare otherwise is taken as in the request."""
    key = "echoed", "known", id(answered), *offered, *map(id, offered.values())
    return operation.remembered(
        key,
        lambda: (
            shapes.properties(operation, answered)
            | {
                name: each
                for name in offered
                for each in shapes.declared(operation, answered, name)
                if shapes.alike(operation, offered[name], each)
            }
        ),
    )


def _is_shared(
    operation: Operation, name: str, schemas: tuple[Any, Any], offered: dict[str, Any], known: dict[str, Any]
) -> bool:
    """Whether both schemas tell of a property; any is told of where neither declares properties.

    What one of several alternatives hides may be hidden.
    """
    if not offered and not known:
        return True
    if name not in offered or name not in known:
        return False
    mine, theirs = offered[name], known[name]
    return operation.remembered(
        ("echoed", "shared", name, *map(id, (*schemas, mine, theirs))),
        lambda: (
            shapes.alike(operation, mine, theirs)
            and not hidden(
                operation, *(each for schema in schemas for each in shapes.declared(operation, schema, name))
            )
        ),
    )


def _values(operation: Operation, schema: Any) -> Any:
    """The schema of the values of a map, `ANYTHING` where nothing is said of them."""
    resolved = operation.resolve(schema)
    found = resolved.get("additionalProperties") if isinstance(resolved, dict) else None
    return found if isinstance(found, dict) else shapes.ANYTHING
