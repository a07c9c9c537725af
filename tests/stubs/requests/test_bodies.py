"""Bodies of every kind of media type: what a handler sees of what was sent, and what is refused."""

import json
from typing import Any

import pytest

from tests.effort import ending
from tests.stubs.client import Answer
from tests.stubs.echoing import echo_client

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
ORDER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "maximum": 9},
        "paid": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "to": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
        "label": {"type": "string", "format": "binary", "maxLength": 6},
        "labels": {"type": "array", "items": {"type": "string", "format": "binary"}},
    },
}


def send(content: dict[str, Any], media_type: str, body: bytes, **operation: Any) -> Answer:
    """The answer to a body, by an operation that accepts this content."""
    client = echo_client({"requestBody": {"content": content, "required": True}, **operation})
    return client("POST", "/echo", body, {"content-type": media_type} if media_type else {})


def read(content: dict[str, Any], media_type: str, body: bytes) -> Any:
    """The value that a handler sees of a body."""
    answer = send(content, media_type, body)
    assert answer.status == 200, answer.text
    return answer.json["value"]


def parts(*named: tuple[str, bytes], boundary: str = "edge") -> tuple[str, bytes]:
    """The media type and body of a form whose parts have these further header lines and contents."""
    text = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in named
    )
    return f'{MULTIPART}; boundary="{boundary}"', text + f"--{boundary}--\r\n".encode()


@pytest.mark.parametrize(
    ("encoding", "body", "value"),
    [
        ({}, "id=1&paid=true&tags=a&tags=b%26+c&x=1", {"id": 1, "paid": True, "tags": ["a", "b& c"], "x": "1"}),
        ({}, "id=1&tags[]=a&to[city]=Rome", {"id": 1, "tags": ["a"], "to": {"city": "Rome"}}),
        ({}, 'id=1&to={"city":"Rome"}&tags=["a"]', {"id": 1, "tags": ["a"], "to": {"city": "Rome"}}),
        ({"tags": {"style": "form", "explode": False}}, "id=1&tags=a,b", {"id": 1, "tags": ["a", "b"]}),
        ({"tags": {"style": "pipeDelimited"}}, "id=1&tags=a|b", {"id": 1, "tags": ["a", "b"]}),
        ({"to": {"style": "form"}}, "id=1&city=Rome", {"id": 1, "to": {"city": "Rome"}}),
        ({"to": {"style": "deepObject"}}, "id=1&to%5Bcity%5D=Rome", {"id": 1, "to": {"city": "Rome"}}),
    ],
)
def test_forms(encoding: Any, body: str, value: Any) -> None:
    assert read({FORM: {"schema": ORDER, "encoding": encoding}}, FORM, body.encode()) == value


@pytest.mark.parametrize(
    ("encoding", "body", "status", "detail"),
    [
        ({}, "id=10", 422, "id: 10 is greater than the maximum of 9"),
        ({}, "id=x", 422, 'id: "x" is not of type "integer"'),
        ({}, "", 422, 'id: "id" is a required property'),
        ({}, "id=1&to[x]=1", 422, 'to.city: "city" is a required property'),
        ({}, "id=1&to=Rome", 422, 'to: "Rome" is not of type "object"'),
        ({}, "id=%ff", 400, "it is not UTF-8"),
        ({}, "a&" * 10_001, 400, "more than 10000 fields"),
        ({"x": {"allowReserved": False}}, "id=1&x=a:b", 422, 'x: the field "x" has reserved characters'),
    ],
)
def test_forms_are_refused(encoding: Any, body: str, status: int, detail: str) -> None:
    answer = send({FORM: {"schema": ORDER, "encoding": encoding}}, FORM, body.encode())
    assert (answer.status, answer.json["detail"]) == (status, detail)


def test_a_form_of_several_parts() -> None:
    media_type, body = parts(
        ('name="id"', b"7"),
        ('name="tags"', "é".encode()),
        ('name="tags"', b"b"),
        ('name="to"\r\nContent-Type: application/json', b'{"city": "Rome"}'),
        ('name="label"; filename="a.png"\r\nContent-Type: image/png', b"\x89PNG\r\n"),
        ('name="labels"; filename=a', b"\xff"),
        ('name="labels"; filename="b\\"c"', b""),
        ('name="x"', b"--edgy"),
    )
    value = read({MULTIPART: {"schema": ORDER}}, media_type, b"preamble\r\n" + body + b"epilogue")
    assert value == {
        "id": 7,
        "tags": ["é", "b"],
        "to": {"city": "Rome"},
        "label": "\x89PNG\r\n",
        "labels": ["\xff", ""],
        "x": "--edgy",
    }


@pytest.mark.parametrize(
    ("head", "content", "status", "detail"),
    [
        ('name="id"', b"x", 422, 'id: "x" is not of type "integer"'),
        ('name="to"\r\nContent-Type: application/json', b"{", 400, 'the part "to" is no JSON'),
        ('name="label"; filename="a"\r\nContent-Type: text/html', b"", 422, "has the media type text/html"),
        ('name="label"; filename="a"', b"1234567", 422, "label: "),
        ('name="labels"', b"", 422, "lacks the header X-Size"),
        ("x", b"", 400, "a part has no name"),
        ('name="x"\r\nno header', b"", 400, "a header of a part is not one"),
        ('name="x"\r\nA: ' + "x" * 20_000, b"", 400, "the headers of a part are too long"),
    ],
)
def test_parts_are_refused(head: str, content: bytes, status: int, detail: str) -> None:
    headers = {"X-Size": {"required": True, "schema": {"type": "integer"}}}
    encoding = {"label": {"contentType": "image/png, image/*"}, "labels": {"headers": headers}}
    media_type, body = parts(*([] if 'name="id"' in head else [('name="id"', b"1")]), (head, content))
    answer = send({MULTIPART: {"schema": ORDER, "encoding": encoding}}, media_type, body)
    assert answer.status == status
    assert detail in answer.json["detail"]


@pytest.mark.parametrize("media_type", [MULTIPART, f'{MULTIPART}; boundary=""', f"{MULTIPART}; boundary=c"])
def test_a_form_without_its_boundary_is_malformed(media_type: str) -> None:
    assert send({MULTIPART: {"schema": ORDER}}, media_type, parts(('name="id"', b"7"))[1]).status == 400


def test_a_form_that_breaks_off_or_has_too_many_parts_is_malformed() -> None:
    media_type, body = parts(*[('name="id"', b"7")] * 1000)
    assert send({MULTIPART: {"schema": {"type": "object"}}}, media_type, body).status == 200
    assert send({MULTIPART: {"schema": ORDER}}, media_type, body[:-10]).status == 400
    media_type, body = parts(*[('name="id"', b"7")] * 1001)
    assert send({MULTIPART: {"schema": ORDER}}, media_type, body).json["detail"] == "more than 1000 parts"


FULL = (
    '<?xml version="1.0"?><p:pet xmlns:p="urn:pets" id="5"><p:name>A &amp; <![CDATA[<B>]]></p:name><photos>'
    '<photo>x</photo><photo/></photos><age>1</age><age>2</age><owner vip="true"/><tag/><more>1</more></p:pet>'
)
TREE = {
    "type": "object",
    "xml": {"name": "pet", "namespace": "urn:pets"},
    "required": ["name"],
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "name": {"type": "string"},
        "photos": {"type": "array", "xml": {"wrapped": True}, "items": {"type": "string", "xml": {"name": "photo"}}},
        "ages": {"type": "array", "items": {"allOf": [{"type": "integer"}, {"xml": {"name": "age"}}]}},
        "tags": {"allOf": [{"type": "object", "xml": {"wrapped": False}}, {"xml": {"name": "tag"}}]},
        "owner": {"type": ["object", "null"], "properties": {"vip": {"type": "boolean", "xml": {"attribute": True}}}},
    },
}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (
            FULL,
            {
                "id": 5,
                "name": "A & <B>",
                "photos": ["x", ""],
                "ages": [1, 2],
                "owner": {"vip": True},
                "tags": {},
                "more": "1",
            },
        ),
        (
            '<pet xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><name>é</name><owner i:nil="true"/></pet>',
            {"name": "é", "owner": None},
        ),
    ],
)
def test_xml(body: str, value: Any) -> None:
    assert read({"application/xml": {"schema": TREE}}, "application/xml", body.encode()) == value
    latin = f'<?xml version="1.0" encoding="iso-8859-1"?>{body.partition("?>")[2] or body}'.encode("latin-1")
    assert read({"application/xml": {"schema": TREE}}, "application/xml", latin) == value


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<pet>", 400),
        ("<pet/><pet/>", 400),
        ("", 400),
        ("<a>" * 200 + "</a>" * 200, 400),
        ('<!DOCTYPE pet [<!ENTITY a "b">]><pet><name>&a;</name></pet>', 400),
        ('<!DOCTYPE pet SYSTEM "file:///etc/passwd"><pet><name>x</name></pet>', 400),
        ('<?xml version="1.0" encoding="nonsense"?><pet/>', 400),
        ("<pet><id>x</id></pet>", 422),
        ('<pet id="x"><name/></pet>', 422),
    ],
)
def test_xml_is_refused(body: str, status: int) -> None:
    assert send({"application/xml": {"schema": TREE}}, "application/xml", body.encode()).status == status


def test_xml_of_many_elements_is_read_at_once() -> None:
    body = b"<pet><name/>" + b"<o/>" * 240_000 + b"</pet>"
    with ending():
        assert len(read({"application/xml": {"schema": TREE}}, "application/xml", body)["o"]) == 240_000


def test_xml_without_a_mapping_need_only_be_well_formed() -> None:
    for media in ({"schema": {"type": "string"}}, {}):
        assert send({"text/xml": media}, "text/xml", b"<a/>").status == 200
        assert send({"text/xml": media}, "text/xml", b"<a>").status == 400


@pytest.mark.parametrize(
    ("stated", "sent", "schema", "body", "value"),
    [
        ("text/plain", "text/plain", {"type": "string"}, "é".encode(), "é"),
        ("text/plain", "text/plain; charset=iso-8859-1", {"type": "string"}, b"\xe9", "é"),
        ("text/plain", "text/plain", {"type": "integer"}, b"5", 5),
        ("image/*", "image/png", {"type": "string", "format": "binary"}, b"\xff\x00", "\xff\x00"),
        ("image/png", "image/png", None, b"\xff", None),
        ("*/*", "application/json", {"type": "object"}, b'{"a": 1}', {"a": 1}),
        ("*/*", "application/octet-stream", {"type": "object"}, b"\xff", None),
        ("application/*+json", "application/vnd.x+json", {"type": "object"}, b"{}", {}),
        ("application/json; v=2", "application/json;v=2", {"type": "array"}, b"[]", []),
        ("application/x-ndjson", "application/x-ndjson", {"type": "integer"}, b"1\n2\n\n", [1, 2]),
        ("application/json-seq", "application/json-seq", {"type": "array"}, b"\x1e1\n\x1e[2]\n", [1, [2]]),
    ],
)
def test_texts_bytes_and_ranges(stated: str, sent: str, schema: Any, body: bytes, value: Any) -> None:
    assert read({stated: {} if schema is None else {"schema": schema}}, sent, body) == value


@pytest.mark.parametrize(
    ("stated", "sent", "schema", "body", "status"),
    [
        ("text/plain", "text/plain", {"type": "string"}, b"\xff", 400),
        ("text/plain", "text/plain; charset=punycode", {"type": "string"}, b"x", 400),
        ("text/plain", "text/plain; charset=nonsense", {"type": "string"}, b"x", 400),
        ("text/plain", "text/plain", {"type": "string", "minLength": 2}, b"x", 422),
        ("image/*", "image/png", {"type": "string", "maxLength": 1}, b"\xff\x00", 422),
        ("image/*", "text/plain", {"type": "string"}, b"x", 415),
        ("application/*+json", "application/x", {}, b"{}", 415),
        ("*/*", "application/json", {"type": "object"}, b"{", 400),
        ("*/*", "application/xml", {"type": "object"}, b"<", 400),
        ("application/x-ndjson", "application/x-ndjson", {"type": "integer"}, b"1\nx\n", 400),
        ("application/x-ndjson", "application/x-ndjson", {"type": "integer"}, b'1\n"2"\n', 422),
        ("application/octet-stream", "application/octet-stream", {}, b"x" * (1024 * 1024 + 1), 413),
        ("application/octet-stream", "application/octet-stream", {}, b"", 400),
        ("application/json", "", {}, b"{}", 415),
    ],
)
def test_texts_bytes_and_ranges_are_refused(stated: str, sent: str, schema: Any, body: bytes, status: int) -> None:
    assert send({stated: {"schema": schema}}, sent, body).status == status


def test_items_of_a_sequence_have_a_schema_of_their_own() -> None:
    content = {"application/jsonl": {"x-item-schema": {"type": "object", "required": ["a"]}}}
    answer = send(content, "application/jsonl", b'{"a":1}\n{}\n')
    assert (answer.status, answer.json["detail"]) == (422, '1.a: "a" is a required property')


def test_an_unsupported_media_type_is_told_what_is_accepted() -> None:
    content: dict[str, Any] = {"application/json": {}, "text/*": {}}
    answer = send(content, "image/png", b"x")
    assert (answer.status, answer.headers["accept"]) == (415, "application/json, text/*")
    assert "application/json, text/*" in answer.json["detail"]


def test_the_kind_of_a_body_chooses_its_schema() -> None:
    content = {
        "application/json": {"schema": {"type": "object", "required": ["a"]}},
        FORM: {"schema": {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]}},
    }
    assert read(content, "application/json", json.dumps({"a": 1}).encode()) == {"a": 1}
    assert read(content, FORM, b"b=1") == {"b": 1}
    assert send(content, FORM, b"a=1").status == 422
    assert send(content, "application/json", b'{"b": 1}').status == 422


def test_a_body_that_is_not_described() -> None:
    client = echo_client({"responses": {"200": {"description": "ok"}, "415": {"description": "no"}}})
    assert client("GET", "/echo", b"x", {"content-type": "text/plain"}).status == 415
    assert echo_client({})("GET", "/echo", b"{", {"content-type": "application/json"}).status == 200


def test_what_only_the_server_states_is_refused_in_words() -> None:
    schema = {"type": "object", "properties": {"id": {"$ref": "#/components/schemas/Id"}}}
    client = echo_client(
        {"requestBody": {"content": {"application/json": {"schema": schema}}}},
        schemas={"Id": {"type": "string", "readOnly": True}},
    )
    assert client("POST", "/echo", {"id": "1"}).json["detail"] == "id: only the server states it"
