"""A created object is echoed: what request and success response share by name and schema comes back equal."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import NOTHING, Exchange

NAME = "echo"

_MISSING: Any = object()


class Shared(NamedTuple):
    """The object of a response that echoes the request, and the properties it shares with it."""

    path: shapes.Path
    names: tuple[str, ...]


def shared(operation: Operation, sent: Any, received: Any) -> Shared | None:
    """Where in answers of schema `received` requests of schema `sent` are echoed, None if nowhere.

    Of the objects in the response the one that shares most properties counts, of equals the outermost.
    """
    offered = {
        name: schema
        for name, schema in shapes.properties(operation, sent).items()
        if not _flagged(operation, schema, "writeOnly", "readOnly")
    }
    best: Shared | None = None
    for path, found in shapes.objects(operation, received):
        names = tuple(name for name in offered if name in found and shapes.alike(operation, offered[name], found[name]))
        if names and (best is None or len(names) > len(best.names)):
            best = Shared(path, names)
    return best


class Echo:
    """Watches accepted requests for what they share with their answers."""

    names = (NAME,)

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note a finding for every shared property of an accepted request that did not come back equal."""
        if NAME not in exchange.operation.switched_off:
            _check(exchange, report)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def _check(exchange: Exchange, report: Report) -> None:
    operation = exchange.operation
    body, answer = exchange.request.json, exchange.response.json
    if exchange.request.method != "POST" or not exchange.accepted or not isinstance(body, dict):
        return
    if operation.request_schema is None or exchange.response_schema is None or answer is NOTHING:
        return
    found = operation.remembered(
        (NAME, id(exchange.response_schema)),
        lambda: shared(operation, operation.request_schema, exchange.response_schema),
    )
    if found is None:
        return
    for name in found.path:
        answer = answer.get(name, _MISSING) if isinstance(answer, dict) else _MISSING
    place = "/".join(("", *found.path))
    if not isinstance(answer, dict):
        if any(body.get(name) is not None for name in found.names):
            report.add(
                exchange, NAME, "the object sent is not in the answer", f"an object at {place or '/'}",
                exchange.response.describe(),
            )  # fmt: skip
        return
    offered = shapes.properties(operation, operation.request_schema)
    known = shapes.properties(operation, exchange.response_schema)
    for name in found.path:
        known = shapes.properties(operation, known[name])
    for name in found.names:
        # Where null is not among the values of an answer, a default takes its place.
        if name not in body or (body[name] is None and not operation.accepts(known[name], None)):
            continue
        received = answer.get(name, _MISSING)
        if not echoes(operation, offered[name], known[name], body[name], received):
            got = "nothing" if received is _MISSING else _show(received)
            report.add(exchange, NAME, f"{place}/{name} is not what was sent", _show(body[name]), got)


def echoes(operation: Operation, asked: Any, answered: Any, sent: Any, received: Any) -> bool:
    """Whether `received` (of the schema `answered`) is `sent` (of the schema `asked`) again.

    Null may be left out. Of objects, what the schemas do not share may differ.
    """
    if sent is None:
        return received is _MISSING or received is None
    if isinstance(sent, dict) and isinstance(received, dict):
        offered, known = shapes.properties(operation, asked), shapes.properties(operation, answered)
        return all(
            echoes(operation, offered.get(name, {}), known.get(name, {}), value, received.get(name, _MISSING))
            for name, value in sent.items()
            if _is_shared(operation, name, offered, known)
        )
    if isinstance(sent, list) and isinstance(received, list):
        offered, known = shapes.items(operation, asked), shapes.items(operation, answered)
        return len(sent) == len(received) and all(
            echoes(operation, offered, known, one, other) for one, other in zip(sent, received, strict=True)
        )
    if isinstance(sent, bool) or isinstance(received, bool):
        return sent is received
    return bool(sent == received) or _same_instant(operation, asked, sent, received)


def _is_shared(operation: Operation, name: str, offered: dict[str, Any], known: dict[str, Any]) -> bool:
    """Whether a property is in both schemas; any is where neither declares properties."""
    if not offered and not known:
        return True
    return name in offered and name in known and shapes.alike(operation, offered[name], known[name])


def _same_instant(operation: Operation, schema: Any, sent: Any, received: Any) -> bool:
    resolved = operation.resolve(schema)
    if not isinstance(resolved, dict) or resolved.get("format") != "date-time":
        return False
    try:
        return datetime.fromisoformat(sent) == datetime.fromisoformat(received)
    except (TypeError, ValueError):
        return False


def _flagged(operation: Operation, schema: Any, *flags: str) -> bool:
    resolved = operation.resolve(schema)
    return any(isinstance(node, dict) and node.get(flag) is True for node in (schema, resolved) for flag in flags)


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "…"
