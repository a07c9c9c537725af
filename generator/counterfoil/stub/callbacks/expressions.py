"""Runtime expressions (OpenAPI 3.1, section 4.8.20.4): where a callback goes, told by a request and its answer."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

from counterfoil import pointer as json_pointer
from counterfoil.stub.answers.placeholders import text_of
from counterfoil.stub.call import Call, Reply
from counterfoil.stub.requests.strict_json import parse

EMBEDDED = re.compile(r"\{(\$[^{}]+)\}")


class Moment:
    """What expressions may name: a request and its answer."""

    def __init__(self, call: Call[Any, Any], reply: Reply[Any]) -> None:
        self.call, self.reply = call, reply

    @cached_property
    def answer(self) -> Any:
        """The body of the answer as a JSON value, None if it is none."""
        try:
            return parse(self.reply.body)
        except ValueError:
            return None

    def value(self, expression: str) -> Any:
        """What an expression stands for, None where there is no such thing."""
        whole = {"$url": self._url, "$method": self.call.method, "$statusCode": self.reply.status}
        if expression in whole:
            return whole[expression]
        side, _, source = expression.partition(".")
        place, _, name = source.partition(".")
        if source.partition("#")[0] == "body":
            body = self.call.value if side == "$request" else self.answer if side == "$response" else None
            return _resolve(body, source.partition("#")[2])
        if side == "$response":
            return _header(dict(self.reply.headers), name) if place == "header" else None
        if side != "$request":
            return None
        if place == "header":
            return _header(self.call.headers, name)
        pairs = dict(reversed(self.call.query)) if place == "query" else {}
        return (self.call.path_parameters if place == "path" else pairs).get(name)

    @property
    def _url(self) -> str:
        host = (self.call.header(b"host") or b"localhost").decode("latin-1")
        query = self.call.query_string.decode("latin-1")
        return f"http://{host}{quote(self.call.path)}" + (f"?{query}" if query else "")


def evaluate(template: str, moment: Moment) -> str | None:
    """The URL that the key of a Callback Object comes to; None where something that it names is not there.

    What begins the URL is taken as it is, what is inserted after that is percent-encoded.
    """
    if template.startswith("$"):
        template = f"{{{template}}}"
    parts = EMBEDDED.split(template)
    for index in range(1, len(parts), 2):
        value = moment.value(parts[index])
        if value is None or isinstance(value, dict | list):
            return None
        text = text_of(value)
        parts[index] = quote(text, safe="") if any(parts[:index]) else text
    return "".join(parts)


def _resolve(body: Any, pointer: str) -> Any:
    try:
        return json_pointer.resolve(body, pointer)
    except LookupError:
        return None


def _header(headers: Mapping[bytes, bytes], name: str) -> str | None:
    value = headers.get(name.lower().encode("latin-1", "replace"))
    return None if value is None else value.decode("latin-1")
