"""What answers tell of objects that were removed: that there is none, or that the object is removed from then on."""

from collections.abc import Iterator
from typing import Any

from counterfoil.checks import stated
from counterfoil.checks.objects.collections import Part, at
from counterfoil.checks.objects.made import Made
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import named, words

_GONE = frozenset({404, 410})
_NOT_THERE = frozenset(map(str, _GONE))
_REMOVED = frozenset(
    named(
        "archived canceled cancelled closed deactivated deleted disabled discarded expired inactive removed retired "
        "revoked terminated trashed void voided",
        True,
    )
)
_THERE = frozenset(named("active alive enabled", True))


def is_not_there(exchange: Exchange) -> bool:
    """Whether a request is refused as one about an object that is not there."""
    status = exchange.response.status
    if status in _GONE:
        return True
    answer = stated.refusal(exchange.operation, "unknown-object")
    return answer.get("status") == status and stated.says(answer, exchange.response)


def tells_none(exchange: Exchange | None, part: Part) -> bool:
    """Whether an accepted request is told null where the object would be, and no other way is declared to tell that."""
    if exchange is None or not exchange.accepted or not part.role.answer or exchange.response.json is NOTHING:
        return False
    is_null = at(exchange.response.json, part.role.answer) is None
    return is_null and _NOT_THERE.isdisjoint(part.operation.responses)


def marks(exchange: Exchange, part: Part, made: Made) -> bool:
    """Whether the answer to a removal is the object itself, with another value than before that means it is removed."""
    return exchange.accepted and bool(marked(exchange, part, made))


def marked(exchange: Exchange, part: Part, made: Made) -> dict[str, Any]:
    """What the answer to a removal says of its object in another way than before and means that it is removed."""
    body = exchange.response.json
    holders = [body, *body.values()] if isinstance(body, dict) else []
    found = next((each for each in holders if isinstance(each, dict) and part.key_of(each) == made.key), None)
    return dict(_marks(found, made.value)) if found is not None else {}


def is_of_removed(value: str) -> bool:
    """Whether a word such as `archived` says of what has it that it is there no more."""
    return not _REMOVED.isdisjoint(words(value))


def _marks(found: dict[str, Any], before: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        told = set(words(name))
        says = isinstance(value, str) and is_of_removed(value)
        is_set = value not in (None, False, "") and not _REMOVED.isdisjoint(told)
        is_unset = value is False and not _THERE.isdisjoint(told)
        if value != before.get(name) and (says or is_set or is_unset):
            yield name, value
