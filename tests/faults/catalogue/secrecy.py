"""Credentials that show up in answers, and constants of the tenant that change."""

from base64 import b64encode
from urllib.parse import quote

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS, VALUES
from tests.faults.faulty import Fault
from tests.faults.operators.answers import add_response, answer, edit, set_response
from tests.faults.operators.conditions import after, at, every_nth
from tests.faults.operators.credentials import the_token

LIST = "GET /merchant/metric/list"


def leak_token(pointer: str, name: str, *, on: str = "2XX") -> Change:
    """The token as one more property."""
    return add_response(pointer, name, the_token, on=on)


def leaking_header(name: str, form: str = "{}", *, on: str = "*") -> Change:
    """The token in a header."""

    def change(found: Message, asked: Message) -> None:
        found.headers[name] = form.format(the_token(asked))

    return answer(change, on=on)


def said(pointer: str, *, on: str) -> Change:
    """The token at the end of a text."""

    def change(found: Message, asked: Message) -> None:
        found.edit(pointer, lambda text: f"{text} ({the_token(asked)})")

    return answer(change, on=on)


def counting(pointer: str) -> Change:
    """A number that grows with each answer in place of a constant."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        count = request.memory[altered] = request.memory.get(altered, 100) + 1
        found.edit(pointer, lambda value: count if isinstance(value, int) else str(count))
        return found

    return altered


LEAKS = [
    Fault("token in a property", "orders", at(ORDERS, leak_token("", "debug"))),
    Fault("token in a property", "cuoral", at(DEFINITIONS, leak_token("", "api_key"))),
    Fault("token in the object", "unibee", at(NEW, leak_token("/data/merchantMetric", "owner"))),
    Fault("token in a list", "unibee", at(LIST, leak_token("/data", "session"))),
    Fault("token in what is answered", "cuoral", at(VALUES, set_response("/value", the_token))),
    Fault("token where an error says its input", "cuoral", at(DEFINITIONS, leak_token("/detail/*", "ctx", on="422"))),
    Fault("token among the details of an error", "unleash", said("/message", on="400")),
    Fault("token in the message of an error", "orders", said("/message", on="400")),
    Fault("token in the answer to unknown objects", "orders", said("/message", on="404")),
    Fault("token in the message of a refusal", "meteroid", said("/message", on="401")),
    Fault(
        "token in a redirect",
        "unibee",
        at(NEW, set_response("/redirect", lambda asked: f"/login?token={quote(the_token(asked))}")),
    ),
    Fault("token in a header", "unibee", leaking_header("x-debug-auth")),
    Fault("token in a header", "unleash", leaking_header("x-user", "apikey:{}", on="204")),
    Fault("token in a cookie", "meteroid", at(METRICS, leaking_header("set-cookie", "session={}; HttpOnly", on="201"))),
    Fault(
        "token in the Location",
        "orders",
        at(ORDERS, leaking_header("location", "/v1/orders/last?access_token={}", on="201")),
    ),
    Fault("token in a header of errors", "cuoral", leaking_header("x-request", "key={}", on="422")),
    Fault(
        "token encoded",
        "orders",
        at("GET /v1/orders", add_response("", "next", lambda asked: b64encode(the_token(asked).encode()).decode())),
    ),
]

TENANCY = [
    Fault("organization counts up", "cuoral", at(DEFINITIONS, counting("/organization_id"))),
    Fault("organization of values counts up", "cuoral", at(VALUES, counting("/organization_id"))),
    Fault(
        "organization changes now and then",
        "cuoral",
        at(DEFINITIONS, every_nth(7, set_response("/organization_id", 7))),
    ),
    Fault(
        "organization changes after a while", "cuoral", at(DEFINITIONS, after(5, set_response("/organization_id", 8)))
    ),
    Fault(
        "organization of the list is another",
        "cuoral",
        at("GET /external/v1/external/v1/customers/metrics", set_response("/*/organization_id", 9)),
    ),
    Fault("merchant counts up", "unibee", at(NEW, counting("/data/merchantMetric/merchantId"))),
    Fault("success leads to the login", "unibee", at(NEW, set_response("/redirect", "/login"))),
    Fault("merchant of the envelope is another", "unibee", set_response("/merchantId", 77)),
    Fault(
        "merchant changes now and then",
        "unibee",
        at(NEW, every_nth(9, set_response("/data/merchantMetric/merchantId", 3))),
    ),
    Fault("merchant unknown", "unibee", at(NEW, set_response("/data/merchantMetric/merchantId", 0))),
    Fault("merchant of the list is another", "unibee", at(LIST, set_response("/data/merchantMetrics/*/merchantId", 5))),
    Fault(
        "merchant when read is another",
        "unibee",
        at("POST /merchant/metric/detail", set_response("/data/merchantMetric/merchantId", 5)),
    ),
    Fault("shop counts up", "orders", at(ORDERS, counting("/shop_id"))),
    Fault("shop of an order read is another", "orders", at("GET /v1/orders/{id}", set_response("/shop_id", "another"))),
    Fault("shop changes with an update", "orders", at("PATCH /v1/orders/{id}", set_response("/shop_id", "another"))),
    Fault("shop changes after a while", "orders", at(ORDERS, after(6, set_response("/shop_id", "another")))),
    Fault(
        "one order of the list of another shop",
        "orders",
        at("GET /v1/orders", set_response("/items/0/shop_id", "another")),
    ),
    Fault(
        "errors tell where in the code",
        "unleash",
        add_response("", "stack", "Error: no\n    at check (/app/src/metrics.js:12:9)", on="400"),
    ),
    Fault(
        "errors tell what the database said",
        "unibee",
        at(NEW, edit("/message", lambda told: f"{told}: SQLSTATE[23505]" if told else told, on="*")),
    ),
]
