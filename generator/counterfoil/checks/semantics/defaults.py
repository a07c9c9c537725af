"""What a request leaves out is in the answer as the contract's default says (JSON Schema, validation, section 9.2)."""

import json
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.collections import at
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics.echoes import comparing, sharing
from counterfoil.checks.semantics.echoes.said import body_and_schema
from counterfoil.checks.wire.exchange import Exchange

NAME = "defaults"

_NONE: Any = object()


class Defaults:
    """Looks at the answers to requests that make or replace objects."""

    names = (NAME,)

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note what an answer tells of a property that the request lacks, where that is not the property's default."""
        operation = exchange.operation
        if NAME in operation.switched_off or not exchange.accepted or not exchange.meets:
            return
        if exchange.response_schema is None or role_of(operation).action not in ("create", "replace"):
            return
        said, schema = body_and_schema(exchange)
        if schema is None:
            return
        shared, defaults = operation.remembered(
            (NAME, id(schema), id(exchange.response_schema)),
            lambda: _defaults(operation, schema, exchange.response_schema),
        )
        if shared is None or not defaults:
            return
        body, answer = at(said, shared.asked), at(exchange.response.json, shared.told)
        if not isinstance(body, dict) or not isinstance(answer, dict):
            return
        for name, default in defaults.items():
            if name in body or name not in answer:
                continue
            offered, known = shared.offered[name], shared.known[name]
            if not comparing.echoes(operation, offered, known, default, answer[name]):
                place = "/".join(("", *shared.told, name))
                summary = f"{place} is not the default of what was not sent"
                pointer = operation.schema_pointer(exchange.documented, exchange.response.header("content-type"))
                report.add(exchange, NAME, summary, json.dumps(default), json.dumps(answer[name]), pointer)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def _defaults(operation: Operation, sent: Any, received: Any) -> tuple[sharing.Shared | None, dict[str, Any]]:
    """What requests and answers of two schemas share, and the defaults of it that both sides take."""
    shared = sharing.shared(operation, sent, received)
    found: dict[str, Any] = {}
    if shared is None:
        return None, found
    asked = shapes.at(operation, sent, shared.asked)
    for name in shared.names:
        stated = [_default(operation, each) for each in shapes.declared(operation, asked, name)]
        if any(each != stated[0] for each in stated):
            continue  # it depends on what else is sent
        default, told = (_default(operation, schemas[name]) for schemas in (shared.offered, shared.known))
        is_one = default is not _NONE and told in (None, _NONE, default)
        if is_one and operation.accepts(shared.known[name], default):
            found[name] = default
    return shared, found


def _default(operation: Operation, schema: Any) -> Any:
    """The default of a property, `_NONE` where there is none, or none to compare with."""
    for node in (schema, operation.resolve(schema)):
        if isinstance(node, dict) and "default" in node and operation.accepts(schema, node["default"]):
            return node["default"]
    return _NONE
