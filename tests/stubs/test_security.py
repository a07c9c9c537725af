"""Security schemes of every kind, and their combinations."""

from typing import Any

import pytest

from tests.stubs.client import client_of

SCHEMES = {
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "query": {"type": "apiKey", "in": "query", "name": "k"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "k"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
}


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
