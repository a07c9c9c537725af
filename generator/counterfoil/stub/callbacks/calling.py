"""Which requests a stub makes of itself, when, and what came of them."""

import asyncio
import logging
import threading
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from counterfoil.stub.answers.sampling import Sampler
from counterfoil.stub.call import Call, Reply
from counterfoil.stub.callbacks.addresses import Allowed, NotAllowedError
from counterfoil.stub.callbacks.expressions import Moment, evaluate
from counterfoil.stub.callbacks.making import Outgoing
from counterfoil.stub.callbacks.record import Callback
from counterfoil.stub.callbacks.sending import TIMEOUT, send
from counterfoil.stub.contract_tree import METHODS, NOTHING, ContractTree, Node

if TYPE_CHECKING:
    from counterfoil.stub.control.session import Session

MARK = "x-counterfoil-callback"  # header of all requests that stubs make; what has it causes no more of them
MOST = 100  # requests that wait for answers at the same time

log = logging.getLogger("counterfoil.stub")


class Calling:
    """Makes the callbacks and webhooks of one contract."""

    def __init__(self, contract: ContractTree, allowed: Collection[str] | None, seed: int) -> None:
        """`allowed` are hosts, addresses and networks beside loopback; with None nothing is sent anywhere."""
        self._contract = contract
        self._allowed = None if allowed is None else Allowed(allowed)
        self._sampler = Sampler(contract, seed)
        self._compiled: dict[str, list[tuple[str, str, Outgoing]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()

    def after(self, call: Call[Any, Any], reply: Reply[Any]) -> None:
        """Make the callbacks of an operation that answers `call` with `reply`, and begin to send them.

        Raises nothing: the answer does not depend on it.
        """
        try:
            for callback in self._callbacks(call, reply):
                call.session.callbacks.append(callback)
                self._start(callback)
        except Exception:
            log.exception("the callbacks of %s cannot be made", call.endpoint.name)

    @cached_property
    def webhooks(self) -> dict[str, Outgoing]:
        """The webhooks by name; of several methods the first."""
        stated = self._contract.tree.get("webhooks") or NOTHING
        found = {name: next(self._operations(item), None) for name, item in stated.items()}
        return {name: outgoing for name, outgoing in found.items() if outgoing}

    def webhook(self, session: "Session", name: str, url: str | None, body: list[Any]) -> Callback:
        """The request of a webhook, with the only item of `body` as its body if there is one; it is not sent yet.

        `ValueError` if there is no such webhook.
        """
        outgoing = self.webhooks.get(name)
        if outgoing is None:
            raise ValueError(f"the contract has no webhook {name}; it has {', '.join(self.webhooks) or 'none'}")
        made = outgoing.given(body[0]) if body else outgoing.body(NOTHING)
        callback = self._made(outgoing, name, None, url, made)
        session.callbacks.append(callback)
        return callback

    async def deliver(self, callback: Callback) -> None:
        """Send a request, if it may be, and note what came of it."""
        if callback.url is None or self._allowed is None:
            told = "nobody said where to send it" if callback.url is None else "callbacks are not sent"
            callback.outcome, callback.reason = "listed", told
            return
        try:
            callback.status = await send(callback.url, callback.method, callback.headers, callback.raw, self._allowed)
            callback.outcome = "sent"
        except NotAllowedError as error:
            callback.outcome, callback.reason = "listed", str(error)
            self._tell(callback.name, str(error))
        except TimeoutError:
            callback.outcome, callback.reason = "failed", f"no answer within {TIMEOUT:g} seconds"
        except (OSError, ValueError) as error:
            told = getattr(error, "strerror", None) or str(error) or type(error).__name__
            if untrusted := getattr(error, "verify_message", None):
                told = f"{untrusted}; the environment variable SSL_CERT_FILE names a file of certificates to trust"
            callback.outcome, callback.reason = "failed", told
        except Exception as error:
            callback.outcome, callback.reason = "failed", f"an error of the stub: {type(error).__name__}"
            log.exception("%s cannot be sent", callback.name)
        except asyncio.CancelledError:
            callback.outcome, callback.reason = "failed", "the stub ended"
            raise

    def deliver_now(self, callback: Callback) -> None:
        """As `deliver`, for callers without an event loop; returns when it is done."""
        thread = threading.Thread(target=lambda: asyncio.run(self.deliver(callback)), name="counterfoil-webhook")
        thread.start()
        thread.join()

    def _tell(self, name: str, reason: str) -> None:
        """Say once why something is not sent, in characters that do nothing to a terminal."""
        told = ascii(f"{name} is not sent: {reason}")[1:-1]
        if told not in self._told and len(self._told) < MOST:
            self._told.add(told)
            log.warning("%s; --allow-callbacks says where else callbacks may go", told)

    def _start(self, callback: Callback) -> None:
        if len(self._tasks) >= MOST:
            callback.outcome, callback.reason = "listed", f"{MOST} others wait for their answers"
            return
        task = asyncio.get_running_loop().create_task(self.deliver(callback))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _callbacks(self, call: Call[Any, Any], reply: Reply[Any]) -> Iterator[Callback]:
        if MARK.encode() in call.headers:
            return
        moment = Moment(call, reply)
        for name, template, outgoing in self._of(call):
            url = evaluate(template, moment)
            if url is not None:
                yield self._made(outgoing, name, call.endpoint.name, url, outgoing.body(_known(call, moment)))

    def _made(
        self, outgoing: Outgoing, name: str, operation: str | None, url: str | None, made: tuple[Any, bytes]
    ) -> Callback:
        if url is not None and outgoing.query:
            url += ("&" if "?" in url else "?") + outgoing.query
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        headers = {**outgoing.headers, "X-Counterfoil-Callback": name.encode("ascii", "replace").decode()}
        return Callback(at, name, operation, outgoing.method, url, headers, *made)

    def _of(self, call: Call[Any, Any]) -> list[tuple[str, str, Outgoing]]:
        """Name, key and request of each callback of an operation."""
        operation = call.endpoint.name
        if operation not in self._compiled:
            stated = {name: self._contract.follow(each)[0] for name, each in call.endpoint.callbacks.items()}
            self._compiled[operation] = [
                (name, template, outgoing)
                for name, callback in stated.items()
                for template, item in callback.items()
                if not template.startswith("x-")
                for outgoing in self._operations(item)
            ]
        return self._compiled[operation]

    def _operations(self, item: Node) -> Iterator[Outgoing]:
        item = self._contract.follow(item)[0]
        for method in METHODS:
            if isinstance(operation := item.get(method), dict):
                yield Outgoing(self._contract, self._sampler, method.upper(), operation, item)


def _known(call: Call[Any, Any], moment: Moment) -> dict[str, Any]:
    """What a callback may tell again: the request, over it the answer, over that the object that was made."""
    known: dict[str, Any] = {}
    for each in (call.value, moment.answer, call.created):
        known |= each if isinstance(each, Mapping) else {}
    return known
