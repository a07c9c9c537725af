"""Input that comes back as something else, or is kept as something else."""

import unicodedata
from datetime import date, timedelta
from urllib.parse import unquote

from tests.faults.altering import DROPPED
from tests.faults.faulty import Fault
from tests.faults.operators.answers import drop, edit, set_response
from tests.faults.operators.conditions import at, when
from tests.faults.operators.requests import change_request, input_as, texts_as

DEFINITIONS = "POST /external/v1/external/v1/customers/metrics"
VALUES = "POST /external/v1/external/v1/customers/companies/{id}/metrics"
METRICS = "POST /api/v1/metrics"
NEW = "POST /merchant/metric/new"
ORDERS = "POST /v1/orders"


def _next_day(text: str) -> str:
    try:
        return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
    except ValueError:
        return text


def _latin(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")


def _without_astral(text: str) -> str:
    return "".join(char if ord(char) <= 0xFFFF else "\ufffd" for char in text)


def _text_of_values(value: object) -> object:
    return {name: str(held) for name, held in value.items()} if isinstance(value, dict) else value


def _lower_names(value: object) -> object:
    return {name.lower(): held for name, held in value.items()} if isinstance(value, dict) else value


def _lists(value: object, change: object) -> object:
    return change(value) if isinstance(value, list) and callable(change) else value


FAULTS = [
    Fault("escapes of URLs decoded", "cuoral", at(DEFINITIONS, texts_as("/name", unquote))),
    Fault("name trimmed", "cuoral", at(DEFINITIONS, texts_as("/name", str.strip))),
    Fault("name in lower case", "cuoral", at(DEFINITIONS, edit("/name", str.lower))),
    Fault("name in title case in the answer", "unibee", at(NEW, edit("/data/merchantMetric/metricName", str.title))),
    Fault("code in lower case", "meteroid", at(METRICS, texts_as("/code", str.lower))),
    Fault("property in lower case", "unibee", at(NEW, texts_as("/aggregationProperty", str.lower))),
    Fault("name cut at 255 characters", "unibee", at(NEW, texts_as("/metricName", lambda text: text[:255]))),
    Fault(
        "description cut at 999 characters", "unibee", at(NEW, texts_as("/metricDescription", lambda text: text[:999]))
    ),
    Fault("code cut at 511 characters", "meteroid", at(METRICS, texts_as("/code", lambda text: text[:511]))),
    Fault("note cut at 255 characters", "orders", at(ORDERS, texts_as("/note", lambda text: text[:255]))),
    Fault("gift text cut", "orders", at(ORDERS, texts_as("/lines/*/gift/text", lambda text: text[:100]))),
    Fault("options cut", "orders", at(ORDERS, texts_as("/lines/*/options/*", lambda text: text[:20]))),
    Fault(
        "name ends at NUL", "cuoral", at(DEFINITIONS, texts_as("/name", lambda text: text.partition("\0")[0] or "x"))
    ),
    Fault(
        "description normalised",
        "cuoral",
        at(DEFINITIONS, texts_as("/description", lambda text: unicodedata.normalize("NFC", text))),
    ),
    Fault(
        "name compatibly normalised",
        "meteroid",
        at(METRICS, texts_as("/name", lambda text: unicodedata.normalize("NFKC", text) or "x")),
    ),
    Fault(
        "white space collapsed", "meteroid", at(METRICS, texts_as("/name", lambda text: " ".join(text.split()) or "x"))
    ),
    Fault(
        "line ends converted",
        "cuoral",
        at(DEFINITIONS, texts_as("/description", lambda text: text.replace("\n", "\r\n"))),
    ),
    Fault("unit in Latin-1", "unibee", at(NEW, texts_as("/unit", _latin))),
    Fault("astral characters replaced", "meteroid", at(METRICS, texts_as("/description", _without_astral))),
    Fault(
        "HTML escaped",
        "cuoral",
        at(DEFINITIONS, edit("/name", lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))),
    ),
    Fault("quotes doubled", "cuoral", at(DEFINITIONS, texts_as("/description", lambda text: text.replace("'", "''")))),
    Fault(
        "backslashes taken out", "meteroid", at(METRICS, texts_as("/description", lambda text: text.replace("\\", "")))
    ),
    Fault("email in lower case", "orders", at(ORDERS, texts_as("/customer/email", str.lower))),
    Fault(
        "a slash behind the callback", "orders", at(ORDERS, texts_as("/callback", lambda text: text.rstrip("/") + "/"))
    ),
    Fault("day shifted by a zone", "orders", at(ORDERS, edit("/deliver_on", _next_day))),
    Fault(
        "price rounded to cents", "orders", at(ORDERS, edit("/lines/*/price", lambda value: round(value, 2) or 0.01))
    ),
    Fault("discount without fraction", "orders", at(ORDERS, edit("/discount", int))),
    Fault("quantity capped", "orders", at(ORDERS, edit("/lines/*/quantity", lambda value: min(value, 255)))),
    Fault(
        "factor clamped to 16 bits",
        "meteroid",
        at(METRICS, edit("/unit_conversion/factor", lambda value: max(min(value, 32767), -32768))),
    ),
    Fault("factor without sign", "meteroid", at(METRICS, edit("/unit_conversion/factor", abs))),
    Fault("rounding of another field", "meteroid", at(METRICS, set_response("/unit_conversion/rounding", "NONE"))),
    Fault("tags sorted backwards", "orders", at(ORDERS, edit("/tags", lambda tags: sorted(tags, reverse=True)))),
    Fault("tags sorted", "orders", at(ORDERS, edit("/tags", sorted))),
    Fault("only the first tag kept", "orders", at(ORDERS, edit("/tags", lambda tags: tags[:1]))),
    Fault("lines reversed", "orders", at(ORDERS, edit("/lines", lambda lines: lines[::-1]))),
    Fault(
        "equal lines merged",
        "orders",
        at(
            ORDERS,
            edit("/lines", lambda lines: [line for index, line in enumerate(lines) if line not in lines[:index]]),
        ),
    ),
    Fault(
        "values without doubles",
        "meteroid",
        at(
            METRICS,
            edit("/segmentation_matrix/values", lambda value: _lists(value, lambda held: list(dict.fromkeys(held)))),
        ),
    ),
    Fault(
        "values sorted",
        "meteroid",
        at(METRICS, edit("/segmentation_matrix/values", lambda value: _lists(value, sorted))),
    ),
    Fault(
        "only five values",
        "meteroid",
        at(METRICS, edit("/segmentation_matrix/values", lambda value: _lists(value, lambda held: held[:5]))),
    ),
    Fault("long descriptions cut", "cuoral", at(DEFINITIONS, texts_as("/description", lambda text: text[:10_000]))),
    Fault(
        "second dimension is the first",
        "meteroid",
        at(
            METRICS,
            edit(
                "/segmentation_matrix",
                lambda value: {**value, "dimension2": value["dimension1"]} if "dimension2" in value else value,
            ),
        ),
    ),
    Fault(
        "priority 0 is the default",
        "orders",
        at(ORDERS, input_as("/priority", lambda value: value if value != 0 else 3)),
    ),
    Fault("express false is the default", "orders", at(ORDERS, input_as("/express", lambda value: value or True))),
    Fault("discount 0 vanishes", "orders", at(ORDERS, edit("/discount", lambda value: value or DROPPED))),
    Fault("empty description is null", "cuoral", at(DEFINITIONS, edit("/description", lambda value: value or None))),
    Fault("empty tags are null", "orders", at(ORDERS, edit("/tags", lambda value: value or None))),
    Fault("type 1 for all", "unibee", at(NEW, set_response("/data/merchantMetric/type", 1))),
    Fault(
        "carry over ignored", "unibee", at(NEW, set_response("/data/merchantMetric/carryoverProrationEnabled", False))
    ),
    Fault(
        "booleans mixed up",
        "unibee",
        at(
            NEW,
            edit(
                "/data/merchantMetric",
                lambda held: {**held, "prorationRefundEnabled": held["carryoverProrationEnabled"]},
            ),
        ),
    ),
    Fault(
        "fields mixed up",
        "unibee",
        at(NEW, edit("/data/merchantMetric", lambda held: {**held, "metricDescription": held["metricName"]})),
    ),
    Fault(
        "null is an empty text",
        "orders",
        at(ORDERS, edit("", lambda order: {**order, "note": order["note"] or ""} if "note" in order else order)),
    ),
    Fault("metadata as text", "unibee", at(NEW, edit("/data/merchantMetric/metaData", _text_of_values))),
    Fault("names of metadata in lower case", "orders", at(ORDERS, edit("/metadata", _lower_names))),
    Fault(
        "empty metadata is null",
        "unibee",
        at(NEW, edit("/data/merchantMetric/metaData", lambda value: value or None)),
    ),
    Fault(
        "matrix of two dimensions dropped",
        "meteroid",
        at(METRICS, when("/segmentation_matrix/type", lambda kind: kind == "DOUBLE", drop("/segmentation_matrix"))),
    ),
    Fault(
        "linked values dropped",
        "meteroid",
        at(
            METRICS,
            when(
                "/segmentation_matrix/type",
                lambda kind: kind == "LINKED",
                edit("/segmentation_matrix/values", lambda value: {}),
            ),
        ),
    ),
    Fault(
        "every gift is a card",
        "orders",
        at(ORDERS, edit("/lines/*/gift", lambda gift: {"kind": "card", "text": "for you"})),
    ),
    Fault("currency stays the default", "orders", at(ORDERS, input_as("/currency", lambda value: "EUR"))),
    Fault(
        "value as a number and back",
        "cuoral",
        at(VALUES, texts_as("/value", lambda text: str(float(text)) if text.replace(".", "").isdigit() else text)),
    ),
    Fault("value trimmed", "cuoral", at(VALUES, texts_as("/value", str.strip))),
    Fault("company of another request", "cuoral", at(VALUES, set_response("/company_id", 1))),
    Fault("phone without its plus", "orders", at(ORDERS, edit("/customer/phone", lambda text: text.removeprefix("+")))),
    Fault(
        "street is the city",
        "orders",
        at(ORDERS, edit("/customer/address", lambda held: {**held, "street": held["city"]})),
    ),
    Fault("type 2 is the default", "unibee", at(NEW, change_request(lambda asked: asked.supply("type", 2)))),
    Fault(
        "another currency is the default",
        "orders",
        at(ORDERS, change_request(lambda asked: asked.supply("currency", "USD"))),
    ),
    Fault("no fraction of zero", "cuoral", at(VALUES, texts_as("/value", lambda text: text.removesuffix(".0")))),
]
