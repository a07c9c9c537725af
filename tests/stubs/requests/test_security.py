"""Security schemes of every kind, and their combinations."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.stubs.client import client_of

SCHEMES = {
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "query": {"type": "apiKey", "in": "query", "name": "k"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "k"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "digest": {"type": "http", "scheme": "Digest"},
    "hoba": {"type": "http", "scheme": "hoba"},
    "oauth": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"read": "", "write": ""}}},
    },
    "openid": {"type": "openIdConnect", "openIdConnectUrl": "https://example.com/.well-known"},
    "tls": {"type": "mutualTLS"},
}
DIGEST = 'Digest username="m", realm="p", uri="/parcels", response="6629fae49393a05397450978507c4ef1"'


def parcels(security: Any) -> dict[str, Any]:
    """A contract of one operation with these security requirements."""
    operation = {
        "operationId": "listParcels",
        "security": security,
        "responses": {"200": {"description": "All of them"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Parcels", "version": "1"},
        "paths": {"/parcels": {"get": operation}},
        "components": {"securitySchemes": SCHEMES},
    }


@pytest.mark.parametrize(
    ("security", "target", "headers", "accepted"),
    [
        ([{"basic": []}], "", {"authorization": "Basic YTpi"}, True),
        ([{"basic": []}], "", {"authorization": "Basic ?"}, False),
        ([{"basic": []}], "", {"authorization": "Basic abc123"}, False),
        ([{"digest": []}], "", {"authorization": DIGEST}, True),
        ([{"digest": []}], "", {"authorization": "Basic YTpi"}, False),
        ([{"digest": []}], "", {"authorization": 'Digest username="m"'}, False),
        ([{"hoba": []}], "", {"authorization": 'HOBA result="a.b"'}, True),
        ([{"oauth": ["read"]}], "", {"authorization": "Bearer t"}, True),
        ([{"oauth": ["read"]}], "", {}, False),
        ([{"openid": []}], "", {"authorization": "Bearer t"}, True),
        ([{"openid": []}], "", {"authorization": "Basic YTpi"}, False),
        ([{"tls": []}], "", {}, True),
        ([{"tls": [], "header": []}], "", {}, False),
        ([{"tls": [], "header": []}], "", {"x-key": "k"}, True),
        ([{"header": []}, {"query": [], "cookie": []}], "?k=t", {"cookie": "k=1"}, True),
        ([{"header": []}, {"query": [], "cookie": []}], "?k=t", {}, False),
        ([{"bearer": []}], "", {"authorization": "bearer t"}, True),
        ([{"bearer": []}], "", {"authorization": "t"}, False),
        ([{"query": []}], "?k=t", {}, True),
        ([{"query": []}], "?k=", {}, False),
        ([{"cookie": []}], "", {"cookie": "a=b; k=t"}, True),
        ([{"cookie": []}], "", {"cookie": "a=b"}, False),
        ([{"bearer": [], "query": []}], "?k=t", {"authorization": "bearer t"}, True),
        ([{"bearer": [], "query": []}], "?k=t", {}, False),
        ([{"bearer": []}, {"query": []}], "?k=t", {"authorization": "bearer"}, True),
        ([{"bearer": []}, {}], "", {}, True),
        ([], "", {}, True),
    ],
)
def test_security_requirements(security: Any, target: str, headers: dict[str, str], *, accepted: bool) -> None:
    assert client_of(parcels(security))("GET", f"/parcels{target}", b"", headers).status == (200 if accepted else 401)


@pytest.mark.parametrize(
    ("scheme", "headers", "target"),
    [
        ("basic", {"authorization": "Basic YTpi"}, ""),
        ("bearer", {"authorization": "Bearer a:b"}, ""),
        ("query", {}, "?k=a:b"),
        ("cookie", {"cookie": "k=a:b"}, ""),
        ("header", {"x-key": "a:b"}, ""),
    ],
)
def test_a_configured_token_in_every_scheme(scheme: str, headers: dict[str, str], target: str) -> None:
    tree = parcels([{scheme: []}])
    assert client_of(tree, "a:b")("GET", f"/parcels{target}", b"", headers).status == 200
    assert client_of(tree, "a:c")("GET", f"/parcels{target}", b"", headers).status == 401


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        ("bearer", {"authorization": "a:b"}),
        ("oauth", {"authorization": "a:b"}),
        ("basic", {"authorization": "a:b"}),
        ("basic", {"authorization": "YTpi"}),
        ("basic", {"authorization": "Basic a:b"}),
        ("hoba", {"authorization": "Bearer a:b"}),
        ("header", {"x-key": "Bearer a:b"}),
    ],
)
def test_a_configured_token_is_sent_as_its_scheme_says(scheme: str, headers: dict[str, str]) -> None:
    assert client_of(parcels([{scheme: []}]), "a:b")("GET", "/parcels", b"", headers).status == 401


@pytest.mark.parametrize(
    ("form", "value", "status"),
    [
        ("^(?:Bearer )?ub_", "ub_1", 200),
        ("^Bearer ub_", "ub_1", 401),
        ("^Bearer ub_", "bearer ub_1", 401),
        ("^Bearer ub_", "Bearer ub_1", 200),
        ("^Bearer other_", "bearer ub_1", 200),
    ],
)
def test_a_configured_token_has_the_stated_form(form: str, value: str, status: int) -> None:
    tree = parcels([{"stated": []}])
    stated = {"type": "http", "scheme": "bearer", "x-counterfoil": {"token": form}}
    tree["components"] = {"securitySchemes": {"stated": stated}}
    assert client_of(tree, "ub_1")("GET", "/parcels", b"", {"authorization": value}).status == status


@pytest.mark.parametrize(
    ("security", "headers", "challenge"),
    [
        ([{"basic": []}], {}, 'Basic realm="Parcels", charset="UTF-8"'),
        ([{"bearer": []}], {}, 'Bearer realm="Parcels"'),
        ([{"bearer": []}], {"authorization": "Bearer x"}, 'Bearer realm="Parcels", error="invalid_token"'),
        ([{"oauth": ["read", "write"]}], {}, 'Bearer realm="Parcels", scope="read write"'),
        ([{"hoba": []}], {}, 'hoba realm="Parcels"'),
        ([{"header": []}], {}, 'ApiKey realm="Parcels", in="header", name="X-Key"'),
        ([{"openid": [], "basic": []}], {}, 'Bearer realm="Parcels", Basic realm="Parcels", charset="UTF-8"'),
    ],
)
def test_a_refusal_challenges(security: Any, headers: dict[str, str], challenge: str) -> None:
    answer = client_of(parcels(security), "t")("GET", "/parcels", b"", headers)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, challenge)


@pytest.mark.parametrize(
    ("security", "headers", "status"),
    [
        ([{"oauth": ["read"]}], {"authorization": "Bearer reader"}, 200),
        ([{"oauth": ["read", "write"]}], {"authorization": "Bearer reader"}, 403),
        ([{"oauth": ["read", "write"]}], {"authorization": "Bearer writer"}, 200),
        ([{"oauth": ["read", "write"]}], {"authorization": "Bearer root"}, 200),
        ([{"oauth": ["read"]}], {"authorization": "Bearer nobody"}, 401),
        ([{"oauth": ["read"]}], {}, 401),
        ([{"oauth": []}], {"authorization": "Bearer idle"}, 200),
        ([{"openid": ["write"]}], {"authorization": "Bearer reader"}, 403),
        ([{"oauth": ["write"]}, {"oauth": ["read"]}], {"authorization": "Bearer reader"}, 200),
        ([{"oauth": ["write"]}, {"header": []}], {"authorization": "Bearer reader"}, 403),
        ([{"oauth": ["write"], "header": []}], {"authorization": "Bearer reader"}, 401),
        ([{"oauth": ["write"], "header": []}], {"authorization": "Bearer reader", "x-key": "nobody"}, 401),
        ([{"oauth": ["write"]}, {}], {"authorization": "Bearer reader"}, 200),
    ],
)
def test_scopes_of_tokens(security: Any, headers: dict[str, str], status: int) -> None:
    tokens = {"reader": ["read"], "writer": {"read", "write"}, "root": None, "idle": ()}
    client = client_of(parcels(security))
    client.stub.configure(token=tokens)
    answer = client("GET", "/parcels", b"", headers)
    assert answer.status == status
    if status == 403:
        scopes = " ".join(next(iter(security[0].values())))
        challenge = f'Bearer realm="Parcels", scope="{scopes}", error="insufficient_scope"'
        assert answer.headers["www-authenticate"].startswith(challenge)
        assert client.stub.requests[0].reason == "forbidden"
        assert "reader" not in str(client.stub.requests[0].as_json())


def test_a_challenge_of_digest_has_a_nonce_of_its_own() -> None:
    client = client_of(parcels([{"digest": []}]))
    first, second = (client("GET", "/parcels").headers["www-authenticate"] for _ in range(2))
    assert first.startswith('Digest realm="Parcels", qop="auth", algorithm=SHA-256, nonce="')
    assert first != second


@pytest.mark.parametrize("algorithm", ["", "MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])
def test_a_client_proves_by_digest_that_it_knows_the_password(algorithm: str) -> None:
    tree: dict[str, Any] = parcels([{"digest": []}])
    if algorithm:
        challenge = f'Digest realm="p", qop="auth", algorithm={algorithm}, nonce="n"'
        header = {"WWW-Authenticate": {"schema": {"type": "string"}, "example": challenge}}
        tree["paths"]["/parcels"]["get"]["responses"]["401"] = {"description": "", "headers": header}
    stub = client_of(tree, "ann:pass:word").stub

    async def status(user: str, password: str) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(stub), base_url="http://stub") as client:
            return (await client.get("/parcels", auth=httpx.DigestAuth(user, password))).status_code

    known = [("ann", "pass:word"), ("ann", "wrong"), ("bob", "pass:word")]
    assert [asyncio.run(status(*pair)) for pair in known] == [200, 401, 401]


def test_a_challenge_that_the_contract_shows_goes_first() -> None:
    tree = parcels([{"bearer": []}])
    header = {"schema": {"type": "string"}, "example": 'Bearer realm="{us}"'}
    tree["paths"]["/parcels"]["get"]["responses"]["401"] = {"description": "", "headers": {"WWW-Authenticate": header}}
    assert client_of(tree)("GET", "/parcels").headers["www-authenticate"] == 'Bearer realm="{us}"'
