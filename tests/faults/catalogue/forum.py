"""What is told in words only: orders, ends and defaults; what is below a parent; and what requests slip in."""

import re
from typing import Any
from urllib.parse import unquote_plus

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.echo import NEW
from tests.faults.faulty import Fault
from tests.faults.operators.answers import answer, edit, replace_answer
from tests.faults.operators.conditions import at

_TOPICS, _NEW_TOPIC = "GET /v1/topics", "POST /v1/topics"
_REPLACE = "PUT /v1/topics/{id}"
_POSTS = "GET /v1/topics/{id}/posts"
_BOOKS = "GET /v1/books"


def _gone_once_closed() -> Change:
    """A topic is not found any more once it was closed."""

    async def altered(request: Message, serve: Serve) -> Message:
        closed: set[str] = request.memory.setdefault("closed", set())
        found = await serve(request)
        if request.method == "GET" and found.succeeded and request.path in closed:
            return request.respond(404, {"code": "not_found", "message": "no such topic"})
        if found.succeeded and request.path.endswith("/close"):
            closed.add(request.path.removesuffix("/close"))
        return found

    return altered


def _merging() -> Change:
    """A replacement leaves what it does not tell."""

    async def altered(request: Message, serve: Serve) -> Message:
        looked = request.copy()
        looked.method, looked.body = "GET", b""
        before, sent = (await serve(looked)).json, request.json
        if isinstance(sent, dict) and isinstance(before, dict) and "title" in before:
            request.json = {"body": before["body"], "tags": before["tags"], **sent}
        return await serve(request)

    return altered


def _first_topic(request: Message) -> str:
    known: str = request.memory.setdefault("first topic", request.path.split("/")[3])
    return known


def _cursor_at_end(found: Message, asked: Message) -> None:
    if found.read("/has_more") is False:
        found.edit("/next_cursor", lambda _: "ZW5k")


def _by_beginning() -> Change:
    """A filter by the author finds those whose id begins so."""

    async def altered(request: Message, serve: Serve) -> Message:
        pairs = [each for each in request.query.split("&") if each]
        wanted = next((each.partition("=")[2] for each in pairs if each.startswith("author_id=")), "")
        request.query = "&".join(each for each in pairs if not each.startswith("author_id="))
        found = await serve(request)
        if wanted:
            found.edit("/items", lambda held: [each for each in held if each["author_id"].startswith(wanted)])
        return found

    return altered


def _stored_all_the_same() -> Change:
    """What is refused as a duplicate is in lists nevertheless."""

    async def altered(request: Message, serve: Serve) -> Message:
        stored: list[dict[str, Any]] = request.memory.setdefault("stored", [])
        sent, found = request.json, await serve(request)
        if request.method == "POST" and found.status == 409:
            stored.append(sent)
        elif request.method == "GET" and found.succeeded and isinstance(found.json, list) and found.json:
            added = [{**found.json[-1], **each, "id": 900000 + number} for number, each in enumerate(stored)]
            found.json = [*found.json, *added]
        return found

    return altered


def _taken_over(pointer: str, name: str) -> Change:
    """A property of the object at `pointer` is what the request says, although none offers it."""

    def change(found: Message, asked: Message) -> None:
        sent = asked.json
        if isinstance(sent, dict) and name in sent:
            found.edit(f"{pointer}/{name}", lambda _: sent[name])

    return answer(change)


def _same_topic(found: Message, asked: Message) -> None:
    """Every post tells the topic that the first one was written below."""
    first = _first_topic(asked)
    found.edit("/topic" if asked.method == "POST" else "/*/topic", lambda _: first)


def _total_of_all() -> Change:
    """The total is that of all books, whatever is looked for."""

    async def altered(request: Message, serve: Serve) -> Message:
        every = request.copy()
        every.query = "&".join(each for each in request.query.split("&") if not each.startswith("q="))
        total, found = (await serve(every)).read("/total"), await serve(request)
        found.edit("/total", lambda own: own if total is None else total)
        return found

    return altered


def _any_character() -> Change:
    """An underscore in what is looked for stands for any character, as it does for a database."""

    async def altered(request: Message, serve: Serve) -> Message:
        text = dict(each.partition("=")[::2] for each in request.query.split("&")).get("q", "")
        found = await serve(request)
        if "_" not in text or not found.succeeded:
            return found
        every = request.copy()
        every.query = "limit=50"
        pattern = re.compile(".".join(map(re.escape, unquote_plus(text).split("_"))), re.IGNORECASE)
        held = (await serve(every)).read("/items") or []
        items = [each for each in held if pattern.search(each["title"]) or pattern.search(each["code"])]
        found.edit("", lambda _: {"items": items, "total": len(items)})
        return found

    return altered


FAULTS = [
    Fault("closed are not found", "forum", _gone_once_closed()),
    Fault("a replacement leaves what it does not tell", "forum", at(_REPLACE, _merging())),
    Fault("no topic has no posts", "forum", at(_POSTS, replace_answer(200, [], on="404"))),
    Fault("posts of the first topic", "forum", at("* /v1/topics/{id}/posts", answer(_same_topic))),
    Fault("posts from last to first", "forum", at(_POSTS, edit("", lambda held: held[::-1]))),
    Fault("a cursor on the last page", "forum", at(_TOPICS, answer(_cursor_at_end))),
    Fault("the beginning of an author", "forum", at(_TOPICS, _by_beginning())),
    Fault("a workspace that is asked for", "forum", at(_NEW_TOPIC, _taken_over("", "workspace_id"))),
    Fault("a merchant that is asked for", "unibee", at(NEW, _taken_over("/data/merchantMetric", "merchantId"))),
    Fault("the total of all books", "library", at(_BOOKS, _total_of_all())),
    Fault("any character in what is looked for", "library", at(_BOOKS, _any_character())),
    Fault("duplicates are stored", "cuoral", _stored_all_the_same()),
]
