"""What an overlay states of the answers to refused requests, `x-counterfoil.refusals`, as something to compare with.

What programs read is one matter: the status, and in a JSON body which members there are, numbers, truth values, codes
such as `NOT_FOUND` and whatever else is no prose. The words for people are another, with a check of its own; where
they hold something of the request, or random, its placeholder stands for it.
"""

from collections.abc import Iterator
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks import templates
from counterfoil.checks.facts import Facts, of_request
from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.templates import Departure
from counterfoil.checks.wire.exchange import NOTHING, Exchange, Response

WORDS = "refusal_words"
POINTER = json_pointer.join("", "x-counterfoil", "refusals")


def refusal(operation: Operation, reason: str) -> dict[str, Any]:
    """The stated answer to a reason such as `credentials.missing`, the most specific first; empty if none is stated."""
    while reason:
        for holder in (operation.tree, operation.contract):
            found = holder.get("x-counterfoil", {}).get("refusals", {}).get(reason)
            if found is not None:
                stated: dict[str, Any] = found
                return stated
        reason = reason.rpartition(".")[0]
    return {}


def difference(stated: dict[str, Any], response: Response, facts: Facts | None = None) -> str:
    """How a response differs from a stated answer in what programs read, in words; empty where it does not."""
    return next((told(each) for each in _departures(stated, response, facts or {}) if not each.words), "")


def other_words(stated: dict[str, Any], response: Response, facts: Facts | None = None) -> Departure | None:
    """Where a response says something else to people than is stated; None where it does not."""
    return next((each for each in _departures(stated, response, facts or {}) if each.words), None)


def says(stated: dict[str, Any], response: Response) -> bool:
    """Whether a response says a stated answer word by word, as where two of them differ in their words only."""
    return all(each.what == "nothing" for each in _departures(stated, response, {}))


def hold(exchange: Exchange, reason: str, check: str, summary: str, report: Report, pointer: str = "") -> bool:
    """Note a finding where a request is not refused as is stated for a reason; whether anything is stated.

    What programs read is a finding of `check`, with a summary that says what came in its place.
    """
    answer, facts = refusal(exchange.operation, reason), of_request(exchange)
    off, got = exchange.operation.switched_off, exchange.response.describe()
    if different := difference(answer, exchange.response, facts):
        if check not in off:
            expected = f"the answer that the overlay states for {reason}: {different}"
            report.add(exchange, check, summary, expected, got, pointer or POINTER)
    elif WORDS not in off and (words := other_words(answer, exchange.response, facts)):
        expected = f"what the overlay states for {reason}: {answer.get('body')}"
        report.add(exchange, WORDS, f"a refusal for {reason} has {told(words)}", expected, got, pointer or POINTER)
    return bool(answer)


def _departures(stated: dict[str, Any], response: Response, facts: Facts) -> Iterator[Departure]:
    status, template = stated.get("status"), stated.get("body")
    if status is not None and response.status != status:
        yield Departure("", f"status {response.status} in place of {status}")
        return
    for name, text in (stated.get("headers") or {}).items():
        if next(templates.of_words(str(text), response.header(name), facts), None) is not None:
            yield Departure("", f"another {name}")
    if template is None:
        return
    if response.json is not NOTHING:
        yield from templates.departures(template, response.json, facts)
        drawn: dict[str, str] = {}
        for name, found in templates.drawn(template, response.json):
            if drawn.setdefault(name, found) != found:
                yield Departure("", f"another {{{name}}} in one place than in another", words=True)
    elif isinstance(template, str):
        yield from templates.of_words(template, response.body.decode("utf-8", "replace"), facts)
    elif not is_json(media_type_of(response.header("content-type"))):
        yield Departure("", "no JSON")


def told(departure: Departure) -> str:
    """A departure in words, with where it is unless it is all of the answer."""
    if not departure.place and departure.what.startswith(("status", "no JSON", "another ")):
        return departure.what
    return f"{departure.what} at {departure.place or '/'}"
