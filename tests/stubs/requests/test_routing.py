"""Which operation a path means: concrete and templated paths, base paths of servers, what stays unknown."""

import pytest

from counterfoil.stub import Stub
from counterfoil.stub.requests.routing.templates import Router
from tests.effort import calls, ending
from tests.stubs.client import Client


def answering(*paths: str, **more: object) -> Client:
    """A client of a contract each of whose paths answers its own template as text."""
    content = {path: {"text/plain": {"schema": {"type": "string"}, "example": path}} for path in paths}
    items = {
        path: {
            "parameters": [
                {"name": name.strip("{"), "in": "path", "required": True, "schema": {"type": "string"}}
                for name in _variables(path)
            ],
            "get": {"responses": {"200": {"description": "", "content": content[path]}}},
        }
        for path in paths
    }
    tree = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": items, **more}
    return Client(Stub(tree), {"paths": {}})


def _variables(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/pets/mine", "/pets/mine"),
        ("/pets/7", "/pets/{id}"),
        ("/pets/a%2Fb", "/pets/{id}"),
        ("/pets/mine%2F", "/pets/{id}"),
        ("/%70ets/mine", "/pets/mine"),
        ("/pets/7.json", "/pets/{id}.{format}"),
        ("/pets/x-7", "/pets/x-{id}"),
        ("/pets/x-7.json", "/pets/x-{id}"),
        ("/files/a:copy", "/files/{path}:copy"),
        ("/files/a:b:copy", "/files/{path}:copy"),
        ("/caf%C3%A9", "/café"),
    ],
)
def test_the_most_concrete_path_is_meant(path: str, template: str) -> None:
    templates = ["/pets/{id}.{format}", "/pets/{id}", "/pets/x-{id}", "/pets/mine", "/files/{path}:copy", "/café"]
    assert answering(*templates)("GET", path).text == template


@pytest.mark.parametrize("path", ["/pets/", "/pets//", "/pets/7/", "//pets/7", "/pets/7/8", "/files/:copy", "/", ""])
def test_other_paths_are_unknown(path: str) -> None:
    assert answering("/pets", "/pets/{id}", "/files/{path}:copy")("GET", path).status == 404


@pytest.mark.parametrize(
    ("path", "operation"),
    [("/users/7", "number"), ("/users/ann", "word"), ("/users/A7", "text"), ("/users/x/files/7", "word-number")],
)
def test_schemas_of_variables_tell_paths_apart(path: str, operation: str) -> None:
    schemas = {"text": {"type": "string"}, "number": {"type": "integer"}, "word": {"pattern": "^[a-z]+$"}}
    items = {f"/users/{{{name}}}": _described(name, **{name: schema}) for name, schema in schemas.items()}
    items["/users/{a}/files/{b}"] = _described("text-number", a={"pattern": "^[A-Z]"}, b={"type": "integer"})
    items["/users/{c}/files/{d}"] = _described("word-number", c={"pattern": "^[a-z]"}, d={"type": "integer"})
    tree = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": items}
    client = Client(Stub(tree), {"paths": {}})
    assert client("GET", path).text == operation
    assert client("PUT", path).status == 405


def _described(told: str, **schemas: object) -> dict[str, object]:
    found = [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in schemas.items()]
    content = {"text/plain": {"schema": {"type": "string"}, "example": told}}
    return {"parameters": found, "get": {"responses": {"200": {"description": "", "content": content}}}}


def test_methods_of_a_path() -> None:
    client = answering("/pets")
    head = client("HEAD", "/pets")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "5")
    options = client("OPTIONS", "/pets")
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = client("DELETE", "/pets")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_base_paths_of_servers() -> None:
    variables = {"version": {"default": "v1", "enum": ["v1", "v2"]}, "region": {"default": "eu"}}
    url = "https://{region}.example.com/api/{version}/"
    client = answering("/pets/{id}", "/api/v1/pets/{id}", servers=[{"url": url, "variables": variables}, {"url": "/x"}])
    assert client("GET", "/pets/1").text == "/pets/{id}"
    assert client("GET", "/api/v2/pets/1").text == "/pets/{id}"
    assert client("GET", "/x/pets/1").text == "/pets/{id}"
    assert client("GET", "/api/v1/pets/1").text == "/pets/{id}"
    assert client("GET", "/api/v1/api/v1/pets/1").text == "/api/v1/pets/{id}"
    assert client("GET", "/api/v3/pets/1").status == 404
    assert client("GET", "/api/v1pets/1").status == 404


def test_the_nearest_servers_count() -> None:
    operation = {"responses": {"204": {"description": ""}}}
    item = {"servers": [{"url": "/item"}], "get": operation, "put": {**operation, "servers": [{"url": "/operation"}]}}
    tree = {"servers": [{"url": "/root"}], "paths": {"/a": item}}
    client = Client(Stub({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, **tree}), {"paths": {}})
    statuses = {
        (method, base): client(method, f"{base}/a").status
        for method in ("GET", "PUT")
        for base in ("/root", "/item", "/operation", "")
    }
    fine = {("GET", "/item"), ("PUT", "/operation"), ("GET", ""), ("PUT", "")}
    assert {key for key, status in statuses.items() if status == 204} == fine


def test_work_does_not_grow_with_the_number_of_operations() -> None:
    small, large = (_router(count) for count in (12, 1200))
    for path in ("/r7/abc/items/x", "/r7/abc/items/x/y", "/x7-abc.json", "/files/a:action7", "/v1/r7"):
        assert small.match(path) == large.match(path)
        assert _calls(large, path) <= _calls(small, path) + 10


def test_work_stays_little_for_hostile_paths() -> None:
    router: Router[str] = Router()
    router.add("/{a}-{b}-{c}-{d}-{e}!", "many")
    count = 1 << 10
    for bits in range(count):
        router.add("/" + "/".join("{v}" if bits >> place & 1 else "a" for place in range(10)) + "/end", str(bits))
    for path in ("/" + "-" * 60_000, "/a" * 10 + "/nope", "/a" * 20_000, "/" * 60_000):
        with ending():
            assert router.match(path) is None
        assert _calls(router, path) < 10 * count


def _router(count: int) -> Router[str]:
    router: Router[str] = Router()
    for number in range(count):
        for template in ("/r{}/{{id}}/items/{{item}}", "/x{}-{{id}}.{{f}}", "/files/{{path}}:action{}", "/v1/r{}"):
            router.add(template.format(number), template.format(number))
    return router


def _calls(router: Router[str], path: str) -> int:
    return calls(lambda: router.match(path))
