"""One request of the ladder, and what the contract says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from counterfoil.checks.cases.variants.change import ABSENT, EMPTY, OF_ANOTHER_KIND, SEVERAL_UNDECLARED, UNDECLARED
from counterfoil.checks.wire.draft import Draft

_ABOUT_OBJECTS = frozenset((UNDECLARED, SEVERAL_UNDECLARED, EMPTY, OF_ANOTHER_KIND))


@dataclass(frozen=True, slots=True)
class Rung:
    """`broken` is what is wrong with the request, empty where it is valid.

    `place` is what was changed, empty for what the changes are made to; `change` says how. `pointer` is that of the
    rule that the change is about. `refusals` are statuses that are right for it beside those for invalid data. Without
    `must` the answer need only keep the contract, whatever it is. `reason` is why it is refused, as in
    `x-counterfoil.refusals`; `path` are the steps to what was changed within the body, or the name of a parameter.
    `within` is where that is: the body, or the place of a parameter, of which `text` is what was sent.
    `by_parser`: what refuses it may be what reads bodies for all operations, with any client error.
    `alone`: nothing else than `keyword` is violated. `parts` make the requests whose changes this one has all together,
    `paths` are the steps to these.
    """

    draft: Draft
    place: str
    change: str
    broken: str
    pointer: str
    refusals: frozenset[int] = frozenset()
    must: bool = True
    reason: str = "invalid"
    path: tuple[str | int, ...] = ()
    by_parser: bool = False
    alone: bool = False
    keyword: str = ""
    within: str = "body"
    text: str | None = None
    parts: tuple[Callable[[], "Rung"], ...] = ()
    paths: tuple[tuple[str | int, ...], ...] = ()

    @property
    def present(self) -> bool:
        """Whether there is a value at the place."""
        return not self.change.endswith(ABSENT)

    @property
    def in_union(self) -> bool:
        """Whether the rule is that of one of several alternatives."""
        return not {"anyOf", "oneOf", "not", "if", "then", "else"}.isdisjoint(self.pointer.split("/"))

    @property
    def wide(self) -> bool:
        """Whether servers may as well say that what holds the place is wrong."""
        return not self.present or self.in_union or self.change in _ABOUT_OBJECTS


@dataclass(frozen=True, slots=True)
class Planned:
    """A rung of which no more is known than its turn is decided by; `make` makes it.

    `rule` is the rule that the change is about: the pointer of it, the place, and the change where each is a rule of
    its own; `kind` is the keyword, or what else tells requests apart. `is_tried`: the change is sent together with
    others, too.
    """

    rule: tuple[str, str, str]
    is_valid: bool
    make: Callable[[], Rung]
    kind: str
    is_tried: bool = False

    @classmethod
    def of(cls, rung: Rung) -> Self:
        """A rung that is made."""
        # What is no data has each time another rule.
        is_data = rung.reason == "invalid"
        rule = rung.pointer, rung.place, "" if is_data else rung.change
        return cls(rule, not rung.broken, lambda: rung, rung.pointer.rpartition("/")[2] if is_data else rung.reason)
