"""Whether a URL lacks the path that a contract has all its paths below."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from counterfoil.checks.wire.target import Target
from counterfoil.location import Diagnostic, Location

_UNKNOWN = 404


def missing_base_path(
    contract: Mapping[str, Any], target: Target, answered: Iterable[tuple[str, int]]
) -> Diagnostic | None:
    """A warning where a server knows no path, and a server of the contract (OpenAPI, 4.8.5) has another base path.

    `answered` are operations with the statuses of their answers.
    """
    statuses: dict[str, set[int]] = {}
    for label, status in answered:
        statuses.setdefault(label, set()).add(status)
    if not statuses or any(_UNKNOWN not in found or min(found) < 400 for found in statuses.values()):
        return None
    for server in contract.get("servers") or ():
        path = urlsplit(str(server.get("url", ""))).path.rstrip("/")
        if path and "{" not in path and not target.base_path.endswith(path):
            message = f"no operation is known there (404), and the contract has its paths below {path}"
            hint = f"did you mean --url {target.public_url}{path}?"
            return Diagnostic(Location(target.public_url, 0), "base-path", message, hint, severity="warning")
    return None
