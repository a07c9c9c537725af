"""What requests ask for beside bodies: orders, filters, conditions; and what answers tell of the rest of an object."""

from typing import Any

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.times import moved
from tests.faults.faulty import Fault
from tests.faults.operators.answers import answer, edit, header, status
from tests.faults.operators.conditions import at
from tests.faults.operators.requests import change_request, query_as, without_query

_LIST, _NEW = "GET /v1/books", "POST /v1/books"
_READ, _CHANGE, _ARCHIVE = "GET /v1/books/{id}", "PUT /v1/books/{id}", "POST /v1/books/{id}/archive"


def _without(name: str) -> Change:
    """Heed no header of this name."""
    return change_request(lambda request: request.headers.pop(name, None))


def _other_order(text: str) -> str:
    return text.removeprefix("-") if text.startswith("-") else f"-{text}"


def _by_title_only(found: Message, asked: Message) -> None:
    """What was found by other properties than the title is left out."""
    text = dict(each.partition("=")[::2] for each in asked.query.split("&")).get("q")
    if text:
        items = [each for each in found.read("/items") if text.casefold() in each["title"].casefold()]
        found.edit("", lambda _: {"items": items, "total": len(items)})


def _new_tag(found: Message, asked: Message) -> None:
    """Another entity tag for each answer."""
    count = asked.memory["tags"] = asked.memory.get("tags", 0) + 1
    found.headers["etag"] = f'"{count}"'


def _emptied(found: Message, asked: Message) -> None:
    """What clients have named is gone where they do not name it again."""
    if asked.read("/metaData") is None:
        found.edit("/data/merchantMetric/metaData", lambda _: {})


def _keeping_members() -> Change:
    """A replacement adds to what clients have named, in place of replacing it."""

    async def altered(request: Message, serve: Serve) -> Message:
        looked = request.copy()
        looked.method, looked.body = "GET", b""
        before, sent = await serve(looked), request.json
        if before.succeeded and isinstance(sent, dict) and isinstance(sent.get("metadata"), dict):
            request.json = {**sent, "metadata": {**(before.read("/metadata") or {}), **sent["metadata"]}}
        return await serve(request)

    return altered


def _told_from_then_on(where: str, name: str, value: Any) -> Change:
    """After a request at the end `where` of a path an object has another value, which `value(request, old)` makes."""

    async def altered(request: Message, serve: Serve) -> Message:
        known: dict[str, Any] = request.memory.setdefault(altered, {})
        asked, found = request.copy(), await serve(request)
        key = asked.path.split("/")[3] if asked.path.count("/") > 2 else ""

        def change(held: Any) -> Any:
            own = isinstance(held, dict) and held.get("id") in known
            return {**held, name: known[held["id"]](held[name])} if own else held

        if found.succeeded and asked.method in where and asked.path.endswith(where.split(" ")[1]):
            made = value(asked)
            if made is not None:
                known[key] = made
        if found.succeeded and found.body:
            found.edit("/items/*" if found.read("/items") is not None else "", change)
        return found

    return altered


def _code_sent(asked: Message) -> Any:
    code = asked.read("/code")
    return None if code is None else lambda _: code


FAULTS = [
    Fault("no order is heeded", "library", at(_LIST, without_query("order"))),
    Fault("orders are exchanged", "library", at(_LIST, query_as("order", _other_order))),
    Fault("all labels are listed", "library", at(_LIST, without_query("label"))),
    Fault("the first of several genres", "library", at(_LIST, query_as("genres", lambda text: text.split(",")[0]))),
    Fault("any genre is listed", "library", at(_LIST, without_query("filter[genre]"))),
    Fault("any price is listed", "library", at(_LIST, without_query("min_price"))),
    Fault("only titles are looked at", "library", at(_LIST, answer(_by_title_only))),
    Fault("a Location of all books", "library", at(_NEW, header("location", "/v1/books", on="201"))),
    Fault("changed after it is made", "library", at(_NEW, edit("/updated_at", lambda text: moved(text, minutes=5)))),
    Fault("books are never unmodified", "library", at(_READ, _without("if-none-match"))),
    Fault("another tag each time", "library", at(_READ, answer(_new_tag))),
    Fault("any book is replaced", "library", at(_CHANGE, _without("if-match"))),
    Fault("another book is a conflict", "library", at(_CHANGE, status(412, 409))),
    Fault("what clients name is kept", "library", at(_CHANGE, _keeping_members())),
    Fault("a replaced code", "library", _told_from_then_on("PUT ", "code", _code_sent)),
    Fault(
        "an archive of other codes",
        "library",
        _told_from_then_on("POST /archive", "code", lambda _: lambda old: f"{old}-x"),
    ),
    Fault("no notes are null", "library", at(_READ, edit("", lambda held: {"notes": None, **held}))),
    Fault("no notes are some", "library", at(_NEW, edit("", lambda held: {"notes": "-", **held}))),
    Fault("made in seconds", "library", at(_NEW, edit("/created", lambda time: time // 1000))),
    Fault("made at no time", "library", at(_NEW, edit("/created", lambda _: 0))),
    Fault("edits empty metaData", "unibee", at("POST /merchant/metric/edit", answer(_emptied))),
    Fault("a book that is bad", "library", edit("/code", lambda _: "bad_request", on="404")),
]
