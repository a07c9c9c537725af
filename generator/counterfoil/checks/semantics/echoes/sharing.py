"""What a request and its answer both tell of one object, as their schemas say."""

from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.operation import Operation
from counterfoil.checks.roles import role_of
from counterfoil.stub.answers.made_values import BEGINNING
from counterfoil.stub.directions import Flag
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.inference.names import words
from counterfoil.stub.state.objects import UPDATED

_BEGUN = frozenset(("created", "inserted", "registered"))
_AROUND = 2  # properties beside an object, such as its type, that do not make it a part of something else
_OUTER = 2  # objects around the one that an answer is about
_ONE_WAY: tuple[Flag, ...] = ("writeOnly", "readOnly")
_PARENT = "parent"  # in names of objects that others are below


class Shared(NamedTuple):
    """The objects of a request and of its answer that are the same, and the properties that both have.

    `offered` and `known` are the schemas of all properties of the two.
    """

    asked: shapes.Path
    told: shapes.Path
    names: tuple[str, ...]
    offered: dict[str, Any]
    known: dict[str, Any]


def shared(operation: Operation, sent: Any, received: Any) -> Shared | None:
    """Where in answers of schema `received` requests of schema `sent` are echoed, None if nowhere.

    It is where the answer has the object that the operation makes or changes. Where that is not told, the object of
    the answer counts that has most properties in common with the request, of equals the outermost; few among many may
    bear the same names by chance.
    """
    answer = role_of(operation).answer
    if answer is not None and ITEMS in answer:
        return None
    best: Shared | None = None
    # Parts of a request may be told anywhere where the place of the object is not told.
    asked_for = shapes.objects(operation, sent) if answer is not None else shapes.objects(operation, sent, deepest=0)
    deepest = _OUTER if answer is None else len(answer)
    for asked, offered in asked_for:
        if not _is_wrapped(operation, sent, asked):
            continue
        for told, known in shapes.objects(operation, received, deepest=deepest):
            if (answer is not None and told != answer) or any(_PARENT in words(step) for step in told):
                continue
            if answer is None and _is_read_only(operation, received, told):
                continue
            names = tuple(
                name
                for name in offered
                if name in known
                and not is_clock(operation, name, known[name])
                and not hidden(operation, offered[name], known[name])
                and shapes.alike(operation, offered[name], known[name])
            )
            is_meant = answer is not None or _is_meant(names, offered, known)
            if names and is_meant and (best is None or len(names) > len(best.names)):
                best = Shared(asked, told, names, offered, known)
    return best


def _is_wrapped(operation: Operation, schema: Any, path: shapes.Path) -> bool:
    """Whether what stands around an object of a request says little itself, so that the object is what it is about."""
    for name in path:
        own = shapes.properties(operation, schema)
        if sum(not shapes.properties(operation, each) for each in own.values()) > _AROUND:
            return False
        schema = own[name]
    return True


def _is_read_only(operation: Operation, schema: Any, path: shapes.Path) -> bool:
    """Whether an object of an answer is, or is within, what only the server says."""
    for name in path:
        schema = shapes.properties(operation, schema)[name]
        if operation.schemas.is_flagged(schema, "readOnly"):
            return True
    return False


def _is_meant(names: tuple[str, ...], offered: dict[str, Any], known: dict[str, Any]) -> bool:
    """Whether an object of an answer has so much in common with a request that this is not by chance."""
    most_said = 2 * len(names) >= len(offered)
    most_told = len(names) > 1 and 2 * len(names) >= len(known)
    return most_said or most_told


def hidden(operation: Operation, *schemas: Any) -> bool:
    """Whether a value of one of these schemas is only written, only read, a password, or a file."""
    for schema in schemas:
        if any(operation.schemas.is_flagged(schema, flag) for flag in _ONE_WAY):
            return True
        for node in (schema, operation.resolve(schema)):
            if isinstance(node, dict) and (node.get("format") in ("password", "binary") or "contentMediaType" in node):
                return True
    return False


def is_clock(operation: Operation, name: str, schema: Any) -> bool:
    """Whether a property tells when an object was made or changed, which servers know themselves."""
    resolved = operation.resolve(schema)
    form = resolved.get("format") if isinstance(resolved, dict) else None
    if form == "date-time" or "integer" in shapes.types(operation, schema):
        return bool(UPDATED.search(name) or BEGINNING.search(name) or _BEGUN & set(words(name)))
    return bool(UPDATED.search(name)) or (form == "date" and not _BEGUN.isdisjoint(words(name)))
