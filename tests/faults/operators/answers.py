"""Changes of answers on their way out."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.faults.altering import DROPPED, Change, Message, Serve


def answer(change: Callable[[Message, Message], None], *, on: str = "2XX") -> Change:
    """Call `change(answer, request)` for answers of a status such as `404`, of a range `2XX`, or of any `*`."""

    async def altered(request: Message, serve: Serve) -> Message:
        asked = request.copy()
        found = await serve(request)
        if on in ("*", str(found.status), f"{found.status // 100}XX"):
            change(found, asked)
        return found

    return altered


def edit(pointer: str, change: Callable[[Any], Any], *, on: str = "2XX") -> Change:
    """Replace what the body of answers has at `pointer` by what `change` makes of it, null excepted."""
    return answer(
        lambda found, _: void(found.edit(pointer, lambda value: value if value is None else change(value))), on=on
    )


def set_response(pointer: str, value: Any, *, on: str = "2XX") -> Change:
    """Answer `value` at `pointer`, where there is something; a function makes it of the request."""
    return answer(
        lambda found, asked: void(found.edit(pointer, lambda _: value(asked) if callable(value) else value)), on=on
    )


def add_response(pointer: str, name: str, value: Any, *, on: str = "2XX") -> Change:
    """Give objects at `pointer` one more property; a function makes its value of the request."""

    def change(found: Message, asked: Message) -> None:
        made = value(asked) if callable(value) else value
        found.edit(pointer, lambda held: {**held, name: made} if isinstance(held, dict) else held)

    return answer(change, on=on)


def drop(pointer: str, *, on: str = "2XX") -> Change:
    """Leave out what is at `pointer`."""
    return set_response(pointer, DROPPED, on=on)


def status(old: int, new: int) -> Change:
    """Answer one status in place of another."""

    def change(found: Message, asked: Message) -> None:
        found.status = new

    return answer(change, on=str(old))


def header(name: str, value: str | None, *, on: str = "*") -> Change:
    """Answer with another value of a header, without it for None."""

    def change(found: Message, asked: Message) -> None:
        found.headers.pop(name, None)
        if value is not None:
            found.headers[name] = value

    return answer(change, on=on)


def text(make: Callable[[str], str], *, on: str = "*") -> Change:
    """Change the text of bodies."""

    def change(found: Message, asked: Message) -> None:
        found.body = make(found.body.decode()).encode()

    return answer(change, on=on)


def replace_answer(new: int, value: Any, content_type: str = "application/json", *, on: str = "*") -> Change:
    """Answer something else altogether."""

    def change(found: Message, asked: Message) -> None:
        made = asked.respond(new, value, content_type)
        found.status, found.headers, found.body = made.status, made.headers, made.body

    return answer(change, on=on)


def delay(seconds: float) -> Change:
    """Answer late."""

    async def altered(request: Message, serve: Serve) -> Message:
        await asyncio.sleep(seconds)
        return await serve(request)

    return altered


def fail(new: int, value: Any, content_type: str = "application/json") -> Change:
    """Answer an error without doing anything."""

    async def altered(request: Message, serve: Serve) -> Message:
        return request.respond(new, value, content_type)

    return altered


def void(_: object) -> None:
    """Nothing, for functions that must return None."""
