"""Parameters of every place and style: what a handler sees of what was sent."""

from typing import Any

import pytest

from tests.stubs.echoing import echo_client, parameter

ANY = {"type": "string"}
LIST = {"type": "array", "items": {"type": "string"}}
NUMBERS = {"type": "array", "items": {"type": "integer"}}
COLOUR = {"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}}}
RGB = {"R": 100, "G": 200}
FILTER = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "open": {"type": "boolean"},
        "ids": NUMBERS,
        "price": {
            "type": "object",
            "properties": {"gte": {"type": "number"}, "not": {"$ref": "#/components/schemas/F"}},
        },
        "lines": {"type": "array", "items": {"type": "object", "properties": {"q": {"type": "integer"}}}},
    },
    "additionalProperties": {"type": "integer"},
}
NOTHING = object()


def read(place: str, schema: Any, style: str | None, sent: str, **fields: Any) -> Any:
    """What a handler sees of the parameter `p`, or the answer if it is refused."""
    path = f"/echo/{fields.pop('template', '{p}')}" if place == "path" else "/echo"
    client = echo_client({"parameters": [parameter(place, schema, style, **fields)]}, path, schemas={"F": FILTER})
    target = {"path": f"/echo/{sent}", "query": f"/echo?{sent}"}.get(place, "/echo")
    headers = {"header": {"p": sent}, "cookie": {"cookie": sent}}.get(place, {})
    answer = client("GET", target, b"", headers)
    return answer.json["parameters"].get(f"{place} p", NOTHING) if answer.status == 200 else answer


@pytest.mark.parametrize(
    ("style", "explode", "schema", "sent", "value"),
    [
        ("simple", False, ANY, "a%2Cb", "a,b"),
        ("simple", False, LIST, "a,b%2Cc,d+e", ["a", "b,c", "d+e"]),
        ("simple", True, LIST, "a,b", ["a", "b"]),
        ("simple", False, COLOUR, "R,100,G,200", RGB),
        ("simple", True, COLOUR, "R=100,G=200", RGB),
        ("label", False, {"type": "integer"}, ".5", 5),
        ("label", False, NUMBERS, ".1,2", [1, 2]),
        ("label", True, LIST, ".1.2", ["1", "2"]),
        ("label", False, COLOUR, ".R,100,G,200", RGB),
        ("label", True, COLOUR, ".R=100.G=200", RGB),
        ("matrix", False, ANY, ";p=a%3Bb", "a;b"),
        ("matrix", False, ANY, ";p", ""),
        ("matrix", False, LIST, ";p=a,b", ["a", "b"]),
        ("matrix", True, LIST, ";p=a,b;p=c", ["a,b", "c"]),
        ("matrix", False, COLOUR, ";p=R,100,G,200", RGB),
        ("matrix", True, COLOUR, ";R=100;G=200", RGB),
    ],
)
def test_variables_of_a_path(style: str, schema: Any, sent: str, value: Any, *, explode: bool) -> None:
    assert read("path", schema, style, sent, explode=explode) == value


def test_a_variable_within_a_segment() -> None:
    assert read("path", NUMBERS, "simple", "x1,2.json", template="x{p}.json") == [1, 2]
    assert read("path", LIST, "label", "x.a%2Eb.c", template="x{p}", explode=True) == ["a.b", "c"]


@pytest.mark.parametrize(
    ("style", "explode", "schema", "sent", "value"),
    [
        ("form", True, ANY, "p=a+b%2Bc", "a b+c"),
        ("form", True, LIST, "p=a,b&q=1&p=c", ["a,b", "c"]),
        ("form", True, NUMBERS, "p=1", [1]),
        ("form", True, NUMBERS, "p=", []),
        ("form", False, LIST, "p=a,b%2Cc", ["a", "b,c"]),
        ("form", False, NUMBERS, "p=1%2C2", [1, 2]),
        ("form", True, COLOUR, "R=100&G=200&B=1", RGB),
        ("form", True, COLOUR, "B=1", NOTHING),
        ("form", False, COLOUR, "p=R,100,G,200", RGB),
        ("form", True, COLOUR, 'p={"R":100,"G":200}', RGB),
        ("form", True, {"type": "object", "additionalProperties": {"type": "integer"}}, "a=1&b=2", {"a": 1, "b": 2}),
        ("spaceDelimited", False, NUMBERS, "p=1%202+3", [1, 2, 3]),
        ("spaceDelimited", False, COLOUR, "p=R%20100%20G%20200", RGB),
        ("pipeDelimited", False, NUMBERS, "p=1|2%7C3", [1, 2, 3]),
        ("pipeDelimited", True, LIST, "p=a&p=b", ["a", "b"]),
        ("pipeDelimited", False, COLOUR, "p=R|100|G|200", RGB),
        ("deepObject", True, COLOUR, "p[R]=100&p%5BG%5D=200&q[R]=1", RGB),
        ("deepObject", True, FILTER, "p[name]=1&p[open]=true&p[x]=7", {"name": "1", "open": True, "x": 7}),
        ("deepObject", True, FILTER, "p[ids][]=1&p[ids][]=2", {"ids": [1, 2]}),
        ("deepObject", True, FILTER, "p[ids][1]=2&p[ids][0]=1", {"ids": [1, 2]}),
        ("deepObject", True, FILTER, "p[ids]=1&p[ids]=2", {"ids": [1, 2]}),
        ("deepObject", True, FILTER, "p[ids]=1", {"ids": [1]}),
        ("deepObject", True, FILTER, "p[price][gte]=1.5", {"price": {"gte": 1.5}}),
        ("deepObject", True, FILTER, "p[price][not][price][gte]=1", {"price": {"not": {"price": {"gte": 1}}}}),
        ("deepObject", True, FILTER, "p[lines][][q]=1&p[lines][][q]=2", {"lines": [{"q": 1}, {"q": 2}]}),
        ("deepObject", True, FILTER, "p[lines][0][q]=1", {"lines": [{"q": 1}]}),
        ("deepObject", True, LIST, "p[]=a&p[]=b", ["a", "b"]),
        ("deepObject", True, {"anyOf": [COLOUR, {"type": "integer"}]}, "p=5", 5),
        ("deepObject", True, {"anyOf": [COLOUR, {"type": "integer"}]}, "p[R]=5", {"R": 5}),
    ],
)
def test_fields_of_a_query(style: str, schema: Any, sent: str, value: Any, *, explode: bool) -> None:
    assert read("query", schema, style, sent, explode=explode) == value


@pytest.mark.parametrize(
    ("place", "explode", "schema", "sent", "value"),
    [
        ("header", False, NUMBERS, "1, 2,3", [1, 2, 3]),
        ("header", False, COLOUR, "R,100, G,200", RGB),
        ("header", True, COLOUR, "R=100,G=200", RGB),
        ("header", False, ANY, "100%25, x", "100%25, x"),
        ("cookie", True, {"type": "boolean"}, "a=1; p=true", True),
        ("cookie", True, LIST, "p=a%20b; p=c", ["a b", "c"]),
        ("cookie", True, ANY, 'x y=1; p="q"; =', "q"),
        ("cookie", False, NUMBERS, "p=1,2", [1, 2]),
        ("cookie", False, COLOUR, "p=R,100,G,200", RGB),
        ("cookie", True, COLOUR, "R=100; G=200", RGB),
    ],
)
def test_headers_and_cookies(place: str, schema: Any, sent: str, value: Any, *, explode: bool) -> None:
    assert read(place, schema, None, sent, explode=explode) == value


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "-12", -12),
        ({"type": "integer"}, "2.0", 2),
        ({"type": "number"}, "1e2", 100.0),
        ({"type": "number"}, "12345678901234567890123", 12345678901234567890123),
        ({"type": ["string", "null"]}, "5", "5"),
        ({"type": ["string", "null"]}, "null", None),
        ({"type": ["integer", "null"]}, "", None),
        ({"type": ["integer", "string"]}, "05", "05"),
        ({"oneOf": [{"type": "integer", "maximum": 9}, {"type": "string", "maxLength": 3}]}, "123", "123"),
        ({"oneOf": [{"type": "integer"}, {"enum": ["all"]}]}, "all", "all"),
        ({"enum": [1, 2, "auto"]}, "2", 2),
        ({"anyOf": [{"type": "string"}, LIST]}, "a", "a"),
        ({"anyOf": [{"type": "string"}, LIST]}, "a&p=b", ["a", "b"]),
        ({"allOf": [{"type": "integer"}, {"minimum": 1}]}, "3", 3),
        ({"const": True}, "true", True),
        ({}, "5", "5"),
    ],
)
def test_texts_are_typed_by_the_schema(schema: Any, text: str, value: Any) -> None:
    found = read("query", schema, None, f"p={text}")
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("place", "style", "schema", "sent", "message"),
    [
        ("query", None, {"type": "integer"}, "p=x", 'p: "x" is not of type "integer"'),
        ("query", None, {"type": "integer"}, "p=1e999", 'p: "1e999" is not of type "integer"'),
        ("query", None, {"type": "boolean"}, "p=True", 'p: "True" is not of type "boolean"'),
        ("query", None, ANY, "p=%FF", 'p: the query parameter "p" cannot be read: it is not UTF-8'),
        ("query", "pipeDelimited", {**LIST, "minItems": 2}, "p=a,b", 'p: ["a,b"] has less than 2 items'),
        ("query", "deepObject", COLOUR, "p[R]=x", 'p.R: "x" is not of type "integer"'),
        ("query", "deepObject", COLOUR, "p=x", 'p: the query parameter "p" cannot be read: it is no object'),
        ("path", "matrix", ANY, "a", 'p: the path parameter "p" cannot be read: it does not begin with ";"'),
        ("path", "label", ANY, "a", 'p: the path parameter "p" cannot be read: it does not begin with "."'),
        ("header", None, NUMBERS, "1,x", 'p.1: "x" is not of type "integer"'),
        ("header", None, COLOUR, "R", 'p: the header parameter "p" cannot be read: it is no list of names and values'),
        ("cookie", None, {"type": "integer"}, "p=x", 'p: "x" is not of type "integer"'),
    ],
)
def test_what_cannot_be_read_is_named(place: str, style: str | None, schema: Any, sent: str, message: str) -> None:
    answer = read(place, schema, style, sent)
    assert answer.status == 422
    assert answer.json["detail"].startswith(message)


def test_values_of_a_media_type() -> None:
    content = {"application/json": {"schema": COLOUR}}
    client = echo_client({"parameters": [{"name": "p", "in": "query", "content": content}]})
    assert client("GET", "/echo?p=%7B%22R%22:1%7D").json["parameters"] == {"query p": {"R": 1}}
    refused = client("GET", "/echo?p=%7B")
    assert (refused.status, "cannot be read: Expecting" in refused.json["detail"]) == (422, True)
    assert client("GET", '/echo?p={"R":"x"}').status == 422


def test_defaults_and_what_is_not_declared() -> None:
    declared = [
        parameter("query", {"type": "integer", "default": 20}) | {"name": "limit"},
        parameter("query", {"type": "array", "items": ANY, "default": ["new"]}) | {"name": "state"},
        parameter("header", {"type": "boolean"}) | {"name": "X-Dry-Run"},
        parameter("query", {"type": "integer"}, allowEmptyValue=True) | {"name": "flag"},
    ]
    client = echo_client({"parameters": declared})
    assert client("GET", "/echo?other=1&flag=").json["parameters"] == {
        "query limit": 20,
        "query state": ["new"],
        "query flag": "",
    }
    sent = client("GET", "/echo?limit=5&state=a&state=b", b"", {"x-dry-run": "true"})
    assert sent.json["parameters"] == {"query limit": 5, "query state": ["a", "b"], "header X-Dry-Run": True}


def test_headers_of_one_name_are_one_list() -> None:
    client = echo_client({"parameters": [parameter("header", NUMBERS)]})
    assert client("GET", "/echo", b"", [("P", "1"), ("p", "2,3")]).json["parameters"] == {"header p": [1, 2, 3]}


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("media_type", "schema", "sent", "value"),
    [
        (FORM, FILTER, "name=a+b&open=true&price[gte]=1&ids=1&ids=2",
         {"name": "a b", "open": True, "price": {"gte": 1}, "ids": [1, 2]}),
        ("application/json", COLOUR, "%7B%22R%22:100%7D", {"R": 100}),
        ("text/plain", {"type": "integer"}, "7", 7),
    ],
)  # fmt: skip
def test_a_parameter_that_is_the_whole_query(media_type: str, schema: Any, sent: str, value: Any) -> None:
    """`in: querystring` of OpenAPI 3.2, as contracts in 3.1 have it."""
    whole = {"name": "q", "in": "querystring", "required": True, "content": {media_type: {"schema": schema}}}
    client = echo_client({"x-query-string": whole}, schemas={"F": FILTER})
    assert client("GET", f"/echo?{sent}").json["parameters"] == {"querystring q": value}
    assert client("GET", "/echo").json["detail"] == 'q: the querystring parameter "q" is required'
    refused = client("GET", "/echo?x=%ff")
    assert (refused.status, refused.json["detail"].startswith("q")) == (422, True)
