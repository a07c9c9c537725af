"""Servers that mix up one object and another, or the parts of a list."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.faults.altering import Change, Message, Serve
from tests.faults.operators.requests import change_request


def asked_by_default(name: str, value: str) -> Change:
    """Take a query parameter that is left out for this value."""

    def apply(request: Message) -> None:
        pairs = parse_qsl(request.query)
        if all(key != name for key, _ in pairs):
            request.query = urlencode([*pairs, (name, value)])

    return change_request(apply)


def ordered_within_pages(parameter: str, items: str, key: Callable[[Any], Any]) -> Change:
    """Order what a page has, and not what pages are made of, by what a query parameter asks for."""

    async def altered(request: Message, serve: Serve) -> Message:
        pairs = parse_qsl(request.query)
        asked = dict(pairs).get(parameter, "")
        request.query = urlencode([pair for pair in pairs if pair[0] != parameter])
        found = await serve(request)
        if asked:
            falls = asked.startswith("-") or asked.endswith("desc")
            found.edit(items, lambda held: sorted(held, key=key, reverse=falls) if isinstance(held, list) else held)
        return found

    return altered


def mixed_kinds(change: str, entity: str, name: str) -> Change:
    """When a property is changed to a value of another kind, all that the value before had stays in it."""

    async def altered(request: Message, serve: Serve) -> Message:
        kept: dict[Any, dict[str, Any]] = request.memory.setdefault(altered, {})
        before: Any = None
        if request.method == change:
            looked = request.copy()
            looked.method, looked.body = "GET", b""
            looked.headers.pop("content-type", None)
            before = (await serve(looked)).read(f"{entity}/{name}")
        found = await serve(request)
        held = found.read(entity)
        if not found.succeeded or not isinstance(held, dict):
            return found
        if isinstance(before, dict):
            kept[held.get("id")] = before
        extra = kept.get(held.get("id"), {})
        if request.method in (change, "GET"):
            found.edit(f"{entity}/{name}", lambda value: {**extra, **value} if isinstance(value, dict) else value)
        return found

    return altered


def gone_together(create: str, remove: str, entity: str, gone: Callable[[Message], Message]) -> Change:
    """A removal removes all that was made so far: `gone` answers what names any of it afterwards."""

    async def altered(request: Message, serve: Serve) -> Message:
        made: set[str] = request.memory.setdefault((altered, "made"), set())
        lost: set[str] = request.memory.setdefault((altered, "lost"), set())
        asked, label = request.body.decode("utf-8", "replace") + request.path, f"{request.method} {request.path}"
        if label not in (create, remove) and any(each in asked for each in lost):
            return gone(request)
        found = await serve(request)
        if found.succeeded and label == create:
            made.add(str(found.read(f"{entity}/id")))
        elif found.succeeded and label == remove:
            lost.update(made)
        return found

    return altered


def counting_removed(method: str, total: str) -> Change:
    """A total counts what was removed, too."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        if request.method == method and found.succeeded:
            request.memory[altered] = request.memory.get(altered, 0) + 1
        found.edit(total, lambda value: value + request.memory.get(altered, 0))
        return found

    return altered
