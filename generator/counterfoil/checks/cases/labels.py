"""Whether the contract accepts a request by the texts that go over the wire, read as a server reads them."""

from counterfoil.checks.cases.as_sent import Readings, in_words
from counterfoil.checks.wire.draft import Draft, segment
from counterfoil.checks.wire.exchange import Request
from counterfoil.checks.wire.routes import Route


class Labels:
    """Reads drafts of requests; what is compiled for an operation is kept."""

    def __init__(self) -> None:
        self._readings = Readings(())

    def broken(self, draft: Draft) -> str:
        """What is wrong with the parameters and the body of a request, in words; empty where it is valid."""
        url, headers = draft.target(None)
        request = Request(draft.operation.method, url, headers, draft.body or b"")
        route = Route(draft.operation, {name: segment(text) for name, text in draft.path.items()})
        return next((in_words(found) for found in self._readings.violations(request, route)), "")
