"""Conditional requests (RFC 9110, section 13) where a contract has them: versions of objects as entity tags."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import Node
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.objects import Object, Objects

Action = Callable[[Call[Any, Any]], Reply[Any]]

CONDITIONS = frozenset({"if-match", "if-none-match"})


def conditional(
    objects: Objects, parameters: Iterable[Node], responses: Node, success: Success, action: Action
) -> Action:
    """`action` on one object under the conditions of requests; itself if the contract knows neither these nor tags.

    Tags are told where the answer of success declares the header ETag.
    """
    named = {str(each.get("name")).lower() for each in parameters if each.get("in") == "header"}
    tells = "etag" in {name.lower() for name in success.declared.header_names}
    heeds = bool(named & CONDITIONS) or "304" in responses or "412" in responses
    if not tells and not heeds:
        return action
    role = objects.role
    reads = role.action == "fetch"
    # What would be refused without conditions is refused as if there were none (section 13.2.1).
    makes = role.action == "replace" and role.upsert

    def checked(call: Call[Any, Any]) -> Reply[Any]:
        wanted, unwanted = call.headers.get(b"if-match"), call.headers.get(b"if-none-match")
        found = None
        if role.action != "create" and (wanted is not None or unwanted is not None):
            found = _found(objects, call)
        if found is not None or makes:
            tag = None if found is None else tag_of(found)
            if wanted is not None and not _matches(wanted, tag, weak=False):
                raise RefusalError("precondition")
            if unwanted is not None and _matches(unwanted, tag, weak=True):
                if not reads:
                    raise RefusalError("precondition")
                return Reply(304, b"", [(b"etag", tag or b"")])
        reply = action(call)
        if tells and reply.status < 300 and (found := _found(objects, call)) is not None:
            reply.headers.append((b"etag", tag_of(found)))
        return reply

    return checked


def tag_of(found: Object) -> bytes:
    """The strong entity tag of an object: the same as long as it does not change."""
    return b'"%s"' % hashlib.blake2b(dump(found), digest_size=9).hexdigest().encode()


def _found(objects: Objects, call: Call[Any, Any]) -> Object | None:
    collection, key = objects.collection(call), call.made if objects.role.action == "create" else objects.key(call)
    return None if key is None else objects.find(call, collection, key)


def _matches(header: bytes, tag: bytes | None, *, weak: bool) -> bool:
    """Whether a list of tags has one, or is `*` where there is one; `weak` ones may be the same (section 8.8.3.2)."""
    if tag is None:
        return False
    tags = [each.strip() for each in header.split(b",")]
    return b"*" in tags or tag in tags or (weak and b"W/" + tag in tags)
