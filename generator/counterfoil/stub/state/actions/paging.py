"""Which part of a list an answer has, and what its envelope tells of the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import ITEMS, Pointer, at, objects, resolved
from counterfoil.stub.state.asking import Asked, Asking
from counterfoil.stub.state.inference.names import named, plain

MOST = 1000  # objects of a page where a list knows pages, and neither the call nor the contract tells their size
ABSENT = object()


@dataclass(slots=True)
class Page:
    """A part of a list of `total` objects, from `start` on; `keys` are those of its objects.

    `is_before` says that it was asked for as what comes before an object.
    """

    items: list[Any]
    total: int
    start: int
    size: int
    number: int
    first: int
    keys: Sequence[str]
    is_before: bool = False

    @property
    def has_more(self) -> bool:
        """Whether others follow in the direction that was asked for."""
        return self.start > 0 if self.is_before else self.has_next

    @property
    def has_next(self) -> bool:
        """Whether others come after it."""
        return self.start + len(self.items) < self.total

    @property
    def last_key(self) -> str | None:
        """The key of the last object, if others come after it."""
        return self.keys[-1] if self.has_next and self.keys else None


class Paging:
    """Cuts lists into pages as the parameters of an operation ask."""

    def __init__(self, asking: Asking, key_of: Callable[[Any], str], *, from_zero: bool = False) -> None:
        """`from_zero`: the first page is 0, where the contract says nothing else of the parameter."""
        self._schemas, self._key_of = asking.schemas, key_of
        schema = asking.schemas.get("page", {})
        stated = schema.get("default", schema.get("minimum", 0 if from_zero else 1))
        self._first = stated if stated in (0, 1) else 1
        self._knows_pages = bool(asking.schemas.keys() & {"page", "size", "offset", "after"})

    def __call__(self, asked: Asked, items: list[Any]) -> Page:
        """The page of `items` that a call asks for; all of them where it asks for none."""
        size = _whole(asked.parts.get("size"))
        if size is None:
            size = _whole(self._schemas.get("size", {}).get("maximum")) if "size" in self._schemas else None
            size = size or (MOST if self._knows_pages else max(len(items), 1))
        number = _whole(asked.parts.get("page"))
        start = _whole(asked.parts.get("offset")) or 0
        if number is not None and "offset" not in asked.parts:
            start = max(number - self._first, 0) * size
        chosen, is_before = items, False
        for part in ("after", "before"):
            key = asked.parts.get(part)
            places = [place for place, each in enumerate(items) if self._key_of(each) == str(key)] if key else []
            if places and part == "after":
                start = places[0] + 1
            elif places:
                start = max(places[0] - size, 0)
                chosen, is_before = items[: places[0]], True
        shown = chosen[start : start + size] if size else []
        if number is None:
            number = self._first + (start // size if size else 0)
        keys = [self._key_of(each) for each in shown]
        return Page(shown, len(items), start, size, number, self._first, keys, is_before)


class Envelope:
    """Puts what a page tells into the fields of an envelope that have a name for it."""

    def __init__(self, contract: ContractTree, schema: Node, around: Pointer, asking: Asking) -> None:
        """`schema` is that of the body, `around` the place of the list in it."""
        self._asking = asking
        # Links are for those to follow who have credentials of their own.
        schemes = [contract.follow(each)[0] for each in contract.at("components", "securitySchemes")[0].values()]
        self._credentials = {str(each.get("name")) for each in schemes if each.get("in") == "query"}
        self._fields: list[tuple[Pointer, str, Callable[[Page, Call[Any, Any]], Any]]] = []
        for path, node in objects(contract, schema):
            if ITEMS in path or path[: len(around)] == around or len(path) > 3:
                continue
            properties = contract.properties(node)
            names = {plain(name) for name in properties}
            for name, each in properties.items():
                if (*path, name) == around[: len(path) + 1]:
                    continue
                field = at(contract, each, ())
                make = self._maker(plain(name), contract.types(field), resolved(contract, each), names, path)
                if make is not None:
                    self._fields.append(
                        (path, name, _nullable(make, contract.types(each), name in contract.required(node)))
                    )

    def fill(self, body: Any, page: Page, call: Call[Any, Any]) -> None:
        """Set the fields of a body."""
        for path, name, make in self._fields:
            holder = body
            for each in path:
                holder = holder.get(each) if isinstance(holder, dict) else None
            if isinstance(holder, dict):
                value = make(page, call)
                if value is ABSENT:
                    holder.pop(name, None)
                else:
                    holder[name] = value

    def link(self, page: Page, call: Call[Any, Any], rel: str) -> str | None:
        """The URL of another page, None if there is none."""
        names = self._asking.names
        change: dict[str, Any] = {}
        steps = {"next": 1, "prev": -1, "previous": -1}
        if rel in steps and "after" in names and rel == "next" and "page" not in names and "offset" not in names:
            change[names["after"]] = page.last_key
        elif rel == "next" and self._asking.own_cursor:
            change[self._asking.own_cursor] = page.last_key
        elif "page" in names:
            last = page.first + max(-(-page.total // page.size) - 1, 0) if page.size else page.first
            number = {"first": page.first, "last": last}.get(rel, page.number + steps.get(rel, 0))
            if not page.first <= number <= max(last, page.number):
                return None
            change[names["page"]] = number
        elif "offset" in names:
            last = max(page.total - 1, 0) // page.size * page.size if page.size else 0
            start = {"first": 0, "last": last}.get(rel, page.start + steps.get(rel, 0) * page.size)
            if rel in ("prev", "previous") and page.start > 0:
                start = max(start, 0)
            change[names["offset"]] = start
            if start < 0:
                return None
        elif rel != "self":
            return None
        if rel == "next" and not page.has_next:
            return None
        sent = parse_qsl(call.query_string.decode("latin-1"), keep_blank_values=True)
        query = {name: value for name, value in sent if name not in self._credentials} | change
        host = (call.header(b"host") or b"localhost").decode("latin-1")
        return f"http://{host}{call.path}" + (f"?{urlencode(query)}" if query else "")

    def _maker(
        self, name: str, types: set[str], schema: Node, names: set[str], path: Pointer
    ) -> Callable[[Page, Call[Any, Any]], Any] | None:
        if name in _LINKS and ("string" in types or "object" in types) and self._is_link(schema, path):
            rel = _LINKS[name]
            if "object" in types and "string" not in types:
                return lambda page, call: {"href": url} if (url := self.link(page, call, rel)) else None
            return lambda page, call: self.link(page, call, rel)
        if name in _CURSORS and "string" in types:
            return lambda page, _: page.last_key
        if name in ("startcursor", "firstcursor") and "string" in types:
            return lambda page, _: next(iter(page.keys), None)
        if types & {"integer", "number"}:
            if name == "count":
                told = names & {"total", "totalcount", "totalitems", "totalresults"}
                return (lambda page, _: len(page.items)) if told else (lambda page, _: page.total)
            return _NUMBERS.get(name)
        if "boolean" in types:
            return _FLAGS.get(name)
        return None

    def _is_link(self, schema: Node, path: Pointer) -> bool:
        shown = schema.get("example", next(iter(schema.get("examples") or ()), ""))
        stated = str(schema.get("format")).startswith("uri") or str(shown).startswith(("http", "/"))
        return (
            stated
            or "href" in (schema.get("properties") or {})
            or (bool(path) and path[-1].lower().strip("_") == "links")
        )


_LINKS = {"self": "self", "first": "first", "last": "last", "next": "next", "prev": "prev", "previous": "prev"} | {
    f"{name}{end}": name
    for name in ("next", "prev", "first", "last")
    for end in ("url", "link", "page", "pageurl", "uri")
}
_CURSORS = frozenset(
    named(
        "nextcursor next nextpagetoken nexttoken cursor endcursor after nextpage nextpagecursor continuationtoken "
        "nextmarker startingafter",
        True,
    )
)


def _pages(page: Page) -> int:
    return -(-page.total // page.size) if page.size else 0


def _next_number(page: Page) -> Any:
    return page.number + 1 if page.has_next else None


_Number = Callable[[Page, Call[Any, Any]], Any]
_NUMBERS: Mapping[str, _Number] = {
    **named(
        "total totalcount totalitems totalresults totalelements totalrecords totalsize "
        "recordcount totalnumberofresults totalentries resultcount itemcount resultscount "
        "totalhits",
        lambda page, _: page.total,
    ),
    **named("perpage limit pagesize itemsperpage size pagelimit maxresults", lambda page, _: page.size),
    **named("page currentpage pagenumber number pageindex", lambda page, _: page.number),
    **named("offset skip start startindex", lambda page, _: page.start),
    **named("totalpages pages pagecount totalpagecount pagestotal", lambda page, _: _pages(page)),
    **named("lastpage", lambda page, _: page.first + max(_pages(page) - 1, 0)),
    **named("numberofelements returned pageitems", lambda page, _: len(page.items)),
    **named("nextpage", lambda page, _: _next_number(page)),
    **named("previouspage prevpage", lambda page, _: page.number - 1 if page.number > page.first else None),
    **named("nextoffset", lambda page, _: page.start + page.size if page.has_next else None),
}
_FLAGS: Mapping[str, _Number] = {
    **named("hasnext hasnextpage", lambda page, _: page.has_next),
    **named("hasmore more istruncated", lambda page, _: page.has_more),
    **named("hasprevious hasprev haspreviouspage hasprevpage", lambda page, _: page.start > 0),
    **named("first isfirst isfirstpage", lambda page, _: page.start == 0),
    **named("last islast islastpage", lambda page, _: not page.has_next),
    **named("empty isempty", lambda page, _: not page.items),
}


def _nullable(make: _Number, types: set[str], required: bool) -> _Number:
    """What makes a field, absent or empty where it has no value and null is not allowed."""
    nothing: Any = None if "null" in types else ("" if "string" in types else 0) if required else ABSENT

    def made(page: Page, call: Call[Any, Any]) -> Any:
        value = make(page, call)
        return nothing if value is None else value

    return made


def _whole(value: Any) -> int | None:
    """A number that is 0 or more, also from its text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = int(value) if value.isdecimal() and len(value) < 16 else None
    return int(value) if isinstance(value, int | float) and value >= 0 else None
