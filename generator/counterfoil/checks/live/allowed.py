"""Which operations may be asked where others use the server."""

import difflib
from collections.abc import Sequence

from counterfoil.checks.live.ledger import Ledger
from counterfoil.checks.objects.collections import anonymous
from counterfoil.checks.operation import Operation
from counterfoil.checks.patterns import matches
from counterfoil.location import CounterfoilError, Diagnostic, Location

NAME = "live"
# Safe by RFC 9110, section 9.2.1, and by the draft of QUERY.
READS = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
_OWN = frozenset({"replace", "change", "remove"})


def chosen(operations: Sequence[Operation], patterns: Sequence[str]) -> list[Operation]:
    """The operations that one of the patterns matches; `CounterfoilError` with each that matches none."""
    problems = []
    for pattern in patterns:
        if not any(matches(pattern, operation) for operation in operations):
            known = [text for each in operations for text in (each.label, each.path, each.operation_id or "")]
            close = difflib.get_close_matches(pattern, known, 1)
            hint = (
                f"did you mean {close[0]}?" if close else "METHOD /path, /path, an operationId or a tag; * is any text"
            )
            message = f"{pattern!r} matches no operation"
            problems.append(Diagnostic(Location("--operation", 0), "operations-no-match", message, hint))
    if problems:
        raise CounterfoilError(*problems)
    return [each for each in operations if any(matches(pattern, each) for pattern in patterns)]


def is_read(operation: Operation, ledger: Ledger) -> bool:
    """Whether an operation changes nothing, by its method and by what it does with objects."""
    part = ledger.part(operation)
    action = part.role.action if part is not None else "answer"
    return action in ("list", "fetch") or (operation.method in READS and action == "answer")


def refusal(operation: Operation, ledger: Ledger) -> str:
    """Why the profile `safe` leaves an operation out, empty where it does not.

    It has reads, operations that make what another one removes, and those that are told the key of such an object.
    """
    if is_read(operation, ledger):
        return ""
    part = ledger.part(operation)
    collection = anonymous(part.role.collection) if part is not None else ""
    if part is None or part.role.action == "answer":
        return "nobody knows what it changes"
    if ledger.remover(collection) is None:
        return "nothing removes what it makes or changes"
    if part.role.action == "create":
        return "" if part.role.identifier else "the answer does not name what it makes"
    return "" if part.role.action in _OWN and part.role.key is not None else "it changes what others use"
