"""Lists in parts: every object once, as many as asked for, none beyond the end, and what is told of the whole is so."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs

from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Key
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.pages import MORE, Page, Walk, around, cursors
from counterfoil.checks.wire.lenient import url_parts, whole_number
from counterfoil.stub.state.inference.names import named, plain

PAGING = "paging"
NAMES = (PAGING,)

_FEWEST = 4  # objects that make several pages
_MOST = 5  # pages of which all are asked for
_BEYOND = 1000
_PAGES = frozenset(named("totalpages pagecount totalpagecount pagestotal lastpage", True))
_NEXT = frozenset(named("next nextpage nextoffset nextpagenumber nextlink nextpageurl nexturl", True))


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Look at some pages of a list, given all of it."""
    if PAGING in lister.operation.switched_off or not _is_sound(acting, lister, whole) or not lister.is_paged:
        return
    if not whole.complete or len(whole.items) < _FEWEST:
        return
    count = len(whole.keys)
    size, given = lister.small(count), len(whole.pages[0].items)
    if size is not None and size > given and not lister.allows(size):
        size = given  # a server may give less than was asked for, and count pages by either
    if size is not None and lister.names.keys() & {"page", "offset"}:
        _pages_of(acting, lister, whole, size)
    elif size is not None:
        for each in dict.fromkeys((size, _all_but_one(lister, count))):
            if each is not None:
                _follow(acting, lister, whole, each)
    _full(acting, lister, count)
    _beyond(acting, lister, count)


def _is_sound(acting: Acting, lister: Lister, whole: Walk) -> bool:
    """Whether a list goes on where it says so, and has every object once; others may add and remove some meanwhile."""
    if not acting.conversation.client.target.is_local or not whole.pages:
        return True
    keys, first = [key for key in whole.keys if key is not None], whole.pages[0]
    if _repeats(acting, whole, lister.largest):
        return False
    if len(keys) != len(set(keys)):
        key = next(key for key in keys if keys.count(key) > 1)
        page = next(page for page in reversed(whole.pages) if key in page.keys)
        acting.note(page.exchange, PAGING, "an object is in the list more than once", f"{key} once", "more than once")
        return False
    size, total = lister.largest, first.total if lister.names.keys() & {"page", "offset"} else None
    if size is not None and total is not None and lister.allows(size) and len(first.items) < min(size, total):
        summary, expected = "a page has fewer objects than were asked for", f"{min(size, total)} of {total}"
        acting.note(first.exchange, PAGING, summary, expected, str(len(first.items)))
    return True


def _repeats(acting: Acting, walk: Walk, size: int | None) -> bool:
    """Whether a full page comes twice."""
    repeated = walk.repeated
    if repeated is None or None in repeated.keys or len(repeated.items) != size:
        return False
    acting.note(repeated.exchange, PAGING, "two pages have the same objects", "others", _shown(repeated.keys))
    return True


def _follow(acting: Acting, lister: Lister, whole: Walk, size: int) -> None:
    """Follow small pages from one to the next, and compare what they have with the whole."""
    count = len(whole.keys)
    pages = -(-count // size)
    most = min(pages, _MOST) + 1
    walk = lister.walk(size=size, most=most)
    if _is_too_large(acting, walk.pages, size) or not acting.conversation.client.target.is_local or not walk.pages:
        return
    if _repeats(acting, walk, size) or _is_twice(acting, walk.pages):
        return
    seen, last = walk.keys, walk.pages[-1]
    is_cut = not walk.complete and len(walk.pages) >= most
    # Pages may be short as long as they tell of a next one, so that this may be far from the end.
    end = whole.keys.index(seen[-1]) if is_cut and seen[-1] in whole.keys else 0 if is_cut else count
    missing = [key for key in whole.keys[:end] if key not in seen]
    if not missing:
        if all(len(page.items) == size for page in walk.pages[:-1]):
            _compare_told(acting, lister, list(enumerate(walk.pages)), size, count)
    elif is_cut and seen != [key for key in whole.keys if key in seen]:
        return  # in another order
    elif len(last.items) == size and walk.end is None:
        name = next((name for name, value in around(lister.part, last.exchange) if _is_end(name, value)), "")
        told = cursors(lister.part, last)
        if not name and (not told or any(told)):
            return  # the contract does not say how the list goes on, or not what asks for it
        summary, got = f"{name} is not whether others come after a page", "false"
        if not name:
            summary, got = "the list ends where others come after a page", f"{len(seen)} objects"
        acting.note(last.exchange, PAGING, summary, "true" if name else f"{count} objects", got)
    else:
        _is_missing(acting, walk.pages, missing, count)


def _pages_of(acting: Acting, lister: Lister, whole: Walk, size: int) -> None:
    """Compare small pages at either end of a list with the same part of the whole."""
    count = len(whole.keys)
    pages = -(-count // size)
    numbers = list(range(pages)) if pages <= _MOST else [0, 1, pages - 2, pages - 1]
    answers = [lister.page(_asked(lister, size, number)) for number in numbers]
    found = [page for page in answers if page is not None]
    # Others may add and remove objects of a server elsewhere meanwhile.
    if _is_too_large(acting, found, size) or not acting.conversation.client.target.is_local:
        return
    if len(found) < len(numbers) or _is_twice(acting, found):
        return
    seen = {key for page in found for key in page.keys}
    wanted = {key for number in numbers for key in whole.keys[number * size : (number + 1) * size]}
    if seen == wanted:
        _compare_told(acting, lister, list(zip(numbers, found, strict=True)), size, count)
    elif pages <= _MOST:
        _is_missing(acting, found, [key for key in whole.keys if key in wanted - seen], count)
    else:
        again = [lister.page(_asked(lister, size, number)) for number in numbers]
        others = next(
            (other for one, other in zip(found, again, strict=True) if other is not None and other.keys != one.keys),
            None,
        )
        if others is not None:
            one = found[again.index(others)]
            summary = "the same page has other objects each time"
            acting.note(others.exchange, PAGING, summary, _shown(one.keys), _shown(others.keys))
        else:
            summary, got = "small pages have other objects than large ones", f"{len(seen & wanted)} of them"
            acting.note(found[-1].exchange, PAGING, summary, f"{len(wanted)} objects", got)


def _is_too_large(acting: Acting, pages: Sequence[Page], size: int) -> bool:
    large = next((page for page in pages if len(page.items) > size), None)
    if large is not None:
        summary, got = "a page has more objects than were asked for", str(len(large.items))
        acting.note(large.exchange, PAGING, summary, f"at most {size}", got)
    return large is not None


def _is_twice(acting: Acting, pages: Sequence[Page]) -> bool:
    seen: set[Key | None] = set()
    for page in pages:
        twice = next((key for number, key in enumerate(page.keys) if key in seen or key in page.keys[:number]), None)
        if twice is not None:
            acting.note(page.exchange, PAGING, "an object is on more than one page", f"{twice} once", "more than once")
            return True
        seen.update(page.keys)
    return False


def _is_missing(acting: Acting, pages: Sequence[Page], missing: Sequence[Key | None], count: int) -> None:
    has = sum(len(page.keys) for page in pages)
    got = f"{has}, without {missing[0]}" if missing else f"{has}"
    acting.note(pages[-1].exchange, PAGING, "an object is on no page", f"{count} objects", got)


def _compare_told(acting: Acting, lister: Lister, numbered: Sequence[tuple[int, Page]], size: int, count: int) -> None:
    for number, page in numbered:
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
    for name, value in around(lister.part, page.exchange):
        if isinstance(value, bool) and plain(name) in MORE:
            more = number * size + len(page.items) < count
            if value is not more:
                yield f"{name} is not whether others come after a page", more, value
        elif (
            isinstance(value, int)
            and plain(name) in _PAGES
            and value not in (wanted := _pages(lister, name, size, count))
        ):
            yield f"{name} is not the number of pages", " or ".join(map(str, sorted(wanted))), value
        elif plain(name) in _NEXT and number * size + len(page.items) < count:
            yield from _wrong_next(lister, name, value, number, size)
        elif isinstance(value, int) and name in names and value != names[name][1]:
            yield f"{name} is not what was asked for", names[name][1], value


def _wrong_next(lister: Lister, name: str, value: Any, number: int, size: int) -> Iterator[tuple[str, Any, Any]]:
    """What a page tells of the next one, of which there is one, that is not so: a number, or a link that has it."""
    kind = next((each for each in ("page", "offset") if each in lister.names), None)
    if kind is None or "after" in lister.names:
        return
    wanted = lister.first + number + 1 if kind == "page" else (number + 1) * size
    told = value
    if isinstance(value, str):
        text = parse_qs(url_parts(value).query).get(lister.names[kind], [""])[0]
        known = whole_number(text)
        told = text if known is None else known
    if value is None or (isinstance(told, int) and not isinstance(told, bool) and told != wanted):
        yield f"{name} is not that of the page after this one", wanted, told


def _pages(lister: Lister, name: str, size: int, count: int) -> set[int]:
    pages = -(-count // size)
    # The last one of pages that are counted from 0 has a number that is one less.
    is_number = plain(name) == "lastpage" and "page" in lister.names and lister.first == 0
    return {pages, pages - 1} if is_number else {pages}


def _told_by(lister: Lister, size: int, number: int) -> Iterator[tuple[str, str, int]]:
    if "size" in lister.names:
        yield "size", lister.names["size"], size
    if "page" in lister.names:
        yield "page", lister.names["page"], lister.first + number
    elif "offset" in lister.names:
        yield "offset", lister.names["offset"], number * size


def _asked(lister: Lister, size: int, number: int) -> list[tuple[str, Any]]:
    """What asks for a page, the first one by 0."""
    asked: list[tuple[str, Any]] = [(lister.names["size"], size)] if "size" in lister.names else []
    if "page" in lister.names:
        asked.append((lister.names["page"], lister.first + number))
    elif "offset" in lister.names:
        asked.append((lister.names["offset"], number * size))
    return asked


def _all_but_one(lister: Lister, count: int) -> int | None:
    """How many of `count` objects to ask for at a time, so that the last page has one; None where that takes many."""
    fitting = (size for size in _parts_of(count - 1) if lister.fits(lister.names["size"], size))
    size = next(fitting, None)
    return size if size is not None and (count - 1) // size < _MOST else None


def _parts_of(count: int) -> Iterator[int]:
    return (size for size in range(count, 1, -1) if count % size == 0)


def _full(acting: Acting, lister: Lister, count: int) -> None:
    """Ask for pages that are full: of one object, one that ends where the list does, and one after which one comes."""
    if "size" not in lister.names or not acting.conversation.client.target.is_local:
        return
    name, by_number = lister.names["size"], not lister.names.keys().isdisjoint({"page", "offset"})
    whole = next((size for size in _parts_of(count) if lister.fits(name, size)), None)
    others = _all_but_one(lister, count) if by_number else None
    places = [(1, 0), *([(whole, count // whole - 1 if by_number else 0)] if whole else [])]
    places += [(others, (count - 1) // others - 1)] if others else []
    for size, number in places:
        page = lister.page(_asked(lister, size, number)) if lister.fits(name, size) else None
        if page is None or _is_too_large(acting, [page], size):
            continue
        if not page.items:
            acting.note(page.exchange, PAGING, "a page has fewer objects than were asked for", str(size), "none")
        elif len(page.items) == size:
            _compare_told(acting, lister, [(number, page)], size, count)


def _beyond(acting: Acting, lister: Lister, count: int) -> None:
    kind = next((each for each in ("page", "offset") if each in lister.names), None)
    if kind is None:
        return
    asked = _asked(lister, lister.small(count) or 1, count + _BEYOND)
    if not all(lister.fits(name, value) for name, value in asked):
        return
    page = lister.page(asked)
    if page is not None and page.items:
        summary, got = "there are objects beyond the end of the list", f"{len(page.items)} objects"
        acting.note(page.exchange, PAGING, summary, "no objects", got)
