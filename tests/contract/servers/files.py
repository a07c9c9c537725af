"""A server of files that shares no code with the stubs, as an ASGI app; its contract is `files.yaml` beside it.

Each method is one thing that a server may get wrong.
"""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

Record = dict[str, Any]
METHODS = {"/files": "GET, HEAD, POST", "/files/*": "GET, HEAD, PATCH", "/files/*/content": "GET, HEAD"}
_BOUNDARY = re.compile(rb"multipart/form-data; *boundary=(\S+)", re.IGNORECASE)


class RefusalError(Exception):
    """A refusal with a status."""


class Files:
    """Keeps files as `files.yaml` has it."""

    def __init__(self) -> None:
        self.files: dict[int, Record] = {}
        self.contents: dict[int, bytes] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        method = scope["method"].replace("HEAD", "GET")
        form = re.sub(r"(?<=/files/)[^/]+", "*", scope["path"])
        kind, headers = "application/json", []
        try:
            status, value = self.answer(method, form, scope["path"], (dict(scope["headers"]), body))
        except RefusalError as error:
            status, value = error.args[0], {"error": "no"}
            headers = [(b"allow", METHODS[form].encode())] if status == 405 else []
        if isinstance(value, bytes):
            kind, text = "application/octet-stream", value
        else:
            text = json.dumps(value).encode()
        headers.append((b"content-type", kind.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})

    def answer(self, method: str, form: str, path: str, sent: tuple[dict[bytes, bytes], bytes]) -> tuple[int, Any]:
        if form not in METHODS:
            raise RefusalError(404)
        if method not in METHODS[form]:
            raise RefusalError(405)
        if form == "/files":
            return (200, self.listed()) if method == "GET" else (201, self.upload(*sent))
        number = path.split("/")[2]
        if not (number.isascii() and number.isdecimal() and number[0] != "0" and len(number) < 18):
            raise RefusalError(400)
        if int(number) not in self.files:
            raise RefusalError(404)
        if form.endswith("/content"):
            return 200, self.contents[int(number)]
        return 200, self.files[int(number)] if method == "GET" else self.change(self.files[int(number)], *sent)

    def upload(self, headers: dict[bytes, bytes], body: bytes) -> Record:
        boundary = _BOUNDARY.fullmatch(headers.get(b"content-type", b""))
        if boundary is None:
            raise RefusalError(415)
        parts = [part.partition(b"\r\n\r\n") for part in body.split(b"--" + boundary[1])[1:-1]]
        files = [(head, content.removesuffix(b"\r\n")) for head, _, content in parts if b'name="file"' in head]
        if len(files) != 1:
            raise RefusalError(400)
        head, content = files[0]
        name = re.search(rb'filename="([^"]*)"', head)
        number = len(self.files) + 1
        self.contents[number] = self.kept(content)
        now = self.now()
        self.files[number] = {
            "id": number,
            "filename": self.name(name[1].decode() if name else ""),
            "size": len(content),
            "sha256": self.digest(content),
            "note": "",
            "created_at": now,
            "updated_at": now,
        }
        return self.files[number]

    def change(self, file: Record, headers: dict[bytes, bytes], body: bytes) -> Record:
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
            raise RefusalError(415)
        try:
            told = json.loads(body)
        except ValueError:
            raise RefusalError(400) from None
        if not isinstance(told, dict) or not isinstance(told.get("note", ""), str) or len(told.get("note", "")) > 80:
            raise RefusalError(400)
        file.update({"note": told.get("note", file["note"]), "updated_at": self.changed(file)})
        return file

    def listed(self) -> list[Record]:
        return list(self.files.values())[::-1]

    def kept(self, content: bytes) -> bytes:
        return content

    def name(self, sent: str) -> str:
        return sent

    def digest(self, content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()

    def now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def changed(self, file: Record) -> str:
        return self.now()
