"""Changes of JSON values: merge patches (RFC 7396) and JSON Patch (RFC 6902)."""

import copy
from typing import Any

from counterfoil import pointer as json_pointer


class PatchError(Exception):
    """A patch cannot be applied; its text tells why."""


def merge(target: Any, changes: Any) -> Any:
    """`target` with `changes` merged into it, as RFC 7396 section 2 says; neither is altered."""
    if not isinstance(changes, dict):
        return changes
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def patch(target: Any, operations: Any) -> Any:
    """`target` after the operations of a JSON Patch, all of them or, with `PatchError`, none; it is not altered."""
    if not isinstance(operations, list):
        raise PatchError("a JSON Patch is a list of operations")
    result = copy.deepcopy(target)
    for number, operation in enumerate(operations):
        try:
            result = _apply(result, operation)
        except (LookupError, TypeError, ValueError) as error:
            raise PatchError(f"operation {number} cannot be applied: {error}") from None
    return result


def _apply(target: Any, operation: Any) -> Any:
    kind, path = operation["op"], json_pointer.split(operation["path"])
    match kind:
        case "add":
            return _added(target, path, copy.deepcopy(operation["value"]))
        case "remove":
            return _removed(target, path)[0]
        case "replace":
            return (
                _added(_removed(target, path)[0], path, copy.deepcopy(operation["value"]))
                if path
                else operation["value"]
            )
        case "move":
            source = json_pointer.split(operation["from"])
            if path[: len(source)] == source and path != source:
                raise ValueError("a value cannot be moved into itself")
            target, moved = _removed(target, source)
            return _added(target, path, moved)
        case "copy":
            return _added(target, path, copy.deepcopy(json_pointer.resolve(target, operation["from"])))
        case "test":
            if not _equal(json_pointer.resolve(target, operation["path"]), operation["value"]):
                raise ValueError(f"the value at {operation['path']} is another one")
            return target
    raise ValueError(f"there is no operation {kind!r}")


def _added(target: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    holder = json_pointer.resolve(target, json_pointer.join("", *path[:-1]))
    if isinstance(holder, list):
        index = len(holder) if path[-1] == "-" else _index(path[-1])
        if index > len(holder):
            raise LookupError(path[-1])
        holder.insert(index, value)
    elif isinstance(holder, dict):
        holder[path[-1]] = value
    else:
        raise LookupError(path[-1])  # noqa: TRY004 - of what was sent, not of a program
    return target


def _removed(target: Any, path: list[str]) -> tuple[Any, Any]:
    if not path:
        return None, target
    holder = json_pointer.resolve(target, json_pointer.join("", *path[:-1]))
    if isinstance(holder, list):
        return target, holder.pop(_index(path[-1]))
    if isinstance(holder, dict):
        return target, holder.pop(path[-1])
    raise LookupError(path[-1])


def _index(token: str) -> int:
    if not token.isdecimal() or (len(token) > 1 and token.startswith("0")):
        raise ValueError(f"{token!r} is no index")
    return int(token)


def _equal(one: Any, other: Any) -> bool:
    """Whether JSON values are equal, where true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(value, other[name]) for name, value in one.items())
    return bool(one == other)
