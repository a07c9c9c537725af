"""What schemathesis is given: the contract without what a run must not use, its configuration, the credentials."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import schemathesis

from counterfoil.checks.ladder.judge import ACCEPTS, REFUSES, STATE
from counterfoil.checks.operation import METHODS, Operation
from counterfoil.checks.property_tests import names
from counterfoil.checks.settings import Settings
from counterfoil.checks.wire.client import Client
from counterfoil.checks.wire.credentials import Credentials, Placement
from counterfoil.checks.wire.target import Target

if TYPE_CHECKING:
    from schemathesis.specs.openapi.schemas import OpenApiSchema

    Case = schemathesis.Case[Any]

# Credentials are given wherever they are needed, so that 401 and 403 are not among these; what is there already, or in
# another state than a precondition has it (RFC 9110, 13.1), may be in the way of any request.
_ACCEPTED = ["2xx", "3xx", *sorted(map(str, STATE)), "429", "5xx"]
_REFUSED = ["4xx", "5xx"]


def load(
    contract: Mapping[str, Any],
    operations: Sequence[Operation],
    target: Target,
    client: Client,
    settings: Settings,
    climbed: Collection[str],
) -> "OpenApiSchema":
    """The contract of `operations` as schemathesis tests it at `target`.

    `climbed` are the labels of those that need no coverage phase, since they were sent what it sends and more.
    """
    config = schemathesis.Config.from_dict(_chosen(operations, target, client, settings, climbed))
    tree = json.loads(json.dumps(contract))
    _name_no_server(tree)
    _keep_only(tree, {operation.label for operation in operations})
    if target.app is not None:
        tree["servers"] = [{"url": target.base_path or "/"}]
    schema = schemathesis.openapi.from_dict(tree, config=config)
    schema.app = target.app
    if client.credentials.token is not None:
        known = {operation.label: operation for operation in operations}
        schema.auth.providers.append(_Authentication(known, client.credentials))
    return schema


def _chosen(
    operations: Sequence[Operation], target: Target, client: Client, settings: Settings, climbed: Collection[str]
) -> dict[str, Any]:
    """The configuration, as a `schemathesis.toml` would have it."""
    chosen: dict[str, Any] = {
        "seed": settings.seed,
        "workers": 1,
        "continue-on-failure": True,
        "cache": {"enabled": False},
        # Literals of this program's own source would make the requests depend on where it runs.
        "analysis": {"constants": {"enabled": False}},
        "generation": {"max-examples": settings.max_examples, "database": "none"},
        "phases": {
            **{name: {"enabled": True} for name in names.PHASES},
            # A sequence is many requests.
            "stateful": {"enabled": True, "generation": {"max-examples": max(settings.max_examples // 5, 1)}},
        },
        "checks": {ACCEPTS: {"expected-statuses": _ACCEPTED}, REFUSES: {"expected-statuses": _REFUSED}},
        "operations": list(_exceptions(operations, climbed)),
    }
    if target.app is None:
        chosen |= _network(target, client)
    if client.pace is not None and not target.is_local:
        # Requests by methods that the contract does not have may change what nobody knows of.
        chosen["phases"]["coverage"]["unexpected-methods"] = []
    if client.credentials.headers:
        chosen["headers"] = dict(client.credentials.headers)
    return chosen


def _network(target: Target, client: Client) -> dict[str, Any]:
    """How a server is reached over HTTP."""
    network = client.network
    found: dict[str, Any] = {
        "base-url": target.base_url,
        "max-redirects": 0,
        "request-timeout": network.timeout,
    }
    if network.insecure or network.ca is not None:
        found["tls-verify"] = False if network.insecure else str(network.ca)
    if (proxy := network.proxy_to(target.base_url)) is not None:
        found["proxy"] = proxy
    return found


def _exceptions(operations: Sequence[Operation], climbed: Collection[str]) -> Iterator[dict[str, Any]]:
    """What is configured for single operations."""
    for operation in operations:
        chosen: dict[str, Any] = {}
        if off := [name for name in operation.switched_off if name in names.CHECKS]:
            chosen["checks"] = {name: {"enabled": False} for name in off}
        if operation.label in climbed:
            chosen["phases"] = {"coverage": {"enabled": False}}
        if chosen:
            yield {"include-name": operation.label, **chosen}


def _name_no_server(tree: dict[str, Any]) -> None:
    """Take the servers out of a contract: nothing may reach another one than the target, nor may its credentials."""
    tree.pop("servers", None)
    for item in tree.get("paths", {}).values():
        item.pop("servers", None)
        for method in METHODS:
            item.get(method, {}).pop("servers", None)


def _keep_only(tree: dict[str, Any], labels: set[str]) -> None:
    """Take out of a contract the operations that a run does not test."""
    for path, item in tree.get("paths", {}).items():
        for method in METHODS:
            if method in item and f"{method.upper()} {path}" not in labels:
                del item[method]


class _Authentication:
    """Puts the credentials of a run into generated requests (a schemathesis `AuthProvider`)."""

    def __init__(self, operations: Mapping[str, Operation], credentials: Credentials) -> None:
        self._operations, self._credentials = operations, credentials

    def get(self, _: "Case", context: schemathesis.AuthContext) -> list[Placement] | None:
        operation = self._operations.get(context.operation.label)
        return (self._credentials.placements(operation) or None) if operation is not None else None

    def set(self, case: "Case", data: list[Placement], _: schemathesis.AuthContext) -> None:
        containers = {"header": case.headers, "query": case.query, "cookie": case.cookies}
        for location, name, value in data:
            containers[location][name] = value
