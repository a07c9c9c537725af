"""Examples that a page shows beside the OpenAPI document in its fences: JSON bodies and curl commands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from counterfoil import pointer as json_pointer
from counterfoil.documents.inference.paths import operations, resolved
from counterfoil.documents.openapi.labelled_fences import LabelledFence
from counterfoil.documents.page.builder import Builder, Token
from counterfoil.documents.page.curl import read_curl
from counterfoil.documents.page.placeholders import is_generated
from counterfoil.documents.source.json_sample import JsonSample, read_json_sample
from counterfoil.evidence import Evidence
from counterfoil.location import CounterfoilError, Diagnostic

_JSON = {"", "json", "jsonc", "json5"}
_SHELL = {"", "bash", "sh", "shell", "zsh", "curl", "console", "terminal"}
_REQUEST = re.compile(r"\brequests?\b|\bpayload\b", re.IGNORECASE)
_RESPONSE = re.compile(r"\bresponses?\b|\breturns?\b|\breplies\b|\banswers?\b", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([1-5]\d\d)(?![\d.])")

Side = Literal["request", "response"]


@dataclass(slots=True)
class _Samples:
    """The different samples of one media type, which stands at `at`."""

    at: tuple[Token, ...]
    values: list[JsonSample] = field(default_factory=list)


def add_examples(builder: Builder, fences: Iterable[LabelledFence], diagnostics: list[Diagnostic]) -> None:
    """Give the operations of a tree the examples that stand in other fences of their page.

    A sample belongs to the only operation of the page, or to the one that its curl command calls. Media types with
    examples of their own keep these. A labelled sample that is no JSON is a diagnostic.
    """
    found: dict[str, _Samples] = {}
    for shown in fences:
        for at, sample in _samples(builder, shown, diagnostics):
            media = found.setdefault(json_pointer.join("", *at), _Samples(at))
            if not is_generated(sample.value) and all(sample.value != other.value for other in media.values):
                media.values.append(sample)
    for media in found.values():
        for index, sample in enumerate(media.values):
            keys = ("example",) if len(media.values) == 1 else ("examples", f"sample-{index + 1}", "value")
            _set(builder, sample, *media.at, *keys)


def _samples(
    builder: Builder, shown: LabelledFence, diagnostics: list[Diagnostic]
) -> Iterable[tuple[tuple[Token, ...], JsonSample]]:
    """What a fence shows of a body, with the media type that it belongs to."""
    known = [(method, path) for method, path, _ in operations(builder.tree)]
    if shown.language in _SHELL and (call := read_curl(shown.fence.content, shown.fence.place)):
        diagnostics += call.diagnostics
        called = [at for at in known if at[0] == call.method.lower() and _leads_to(call.url, at[1])]
        media = _media(builder, *called[0], "request", "") if len(called) == 1 else None
        if media and call.body:
            yield media, call.body
        return
    if len(known) != 1 or shown.language not in _JSON or not shown.fence.content.lstrip().startswith(("{", "[")):
        return
    side = _side(shown.labels)
    try:
        sample = read_json_sample(shown.fence.content, shown.fence.place)
    except CounterfoilError as error:
        diagnostics += error.diagnostics if side else ()
        return
    status = next((match[1] for match in map(_STATUS.search, shown.labels) if match), "")
    sides: tuple[Side, ...] = (side,) if side else ("request", "response")
    media_types = [media for each in sides if (media := _media(builder, *known[0], each, status))]
    best = max(media_types, key=lambda at: _fit(builder, at, sample.value), default=None)
    if best and (side or _fit(builder, best, sample.value) > 0):
        yield best, sample


def _side(labels: Iterable[str]) -> Side | None:
    """Whether the nearest label that says it calls a sample a request or a response."""
    for label in labels:
        is_request, is_response = bool(_REQUEST.search(label)), bool(_RESPONSE.search(label))
        if is_request != is_response:
            return "request" if is_request else "response"
    return None


def _leads_to(url: str, path: str) -> bool:
    """Whether a URL calls a templated path below any base."""
    pattern = "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^{}/]*\})", path.rstrip("/"))
    )
    return re.search(rf"{pattern}/?$", urlsplit(url).path) is not None


def _media(builder: Builder, method: str, path: str, side: Side, status: str) -> tuple[Token, ...] | None:
    """The JSON media type of a body that has no example of its own."""
    operation = ("paths", path, method)
    at: tuple[Token, ...] = (*operation, "requestBody")
    if side == "response":
        stated = builder.get(*operation, "responses")
        statuses = [key for key in stated if key == status or (not status and key.startswith("2"))] if stated else []
        if not statuses:
            return None
        at = (*operation, "responses", statuses[0])
    content = builder.get(*at, "content")
    for media, value in content.items() if isinstance(content, dict) else ():
        if "json" in media and isinstance(value, dict):
            return None if value.keys() & {"example", "examples"} else (*at, "content", media)
    return None


def _fit(builder: Builder, media: tuple[Token, ...], value: Any) -> float:
    """How many of a sample's members the schema of a media type names, from 0 to 1."""
    names = resolved(builder.tree, builder.get(*media, "schema")).get("properties")
    if not isinstance(names, dict) or not isinstance(value, dict) or not value:
        return 0
    return len(names.keys() & value.keys()) / len(value)


def _set(builder: Builder, sample: JsonSample, *at: Token) -> None:
    builder.read(sample.place(()), sample.value, *at)
    for path, place in sample.places.items():
        if path:
            builder.evidence.add(json_pointer.join("", *at, *path), Evidence("documented", place))
