"""Who is refused for lack of credentials is told which ones there are (RFC 9110, 11.6.1).

HTTP asks that of every 401, and many servers never do it. It is held against those whose contract documents the field,
or that themselves send it with another 401.
"""

import re

from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange

NAME = "authentication_challenge"

_UNAUTHORIZED = 401
_HEADER = "www-authenticate"
_SCHEME = re.compile(r"(?:^|,)\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?=\s|$|,)(?!\s*=)")


class Challenges:
    """Looks at every 401."""

    names = (NAME,)

    def __init__(self) -> None:
        self._is_sent = False
        self._lacking: dict[str, Exchange] = {}

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note a 401 without the documented challenge, or with one that is of no scheme of the contract."""
        if exchange.response.status != _UNAUTHORIZED or NAME in exchange.operation.switched_off:
            return
        told, operation = exchange.response.header(_HEADER), exchange.operation
        documented = exchange.documented
        if not told.strip():
            if documented and any(name.lower() == _HEADER for name in documented.tree.get("headers", {})):
                _add(exchange, report)
            else:
                self._lacking.setdefault(operation.label, exchange)
            return
        self._is_sent = True
        schemes = operation.remembered(NAME, lambda: _schemes(operation))
        if schemes and not schemes & {name.lower() for name in _SCHEME.findall(told)}:
            summary, expected = "the challenge of 401 is of another scheme", " or ".join(sorted(schemes))
            report.add(exchange, NAME, summary, expected, told, f"{operation.pointer}/security")

    def finish(self, report: Report) -> None:
        """Note where challenges are missing that the server sends elsewhere."""
        for exchange in self._lacking.values() if self._is_sent else ():
            _add(exchange, report)


def _add(exchange: Exchange, report: Report) -> None:
    operation = exchange.operation
    expected = f"WWW-Authenticate: {' or '.join(sorted(_schemes(operation))) or 'a challenge'}"
    pointer = f"{operation.pointer}/security"
    report.add(exchange, NAME, "401 without a challenge", expected, exchange.response.describe(), pointer)


def _schemes(operation: Operation) -> frozenset[str]:
    """The authentication schemes of HTTP that the contract names for an operation, in lower case."""
    declared = operation.contract.get("components", {}).get("securitySchemes", {})
    nodes = [operation.resolve(declared.get(name)) for each in operation.security for name in each]
    return frozenset(str(node.get("scheme", "")).lower() for node in nodes if node.get("type") == "http") - {""}
