"""Lists in parts: every object once, as many as asked for, none beyond the end, and what is told of the whole is so."""

from collections.abc import Iterator
from typing import Any

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import MORE, Lister, Page, Walk
from counterfoil.stub.state.inference.names import named, plain

PAGING = "paging"
NAMES = (PAGING,)

_FEWEST = 4  # objects that make several pages
_MOST = 8  # pages of a walk
_BEYOND = 1000
_PAGES = frozenset(named("totalpages pagecount totalpagecount pagestotal lastpage", True))


def run(conversation: Conversation) -> None:
    """Walk through the lists of each collection page by page."""
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        lister = acting.lister
        if lister is None or not lister.is_paged or PAGING in lister.operation.switched_off:
            continue
        whole = acting.listed()
        if whole is None or not whole.complete or len(whole.items) < _FEWEST:
            continue
        _walk(acting, lister, whole)
        _beyond(acting, lister, len(whole.keys))


def _walk(acting: Acting, lister: Lister, whole: Walk) -> None:
    count, report = len(set(whole.keys)), acting.report
    size = _size(lister, count)
    if size is None:
        return
    walk = lister.walk(size=size, most=_MOST + 2)
    if not walk.pages:
        return
    for page in walk.pages:
        if len(page.items) > size:
            summary, got = "a page has more objects than were asked for", str(len(page.items))
            report.add(page.exchange, PAGING, summary, f"at most {size}", got)
    if not acting.conversation.client.target.is_local:
        return  # others may add and remove objects meanwhile
    keys, last = walk.keys, walk.pages[-1]
    if len(keys) != len(set(keys)):
        key = next(key for key in keys if keys.count(key) > 1)
        report.add(last.exchange, PAGING, "an object is on more than one page", f"{key} once", "more than once")
    missing = [key for key in whole.keys if key not in set(keys)]
    if missing and walk.complete:
        exchange = walk.pages[0].exchange if len(walk.pages) == 1 else last.exchange
        summary, got = "an object is on no page", f"{len(set(keys))} of {count}, without {missing[0]}"
        report.add(exchange, PAGING, summary, f"{count} objects", got)
    again = lister.page(_asked(lister, size, 0))
    if (
        again is not None
        and again.keys != walk.pages[0].keys
        and sorted(map(str, again.keys)) == sorted(map(str, walk.pages[0].keys))
    ):
        summary = "the same page comes in another order each time"
        report.add(again.exchange, PAGING, summary, str(walk.pages[0].keys), str(again.keys))
    if not missing and len(keys) == count:
        for number, page in enumerate(walk.pages):
            for summary, expected, got in _wrong(lister, page, number, size, count):
                report.add(page.exchange, PAGING, summary, str(expected), str(got))


def _wrong(lister: Lister, page: Page, number: int, size: int, count: int) -> Iterator[tuple[str, Any, Any]]:
    """What a page tells of itself and of the whole that is not so: a summary, what is so, and what is told."""
    names = {name: (kind, value) for kind, name, value in _told_by(lister, size, number)}
    if page.total is not None and page.total != count:
        yield "the total is not the number of objects", count, page.total
    for name, value in lister.around(page.exchange):
        if isinstance(value, bool) and plain(name) in MORE:
            more = number * size + len(page.items) < count
            if value is not more:
                yield f"{name} is not whether others come after a page", more, value
        elif isinstance(value, int) and plain(name) in _PAGES and value not in (wanted := _pages(lister, size, count)):
            yield f"{name} is not the number of pages", " or ".join(map(str, sorted(wanted))), value
        elif isinstance(value, int) and name in names and value != names[name][1]:
            yield f"{name} is not what was asked for", names[name][1], value


def _pages(lister: Lister, size: int, count: int) -> set[int]:
    pages = -(-count // size)
    return {pages, pages - 1} if "page" in lister.names and lister.first == 0 else {pages}


def _told_by(lister: Lister, size: int, number: int) -> Iterator[tuple[str, str, int]]:
    if "size" in lister.names:
        yield "size", lister.names["size"], size
    if "page" in lister.names:
        yield "page", lister.names["page"], lister.first + number
    elif "offset" in lister.names:
        yield "offset", lister.names["offset"], number * size


def _size(lister: Lister, count: int) -> int | None:
    """How many objects to ask for at a time, so that there are a few pages and the last is not full."""
    if "size" not in lister.names:
        return None
    third = max(2, -(-count // 3))
    wanted = (third, third + 1, 100, 50, 25, 20, 10, 5)
    fitting = (size for size in wanted if size < count and count <= _MOST * size)
    return next((size for size in fitting if lister.fits(lister.names["size"], size)), None)


def _asked(lister: Lister, size: int, start: int) -> list[tuple[str, Any]]:
    """What asks for a page, the first one by `start` 0."""
    asked: list[tuple[str, Any]] = [(lister.names["size"], size)] if "size" in lister.names else []
    if "page" in lister.names:
        asked.append((lister.names["page"], lister.first + start))
    elif "offset" in lister.names:
        asked.append((lister.names["offset"], start))
    return asked


def _beyond(acting: Acting, lister: Lister, count: int) -> None:
    kind = next((each for each in ("page", "offset") if each in lister.names), None)
    if kind is None:
        return
    asked = _asked(lister, _size(lister, count) or 1, count + _BEYOND)
    if not all(lister.fits(name, value) for name, value in asked):
        return
    page = lister.page(asked)
    if page is not None and page.items:
        summary, got = "there are objects beyond the end of the list", f"{len(page.items)} objects"
        acting.report.add(page.exchange, PAGING, summary, "no objects", got)
