"""Who is let in by servers that share no code with the stubs: every way to send credentials, and mistakes in it."""

import base64
import binascii
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.running import run
from counterfoil.checks.settings import Settings
from counterfoil.checks.wire.target import in_process
from tests.contract.kit import generated_of

TOKEN = "th-4f1c0A9e27bd66"
SECRET = "thinker:pA55-word-71c3"
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "jwt": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "basic": {"type": "http", "scheme": "basic"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "admin": {"type": "apiKey", "in": "header", "name": "X-Admin-Key"},
    "app": {"type": "apiKey", "in": "header", "name": "X-App"},
    "field": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
}


class Asked(NamedTuple):
    """A request: header names in lower case, the last value of each."""

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes

    @property
    def authorization(self) -> str:
        return self.headers.get("authorization", "")

    @property
    def cookies(self) -> dict[str, str]:
        parts = [each.partition("=") for each in self.headers.get("cookie", "").split("; ")]
        return {name: value for name, _, value in parts}


LetsIn = Callable[[Asked], bool]


class Things:
    """Takes and shows a thing; `lets_in` is what is looked at first."""

    def __init__(self, lets_in: LetsIn) -> None:
        self.lets_in = lets_in
        self.answered = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        status, value, more = self.answer(Asked(scope["method"], scope["path"], headers, query, body))
        text = json.dumps(value).encode()
        fields = {"content-type": "application/json", "content-length": str(len(text)), **more}
        listed = [(name.encode(), field.encode()) for name, field in fields.items()]
        await send({"type": "http.response.start", "status": status, "headers": listed})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})

    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        if asked.path != "/thing":
            return 404, {"error": "no such path"}, {}
        if asked.method not in ("GET", "HEAD", "PUT"):
            return 405, {"error": "no"}, {"allow": "GET, HEAD, PUT"}
        try:
            sent = json.loads(asked.body) if asked.method == "PUT" else None
        except ValueError:
            return 400, {"error": "no JSON"}, {}
        if not self.lets_in(asked):
            return 401, {"error": "who is it?"}, {}
        if asked.headers.get("content-type", "application/json").partition(";")[0].lower() != "application/json":
            return 415, {"error": "JSON, please"}, {}
        if sent is not None and set(sent) != {"name"}:
            return 400, {"error": "a name, please"}, {}
        self.answered += 1
        return 200, sent or {"name": "a"}, {}


def scheme_of(asked: Asked) -> str:
    return asked.authorization.partition(" ")[0].lower()


def bearer(asked: Asked) -> bool:
    return scheme_of(asked) == "bearer" and asked.authorization[7:].strip() == TOKEN


def key(asked: Asked) -> bool:
    return asked.headers.get("x-api-key") == TOKEN


def password(asked: Asked) -> str:
    try:
        return base64.b64decode(asked.authorization[6:], validate=True).decode() if scheme_of(asked) == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


def basic(asked: Asked) -> bool:
    return password(asked) == SECRET


def field(asked: Asked) -> bool:
    return asked.query.get("key") == TOKEN


def cookie(asked: Asked) -> bool:
    return asked.cookies.get("session") == TOKEN


def either(*ways: LetsIn) -> LetsIn:
    return lambda asked: any(way(asked) for way in ways)


def contract_of(security: list[list[str]]) -> dict[str, Any]:
    thing = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    closed = {**thing, "additionalProperties": False}
    error = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    refused = {"description": "No", "content": {"application/json": {"schema": error}}}
    shown = {"description": "The thing", "content": {"application/json": {"schema": thing}}}
    unknown = {**refused, "description": "The credentials are missing or not known"}
    forbidden = {**refused, "description": "The scope of the credentials does not allow this"}
    answers = {"200": shown, "400": refused, "401": unknown, "403": forbidden, "415": refused}
    body = {"required": True, "content": {"application/json": {"schema": closed}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "security": [{name: [] for name in names} for names in security],
        "paths": {
            "/thing": {
                "get": {"operationId": "showThing", "responses": answers},
                "put": {"operationId": "setThing", "requestBody": body, "responses": answers},
            }
        },
        "components": {"securitySchemes": {name: SCHEMES[name] for names in security for name in names}},
    }


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_of("things", json.dumps(contract_of([])), tmp_path_factory.mktemp("things"))


def probed(security: list[list[str]], server: Things, generated: Path, token: str = TOKEN) -> Report:
    """What the probes say of a server; models do not depend on `security`."""
    (generated / "openapi.json").write_text(json.dumps(contract_of(security)), "utf-8")
    return run("things", generated, in_process(server), token=token, settings=Settings(stages=("probes",)))


@pytest.mark.parametrize(
    ("security", "lets_in", "token"),
    [
        ([["bearer"]], bearer, TOKEN),
        ([["bearer"]], lambda asked: asked.authorization == f"Bearer {TOKEN}", TOKEN),
        ([["bearer"]], lambda asked: asked.authorization.removeprefix("Bearer ") == TOKEN, TOKEN),
        ([["key"]], key, TOKEN),
        ([["field"]], field, TOKEN),
        ([["cookie"]], cookie, TOKEN),
        ([["basic"]], basic, SECRET),
        ([["basic"]], lambda asked: password(asked) == f"{TOKEN}:", f"{TOKEN}:"),
        ([["bearer"], ["key"]], either(bearer, key), TOKEN),
        ([["bearer"], ["field"], []], either(bearer, field), TOKEN),
        # Tokens for one way to authenticate need not be good for another.
        ([["bearer"], ["admin"]], bearer, TOKEN),
        ([["jwt"], ["key"]], bearer, TOKEN),
        ([["bearer"], ["cookie"]], bearer, TOKEN),
        ([["key", "app"]], lambda asked: key(asked) and asked.headers.get("x-app") == TOKEN, TOKEN),
    ],
)
def test_honest_server_is_green(security: list[list[str]], lets_in: LetsIn, token: str, generated: Path) -> None:
    server = Things(lets_in)
    assert probed(security, server, generated, token).findings == []
    assert server.answered > 0


class ForbidsUnknownTokens(Things):
    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        status, value, more = super().answer(asked)
        return (403 if status == 401 and "x-api-key" in asked.headers else status), value, more


def test_unknown_tokens_are_refused_as_described(generated: Path) -> None:
    report = probed([["key"]], ForbidsUnknownTokens(key), generated)
    assert "another token: refused with 403" in {finding.summary for finding in report.findings}


def jwt_of(payload: str, signature: str) -> str:
    parts = (json.dumps({"alg": "HS256"}), payload)
    return ".".join(base64.urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in parts) + "." + signature


JWT = jwt_of('{"sub": "a"}', "c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4tMTIzNDU2Nzg5YQ")


def unsigned(asked: Asked) -> bool:
    head, _, rest = asked.authorization[7:].partition(".")
    if not head or rest.split(".")[0] != JWT.split(".")[1]:
        return False
    padded = head + "=" * (-len(head) % 4)
    return asked.authorization[7:] == JWT or b'"none"' in base64.urlsafe_b64decode(padded)


@pytest.mark.parametrize(
    ("security", "lets_in", "summary", "token"),
    [
        ([["bearer"]], either(bearer, lambda asked: TOKEN in asked.authorization), "one character more", TOKEN),
        ([["bearer"]], lambda asked: asked.authorization.endswith(TOKEN), "another scheme", TOKEN),
        ([["bearer"]], either(bearer, lambda asked: asked.query.get("access_token") == TOKEN), "in the query", TOKEN),
        ([["bearer"]], lambda asked: scheme_of(asked) == "bearer", "another token", TOKEN),
        ([["bearer"]], either(bearer, lambda asked: "'1'='1" in asked.authorization), "with quotes", TOKEN),
        ([["jwt"]], unsigned, "whose signature is left out", JWT),
        ([["key"]], either(key, lambda asked: bool(asked.authorization)), "somebody's", TOKEN),
        ([["key"]], either(key, lambda asked: asked.headers.get("x-api-key", "x") == ""), "an empty value", TOKEN),
        ([["key"]], lambda asked: TOKEN in asked.headers.get("x-api-key", "").split(","), "another one", TOKEN),
        ([["key"]], lambda asked: asked.headers.get("x-api-key", "").strip('"') == TOKEN, "in quotes", TOKEN),
        ([["field"]], lambda asked: asked.query.get("key", "").lower() == TOKEN.lower(), "other case", TOKEN),
        ([["cookie"]], lambda asked: asked.cookies.get("session", "")[:8] == TOKEN[:8], "last character", TOKEN),
        ([["basic"]], lambda asked: password(asked).partition(":")[2] == SECRET.partition(":")[2], "user", SECRET),
        ([["basic"]], lambda asked: password(asked).partition(":")[0] == "thinker", "password", SECRET),
        ([["basic"]], either(basic, lambda asked: asked.authorization == f"Basic {SECRET}"), "not encoded", SECRET),
        ([["bearer"], ["key"]], either(bearer, lambda asked: "x-api-key" in asked.headers), "in X-Api-Key", TOKEN),
        ([["bearer"], ["key"]], bearer, "right credentials in X-Api-Key", TOKEN),
        ([["key", "app"]], key, "no X-App", TOKEN),
        ([["key", "app"]], lambda asked: key(asked) and bool(asked.headers.get("x-app")), "X-App", TOKEN),
        (
            [["key"]],
            either(key, lambda asked: "127.0.0.1" in asked.headers.get("x-real-ip", "")),
            "this machine",
            TOKEN,
        ),
    ],
)
def test_mistake_is_found(
    security: list[list[str]], lets_in: LetsIn, summary: str, token: str, generated: Path
) -> None:
    report = probed(security, Things(lets_in), generated, token)
    assert summary in " ".join(finding.summary for finding in report.findings)
    written = " ".join(f"{each.curl} {each.got}" for each in report.findings)
    assert token[2:-2] not in written
    assert token.partition(":")[2][:-1] not in written or ":" not in token
