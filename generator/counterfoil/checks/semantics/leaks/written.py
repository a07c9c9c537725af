"""Values that are only written: those that the contract calls so, passwords, and what is called like a secret."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.cases.leaves import leaves
from counterfoil.checks.operation import Operation
from counterfoil.checks.recording.secret_fields import SecretFields
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics.echoes.said import body_and_schema
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import named, plain, words

_SHORTEST = 8  # characters; shorter texts occur by chance
_DEEPEST = 4
_MOST = 16  # values that are looked for in later answers
# Words in names of what tells a secret.
_SPOKEN = frozenset(
    named("token tokens secret secrets key keys password passwords credential credentials apikey", True)
)
# Where errors repeat what was wrong, or all of the request.
_INPUTS = frozenset(named("input value rejectedvalue invalidvalue received given actual instance data ctx body", True))
# What nothing else is likely to be: in later answers any other text of an earlier request may have its reason.
_RANDOM = re.compile(r"(?=.*[a-z])(?=.*[0-9].*[0-9])[A-Za-z0-9]{10,64}")
_CHANGING = frozenset({"change", "replace"})
_REFERENCE = re.compile(r'"\$ref": "([^"]+)"')
_SECRETS = SecretFields()

Path = tuple[str, ...]


class _Secret(NamedTuple):
    """A value that was written, where a request had it, what it was called there, and how it may be spelt.

    `is_secret`: it is a password, or called like a secret, and not only written.
    """

    value: str
    place: str
    name: str
    spelt: tuple[bytes, ...]
    is_secret: bool


class Written:
    """Remembers what requests wrote, and finds it in answers."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, str], _Secret] = {}  # by the collection of objects, and the value

    def told(self, exchange: Exchange) -> str:
        """Where a request had a secret that its answer repeats, or one of a request before; empty if there is none."""
        own = list(_secrets(exchange))
        response = exchange.response
        head = [value for _, value in response.headers]
        collection = role_of(exchange.operation).collection if self._written or own else ""
        before = (each for (place, _), each in self._written.items() if place == collection and each not in own)
        candidates = [*own, *before]
        for secret in candidates if response.body or own else ():
            if any(secret.value in value for value in head) or _is_in_body(exchange, secret, is_own=secret in own):
                return secret.place
        if exchange.accepted and collection and len(self._written) < _MOST:
            self._written.update(((collection, each.value), each) for each in own if _RANDOM.fullmatch(each.value))
        return ""


def _secrets(exchange: Exchange) -> Iterator[_Secret]:
    """The secrets of a request that are long and odd enough to be known again, and that it says once only."""
    operation = exchange.operation
    if not operation.request_content or not exchange.meets:
        return
    media = tuple(operation.request_content)
    if not operation.remembered(("written", media), lambda: any(_all(operation))):
        return
    body, schema = body_and_schema(exchange)
    if body is NOTHING or schema is None:
        return
    texts = [value for _, value in leaves(body) if isinstance(value, str)]
    for path, node in operation.remembered_of(schema, "written", lambda: list(_properties(operation, schema, ()))):
        value: Any = body
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if (
            not isinstance(value, str)
            or len(value) < _SHORTEST
            or value.isalpha()
            or value.isspace()
            or not _is_unicode(value)
        ):
            continue
        is_said_once = sum(value in text for text in texts) == 1 and value not in exchange.request.url
        if is_said_once and operation.accepts(node, value) and not _is_shown(operation, value):
            spelt = tuple(dict.fromkeys(_spellings(value)))
            is_secret = _SECRETS.has(path[-1]) or _is_password(operation, node)
            yield _Secret(value, "/" + "/".join(path), path[-1], spelt, is_secret)


def _all(operation: Operation) -> Iterator[Path]:
    for media in operation.request_content.values():
        yield from (path for path, _ in _properties(operation, media.get("schema"), ()))


def _properties(operation: Operation, schema: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    for name, held in shapes.properties(operation, schema).items() if len(path) < _DEEPEST else ():
        if _is_flagged(operation, held) or (_SECRETS.has(name) and "string" in shapes.types(operation, held)):
            yield (*path, name), held
        else:
            yield from _properties(operation, held, (*path, name))


def _is_unicode(text: str) -> bool:
    """Whether a text is without lone surrogates, which no schema is asked about."""
    return text.encode("utf-8", "ignore").decode() == text


def _is_flagged(operation: Operation, schema: Any) -> bool:
    is_only_written = any(_is_write_only(node) for node in (schema, operation.resolve(schema)))
    return is_only_written or _is_password(operation, schema)


def _is_password(operation: Operation, schema: Any) -> bool:
    resolved = operation.resolve(schema)
    return isinstance(resolved, Mapping) and resolved.get("format") == "password"


def _is_in_body(exchange: Exchange, secret: _Secret, *, is_own: bool) -> bool:
    """Whether the body of an answer has a secret where the contract does not say that it tells one."""
    body = exchange.response.body
    if not any(spelt in body for spelt in secret.spelt):
        return False
    if not is_own and secret.value.encode("utf-8", "surrogatepass") in exchange.request.body:
        return False
    value, schema = exchange.response.json, exchange.response_schema
    if value is NOTHING:
        return True
    return not all(_may_tell(exchange, schema, path, secret) for path in holding(value, secret.value))


def _spellings(value: str) -> Iterator[bytes]:
    yield value.encode("utf-8", "surrogatepass")
    yield json.dumps(value)[1:-1].encode()
    yield json.dumps(value, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")


def _may_tell(exchange: Exchange, schema: Any, path: Path, secret: _Secret) -> bool:
    """Whether an answer may have a secret at `path`: where the contract says so, or errors repeat their input."""
    if exchange.response.status >= 400 and (
        not secret.is_secret
        or any(plain(step) in _INPUTS for step in path)
        # What is quoted as a whole has the names, too.
        or secret.name in str(_at(exchange.response.json, path))
    ):
        return True
    named = next((step for step in reversed(path) if step), "")
    is_tried_elsewhere = not _RANDOM.fullmatch(secret.value) and role_of(exchange.operation).action in _CHANGING
    if is_tried_elsewhere and plain(named) != plain(secret.name):
        return True  # another property may have it of a request before
    alike = frozenset() if secret.is_secret else frozenset(words(secret.name))
    return schema is not None and declares(exchange.operation, schema, path, secret.name, alike)


def _at(value: Any, path: Path) -> Any:
    """What stands at a path, of lists with all their items."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) and step else value
    return value


def declares(
    operation: Operation, schema: Any, path: Path, name: str = "", alike: frozenset[str] = frozenset()
) -> bool:
    """Whether a schema has a property at `path` for a secret: a password, called `name` or in words that speak of such.

    So it has where all words of its name are among `alike`: what is written as `payerIban` may be shown as an `iban`.
    """
    for step in path:
        schema = shapes.properties(operation, schema).get(step) if step else shapes.items(operation, schema)
        if schema is None:
            return False
    if not path or (name and any(_is_write_only(node) for node in (schema, operation.resolve(schema)))):
        return False
    called = frozenset(words(path[-1]))
    if plain(path[-1]) == plain(name) or _is_password(operation, schema):
        return True
    return not _SPOKEN.isdisjoint(called) or (bool(called) and called <= alike)


def _is_write_only(node: Any) -> bool:
    return isinstance(node, Mapping) and node.get("writeOnly") is True


def holding(value: Any, text: str, path: Path = ()) -> Iterator[Path]:
    """The paths of all that holds a text in a JSON value; of objects with it in a name those of the objects."""
    if isinstance(value, dict):
        for name, held in value.items():
            if text in name:
                yield path
            yield from holding(held, text, (*path, name))
    elif isinstance(value, list):
        for held in value:
            yield from holding(held, text, (*path, ""))
    elif isinstance(value, str) and (text in value or text in json.dumps(value)):
        yield path


def _is_shown(operation: Operation, value: str) -> bool:
    """Whether the contract itself has a text in what it says of answers, such as an example."""
    shown = operation.remembered("documented answers", lambda: _documented(operation))
    return json.dumps(value)[1:-1] in shown


def _documented(operation: Operation) -> str:
    """What the contract says of the answers of an operation, with all that this refers to, as JSON."""
    waiting, texts, seen = [operation.tree.get("responses", {})], [], set()
    for node in waiting:
        texts.append(json.dumps(node))
        for reference in _REFERENCE.findall(texts[-1]):
            if reference not in seen:
                seen.add(reference)
                waiting.append(operation.resolve({"$ref": reference}))
    return "\n".join(texts)
