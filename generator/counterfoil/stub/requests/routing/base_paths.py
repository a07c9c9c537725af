"""The paths below which the servers of a contract offer an operation."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any
from urllib.parse import urlsplit

from counterfoil.stub.requests.routing.templates import VARIABLE

MOST = 64  # addresses that the variables of one server come to


class BasePaths:
    """The base paths of the operations of one contract, found out once for each list of servers."""

    def __init__(self) -> None:
        self._known: dict[int, list[str]] = {}

    def of(self, *levels: Mapping[str, Any]) -> list[str]:
        """The base paths, without a slash at the end, of the nearest of `levels` that has servers; no empty one.

        OpenAPI 3.1, Server Object: variables take their default, or each value of their enum.
        """
        servers: list[Any] = next((level["servers"] for level in levels if level.get("servers")), _NONE)
        if id(servers) not in self._known:
            found = (path for server in servers if isinstance(server, Mapping) for path in _paths(server))
            self._known[id(servers)] = [path for path in dict.fromkeys(found) if path]
        return self._known[id(servers)]


_NONE: list[Any] = []


def _paths(server: Mapping[str, Any]) -> Iterator[str]:
    url = str(server.get("url", ""))
    variables = server.get("variables") or {}
    names = [name for name in dict.fromkeys(VARIABLE.findall(url)) if isinstance(variables.get(name), Mapping)]
    options = [_values(variables[name]) for name in names]
    for values in islice(product(*options), MOST):
        address = url
        for name, value in zip(names, values, strict=True):
            address = address.replace(f"{{{name}}}", value)
        try:
            yield urlsplit(address).path.rstrip("/")
        except ValueError:
            continue


def _values(variable: Mapping[str, Any]) -> list[str]:
    listed = [str(value) for value in [variable.get("default"), *(variable.get("enum") or ())] if value is not None]
    return list(dict.fromkeys(listed))
