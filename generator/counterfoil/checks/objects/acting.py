"""What a probe does with the objects of one collection."""

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from counterfoil.checks import shapes
from counterfoil.checks.objects import contexts
from counterfoil.checks.objects.collections import Collection, Key, Part, at, nameable, variables
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.made import Made
from counterfoil.checks.objects.pages import Walk
from counterfoil.checks.objects.values import in_body_too, made_up_keys, place_in
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange

if TYPE_CHECKING:
    from counterfoil.checks.conversation import Conversation

_PATIENCE = 1.0  # seconds


class Acting:
    """Makes, shows, lists, changes and removes objects of a collection in a conversation."""

    def __init__(self, collection: Collection, conversation: "Conversation") -> None:
        self.collection, self.conversation = collection, conversation
        self.report = conversation.report

    @cached_property
    def listers(self) -> list[Lister]:
        """What asks for lists of the objects, by each operation that has some."""
        found = (Lister(part, self.conversation) for part in self.collection.lists)
        return [lister for lister in found if lister.draft() is not None]

    @cached_property
    def searchers(self) -> list[Lister]:
        """What asks for those objects that a request says something of; without a word, nobody knows for which."""
        searches = [] if self.conversation.client.target.is_stub else self.collection.searches
        found = (Lister(part, self.conversation) for part in searches)
        return [lister for lister in found if lister.draft() is not None]

    @property
    def lister(self) -> Lister | None:
        """What asks for the list of the objects, where one is enough."""
        return next(iter(self.listers), None)

    @cached_property
    def settable(self) -> frozenset[str]:
        """The names of what requests that make objects say of them."""
        operation = self.collection.create.operation
        body = self.conversation.valid.body(operation)
        return frozenset(shapes.properties(operation, operation.request_schema if body is None else body.schema))

    def create_draft(self, *, full: bool = True, variant: int = 0) -> Draft | None:
        """A request that makes an object, with everything that there may be in its body, or as documented."""
        return self.conversation.existing.draft(self.collection, full=full, variant=variant)

    def least_draft(self) -> Draft | None:
        """A request that makes an object with no more in its body than there must be; None where that is documented."""
        draft, body = self.create_draft(full=False), self.conversation.valid.body(self.collection.create.operation)
        if draft is None or body is None or not isinstance(draft.value, dict) or not isinstance(body.minimal, dict):
            return None
        least = {name: value for name, value in draft.value.items() if name in body.minimal}
        is_valid = least.keys() < draft.value.keys() and self.conversation.valid.instances.fits(body.pointer, least)
        return draft.with_json(least, body.media_type) if is_valid else None

    def make(self, draft: Draft | None = None) -> Made | None:
        """A new object; None where none was made."""
        return self.conversation.existing.make(self.collection, self._send, draft)

    def _send(self, draft: Draft) -> Exchange | None:
        exchange = self.conversation.ask(draft, intent="valid", source="probes")
        if exchange is not None:
            conformance.check(exchange, self.report)
        return exchange

    def about(self, part: Part, made: Made, key: Key | None = None, value: Any = NOTHING) -> Draft | None:
        """A request about an object, with the body `value` if one is given; None where no valid one can be made."""
        draft = self.conversation.valid.minimal(part.operation)
        if draft is None:
            return None
        if value is not NOTHING:
            draft = draft.with_json(value, draft.media_type)
        for name, text in zip(variables(part.operation.path), made.way, strict=False):
            draft = draft.with_parameter("path", name, [(name, text)])
        draft = contexts.within(draft, contexts.named(made.exchange))
        key = made.key if key is None else key
        place, instances = part.role.key, self.conversation.valid.instances
        if place is None or not nameable(part.operation, place, key, instances):
            return None
        body = self.conversation.valid.body(part.operation)
        named = part.named(draft, key)
        return named if body is None else in_body_too(named, part.role, key, made_up_keys(body, part.role))

    def ask(self, draft: Draft | None) -> Exchange | None:
        """Send a valid request as it is; an answer that does not keep the contract is noted."""
        if draft is None:
            return None
        exchange = self.conversation.ask(draft, intent="valid", source="probes", aim=False)
        if exchange is not None:
            conformance.check(exchange, self.report)
        return exchange

    def fetched(self, made: Made) -> tuple[Part, Exchange, dict[str, Any] | None] | None:
        """The answer to a request that shows an object, and the object; None where no operation shows any."""
        part = self.collection.part("fetch")
        exchange = self.ask(self.about(part, made)) if part is not None else None
        return (part, exchange, part.shown(exchange)) if part is not None and exchange is not None else None

    def listed(self) -> Walk | None:
        """The list of all objects, in large pages; None where nothing lists them."""
        return self.lister.walk(size=self.lister.largest) if self.lister is not None else None

    def note(self, exchange: Exchange, check: str, summary: str, expected: str, got: str) -> None:
        """Note a finding that an exchange shows; the rule is what the contract says of the operation as a whole."""
        self.report.add(exchange, check, summary, expected, got, exchange.operation.pointer)

    def waits(self) -> bool:
        """Give a server far away time to show everywhere what it was told; False where there is no need."""
        is_local = self.conversation.client.target.is_local
        if not is_local:
            time.sleep(_PATIENCE)
        return not is_local

    def state(self, made: Made) -> dict[str, Any] | None:
        """What the server tells of an object now; None where it tells nothing."""
        found = self.fetched(made)
        if found is not None:
            return found[2]
        walk = self.listed()
        return walk.items.get(made.key) if walk is not None else None


def told(exchange: Exchange, names: frozenset[str]) -> dict[str, Any]:
    """What the body of a request said of its object."""
    body = exchange.request.json
    found = at(body, place_in(body, names))
    return found if isinstance(found, dict) else {}
