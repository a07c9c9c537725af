"""Lists in parts: every object once, as many as asked for, none beyond the end, and what is told of the whole is so."""

from collections.abc import Iterator, Sequence
from typing import Any

from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Key
from counterfoil.checks.objects.lists import MORE, Lister, Page, Walk
from counterfoil.stub.state.inference.names import named, plain

PAGING = "paging"
NAMES = (PAGING,)

_FEWEST = 4  # objects that make several pages
_MOST = 5  # pages of which all are asked for
_BEYOND = 1000
_PAGES = frozenset(named("totalpages pagecount totalpagecount pagestotal lastpage", True))


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Look at some pages of a list, given all of it."""
    if PAGING in lister.operation.switched_off or not _is_sound(acting, lister, whole) or not lister.is_paged:
        return
    if not whole.complete or len(whole.items) < _FEWEST:
        return
    _pages_of(acting, lister, whole)
    _beyond(acting, lister, len(whole.keys))


def _is_sound(acting: Acting, lister: Lister, whole: Walk) -> bool:
    """Whether a list goes on where it says so, and has every object once; others may add and remove some meanwhile."""
    if not acting.conversation.client.target.is_local or not whole.pages:
        return True
    keys, repeated = [key for key in whole.keys if key is not None], whole.repeated
    if repeated is not None and None not in repeated.keys and len(repeated.items) == lister.largest:
        acting.note(repeated.exchange, PAGING, "two pages have the same objects", "others", _shown(repeated.keys))
    elif len(keys) == len(set(keys)):
        return True
    else:
        key = next(key for key in keys if keys.count(key) > 1)
        page = next(page for page in reversed(whole.pages) if key in page.keys)
        acting.note(page.exchange, PAGING, "an object is in the list more than once", f"{key} once", "more than once")
    return False


def _pages_of(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Compare small pages at either end of a list with the same part of the whole."""
    count = len(whole.keys)
    size = _size(lister, count)
    if size is None:
        return
    pages = -(-count // size)
    by_number = "page" in lister.names or "offset" in lister.names
    if not by_number:
        numbers = list(range(min(pages, _MOST)))
        found = lister.walk(size=size, most=len(numbers)).pages
    else:
        numbers = list(range(pages)) if pages <= _MOST else [0, 1, pages - 2, pages - 1]
        answers = [lister.page(_asked(lister, size, number)) for number in numbers]
        found = [page for page in answers if page is not None]
    for page in found:
        if len(page.items) > size:
            summary, got = "a page has more objects than were asked for", str(len(page.items))
            acting.note(page.exchange, PAGING, summary, f"at most {size}", got)
    if not acting.conversation.client.target.is_local:
        return  # others may add and remove objects meanwhile
    if len(found) < min(len(numbers), _MOST):
        last = found[-1] if found and not by_number else None
        name = next((name for name, value in lister.around(last.exchange) if _is_end(name, value)), "") if last else ""
        if last is not None and name and sum(len(page.keys) for page in found) < count:
            summary, expected = f"{name} is not whether others come after a page", "true"
            acting.note(last.exchange, PAGING, summary, expected, "false")
        return
    seen = [key for page in found for key in page.keys]
    wanted = {key for number in numbers for key in whole.keys[number * size : (number + 1) * size]}
    if len(seen) != len(set(seen)):
        key = next(key for key in seen if seen.count(key) > 1)
        summary = "an object is on more than one page"
        acting.note(found[-1].exchange, PAGING, summary, f"{key} once", "more than once")
    elif set(seen) != wanted and pages <= _MOST:
        missing = next(iter(wanted - set(seen)), None)
        summary, expected = "an object is on no page", f"{len(wanted)} objects"
        got = f"{len(seen)}, without {missing}" if missing is not None else f"{len(seen)}"
        acting.note(found[-1].exchange, PAGING, summary, expected, got)
    elif (
        set(seen) != wanted
        and by_number
        and [page.keys for page in found]
        != [again.keys for number in numbers if (again := lister.page(_asked(lister, size, number))) is not None]
    ):
        summary = "the same page has other objects each time"
        acting.note(found[0].exchange, PAGING, summary, _shown(found[0].keys), "others")
    elif set(seen) != wanted:
        summary, got = "small pages have other objects than large ones", f"{len(set(seen) & wanted)} of them"
        acting.note(found[-1].exchange, PAGING, summary, f"{len(wanted)} objects", got)
    else:
        for number, page in zip(numbers, found, strict=False):
            for summary, expected, told in _wrong(lister, page, number, size, count):
                acting.note(page.exchange, PAGING, summary, str(expected), str(told))


def _shown(keys: Sequence[Key | None]) -> str:
    return ", ".join(map(str, keys[:3])) + (", …" if len(keys) > 3 else "")


def _is_end(name: str, value: Any) -> bool:
    return value is False and plain(name) in MORE


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
    wanted = (max(2, -(-count // 3)), 3, 5, 10, 20, 25, 50, 100)
    return next((size for size in wanted if size < count and lister.fits(lister.names["size"], size)), None)


def _asked(lister: Lister, size: int, number: int) -> list[tuple[str, Any]]:
    """What asks for a page, the first one by 0."""
    asked: list[tuple[str, Any]] = [(lister.names["size"], size)] if "size" in lister.names else []
    if "page" in lister.names:
        asked.append((lister.names["page"], lister.first + number))
    elif "offset" in lister.names:
        asked.append((lister.names["offset"], number * size))
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
        acting.note(page.exchange, PAGING, summary, "no objects", got)
