"""Valid requests to every operation of a contract."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.parameters import parameters, valid_value
from counterfoil.checks.operation import Operation, is_json
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.encodings import content_type, encoding

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ValidBody:
    """Bodies of an operation: documented or made up, without what may be left out, with all there may be.

    `media_type` is what they are labelled with; they are JSON values, `is_json` whether they are sent as such.
    """

    media_type: str
    is_json: bool
    pointer: str
    schema: Any
    documented: Any
    minimal: Any
    full: Any
    _memory: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def remembered(self, what: str, make: Callable[[], T]) -> T:
        """What `make` returned when it was first called for `what`."""
        if what not in self._memory:
            self._memory[what] = make()
        found: T = self._memory[what]
        return found


class ValidRequests:
    """Makes valid requests; `instances` knows the contract. Operations keep what is made of them alone."""

    def __init__(self, instances: Instances) -> None:
        self.instances = instances
        self._preferred: dict[str, ValidBody] = {}

    def body(self, operation: Operation) -> ValidBody | None:
        """The bodies of an operation; None where it has none or no valid one can be made."""
        preferred = self._preferred.get(operation.label)
        return preferred or operation.remembered("valid body", lambda: self._body(operation))

    def prefer(self, operation: Operation, *, documented: Any, minimal: Any, full: Any) -> None:
        """Take other bodies from now on, which a server does not refuse for what no schema tells."""
        body = self.body(operation)
        if body is not None:
            self._preferred[operation.label] = replace(body, documented=documented, minimal=minimal, full=full)

    def bare(self, operation: Operation) -> Draft | None:
        """A request with all required parameters and without body; None where no valid value of one can be made.

        JSON values that are put into it are written as the operation's media type.
        """
        return operation.remembered("valid draft", lambda: self._bare(operation))

    def minimal(self, operation: Operation) -> Draft | None:
        """A valid request with no more than there must be; None where none can be made."""
        draft, body = self.bare(operation), self.body(operation)
        if draft is None or (operation.request_content and body is None):
            return None
        return draft if body is None else draft.with_json(body.minimal, body.media_type)

    def full(self, operation: Operation) -> Draft | None:
        """A valid request with everything in its body that may be there; None where none can be made."""
        draft, body = self.minimal(operation), self.body(operation)
        return draft if draft is None or body is None else draft.with_json(body.full, body.media_type)

    def of_other_types(self, operation: Operation) -> Iterator[Draft]:
        """A valid request for each media type that a body may have beside the one that others have."""
        bare = self.bare(operation)
        if bare is None:
            return
        for media_type, _, value in islice(self.instances.documented(operation), 1, None):
            written = encoding(operation.schemas, media_type, operation.request_content[media_type])
            yield replace(bare, altered=written).with_json(value, content_type(media_type))

    def _bare(self, operation: Operation) -> Draft | None:
        draft = Draft(operation)
        for parameter in parameters(operation):
            if parameter.required:
                value = valid_value(parameter, operation, self.instances)
                if value is None:
                    return None
                draft = draft.with_parameter(parameter.place, parameter.name, parameter.pairs(value))
        found = self._found(operation)
        if found is not None:
            media = operation.request_content[found[0]]
            draft = replace(draft, altered=encoding(operation.schemas, found[0], media))
        return draft

    def _found(self, operation: Operation) -> tuple[str, str, Any] | None:
        """The media type that the body of an operation has, the pointer of its schema, and a valid value."""
        return operation.remembered("valid value", lambda: next(self.instances.documented(operation), None))

    def _body(self, operation: Operation) -> ValidBody | None:
        found = self._found(operation)
        if found is None:
            return None
        media_type, pointer, value = found
        schema = operation.request_content[media_type]["schema"]
        minimal, full = self.instances.minimal(pointer, value), self.instances.full(schema, pointer, value)
        label = content_type(media_type)
        return ValidBody(label, is_json(media_type), pointer, schema, value, minimal, full)
