"""Where an object is that was just made: the header Location (RFC 9110, sections 10.2.2 and 15.3.2)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, Reply
from counterfoil.stub.requests.routing.templates import VARIABLE
from counterfoil.stub.state.inference.infer import Roles

Action = Callable[[Call[Any, Any]], Reply[Any]]


def located(roles: Roles, collection: str, success: Success, action: Action) -> Action:
    """`action`, which makes objects of a `collection`, with Location.

    Itself where no operation shows one by its path, or the header is not declared: most servers do without it.
    """
    name = next((name for name in success.declared.header_names if name.lower() == "location"), None)
    place = next(
        (
            (path, role.key.name[0])
            for (method, path), role in roles.items()
            if method == "GET" and role.action == "fetch" and role.collection == collection
            if role.key is not None and role.key.where == "path"
        ),
        None,
    )
    if place is None or name is None:
        return action
    template, variable = place
    parts = VARIABLE.split(template)
    is_absolute = success.declared.header_format(name) in ("uri", "url", "iri")

    def telling(call: Call[Any, Any]) -> Reply[Any]:
        reply = action(call)
        if call.made is not None and reply.status < 300:
            values = {**call.path_parameters, variable: call.made}
            own = "".join(
                part if index % 2 == 0 else quote(values.get(part, ""), safe="") for index, part in enumerate(parts)
            )
            origin = b"http://" + (call.header(b"host") or b"localhost") if is_absolute else b""
            reply.headers.append((b"location", origin + (_base(call) + own).encode()))
        return reply

    return telling


def _base(call: Call[Any, Any]) -> str:
    """The base path that a call was made below."""
    path = VARIABLE.sub(lambda match: call.path_texts.get(match[1], match[0]), call.endpoint.path)
    return next((base for base in call.endpoint.bases if call.path == base + path), "")
