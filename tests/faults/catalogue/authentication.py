"""Credentials that are not looked at closely, or at another time than the contract says."""

from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators import credentials
from tests.faults.operators.answers import header, replace_answer, status
from tests.faults.operators.conditions import after, at, every_nth
from tests.faults.operators.contracts import in_contract
from tests.faults.operators.credentials import accept_credentials

ORDERING = "x-counterfoil/order"

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
    Fault("token in other case", "cuoral", accept_credentials(credentials.other_case)),
    Fault("token in other case", "meteroid", accept_credentials(credentials.other_case)),
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
    Fault("another answer to unknown tokens", "unleash", replace_answer(401, {"message": "no"}, on="401")),
    Fault("another answer to tokens of another type", "unleash", status(403, 401)),
]
