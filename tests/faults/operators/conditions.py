"""When a change takes place: at an operation, for some values, after some time, now and then."""

import re
from collections.abc import Callable
from typing import Any

from tests.faults.altering import Change, Message, Serve, unchanged


def at(operation: str, *changes: Change) -> Change:
    """At an operation only, such as `GET /orders/{id}`; `*` as the method stands for every one."""
    method, _, template = operation.partition(" ")
    methods = {"GET": ("GET", "HEAD"), "*": None}.get(method, (method,))
    matches = re.compile(re.sub(r"\\{.*?\\}", "[^/]+", re.escape(template))).fullmatch
    change = both(*changes)

    async def altered(request: Message, serve: Serve) -> Message:
        here = (methods is None or request.method in methods) and matches(request.path)
        return await (change if here else unchanged)(request, serve)

    return altered


def both(*changes: Change) -> Change:
    """Several changes, the first one outermost."""
    if len(changes) == 1:
        return changes[0]
    outer, inner = changes[0], both(*changes[1:])

    async def altered(request: Message, serve: Serve) -> Message:
        async def inside(message: Message) -> Message:
            return await inner(message, serve)

        return await outer(request, inside)

    return altered


def when(pointer: str, test: Callable[[Any], Any], *changes: Change) -> Change:
    """Where the value at `pointer` of the request's body is such as `test` says."""
    change = both(*changes)

    async def altered(request: Message, serve: Serve) -> Message:
        value = request.read(pointer)
        return await (change if value is not None and test(value) else unchanged)(request, serve)

    return altered


def when_asked(test: Callable[[Message], Any], *changes: Change) -> Change:
    """For requests such as `test` says."""
    change = both(*changes)

    async def altered(request: Message, serve: Serve) -> Message:
        return await (change if test(request) else unchanged)(request, serve)

    return altered


def every_nth(number: int, *changes: Change) -> Change:
    """For every so manieth request that reaches it."""
    change = both(*changes)

    async def altered(request: Message, serve: Serve) -> Message:
        count = request.memory[altered] = request.memory.get(altered, 0) + 1
        return await (change if count % number == 0 else unchanged)(request, serve)

    return altered


def after(number: int, *changes: Change) -> Change:
    """From the so manieth success on."""
    change = both(*changes)

    async def altered(request: Message, serve: Serve) -> Message:
        count = request.memory.get(altered, 0)
        answer = await (change if count >= number else unchanged)(request, serve)
        request.memory[altered] = count + answer.succeeded
        return answer

    return altered
