"""The answer of one operation to a request that is fine: the representation that it asks for, and headers.

Requests without special wishes, which are most, do not come here: see `Endpoint.respond`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any

from counterfoil.stub.answers.answer_check import AnswerCheck
from counterfoil.stub.answers.content.declared import Content, Declared, renewed
from counterfoil.stub.answers.error_bodies import PROBLEM_JSON
from counterfoil.stub.answers.responses import Success, Written
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.requests.headers.preferences import Preferences, preferences
from counterfoil.stub.requests.strict_json import dump, parse

VIOLATIONS = b"sl-violations"  # header with what is wrong, as Prism calls it
PARAMETER = re.compile(rb""";\s*(?!q\s*=)[^;,="]*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^;,]*))?""", re.IGNORECASE)

Handler = Callable[[Call[Any, Any]], Reply[Any]]


class Answering:
    """Chooses status, media type, example and headers of an operation's answers."""

    def __init__(
        self,
        success: Success,
        *,
        dynamic: bool,
        errors: bool,
        like_prism: bool,
        deprecated: bool = False,
        asked: Collection[str] = (),
    ) -> None:
        """`dynamic` makes values up by default; `errors` refuses to answer what breaks the contract.

        With `like_prism` content is chosen as Stoplight Prism does. Answers have all headers of the contract, those of
        `deprecated` operations say that they are, and those that break the contract why; objects are not written as
        texts. `asked` are the headers that requests may have: an answer that has one of these, too, repeats it.
        """
        self._success = success
        self._dynamic = dynamic
        self._errors = errors
        self._like_prism = like_prism
        self._deprecated = like_prism and deprecated
        self._asked = [] if like_prism else [name.lower().encode("latin-1", "replace") for name in asked]

    @cached_property
    def is_plain(self) -> bool:
        """Whether requests without wishes may be answered by the handler alone."""
        declared = self._success.declared
        is_json = not declared.contents or declared.contents[0].is_json
        has_headers = bool(declared.required_headers or self._repeated)
        return is_json and not (self._like_prism or self._dynamic or self._errors or has_headers)

    @cached_property
    def _repeated(self) -> list[tuple[bytes, Callable[[Any], bool]]]:
        texts = self._success.declared.texts if self._asked else {}
        return [(name, texts[name]) for name in self._asked if name in texts]

    def respond(self, call: Call[Any, Any], handler: Handler) -> Reply[Any]:
        """The answer to `call`, made by `handler` unless another status or a certain example is preferred.

        `RefusalError`: `not-acceptable` where no media type suits, `preference` for what the contract does not have.
        """
        if self._like_prism and not self._success.is_declared:
            raise RefusalError("no-response")
        wanted = preferences(call)
        declared = self._success.declared
        is_usual = wanted.code in (None, str(declared.status)) and wanted.example is None
        if not is_usual:
            reply = self._preferred(call, wanted)
        else:
            content = self._content(call, declared)
            call.wanted, call.is_dynamic = content, self._dynamic if wanted.dynamic is None else wanted.dynamic
            reply = self._represented(call, handler(call), declared, content)
        if wanted:
            reply.headers.append((b"preference-applied", wanted.applied()))
        return self._checked(reply) if self._errors or self._like_prism else reply

    def refused(self, call: Call[Any, Any], reply: Reply[Any]) -> Reply[Any]:
        """The answer to a refused request: the example that it prefers among those of this status, if there is one."""
        wanted = preferences(call)
        declared = self._success.find(str(reply.status)) if wanted.code == str(reply.status) else None
        if declared is None or wanted.example is None:
            return reply
        for content in declared.contents:
            if content.has_example(wanted.example):
                applied = (b"preference-applied", wanted.applied())
                return Written(reply.status, content.example(wanted.example), [content.header, applied])
        return reply

    def _preferred(self, call: Call[Any, Any], wanted: Preferences) -> Reply[Any]:
        declared = self._success.declared if wanted.code is None else self._success.find(wanted.code)
        if declared is None:
            raise RefusalError(
                "preference", _told(f"Requested status code {wanted.code} is not defined in the document.")
            )
        content = self._content(call, declared)
        if content is None:
            if wanted.example is not None:
                raise RefusalError("preference", _told(f"Status {declared.status} has no examples."))
            return Written(declared.status, b"", self._headers(declared))
        if wanted.example is not None:
            if not content.has_example(wanted.example):
                of = f"contentType: {content.media_type} and exampleKey: {wanted.example}"
                raise RefusalError("preference", _told(f"Response for {of} does not exist."))
            body = content.example(wanted.example)
        elif self._dynamic if wanted.dynamic is None else wanted.dynamic:
            body = content.varied(self._success.draw(call))
        else:
            body = content.usual
        return Written(declared.status, body, [content.header, *self._headers(declared)])

    def _content(self, call: Call[Any, Any], declared: Declared) -> Content | None:
        accept = call.headers.get(b"accept")
        content = declared.content(accept) if not self._like_prism else _as_prism(call.method, accept, declared)
        if content is None and declared.contents:
            names = ", ".join(each.media_type for each in declared.contents)
            raise RefusalError("not-acceptable", _told(f"The answer can be had as {names}."))
        if content is not None and self._like_prism and content.is_object_as_text:
            raise RefusalError("object-as-text", _told(f"The answer has no form as {content.media_type}."))
        return content

    def _represented(
        self, call: Call[Any, Any], reply: Reply[Any], declared: Declared, content: Content | None
    ) -> Reply[Any]:
        """What a handler answered in the media type that was chosen, with the headers of the contract."""
        if reply.status != declared.status:
            return reply
        if content is not None and reply.body and not (isinstance(reply, Written) or content.is_json):
            try:
                reply.body = content.write(parse(reply.body))
            except ValueError:
                return reply
        if content is not None and reply.body and not isinstance(reply, Written):
            reply.headers = [content.header, *(each for each in reply.headers if each[0] != b"content-type")]
        own = {name for name, _ in reply.headers}
        for name, accepts in self._repeated:
            told = call.headers.get(name)
            if told is not None and name not in own and accepts(told.decode("latin-1")):
                reply.headers.append((name, told))
                own.add(name)
        reply.headers += [each for each in self._headers(declared) if each[0] not in own]
        return reply

    def _headers(self, declared: Declared) -> list[tuple[bytes, bytes]]:
        if not self._like_prism:
            fresh = declared.fresh_headers
            return renewed(declared.required_headers, fresh) if fresh else declared.required_headers
        return [*declared.every_header, *([(b"deprecation", b"true")] if self._deprecated else [])]

    def _checked(self, reply: Reply[Any]) -> Reply[Any]:
        found = self._check.violations(reply)
        if found and self._errors:
            return _violations(found)
        if found:
            reply.headers.append((VIOLATIONS, dump(found)))
        return reply

    @cached_property
    def _check(self) -> AnswerCheck:
        return AnswerCheck(self._success)


def _as_prism(method: str, accept: bytes | None, declared: Declared) -> Content | None:
    """The content that Prism chooses, which looks at no parameters of media types, and at no Accept of HEAD.

    Without Accept it prefers what has no certain media type, then JSON.
    """
    contents = declared.contents
    if accept is None or method == "HEAD":
        usual = [next(filter(each, contents), None) for each in (attrgetter("is_range"), attrgetter("is_json"))]
        return next(filter(None, [*usual, *contents]), None)
    return declared.content(PARAMETER.sub(b"", accept))


def _told(message: str) -> dict[str, str]:
    return {"message": message}


def _violations(found: list[dict[str, Any]]) -> Reply[Any]:
    """The answer that tells what is wrong with another one, as Prism's `--errors` does."""
    body: Mapping[str, Any] = {
        "type": "https://stoplight.io/prism/errors#VIOLATIONS",
        "title": "Request/Response not valid",
        "status": 500,
        "detail": "The answer breaks the contract, and the option --errors asks to be told.",
        "validation": found,
    }
    return Written(500, dump(body), [(b"content-type", PROBLEM_JSON.encode()), (VIOLATIONS, dump(found))])
