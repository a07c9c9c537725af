"""Credentials that are not looked at closely, or at another time than the contract says."""

from tests.faults.altering import Message
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators import credentials
from tests.faults.operators.answers import fail, header, replace_answer, status
from tests.faults.operators.conditions import after, at, both, every_nth, when_asked
from tests.faults.operators.contracts import in_contract
from tests.faults.operators.credentials import accept_credentials, let_in, look_for_objects_first
from tests.faults.operators.requests import change_request

ORDERING = "x-counterfoil/order"


def _is_bearer(request: Message) -> bool:
    return request.headers.get("authorization", "").lower().startswith("bearer ")


def _is_of_form(request: Message) -> bool:
    return request.headers.get("authorization", "").startswith(("*:*.", "user:"))


def _is_odd(request: Message) -> bool:
    return not "".join(request.headers.values()).isascii()


def _is_twice(request: Message, _: str) -> bool:
    return request.path.startswith("//")


def _once(request: Message) -> None:
    request.path = "/" + request.path.lstrip("/")


def wrong(request: Message) -> None:
    request.headers["authorization"] = "Bearer wrong"


FAULTS = [
    Fault("nobody asked for credentials", "cuoral", accept_credentials(credentials.anybody)),
    Fault(
        "nobody asked for credentials", "orders", at("DELETE /v1/orders/{id}", accept_credentials(credentials.anybody))
    ),
    Fault(
        "nobody asked for credentials to list", "orders", at("GET /v1/orders", accept_credentials(credentials.anybody))
    ),
    Fault(
        "nobody asked for credentials",
        "meteroid",
        at("GET /api/v1/metrics/{id}", accept_credentials(credentials.anybody)),
    ),
    Fault(
        "nobody asked for credentials",
        "unibee",
        at("GET /merchant/metric/list", accept_credentials(credentials.anybody)),
    ),
    Fault("nobody asked for credentials", "unleash", at(REGISTER, accept_credentials(credentials.anybody))),
    Fault("any token", "meteroid", at(METRICS, accept_credentials(credentials.any_token))),
    Fault("any token", "unleash", accept_credentials(credentials.any_token)),
    Fault("any token", "cuoral", accept_credentials(credentials.any_token)),
    Fault("any token", "unibee", at(NEW, accept_credentials(credentials.any_token))),
    Fault("any token", "orders", at("PATCH /v1/orders/{id}", accept_credentials(credentials.any_token))),
    Fault("start of the token", "cuoral", at(DEFINITIONS, accept_credentials(credentials.same_start))),
    Fault("start of the token", "orders", accept_credentials(credentials.same_start)),
    Fault("start of the token", "unibee", accept_credentials(credentials.same_start)),
    Fault("end of the token", "meteroid", accept_credentials(credentials.same_end)),
    Fault("end of the token", "orders", at("GET /v1/orders", accept_credentials(credentials.same_end))),
    Fault("both ends of the token", "unibee", at(NEW, accept_credentials(credentials.same_ends))),
    Fault("more than the token", "meteroid", accept_credentials(credentials.cut_off)),
    Fault("more than the token", "unleash", accept_credentials(credentials.cut_off)),
    Fault("any word before the token", "unleash", accept_credentials(credentials.behind_a_word)),
    Fault("any word before the token", "cuoral", accept_credentials(credentials.behind_a_word)),
    Fault("tokens of any user", "unleash", accept_credentials(credentials.of_users)),
    Fault("half of the token", "meteroid", accept_credentials(credentials.before_a_slash)),
    Fault("token in other case", "cuoral", accept_credentials(credentials.other_case)),
    Fault("token in other case", "meteroid", accept_credentials(credentials.other_case)),
    Fault("scheme left out", "meteroid", accept_credentials(credentials.scheme_left_out)),
    Fault("scheme in lower case", "meteroid", accept_credentials(credentials.scheme_in_lower_case)),
    Fault("token within a text", "cuoral", accept_credentials(credentials.contained)),
    Fault("token without separators", "cuoral", accept_credentials(credentials.without_separators)),
    Fault("key in the query", "cuoral", let_in(lambda asked, right: f"x-api-key={right}" in asked.query)),
    Fault("key by another name in the query", "cuoral", let_in(lambda asked, right: f"api_key={right}" in asked.query)),
    Fault(
        "key as a bearer token",
        "cuoral",
        let_in(lambda asked, right: asked.headers.get("authorization") == f"Bearer {right}"),
    ),
    Fault("token in the query", "orders", let_in(lambda asked, right: f"access_token={right[7:]}" in asked.query)),
    Fault("trust in addresses", "orders", let_in(lambda asked, _: asked.headers.get("x-forwarded-for") == "127.0.0.1")),
    Fault("two slashes lead around it", "orders", both(let_in(_is_twice), change_request(_once))),
    Fault("objects before credentials", "orders", look_for_objects_first),
    Fault("tokens that are not ASCII fail", "orders", when_asked(_is_odd, fail(500, {}))),
    Fault("tokens that are not ASCII fail", "cuoral", when_asked(_is_odd, fail(500, {}))),
    Fault("second scheme refused", "unleash", when_asked(_is_bearer, change_request(wrong))),
    Fault("token of the same length", "orders", at(ORDERS, accept_credentials(credentials.same_length))),
    Fault("token of the same length", "cuoral", accept_credentials(credentials.same_length)),
    Fault("empty token", "cuoral", accept_credentials(credentials.empty_value)),
    Fault("empty token", "orders", accept_credentials(credentials.empty_value)),
    Fault("empty token", "unleash", accept_credentials(credentials.empty_value)),
    Fault("scheme not looked at", "meteroid", accept_credentials(credentials.other_scheme)),
    Fault("scheme not looked at", "orders", accept_credentials(credentials.other_scheme)),
    Fault("credentials no more needed after a while", "orders", after(30, accept_credentials(credentials.anybody))),
    Fault(
        "nobody is let in",
        "orders",
        at("GET /v1/orders/{id}", replace_answer(401, {"code": "unauthorized", "message": "no"})),
    ),
    Fault("nobody is let in", "unleash", replace_answer(403, {"message": "no"}, on="204")),
    Fault(
        "refused now and then",
        "meteroid",
        at(
            METRICS,
            every_nth(
                13, replace_answer(401, {"code": "UNAUTHORIZED", "message": "Failed to resolve api key"}, on="201")
            ),
        ),
    ),
    Fault(
        "schema before credentials",
        "cuoral",
        contract=in_contract(ORDERING, ["path", "malformed", "media-type", "schema", "credentials"]),
    ),
    Fault(
        "malformed before credentials",
        "meteroid",
        contract=in_contract(ORDERING, ["path", "malformed", "credentials", "media-type", "shape", "schema"]),
    ),
    Fault(
        "media type before credentials",
        "meteroid",
        contract=in_contract(ORDERING, ["path", "media-type", "credentials", "malformed", "shape", "schema"]),
    ),
    Fault(
        "credentials before malformed",
        "unleash",
        contract=in_contract(ORDERING, ["credentials", "malformed", "path", "media-type", "required", "schema"]),
    ),
    Fault(
        "schema before credentials",
        "unibee",
        contract=in_contract(ORDERING, ["path", "malformed", "schema", "credentials"]),
    ),
    Fault(
        "schema before credentials",
        "orders",
        contract=in_contract("x-counterfoil", {"order": ["path", "media-type", "malformed", "schema", "credentials"]}),
    ),
    Fault("no challenge", "orders", header("www-authenticate", None, on="401")),
    Fault("unknown tokens are forbidden", "meteroid", status(401, 403)),
    Fault("missing credentials redirect", "orders", replace_answer(302, "", "text/html", on="401")),
    Fault("missing credentials are a server error", "unibee", at(NEW, status(401, 500))),
    Fault("unknown tokens of the right form are forbidden", "unleash", when_asked(_is_of_form, status(401, 403))),
    Fault("another answer to unknown tokens", "unleash", replace_answer(401, {"message": "no"}, on="401")),
    Fault("another answer to tokens of another type", "unleash", status(403, 401)),
]
