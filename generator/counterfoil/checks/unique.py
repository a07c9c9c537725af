"""Values that no two objects may share, made fresh for every request.

Without this, generated and documented requests soon repeat a name that the server has seen and are refused as
duplicates, so that nothing behind the check for duplicates is ever reached.
"""

import copy
import re
import string
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from counterfoil.checks.cases.leaves import at
from counterfoil.checks.operation import Operation
from counterfoil.checks.roles import role_of
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.repeating import NAMES as IDEMPOTENCY_KEYS

_DIGITS = string.digits + string.ascii_lowercase

_KINDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)

# Properties that objects are told apart by, where an operation refuses conflicts.
_TELLING = frozenset({"username", "email", "slug", "login", "handle", "sku"})

# Words of a refusal by which a value is there already, and names of the values that objects go by.
_CONFLICT = re.compile(r"\balready\b|\bduplicate|\btaken\b|\bin use\b|\bmust be unique\b|\bconflict", re.IGNORECASE)
_IDENTIFYING = re.compile(r"name|code|key|slug|title|email|login|handle|sku|tag|number|reference|label|ident|id$")
_REFUSALS = frozenset({400, 422})
# What says of a conflict that there is something like it.
_OF_SAME = re.compile(
    r"\balready (?:exists|taken|used|in use|there)\b|\bexists already\b|\bthe same\b|\btaken\b|\bduplicate|\bunique\b"
    r"|\b(?:of|with|by) (?:this|that|such an?)\b",
    re.IGNORECASE,
)
_CLOSED = frozenset({"enum", "const", "contentEncoding"})

# What is something of its own only as a whole, and so is sent as it is: once among other changes, once alone.
_AS_IT_IS = frozenset(("", " ", "0012", "1.50", "null", "true"))
_TWICE = 2
_SHORT = 16  # characters, beyond which others of the same length are found anyway
_TRIES = 1000  # at a text that was not sent before, of which there may be none any more

Path = tuple[str, ...]


class UniqueValues:
    """Rewrites the properties of request bodies that the contract marks `x-counterfoil: {unique: …}`, or plainly means.

    A value that was sent before is replaced by one of the same form; `mark` is a text that other runs against the
    same server do not have, empty for a server that starts afresh. With a mark every value is replaced, but for what
    would be nothing peculiar any more, such as the empty text, which is sent twice whatever was sent before.
    """

    def __init__(self, mark: str = "") -> None:
        self._mark = mark
        self._sent: set[tuple[str, Path, str]] = set()
        self._stayed: Counter[tuple[str, Path, str]] = Counter()
        self._number = 0
        self._paths: dict[str, list[tuple[Path, Any]]] = {}
        self._learned: set[str] = set()

    def refresh(self, operation: Operation, body: Any) -> Any:
        """`body` with unique values that were not sent before; `body` itself where there is nothing to change."""
        known = self._known(operation)
        changed = body
        scope = self._scope(operation) if known else ""
        for path, schema in known:
            holder = at(changed, path[:-1])
            if not isinstance(holder, dict) or path[-1] not in holder:
                continue
            value = holder[path[-1]]
            if not isinstance(value, str) or not operation.accepts(schema, value):
                continue
            # Of what was sent before something was learned nobody knows what is there.
            if operation.label in self._learned or not self._may_stay((scope, path), value):
                if changed is body:
                    changed = copy.deepcopy(body)
                value = self._unsent(operation, schema, (scope, path), value)
                at(changed, path[:-1])[path[-1]] = value
            self._sent.add((scope, path, value.casefold()))
        return changed

    def learn(self, operation: Operation, body: Any, status: int, text: str) -> bool:
        """Whether a refusal may be one of values that are there, although the contract calls none unique.

        `status` and `text` are those of the answer to `body`. Texts that objects go by are made fresh from then on,
        all free texts where those were fresh.
        """
        if not _speaks_of_conflict(status, text) or unique_properties(operation):
            return False
        return self.vary(operation, body)

    def vary(self, operation: Operation, body: Any) -> bool:
        """Make more of the texts in `body` fresh from now on; whether there were any that were not."""
        schema = operation.request_schema
        if not isinstance(body, dict) or not isinstance(schema, dict):
            return False
        known = self._known(operation)
        free = [
            ((name,), node)
            for name, node in operation.schemas.properties(schema).items()
            if isinstance(body.get(name), str) and _is_free(operation, node) and ((name,), node) not in known
        ]
        telling = [each for each in free if _IDENTIFYING.search(plain(each[0][0]))]
        known.extend(telling or free)
        self._learned.add(operation.label)
        return bool(free)

    def key(self, operation: Operation, name: str, value: str) -> str:
        """`value` of the header `name`, or another one: each request has an idempotency key of its own."""
        if plain(name) not in IDEMPOTENCY_KEYS:
            return value
        headers = (each for each in operation.parameters if each.get("in") == "header")
        schema = next((each.get("schema", {}) for each in headers if str(each["name"]).lower() == name.lower()), None)
        if schema is None or not operation.accepts(schema, value):
            return value
        if self._mark or (operation.label, (name,), value) in self._sent:
            self._number += 1
            text = f"{self._mark}{self._number}"
            candidates = (str(uuid.uuid5(uuid.NAMESPACE_OID, text)), text)
            value = next((each for each in candidates if operation.accepts(schema, each)), value)
        self._sent.add((operation.label, (name,), value))
        return value

    def _known(self, operation: Operation) -> list[tuple[Path, Any]]:
        if operation.label not in self._paths:
            self._paths[operation.label] = rewritten(operation)
        return self._paths[operation.label]

    def _scope(self, operation: Operation) -> str:
        """What shares values: whoever makes objects or replaces them, no two of one collection have the same."""
        return role_of(operation).collection or operation.label

    def _may_stay(self, place: tuple[str, Path], value: str) -> bool:
        if value in _AS_IT_IS and plain(place[1][-1]) not in IDEMPOTENCY_KEYS:
            self._stayed[*place, value] += 1
            return self._stayed[*place, value] <= _TWICE
        return not self._mark and (*place, value.casefold()) not in self._sent

    def _fresh(self, operation: Operation, schema: Any, value: str) -> str:
        self._number += 1
        suffix = self._mark + _base36(self._number)
        suffix = suffix.upper() if value.isupper() else suffix
        middle = len(value) // 2
        inserted = value[:middle] + suffix + value[middle:]
        replaced = value[: middle - len(suffix)] + suffix + value[middle:] if middle > len(suffix) else inserted
        # In the middle, since odd characters at either end are what a value may be there to test; so may its length.
        counted = _counted_on(value, self._number + int(self._mark or "0", len(_DIGITS)))
        # Whatever is no letter or digit is what servers may stumble over.
        first = (replaced, inserted) if _odd(replaced) == _odd(value) else (inserted, replaced)
        for candidate in (*first, value + suffix, suffix, counted):
            if operation.accepts(schema, candidate):
                return candidate
        return value

    def _unsent(self, operation: Operation, schema: Any, place: tuple[str, Path], value: str) -> str:
        if self._stayed[*place, value] < _TWICE and _is_shortest(operation, schema, value):
            self._stayed[*place, value] += 1
            self._number += 1
            counted = _counted_on(value, self._number + int(self._mark or "0", len(_DIGITS)))
            if operation.accepts(schema, counted) and (*place, counted.casefold()) not in self._sent:
                return counted
        for _ in range(_TRIES):
            fresh = self._fresh(operation, schema, value)
            # It is the value itself where nothing else fits.
            if fresh is value or (*place, fresh.casefold()) not in self._sent:
                return fresh
        return value


def unique_properties(operation: Operation) -> list[tuple[Path, Any, bool | str]]:
    """The properties of requests that no two objects may share: where, the schema, and what is stated of it.

    That is `ignore-case`, True, or False where nothing is stated and the contract speaks of conflicts and of a
    required text that is unique.
    """
    marked = list(_marked(operation, operation.request_schema, ()))
    if marked or "409" not in operation.responses:
        return marked
    return [(path, node, False) for path, node in _told(operation)]


def rewritten(operation: Operation) -> list[tuple[Path, Any]]:
    """The properties of requests that are made fresh, and their schemas: unique ones, and idempotency keys."""
    schema = operation.request_schema
    found = operation.schemas.properties(schema) if isinstance(schema, dict) else {}
    keys = [((name,), node) for name, node in found.items() if plain(name) in IDEMPOTENCY_KEYS]
    unique = [(path, node) for path, node, _ in unique_properties(operation)] or _told(operation)
    return [*unique, *keys]


def identifying(operation: Operation, body: Any) -> tuple[str, Any] | None:
    """The property of a body by whose text objects go, and its schema; None where it has none."""
    schema = operation.request_schema
    if not isinstance(body, dict) or not isinstance(schema, dict):
        return None
    found = operation.schemas.properties(schema)
    texts = (name for name in body if isinstance(body[name], str) and _is_free(operation, found.get(name)))
    return next(((name, found[name]) for name in texts if _IDENTIFYING.search(plain(name))), None)


def _told(operation: Operation) -> list[tuple[Path, Any]]:
    """The required texts of requests that the contract calls unique in words, where they make something."""
    schema = operation.request_schema
    if operation.method != "POST" or not isinstance(schema, dict):
        return []
    required, found = set(operation.schemas.required(schema)), operation.schemas.properties(schema)
    return [((name,), node) for name, node in found.items() if name in required and _is_told(operation, name, node)]


def _speaks_of_conflict(status: int, text: str) -> bool:
    return status == HTTPStatus.CONFLICT or (status in _REFUSALS and bool(_CONFLICT.search(text)))


def _is_free(operation: Operation, node: Any) -> bool:
    """Whether a property may be any of many texts, and is no reference to something else by its form."""
    resolved = operation.resolve(node)
    return isinstance(resolved, dict) and "string" in operation.schemas.types(node) and not _CLOSED & resolved.keys()


def _is_told(operation: Operation, name: str, node: Any) -> bool:
    """Whether name or description say that a text is unique, other than the id of another object."""
    resolved = operation.resolve(node)
    if "string" not in operation.schemas.types(node) or "enum" in resolved or plain(name) in IDEMPOTENCY_KEYS:
        return False
    text = str(resolved.get("description"))
    is_reference = re.search(r"\bunique(ly)? id", text, re.IGNORECASE) or name.lower().endswith("id")
    # Names tell it only where there are conflicts: who logs in sends a username, too.
    if name.lower() in _TELLING and "409" in operation.responses:
        return True
    if not is_reference and re.search(r"\bunique\b", text, re.IGNORECASE):
        return True
    return is_told_of_conflicts(operation, name)


def is_told_of_conflicts(operation: Operation, name: str) -> bool:
    """Whether conflicts are told to be those of a property, such as `There is a room of this number already`."""
    conflict = operation.responses.get(str(HTTPStatus.CONFLICT.value))
    told = str(conflict.tree.get("description")) if conflict is not None else ""
    return bool(_OF_SAME.search(told)) and bool(re.search(rf"\b{re.escape(name)}\b", told, re.IGNORECASE))


def _is_shortest(operation: Operation, schema: Any, value: str) -> bool:
    """Whether a text is as short as it may be, which servers may get wrong."""
    node = operation.resolve(schema)
    if len(value) > _SHORT or not isinstance(node, dict) or node.keys().isdisjoint(("minLength", "pattern")):
        return False
    return not operation.accepts(schema, value[:-1]) and not operation.accepts(schema, value[1:])


def _counted_on(value: str, number: int) -> str:
    """A text of the same form: its letters and digits, the last ones first, count on by `number`."""
    letters = list(value)
    for index in reversed(range(len(letters))):
        kind = next((each for each in _KINDS if letters[index] in each), None)
        if kind is not None and number:
            number, more = divmod(number + kind.index(letters[index]), len(kind))
            letters[index] = kind[more]
    return "".join(letters)


def _odd(text: str) -> set[str]:
    return {each for each in text if not each.isalnum()}


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text


def _marked(operation: Operation, schema: Any, path: Path) -> Iterator[tuple[Path, Any, bool | str]]:
    schema = operation.resolve(schema)
    if not isinstance(schema, dict) or len(path) > 4:
        return
    for part in schema.get("allOf", []):
        yield from _marked(operation, part, path)
    for name, node in schema.get("properties", {}).items():
        resolved = operation.resolve(node)
        if isinstance(resolved, dict) and (rule := _rule(node, resolved)):
            yield (*path, name), node, rule
        else:
            yield from _marked(operation, node, (*path, name))


def _rule(node: Any, resolved: Any) -> bool | str:
    """What is stated of a property: True, `ignore-case`, or nothing."""
    rules = (item.get("x-counterfoil", {}).get("unique") for item in (node, resolved))
    found: bool | str = next(filter(None, rules), False)
    return found


def mark_of_now() -> str:
    """A short text that no other run had: the time in milliseconds."""
    return _base36(time.time_ns() // 1_000_000)
