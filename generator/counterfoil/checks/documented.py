"""Documented examples: each request example is accepted and answered as the response examples show."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.cases.labels import Labels
from counterfoil.checks.cases.leaves import at
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.echoes import comparing
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange

NAME = "documented_example"

_MISSING: Any = object()
# Forms of strings that an example shows, and that every answer then has.
_FORMS = {
    "a date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?"),
    "a date": re.compile(r"\d{4}-\d\d-\d\d"),
    "a UUID": re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
    "a URL": re.compile(r"https?://\S+"),
}


class Example(NamedTuple):
    """A documented value, and the name it has among several."""

    name: str
    value: Any


def run(conversation: Conversation) -> None:
    """Send every documented request example, and note what is answered otherwise than documented.

    An example that breaks its own schema may be refused.
    """
    labels = Labels()
    for operation in conversation.operations:
        if operation.json_media_type is None or NAME in operation.switched_off:
            continue
        media = operation.request_content[operation.json_media_type]
        for example in _examples(operation, media):
            draft = _draft(operation, example, conversation.report)
            if draft is None:
                continue
            broken = labels.broken(draft)
            exchange = conversation.ask(draft, intent="invalid" if broken else "valid", source="documented")
            if exchange is not None:
                _check(exchange, example, broken, conversation.report)


def _examples(operation: Operation, media: dict[str, Any]) -> list[Example]:
    named = {name: operation.resolve(item) for name, item in media.get("examples", {}).items()}
    found = [Example(name, item["value"]) for name, item in named.items() if "value" in item]
    if "example" in media:
        found.insert(0, Example("", media["example"]))
    return found


def _draft(operation: Operation, example: Example, report: Report) -> Draft | None:
    """The request that `example` makes; None, with the reason noted, where a parameter has no documented value."""
    path: dict[str, str] = {}
    others: dict[str, list[tuple[str, str]]] = {"query": [], "header": [], "cookie": []}
    for parameter in operation.parameters:
        value = _documented_value(operation, parameter)
        if value is _MISSING:
            if parameter.get("required"):
                report.skip(NAME, operation.label, f"no documented value for the parameter {parameter['name']}")
                return None
            continue
        name, text = parameter["name"], value if isinstance(value, str) else json.dumps(value)
        if parameter["in"] == "path":
            path[name] = text
        else:
            others[parameter["in"]].append((name, text))
    query, headers, cookies = map(tuple, others.values())
    return Draft(operation, path, query, headers, cookies).with_json(example.value)


def _documented_value(operation: Operation, parameter: dict[str, Any]) -> Any:
    schema = operation.resolve(parameter.get("schema", {}))
    named = [operation.resolve(item).get("value", _MISSING) for item in parameter.get("examples", {}).values()]
    candidates = [parameter.get("example", _MISSING), *named]
    candidates += [schema.get("example", _MISSING), *schema.get("examples", []), schema.get("default", _MISSING)]
    return next((value for value in candidates if value is not _MISSING), _MISSING)


def _check(exchange: Exchange, example: Example, broken: str, report: Report) -> None:
    operation, response = exchange.operation, exchange.response
    title = f"example {example.name!r}" if example.name else "the documented example"
    documented = [
        key
        for key, found in operation.responses.items()
        if key.startswith("2") and any(example.name in media.get("examples", {}) for media in _media(found.tree))
    ]
    wanted = documented if example.name and documented else operation.success_keys
    key = str(response.status) if str(response.status) in wanted else f"{response.status // 100}XX"
    if key not in wanted and (wanted or not operation.is_success(response.status)):
        if broken and 400 <= response.status < 500:
            report.skip(NAME, operation.label, f"{title} breaks its schema: {broken}")
            return
        expected = " or ".join(wanted) or "a success status"
        came = f"is answered with {response.status}" if 200 <= response.status < 300 else "is not accepted"
        report.add(exchange, NAME, f"{title} {came}", expected, response.describe())
        return
    schema, body = exchange.response_schema, response.json
    if schema is None:
        return
    validator = operation.response_validator(schema)
    if body is NOTHING or not validator.is_valid(body):
        error = "no JSON" if body is NOTHING else next(validator.iter_errors(body)).message
        report.add(exchange, NAME, f"{title} is answered in another shape", error, response.describe())
        return
    described = exchange.documented
    for media in _media(described.tree if described else {}):
        shown = {item.name: item.value for item in _examples(operation, media)}
        if shown:
            value = shown.get(example.name, next(iter(shown.values())))
            _compare(exchange, example.value, value, body, title, report)
            return


def _media(response: dict[str, Any]) -> list[dict[str, Any]]:
    return list(response.get("content", {}).values())


def _compare(exchange: Exchange, asked: Any, shown: Any, answered: Any, title: str, report: Report) -> None:
    """Compare an answer with the documented answer: what that echoes of its request is echoed, the rest alike in form.

    What the schema lets a server leave out may be missing, unless the documented answer echoes it.
    """
    sent = exchange.request.json
    holder, echoed = _echoed(asked, shown)
    operation = exchange.operation
    told = shapes.at(operation, exchange.response_schema, holder)
    for declared in (shapes.properties(operation, schema) for schema in (operation.request_schema, told)):
        echoed = echoed & declared.keys() if declared else echoed
    for path, value in _leaves(shown, ()):
        received = at(answered, path, _MISSING)
        place = "/" + "/".join(path)
        if path[:-1] == holder and path[-1:] and (name := path[-1]) in echoed:
            if not comparing.echoes(exchange.operation, {}, {}, sent[name], received):
                got = exchange.response.describe()
                report.add(exchange, NAME, f"{title} is not echoed at {place}", json.dumps(sent[name]), got)
        elif isinstance(value, str) and isinstance(received, str):
            form = next((form for form, pattern in _FORMS.items() if pattern.fullmatch(value)), None)
            if form is not None and received and not _FORMS[form].fullmatch(received):
                report.add(exchange, NAME, f"{title} is answered in another form at {place}", form, repr(received))
        elif received not in (_MISSING, None) and value is not None and not _same_type(value, received):
            got = shapes.type_of(received)
            report.add(exchange, NAME, f"{title} is answered by another type at {place}", shapes.type_of(value), got)


def _same_type(one: Any, other: Any) -> bool:
    here, there = shapes.type_of(one), shapes.type_of(other)
    return here == there or {here, there} == {"integer", "number"}


def _echoed(asked: Any, shown: Any) -> tuple[shapes.Path, frozenset[str]]:
    """The object of a documented answer that repeats most of the documented request, and the names it repeats."""
    best: tuple[shapes.Path, frozenset[str]] = ((), frozenset())
    pending: list[tuple[shapes.Path, Any]] = [((), shown)]
    for path, value in pending:
        if isinstance(value, dict) and isinstance(asked, dict):
            same = frozenset(name for name in value if asked.get(name) is not None and asked[name] == value[name])
            best = max(best, (path, same), key=lambda item: len(item[1]))
            pending += [((*path, name), child) for name, child in value.items()]
    return best


def _leaves(value: Any, path: shapes.Path) -> Iterator[tuple[shapes.Path, Any]]:
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from _leaves(child, (*path, name))
    elif not isinstance(value, list):
        yield path, value
