"""Listing the objects of a collection."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.responses import Success
from counterfoil.stub.answers.sampling import example_of
from counterfoil.stub.call import Call, Reply, field_value
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.actions.bodies import Body
from counterfoil.stub.state.actions.paging import Envelope, Page, Paging
from counterfoil.stub.state.asking import Asked, Asking, comparable
from counterfoil.stub.state.inference.names import plain, words
from counterfoil.stub.state.inference.orders import ENDS, directed, property_of, told_orders
from counterfoil.stub.state.inference.searches import looked_at
from counterfoil.stub.state.objects import REMOVED, Object, Objects, key_text, pick

_FROM_ZERO = frozenset(("number", "totalelements"))  # what Spring Data tells of pages, of which the first is 0
_MOST_ORDERS = 100  # that are remembered
_CODED = frozenset(("enum", "const", "format"))


class Listing:
    """What an operation that lists objects does."""

    def __init__(
        self,
        contract: ContractTree,
        objects: Objects,
        success: Success,
        parameters: list[Node],
        request: Node,
        operation: Node,
    ) -> None:
        """`parameters` are the Parameter Objects of the operation, `request` is the schema of its body."""
        self._contract, self._objects, self._success = contract, objects, success
        self._body = Body(contract, success, objects.role.answer)
        shape = objects.role.shape
        self._asking = Asking(contract, parameters, contract.properties(request), shape)
        told = {plain(name) for name in contract.properties(self._body.schema)}
        self._paging = Paging(self._asking, self._key_of, from_zero=told >= _FROM_ZERO)
        self._names = [*contract.properties(shape)]
        self._orders: dict[tuple[str, str], tuple[str, bool] | None] = {}  # by term and direction
        self._told_order = self._order_told(operation)

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Answer with the part of the list that the call asks for."""
        objects = self._objects
        collection = objects.collection(call)
        scope = call.path if objects.role.scoped else ""
        stored = json.loads(b"[%b]" % b",".join(call.session.store.all(collection, scope)))
        if objects.role.unknown == "example":
            if not stored and not call.session.store.last(collection + REMOVED):
                return self._success.example(call)
            stored = self._with_examples(call, collection, stored)
        asked = self._asking(call)
        found = [each for each in stored if objects.is_seen(each) and all(fits(each) for fits in asked.filters)]
        if (text := asked.parts.get("search")) is not None:
            wanted, passed = str(text).casefold(), self._unsearched
            found = [each for each in found if _contains([each[name] for name in each if name not in passed], wanted)]
        page = self._paging(asked, self._ordered(asked, found))
        reply = self._body.reply(call, page.items, lambda body: self._envelope.fill(body, page, call))
        self._link(reply, page, call)
        return reply

    def _order_told(self, operation: Node) -> tuple[str, bool] | None:
        """The order of the list as its description tells it."""
        responses = operation.get("responses") or {}
        answers = (self._contract.follow(node)[0] for name, node in responses.items() if name[:1] == "2")
        texts = (operation.get("summary"), operation.get("description"), *(each.get("description") for each in answers))
        return next(((name, falls) for name, falls, _ in told_orders(texts, self._names)), None)

    def _key_of(self, found: Object) -> str:
        value = pick(found, self._objects.role.identifier)
        return "" if value is None else key_text(value)

    def _with_examples(self, call: Call[Any, Any], collection: str, stored: list[Object]) -> list[Object]:
        """The contract's examples that were neither changed nor removed, and what was stored."""
        keys = {self._key_of(each) for each in stored}
        store = call.session.store
        others = [each for each in self._examples if (key := self._key_of(each)) and key not in keys]
        return [each for each in others if store.find(collection + REMOVED, self._key_of(each)) is None] + stored

    @cached_property
    def _examples(self) -> list[Object]:
        value: Any = example_of(self._contract, self._success.content[1])
        pointer = self._objects.role.answer or ()
        around = pointer[: pointer.index(ITEMS)] if ITEMS in pointer else pointer
        listed = pick(value, around)
        inner = pointer[len(around) + 1 :]
        found = [pick(each, inner) for each in listed] if isinstance(listed, list) else []
        return [each for each in found if isinstance(each, dict)]

    @cached_property
    def _unsearched(self) -> frozenset[str]:
        """The properties that nobody looks for by a part of their text: ids, moments, values of an enum.

        Those are looked at that words about the parameter name.
        """
        role, properties = self._objects.role, self._contract.properties(self._objects.role.shape)
        told = looked_at(self._contract, self._asking.words_about("search"), properties)
        return frozenset(
            name
            for name, each in properties.items()
            for node in [self._contract.follow(each)[0]]
            if name in role.identifier or words(name)[-1:] in (["id"], ["uuid"]) or _CODED & node.keys()
        ).difference(told)

    def _ordered(self, asked: Asked, found: list[Object]) -> list[Object]:
        """Objects in the order that a call asks for, `-name` or `name.desc`, else in the one that is told."""
        wanted = asked.parts.get("sort")
        direction = str(asked.parts.get("direction", "")).lower()
        if wanted is None and direction and plain(direction) not in ENDS:
            wanted, direction = asked.parts["direction"], ""
        if wanted is None and direction:
            return found[::-1] if direction.startswith("desc") else found
        if wanted is None:
            told = self._told_order
            return found if told is None else _sorted(found[::-1] if told[1] else found, *told)
        terms = wanted if isinstance(wanted, list) else str(wanted).split(",")
        for term in reversed([str(term).strip() for term in terms]):
            if (term, direction) not in self._orders:
                if len(self._orders) >= _MOST_ORDERS:
                    self._orders.clear()
                self._orders[term, direction] = self._order(term, direction)
            if order := self._orders[term, direction]:
                found = _sorted(found, *order)
        return found

    def _order(self, term: str, direction: str) -> tuple[str, bool] | None:
        """The property that a term of an order is by, and whether its values fall; None where it is none."""
        own = property_of(term, self._names)
        if not own and (order := directed(term, self._names)) is not None:
            return order
        bare = plain(term.lstrip("+-"))
        own = own or next((name for name in self._names if bare and plain(name).startswith(bare)), "")
        return (own, term.startswith("-") or direction.startswith("desc")) if own else None

    @cached_property
    def _envelope(self) -> Envelope:
        pointer = self._objects.role.answer or ()
        around = pointer[: pointer.index(ITEMS)] if ITEMS in pointer else pointer
        return Envelope(self._contract, self._body.schema, around, self._asking)

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        """The response headers that tell of pages: name in lower case → what it tells."""
        told = {}
        for name in self._success.declared.header_names:
            if plain(name) == "link":
                told[name.lower()] = "link"
            elif plain(name) in ("xtotalcount", "xtotal", "totalcount", "xpaginationtotal", "xpaginationtotalcount"):
                told[name.lower()] = "total"
        return told

    def _link(self, reply: Reply[Any], page: Page, call: Call[Any, Any]) -> None:
        for name, told in self._headers.items():
            reply.headers = [header for header in reply.headers if header[0] != name.encode("latin-1")]
            value = str(page.total)
            if told == "link":
                urls = {rel: self._envelope.link(page, call, rel) for rel in ("next", "prev", "first", "last")}
                value = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in urls.items() if url)
            if value:
                reply.headers.append((name.encode("latin-1"), field_value(value)))


def _contains(found: Any, text: str) -> bool:
    """Whether a text occurs in any text of an object."""
    if isinstance(found, dict | list):
        return any(_contains(each, text) for each in (found.values() if isinstance(found, dict) else found))
    return isinstance(found, str) and text in found.casefold()


def _sorted(found: list[Object], name: str, falls: bool) -> list[Object]:
    """Objects by a property: those without a value come last, numbers before texts."""
    with_value = [each for each in found if each.get(name) is not None]
    with_value.sort(key=lambda each: _rank(each[name]), reverse=falls)
    return with_value + [each for each in found if each.get(name) is None]


def _rank(value: Any) -> tuple[bool, Any]:
    found = comparable(value)
    return (isinstance(found, str), found)
