"""Invalid data that is accepted: a limit off by one or gone, a pattern without its end, a type too wide."""

from typing import Any

from tests.faults.altering import DROPPED
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS, VALUES
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators.conditions import at
from tests.faults.operators.contracts import in_body, in_parameter
from tests.faults.operators.requests import input_as, texts_as
from tests.faults.operators.storing import short_lived

CHANGE = "PATCH /v1/orders/{id}"
LINE = "properties/lines/items/"
CUSTOMER = "properties/customer/"
GIFT = LINE + "properties/gift/oneOf/"
TYPES = ("counter", "gauge", "histogram")
MATRIX = "properties/segmentation_matrix/anyOf/0/oneOf/"


def order(name: str, way: str, value: Any = DROPPED) -> Fault:
    """A new order whose schema has another value for a keyword."""
    return Fault(name, "orders", contract=in_body(ORDERS, way, value))


def metric(name: str, way: str, value: Any = DROPPED) -> Fault:
    return Fault(name, "meteroid", contract=in_body(METRICS, way, value))


def merchant(name: str, way: str, value: Any = DROPPED) -> Fault:
    return Fault(name, "unibee", contract=in_body(NEW, way, value))


def without(*names: str) -> Any:
    """A list without some of its items."""
    return lambda listed: [item for item in listed if item not in names]


def the_only_one(value: Any) -> Any:
    """The item of a list of one; others stay."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def begun(text: str) -> str:
    """The type of metric that a text is the beginning of; another text stays."""
    return next((each for each in TYPES if text and each.startswith(text)), text)


def cut_off(text: str) -> str:
    """The type of metric that a text begins with; another text stays."""
    return next((each for each in TYPES if text.startswith(each)), text)


FAULTS = [
    Fault("a list of one text", "unleash", at(REGISTER, input_as("/type", the_only_one))),
    Fault("a list of one number", "unibee", at(NEW, input_as("/aggregationType", the_only_one))),
    order("reference too short", "properties/reference/minLength", 2),
    order("reference too long", "properties/reference/maxLength", 41),
    order("reference of any length", "properties/reference/maxLength"),
    order("customer without name", CUSTOMER + "required", without("name")),
    order("customer of an empty name", CUSTOMER + "properties/name/minLength"),
    order("name of a customer too long", CUSTOMER + "properties/name/maxLength", 81),
    order("any email", CUSTOMER + "properties/email/format"),
    order("email with an at sign", CUSTOMER + "properties/email", {"type": "string", "pattern": "@"}),
    order("any phone", CUSTOMER + "properties/phone/pattern"),
    order("phone with more behind it", CUSTOMER + "properties/phone/pattern", r"^\+[0-9]{6,15}"),
    order("phone too long", CUSTOMER + "properties/phone/pattern", r"^\+[0-9]{6,16}$"),
    order("anything in a customer", CUSTOMER + "additionalProperties"),
    order("street too long", CUSTOMER + "properties/address/properties/street/maxLength"),
    order("empty city", CUSTOMER + "properties/address/properties/city/minLength"),
    order("no city", CUSTOMER + "properties/address/required", without("city")),
    order("country in lower case", CUSTOMER + "properties/address/properties/country/pattern", "^[A-Za-z]{2}$"),
    order("country of three letters", CUSTOMER + "properties/address/properties/country/pattern", "^[A-Z]{2,3}$"),
    order(
        "country with a part of it",
        CUSTOMER + "properties/address/properties/country/pattern",
        "^[A-Z]{2}(-[A-Z]{1,3})?$",
    ),
    order("country as a number", CUSTOMER + "properties/address/properties/country/type", ["string", "number"]),
    order("other currencies", "properties/currency/enum"),
    order("one currency more", "properties/currency/enum", ["EUR", "USD", "GBP", "CHF", "eur"]),
    order("negative priority", "properties/priority/minimum", -1),
    order("priority 6", "properties/priority/maximum", 6),
    order("priority with fraction", "properties/priority/type", "number"),
    order("priority as text", "properties/priority/type", ["integer", "string"]),
    order("express as text", "properties/express/type", ["boolean", "string"]),
    order("express as number", "properties/express/type", ["boolean", "integer"]),
    order("express null", "properties/express/type", ["boolean", "null"]),
    order("discount of any step", "properties/discount/multipleOf"),
    order("discount over 100", "properties/discount/maximum"),
    order("note too long", "properties/note/maxLength", 501),
    order("note as a number", "properties/note/type", ["string", "null", "number"]),
    order("six tags", "properties/tags/maxItems", 6),
    order("equal tags", "properties/tags/uniqueItems"),
    order("empty tags", "properties/tags/items/minLength"),
    order("long tags", "properties/tags/items/maxLength", 21),
    order("null tags", "properties/tags/items/type", ["string", "null"]),
    order("no lines", "properties/lines/minItems"),
    order("21 lines", "properties/lines/maxItems", 21),
    order("lines as an object", "properties/lines/type", ["array", "object"]),
    order("any article", LINE + "properties/sku/pattern"),
    order("article with more behind it", LINE + "properties/sku/pattern", "^[A-Z]{2,4}-[0-9]{4}"),
    order("article with more in front", LINE + "properties/sku/pattern", "[A-Z]{2,4}-[0-9]{4}$"),
    order("no quantity", LINE + "properties/quantity/minimum", 0),
    order("quantity 1000", LINE + "properties/quantity/maximum", 1000),
    order("quantity with fraction", LINE + "properties/quantity/type", "number"),
    order("quantity left out", LINE + "required", without("quantity")),
    order("free lines", LINE + "properties/price", {"type": "number", "minimum": 0, "maximum": 100000}),
    order("any price", LINE + "properties/price/maximum"),
    order("price as text", LINE + "properties/price/type", ["number", "string"]),
    order("comment too long", LINE + "properties/comment/maxLength", 201),
    order("option too long", LINE + "properties/options/additionalProperties/maxLength"),
    order("options of any type", LINE + "properties/options/additionalProperties", True),
    order("options as a list", LINE + "properties/options/type", ["object", "array"]),
    order("anything in a line", LINE + "additionalProperties"),
    order("any gift", LINE + "properties/gift", {}),
    order("gift of another kind", GIFT + "0/properties/kind", {"type": "string"}),
    order("card without text", GIFT + "0/required", without("text")),
    order("card of 141 characters", GIFT + "0/properties/text/maxLength", 141),
    order("wrap of any colour", GIFT + "1/properties/colour/enum"),
    order("wrap without colour", GIFT + "1/required", without("colour")),
    order("any day", "properties/deliver_on/format"),
    order("day by its form only", "properties/deliver_on", {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}),
    order("any callback", "properties/callback/format"),
    order("five in metadata", "properties/metadata/maxProperties", 5),
    order("anything in metadata", "properties/metadata/additionalProperties"),
    order("anything in an order", "additionalProperties"),
    order("order without customer", "required", without("customer")),
    order("order without lines", "required", without("lines")),
    Fault("empty change", "orders", contract=in_body(CHANGE, "minProperties", 0)),
    Fault("anything in a change", "orders", contract=in_body(CHANGE, "additionalProperties", DROPPED)),
    Fault("change to priority 6", "orders", contract=in_body(CHANGE, "properties/priority/maximum", 6)),
    Fault(
        "change to priority 6 of an order that is soon gone",
        "orders",
        at("* /v1/orders/{id}", short_lived(3)),
        in_body(CHANGE, "properties/priority/maximum", 6),
    ),
    Fault("change to any email", "orders", contract=in_body(CHANGE, CUSTOMER + "properties/email/format", DROPPED)),
    Fault("limit 51", "orders", contract=in_parameter("GET /v1/orders", "limit", "schema/maximum", 51)),
    Fault("limit 0", "orders", contract=in_parameter("GET /v1/orders", "limit", "schema/minimum", 0)),
    Fault(
        "any currency in the query",
        "orders",
        contract=in_parameter("GET /v1/orders", "currency", "schema", {"type": "string"}),
    ),
    Fault(
        "any order of sorting", "orders", contract=in_parameter("GET /v1/orders", "sort", "schema", {"type": "string"})
    ),
    Fault("any day in the query", "orders", contract=in_parameter("GET /v1/orders", "since", "schema/format", DROPPED)),
    metric("code of 513 characters", "properties/code/maxLength", 513),
    metric("empty code", "properties/code/minLength"),
    metric("empty name", "properties/name/minLength"),
    metric("name null", "properties/name/type", ["string", "null"]),
    metric("other aggregations", "properties/aggregation_type/enum"),
    metric("product family without code", "required", without("code")),
    metric("family of another form", "properties/product_family_id/pattern", "^pf_"),
    metric("family in any length", "properties/product_family_id/pattern", "^pf_[0-9A-Za-z]+$"),
    metric("product of another form", "properties/product_id/pattern"),
    metric("factor with fraction", "properties/unit_conversion/anyOf/0/properties/factor/type", "number"),
    metric("no factor", "properties/unit_conversion/anyOf/0/required", without("factor")),
    metric("other roundings", "properties/unit_conversion/anyOf/0/properties/rounding/enum"),
    metric("matrix of any kind", "properties/segmentation_matrix", {}),
    metric("values of a matrix not texts", MATRIX + "0/properties/values/items/type"),
    metric("matrix without key", MATRIX + "0/required", without("key")),
    metric("second dimension left out", MATRIX + "1/required", without("dimension2")),
    metric("linked values not lists", MATRIX + "2/properties/values/additionalProperties", {}),
    metric("usage group a number", "properties/usage_group_key/type", ["string", "null", "integer"]),
    merchant("code of 201 characters", "properties/code/maxLength", 201),
    merchant("name of 1001 characters", "properties/metricName/maxLength", 1001),
    merchant("description of any length", "properties/metricDescription/maxLength"),
    merchant("property of 501 characters", "properties/aggregationProperty/maxLength", 501),
    merchant("property left out", "then"),
    merchant("sixth aggregation", "properties/aggregationType/enum", [1, 2, 3, 4, 5, 6]),
    merchant("type 0", "properties/type/enum", [0, 1, 2, 3, 4]),
    merchant("empty code", "properties/code/minLength"),
    merchant("metadata a list", "properties/metaData/type", ["object", "array"]),
    merchant("booleans as numbers", "properties/prorationRefundEnabled/type", ["boolean", "integer"]),
    Fault("name a number", "cuoral", contract=in_body(DEFINITIONS, "properties/name/type", ["string", "integer"])),
    Fault(
        "description null", "cuoral", contract=in_body(DEFINITIONS, "properties/description/type", ["string", "null"])
    ),
    Fault("data type left out", "cuoral", contract=in_body(DEFINITIONS, "required", ["name"])),
    Fault(
        "metric as text",
        "cuoral",
        contract=in_body(VALUES.replace("{id}", "{company_id}"), "properties/metric_id/type", ["integer", "string"]),
    ),
    Fault(
        "value left out",
        "cuoral",
        contract=in_body(VALUES.replace("{id}", "{company_id}"), "required", ["metric_id", "company_id"]),
    ),
    Fault(
        "name with more behind it",
        "unleash",
        contract=in_body(REGISTER, "properties/name/pattern", "^[a-zA-Z_:][a-zA-Z0-9_:]*"),
    ),
    Fault(
        "name of dashes",
        "unleash",
        contract=in_body(REGISTER, "properties/name/pattern", "^[a-zA-Z_:][a-zA-Z0-9_:-]*$"),
    ),
    Fault("name of a digit", "unleash", contract=in_body(REGISTER, "properties/name/pattern", "^[a-zA-Z0-9_:]*$")),
    Fault("other types", "unleash", contract=in_body(REGISTER, "properties/type/enum", DROPPED)),
    Fault(
        "type in upper case",
        "unleash",
        contract=in_body(
            REGISTER, "properties/type/enum", ["counter", "gauge", "histogram", "COUNTER", "GAUGE", "HISTOGRAM"]
        ),
    ),
    Fault("type that begins like one", "unleash", at(REGISTER, texts_as("/type", begun))),
    Fault("type with more behind it", "unleash", at(REGISTER, texts_as("/type", cut_off))),
    Fault("name left out", "unleash", contract=in_body(REGISTER, "required", ["type"])),
    Fault(
        "one type more",
        "unleash",
        at(REGISTER, texts_as("/type", lambda text: "counter" if text == "summary" else text)),
    ),
    order(
        "day with a time",
        "properties/deliver_on",
        {"type": ["string", "null"], "anyOf": [{"format": "date"}, {"format": "date-time"}]},
    ),
    metric("family like a product", "properties/product_family_id/pattern", "^(pf|prd)_[0-9A-Za-z]{1,22}$"),
]
