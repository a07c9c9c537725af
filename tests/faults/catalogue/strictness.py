"""Valid data that is refused."""

from collections.abc import Callable
from typing import Any

from tests.faults.altering import Change
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS, VALUES
from tests.faults.catalogue.errors import REGISTER
from tests.faults.catalogue.leniency import CHANGE, CUSTOMER, GIFT, LINE, MATRIX, merchant, metric, order, without
from tests.faults.faulty import Fault
from tests.faults.operators.answers import fail
from tests.faults.operators.conditions import at, every_nth, when, when_asked
from tests.faults.operators.contracts import in_body, in_parameter

INVALID = {"code": "invalid", "message": "invalid", "errors": [{"path": "/reference", "message": "invalid"}]}
UNPROCESSABLE = {"detail": [{"loc": ["body", "name"], "msg": "invalid", "type": "value_error"}]}


def refuse(operation: str, pointer: str, test: Callable[[Any], Any], status: int, body: Any) -> Change:
    """Refuse requests with such a value."""
    return at(operation, when(pointer, test, fail(status, body)))


def is_text(test: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: isinstance(value, str) and test(value)


def _lacks_key(body: Any) -> bool:
    return isinstance(body, dict) and body.get("aggregation_type") == "SUM" and "aggregation_key" not in body


FAULTS = [
    Fault("an empty name", "cuoral", contract=in_body(DEFINITIONS, "properties/name/minLength", 1)),
    Fault("names over 255 characters", "unleash", contract=in_body(REGISTER, "properties/name/maxLength", 255)),
    order("reference of 40 characters", "properties/reference/maxLength", 39),
    order("reference of 3 characters", "properties/reference/minLength", 4),
    order("name of 80 characters", CUSTOMER + "properties/name/maxLength", 79),
    order("name of one character", CUSTOMER + "properties/name/minLength", 2),
    order("no phone", CUSTOMER + "required", ["name", "email", "phone"]),
    order("phone null", CUSTOMER + "properties/phone/type", "string"),
    order("no address", CUSTOMER + "required", ["name", "email", "address"]),
    order("no street", CUSTOMER + "properties/address/required", ["street", "city", "country"]),
    order("more in an address", CUSTOMER + "properties/address/additionalProperties", False),
    order("pounds", "properties/currency/enum", without("GBP")),
    order("priority 0", "properties/priority/minimum", 1),
    order("priority 5", "properties/priority/maximum", 4),
    order("not express", "properties/express", {"const": True}),
    order("discount 0", "properties/discount/exclusiveMinimum", 0),
    order("discount 100", "properties/discount/exclusiveMaximum", 100),
    order("half a percent", "properties/discount/multipleOf", 1),
    order("note null", "properties/note/type", "string"),
    order("empty note", "properties/note/minLength", 1),
    order("five tags", "properties/tags/maxItems", 4),
    order("no tags", "properties/tags/minItems", 1),
    order("tag of one character", "properties/tags/items/minLength", 2),
    order("two lines", "properties/lines/maxItems", 1),
    order("20 lines", "properties/lines/maxItems", 19),
    order("quantity 1", LINE + "properties/quantity/minimum", 2),
    order("quantity 999", LINE + "properties/quantity/maximum", 998),
    order("price below one", LINE + "properties/price/minimum", 1),
    order("price with fraction", LINE + "properties/price/type", "integer"),
    order("highest price", LINE + "properties/price/exclusiveMaximum", 100000),
    order("comment null", LINE + "properties/comment/type", "string"),
    order("no options", LINE + "properties/options/minProperties", 1),
    order("empty option", LINE + "properties/options/additionalProperties/minLength", 1),
    order("gift wraps", LINE + "properties/gift/oneOf", lambda branches: branches[:1]),
    order("green wraps", GIFT + "1/properties/colour/enum", without("green")),
    order("card of 140 characters", GIFT + "0/properties/text/maxLength", 139),
    order("more in a gift", GIFT + "0/additionalProperties", False),
    order("empty metadata", "properties/metadata/minProperties", 1),
    order("four in metadata", "properties/metadata/maxProperties", 3),
    order("no day", "required", ["reference", "customer", "lines", "deliver_on"]),
    Fault("change of one thing", "orders", contract=in_body(CHANGE, "minProperties", 2)),
    Fault("change without express", "orders", contract=in_body(CHANGE, "required", ["express"])),
    Fault("limit 50", "orders", contract=in_parameter("GET /v1/orders", "limit", "schema/maximum", 49)),
    Fault("page left out", "orders", contract=in_parameter("GET /v1/orders", "page", "required", True)),
    Fault("descending order", "orders", contract=in_parameter("GET /v1/orders", "sort", "schema/enum", ["created_at"])),
    metric("code of 512 characters", "properties/code/maxLength", 511),
    metric("code of one character", "properties/code/minLength", 2),
    metric("mean", "properties/aggregation_type/enum", without("MEAN")),
    metric("usage group null", "properties/usage_group_key/type", "string"),
    metric("description left out", "required", lambda names: [*names, "description"]),
    metric("negative factor", "properties/unit_conversion/anyOf/0/properties/factor/minimum", 0),
    metric("nearest half", "properties/unit_conversion/anyOf/0/properties/rounding/enum", without("NEAREST_HALF")),
    metric("no conversion", "properties/unit_conversion/anyOf", lambda branches: branches[:1]),
    metric("linked dimensions", "properties/segmentation_matrix/anyOf/0/oneOf", lambda branches: branches[:2]),
    metric("no values", MATRIX + "0/properties/values/minItems", 1),
    metric("longest family", "properties/product_family_id/pattern", "^pf_[0-9A-Za-z]{1,21}$"),
    merchant("description of 1000 characters", "properties/metricDescription/maxLength", 999),
    merchant("type 4", "properties/type/enum", [1, 2, 3]),
    merchant("unit left out", "required", lambda names: [*names, "unit"]),
    merchant("count with a property", "if", True),
    merchant("empty metadata", "properties/metaData/minProperties", 1),
    merchant("lists in metadata", "properties/metaData/additionalProperties", {"type": "string"}),
    Fault(
        "description left out",
        "cuoral",
        contract=in_body(DEFINITIONS, "required", ["name", "data_type", "description"]),
    ),
    Fault("empty description", "cuoral", contract=in_body(DEFINITIONS, "properties/description/minLength", 1)),
    Fault("more in a definition", "cuoral", contract=in_body(DEFINITIONS, "additionalProperties", False)),
    Fault(
        "large numbers of metrics",
        "cuoral",
        contract=in_body(VALUES.replace("{id}", "{company_id}"), "properties/metric_id/maximum", 2**31 - 1),
    ),
    Fault(
        "nines in names", "unleash", contract=in_body(REGISTER, "properties/name/pattern", "^[a-zA-Z_:][a-zA-Z0-8_:]*$")
    ),
    Fault(
        "colons in names", "unleash", contract=in_body(REGISTER, "properties/name/pattern", "^[a-zA-Z_][a-zA-Z0-9_]*$")
    ),
    Fault(
        "underscores in front",
        "unleash",
        contract=in_body(REGISTER, "properties/name/pattern", "^[a-zA-Z:][a-zA-Z0-9_:]*$"),
    ),
    Fault("histograms", "unleash", contract=in_body(REGISTER, "properties/type/enum", ["counter", "gauge"])),
    Fault("more in a metric", "unleash", contract=in_body(REGISTER, "additionalProperties", False)),
    Fault(
        "names that look like SQL",
        "cuoral",
        refuse(DEFINITIONS, "/name", is_text(lambda text: "'" in text), 422, UNPROCESSABLE),
    ),
    Fault(
        "astral characters",
        "cuoral",
        refuse(
            DEFINITIONS,
            "/description",
            is_text(lambda text: any(ord(char) > 0xFFFF for char in text)),
            422,
            UNPROCESSABLE,
        ),
    ),
    Fault(
        "letters of right to left",
        "cuoral",
        refuse(
            DEFINITIONS,
            "/name",
            is_text(lambda text: any("\u0590" <= char <= "\u08ff" for char in text)),
            422,
            UNPROCESSABLE,
        ),
    ),
    Fault("line ends in notes", "orders", refuse(ORDERS, "/note", is_text(lambda text: "\n" in text), 400, INVALID)),
    Fault(
        "a name of other scripts",
        "orders",
        refuse(ORDERS, "/customer/name", is_text(lambda text: not text.isascii()), 400, INVALID),
    ),
    Fault(
        "long descriptions",
        "unibee",
        refuse(
            NEW,
            "/metricDescription",
            is_text(lambda text: len(text) > 255),
            400,
            {"code": 51, "message": "too long", "data": {}, "redirect": "", "requestId": "req20260101abcdefghijklmno"},
        ),
    ),
    Fault(
        "names of bytes over a limit",
        "meteroid",
        refuse(METRICS, "/code", is_text(lambda text: len(text.encode()) > 512), 400, {}),
    ),
    Fault("valid now and then", "meteroid", at(METRICS, every_nth(40, fail(422, "invalid", "text/plain")))),
    Fault(
        "key left out for a sum",
        "meteroid",
        at(METRICS, when_asked(lambda asked: _lacks_key(asked.json), fail(422, "missing field", "text/plain"))),
    ),
]
