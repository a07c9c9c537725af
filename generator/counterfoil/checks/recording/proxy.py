"""A proxy in front of one server, which records and checks what goes through it."""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import urllib3

from counterfoil.checks.cases.as_sent import Readings, in_words
from counterfoil.checks.operation import Operation
from counterfoil.checks.recording.masking import Masking
from counterfoil.checks.recording.writing import HarWriter
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.answers import complete_body
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.exchange import Exchange, Intent, Request, Response
from counterfoil.checks.wire.failures import reason
from counterfoil.checks.wire.network import Network
from counterfoil.checks.wire.target import Target
from counterfoil.stub.asgi import whole_body

# Fields of one connection (RFC 9110, section 7.6.1), and those that are made anew for the next one.
_OF_THE_CONNECTION = frozenset(
    {
        "connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate", "te", "trailer",
        "transfer-encoding", "upgrade", "host", "content-length", "expect",
    }
)  # fmt: skip
SOURCE = "proxy"

Tell = Callable[[str], None]


class RecordingProxy:
    """An ASGI app that sends each request on to `target`, and its answer back.

    What breaks the contract is told by `tell`, a line each, without secrets; `writer` keeps everything. `headers` are
    sent with every request, in place of those of the same names.
    """

    def __init__(
        self,
        contract: Mapping[str, Any],
        operations: Sequence[Operation],
        target: Target,
        tell: Tell,
        writer: HarWriter | None = None,
        network: Network | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._target, self._tell, self._writer = target, tell, writer
        self._network, self._headers = network or Network(), headers
        self._replaced = {name.lower() for name, _ in headers} | _OF_THE_CONNECTION
        self._readings = Readings(operations, target.base_path)
        self._pool = self._network.pool(target.base_url)
        schemes = contract.get("components", {}).get("securitySchemes", {})
        self._masking = Masking(contract, Credentials("", headers=headers, schemes=schemes))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As ASGI 3.0 says."""
        if scope["type"] != "http":
            return
        body = await body_of(receive)
        if body is None:
            return
        query = scope["query_string"].decode("latin-1")
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        url = self._target.base_url + path + (f"?{query}" if query else "")
        named = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        headers = tuple(pair for pair in named if pair[0].lower() not in self._replaced)
        request = Request(scope["method"], url, (*headers, *self._headers), body)
        started, moment = time.perf_counter(), time.time()
        try:
            response = await asyncio.to_thread(self._send, request)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            words = reason(error, self._network.timeout)
            self._tell(f"{request.method} {self._masking.knowing(request).url(path)}: no answer: {words}")
            problem = f"the server does not answer: {words}\n".encode()
            await answer(send, Response(502, (("content-type", "text/plain"),), problem))
            return
        self._look(request, response, moment, time.perf_counter() - started)
        await answer(send, response)

    def _send(self, request: Request) -> Response:
        headers = urllib3.HTTPHeaderDict()
        for name, value in request.headers:
            if name.lower() != "accept-encoding":
                headers.add(name, value)
        headers["accept-encoding"] = "identity"
        body = request.body or None
        got = self._pool.request(
            request.method, request.url, headers=headers, body=body, redirect=False, preload_content=False
        )
        content = complete_body(got)
        kept = [
            pair for pair in got.headers.items() if pair[0].lower() not in (*_OF_THE_CONNECTION, "content-encoding")
        ]
        return Response(got.status, tuple(kept), content)

    def _look(self, request: Request, response: Response, moment: float, seconds: float) -> None:
        """Check and record an exchange whose secrets are those that stand where the contract wants some."""
        masking = self._masking.knowing(request)
        route = self._readings.route(request)
        if route is None:
            self._tell(f"{request.method} {masking.url(request.url)}: no operation of the contract")
            if self._writer is not None:
                self._writer.keep_unknown(request, response, moment, seconds, masking)
            return
        operation = route.operation
        wrong = [in_words(violation) for violation in self._readings.violations(request, route)]
        succeeded = operation.is_success(response.status)
        intent: Intent = "invalid" if wrong else "valid"
        exchange = Exchange(operation, request, response, intent, succeeded, SOURCE, moment, seconds)
        report = Report("", "", 0, Credentials(""))
        conformance.check(exchange, report)
        if wrong:
            self._tell(masking.text(f"{operation.label} {response.status}: request: {'; '.join(wrong)}"))
        for finding in report.findings:
            told = f"{finding.check}: {finding.summary}; expected {finding.expected}"
            self._tell(masking.text(f"{operation.label} {response.status}: answer: {told}"))
        if self._writer is not None:
            self._writer.keep(exchange, masking)


async def body_of(receive: Any) -> bytes | None:
    """The body of a request by ASGI; None where its client went away before the end."""
    return (await whole_body(await receive(), receive, sys.maxsize))[1]


async def answer(send: Any, response: Response) -> None:
    """Send a response by ASGI."""
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in response.headers
        # Whatever serves this writes a Date of its own, of which there is one (RFC 9110, section 6.6.1).
        if name.lower() not in (*_OF_THE_CONNECTION, "content-encoding", "date")
    ]
    bodiless = response.status < 200 or response.status in (204, 304)
    if not bodiless:
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if bodiless else response.body})
