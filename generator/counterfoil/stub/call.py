"""One request and its answer, as handlers see them."""

from __future__ import annotations

from functools import cached_property
from time import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import unquote

from counterfoil.stub.requests.parameters.fields import (
    combine_headers,
    decode_leniently,
    fields_of,
    split,
    split_cookies,
)
from counterfoil.stub.requests.strict_json import dump, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from counterfoil.stub.answers.content.declared import Content
    from counterfoil.stub.control.session import Session
    from counterfoil.stub.endpoint import Endpoint
    from counterfoil.stub.requests.bodies.multipart import Part
    from counterfoil.stub.requests.parameters.fields import Fields
    from counterfoil.stub.requests.violations import Violation
    from counterfoil.stub.state.store import Store

Body = TypeVar("Body")
Answer = TypeVar("Answer")
Headers = list[tuple[bytes, bytes]]

NOTHING: Mapping[str, Any] = MappingProxyType({})
JSON = (b"content-type", b"application/json")
TEXT = (b"content-type", b"text/plain; charset=utf-8")

# Bytes with spaces for those that no header may hold.
_VISIBLE = bytes(0x20 if byte < 0x20 or byte == 0x7F else byte for byte in range(256))


def field_value(text: str) -> bytes:
    """A text as the value of a header (RFC 9110, section 5.5), however it came about; line ends become spaces."""
    return text.encode("latin-1", "replace").translate(_VISIBLE)


class Reply(Generic[Answer]):
    """An answer: status, headers in lower case and body, ready to be sent. `Answer` is the model of the body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes = b"", headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self.status, self.body, self.headers = status, body, list(headers)

    @property
    def value(self) -> Any:
        """The body as a JSON value, parsed each time; what is assigned becomes the body. `ValueError` for no JSON."""
        return parse(self.body)

    @value.setter
    def value(self, value: Any) -> None:
        self.body = dump(value)

    def set_header(self, name: str, value: str) -> None:
        """Set a header in the place of those of the same name."""
        key = name.lower().encode("latin-1")
        self.headers = [pair for pair in self.headers if pair[0] != key]
        self.headers.append((key, field_value(value)))

    @classmethod
    def json(cls, status: int, value: Any, headers: Iterable[tuple[bytes, bytes]] = (JSON,)) -> Reply[Any]:
        """A reply whose body is a JSON value."""
        return Reply(status, dump(value), headers)


class RefusalError(Exception):
    """Raised by handlers and checks to answer with what the vendor says for a `reason` such as `duplicate`."""

    def __init__(
        self, reason: str, facts: Mapping[str, Any] | None = None, violations: Sequence[Violation] = ()
    ) -> None:
        super().__init__(reason)
        self.reason, self.facts, self.violations = reason, facts or {}, violations


class Call(Generic[Body, Answer]):
    """A request that fits the contract.

    `raw` is its body, uncompressed, None if that is over the limit, `value` the same parsed, `body` as the operation's
    model. `path_texts` are the variables of the path as sent, still percent-encoded. `facts` are what templates of
    answers may name, `drawn` the random texts of a refusal. `moment` is when the call was made, in seconds since 1970,
    and `number` that of the object it creates: the same all through the answer. `wanted` is the content that the
    request asks for where that is not the default, `is_dynamic` whether values are made up. `following` is the handler
    that `next` calls. `made` is the key of the object that was made, where somebody asks for it.
    """

    made: str | None = None
    wanted: Content | None = None
    is_dynamic: bool = False
    following: Callable[[Call[Any, Any]], Reply[Any]] = staticmethod(lambda call: call.act())

    __slots__ = (
        "__dict__",
        "created",
        "described",
        "drawn",
        "endpoint",
        "facts",
        "has_value",
        "headers",
        "method",
        "moment",
        "number",
        "path",
        "path_texts",
        "query_string",
        "raw",
        "refusal",
        "session",
        "value",
    )

    def __init__(
        self,
        endpoint: Endpoint,
        session: Session,
        scope: Mapping[str, Any],
        path_texts: dict[str, str],
        raw: bytes | None,
    ) -> None:
        self.endpoint, self.session = endpoint, session
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope.get("query_string", b"")
        sent = scope["headers"]
        headers = dict(sent)
        self.headers: dict[bytes, bytes] = headers if len(headers) == len(sent) else combine_headers(sent)
        self.path_texts = path_texts
        self.raw = raw
        self.moment = time()
        self.value: Any = None
        self.has_value = False
        self.described: Mapping[str, Any] = NOTHING
        self.created: dict[str, Any] | None = None
        self.facts: Mapping[str, Any] = NOTHING
        self.drawn: dict[str, str] | None = None
        self.number = 0
        self.refusal: RefusalError | None = None

    def header(self, name: bytes) -> bytes | None:
        """The value of the header of this name (lower case), several joined by commas (RFC 9110, section 5.3)."""
        return self.headers.get(name)

    @cached_property
    def parameters(self) -> dict[tuple[str, str], Any]:
        """The declared parameters by place and name, such as `("query", "limit")`: typed values, or defaults."""
        return {}

    @cached_property
    def path_parameters(self) -> dict[str, str]:
        """The variables of the path, decoded."""
        return {name: decode_leniently(text.replace("+", "%2B")) for name, text in self.path_texts.items()}

    @cached_property
    def query(self) -> Sequence[tuple[str, str]]:
        """The query parameters in their order, decoded."""
        pairs = split(self.query_string.decode("latin-1"))
        return [(decode_leniently(name), decode_leniently(value)) for name, value in pairs]

    @cached_property
    def query_fields(self) -> Fields:
        """The query parameters by name, their values as sent."""
        return fields_of(split(self.query_string.decode("latin-1"))) if self.query_string else {}

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The cookies by name, the first of each name, as sent."""
        return {name: values[0] for name, values in self.cookie_fields.items()}

    @cached_property
    def cookie_fields(self) -> Fields:
        """The values of the cookies by name."""
        found: Fields = {}
        for name, value in split_cookies((self.header(b"cookie") or b"").decode("latin-1")):
            found.setdefault(unquote(name) if "%" in name else name, []).append(value)
        return found

    @cached_property
    def parts(self) -> Sequence[Part]:
        """The parts of a multipart body: names, file names, headers and bytes.

        `MalformedError` if the body is not multipart, or breaks off.
        """
        from counterfoil.stub.requests.bodies.multipart import parts

        return parts(self.raw or b"", self.header(b"content-type") or b"")

    @cached_property
    def body(self) -> Body:
        """The request's body as the model that the handler names."""
        body: Body = self.endpoint.body_model(self.value)
        return body

    @property
    def store(self) -> Store:
        """What the stub remembers for the session of the request."""
        return self.session.store

    def next(self) -> Reply[Answer]:
        """Do what the stub does without this handler, which gets its reply; `RefusalError` where it refuses."""
        reply: Reply[Answer] = self.following(self)
        return reply

    def act(self) -> Reply[Answer]:
        """Do what the contract implies of the operation: one of the following."""
        reply: Reply[Answer] = self.endpoint.acting.usual(self)
        return reply

    def create(self) -> Reply[Answer]:
        """Remember the object that the body describes and answer as the contract says.

        Input is echoed; ids, timestamps and whatever else the server adds are made up in the vendor's form.
        Raises `RefusalError` where an object with the same unique value exists.
        """
        reply: Reply[Answer] = self.endpoint.acting.create(self)
        return reply

    def list(self) -> Reply[Answer]:
        """Answer with the objects of a collection: the page, in the order and by the filters that parameters want."""
        reply: Reply[Answer] = self.endpoint.acting.list(self)
        return reply

    def fetch(self) -> Reply[Answer]:
        """Answer with the object that the request names; `RefusalError` if it is unknown, here and below."""
        reply: Reply[Answer] = self.endpoint.acting.fetch(self)
        return reply

    def replace(self) -> Reply[Answer]:
        """Put what the body describes in the place of an object, keeping what the server made."""
        reply: Reply[Answer] = self.endpoint.acting.replace(self)
        return reply

    def change(self) -> Reply[Answer]:
        """Change an object: the body is a merge patch (RFC 7396), or a JSON Patch (RFC 6902) by its media type."""
        reply: Reply[Answer] = self.endpoint.acting.change(self)
        return reply

    def remove(self) -> Reply[Answer]:
        """Forget an object."""
        reply: Reply[Answer] = self.endpoint.acting.remove(self)
        return reply

    def answer(self) -> Reply[Answer]:
        """Answer with an example of what the contract says, remembering nothing."""
        return self.endpoint.success.example(self)

    def reply(self, answer: Answer, status: int | None = None) -> Reply[Answer]:
        """Answer with a model of your own making, by default with the contract's status for success."""
        return self.endpoint.success.reply(answer, status)

    def refuse(self, reason: str, **facts: Any) -> RefusalError:
        """What to raise in order to answer as the vendor does for `reason`."""
        return RefusalError(reason, facts)
