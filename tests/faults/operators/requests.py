"""Changes of requests on their way in: what a server does to its input before it looks at it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.faults.altering import Change, Message, Serve, places


def change_request(change: Callable[[Message], object]) -> Change:
    """Call `change` with every request."""

    async def altered(request: Message, serve: Serve) -> Message:
        change(request)
        return await serve(request)

    return altered


def input_as(pointer: str, change: Callable[[Any], Any]) -> Change:
    """Take what `change` makes of the input at `pointer`, null excepted, for the input itself."""
    return change_request(
        lambda request: request.edit(pointer, lambda value: value if value is None else change(value))
    )


def texts_as(pointer: str, change: Callable[[str], str]) -> Change:
    """As `input_as` for texts; others stay."""
    return input_as(pointer, lambda value: change(value) if isinstance(value, str) else value)


def accept_invalid(pointer: str, valid: Any, wrong: Callable[[Any], Any] = lambda value: True) -> Change:
    """Where a request is refused, try with `valid` for a value at `pointer` that is such as `wrong` says."""

    async def altered(request: Message, serve: Serve) -> Message:
        again = request.copy()
        found = await serve(request)
        if 400 <= found.status < 500 and any(wrong(value) for _, value in places(again.json, pointer)):
            again.edit(pointer, lambda _: valid)
            retried = await serve(again)
            return retried if retried.succeeded else found
        return found

    return altered


def accept_any_status(*refusals: int, instead: Callable[[Message], object]) -> Change:
    """Where a request is refused with one of `refusals`, change it and try again."""

    async def altered(request: Message, serve: Serve) -> Message:
        again = request.copy()
        found = await serve(request)
        if found.status in refusals:
            instead(again)
            retried = await serve(again)
            return retried if retried.succeeded else found
        return found

    return altered


def query_as(name: str, change: Callable[[str], str | None]) -> Change:
    """Read another value of a query parameter, none of it for None."""

    def apply(request: Message) -> None:
        pairs = [(key, change(value) if key == name else value) for key, value in parse_qsl(request.query)]
        request.query = urlencode([(key, value) for key, value in pairs if value is not None])

    return change_request(apply)


def without_query(name: str) -> Change:
    """Ignore a query parameter."""
    return query_as(name, lambda value: None)
