"""Forms, parts and parameters that come back as something else, secrets of bodies that come back at all, odd names."""

from typing import Any
from urllib.parse import parse_qs

from tests.faults.altering import Change, Message
from tests.faults.catalogue.echo import DEFINITIONS, NEW
from tests.faults.faulty import Fault
from tests.faults.operators.answers import add_response, answer, drop, edit
from tests.faults.operators.conditions import at
from tests.faults.operators.requests import change_request

PICTURES = "POST /v1/pictures"
NOTES = "POST /v1/notes"
ACCOUNTS = "POST /v1/accounts"
SEARCH = "GET /v1/search"


def _phrase(change: Any) -> Change:
    """Answer what the question becomes by `change`."""

    def tell(found: Message, asked: Message) -> None:
        phrase = parse_qs(asked.query, keep_blank_values=True)["phrase"][0]
        found.edit("/phrase", lambda _: change(phrase))

    return answer(tell)


def _in_error(found: Message, asked: Message) -> None:
    found.edit("/message", lambda message: f"{message} ({asked.read('/password')})")


def _header(found: Message, asked: Message) -> None:
    found.headers["x-seen"] = str(asked.read("/password")).encode("ascii", "replace").decode()


def _latin_where_charset(request: Message) -> None:
    if "charset" in request.headers.get("content-type", ""):
        request.body = request.body.decode("latin-1").encode()


def _entries(test: Any) -> Any:
    return lambda held: {name: value for name, value in held.items() if test(name, value)}


FAULTS = [
    Fault("position of a part dropped", "desk", at(PICTURES, drop("/position"))),
    Fault(
        "title of a part in Latin-1", "desk", at(PICTURES, edit("/title", lambda text: text.encode().decode("latin-1")))
    ),
    Fault("position of a part as 16 bits", "desk", at(PICTURES, edit("/position", lambda value: value & 0x7FFF))),
    Fault("spaces of a form as pluses", "desk", at(NOTES, edit("/text", lambda text: text.replace(" ", "+")))),
    Fault("form cut at ampersands", "desk", at(NOTES, edit("/text", lambda text: text.partition("&")[0] or "x"))),
    Fault("weight of a form rounded", "desk", at(NOTES, edit("/weight", lambda value: round(value, 1)))),
    Fault("false in a form is true", "desk", at(NOTES, edit("/pinned", lambda value: True))),
    Fault("question in lower case", "desk", at(SEARCH, _phrase(str.lower))),
    Fault("question without quotes", "desk", at(SEARCH, _phrase(lambda text: text.replace("'", "").replace('"', "")))),
    Fault("password told", "desk", at(ACCOUNTS, add_response("", "password", lambda asked: asked.read("/password")))),
    Fault(
        "password under another name",
        "desk",
        at(ACCOUNTS, add_response("", "hint", lambda asked: asked.read("/password"))),
    ),
    Fault("password in a header", "desk", at(ACCOUNTS, answer(_header))),
    Fault("password in errors", "desk", at(ACCOUNTS, answer(_in_error, on="400"))),
    Fault(
        "nulls of a free object dropped",
        "desk",
        at(ACCOUNTS, edit("/profile", _entries(lambda _, value: value is not None))),
    ),
    Fault(
        "a name of JavaScript dropped",
        "desk",
        at(ACCOUNTS, edit("/profile", _entries(lambda name, _: name != "__proto__"))),
    ),
    Fault(
        "names with dots cut",
        "desk",
        at(ACCOUNTS, edit("/labels", lambda held: {name.partition(".")[0]: value for name, value in held.items()})),
    ),
    Fault(
        "names trimmed",
        "desk",
        at(ACCOUNTS, edit("/labels", lambda held: {name.strip(): value for name, value in held.items()})),
    ),
    Fault(
        "more than 255 entries dropped",
        "desk",
        at(ACCOUNTS, edit("/labels", lambda held: dict(list(held.items())[:255]))),
    ),
    Fault("slug without double dashes", "desk", at(ACCOUNTS, edit("/slug", lambda text: text.replace("--", "-")))),
    Fault("slug cut at 255", "desk", at(ACCOUNTS, edit("/slug", lambda text: text[:255]))),
    Fault("padding dropped", "desk", at(ACCOUNTS, edit("/avatar", lambda text: text.rstrip("=")))),
    Fault("Latin-1 where UTF-8 is stated", "cuoral", at(DEFINITIONS, change_request(_latin_where_charset))),
    Fault(
        "invisible characters taken out",
        "unibee",
        at(NEW, edit("/data/merchantMetric/metricDescription", lambda text: text.replace("\u200b", ""))),
    ),
    Fault(
        "a byte order mark taken out",
        "cuoral",
        at(DEFINITIONS, edit("/description", lambda text: text.lstrip("\ufeff"))),
    ),
    Fault(
        "times within texts rewritten",
        "cuoral",
        at(DEFINITIONS, edit("/description", lambda text: text.replace("T12:00:00.10", "T12:00:00.1"))),
    ),
    Fault("empty free object is null", "desk", at(ACCOUNTS, edit("/profile", lambda held: held or None))),
]
