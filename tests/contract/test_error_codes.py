"""Codes of errors that name another status."""

import json
from typing import Any, Literal

import pytest

from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.refusals.errors import Errors
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.exchange import Exchange, Request, Response
from counterfoil.stub.contract_tree import ContractTree

TREE: dict[str, Any] = {"openapi": "3.1.0", "paths": {"/a": {"post": {"responses": {"404": {}, "422": {}}}}}}
POST = Operation(TREE, "POST", "/a", TREE["paths"]["/a"]["post"], ContractTree(TREE))


def refusal(status: int, code: str, intent: Literal["valid", "invalid"] = "valid", source: str = "ladder") -> Exchange:
    response = Response(status, (("Content-Type", "application/json"),), json.dumps({"code": code}).encode())
    return Exchange(POST, Request("POST", "http://a/a", (), b'{"of": 7}'), response, intent, True, source)


@pytest.mark.parametrize(
    ("odd", "is_told"),
    [
        (refusal(422, "not_found"), False),  # there is no object 7
        (refusal(422, "not_found", "invalid", "probes"), False),
        (refusal(422, "not_found", "invalid"), True),
        (refusal(422, "conflict"), True),
    ],
)
def test_a_code_of_another_status_is_told_unless_an_object_may_be_missing(odd: Exchange, is_told: bool) -> None:
    report, errors = Report("acme", "", 1, Credentials("")), Errors()
    for exchange in (refusal(404, "not_found"), refusal(409, "conflict"), odd):
        errors.see(exchange, report)
    errors.finish(report)
    assert [each.check for each in report.findings] == ["error_code"] * is_told
