"""What a contract tells in words of its refusals: which of two statuses is for what, and how places are written."""

import re
from typing import Any

from counterfoil.checks.ladder.places_told import places
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.answers.error_bodies import POINTER
from counterfoil.stub.schema_walk import objects

_SYNTAX, _SCHEMA = 400, 422  # RFC 9110, 15.5.1 and 15.5.21
_OF_SYNTAX = re.compile(
    r"\b(?:no|not|invalid|malformed|bad|broken|unparsable)\s+(?:a\s+)?(?:valid\s+)?JSON\b"
    r"|\bJSON is (?:invalid|malformed)\b",
    re.IGNORECASE,
)
_OF_SCHEMA = re.compile(r"\bschema\b|\bvalidat\w+|\bconstraints?\b|\bdoes not (?:fit|match|conform)\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
# What no server takes for a mistake of syntax, whatever reads values into types.
_BOUNDS = frozenset(
    ("minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
)


def check_status(exchange: Exchange, rung: Rung, check: str, report: Report) -> None:
    """Note a finding where values out of bounds are refused with the status that is told to be for what is no JSON."""
    operation, status = exchange.operation, exchange.response.status
    is_of_schema = rung.reason == "invalid" and rung.within == "body" and rung.alone and rung.keyword in _BOUNDS
    if status != _SYNTAX or not is_of_schema or check in operation.switched_off:
        return
    if operation.remembered("told for syntax", lambda: _is_told_apart(operation)):
        summary = f"a body that breaks its schema is refused with {_SYNTAX}, which is told to be for other things"
        expected = f"{_SCHEMA}, by the descriptions of both; {rung.broken}"
        pointer = operation.response_pointer(str(_SCHEMA))
        report.add(exchange, check, summary, expected, exchange.response.describe(), pointer)


def _is_told_apart(operation: Operation) -> bool:
    """Whether one status is told to be for bodies that are no JSON, and the other one for those that do not fit."""
    found = (operation.responses.get(str(status)) for status in (_SYNTAX, _SCHEMA))
    one, other = (str(each.tree.get("description")) if each is not None else "" for each in found)
    about_syntax, about_schema = (
        (bool(_OF_SYNTAX.search(text)), bool(_OF_SCHEMA.search(text))) for text in (one, other)
    )
    return about_syntax == (True, False) and about_schema == (False, True)


def check_places(exchange: Exchange, rung: Rung, check: str, report: Report) -> None:
    """Note a finding where a place is described as a JSON Pointer, and is told as something else (RFC 6901, 3).

    What is wrong is in the body: parameters have no such places.
    """
    body, schema = exchange.response.json, exchange.response_schema
    if body is NOTHING or schema is None or rung.within != "body":
        return
    operation = exchange.operation
    described = operation.remembered_of(schema, "described pointers", lambda: _described(operation, schema))
    for entry, name in places(body) if described else ():
        shown = entry[name]
        if name in described and isinstance(shown, str) and shown and not shown.startswith(("/", "#")):
            summary, expected = (
                f"a place is no JSON Pointer, as {name} is said to be",
                "a text that begins with /",
            )
            report.add(exchange, check, summary, expected, repr(shown), operation.pointer)
            return


def _described(operation: Operation, schema: Any) -> frozenset[str]:
    """The properties that are JSON Pointers as their descriptions say, wherever they are."""
    return frozenset(
        name
        for _, node in objects(operation.schemas, schema)
        for name, held in operation.schemas.properties(node).items()
        if POINTER.search(told := str(operation.resolve(held).get("description"))) and not _OR.search(told)
    )
