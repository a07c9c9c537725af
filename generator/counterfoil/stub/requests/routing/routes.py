"""The operations of a contract by the paths that they are called at."""

from typing import TYPE_CHECKING

from counterfoil.stub.requests.routing.templates import Router

if TYPE_CHECKING:
    from counterfoil.stub.endpoint import Endpoint

ByMethod = dict[str, list["Endpoint"]]


class Routes:
    """Operations below the base paths of their servers, and at the bare paths of the contract.

    What the servers say goes first: with the base path `/v1`, `/v1/users` is the path `/users` even if there is a path
    `/v1/users`. With `as_prism` there are no base paths, and what a variable stands for may be empty.
    """

    def __init__(self, *, as_prism: bool = False) -> None:
        self._as_prism = as_prism
        self._based: Router[ByMethod] = Router()
        self._bare: Router[ByMethod] = Router()
        self._has_bases = False

    def add(self, endpoint: "Endpoint") -> None:
        """Keep an operation, of which no other has both path template and method."""
        self._bare.add(endpoint.path, {}).setdefault(endpoint.method, []).append(endpoint)
        for base in endpoint.bases:
            self._has_bases = True
            self._based.add(base + endpoint.path, {}).setdefault(endpoint.method, []).append(endpoint)

    def match(self, path: str, raw_path: bytes | None) -> tuple[ByMethod, list[str]] | None:
        """The operations of a path, by method those that only fields tell apart, and the values of its variables."""
        if self._as_prism:
            return self._bare.match(path, raw_path, empty=True)
        found = (self._based if self._has_bases else self._bare).match(path, raw_path)
        return self._bare.match(path, raw_path) if found is None and self._has_bases else found
