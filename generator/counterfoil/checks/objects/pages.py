"""What one answer of a list tells: its objects, how many there are, whether there are more, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from counterfoil.checks.objects.collections import Key, Part, at
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.lenient import whole_number
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.inference.names import named, plain

_TOTALS = frozenset(named("total totalcount totalitems totalresults totalelements totalrecords totalhits", True))
_TOTAL_HEADERS = ("X-Total-Count", "X-Total", "Total-Count")
CURSORS = frozenset(
    named(
        "nextcursor nextpagetoken nexttoken cursor endcursor nextmarker continuationtoken nextpagecursor next",
        True,
    )
)
_NEXT_LINK = re.compile(r"""<([^<>]*)>(?=\s*;)[^<>,]*;\s*rel\s*=\s*"?next\b""", re.IGNORECASE)
MORE = frozenset({"hasmore", "hasnext", "hasnextpage", "more", "istruncated"})


@dataclass(frozen=True, slots=True)
class Page:
    """The objects that one answer lists, and their keys; `total` is how many it says there are, None if it does not."""

    exchange: Exchange
    items: list[dict[str, Any]]
    keys: list[Key | None]
    total: int | None


@dataclass(slots=True)
class Walk:
    """The pages of a list one after another; `complete` if they end where the list does.

    `repeated` is a page that is the same as the one before, `end` one without objects.
    """

    pages: list[Page] = field(default_factory=list)
    complete: bool = False
    repeated: Page | None = None
    end: Page | None = None

    @property
    def items(self) -> dict[Key, dict[str, Any]]:
        """The objects by their keys."""
        pairs = (pair for page in self.pages for pair in zip(page.keys, page.items, strict=True))
        return {key: found for key, found in pairs if key is not None}

    @property
    def keys(self) -> list[Key | None]:
        """The keys of the objects as they come, as often as they come."""
        return [key for page in self.pages for key in page.keys]

    @property
    def total(self) -> int | None:
        """How many objects there are as the first page tells, None where it does not."""
        first = self.pages[0] if self.pages else self.end
        return first.total if first is not None else None

    @property
    def last(self) -> Exchange | None:
        """The exchange that shows what the list has not; None where nothing was answered."""
        page = self.pages[-1] if self.pages else self.end
        return page.exchange if page is not None else None


def around(part: Part, exchange: Exchange) -> Iterator[tuple[str, Any]]:
    """Everything that the envelope of a list tells, names and values."""
    pointer = part.role.answer or ()
    place = pointer.index(ITEMS) if ITEMS in pointer else len(pointer)
    body = exchange.response.json
    for depth in range(place):
        holder = at(body, pointer[:depth])
        for name, value in holder.items() if isinstance(holder, dict) else ():
            if name == pointer[depth]:
                continue
            yield name, value
            if isinstance(value, dict):
                yield from value.items()


def total_of(part: Part, exchange: Exchange) -> int | None:
    """How many objects the whole list has, None where the answer does not tell."""
    told = [value for name, value in around(part, exchange) if plain(name) in _TOTALS]
    told += [whole_number(exchange.response.header(name)) for name in _TOTAL_HEADERS]
    return next((value for value in told if isinstance(value, int) and not isinstance(value, bool)), None)


def tells_more(part: Part, page: Page) -> bool | None:
    """Whether there are objects behind a page, None where it does not tell."""
    told = (value for name, value in around(part, page.exchange) if plain(name) in MORE)
    return next((value for value in told if isinstance(value, bool)), None)


def cursors(part: Part, page: Page) -> list[Any]:
    """What a page tells of the next one by the usual names, null included, or in a Link header (RFC 8288).

    Empty where it tells nothing.
    """
    told: list[Any] = [value for name, value in around(part, page.exchange) if plain(name) in CURSORS]
    return told + _NEXT_LINK.findall(page.exchange.response.header("link"))
