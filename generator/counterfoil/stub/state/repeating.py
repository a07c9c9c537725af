"""Requests that are repeated under an idempotency key, which have their effect once.

As draft-ietf-httpapi-idempotency-key-header has it: the same request gets the first one's answer again, another one
with the same key is refused.
"""

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.store import DuplicateError, Record

Action = Callable[[Call[Any, Any]], Reply[Any]]

ANSWERED = "?answered"  # after the name of an operation: what was answered under which key
NAMES = frozenset({"idempotencykey", "xidempotencykey", "idempotencykeyheader", "idempotencetoken", "idempotencytoken"})


def once(contract: ContractTree, name: str, parameters: Iterable[Node], request: Node, action: Action) -> Action:
    """`action` of the operation `name`, done once for each idempotency key; itself if the contract has no such keys.

    A key is a header or a property of the body, by its name.
    """
    headers = [str(each["name"]) for each in parameters if each.get("in") == "header" and plain(each["name"]) in NAMES]
    fields = [each for each in contract.properties(request) if plain(each) in NAMES]
    if not headers and not fields:
        return action
    header, field = headers[0].lower().encode("latin-1") if headers else b"", fields[0] if fields else None
    collection = name + ANSWERED

    def repeatable(call: Call[Any, Any]) -> Reply[Any]:
        sent: Any = call.headers.get(header, b"").decode("latin-1")
        if not sent and field is not None and isinstance(call.value, dict):
            sent = call.value.get(field)
        if not isinstance(sent, str) or not sent:
            return action(call)
        asked, store = _digest(call), call.session.store
        known = store.find(collection, sent)
        if known is not None:
            return _again(json.loads(known), asked)
        reply = action(call)
        if reply.status < 400:
            with contextlib.suppress(DuplicateError):
                store.add(collection, lambda _: Record(sent, dump(_told(asked, reply))))
        return reply

    return repeatable


def _digest(call: Call[Any, Any]) -> str:
    """What tells one request from another: the path with its query, and the body."""
    parts = (call.path.encode(errors="replace"), call.query_string, call.raw or b"")
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _told(asked: str, reply: Reply[Any]) -> dict[str, Any]:
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in reply.headers]
    return {"asked": asked, "status": reply.status, "headers": headers, "body": base64.b64encode(reply.body).decode()}


def _again(told: Any, asked: str) -> Reply[Any]:
    if told["asked"] != asked:
        raise RefusalError("idempotency")
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told["headers"]]
    return Reply(told["status"], base64.b64decode(told["body"]), headers)
