"""What an overlay states of the one thing that is wrong with a request, `x-counterfoil.violations`."""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.parameters import parameters, readings
from counterfoil.checks.facts import of_request
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.answers.placeholders import PLACEHOLDER
from counterfoil.stub.requests.violations import SchemaCheck, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

# Keywords that say at which place something is wrong.
_KNOWN = frozenset(
    ("type", "required", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "enum", "const")
)
_KNOWN |= {"pattern", "format", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"}
_OWN_WORDS = ("message", "value-type", "keyword")  # what each server calls otherwise
_BODY = "body"


def facts(exchange: Exchange, rung: Rung) -> tuple[dict[str, Any], bool]:
    """What the placeholders of a refusal stand for, by their names, and whether words are stated for what is wrong.

    What it is told as, `violation`, is among them where only one thing is wrong and it is known which. Words that are
    stated for whatever may be wrong are none for it in particular.
    """
    known = of_request(exchange)
    violation = _violation(exchange, rung)
    if violation is None:
        return known, False
    wanted, is_particular = _stated(exchange.operation, violation)
    if wanted is None:
        return known, False
    return known | _facts(violation, rung) | {"violation": wanted}, is_particular


def _violation(exchange: Exchange, rung: Rung) -> Violation | None:
    """The one thing that is wrong with a request, None where it may be told as another one."""
    if rung.reason != "invalid" or not rung.alone or rung.in_union or rung.keyword not in _KNOWN:
        return None
    operation = exchange.operation
    value = _reading(rung) if rung.within != _BODY else exchange.request.json
    check = operation.remembered(("violations", *_place(rung)), lambda: _check(operation, rung))
    if value is NOTHING or check is None:
        return None
    found = check.violations(value)
    if len(found) != 1 or found[0].keyword != rung.keyword or found[0].path != tuple(rung.path):
        return None
    return found[0] if not any(isinstance(step, int) for step in found[0].path[-1:]) else None


def _place(rung: Rung) -> tuple[Any, ...]:
    return (_BODY, rung.draft.media_type) if rung.within == _BODY else (rung.within, rung.path[-1])


def _check(operation: Operation, rung: Rung) -> SchemaCheck | None:
    if rung.within != _BODY:
        found = (each for each in parameters(operation) if (each.place, each.name) == (rung.within, rung.path[-1]))
        pointer = next((each.schema_pointer for each in found if each.schema is not None), "")
        return SchemaCheck(operation.schemas, pointer, rung.within, (rung.path[-1],)) if pointer else None
    owner = json_pointer.join(operation.pointer, "requestBody")
    node, owner = operation.schemas.follow({"$ref": f"#{owner}"}, owner)
    media_type = rung.draft.media_type or ""
    if "schema" not in (node.get("content") or {}).get(media_type, {}):
        return None
    return SchemaCheck(operation.schemas, json_pointer.join(owner, "content", media_type, "schema"), _BODY)


def _reading(rung: Rung) -> Any:
    """What a text of a parameter is read as, where it breaks the keyword of the rung."""
    if rung.text is None:
        return NOTHING
    found = readings(rung.text)
    return found[-1] if rung.keyword in ("pattern", "enum", "const", "format", "minLength", "maxLength") else found[0]


def _facts(violation: Violation, rung: Rung) -> dict[str, Any]:
    found = {name: fact for name, fact in violation.facts().items() if name not in _OWN_WORDS}
    value = violation.value
    found["size"] = _sizes(value)
    if not violation.path:
        del found["path"], found["field"]  # what a body as a whole is called
    # What is missing has no value, what is read from a text is told as either, decoded or not, and some numbers nobody
    # tells exactly.
    is_as_sent = rung.within == _BODY or (isinstance(value, str) and quote(value, safe="") == value)
    if not rung.present or not is_as_sent or not _is_finite(value):
        del found["value"]
    if rung.within != _BODY or not _is_finite(violation.parent):
        del found["parent"]
    return {name: fact for name, fact in found.items() if fact not in (None, [], set()) or name in ("value", "loc")}


def _sizes(value: Any) -> set[str]:
    """The length of a value by whatever servers count; none where it has no length."""
    if isinstance(value, str):
        units = value.encode("utf-16-le", "surrogatepass"), value.encode("utf-8", "surrogatepass")
        return {str(len(value)), str(len(units[0]) // 2), str(len(units[1]))}
    return {str(len(value))} if isinstance(value, list | dict) else set()


def _is_finite(value: Any) -> bool:
    """Whether a value is what was sent: parsers round large numbers to infinity."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _stated(operation: Operation, violation: Violation) -> tuple[Any, bool]:
    """What is stated for a violation, None if nothing is; and whether that is all that is to be said of it.

    So it is for what is stated of its keyword, and for words at its own schema that tell nothing of the violation. Of
    parameters only what is stated at their schemas: what is stated for all mostly speaks of bodies.
    """
    others = (operation.tree, operation.contract) if violation.place == _BODY else ()
    for holder in (violation.node, *others):
        found: Mapping[str, Any] = holder.get("x-counterfoil", {}).get("violations", {})
        if violation.keyword in found or "*" in found:
            wanted = found.get(violation.keyword, found.get("*"))
            is_fixed = holder is violation.node and isinstance(wanted, str) and not PLACEHOLDER.search(wanted)
            return wanted, violation.keyword in found or is_fixed
    return None, False
