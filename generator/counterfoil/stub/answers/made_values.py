"""Values that servers make themselves, told by names, types and examples: ids and timestamps."""

import re
from typing import Any

from counterfoil.stub.answers.patterns import matching
from counterfoil.stub.answers.values.scalars import FORMATS
from counterfoil.stub.contract_tree import Node
from counterfoil.stub.state.inference.names import plain

OWN_ID = frozenset({"id", "_id", "uuid", "guid"})
REQUEST_IDS = frozenset({"requestid", "traceid", "correlationid"})  # another one for each answer
_SHAPED = frozenset({"pattern", "enum", "maxLength", "format"})
BEGINNING = re.compile(
    r"(?:creat|updat|modif|chang|regist|insert|added)[a-z]*[_-]?(?:at|on|time|date|ts|timestamp)$"
    r"|(?:time|date|gmt|ts)[_-]?(?:creat|updat|modif|chang|regist|insert|added)[a-z]*$|^timestamp$",
    re.IGNORECASE,
)
LAST_CHANGED = re.compile(r"^last[_-]?(?:updat|modif|chang)", re.IGNORECASE)
BARE = frozenset({"created", "updated", "modified"})  # of numbers these may count, unless words say that they are times
UNIX = re.compile(r"\bunix\b|\bepoch\b|\bsince 1970|\butc time\b|\btimestamp\b", re.IGNORECASE)
MILLISECONDS = re.compile(r"\bmilli-?seconds?\b|\bms\b", re.IGNORECASE)
LATER = re.compile(
    r"archiv|delet|remov|expir|end|finish|complet|cancel|clos|revok|disabl|last|next|due|paid", re.IGNORECASE
)
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ROOM = 20  # characters of an id of which only the pattern is known, where that allows so many
MILLISECONDS_BEGIN = 100_000_000_000  # as seconds, in the year 5138
PRECISIONS = {0: "{now}", 3: "{now-milliseconds}", 6: "{now-microseconds}"}


def made_up(name: str, schema: Node, types: set[str], example: Any, *, required: bool) -> list[Any] | None:
    """A list of the one template that a property is made by; empty if it has no value yet; None if it is no such value.

    `types` are the JSON types of its schema, `example` the contract's example or None.
    """
    shown = schema.get("example", next(iter(schema.get("examples") or ()), example))
    if plain(name) in REQUEST_IDS and types == {"string"} and not _SHAPED & schema.keys():
        return ["{uuid}"]
    if name.lower() in OWN_ID:
        return _own_id(schema, types, shown)
    kind = schema.get("format")
    is_text = "string" in types and (kind in ("date-time", "date") or kind not in FORMATS)
    is_last_change = LAST_CHANGED.search(name) is not None
    if kind in ("date-time", "date") and is_text and LATER.search(name) and not is_last_change:
        return [None] if required and "null" in types else [_moment(kind, shown)] if required else []
    begins = is_last_change or BEGINNING.search(name) is not None
    if is_text and (kind in ("date-time", "date") or ((begins or name.lower() in BARE) and _is_moment(shown))):
        return [_moment(kind, shown)]
    told = str(schema.get("description", ""))
    if types & {"integer", "number"} and (begins or (name.lower() in BARE and UNIX.search(told))):
        is_large = isinstance(shown, int) and shown >= MILLISECONDS_BEGIN
        in_milliseconds = is_large or (not isinstance(shown, int) and MILLISECONDS.search(told))
        return ["{now-unix-milliseconds}" if in_milliseconds else "{now-unix}"]
    return None


def _own_id(schema: Node, types: set[str], shown: Any) -> list[Any] | None:
    if types & {"integer", "number"}:
        return ["{increment}"]
    if "string" not in types and types:
        return None
    if shown is None and isinstance(pattern := schema.get("pattern"), str):
        shown = matching(pattern, ROOM)
    if schema.get("format") == "uuid" or not isinstance(shown, str) or UUID.fullmatch(shown):
        return None if "pattern" in schema or "enum" in schema else ["{uuid}"]
    prefix, random = re.fullmatch(r"(.*[_-])?(.*)", shown, re.DOTALL).groups()  # type: ignore[union-attr] # matches all
    prefix = (prefix or "").replace("{", "{{").replace("}", "}}")
    if random.isdecimal():
        return [f"{prefix}{{increment-{len(random)}}}"]
    if re.fullmatch(r"[0-9A-Za-z]{6,99}", random):
        return [f"{prefix}{{alphanumeric-{len(random)}}}"]
    return [f"{prefix}{{alphanumeric-16}}" if prefix else "{uuid}"]


def _is_moment(shown: Any) -> bool:
    return shown is None or (isinstance(shown, str) and DATE_TIME.fullmatch(shown) is not None)


def _moment(kind: Any, shown: Any) -> str:
    if kind == "date":
        return "{today}"
    match = DATE_TIME.fullmatch(shown) if isinstance(shown, str) else None
    digits = len(match[1] or "") if match else 3
    return PRECISIONS.get(digits, "{now-milliseconds}")
