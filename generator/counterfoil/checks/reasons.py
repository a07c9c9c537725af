"""Why valid requests are refused: for what their schema tells, or for what none can, such as a date in the past."""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from counterfoil.checks.cases.labels import Labels
from counterfoil.checks.cases.leaves import at, put
from counterfoil.checks.cases.variants.walk import Walk
from counterfoil.checks.nul import without_nul
from counterfoil.checks.objects.collections import Key
from counterfoil.checks.objects.values import keys_like
from counterfoil.checks.operation import Operation
from counterfoil.checks.unique import identifying
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.styles import text_of

if TYPE_CHECKING:
    from counterfoil.checks.conversation import Conversation

SOURCE = "comparison"
# Which of both is for data that break a schema and which for other reasons is for each contract to choose
# (RFC 9110, 15.5.1 and 15.5.21).
_OF_DATA = frozenset({400, 422})
_NOT_THERE = frozenset({"404", "410"})
_LOOKED_AT = 400  # variants of a body
_FAR = 500  # keys that a server may have of its own
_PLAIN = frozenset(
    ("type", "required", "enum", "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "minItems")
)


class Reasons:
    """Tells of the refusals of a conversation which are for reasons that no schema tells."""

    def __init__(self, conversation: "Conversation") -> None:
        self._conversation = conversation
        self._of_schemas: dict[str, frozenset[int]] = {}

    def are_open(self, exchange: Exchange) -> bool:
        """Whether a valid request may have been refused although all that its schema tells was held.

        So it is where two statuses are declared for data, and the other one is the answer to data that break the
        schema; where no status is declared for objects that are not there, and the request names a made-up one;
        where its body names objects that nobody has made, and it is accepted with others there; and where it has NUL in
        a text, and is accepted without. Invalid requests are sent to learn the first, once for an operation, and up to
        two valid ones each time to learn the others.
        """
        operation, status = exchange.operation, exchange.response.status
        if status not in _OF_DATA or exchange.intent != "valid":
            return False
        if _NOT_THERE.isdisjoint(operation.responses) and self._conversation.existing.is_made_up(exchange):
            return True
        if self._is_of_reference(exchange) or self._is_of_nul(exchange):
            return True
        if not all(str(each) in operation.responses for each in _OF_DATA):
            return False
        if operation.label not in self._of_schemas:
            self._of_schemas[operation.label] = frozenset()  # should it be asked for in between
            self._of_schemas[operation.label] = frozenset(self._asked(operation))
        return is_other(status, self._of_schemas[operation.label])

    def _is_of_reference(self, exchange: Exchange) -> bool:
        """Whether a request is accepted with objects that are there in place of those that its body names.

        It must not be accepted with others of which nobody knows either, as where only large numbers are refused.
        """
        operation, value = exchange.operation, exchange.request.json
        existing, body = self._conversation.existing, self._conversation.valid.body(operation)
        if body is None or not isinstance(value, dict):
            return False
        references = [
            (place.name, name)
            for place, name in existing.references(operation)
            if (key := at(value, place.name)) is not None
            and text_of(key) not in map(text_of, existing.memory.given(name))
        ]
        # What is made up is sent as what is there.
        named = {path: at(body.full, path) for path, _ in references}
        if not named or not self._accepts(exchange, named):
            return False
        unknown = {path: _unknown(existing.memory.given(name)) for path, name in references}
        return not self._accepts(exchange, {path: key for path, key in unknown.items() if key is not None})

    def _accepts(self, exchange: Exchange, values: Mapping[tuple[str, ...], Any]) -> bool:
        """Whether the request of an exchange is accepted with other values at some places of its body."""
        valid, value = self._conversation.valid, exchange.request.json
        bare, body = valid.bare(exchange.operation), valid.body(exchange.operation)
        if bare is None or body is None:
            return False
        for path, other in values.items():
            value = put(value, path, other)
        draft = bare.with_json(value, exchange.request.header("content-type") or body.media_type)
        again = self._conversation.ask(draft, intent="valid", source=SOURCE)
        return again is not None and again.accepted

    def _is_of_nul(self, exchange: Exchange) -> bool:
        """Whether a request is accepted with another character in place of each NUL, which many databases cannot keep.

        RFC 8259, section 9: an implementation may set limits on the character contents of strings.
        """
        request, operation = exchange.request, exchange.operation
        bare = self._conversation.valid.bare(operation) or self._conversation.valid.minimal(operation)
        draft = None if bare is None else without_nul(bare, request, self._conversation.client)
        again = self._conversation.ask(draft, intent="valid", source=SOURCE) if draft is not None else None
        return again is not None and again.accepted

    def repeated(self, exchange: Exchange) -> str:
        """The name of the text for which a valid request was refused, as one with other data had it before.

        Empty where it was refused for something else. A request with another text is sent to learn that.
        """
        operation, sent, valid = exchange.operation, exchange.request.json, self._conversation.valid
        found, bare, body = identifying(operation, sent), valid.bare(operation), valid.body(operation)
        if found is None or bare is None or body is None or exchange.intent != "valid":
            return ""
        name, schema = found
        accepted = (each for each in self._conversation.exchanges if each.operation is operation and each.accepted)
        before = (each.request.json for each in accepted)
        if not any(isinstance(each, dict) and each.get(name) == sent[name] and each != sent for each in before):
            return ""
        other = next((each for each in keys_like(sent[name]) if operation.accepts(schema, each)), None)
        draft = bare.with_json({**sent, name: other}, body.media_type)
        again = self._conversation.ask(draft, intent="valid", source=SOURCE, refresh=False) if other else None
        return name if again is not None and again.accepted else ""

    def _asked(self, operation: Operation) -> Iterator[int]:
        for draft in self._invalid(operation):
            exchange = self._conversation.ask(draft, intent="invalid", source=SOURCE)
            if exchange is not None and exchange.response.status in _OF_DATA:
                yield exchange.response.status

    def _invalid(self, operation: Operation) -> Iterator[Draft]:
        """Requests that plainly break the schema of their body, each another keyword, or else that of a parameter.

        Some servers have one status for what cannot be read as the type that it should be, and another one for
        values out of bounds.
        """
        valid = self._conversation.valid
        body, base = valid.body(operation), valid.minimal(operation)
        if base is None:
            return
        if body is not None and body.is_json:
            seen: set[str] = set()
            variants = Walk(valid.instances).variants(body.schema, body.pointer, body.full)
            for variant in islice(variants, _LOOKED_AT):
                violations = valid.instances.violations(body.pointer, variant.value) if variant.path else ()
                keyword = violations[0].keyword if len(violations) == 1 else ""
                if keyword in _PLAIN and keyword not in seen:
                    seen.add(keyword)
                    yield base.with_json(variant.value, body.media_type)
            return
        labels = Labels()
        for each in operation.parameters:
            name = str(each.get("name"))
            draft = base.with_parameter("query", name, [(name, "no-such-value")]) if each.get("in") == "query" else None
            if draft is not None and labels.broken(draft):
                yield draft
                return


def _unknown(given: Collection[Key]) -> Key | None:
    """A key of the form of those that there are, and far from them; None where there are none."""
    known = sorted(map(text_of, given))
    last = next((key for key in given if text_of(key) == known[-1]), None) if known else None
    likely = islice(keys_like(last), _FAR, None) if last is not None else iter(())
    return next((key for key in likely if text_of(key) not in known), None)


def is_other(status: int, of_schemas: Collection[int]) -> bool:
    """Whether a status for data is another one than those which data that break a schema are answered with, if any."""
    return status in _OF_DATA and bool(of_schemas) and status not in of_schemas
