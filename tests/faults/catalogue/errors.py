"""Errors that say another status, code or place than the contract, or say it in another form."""

from tests.faults.altering import Change, Message
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS
from tests.faults.faulty import Fault
from tests.faults.operators.answers import answer, drop, edit, header, replace_answer, set_response, status
from tests.faults.operators.conditions import at, both, when_asked
from tests.faults.operators.contracts import in_contract

REGISTER = "POST /api/admin/impact-metrics/register"
ORDER = "GET /v1/orders/{id}"
DETAIL = "POST /merchant/metric/detail"
PAGE = "<html><body><h1>Bad Request</h1></body></html>"


def in_html(on: str) -> Change:
    """What a proxy says in place of the server."""
    return answer(lambda found, asked: _become(found, asked.respond(found.status, PAGE, "text/html")), on=on)


def empty(on: str) -> Change:
    """A status and nothing else."""

    def change(found: Message, asked: Message) -> None:
        found.body = b""
        found.headers.pop("content-type", None)

    return answer(change, on=on)


def _become(found: Message, other: Message) -> None:
    found.headers, found.body = other.headers, other.body


def _as_malformed(found: Message, asked: Message) -> None:
    if b"unknown variant" in found.body:
        found.status = 400


def _malformed(request: Message) -> bool:
    return bool(request.body) and request.json is None and request.body.strip() != b"null"


FAULTS = [
    Fault("an unknown word is malformed", "meteroid", at(METRICS, answer(_as_malformed, on="422"))),
    Fault("422 is 400", "cuoral", status(422, 400)),
    Fault("401 is 403", "cuoral", status(401, 403)),
    Fault("401 is 404", "orders", status(401, 404)),
    Fault("409 is 422", "cuoral", at(DEFINITIONS, replace_answer(422, {"detail": []}, on="409"))),
    Fault(
        "409 is 400",
        "orders",
        at(
            ORDERS,
            replace_answer(
                400,
                {"code": "invalid", "message": "exists", "errors": [{"path": "/reference", "message": "exists"}]},
                on="409",
            ),
        ),
    ),
    Fault("404 is 410", "orders", status(404, 410)),
    Fault(
        "404 is 400",
        "orders",
        at(
            ORDER,
            replace_answer(
                400,
                {"code": "invalid", "message": "unknown", "errors": [{"path": "/id", "message": "unknown"}]},
                on="404",
            ),
        ),
    ),
    Fault("404 is 200", "orders", at(ORDER, status(404, 200))),
    Fault("404 is a server error", "meteroid", at("GET /api/v1/metrics/{id}", status(404, 500))),
    Fault("415 is 400", "unleash", status(415, 400)),
    Fault("415 is 500", "meteroid", status(415, 500)),
    Fault("400 is 422", "unleash", status(400, 422)),
    Fault("malformed is 422", "meteroid", when_asked(_malformed, status(400, 422))),
    Fault("malformed is 400", "cuoral", when_asked(_malformed, status(422, 400))),
    Fault("invalid is 400", "meteroid", at(METRICS, status(422, 400))),
    Fault("errors are 200", "unibee", at(NEW, status(400, 200))),
    Fault("errors are 200", "orders", at(ORDERS, status(400, 200))),
    Fault("errors are 202", "unleash", status(400, 202)),
    Fault("created is 200", "orders", at(ORDERS, status(201, 200))),
    Fault("created is 202", "meteroid", status(201, 202)),
    Fault("deleted is 200", "orders", status(204, 200)),
    Fault("archived is 202", "meteroid", status(204, 202)),
    Fault("code of success in errors", "unibee", set_response("/code", 0, on="400")),
    Fault("code of credentials for invalid data", "unibee", at(NEW, set_response("/code", 61, on="400"))),
    Fault("code of an error in success", "unibee", at(NEW, set_response("/code", 51))),
    Fault("code of a conflict for invalid data", "orders", set_response("/code", "conflict", on="400")),
    Fault("code of credentials for unknown orders", "orders", set_response("/code", "unauthorized", on="404")),
    Fault("code not in the contract", "orders", set_response("/code", "boom", on="409")),
    Fault("code as a number", "meteroid", set_response("/code", 401, on="401")),
    Fault("name of another error", "unleash", set_response("/name", "NotFoundError", on="400")),
    Fault("every loc is data_type", "cuoral", set_response("/detail/*/loc", ["body", "data_type"], on="422")),
    Fault("loc without body", "cuoral", edit("/detail/*/loc", lambda loc: loc[1:] or ["body"], on="422")),
    Fault("loc empty", "cuoral", set_response("/detail/*/loc", [], on="422")),
    Fault("loc as text", "cuoral", edit("/detail/*/loc", lambda loc: ".".join(map(str, loc)), on="422")),
    Fault("every error is missing", "cuoral", set_response("/detail/*/type", "missing", on="422")),
    Fault("input of another field", "cuoral", set_response("/detail/*/input", "text", on="422")),
    Fault("every path is reference", "orders", set_response("/errors/*/path", "/reference", on="400")),
    Fault("path of the parent only", "orders", edit("/errors/*/path", lambda path: path.rpartition("/")[0], on="400")),
    Fault("every path is name", "unleash", set_response("/details/*/path", "/body/name", on="400")),
    Fault(
        "message names another field",
        "unibee",
        at(NEW, set_response("/message", "The Code field is required", on="400")),
    ),
    Fault("no errors listed", "orders", set_response("/errors", [], on="400")),
    Fault("no details", "unleash", drop("/details", on="400")),
    Fault("no message", "unleash", drop("/message", on="400")),
    Fault(
        "details as texts", "unleash", edit("/details", lambda details: [item["message"] for item in details], on="400")
    ),
    Fault("detail as text", "cuoral", set_response("/detail", "invalid", on="422")),
    Fault("detail as list", "cuoral", edit("/detail", lambda text: [{"msg": text}], on="409")),
    Fault(
        "validation error of another framework",
        "orders",
        replace_answer(400, {"title": "Bad Request", "status": 400}, "application/json", on="400"),
    ),
    Fault(
        "problem details",
        "orders",
        replace_answer(404, {"title": "Not Found", "status": 404}, "application/problem+json", on="404"),
    ),
    Fault("HTML for invalid data", "cuoral", in_html("422")),
    Fault("HTML for unknown orders", "orders", in_html("404")),
    Fault("HTML for missing credentials", "unibee", at(NEW, in_html("401"))),
    Fault("HTML for invalid data", "unleash", in_html("400")),
    Fault("JSON called text", "orders", header("content-type", "text/plain; charset=utf-8", on="400")),
    Fault("text called JSON", "meteroid", header("content-type", "application/json", on="422")),
    Fault("no content type", "cuoral", header("content-type", None, on="422")),
    Fault("errors without body", "orders", empty("400")),
    Fault("conflicts without body", "cuoral", empty("409")),
    Fault("refusals without body", "meteroid", empty("401")),
    Fault("refusals of the gateway", "meteroid", both(replace_answer(401, {"message": "Unauthorized"}, on="401"))),
    Fault("data null in errors", "unibee", at(NEW, set_response("/data", None, on="400"))),
    Fault(
        "missing last of all",
        "unleash",
        contract=in_contract("x-counterfoil/order", ["malformed", "credentials", "path", "media-type", "schema"]),
    ),
    Fault("unknown metrics are found", "unibee", at(DETAIL, set_response("/data", {"merchantMetric": {}}))),
    Fault(
        "the absence of one field is that of another",
        "unibee",
        at(NEW, edit("/message", lambda text: text.replace("The MetricName field", "The Code field"), on="400")),
    ),
    Fault("404 has the code of invalid data", "orders", at(ORDER, set_response("/code", "invalid", on="404"))),
]
