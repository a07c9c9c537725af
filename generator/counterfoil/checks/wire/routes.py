"""Which operation a request was made to, and the texts of its path parameters."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from counterfoil.checks.operation import Operation
from counterfoil.stub.requests.routing.templates import VARIABLE, Router, split_template


class Route(NamedTuple):
    """An operation, and the texts of the variables of its path by name, as they were sent."""

    operation: Operation
    texts: dict[str, str]

    @property
    def variables(self) -> dict[str, str]:
        """The texts without their percent-encoding."""
        return {name: unquote(text) for name, text in self.texts.items()}


class Routes:
    """Finds operations by method and URL; paths of the contract begin after `base_path`."""

    def __init__(self, operations: Sequence[Operation], base_path: str = "") -> None:
        self._base = base_path.rstrip("/")
        self._router: Router[list[Operation]] = Router()
        for operation in operations:
            self._router.add(split_template(operation.path)[0], []).append(operation)

    def match(self, method: str, url: str) -> Route | None:
        """The operation that a request is made to; None where the contract has none."""
        path = urlsplit(url).path
        if not path.startswith(self._base):
            return None
        path = path[len(self._base) :] or "/"
        found = self._router.match(unquote(path), path.encode("utf-8"))
        operation = next((each for each in found[0] if each.method == method.upper()), None) if found else None
        if found is None or operation is None:
            return None
        names = VARIABLE.findall(split_template(operation.path)[0])
        return Route(operation, dict(zip(names, found[1], strict=False)))
