"""The ladders of all operations, climbed by turns."""

from collections.abc import Iterator
from itertools import islice

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import judge, refusals
from counterfoil.checks.ladder.climb import BROKEN_AGAIN, REFUSED, Climb
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance

NAMES = (*conformance.NAMES, *refusals.NAMES, judge.ACCEPTS, judge.REFUSES, judge.MAPPING)

_AT_ONCE = 8  # requests to one operation, before it is another one's turn
_TOGETHER_AT_ONCE = 2
_AHEAD = 3  # requests with many changes to each operation that makes objects, before any to others
# What requests an operation gets at most, where nobody says: fewer where many share them.
_HIGHEST = 2_000
_SHARED = 50_000
_LEAST = 40
_LIFE = {"create": 0, "change": 2, "replace": 2, "remove": 3}
_BETWEEN = 1  # what shows objects, between making and changing them


class Ladder:
    """The ladders of all operations of a conversation, up which it goes step by step."""

    def __init__(self, conversation: Conversation, highest: int | None) -> None:
        """`highest` is how many requests each operation gets at most; by their number, if None."""
        operations = sorted(conversation.operations, key=lambda each: _LIFE.get(role_of(each).action, _BETWEEN))
        if highest is None:
            highest = min(_HIGHEST, max(_LEAST, _SHARED // max(len(operations), 1)))
        makers = [each for each in operations if role_of(each).action == "create"]
        self._climbs = [Climb(each, conversation, highest, leads=each in makers or not makers) for each in operations]
        self._leading = [climb for climb in self._climbs if climb.leads]
        self._varied = [climb.varied() for climb in self._leading]

    def make(self) -> None:
        """Send valid requests to what makes objects, and the first ones with many changes, which show most."""
        for climb in self._leading:
            climb.begin()
        _by_turns([islice(each, _AHEAD) for each in self._varied], _TOGETHER_AT_ONCE)

    def begin(self) -> None:
        """Send valid requests to every other operation, along the life of objects."""
        for climb in self._climbs:
            if not climb.leads:
                climb.begin()

    def vary(self) -> None:
        """Send further changed requests to what makes objects: others mostly take the same values."""
        _by_turns(self._varied, _TOGETHER_AT_ONCE)

    def refuse(self) -> None:
        """Send a few requests to each other operation that it has to refuse, and for another reason each."""
        _by_turns([climb.refused() for climb in self._climbs if not climb.leads], REFUSED)

    def follow(self) -> None:
        """Send the first requests with many changes to each other operation."""
        _by_turns([climb.followed() for climb in self._climbs if not climb.leads], _TOGETHER_AT_ONCE)

    def break_together(self) -> None:
        """Send to what makes objects more requests with many changes at once that are refused."""
        _by_turns([climb.broken_together(BROKEN_AGAIN) for climb in self._leading], _TOGETHER_AT_ONCE)

    def climb(self, most: int | None = None) -> None:
        """Send all other requests, some to each operation in turn, up to `most` to each."""
        _by_turns([islice(climb.others(), most) for climb in self._climbs], _AT_ONCE)

    def climbed(self) -> frozenset[str]:
        """The labels of the operations that all their requests were sent to."""
        return frozenset(climb.label for climb in self._climbs if climb.is_climbed)


def _by_turns(steps: list[Iterator[None]], at_once: int) -> None:
    while steps:
        steps = [each for each in steps if sum(1 for _ in islice(each, at_once)) == at_once]
