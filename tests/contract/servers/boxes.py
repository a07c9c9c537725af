"""A server of boxes, things in them, and labels with keys of the clients; its contract is `boxes.yaml` beside it.

It shares no code with the stubs. Each method is one thing that a server may get wrong.
"""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

Record = dict[str, Any]
_KINDS = {"name": str, "title": str, "slug": str, "size": int, "locked": bool, "tags": list, "lid": dict}
BOX = ("name", "size", "locked", "tags", "lid")
METHODS = {
    "boxes": ("GET", "POST"),
    "boxes/*": ("GET", "PUT", "PATCH", "DELETE"),
    "boxes/*/things": ("GET", "POST"),
    "boxes/*/things/*": ("GET", "DELETE"),
    "shelves/*/jars": ("GET", "POST"),
    "labels": ("GET", "POST"),
    "labels/*": ("GET",),
}


class RefusalError(Exception):
    """A refusal with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Boxes:
    """Keeps boxes, things and labels as `boxes.yaml` has it."""

    def __init__(self) -> None:
        self.boxes: dict[int, Record] = {}
        self.things: dict[int, Record] = {}
        self.jars: dict[int, tuple[int, Record]] = {}
        self.labels: dict[str, Record] = {}
        self.number = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        told = dict(scope["headers"])
        self.condition = (told.get(b"if-match") or told.get(b"if-none-match") or b"").decode("latin-1")
        kind = told.get(b"content-type", b"").partition(b";")[0].strip().lower()
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        steps = [self.decoded(step) for step in scope["raw_path"].decode().split("/")[1:]]
        headers: dict[str, str] = {}
        try:
            status, value = self.answer(scope["method"], steps, query, (kind, body))
        except RefusalError as error:
            status, value = error.status, {"error": "no"}
            headers = {"allow": ", ".join(METHODS[self.form(steps)])} if status == 405 else {}
        if status == 201 and steps == ["boxes"]:
            headers["location"] = self.location(value)
        if status == 200 and scope["method"] == "GET" and self.form(steps) == "boxes/*":
            headers["etag"] = self.tag(value)
        text = b"" if value is None else json.dumps(value).encode()
        headers |= {"content-type": "application/json"} if text else {}
        listed = [(name.encode(), told.encode()) for name, told in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": listed})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})

    def decoded(self, step: str) -> str:
        return unquote(step)

    def location(self, box: Record) -> str:
        return f"/boxes/{box['id']}"

    def answer(self, method: str, steps: list[str], query: dict[str, str], sent: tuple[bytes, bytes]) -> Any:
        method = "GET" if method == "HEAD" else method
        match (method, *steps):
            case "POST", "boxes":
                return 201, self.create_box(self.read(sent, *BOX))
            case "GET", "boxes":
                return 200, self.listed(query)
            case "GET", "boxes", key:
                box = self.shown(self.box(key))
                return (304, None) if self.condition == self.tag(box) else (200, box)
            case "PUT", "boxes", key:
                return 200, self.replace(self.box(key), self.read(sent, *BOX))
            case "PATCH", "boxes", key:
                if not self.is_met(self.box(key)):
                    raise RefusalError(412)
                return 200, self.change(self.box(key), self.read(sent, *self.changeable(), needs=False))
            case "DELETE", "boxes", key:
                self.remove(self.box(key))
                return 204, None
            case "POST", "boxes", key, "things":
                return 201, self.create_thing(self.owner(key), self.read(sent, "title"))
            case "GET", "boxes", key, "things":
                owner = self.owner(key)
                return 200, [thing for thing in self.things.values() if thing["box_id"] == owner]
            case "GET", "boxes", key, "things", thing:
                return 200, self.thing(self.owner(key), self.whole(thing))
            case "DELETE", "boxes", key, "things", thing:
                del self.things[self.taken(self.owner(key), self.whole(thing))["id"]]
                return 204, None
            case "GET", "shelves", key, "jars":
                return 200, self.jars_of(self.whole(key))
            case "POST", "shelves", key, "jars":
                return 201, self.create_jar(self.whole(key), self.read(sent, "title"))
            case "GET", "labels":
                return 200, self.listed_labels(query)
            case "POST", "labels":
                told = self.read(sent, "slug")
                if told["slug"] in self.labels:
                    raise RefusalError(409)
                return 201, self.labels.setdefault(told["slug"], told)
            case "GET", "labels", key if key in self.labels:
                return 200, self.labels[key]
            case "GET", "labels", _:
                raise RefusalError(404)
        raise RefusalError(405 if self.form(steps) in METHODS else 404)

    def form(self, steps: list[str]) -> str:
        """The path without keys."""
        return "/".join("*" if number % 2 else step for number, step in enumerate(steps))

    def whole(self, text: str) -> int:
        if not (text.isascii() and text.isdecimal() and text[0] != "0" and len(text) < 9):
            raise RefusalError(400)
        return int(text)

    def read(self, sent: tuple[bytes, bytes], *names: str, needs: bool = True) -> Record:
        if sent[0] != b"application/json":
            raise RefusalError(415)
        try:
            told = json.loads(sent[1])
        except (ValueError, RecursionError):
            raise RefusalError(400) from None
        if not isinstance(told, dict) or (needs and names[0] not in told) or not told:
            raise RefusalError(400)
        lid = told.get("lid", {"wood": ""})
        if not isinstance(lid, dict) or [*lid] not in (["wood"], ["glass"]):
            raise RefusalError(400)
        if not all(isinstance(text, str) for text in lid.values()):
            raise RefusalError(400)
        if any(type(told[name]) is not _KINDS[name] for name in names if name in told) or not all(
            isinstance(tag, str) for tag in told.get("tags", ())
        ):
            raise RefusalError(400)
        return {name: told[name] for name in names if name in told}

    def now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def create_box(self, told: Record) -> Record:
        self.number += 1
        self.boxes[self.number] = {"id": self.number, "size": 3, "locked": False, **told, "updated_at": self.now()}
        return self.boxes[self.number]

    def box(self, key: str) -> Record:
        found = self.boxes.get(self.whole(key))
        if found is None:
            raise RefusalError(404)
        return found

    def shown(self, box: Record) -> Record:
        return box

    def owner(self, key: str) -> int:
        return int(self.box(key)["id"])

    def change(self, box: Record, told: Record) -> Record:
        self.boxes[box["id"]] = {**box, **told, "updated_at": self.now()}
        return self.boxes[box["id"]]

    def changeable(self) -> tuple[str, ...]:
        return "name", "locked", "lid"

    def replace(self, box: Record, told: Record) -> Record:
        whole = {"id": box["id"], "size": 3, "locked": False, **told, "updated_at": self.now()}
        self.boxes[box["id"]] = whole
        return whole

    def is_met(self, box: Record) -> bool:
        return self.condition in ("", self.tag(box))

    def tag(self, box: Record) -> str:
        return f'"{hash(json.dumps(box))}"'

    def remove(self, box: Record) -> None:
        del self.boxes[box["id"]]

    def create_thing(self, owner: int, told: Record) -> Record:
        self.number += 1
        self.things[self.number] = {"id": self.number, "box_id": owner, **told}
        return self.things[self.number]

    def thing(self, owner: int, key: int) -> Record:
        found = self.things.get(key)
        if found is None or found["box_id"] != owner:
            raise RefusalError(404)
        return found

    def taken(self, owner: int, key: int) -> Record:
        return self.thing(owner, key)

    def create_jar(self, shelf: int, told: Record) -> Record:
        self.number += 1
        self.jars[self.number] = shelf, {"id": self.number, **told}
        return self.jars[self.number][1]

    def jars_of(self, shelf: int) -> list[Record]:
        return [jar for own, jar in self.jars.values() if own == shelf]

    def listed_labels(self, query: dict[str, str]) -> Record:
        limit, sort = self.whole(query.get("limit", "50")), query.get("sort", self.usual_order())
        if limit > 100 or sort not in ("slug", "-slug"):
            raise RefusalError(400)
        slugs = sorted(self.labels, reverse=sort == "-slug")
        start = self.after(slugs, query["cursor"]) if query.get("cursor") in self.labels else 0
        end = start + limit
        more = self.goes_on(slugs, end)
        return {
            "data": [self.labels[slug] for slug in slugs[start:end]],
            "next_cursor": slugs[end - 1] if more else None,
        }

    def after(self, slugs: list[str], cursor: str) -> int:
        return slugs.index(cursor) + 1

    def usual_order(self) -> str:
        return "slug"

    def goes_on(self, slugs: list[str], end: int) -> bool:
        return end < len(slugs)

    def listed(self, query: dict[str, str]) -> Record:
        limit, after = (
            self.whole(query.get("limit", "100")),
            self.whole(query.get("after", "1")) if "after" in query else 0,
        )
        least = 0 if query.get("min_size", "0") == "0" else self.whole(query["min_size"])
        if limit > 100 or least > 99:
            raise RefusalError(400)
        found = [box for key, box in self.boxes.items() if key > after and self.is_large(box, least)]
        return {"data": found[:limit], "has_more": self.more(found, limit)}

    def is_large(self, box: Record, least: int) -> bool:
        return bool(box["size"] >= least)

    def more(self, found: list[Record], limit: int) -> bool:
        return len(found) > limit
