"""What placeholders of stated refusals stand for in the answer to one request, and whether a text tells it.

How a fact is written is for servers to say: in which quotes, in which order the items of a list are, escaped or not.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from counterfoil.checks.cases.leaves import equal
from counterfoil.checks.wire.lenient import url_parts, whole_number
from counterfoil.stub.answers.placeholders import text_of
from counterfoil.stub.state.inference.names import plain

if TYPE_CHECKING:
    from counterfoil.checks.wire.exchange import Exchange

Facts = Mapping[str, Any]
"""What placeholders stand for in one answer, by their names; nothing is known of the others."""

EXACT = frozenset({"value", "parent", "loc", "path", "pointer", "field", "in"})
"""Where one of these is all of a template, programs read it."""

_UNKNOWN: Any = object()
_SHORT = 2000  # bytes of a body, up to which it is known where in it something can be
_LONGEST = 100  # characters of a text, beyond which servers may tell of a part of it
_WHOLE = 2**53  # up to which numbers are the same in all languages
_WHITE = re.compile(r"\s+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NOTHING = frozenset({"", "undefined", "null", "none", "nan"})
_TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
_PLACES = frozenset({"body", "query", "path", "header", "cookie"})
_QUOTES = "\"'`\u201c\u201d\u2018\u2019"


def of_request(exchange: "Exchange") -> dict[str, Any]:
    """What a request itself says: its method and path, its media type, and those that the operation takes."""
    request, operation = exchange.request, exchange.operation
    facts: dict[str, Any] = {"method": request.method, "request-path": request.url}
    if sent := request.header("content-type"):
        facts["media-type"] = sent
    if operation.request_content and exchange.meets:
        facts["accepted"] = list(operation.request_content)
    if 0 < len(request.body) <= _SHORT and not request.header("content-encoding"):
        facts |= _places(request.body)
    return facts


def _places(body: bytes) -> dict[str, range]:
    """Where in a body something can be: the numbers of lines, and how much may come before, however it is counted."""
    lines = body.replace(b"\r", b"\n").split(b"\n")
    longest = max(map(len, lines))
    return {"line": range(1, len(lines) + 1), "column": range(longest + 2), "position": range(len(body) + 2)}


def tells(name: str, found: str, facts: Facts) -> bool:
    """Whether a text in the place of a placeholder tells what that stands for; so it does where that is not known."""
    known = facts.get(name)
    judge = _JUDGES.get(name)
    return name not in facts or judge is None or judge(found.strip(), known)


def written(name: str, facts: Facts) -> list[str]:
    """A fact within a text, as this tool writes it; nothing where it is not known."""
    known = facts.get(name, _UNKNOWN)
    if known is _UNKNOWN or name == "violation":
        return []
    if name in ("value", "limit"):
        return [json.dumps(known, ensure_ascii=False), json.dumps(known), text_of(known)]
    if name == "allowed":
        return [", ".join(json.dumps(each, ensure_ascii=False) for each in known), text_of(known)]
    if isinstance(known, range):
        return list(map(str, known))
    return list(known) if name == "size" else [text_of(known)]


def equals(name: str, value: Any, facts: Facts) -> bool:
    """Whether a JSON value that is all that stands in the place of a placeholder is what that stands for."""
    known = facts[name]
    if isinstance(known, range):
        return isinstance(value, int) and value in known
    if equal(known, value):
        return True
    if name in EXACT:
        return False
    if isinstance(known, list) and isinstance(value, list):
        return sorted(map(text_of, known)) == sorted(map(text_of, value))
    return isinstance(value, str) and tells(name, value, facts)


def _value(found: str, known: Any) -> bool:
    read = _read(found)
    if isinstance(known, str):
        if len(known) > _LONGEST or any(ord(each) < 32 or 0x7F <= ord(each) < 0xA0 for each in known):
            return True
        if any(0xD800 <= ord(each) < 0xE000 for each in known):
            return True
        shown = _spaced(known)
        written = (found, found.strip(_QUOTES), read if isinstance(read, str) else "", _unescaped(found))
        return any(_spaced(each) in (shown, shown.strip(_QUOTES)) for each in written)
    if isinstance(known, bool) or known is None:
        return found.lower().strip(_QUOTES) in ({"", *_NOTHING} if known is None else {str(known).lower()})
    if isinstance(known, int | float):
        number = _NUMBER.fullmatch(found.strip(_QUOTES))
        return abs(known) >= _WHOLE or (number is not None and float(number[0]) == known)
    return not isinstance(read, dict | list) or len(found) > _LONGEST or equal(read, known)


def _allowed(found: str, known: Any) -> bool:
    """Whether a text lists all these values and no others, whatever stands between them."""
    rest = found
    values = [text_of(each) for each in known if each is not None] if isinstance(known, list) else []
    if not values:
        return True
    for text in sorted(values, key=len, reverse=True):
        shown = next((each for each in (f'"{text}"', json.dumps(text)[1:-1], text) if each in rest), None)
        if shown is None:
            return False
        rest = rest.replace(shown, " ", 1)
    return set(re.findall(r"\w+", rest.lower())) <= {"or", "and", "null", "none"}


def _limit(found: str, known: Any) -> bool:
    if isinstance(known, str):
        return known.replace("\\\\", "\\") in _forms(found)
    if isinstance(known, int | float) and not isinstance(known, bool):
        numbers = _NUMBER.findall(found)
        return any(float(each) == known for each in numbers) if numbers else found.lower() not in _NOTHING
    return True


def _forms(found: str) -> set[str]:
    """A text without its quotes or slashes, its backslashes escaped or not."""
    bare = (found, found.strip(_QUOTES), re.sub(r"^/|/[a-z]*$", "", found.strip(_QUOTES)))
    read = _read(found)
    return {each.replace("\\\\", "\\") for each in (*bare, read if isinstance(read, str) else found)}


def _size(found: str, known: Any) -> bool:
    return not found or found in known


def _expected(found: str, known: Any) -> bool:
    """Types may be called otherwise, but not as another type is."""
    told, types = found.lower().strip(_QUOTES), set(str(known).split(" or "))
    return told not in _TYPES or told in types or {told, *types} >= {"integer", "number"}


def _path(found: str, known: Any) -> bool:
    one, other = plain(found), plain(str(known))
    return one == other or bool(one and other and (one.endswith(other) or other.endswith(one)))


def _route(found: str, known: Any) -> bool:
    """Paths may be shown decoded, with the query behind them, or without what a proxy takes from their front."""
    parts = urlsplit(str(known))
    shown = [each + query for each in (parts.path, unquote(parts.path)) for query in ("", f"?{parts.query}")]
    told = url_parts(found).path if "://" in found else found.strip(_QUOTES)
    return any(each == told or (told.startswith("/") and each.endswith(told)) for each in shown)


def _media_type(found: str, known: Any) -> bool:
    one, other = (each.partition(";")[0].strip().lower() for each in (found.strip(_QUOTES), str(known)))
    return one == other


def _accepted(found: str, known: Any) -> bool:
    return all(str(each).partition(";")[0].strip().lower() in found.lower() for each in known)


def _place(found: str, known: Any) -> bool:
    return found.lower() not in _PLACES or found.lower() == str(known)


def _method(found: str, known: Any) -> bool:
    return found.upper().strip(_QUOTES) == str(known)


def _number(found: str, known: Any) -> bool:
    return whole_number(found) in known


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unescaped(text: str) -> str:
    return text.strip(_QUOTES).replace('\\"', '"').replace("\\'", "'").replace("\\/", "/").replace("\\\\", "\\")


def _spaced(text: str) -> str:
    return _WHITE.sub(" ", text).strip()


_JUDGES: Mapping[str, Callable[[str, Any], bool]] = {
    "value": _value,
    "allowed": _allowed,
    "limit": _limit,
    "size": _size,
    "expected": _expected,
    "path": _path,
    "field": _path,
    "pointer": _path,
    "request-path": _route,
    "media-type": _media_type,
    "accepted": _accepted,
    "in": _place,
    "method": _method,
    "line": _number,
    "column": _number,
    "position": _number,
}
