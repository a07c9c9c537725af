"""The refusal of a request that is wrong in one known place: as the contract states it, and naming that place."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from counterfoil.checks import shapes, stated, templates
from counterfoil.checks.facts import Facts
from counterfoil.checks.ladder import descriptions, judge, violations
from counterfoil.checks.ladder.places_told import entries, names, names_of, places, steps_to
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import plain

STATED = "stated_refusals"
PLACE = "error_location"
NAMES = (STATED, stated.WORDS, PLACE)

_TELLING = 4  # letters of a name, below which it occurs in other words
_ABOUT_STATE = ("duplicate", "unknown-object")
# Keywords of which no other one is a part.
_PLAIN = frozenset(("type", "required", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"))
_FIELDS = frozenset(("field", "fieldname", "param", "parameter", "property"))
_ABSENT = frozenset(("missing", "required", "isrequired", "valueerrormissing", "missingfield"))


def check(exchange: Exchange, rung: Rung, report: Report) -> None:
    """Note a finding where a refused request is answered otherwise than stated, or another place is named."""
    if not 400 <= exchange.response.status < 500 or not rung.broken or not rung.must:
        return
    off = exchange.operation.switched_off
    if STATED not in off:
        _check_stated(exchange, rung, report)
        descriptions.check_status(exchange, rung, STATED, report)
    if PLACE not in off and rung.path and exchange.operation.looks_at("schema"):
        _check_place(exchange, rung, report)
        descriptions.check_places(exchange, rung, PLACE, report)


def _check_stated(exchange: Exchange, rung: Rung, report: Report) -> None:
    response = exchange.response
    if _may_be_malformed(exchange, rung):
        return
    facts, is_worded = violations.facts(exchange, rung)
    answers, others = _answers(exchange, rung)
    if not answers:
        _check_violation(exchange, facts, rung, report, is_worded=is_worded)
        return
    differences = [(stated.difference(answer, response, facts), answer) for answer in (*answers, *others)]
    fitting = [answer for difference, answer in differences if not difference]
    if not fitting:
        summary = f"a request that is {rung.reason} is refused otherwise than stated: {differences[0][0]}"
        report.add(exchange, STATED, summary, str(answers[0]), response.describe(), stated.POINTER)
        return
    words = [each for answer in fitting if (each := stated.other_words(answer, response, facts))]
    if len(words) == len(fitting) and stated.WORDS not in exchange.operation.switched_off:
        _note_words(exchange, rung, report, (fitting, words[0]), facts, is_worded=is_worded)


def _may_be_malformed(exchange: Exchange, rung: Rung) -> bool:
    """Whether a body that is neither object nor array is refused as is stated of what is no JSON text.

    Up to RFC 4627, section 2, it is none, and many parsers keep to that.
    """
    if rung.reason != "invalid" or rung.within != "body" or isinstance(exchange.request.json, dict | list):
        return False
    answers = _stated(exchange.operation, ("malformed",))
    return any(not stated.difference(answer, exchange.response) for answer in answers)


def _answers(exchange: Exchange, rung: Rung) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The answers that are stated for what is wrong with a request, and those that are as right for other reasons."""
    operation = exchange.operation
    answers = list(_stated(operation, (rung.reason,)))
    if rung.reason == "media-type" and exchange.request.header("content-type") and exchange.request.body:
        answers = list(filter(None, [stated.refusal(operation, rung.reason)]))
    if not answers:
        return [], []
    # What a path is refused for in particular comes before the question which objects there are.
    is_of_path = rung.alone and rung.within == "path" and _is_stated(operation, f"invalid.{rung.keyword}")
    if is_of_path or (rung.alone and rung.keyword in (*_PLAIN, "enum")):
        answers = list(filter(None, [stated.refusal(operation, f"invalid.{rung.keyword}")])) or answers
    of_size = ("too-large",) if judge.is_large(exchange) else ()
    others = list(_stated(operation, (*(_ABOUT_STATE if not is_of_path else ()), *of_size)))
    if rung.reason == "malformed" and not rung.change.startswith("is malformed"):
        # Which of the checks comes first is asked elsewhere.
        others += _stated(operation, ("media-type", "invalid"))
    if rung.reason == "media-type" and not _is_json(exchange.request.body):
        others += _stated(operation, ("malformed",))
    return answers, others


def _note_words(
    exchange: Exchange,
    rung: Rung,
    report: Report,
    told: tuple[list[dict[str, Any]], templates.Departure],
    facts: Facts,
    *,
    is_worded: bool,
) -> None:
    """Note that a refusal says something else to people than is stated, unless servers may say more of it.

    `told` are the stated answers that programs cannot tell from it, and where it departs from the first of them.
    """
    (fitting, first), response = told, exchange.response
    expected, pointer = str(fitting[0].get("body")), stated.POINTER
    if any("{violation" in json.dumps(answer) for answer in fitting):
        texts = list(_texts(response.json)) or [response.body.decode("utf-8", "replace")]
        if other := _other_field(exchange, rung, texts):
            summary, got = f"the refusal speaks of another field: {rung.place}", f"{other}: {response.describe()}"
            report.add(exchange, STATED, summary, str(facts.get("violation")), got, rung.pointer)
            return
        # Where words are stated for whatever may be wrong, servers may say more of it.
        around = {name: fact for name, fact in facts.items() if name != "violation"}
        if not (is_worded or first.untold or stated.other_words(fitting[0], response, around)):
            return
        expected, pointer = str(facts.get("violation", expected)), rung.pointer
    summary = f"a request that is {rung.reason} is refused with {stated.told(first)}"
    report.add(exchange, stated.WORDS, summary, expected, response.describe(), pointer)


def _check_violation(exchange: Exchange, facts: Facts, rung: Rung, report: Report, *, is_worded: bool) -> None:
    """Where no answer as a whole is stated, what is wrong is told somewhere in it as is stated of violations."""
    wanted, body, off = facts.get("violation"), exchange.response.json, exchange.operation.switched_off
    if not isinstance(wanted, dict) or body is NOTHING or rung.reason != "invalid":
        return
    inner = {name: fact for name, fact in facts.items() if name != "violation"}
    told = [list(templates.departures(wanted, entry, inner)) for entry in entries(body)]
    if not told or not all(told):
        return
    nearest = min(told, key=lambda found: (sum(not each.words for each in found), len(found)))
    first = next((each for each in nearest if not each.words), nearest[0])
    if first.words and (stated.WORDS in off or not (first.untold or is_worded)):
        return
    check = stated.WORDS if first.words else STATED
    summary = f"a violation is told otherwise than stated: {first.what} at {first.place} for {rung.keyword}"
    report.add(exchange, check, summary, str(wanted), exchange.response.describe(), rung.pointer)


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


def _is_stated(operation: Operation, reason: str) -> bool:
    """Whether the answer to a reason is stated, and not only to what it is one of."""
    holders = (operation.tree, operation.contract)
    return any(reason in holder.get("x-counterfoil", {}).get("refusals", {}) for holder in holders)


def _stated(operation: Operation, reasons: Sequence[str]) -> Sequence[dict[str, Any]]:
    """The stated answers to reasons, and to those that are more special; an operation's own in place of all others'."""
    return operation.remembered(("stated", *reasons), lambda: tuple(_find_stated(operation, reasons)))


def _find_stated(operation: Operation, reasons: Sequence[str]) -> Iterator[dict[str, Any]]:
    of_all, own = (
        holder.get("x-counterfoil", {}).get("refusals", {}) for holder in (operation.contract, operation.tree)
    )
    for name, answer in (of_all | own).items():
        if any(name == reason or name.startswith(reason + ".") for reason in reasons):
            yield answer


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
    told, wanted = list(places(body)), names_of(rung.path)
    shown_at = [(steps, entry[name]) for entry, name in told if (steps := steps_to(entry[name])) is not None]
    if not shown_at or not wanted:
        return
    # A property may be called as what places are said to begin with, such as `query`.
    whole = (steps_to(shown, beginning=True) or [] for _, shown in shown_at)
    is_named = any(names(steps, wanted, wide=rung.wide) for steps, _ in shown_at)
    # What is called a field may be that of the outermost object, unless the contract says how a place is told.
    is_named |= any(plain(name) in _FIELDS and steps_to(entry[name]) == wanted[:1] for entry, name in told)
    if not is_named and not any(names(steps, wanted, wide=False) for steps in whole):
        got = ", ".join(str(shown) for _, shown in shown_at[:3])
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
        if steps_to(shown) == wanted and not re.search(r"/\d+(/|$)", shown):
            summary = f"the refusal leaves out which item is wrong: {rung.place}"
            expected = "/" + "/".join(map(str, rung.path))
            report.add(exchange, PLACE, summary, expected, shown, rung.pointer)
            return
    for entry, name in told:
        kinds = (plain(str(entry.get(kind))) for kind in ("type", "code", "keyword", "rule"))
        steps = steps_to(entry[name])
        if steps == wanted and rung.present and any(kind in _ABSENT for kind in kinds):
            expected = "what is wrong with a value that is there"
            report.add(exchange, PLACE, f"the refusal calls missing what is there: {rung.place}", expected, str(entry))
            return
