"""Files: what is uploaded is told of and comes back byte by byte, until it is removed or too much."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from counterfoil.stub.state import files
from counterfoil.stub.state.stores import remember
from tests.stubs.client import Client
from tests.stubs.resources import body, client_for, operation, path, ref

BYTES = b"one\r\ntwo\x00\xff\r\n\r\n--end\x1a"
BINARY = {"type": "string", "format": "binary"}
FILE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "file_name": {"type": "string"},
        "size": {"type": "integer"},
        "size_kb": {"type": "integer", "description": "In kB"},
        "content_type": {"type": "string"},
        "sha256": {"type": "string"},
        "note": {"type": "string"},
    },
}
FORM = {"type": "object", "required": ["file"], "properties": {"file": BINARY, "note": {"type": "string"}}}


def shown(media_type: str = "application/octet-stream") -> dict[str, Any]:
    found = {**operation("200"), "parameters": [path("fileId", "integer")]}
    found["responses"]["200"] = {"description": "ok", "content": {media_type: {"schema": BINARY}}}
    return found


def taking(schema: Any, media_type: str, status: str = "201", answer: Any = None, **more: Any) -> dict[str, Any]:
    return {**operation(status, answer, **more), "requestBody": body(schema, media_type)}


def of(**more: Any) -> Client:
    """A client of an API of files, of which the form and the way back are `more`."""
    one = {"parameters": [path("fileId", "integer")], "get": operation("200", ref("File")), "delete": operation("204")}
    made = {"get": operation("200", {"type": "array", "items": ref("File")})}
    paths: dict[str, Any] = {"/files": made, "/files/{fileId}": one}
    for name, item in more.items():
        place = "/" + name.replace("__", "/").replace("ID", "{fileId}")
        paths[place] = {**paths.get(place, {}), **item}
    return client_for(paths, File=FILE)


def upload(client: Client, target: str, content: bytes, method: str = "POST", name: str = "a.bin") -> Any:
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nmine\r\n',
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n' % name.encode(),
        b"Content-Type: image/png\r\n\r\n" + content + b"\r\n--b--\r\n",
    ]
    return client(method, target, b"".join(parts), {"content-type": "multipart/form-data; boundary=b"})


UPLOAD = {"post": taking(FORM, "multipart/form-data", answer=ref("File"))}
RAW = {"content-type": "application/octet-stream"}


@pytest.mark.parametrize(
    ("place", "target"),
    [("files__ID__content", "/files/1/content"), ("files__ID__raw-file", "/files/1/raw-file")],
)
def test_upload_is_told_of_and_comes_back(place: str, target: str) -> None:
    client = of(files=UPLOAD, **{place: {"get": shown()}})
    for number, name in ((1, "a.bin"), (2, "b.bin")):
        made = upload(client, "/files", BYTES * number, name=name).json
        told = {"file_name": name, "size": len(BYTES) * number, "content_type": "image/png", "note": "mine"}
        assert told.items() <= made.items()
        assert made["sha256"] == hashlib.sha256(BYTES * number).hexdigest()
        assert made.get("size_kb") != len(BYTES) * number
    answer = client("GET", target)
    assert (answer.body, answer.headers["content-type"]) == (BYTES, "application/octet-stream")
    assert client("GET", "/files/1").json["size"] == len(BYTES)


def test_what_was_never_made_or_is_gone_is_refused_at_its_content_too() -> None:
    client = of(files=UPLOAD, files__ID__content={"get": shown()})
    upload(client, "/files", BYTES)
    assert client("GET", "/files/7/content").status == 404
    assert client("DELETE", "/files/1").status == 204
    assert client("GET", "/files/1/content").status == 404


def test_bytes_that_replace_others_are_told_of_by_their_object() -> None:
    replaced = {"put": taking(BINARY, "application/octet-stream", "204")}
    client = of(files=UPLOAD, files__ID__content={"get": shown(), **replaced})
    upload(client, "/files", BYTES)
    headers = {**RAW, "content-disposition": 'attachment; filename="new.bin"'}
    assert client("PUT", "/files/1/content", b"new", headers).status == 204
    assert client("GET", "/files/1/content").body == b"new"
    told = client("GET", "/files/1").json
    assert (told["size"], told["file_name"], told["note"]) == (3, "new.bin", "mine")
    assert client("PUT", "/files/9/content", b"new", RAW).status == 404


def test_file_without_an_object_is_at_its_path_in_its_media_type_until_it_is_removed() -> None:
    logo = {"put": taking(BINARY, "image/*", "204"), "get": shown("image/*"), "delete": operation("204")}
    client = of(logo=logo)
    client.tree["paths"]["/logo"]["get"]["responses"]["200"]["content"]["image/webp"] = {}  # as it will be answered
    assert client("PUT", "/logo", BYTES, {"content-type": "image/webp"}).status == 204
    answer = client("GET", "/logo")
    assert (answer.body, answer.headers["content-type"]) == (BYTES, "image/webp")
    assert client("DELETE", "/logo").status == 204
    assert client("GET", "/logo").status == 404


@pytest.mark.parametrize(("media_type", "comes_back"), [("text/csv", True), ("application/xml", False)])
def test_text_comes_back_as_it_was_but_no_value_that_is_written_anew(media_type: str, comes_back: bool) -> None:
    client = of(table={"put": taking({"type": "string"}, media_type, "204"), "get": shown(media_type)})
    content = b"<a>1</a>\r\n" if "xml" in media_type else b"a,b\r\n1,\xe2\x82\xac\r\n"
    assert client("PUT", "/table", content, {"content-type": media_type}).status == 204
    assert (client("GET", "/table").body == content) is comes_back


def test_media_type_of_a_part_ends_no_header() -> None:
    client = of(files=UPLOAD, files__ID__content={"get": shown("image/*")})
    client.tree["paths"]["/files/{fileId}/content"]["get"]["responses"]["200"]["content"]["image/png x: y"] = {}
    content = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
        b"Content-Type: image/png\rx: y\r\n\r\nabc\r\n--b--\r\n"
    )
    assert client("POST", "/files", content, {"content-type": "multipart/form-data; boundary=b"}).status == 201
    assert client("GET", "/files/1/content").headers["content-type"] == "image/png x: y"


@pytest.mark.parametrize(("bound", "value", "kept"), [("MOST", 2, [2, 3]), ("MOST_BYTES", 4 * len(BYTES), [3])])
def test_files_that_were_uploaded_first_are_forgotten_first(
    bound: str, value: int, kept: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, bound, value)
    client = of(files=UPLOAD, files__ID__content={"get": shown()})
    remember({"files": client.stub}, tmp_path / "state.db" if bound == "MOST" else None)
    for _ in range(3):
        upload(client, "/files", BYTES)
    assert [each for each in (1, 2, 3) if client("GET", f"/files/{each}/content").body == BYTES] == kept
