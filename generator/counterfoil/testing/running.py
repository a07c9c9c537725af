"""A stub as a test sees it."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from counterfoil.stub.app import Stub
from counterfoil.stub.background import Background, Listening
from counterfoil.stub.control.controlled import Controlled

if TYPE_CHECKING:
    import httpx

    from counterfoil.stub.control.journal import Exchange
    from counterfoil.stub.control.session import Failure
    from counterfoil.testing.in_process import InProcess


class RunningStub(Controlled):
    """A stub that remembers nothing of other tests; see `Controlled` for what can be asked and told of it."""

    def __init__(self, stub: Stub, name: str, background: Background) -> None:
        """`stub` is this test's alone; `background` is where it listens, once `url` is asked for."""
        self.name = name
        self.stub = stub
        self._subject, self._session = stub.subject, stub.sessions.default
        self._background = background
        self._listening: Listening | None = None

    @property
    def url(self) -> str:
        """Where the stub listens, such as `http://127.0.0.1:40123`: from now on, until the test ends."""
        if self._listening is None:
            self._listening = self._background.listen(self.stub)
        return self._listening.url

    @cached_property
    def transport(self) -> "InProcess":
        """What `httpx.Client` and `httpx.AsyncClient` take as `transport` to call the stub without a network."""
        from counterfoil.testing.in_process import InProcess

        return InProcess(self.stub, self._background)

    def client(self, **options: Any) -> "httpx.Client":
        """A client that calls the stub without a network; `options` are those of `httpx.Client`."""
        import httpx

        return httpx.Client(**{"transport": self.transport, "base_url": "http://stub", **options})

    def async_client(self, **options: Any) -> "httpx.AsyncClient":
        """As `client`, for `await`."""
        import httpx

        return httpx.AsyncClient(**{"transport": self.transport, "base_url": "http://stub", **options})

    def session(self, name: str) -> Controlled:
        """What belongs to the requests whose header X-Counterfoil-Session is `name`."""
        return self.stub.session(name)

    @property
    def all_failures(self) -> "list[Failure]":
        """The unexpected exceptions so far, those in sessions included."""
        named = [self.stub.session(name).failures for name in self.stub.sessions.names()]
        return [failure for failures in (self.failures, *named) for failure in failures]

    def reset(self) -> None:
        """Forget objects, requests, queued answers and faults, and those of all sessions."""
        super().reset()
        for name in self.stub.sessions.names():
            self.stub.sessions.remove(name)

    def assert_requested(
        self,
        operation: str,
        *,
        times: int | None = None,
        status: int | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> "list[Exchange]":
        """The requests for an operation; `AssertionError` with all that were made if there is none.

        With `times` there must be so many; with `status` those count that were answered so, and with `body` those
        whose body has these values.
        """
        __tracebackhide__ = True
        wanted = self._subject.operation(operation)
        made = self.requests
        found = [
            each
            for each in made
            if each.operation == wanted and status in (None, each.status) and _has(each.body, body or {})
        ]
        if len(found) != times if times is not None else not found:
            asked = [f"status {status}"] * (status is not None) + [f"body {dict(body or {})}"] * (body is not None)
            count = "at least one" if times is None else str(times)
            kind = f"{wanted}{' with ' + ', '.join(asked) if asked else ''}"
            raise AssertionError(f"wanted {count} of {kind}, found {len(found)}; {self.told(made)}")
        return found

    def assert_nothing_refused(self) -> None:
        """`AssertionError` if a request did not keep the contract, with the reason."""
        __tracebackhide__ = True
        made = self.requests
        if any(each.reason and not each.fault for each in made):
            raise AssertionError(f"requests were refused; {self.told(made)}")

    def told(self, made: "list[Exchange] | None" = None) -> str:
        """The requests as lines of text, with the bodies of those that were refused."""
        lines = []
        for each in self.requests if made is None else made:
            lines.append(f"  {each}")
            if each.reason:
                lines.append(f"    sent: {each.body!r}"[:500])
                lines.append(f"    answered: {each.answer!r}"[:500])
        return "\n".join([f"{self.name} was asked:", *lines]) if lines else f"{self.name} was asked nothing"

    def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None


def _has(body: Any, wanted: Mapping[str, Any]) -> bool:
    return all(isinstance(body, Mapping) and name in body and body[name] == value for name, value in wanted.items())
