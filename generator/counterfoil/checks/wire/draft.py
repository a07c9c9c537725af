"""A request before it is sent: what goes into which place, and how it gets onto the wire."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote, urlencode

from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.credentials import Credentials, Placement
from counterfoil.checks.wire.exchange import NOTHING
from counterfoil.stub.requests.routing.templates import split_template

Pairs = tuple[tuple[str, str], ...]

# RFC 3986, 3.3 and 3.4: what may stand in a segment, and in a query, besides letters, digits and "-._~".
_IN_SEGMENT = "!$&'()*+,;=:@"
_IN_TEMPLATE = "".join(map(chr, range(0x21, 0x7F)))


def segment(text: str) -> str:
    """A text as it stands in a path: percent-encoded, but for what separates the parts of a parameter."""
    return quote(text, safe=_IN_SEGMENT)


@dataclass(frozen=True, slots=True)
class Draft:
    """A request to `operation`.

    `path` holds the texts of path parameters before percent-encoding, the other places hold pairs of texts. `body` is
    sent as it is, with `media_type` as its Content-Type where that is not None; `value` is the JSON value that it was
    made from, if any, and `altered` what is done to its text on the way, such as to write it as a form. `credentials`
    replaces those of the run, an empty sequence sends none. `method` and `route` (a path, percent-encoded) replace
    those of the operation.
    """

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict)
    query: Pairs = ()
    headers: Pairs = ()
    cookies: Pairs = ()
    body: bytes | None = None
    media_type: str | None = None
    value: Any = NOTHING
    altered: Callable[[bytes], bytes] | None = None
    credentials: Sequence[Placement] | None = None
    method: str = ""
    route: str = ""

    def with_json(self, value: Any, media_type: str | None = None) -> Self:
        """The same request with a JSON body, as the operation's JSON media type if no other is given."""
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        text = text if self.altered is None else self.altered(text)
        chosen = media_type or self.operation.json_media_type or "application/json"
        return replace(self, value=value, body=text, media_type=chosen)

    @property
    def is_altered(self) -> bool:
        """Whether what is done to the text of the value makes it another text."""
        return self.body != replace(self, altered=None).with_json(self.value, self.media_type).body

    def with_parameter(self, place: str, name: str, pairs: Sequence[tuple[str, str]]) -> Self:
        """The same request with `pairs` for the parameter `name` at `place` (path, query, header or cookie)."""
        bare = self.without(place, name)
        match place:
            case "path":
                return replace(bare, path={**bare.path, name: pairs[0][1]})
            case "query":
                return replace(bare, query=(*bare.query, *pairs))
            case "header":
                return replace(bare, headers=(*bare.headers, *pairs))
        return replace(bare, cookies=(*bare.cookies, *pairs))

    def without(self, place: str, name: str) -> Self:
        """The same request without the parameter `name` at `place`, or with it where that is the path."""
        match place:
            case "query":
                return replace(self, query=tuple(pair for pair in self.query if pair[0] != name))
            case "header":
                return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))
            case "cookie":
                return replace(self, cookies=tuple(pair for pair in self.cookies if pair[0] != name))
        return self

    def target(self, own: Credentials | None) -> tuple[str, Pairs]:
        """Path with query, percent-encoded, and all headers, with the credentials of a run, if any, in their places."""
        route, asked = (_quoted(self.route), ()) if self.route else _template(self.operation.path)
        for name, text in self.path.items():
            route = route.replace(f"{{{name}}}", segment(text))
        # What only tells operations of one path apart is sent as a field of the query.
        named = {name for name, _ in self.query}
        fields = [(name, value or "") for name, value in asked if name not in named]
        query, cookies = [*fields, *self.query], list(self.cookies)
        headers = [*(own.headers if own else ()), *self.headers]
        places = {"header": headers, "query": query, "cookie": cookies}
        placements = self.credentials if own is None or self.credentials is not None else own.placements(self.operation)
        for place, name, value in placements or ():
            places[place].append((name, value))
        if cookies:
            headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
        if self.media_type is not None:
            headers.append(("Content-Type", self.media_type))
        separator = "&" if "?" in route else "?"
        return route + (separator + urlencode(query) if query else ""), tuple(headers)


@lru_cache(maxsize=1024)
def _template(path: str) -> tuple[str, tuple[tuple[str, str | None], ...]]:
    route, asked = split_template(path)
    return _quoted(route), asked


def _quoted(route: str) -> str:
    # A template may have characters that are none of a URL's; its own separators and braces stay.
    return quote(route, safe=_IN_TEMPLATE)
