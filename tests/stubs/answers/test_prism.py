"""What people who come from Stoplight Prism find with `--like-prism`: its own harness, its errors, its refusals."""

import importlib.util
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from counterfoil.cli.commands.serve import serve
from counterfoil.stub import Stub
from tests.shared_material import shared
from tests.stubs.client import JSON, Answer, Client

BODY = {"content": {"application/json": {"schema": {"type": "object", "required": ["id"]}}}}
OBJECTS = {"application/json": {"schema": {"type": "object"}}, "text/plain": {"schema": {"type": "object"}}}
CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"responses": {"200": {"description": "", "content": {"text/plain": {"example": "x"}}}}},
            "put": {"requestBody": BODY, "responses": {"200": {"description": ""}}},
        },
        "/closed": {
            "get": {
                "security": [{"basic": []}],
                "responses": {
                    "200": {"description": ""},
                    "401": {"description": "", "content": {"application/json": {"example": "who?"}}},
                },
            },
            "put": {"security": [{"basic": []}], "responses": {"200": {"description": ""}, "403": {"description": ""}}},
        },
        "/declared": {
            "put": {"requestBody": BODY, "responses": {"200": {"description": ""}, "400": {"description": ""}}}
        },
        "/servers": {
            "servers": [{"url": "https://{host}/api", "variables": {"host": {"default": "a.io", "enum": ["a.io"]}}}],
            "get": {"responses": {"200": {"description": ""}}},
        },
        "/bare": {"get": {"responses": {}}},
        "/chosen": {
            "get": {
                "parameters": [{"name": "Limit", "in": "query", "required": True, "schema": {"type": "integer"}}],
                "responses": {
                    "302": {"description": ""},
                    "default": {
                        "description": "",
                        "content": {
                            "text/plain": {"example": "text"},
                            "application/json": {"schema": {"additionalProperties": {"type": "string"}}},
                            "application/xml": {"schema": {"$ref": "#/components/schemas/Pet"}},
                        },
                    },
                },
            }
        },
        "/named": {
            "put": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                },
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": {"type": "object"}, "example": 1}},
                    },
                    "422": {
                        "description": "",
                        "content": {"application/json": {"examples": {"a": {"value": "a"}, "b": {"value": "b"}}}},
                    },
                },
            }
        },
        "/old": {"get": {"deprecated": True, "responses": {"200": {"description": "", "content": OBJECTS}}}},
    },
    "components": {
        "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["name"],
                "xml": {"name": "animal"},
                "properties": {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}},
            }
        },
    },
}


def call(method: str, path: str, body: Any = b"", headers: dict[str, str] | None = None) -> Answer:
    return Client(Stub(CONTRACT).configure(like_prism=True), {"paths": {}})(method, path, body, headers or {})


@pytest.mark.parametrize(
    ("answer", "status", "name"),
    [
        (lambda: call("GET", "/nowhere"), 404, "NO_PATH_MATCHED_ERROR"),
        (lambda: call("DELETE", "/pets/1"), 405, "NO_METHOD_MATCHED_ERROR"),
        (lambda: call("HEAD", "/pets/1"), 405, None),
        (lambda: call("OPTIONS", "/pets/1"), 405, "NO_METHOD_MATCHED_ERROR"),
        (lambda: call("GET", "/pets/1", headers={"accept": "image/png"}), 406, "NOT_ACCEPTABLE"),
        (lambda: call("GET", "/pets/1", headers={"prefer": "code=500"}), 404, "NOT_FOUND"),
        (lambda: call("GET", "/old", headers={"accept": "text/plain"}), 500, "NO_COMPLEX_OBJECT_TEXT"),
        (lambda: call("GET", "/pets/"), 422, "UNPROCESSABLE_ENTITY"),
        (lambda: call("GET", "/pets/1", b"body", {"content-type": "text/plain"}), 415, "INVALID_CONTENT_TYPE"),
        (lambda: call("PUT", "/pets/1", b"<a/>", {"content-type": "text/xml"}), 415, "INVALID_CONTENT_TYPE"),
        (lambda: call("GET", "/servers?__server=https://b.io/api"), 404, "NO_SERVER_MATCHED_ERROR"),
        (lambda: call("GET", "/old?__server=https://a.io"), 404, "NO_SERVER_CONFIGURATION_PROVIDED_ERROR"),
        (lambda: call("GET", "/bare"), 500, "NO_RESPONSE_DEFINED"),
        (lambda: call("GET", "/old?__code=any"), 422, "UNPROCESSABLE_ENTITY"),
        (lambda: call("GET", "/api/servers"), 404, "NO_PATH_MATCHED_ERROR"),
        (lambda: call("PUT", "/closed", headers={"authorization": "Basic abc123"}), 401, "UNAUTHORIZED"),
    ],
)
def test_problems(answer: Any, status: int, name: str | None) -> None:
    found = answer()
    assert (found.status, found.headers["content-type"]) == (status, "application/problem+json")
    if name:
        assert found.json["type"] == f"https://stoplight.io/prism/errors#{name}"
        assert found.json["status"] == status


def test_violations_are_listed() -> None:
    answer = call("PUT", "/pets/1", {})
    assert answer.status == 422
    assert [(each["location"], each["code"]) for each in answer.json["validation"]] == [(["body"], "required")]


def test_declared_errors_are_answered_as_they_stand() -> None:
    assert (call("GET", "/closed").status, call("GET", "/closed").json) == (401, "who?")
    declared = call("PUT", "/declared", b"{}", JSON)
    assert (declared.status, declared.body) == (400, b"")


def test_what_prism_chooses() -> None:
    def chosen(accept: str | None = None) -> Answer:
        return call("GET", "/chosen?limit=1", headers={} if accept is None else {"accept": accept})

    assert (chosen().status, chosen("*/*").text) == (200, "text")
    assert chosen().json.keys() == chosen("application/json;v=2").json.keys() == {"property1", "property2"}
    assert chosen("application/xml").text.startswith("<xml><id>")
    assert call("GET", "/servers?__server=https://a.io/api/").status == 200
    origin = {"origin": "https://a.io", "access-control-request-method": "GET"}
    assert call("OPTIONS", "/nowhere", headers=origin).status == 204


def test_preferred_examples_of_errors() -> None:
    assert [call("PUT", f"/named{query}").json for query in ("", "?__example=b", "?__example=c")] == ["a", "b", "a"]


def test_what_is_read_only_passes_and_bad_answers_say_why() -> None:
    answer = call("PUT", "/named", {"name": "Rex", "id": 1})
    assert (answer.status, "type" in answer.headers["sl-violations"]) == (200, True)


def test_challenges_name_the_schemes() -> None:
    assert call("PUT", "/closed").headers["www-authenticate"] == 'Basic realm="*"'


def test_deprecated_operations_say_so() -> None:
    assert call("GET", "/old").headers["deprecation"] == "true"
    assert "deprecation" not in call("GET", "/pets/1").headers


@pytest.mark.parametrize(("mode", "said"), [(["--like-prism"], "Invalid value for '--port'"), ([], "No such option")])
def test_flags_of_prism_are_understood(mode: list[str], said: str) -> None:
    flags = ["--multiprocess", "--errors=false", "--cors=false", "--json-schema-faker-fillProperties=false"]
    result = CliRunner().invoke(serve, [*mode, *flags, "--port", "no number", "any.yaml"])
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.slow
def test_the_harness_of_prism() -> None:
    options = ["--adapter", "tests.stubs.prism:serve", "--start-timeout", "60"]
    found = _harness().main([str(shared("corpus/prism")), *options])
    assert len(found) > 70
    for level, share in (("status", 0.97), ("shape", 0.92)):
        failed = {name: each["why"] for name, each in found.items() if not each[level]}
        assert len(failed) <= (1 - share) * len(found), failed


def _harness() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prism_harness", shared("tools/prism_harness.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
