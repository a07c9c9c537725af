"""Refusals in other words than are stated, or that tell another value, limit or place than the request and contract."""

import json
import re
from collections.abc import Callable

from tests.faults.altering import Change, Message
from tests.faults.catalogue.echo import DEFINITIONS, METRICS
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators.answers import answer, edit, replace_answer, set_response, text, void
from tests.faults.operators.conditions import at, when_asked

_QUOTED = re.compile(r'(?<=(?:sent|ided) ")[^"]+(?=")')
_COMPANY = "GET /external/v1/external/v1/customers/companies/{company_id}/metrics"


def detail(change: Callable[[str], str], *, on: str = "400") -> Change:
    """What is wrong, in other words."""
    return edit("/details/*/message", change, on=on)


def both_messages(old: str, new: str, *, on: str) -> Change:
    """Say something else where a refusal says the same twice."""
    return text(lambda found: found.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1]), on=on)


def _twice(found: Message, asked: Message) -> None:
    void(found.edit("/details", lambda details: [*details, *details]))


def _path(change: Callable[[str], str]) -> Change:
    def told(found: Message, asked: Message) -> None:
        found.body = found.body.replace(asked.path.encode(), change(asked.path).encode())

    return answer(told, on="404")


FAULTS = [
    Fault(
        "ids that are none are nobody's",
        "meteroid",
        at(
            "GET /api/v1/metrics/{id}",
            replace_answer(404, {"code": "NOT_FOUND", "message": "Resource not found"}, on="400"),
        ),
    ),
    Fault(
        "an allowed value is left out", "unleash", at(REGISTER, detail(lambda told: told.replace('"counter", ', "")))
    ),
    Fault(
        "a value too many is allowed",
        "unleash",
        at(REGISTER, detail(lambda told: told.replace('"counter", ', '"counter", "summary", '))),
    ),
    Fault("another limit is told", "unleash", at(REGISTER, detail(lambda told: told.replace("_:][", "_][", 1)))),
    Fault(
        "another length is told",
        "meteroid",
        at(METRICS, text(lambda told: told.replace("> 512 chars", "> 255 chars"), on="400")),
    ),
    Fault(
        "another size is told", "meteroid", at(METRICS, text(lambda told: re.sub(r"\(\d+ >", "(512 >", told), on="400"))
    ),
    Fault(
        "the value is cut off",
        "unleash",
        at(REGISTER, detail(lambda told: _QUOTED.sub(lambda found: found[0][:8], told))),
    ),
    Fault(
        "the value in lower case",
        "unleash",
        at(REGISTER, detail(lambda told: _QUOTED.sub(lambda found: found[0].lower(), told))),
    ),
    Fault("the value in ASCII", "unleash", at(REGISTER, detail(lambda told: told.encode("ascii", "replace").decode()))),
    Fault("the value with escapes of HTML", "unleash", at(REGISTER, detail(lambda told: told.replace("<", "&lt;")))),
    Fault(
        "another type is expected",
        "unleash",
        at(REGISTER, detail(lambda told: told.replace("must be string", "must be number"))),
    ),
    Fault("one full stop of two", "unleash", at(REGISTER, detail(lambda told: told.replace("instead..", "instead.")))),
    Fault("no full stop", "unleash", at(REGISTER, edit("/message", lambda told: told.removesuffix("."), on="400"))),
    Fault("a violation twice", "unleash", at(REGISTER, answer(_twice, on="400"))),
    Fault(
        "the path of a body is a slash",
        "unleash",
        at(REGISTER, edit("/details/*/path", lambda told: "/" if told == "/body" else told, on="400")),
    ),
    Fault("an unknown path with a slash more", "unleash", _path(lambda path: f"{path}/")),
    Fault("an unknown path in lower case", "unleash", _path(str.lower)),
    Fault("the path of something else", "unleash", _path(lambda path: "/api/admin")),
    Fault(
        "a media type that was not sent", "unleash", at(REGISTER, both_messages("text/plain", "text/html", on="415"))
    ),
    Fault(
        "no media type where there is one",
        "unleash",
        at(REGISTER, both_messages("(text/plain)", "(you didn't provide one)", on="415")),
    ),
    Fault(
        "other media types are taken",
        "unleash",
        at(REGISTER, both_messages("(application/json)", "(text/xml)", on="415")),
    ),
    Fault(
        "another place of a parameter",
        "cuoral",
        at(_COMPANY, set_response("/detail/*/loc", ["body", "company_id"], on="422")),
    ),
    Fault(
        "other words about a parameter", "cuoral", at(_COMPANY, set_response("/detail/*/msg", "bad integer", on="422"))
    ),
    Fault(
        "another type of a parameter's violation",
        "cuoral",
        at(_COMPANY, set_response("/detail/*/type", "int_type", on="422")),
    ),
    Fault(
        "only what is wrong with a query",
        "meteroid",
        at(
            "GET /api/v1/metrics",
            text(lambda told: told.replace("Failed to deserialize query string: ", ""), on="400"),
        ),
    ),
    Fault(
        "another path in words",
        "meteroid",
        at("PATCH /api/v1/metrics/{id}", text(lambda told: re.sub(r"(type: )\w+: ", r"\1value: ", told), on="422")),
    ),
    Fault("a variant is left out", "meteroid", at(METRICS, text(lambda told: told.replace('"COUNT", ', ""), on="422"))),
    Fault(
        "words of a field but for a letter",
        "unibee",
        at(
            "POST /merchant/metric/new",
            edit("/message", lambda told: told.replace("The Code field", "The code field"), on="400"),
        ),
    ),
    Fault(
        "no JSON is refused as by another operation",
        "unibee",
        at(
            "POST /merchant/metric/edit",
            when_asked(
                lambda asked: asked.json is None,
                edit("/message", lambda told: told.replace("MetricId", "Code"), on="400"),
            ),
        ),
    ),
    Fault(
        "a line later", "meteroid", at(METRICS, text(lambda told: told.replace("at line 1 ", "at line 2 "), on="400"))
    ),
    Fault(
        "where as a text",
        "cuoral",
        at(DEFINITIONS, edit("/detail/*/loc", lambda steps: [str(step) for step in steps], on="422")),
    ),
    Fault(
        "where is no number",
        "meteroid",
        at(METRICS, text(lambda told: re.sub(r"line \d+", "line undefined", told), on="400")),
    ),
]
