"""What a file of handlers says: which function answers which operation."""

import difflib
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, overload

from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.stub.call import Call, Reply

FEW = 5  # operations that are all told

OwnHandler = Callable[[Call[Any, Any]], Reply[Any] | Awaitable[Reply[Any]]]
Function = TypeVar("Function", bound=OwnHandler)


@dataclass(frozen=True, slots=True)
class Registered:
    """A function for the operation of a name, and where that was said."""

    operation: str
    function: OwnHandler
    location: Location


class Handlers:
    """Handlers for operations of a stub, which replace the generated ones or wrap them by `Call.next`.

    A handler is a function, plain or `async`, from a call to a reply. It is called once the request has passed all
    checks. Plain ones run in the event loop, where nothing else is answered meanwhile.
    """

    def __init__(self) -> None:
        self._registered: list[Registered] = []

    @overload
    def operation(self, operation_id: str, /) -> Callable[[Function], Function]: ...

    @overload
    def operation(self, method: str, path: str, /) -> Callable[[Function], Function]: ...

    def operation(self, *name: str) -> Callable[[Function], Function]:
        """Decorate the handler of an operation: its method and path template, or its operationId."""
        frame = sys._getframe(1)
        location = Location(Path(frame.f_code.co_filename).as_posix(), frame.f_lineno)

        def decorate(function: Function) -> Function:
            _check(function)
            self._registered.append(Registered(" ".join(name), function, location))
            return function

        return decorate

    def extend(self, others: "Handlers") -> None:
        """Take over the handlers of others."""
        self._registered += others

    def __iter__(self) -> Iterator[Registered]:
        return iter(self._registered)


def operations_of(handlers: Handlers, known: Mapping[str, str]) -> dict[str, Registered]:
    """Method and path template of each operation → its handler; `known` are all names of operations → the same.

    `CounterfoilError` with every name that is not known, and every operation that has two handlers.
    """
    found: dict[str, Registered] = {}
    problems = []
    for each in handlers:
        method, _, path = each.operation.partition(" ")
        name = known.get(each.operation) or known.get(f"{method.upper()} {path}")
        if name is None:
            near = _near(each.operation, known)
            hint = f"did you mean {' or '.join(near)}?" if near else "method and path template as in openapi.json"
            message = f"the contract has no operation {each.operation}"
            problems.append(Diagnostic(each.location, "unknown-operation", message, hint))
        elif name in found:
            message = f"{name} has another handler, at line {found[name].location.line}"
            problems.append(Diagnostic(each.location, "second-handler", message, "keep one of them"))
        else:
            found[name] = each
    if problems:
        raise CounterfoilError(*problems)
    return found


def _near(name: str, known: Mapping[str, str]) -> list[str]:
    """Names of operations that may be meant: those alike, those that contain the name, or all if they are few."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    near = near or [each for each in known if name.rpartition(" ")[2].lower() in each.lower()]
    operations = list(dict.fromkeys(known.values()))
    return near[:3] or (operations if len(operations) <= FEW else [])


def _check(function: Any) -> None:
    """`TypeError` for what cannot be called with a call alone."""
    import inspect

    try:
        inspect.signature(function).bind(None)
    except TypeError as error:
        name = getattr(function, "__name__", repr(function))
        raise TypeError(f"{name} is called with one argument, the call: {error}") from None
