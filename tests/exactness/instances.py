"""Instances for a schema, most of them valid or nearly so, made at random from a seed; an oracle tells which are."""

import contextlib
import copy
import functools
import random
import re
import warnings
from collections.abc import Iterator
from typing import Any

from hypothesis import Phase, find, settings
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy, from_regex

from counterfoil import pointer as json_pointer

MANY = 300
SEARCH = settings(database=None, max_examples=20, phases=(Phase.generate,))
TEXTS = ("", "a", "abc", "Ünïcode", "a b", "0", "true", "null", "x" * 60, "\u2028", "😀", "2024-02-30")
NUMBERS = (0, 1, -1, 1.0, 0.5, -0.5, 3, 100, 2**31, 2**31 - 1, 2**63, -(2**63), 1e3, 0.1, 10**40, 1e-9, 2 - 1e-9)
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    1.0,
    1.5,
    "",
    "a",
    "1",
    [],
    [1],
    [None],
    {},
    {"a": 1},
    "null",
    "true",
)
FORMATS = {
    "date-time": (
        "2024-02-29T12:00:00Z",
        "2024-01-01t00:00:00.123+05:30",
        "2016-12-31T23:59:60Z",
        "2024-01-01 00:00:00Z",
    ),
    "date": ("2024-02-29", "2023-02-29", "2024-1-1"),
    "time": ("12:00:00Z", "12:00:00", "24:00:00Z"),
    "duration": ("P1D", "PT1H30M", "P1Y2W", "P"),
    "uuid": ("018CB5A1-2ca6-7d0a-9090-319762bf129b", "018cb5a1", "{018cb5a1-2ca6-7d0a-9090-319762bf129b}"),
    "email": ("a@example.com", "a", '"a b"@example.com', "a@[127.0.0.1]"),
    "uri": ("https://example.com/a?b=c#d", "example", "urn:a:b", "http://[::1]/", "https://exa mple.com"),
    "uri-reference": ("/a/b", "https://example.com", "a b"),
    "hostname": ("example.com", "-a.example", "a" * 64),
    "ipv4": ("127.0.0.1", "127.0.0.01", "1.2.3"),
    "ipv6": ("::1", "::g", "fe80::1%eth0"),
}


class Sampler:
    """Random instances for the schemas of one document."""

    def __init__(self, document: dict[str, Any], seed: int | str) -> None:
        self.document, self.random = document, random.Random(seed)
        self._made = 0

    def sample(self, schema: Any, depth: int = 0) -> Any:
        """An instance that the schema probably accepts; once it has many values it gets no optional ones any more."""
        self._made = self._made + 1 if depth else 0
        schema = self._merged(schema)
        if not isinstance(schema, dict):
            return self._any()
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if schema.get("enum"):
            return copy.deepcopy(self.random.choice(schema["enum"]))
        arms = [arm for word in ("oneOf", "anyOf") for arm in schema.get(word, ())]
        if arms:
            rest = {key: value for key, value in schema.items() if key not in ("oneOf", "anyOf")}
            return self.sample({"allOf": [rest, self.random.choice(arms)]}, depth)
        return self._typed(self._kind(schema), schema, depth)

    def mutations(self, instance: Any, schema: Any) -> Iterator[Any]:
        """Copies of an instance with one place changed each."""
        for place in self._places(instance):
            changed = copy.deepcopy(instance)
            old = json_pointer.resolve(changed, place)
            tokens = json_pointer.split(place)
            if not tokens:
                yield self._changed(old)
                continue
            parent = json_pointer.resolve(changed, json_pointer.join("", *tokens[:-1]))
            key: Any = int(tokens[-1]) if isinstance(parent, list) else tokens[-1]
            if self.random.random() < 0.25:
                del parent[key]
            else:
                parent[key] = self._changed(old)
            yield changed
        if isinstance(instance, dict):
            yield {**instance, "x-unknown": self._any()}
            yield {**instance, **dict.fromkeys(list(schema_properties(self._merged(schema)))[:3])}

    def _changed(self, value: Any) -> Any:
        pick = self.random.random()
        if pick < 0.4:
            return copy.deepcopy(self.random.choice(OTHERS))
        if isinstance(value, str):
            return self.random.choice(
                (value + "a", value[1:], value.upper(), value * 2, f" {value}", f"{value}\n", "é")
            )
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, int | float):
            return self.random.choice(
                (value + 1, value - 1, value + 0.5, str(value), float(value), value * 10**10, -value)
            )
        if isinstance(value, list):
            return self.random.choice(([*value, *value], value[1:], [*value, None], {}))
        if isinstance(value, dict):
            return self.random.choice(({}, {**value, "x-other": 1}, list(value)))
        return copy.deepcopy(self.random.choice(OTHERS))

    def _places(self, instance: Any, place: str = "", budget: int = 40) -> list[str]:
        found = [place]
        items = (
            instance.items()
            if isinstance(instance, dict)
            else enumerate(instance)
            if isinstance(instance, list)
            else ()
        )
        for key, value in items:
            found += self._places(value, json_pointer.join(place, key), budget)
        return self.random.sample(found, budget) if not place and len(found) > budget else found

    def _any(self) -> Any:
        return copy.deepcopy(self.random.choice(OTHERS))

    def _kind(self, schema: dict[str, Any]) -> str:
        stated = schema.get("type")
        if isinstance(stated, list):
            return str(self.random.choice(stated)) if stated else "null"
        if stated:
            return str(stated)
        if schema.keys() & {"properties", "required", "additionalProperties", "minProperties"}:
            return "object"
        if schema.keys() & {"items", "minItems", "prefixItems"}:
            return "array"
        if schema.keys() & {"pattern", "minLength", "maxLength", "format"}:
            return "string"
        return "number" if schema.keys() & {"minimum", "maximum", "multipleOf"} else "any"

    def _typed(self, kind: str, schema: dict[str, Any], depth: int) -> Any:
        match kind:
            case "null":
                return None
            case "boolean":
                return self.random.choice((True, False))
            case "string":
                return self._string(schema)
            case "integer" | "number":
                return self._number(schema, kind == "integer")
            case "array":
                return self._array(schema, depth)
            case "object":
                return self._object(schema, depth)
            case _:
                return self._any()

    def _string(self, schema: dict[str, Any]) -> str:
        if schema.get("format") in FORMATS and self.random.random() < 0.95:
            usual, *others = FORMATS[schema["format"]]
            return usual if self.random.random() < 0.8 else self.random.choice(others)
        if "pattern" in schema:
            found = matching(schema["pattern"])
            if found:
                return self.random.choice(found)
        least, most = schema.get("minLength", 0), schema.get("maxLength", 10**6)
        text = self.random.choice(TEXTS)
        return str(text + "y" * max(0, least - len(text)))[: max(most, 0)]

    def _number(self, schema: dict[str, Any], integer: bool) -> Any:
        least = schema.get("minimum", schema.get("exclusiveMinimum"))
        most = schema.get("maximum", schema.get("exclusiveMaximum"))
        step = schema.get("multipleOf")
        edges = [edge for edge in (least, most) if edge is not None]
        near = [edge + change for edge in edges for change in (-1, 0, 1, 0.5)]
        if step is not None:
            near += [step * count for count in (0, 1, 3, 7)] + [step * 1.5]
        value = self.random.choice(near) if near and self.random.random() < 0.8 else self.random.choice(NUMBERS)
        return int(value) if integer and self.random.random() < 0.8 else value

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        least = schema.get("minItems", 0)
        most = min(schema.get("maxItems", least + 3), least + 3)
        count = self.random.randint(min(least, most), most) if depth < 5 and self._made <= MANY else least
        first = schema.get("prefixItems", [])
        rest = schema.get("items", True)
        return [
            self.sample(first[index] if index < len(first) else rest, depth + 1) for index in range(int(min(count, 50)))
        ]

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        likely = 0.5 if depth < 4 else 0.05
        found = {
            name: self.sample(inner, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if name in required or (self._made <= MANY and self.random.random() < likely)
        }
        for name in sorted(required - found.keys()):
            found[name] = self._any()
        extra = schema.get("additionalProperties", True)
        if isinstance(extra, dict) and depth < 5 and self._made <= MANY:
            for name in ("k1", "k 2")[: self.random.randint(0, 2)]:
                found[name] = self.sample(extra, depth + 1)
        return found

    def _merged(self, schema: Any, depth: int = 0) -> Any:
        if not isinstance(schema, dict) or depth > 12:
            return schema
        own = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
        parts = [*schema.get("allOf", ())]
        if "$ref" in schema:
            parts.append(
                json_pointer.resolve(self.document, schema["$ref"][1:].replace("%7B", "{").replace("%7D", "}"))
            )
        for part in parts:
            inner = self._merged(part, depth + 1)
            if isinstance(inner, dict):
                properties = {**inner.get("properties", {}), **own.get("properties", {})}
                required = [*inner.get("required", ()), *own.get("required", ())]
                own = {**inner, **own}
                if properties:
                    own["properties"] = properties
                if required:
                    own["required"] = required
        return own


def schema_properties(schema: Any) -> dict[str, Any]:
    """The properties that a schema names."""
    return schema.get("properties", {}) if isinstance(schema, dict) else {}


@functools.cache
def matching(pattern: str) -> tuple[str, ...]:
    """Texts that a pattern matches, the same ones each time; none for one that Python or hypothesis does not know."""
    try:
        compiled = re.compile(pattern.replace("\\d", "[0-9]"))
    except re.error:
        return ()
    strategy = from_regex(compiled, fullmatch=pattern.startswith("^"))
    return tuple(dict.fromkeys(text for least in (0, 3, 9) for text in _found(strategy, least)))


def _found(strategy: SearchStrategy[str], least: int) -> Iterator[str]:
    with warnings.catch_warnings(), contextlib.suppress(HypothesisException):
        warnings.simplefilter("ignore")
        yield find(strategy, lambda text: len(text) >= least, random=random.Random(0), settings=SEARCH)
