"""A handler that a person wrote, as the rest of a stub sees it: plain or asynchronous, over the one that it wraps."""

from collections.abc import Awaitable, Callable
from typing import Any

from counterfoil.stub.call import Call, Reply
from counterfoil.stub.handlers.registry import OwnHandler

Handler = Callable[[Call[Any, Any]], Reply[Any]]
CO_COROUTINE = 0x80  # as in `inspect`


class Suspended(BaseException):
    """Raised where an answer has to be awaited, through code that cannot wait; it is made again with the outcome.

    No `Exception`, so that nothing in between takes it for a failure.
    """

    def __init__(self, awaited: Awaitable[Reply[Any]], name: str) -> None:
        super().__init__(name)
        self._awaited, self._name = awaited, name

    async def outcome(self) -> "Resumed":
        """What came of it, as a handler that returns or raises the same."""
        try:
            return Resumed(_reply(await self._awaited, self._name), None)
        except Exception as error:
            return Resumed(None, error)


class Resumed:
    """The handler of a call that has passed all checks before."""

    __slots__ = ("_error", "_reply")

    def __init__(self, reply: Reply[Any] | None, error: Exception | None) -> None:
        self._reply, self._error = reply, error

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Return or raise the outcome."""
        if self._reply is None:
            raise self._error or AssertionError(call)
        return self._reply


class Own:
    """Calls `function`; `inner` is what `Call.next` calls."""

    def __init__(self, function: OwnHandler, inner: Handler) -> None:
        self.__wrapped__ = function
        self.inner = inner
        self._name = getattr(function, "__qualname__", repr(function))

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Answer a call; `Suspended` if the function is asynchronous, `TypeError` if it returns no reply."""
        call.following = self.inner
        found = self.__wrapped__(call)
        if hasattr(found, "__await__"):
            raise Suspended(found, self._name)
        return _reply(found, self._name)


def as_handler(function: OwnHandler) -> Any:
    """A function as the only handler of its operation, over what the contract implies if it is asynchronous."""
    is_plain = not getattr(getattr(function, "__code__", None), "co_flags", 0) & CO_COROUTINE
    return function if is_plain else Own(function, Call.act)


def _reply(found: Any, name: str) -> Reply[Any]:
    if not isinstance(found, Reply):
        raise TypeError(f"the handler {name} returned no Reply but {type(found).__name__}")
    return found
