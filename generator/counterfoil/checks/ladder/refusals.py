"""The refusal of a request that is wrong in one known place: as the contract states it, and naming that place."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks import shapes, stated, templates
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import plain

STATED = "stated_refusals"
PLACE = "error_location"
NAMES = (STATED, stated.WORDS, PLACE)

_TELLING = 4  # letters of a name, below which it occurs in other words
_ABOUT_STATE = ("duplicate", "unknown-object", "too-large")
_MEMBERS = frozenset(("loc", "location", "path", "field", "pointer", "instancepath", "datapath", "param", "property"))
_NAMING = frozenset(("field", "fieldname", "param", "parameter", "pointer"))
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
_EXACT = _PLAIN | {"enum"}
# Keywords that say at which place something is wrong.
_KNOWN = frozenset(
    (*_PLAIN, "enum", "const", "pattern", "format", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")
)
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
    operation, response = exchange.operation, exchange.response
    facts = _facts(exchange, rung)
    answers = list(_stated(operation, (rung.reason,)))
    if not answers:
        _check_violation(exchange, rung, facts, report)
        return
    if (
        rung.alone
        and rung.keyword in (*_PLAIN, "enum")
        and (exact := stated.refusal(operation, f"invalid.{rung.keyword}"))
    ):
        answers = [exact]
    others = [*answers, *_stated(operation, _ABOUT_STATE)]
    if rung.reason == "malformed" and not rung.change.startswith("is malformed"):
        # Which of the checks comes first is asked elsewhere.
        others += _stated(operation, ("media-type", "invalid"))
    if rung.reason == "media-type" and not _is_json(exchange.request.body):
        others += _stated(operation, ("malformed",))
    differences = [(stated.difference(answer, response, facts), answer) for answer in others]
    fitting = [answer for difference, answer in differences if not difference]
    if not fitting:
        summary = f"a request that is {rung.reason} is refused otherwise than stated: {differences[0][0]}"
        report.add(exchange, STATED, summary, str(answers[0]), response.describe(), stated.POINTER)
        return
    words = [stated.other_words(answer, response, facts) for answer in fitting]
    if all(words) and stated.WORDS not in operation.switched_off:
        expected = str(fitting[0].get("body"))
        if any("{violation" in json.dumps(answer) for answer in fitting):
            wanted = facts.get("violation")
            texts = list(_texts(response.json)) or [response.body.decode("utf-8", "replace")]
            other = _other_field(exchange, rung, texts)
            # How a violation is worded is for the server to say, as long as it does not mislead.
            if other:
                summary = f"the refusal speaks of another field: {rung.place}"
                report.add(exchange, STATED, summary, str(wanted), f"{other}: {response.describe()}", rung.pointer)
            return
        summary = f"a request that is {rung.reason} is refused with {words[0]}"
        report.add(exchange, stated.WORDS, summary, expected, response.describe(), stated.POINTER)


def _check_violation(exchange: Exchange, rung: Rung, facts: templates.Facts, report: Report) -> None:
    """Where no answer as a whole is stated, what is wrong is told somewhere in it as is stated of violations."""
    wanted, body = facts.get("violation"), exchange.response.json
    if not isinstance(wanted, dict) or body is NOTHING or rung.reason != "invalid":
        return
    inner = {name: fact for name, fact in facts.items() if name != "violation"}
    told = [[each for each in templates.departures(wanted, entry, inner) if not each.words] for entry in _entries(body)]
    if told and all(told):
        nearest = min(told, key=len)[0]
        summary = f"a violation is told otherwise than stated: {nearest.what} at {nearest.place} for {rung.keyword}"
        report.add(exchange, STATED, summary, str(wanted), exchange.response.describe(), rung.pointer)


def _facts(exchange: Exchange, rung: Rung) -> dict[str, Any]:
    """What the placeholders of a stated violation stand for, where only one thing is wrong and it is known which."""
    if not rung.alone or rung.in_union or rung.keyword not in _KNOWN or not rung.path:
        return {}
    wanted = _violation(exchange.operation, rung)
    if wanted is None:
        return {}
    path = list(rung.path)
    facts: dict[str, Any] = {
        "violation": wanted,
        "loc": ["body", *path],
        "path": ".".join(map(str, path)),
        "pointer": json_pointer.join("", *path),
        "field": str(path[-1]),
        "in": "body",
    }
    try:
        parent = exchange.request.json
        for step in path[:-1]:
            parent = parent[step]
        json.dumps(parent, allow_nan=False)  # what a parser has rounded to infinity is not what was sent
        facts["parent"] = parent
        if rung.present:
            facts["value"] = parent[path[-1]]
    except (LookupError, TypeError, ValueError):
        pass
    return facts


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _other_field(exchange: Exchange, rung: Rung, texts: Sequence[str]) -> str:
    """The field that a refusal in plain words speaks of in place of the one that is wrong; empty where it does not."""
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
    if not steps or not rung.path or not isinstance(rung.path[-1], str):
        return None
    is_keyword = len(steps) < 2 or (steps[-2] not in _HOLDERS and steps[-1] not in _SCHEMAS)
    schema = _at(operation, steps[:-1] if is_keyword else steps)
    if not rung.present:
        schema = _keys(_keys(_at(operation, steps[:-1])).get("properties")).get(rung.path[-1], schema)
    for holder in (_keys(schema), operation.tree, operation.contract):
        found = holder.get("x-counterfoil", {}).get("violations", {})
        if found:
            return found.get(rung.keyword, found.get("*"))
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
    """The objects of an error that say of one violation each what it is: those in lists, or one that names a field."""
    if isinstance(value, dict):
        if any(plain(name) in _NAMING and isinstance(held, str) and held for name, held in value.items()):
            yield value
        for held in value.values():
            yield from _entries(held)
    elif isinstance(value, list):
        for held in value:
            if isinstance(held, dict):
                yield held
                held = list(held.values())
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
