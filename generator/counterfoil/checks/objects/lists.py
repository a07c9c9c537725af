"""Lists of objects, asked for in parts: by pages, offsets or cursors."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from counterfoil.checks import shapes
from counterfoil.checks.cases.parameters import Parameter, parameters
from counterfoil.checks.objects.collections import Part, items_at, variables
from counterfoil.checks.objects.pages import Page, Walk, cursors, tells_more, total_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.lenient import url_parts
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.asking import PARTS
from counterfoil.stub.state.asking import Part as Asked
from counterfoil.stub.state.inference.names import plain

if TYPE_CHECKING:
    from counterfoil.checks.conversation import Conversation

_OBJECT_CURSORS = frozenset({"startingafter", "startafter"})
_LARGE = (100, 50, 20, 10)  # objects of a page


class Lister:
    """Asks an operation that lists objects for parts of its list."""

    def __init__(self, part: Part, conversation: "Conversation", way: Sequence[str] = ()) -> None:
        """`way` holds texts for the first variables of the path, of objects that the list is below."""
        self.part, self._conversation, self._way = part, conversation, way
        self.operation = part.operation
        self.properties = shapes.properties(self.operation, part.role.shape)

    def below(self, way: Sequence[str]) -> "Lister":
        """What asks for the list below other objects."""
        return Lister(self.part, self._conversation, way)

    @cached_property
    def queries(self) -> dict[str, Parameter]:
        """The query parameters by name."""
        return {each.name: each for each in parameters(self.operation) if each.place == "query"}

    @cached_property
    def wanted(self) -> dict[str, tuple[Any, str]]:
        """What a request may ask for: the schema of each query parameter and property of the body, and its pointer."""
        found = {name: (each.schema, each.schema_pointer) for name, each in self.queries.items()}
        body = self._conversation.valid.body(self.operation)
        if body is not None:
            for name, schema in shapes.properties(self.operation, body.schema).items():
                found.setdefault(name, (schema, ""))
        return found

    @cached_property
    def names(self) -> dict[Asked, str]:
        """What asks for which part of the list, by what it asks."""
        own = {plain(name) for name in self.properties}
        found: dict[Asked, str] = {}
        for name in self.wanted:
            kind = PARTS.get(plain(name))
            if kind is not None and plain(name) not in own:
                found.setdefault(kind, name)
        return found

    def is_whole_for(self, value: dict[str, Any]) -> bool:
        """Whether an object like `value` is in the list where nobody asks for others."""
        return (
            self._filters_nothing
            and self._tells_keys
            and all(value.get(name) == each for name, each in self.part.role.only.items())
        )

    @cached_property
    def _tells_keys(self) -> bool:
        """Whether objects of the list may have what tells them apart, as far as the contract says."""
        way = self.part.role.identifier
        return not self.part.told or not way or way[0] in self.part.told

    @property
    def is_whole(self) -> bool:
        """Whether the contract says nothing that would keep objects out of the list where nobody asks for it."""
        return self._filters_nothing and not self.part.role.only

    @cached_property
    def _filters_nothing(self) -> bool:
        others = [schema for name, (schema, _) in self.wanted.items() if name not in self.names.values()]
        asked = (each for name, each in self.queries.items() if each.required and name not in self.names.values())
        return not any(asked) and all(shapes.default(self.operation, each) is None for each in others)

    @property
    def is_paged(self) -> bool:
        """Whether a list comes in parts."""
        return not self.names.keys().isdisjoint({"page", "offset", "after", "size"})

    def fits(self, name: str, value: Any) -> bool:
        """Whether a request may ask for `value` by a name."""
        schema, pointer = self.wanted[name]
        if pointer:
            return schema is None or self._conversation.valid.instances.fits(pointer, value)
        return self.operation.accepts(schema, value)

    def draft(self, asked: Sequence[tuple[str, Any]] = ()) -> Draft | None:
        """A request for the list, with values by their names; None where no valid request can be made."""
        draft = self._conversation.valid.minimal(self.operation)
        if draft is not None and self._way:
            draft = replace(
                draft, path={**draft.path, **dict(zip(variables(self.operation.path), self._way, strict=False))}
            )
        for name, value in asked if draft is not None else ():
            if name in self.queries:
                draft = draft.with_parameter("query", name, self.queries[name].pairs(value)) if draft else None
            elif draft is not None and isinstance(draft.value, dict):
                draft = draft.with_json({**draft.value, name: value}, draft.media_type)
        return draft

    def ask(self, asked: Sequence[tuple[str, Any]] = ()) -> Exchange | None:
        """Ask for what `asked` names; None where no valid request can be made, or nothing answers."""
        self._conversation.settling.wait()
        draft = self.draft(asked)
        exchange = None if draft is None else self._conversation.ask(draft, intent="valid", source="probes")
        if exchange is not None:
            conformance.check(exchange, self._conversation.report)
        return exchange

    def page(self, asked: Sequence[tuple[str, Any]] = ()) -> Page | None:
        """The objects of an answer; None where it is no success or has no list."""
        return self.page_of(self.ask(asked))

    def page_of(self, exchange: Exchange | None) -> Page | None:
        """The objects of an answer; None where it is no success or has no list."""
        if exchange is None or not exchange.accepted or exchange.response.json is NOTHING:
            return None
        items = items_at(exchange.response.json, self.part.role.answer or (ITEMS,))
        if items is None:
            return None
        objects = [each for each in items if isinstance(each, dict)]
        return Page(exchange, objects, [self.part.key_of(each) for each in objects], total_of(self.part, exchange))

    def walk(self, asked: Sequence[tuple[str, Any]] = (), size: int | None = None, most: int = 24) -> Walk:
        """The whole list, `size` objects at a time where that can be asked for, no more than `most` pages."""
        look = partial(self._walk, asked, size, most)
        return look() if asked else self._conversation.settling.settled(self, look)

    def _walk(self, asked: Sequence[tuple[str, Any]], size: int | None, most: int) -> Walk:
        found = Walk()
        fixed = [*asked, (self.names["size"], size)] if size is not None and "size" in self.names else list(asked)
        for step in self._steps(found):
            page = self.page([*fixed, *step]) if len(found.pages) < most else None
            if page is None:
                return found
            if not page.items:
                found.complete, found.end = True, page
                return found
            if found.pages and page.keys == found.pages[-1].keys:
                found.repeated = page
                return found
            if not found.pages and self._is_cut(page, size):
                return self._walk(asked, len(page.items), most)
            found.pages.append(page)
            if self._is_last(page, size, len(found.keys)):
                break
        found.complete = not self._may_go_on(found, size)
        return found

    def _is_cut(self, page: Page, size: int | None) -> bool:
        """Whether a first page has less than was asked for, as it may: nobody knows where the next one begins."""
        is_short = size is not None and "page" in self.names and len(page.items) < size and not self.allows(size)
        return is_short and page.total is not None and page.total > len(page.items)

    def _is_last(self, page: Page, size: int | None, so_far: int) -> bool:
        """Whether nothing comes after a page, as its answer or the contract tells."""
        if (more := tells_more(self.part, page)) is not None:
            return not more
        if "after" in self.names and cursors(self.part, page):
            return False  # there is another page where a cursor is told that is one
        if page.total is not None:
            return so_far >= page.total
        # A server may give less than was asked for, unless that is declared to be allowed.
        return size is not None and len(page.items) < size and self.allows(size)

    def allows(self, size: int) -> bool:
        """Whether the contract says that so many objects may be asked for at a time."""
        schema = self.operation.resolve(self.wanted[self.names["size"]][0]) if "size" in self.names else None
        most = schema.get("maximum") if isinstance(schema, dict) else None
        return isinstance(most, int | float) and most >= size

    def _may_go_on(self, found: Walk, size: int | None) -> bool:
        """Whether a list whose last part is full may have more that the contract does not say how to ask for."""
        if size is None or self.names.keys() & {"page", "offset"} or not found.pages:
            return False
        last, total = found.pages[-1], found.pages[-1].total
        if "after" in self.names and cursors(self.part, last):
            return False
        return (
            tells_more(self.part, last) is not False
            and len(last.items) >= size
            and (total is None or total > len(found.keys))
        )

    def small(self, count: int) -> int | None:
        """How many of `count` objects to ask for at a time, so that there are a few pages and the last is not full."""
        if "size" not in self.names:
            return None
        wanted = (max(2, -(-count // 3)), 3, 5, 10, 20, 25, 50, 100)
        return next((size for size in wanted if size < count and self.fits(self.names["size"], size)), None)

    @cached_property
    def largest(self) -> int | None:
        """How many objects to ask for at a time where all are wanted, None where that cannot be asked for."""
        if "size" not in self.names:
            return None
        return next((size for size in _LARGE if self.fits(self.names["size"], size)), None)

    @cached_property
    def first(self) -> int:
        """The number of the first page: 0 or 1, by the schema, else as the server has it."""
        name = self.names["page"]
        schema = self.operation.resolve(self.wanted[name][0])
        told = schema.get("default", schema.get("minimum")) if isinstance(schema, dict) else None
        if told in (0, 1):
            return int(told)
        zero = self.page([(name, 0)]) if self.fits(name, 0) else None
        one = self.page([(name, 1)])
        return 0 if zero is not None and zero.items and (one is None or zero.keys != one.keys) else 1

    def _steps(self, found: Walk) -> Iterator[list[tuple[str, Any]]]:
        """What asks for each part, given those that came before."""
        names = self.names
        if "page" in names:
            number = self.first
            while True:
                yield [(names["page"], number)]
                number += 1
        elif "offset" in names:
            while True:
                yield [(names["offset"], sum(len(page.items) for page in found.pages))]
        else:
            yield []
            while "after" in names and (cursor := self._cursor(found.pages[-1])) is not None:
                yield [(names["after"], cursor)]

    def _cursor(self, page: Page) -> Any:
        name = self.names["after"]
        told = cursors(self.part, page)
        if plain(name) in _OBJECT_CURSORS or (not told and self._takes_numbers):
            return page.keys[-1] if page.keys else None
        told = [value.get("href") if isinstance(value, dict) else value for value in told]
        texts = (self._in_link(value) for value in told if isinstance(value, str))
        return next(filter(None, texts), None)

    def _in_link(self, text: str) -> str:
        """The cursor that a text is, or that the link to another page names; empty without."""
        if "://" not in text and not text.startswith(("/", "?")):
            return text
        return dict(parse_qsl(url_parts(text).query)).get(self.names["after"], "")

    @cached_property
    def _takes_numbers(self) -> bool:
        """Whether what asks for the objects after one takes the number of that."""
        return shapes.types(self.operation, self.wanted[self.names["after"]][0]) == {"integer"}
