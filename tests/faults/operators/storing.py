"""Servers that forget, mix up or keep what they should not; `entity` is where answers have an object with an `id`."""

from collections.abc import Callable
from typing import Any

from tests.faults.altering import Change, Message, Serve

_NOBODY = "00000000-0000-4000-8000-000000000000"


def stale(entity: str, *names: str) -> Change:
    """Every answer shows an object as it was when it was first answered, or only some of its properties."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)

        def change(held: Any) -> Any:
            if not isinstance(held, dict) or "id" not in held:
                return held
            known = found.memory.setdefault(altered, {}).setdefault(held["id"], dict(held))
            return {**held, **{name: known[name] for name in names if name in known}} if names else dict(known)

        if found.succeeded:
            for pointer in entity.split(" "):
                found.edit(pointer, change)
        return found

    return altered


def forget_after_create(create: str, entity: str, every: int, lost: Callable[[Message], Message]) -> Change:
    """What every so manieth create made cannot be found: `lost` answers what names its id or has it."""

    async def altered(request: Message, serve: Serve) -> Message:
        gone: list[str] = request.memory.setdefault(altered, [])
        asked = request.body.decode("utf-8", "replace") + request.path
        if any(each in asked for each in gone):
            return lost(request)
        found = await serve(request)
        if found.succeeded and f"{request.method} {request.path}" == create:
            count = request.memory["created"] = request.memory.get("created", 0) + 1
            if count % every == 0:
                gone.append(str(found.read(f"{entity}/id")))
        return found

    return altered


async def _shown(request: Message, serve: Serve) -> Message:
    """What GET answers at the path of a request."""
    looked = request.copy()
    looked.method, looked.body = "GET", b""
    looked.headers.pop("content-type", None)
    return await serve(looked)


def pretend(status: int, value: Any = None) -> Change:
    """Answer as if all was done, for objects that exist only if they do; nothing is done."""

    async def altered(request: Message, serve: Serve) -> Message:
        seen = await _shown(request, serve)
        if seen.status == 404:
            return await serve(request)
        return (
            Message(request.method, request.path, "", {}, b"", status)
            if value is None
            else request.respond(status, value)
        )

    return altered


def told_before(path: str) -> Change:
    """Answer what was told at another path just before."""

    async def altered(request: Message, serve: Serve) -> Message:
        asked = request.copy()
        asked.path = path
        before = await serve(asked)
        found = await serve(request)
        return before if found.succeeded and before.succeeded else found

    return altered


def put_back(entity: str, *names: str) -> Change:
    """Change nothing, and answer as if; what is read afterwards is as before."""

    async def altered(request: Message, serve: Serve) -> Message:
        before = await _shown(request, serve)
        found = await serve(request)
        if found.succeeded and before.succeeded:
            again = request.copy()
            sent = again.json
            held = before.read(entity)
            if isinstance(sent, dict) and isinstance(held, dict):
                again.json = {name: held.get(name) for name in sent}
                await serve(again)
        return found

    return altered


def answered_before(entity: str) -> Change:
    """Answer the object as it was before the change."""

    async def altered(request: Message, serve: Serve) -> Message:
        before = await _shown(request, serve)
        found = await serve(request)
        if found.succeeded and before.succeeded:
            held = before.read(entity)
            found.edit(entity, lambda _: held)
        return found

    return altered


def also(pointer: str, value: Any) -> Change:
    """Take the request for one that says something more."""

    async def altered(request: Message, serve: Serve) -> Message:
        body = request.json
        if isinstance(body, dict) and pointer not in body:
            request.json = {**body, pointer: value}
        return await serve(request)

    return altered


def last_one(entity: str) -> Change:
    """Answer the object that was made or read last."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        known = request.memory.get(altered)
        if found.succeeded and found.read(entity) is not None:
            request.memory[altered] = found.read(entity)
            if known is not None and request.method == "GET":
                found.edit(entity, lambda _: known)
                request.memory[altered] = known
        return found

    return altered


def short_lived(most: int) -> Change:
    """Whatever a path names is there for so many requests only."""

    async def altered(request: Message, serve: Serve) -> Message:
        asked: dict[str, int] = request.memory.setdefault(altered, {})
        path = request.path
        asked[path] = asked.get(path, 0) + 1
        if asked[path] > most:
            request.path = f"{path.rpartition('/')[0]}/{_NOBODY}"
        return await serve(request)

    return altered
