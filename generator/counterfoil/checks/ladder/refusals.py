"""The refusal of a request that is wrong in one known place: as the contract states it, and naming that place."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks import shapes, stated
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import plain

STATED = "stated_refusals"
PLACE = "error_location"
NAMES = (STATED, PLACE)

_TELLING = 4  # letters of a name, below which it occurs in other words
_ABOUT_STATE = ("duplicate", "unknown-object", "too-large")
_MEMBERS = frozenset(("loc", "location", "path", "field", "pointer", "instancepath", "datapath", "param", "property"))
# Where a place is said to begin, before the names within it.
_BEGINNINGS = frozenset(
    ["body", "data", "request", "query", "path", "header", "headers", "cookie", "root", "json", "payload", "params"]
)
_STEPS = re.compile(r"[^./\[\]#$'\"]+")
# What holds schemas by name, and keywords whose values are schemas.
_HOLDERS = frozenset(("properties", "patternProperties", "schemas", "$defs"))
_SCHEMAS = frozenset(("items", "additionalProperties", "schema"))
# Keywords of which no other one is a part.
_PLAIN = frozenset(("type", "required", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"))
_ABSENT = frozenset(("missing", "required", "isrequired", "valueerrormissing", "missingfield"))


def check(exchange: Exchange, rung: Rung, report: Report) -> None:
    """Note a finding where a refused request is answered otherwise than stated, or another place is named."""
    if not 400 <= exchange.response.status < 500 or not rung.broken or not rung.must:
        return
    off = exchange.operation.switched_off
    if STATED not in off:
        _check_stated(exchange, rung, report)
    if PLACE not in off and rung.path and exchange.operation.looks_at("schema"):
        _check_place(exchange, rung, report)


def _check_stated(exchange: Exchange, rung: Rung, report: Report) -> None:
    answers = list(_stated(exchange.operation, (rung.reason,)))
    if not answers:
        return
    if (
        rung.alone
        and rung.keyword in _PLAIN
        and (exact := stated.refusal(exchange.operation, f"invalid.{rung.keyword}"))
    ):
        answers = [exact]
    others = [*answers, *_stated(exchange.operation, _ABOUT_STATE)]
    if rung.reason != "invalid" and not rung.change.startswith("is malformed"):
        # Which of the checks comes first is asked elsewhere.
        others += _stated(exchange.operation, ("malformed", "media-type", "invalid"))
    differences = [(stated.difference(answer, exchange.response), answer) for answer in others]
    if all(difference for difference, _ in differences):
        summary = f"a request that is {rung.reason} is refused otherwise than stated: {differences[0][0]}"
        pointer = json_pointer.join("", "x-counterfoil", "refusals")
        report.add(exchange, STATED, summary, str(answers[0]), exchange.response.describe(), pointer)
        return
    says = any(not difference and "{violation" in json.dumps(answer) for difference, answer in differences)
    wanted = _violation(exchange.operation, rung) if says and rung.alone and not rung.in_union else None
    if isinstance(wanted, str) and stated.literal(wanted):
        texts = list(_texts(exchange.response.json)) or [exchange.response.body.decode("utf-8", "replace")]
        if not any(stated.occurs(wanted, text) for text in texts) and (other := _other_field(exchange, rung, texts)):
            summary = f"the refusal speaks of another field: {rung.place}"
            report.add(exchange, STATED, summary, wanted, f"{other}: {exchange.response.describe()}", rung.pointer)


def _other_field(exchange: Exchange, rung: Rung, texts: Sequence[str]) -> str:
    """The field that a refusal in plain words speaks of in place of the one that is wrong; empty where it does not.

    How a refusal is worded is for the server to say, as long as it does not mislead.
    """
    said = plain(" ".join(texts))
    names = [step for step in rung.path if isinstance(step, str)]
    if not names or any(plain(name) in said for name in names):
        return ""
    operation = exchange.operation
    others = shapes.properties(operation, operation.request_schema) if operation.request_schema else {}
    return next((name for name in others if len(plain(name)) >= _TELLING and plain(name) in said), "")


def _stated(operation: Operation, reasons: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The stated answers to reasons, and to those that are more special."""
    for holder in (operation.tree, operation.contract):
        for name, answer in holder.get("x-counterfoil", {}).get("refusals", {}).items():
            if any(name == reason or name.startswith(reason + ".") for reason in reasons):
                yield answer


def _violation(operation: Operation, rung: Rung) -> Any:
    """What `x-counterfoil.violations` states for the schema that is violated; None if nothing is."""
    steps = json_pointer.split(rung.pointer)
    keyword = "required" if not rung.present else steps[-1] if steps else ""
    if not steps or not rung.path or not isinstance(rung.path[-1], str):
        return None
    is_keyword = len(steps) < 2 or (steps[-2] not in _HOLDERS and keyword not in _SCHEMAS)
    schema = _at(operation, steps[:-1] if is_keyword else steps)
    if not rung.present:
        schema = _keys(_keys(_at(operation, steps[:-1])).get("properties")).get(rung.path[-1], schema)
    for holder in (_keys(schema), operation.tree, operation.contract):
        found = holder.get("x-counterfoil", {}).get("violations", {})
        if found:
            return found.get(keyword, found.get("*"))
    return None


def _at(operation: Operation, steps: Sequence[str]) -> Any:
    node: Any = operation.contract
    for step in steps:
        node = node[int(step)] if isinstance(node, list) and step.isdecimal() else _keys(node).get(step)
    return node


def _keys(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list) and value is not NOTHING:
        for held in value.values() if isinstance(value, dict) else value:
            yield from _texts(held)


def _check_place(exchange: Exchange, rung: Rung, report: Report) -> None:
    body = exchange.response.json
    if body is NOTHING:
        return
    told = [(entry, name) for entry in _entries(body) for name in entry if plain(name) in _MEMBERS]
    wanted = [plain(str(step)) for step in rung.path if not isinstance(step, int)]
    places = [(steps, entry[name]) for entry, name in told if (steps := _steps(entry[name])) is not None]
    if not places or not wanted:
        return
    if not any(_names(steps, wanted, wide=rung.wide) for steps, _ in places):
        got = ", ".join(str(shown) for _, shown in places[:3])
        summary = f"the refusal names another place: {rung.place}"
        expected = ".".join(map(str, rung.path))
        report.add(exchange, PLACE, summary, f"{expected}; {rung.broken}", got, rung.pointer)
        return
    sent = exchange.request.json
    for entry, name in told if sent is not NOTHING else ():
        shown = entry[name]
        if (
            not isinstance(shown, str)
            or not shown.startswith("/")
            or not any(isinstance(step, int) for step in rung.path)
        ):
            continue
        if _steps(shown) == wanted and not re.search(r"/\d+(/|$)", shown):
            summary = f"the refusal leaves out which item is wrong: {rung.place}"
            expected = "/" + "/".join(map(str, rung.path))
            report.add(exchange, PLACE, summary, expected, shown, rung.pointer)
            return
    for entry, name in told:
        kinds = (plain(str(entry.get(kind))) for kind in ("type", "code", "keyword", "rule"))
        steps = _steps(entry[name])
        if steps == wanted and rung.present and any(kind in _ABSENT for kind in kinds):
            expected = "what is wrong with a value that is there"
            report.add(exchange, PLACE, f"the refusal calls missing what is there: {rung.place}", expected, str(entry))
            return


def _entries(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in lists of an error: what it says of one violation each."""
    if isinstance(value, dict):
        for held in value.values():
            yield from _entries(held)
    elif isinstance(value, list):
        for held in value:
            if isinstance(held, dict):
                yield held
            yield from _entries(held)


def _steps(told: Any) -> list[str] | None:
    """The names on the way to a place that is told as a list, a dotted path or a JSON Pointer; None if it is none."""
    if isinstance(told, str):
        found = _STEPS.findall(told)
    elif isinstance(told, list) and all(isinstance(each, str | int) for each in told):
        found = [each for each in told if isinstance(each, str)]
    else:
        return None
    found = [plain(each) for each in found if not each.isdecimal()]
    return found[1:] if found and found[0] in _BEGINNINGS else found


def _names(steps: list[str], wanted: list[str], *, wide: bool) -> bool:
    """Whether a place is the wanted one or within it, or its end; with `wide` what it is in, too."""
    if steps[: len(wanted)] == wanted:
        return True
    if steps and (wanted[-len(steps) :] == steps or "".join(steps) == "".join(wanted)):
        return True
    return wide and wanted[: len(steps)] == steps
