"""What part of an operation a heading or a caption announces."""

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Literal

Kind = Literal["request", "parameters", "response", "errors", "security", "other"]

_STATUS = re.compile(r"(?<![\d.,/-])([1-5]\d\d|[1-5]XX)(?![\d.,/-]*\d)")
_STATUS_ALONE = re.compile(r"\W*([1-5]\d\d|[1-5]XX)\b")
_BRACKETED = re.compile(r"[(\[](?:http |status )*[1-5](?:\d\d|XX)[)\]]", re.IGNORECASE)
_RENAMED = ("Content Too Large", "Request Entity Too Large", "Unprocessable Content", "Unprocessable Entity")
"""Phrases of RFC 9110 and of its predecessors; a Python knows one of each."""
_PHRASES = "|".join(re.escape(phrase) for phrase in (*(status.phrase for status in HTTPStatus), *_RENAMED))
_REASON = re.compile(rf"\b(?:success\w*|status|code|{_PHRASES})\b", re.IGNORECASE)
_MEDIA = re.compile(r"\b((?:application|text|multipart|image|audio|video)/[\w.+*-]+)")
_WORDS: tuple[tuple[str, Kind, str], ...] = (
    (r"response headers?|headers? returned", "other", ""),
    (r"rate limits?|changelog|see also|related|next steps|permissions?|scopes?|sdks?|webhooks?", "other", ""),
    (r"authoriz\w+|authentication|security", "security", ""),
    (r"errors?|error (?:codes?|handling|responses?)|failures?|exceptions?", "errors", ""),
    (r"responses?|returns?|returned|results?|outputs?|reply|replies", "response", ""),
    (r"path (?:params?|parameters?|variables?)|route param\w*|uri param\w*", "parameters", "path"),
    (r"query (?:params?|parameters?|strings?|string parameters?|arguments?)|filters|pagination", "parameters", "query"),
    (r"url (?:params?|parameters?)", "parameters", "url"),
    (r"(?:http |request )?headers?|header (?:params?|parameters?|fields?)", "parameters", "header"),
    (r"cookies?(?: param\w*)?", "parameters", "cookie"),
    (
        r"bod(?:y|ies)|payload|json (?:params?|parameters?)|form (?:data|params?|parameters?)|post data",
        "request",
        "body",
    ),
    (r"requests?", "request", ""),
    (r"params?|parameters?|arguments?|inputs?", "parameters", ""),
)
_PATTERNS = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), kind, location) for words, kind, location in _WORDS]
_NEUTRAL = re.compile(
    r"attributes?|fields?|properties|schema|examples?|samples?|details|curl|shell|bash|json|http|cli|python|javascript"
    r"|node(?:\.?js)?|sandbox|production|endpoint|url|method|overview|description|definition|usage|try it",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an operation: `location` of parameters if known, `status` and `media` where the heading has them.

    `fields` are the documented fields whose members the section tells of; `title` is what the heading says of a
    response beside its status and media type.
    """

    kind: Kind
    level: int = 0
    location: str = ""
    status: str = ""
    media: str = ""
    fields: tuple[str, ...] = ()
    title: str = ""


def announced(text: str, level: int, parent: Section) -> Section | None:
    """The section that a heading of `level` below `parent` begins; None if its text does not tell."""
    media = _MEDIA.search(text)
    words = _MEDIA.sub(" ", text)
    status = _STATUS.search(words)
    alone = _STATUS_ALONE.match(words)
    for pattern, kind, location in _PATTERNS:
        if not pattern.search(words):
            continue
        if parent.kind == "response" and kind in ("parameters", "request") and "request" not in text.lower():
            return replace(parent, level=level, media=media[1] if media else parent.media)
        if kind == "errors" and parent.kind == "parameters":
            continue
        code = status[1] if status and kind in ("response", "errors") else ""
        if kind == "errors" and code:
            kind = "response"
        if kind == "response" and not code and parent.kind == "response":
            code = parent.status
        return Section(kind, level, location, code, media[1] if media else "", title=_title(words) if code else "")
    if alone or (status and (_BRACKETED.search(words) or _REASON.search(words))):
        code = (alone or status or [""])[1]
        return Section("response", level, "", code, media[1] if media else "", title=_title(words))
    if _NEUTRAL.fullmatch(text.strip(" :*")):
        return replace(parent, level=level) if parent.level < level else None
    return None


def _title(words: str) -> str:
    """What a heading says beside its status: "Validation Error (422)" says Validation Error."""
    left = re.sub(r"\(\s*\)|\[\s*\]|\s+", " ", _STATUS.sub(" ", words)).strip(" :-–—()")
    return left if re.search(r"[^\W\d_]{2}", left) and not re.fullmatch(r"responses?", left, re.IGNORECASE) else ""


def captioned(text: str, current: Section) -> Section | None:
    """The section that a caption such as "Example response (201):" puts the next code block in; None if it is prose."""
    if len(text) > 120 or (len(text) > 50 and not text.endswith(":")):
        return None
    lowered = text.lower()
    status = _STATUS.search(text)
    if re.search(r"\b(?:response|returns?|returned|output|result|reply)\b", lowered):
        code = status[1] if status else current.status if current.kind == "response" else ""
        return Section("response", current.level, "", code, current.media if current.kind == "response" else "")
    if re.search(r"\b(?:request|body|payload|input)\b", lowered):
        return Section("request", current.level, "body", "", current.media if current.kind == "request" else "")
    if status and re.search(r"\b(?:example|sample|error|status|success)\b", lowered):
        return Section("response", current.level, "", status[1])
    return None
