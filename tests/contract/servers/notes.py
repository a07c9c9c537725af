"""A server of notes that shares no code with the stubs, as an ASGI app; its contract is `notes.yaml` beside it.

Each method is one thing that a server may get wrong.
"""

import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

TOKEN = "notes-token-5f0c2a"
READ_ONLY = "notes-reader-91b7de"
COLOURS = ("red", "green", "blue")

Note = dict[str, Any]


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class RefusalError(Exception):
    """A refusal with a status and headers."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(status)
        self.status, self.headers = status, headers


class Notes:
    """Keeps notes as `notes.yaml` has it."""

    def __init__(self) -> None:
        self.notes: dict[int, Note] = {}
        self.made = 0
        self.keyed: dict[str, tuple[bytes, int]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        try:
            status, value, sent = self.answer(Asked(scope["method"], scope["path"], query, headers, body))
        except RefusalError as error:
            status, value, sent = error.status, {"error": "no"}, error.headers
        text = b"" if value is None else json.dumps(value).encode()
        if text:
            sent = {"Content-Type": "application/json", **sent}
        listed = [(name.replace("_", "-").lower().encode(), text.encode()) for name, text in sent.items()]
        await send({"type": "http.response.start", "status": status, "headers": listed})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})

    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        one = re.fullmatch(r"/notes/([^/]+)", asked.path)
        known = {"GET", "HEAD", "PATCH", "DELETE"} if one else {"GET", "HEAD", "POST"}
        if not one and asked.path != "/notes":
            raise self.unknown_path()
        if asked.method not in known:
            raise self.unknown_method(known)
        self.authenticate(asked)
        if one:
            if not re.fullmatch(r"[1-9][0-9]{0,17}", one[1]):
                raise RefusalError(400)
            return self.one(asked, int(one[1]))
        return self.create(asked) if asked.method == "POST" else self.listed(asked.query)

    def unknown_path(self) -> RefusalError:
        return RefusalError(404)

    def unknown_method(self, known: set[str]) -> RefusalError:
        return RefusalError(405, Allow=", ".join(sorted(known)))

    def authenticate(self, asked: Asked) -> None:
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in (TOKEN, READ_ONLY):
            raise RefusalError(401)
        if token == READ_ONLY and asked.method not in ("GET", "HEAD"):
            raise self.may_not_write()

    def may_not_write(self) -> RefusalError:
        return RefusalError(403)

    def body(self, asked: Asked, required: set[str]) -> Note:
        if asked.headers.get("content-type", "").partition(";")[0].lower() != "application/json":
            raise RefusalError(415)
        try:
            value = json.loads(asked.body)
        except ValueError:
            raise RefusalError(400) from None
        if not isinstance(value, dict) or not value or not required <= value.keys():
            raise RefusalError(400)
        allowed = {"name": 40, "text": 100, "colour": 5} if required else {"text": 100, "colour": 5}
        for name, each in value.items():
            if name not in allowed or not isinstance(each, str) or len(each) > allowed[name]:
                raise RefusalError(400)
        if value.get("name") == "" or value.get("colour", "red") not in COLOURS:
            raise RefusalError(400)
        return value

    def create(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        key = asked.headers.get("idempotency-key", "")
        if len(key) > 40:
            raise RefusalError(400)
        if key in self.keyed:
            before, number = self.keyed[key]
            if before != asked.body:
                raise RefusalError(422)
            return self.created(self.notes[number])
        note = self.body(asked, {"name", "text"})
        if self.is_duplicate(note):
            raise RefusalError(409)
        self.made += 1
        number = self.next_key()
        self.notes[number] = {"id": number, "colour": "red", **note}
        if key:
            self.keyed[key] = asked.body, number
        return self.created(self.notes[number])

    def created(self, note: Note) -> tuple[int, Any, dict[str, str]]:
        return 201, note, {"Location": f"/notes/{note['id']}"}

    def is_duplicate(self, note: Note) -> bool:
        return any(each["name"] == note["name"] for each in self.notes.values())

    def next_key(self) -> int:
        return self.made

    def one(self, asked: Asked, key: int) -> tuple[int, Any, dict[str, str]]:
        note = self.find(key)
        if asked.method == "PATCH":
            told = self.body(asked, set())
            if note is None:
                raise self.unknown()
            self.change(note, told)
            return 200, self.notes[key], {}
        if note is None:
            raise self.unknown()
        if asked.method == "DELETE":
            self.remove(key)
            return 204, None, {}
        return 200, self.shown(note), {}

    def find(self, key: int) -> Note | None:
        return self.notes.get(key)

    def unknown(self) -> RefusalError:
        return RefusalError(404)

    def change(self, note: Note, told: Note) -> None:
        self.notes[note["id"]] = {**note, **told}

    def remove(self, key: int) -> None:
        del self.notes[key]

    def shown(self, note: Note) -> Note:
        return note

    def listed(self, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        page, limit = self.number(query.get("page", "1"), None), self.number(query.get("limit", "20"), 50)
        if query.get("colour", "red") not in COLOURS or query.get("sort", "name") not in ("name", "-name"):
            raise RefusalError(400)
        found = self.ordered(self.chosen([*self.notes.values()], query), query)
        start, end = self.part(page, limit)
        items, more = found[start:end], end < len(found)
        return 200, {"items": items, "total": self.total(found, items), "page": page, "has_more": more}, {}

    def number(self, text: str, most: int | None) -> int:
        if not re.fullmatch(r"[1-9][0-9]{0,8}", text) or (most is not None and int(text) > most):
            raise RefusalError(400)
        return int(text)

    def chosen(self, notes: list[Note], query: dict[str, str]) -> list[Note]:
        text, colour = query.get("q", "").casefold(), query.get("colour")
        notes = [note for note in notes if text in note["name"].casefold() or text in note["text"].casefold()]
        return [note for note in notes if colour in (None, note["colour"])]

    def ordered(self, notes: list[Note], query: dict[str, str]) -> list[Note]:
        if "sort" not in query:
            return notes
        return sorted(notes, key=lambda note: str(note["name"]), reverse=query["sort"] == "-name")

    def part(self, page: int, limit: int) -> tuple[int, int]:
        return (page - 1) * limit, page * limit

    def total(self, found: list[Note], items: list[Note]) -> int:
        return len(found)
