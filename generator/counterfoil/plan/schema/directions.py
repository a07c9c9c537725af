"""What only one side may send: `readOnly` and `writeOnly` (OpenAPI 3.1, section 4.8.24.4; JSON Schema validation, 9.4).

A request must not carry a property that is read-only, and a response need not carry one that is write-only. Schemas
for which that makes a difference are divided into one for requests and one for responses.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree import references
from counterfoil.plan.operations import Body
from counterfoil.plan.schema import keywords
from counterfoil.plan.schema.reach import reach, subschemas
from counterfoil.plan.schema.schemas import Schema, Schemas

Direction = Literal["request", "response"]

_FLAGS: Mapping[Direction, str] = {"request": "readOnly", "response": "writeOnly"}
_SUFFIXES: Mapping[Direction, str] = {"request": "Request", "response": "Response"}
_COMPONENTS = "/components/schemas/"


@dataclass
class Divided:
    """A tree in which the bodies of both directions have schemas of their own, where these differ.

    `origins` tells of which component one that was added is a form.
    """

    tree: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)

    def origin(self, pointer: str) -> str:
        """Where in the contract the node stands that is at `pointer` here."""
        steps = json_pointer.split(pointer)
        if pointer.startswith(_COMPONENTS) and steps[2] in self.origins:
            steps[2] = self.origins[steps[2]]
        return json_pointer.join("", *steps)


def divide(tree: dict[str, Any], bodies: Iterable[Body]) -> Divided:
    """The tree with every body rewritten that `readOnly` or `writeOnly` matters to; itself if there is none."""
    schemas = Schemas(tree)
    roots: dict[Direction, list[Body]] = {"request": [], "response": []}
    for body in bodies:
        roots[body.direction].append(body)
    reached = {way: _components(schemas, [body.schema for body in roots[way]]) for way in roots}
    sides = {way: _Side(schemas, way, reached[way]) for way in roots}
    if not any(side.touched or any(side.differs(body.schema) for body in roots[way]) for way, side in sides.items()):
        return Divided(tree)
    result = Divided(_copied(tree))
    components = dict.fromkeys(tree.get("components", {}).get("schemas", {}))
    request, response = sides["request"], sides["response"]
    for name in request.touched:
        plain = name not in reached["response"]
        request.names[name] = name if plain else _free(f"{name}{_SUFFIXES['request']}", components)
        components.setdefault(request.names[name])
    for name in response.touched:
        plain = name not in reached["request"] or name in request.touched
        response.names[name] = name if plain else _free(f"{name}{_SUFFIXES['response']}", components)
        components.setdefault(response.names[name])
    for side in sides.values():
        for body in roots[side.way]:
            if not body.pointer.startswith(_COMPONENTS):
                _put(result.tree, body.pointer, side.rewritten(body.schema))
    if not components:
        return result
    written: dict[str, Any] = {}
    result.tree["components"]["schemas"] = written
    for name, schema in tree["components"]["schemas"].items():
        forms = {side.names[name]: side.rewritten(schema) for side in sides.values() if name in side.names}
        written |= forms if name in forms else {name: schema, **forms}
        result.origins |= {form: name for form in forms if form != name}
    return result


class _Side:
    """Rewriting for one direction: `touched` are the components that differ there, `names` what they are called."""

    def __init__(self, schemas: Schemas, way: Direction, reached: Mapping[str, Schema]) -> None:
        self.way, self._schemas, self._flag = way, schemas, _FLAGS[way]
        self.names: dict[str, str] = {}
        self.touched = {name for name, schema in reached.items() if self.differs(schema)}
        uses = {name: set(_components_in(schema)) for name, schema in reached.items()}
        while more := {name for name, used in uses.items() if used & self.touched} - self.touched:
            self.touched |= more

    def rewritten(self, schema: Any, absent: frozenset[str] = frozenset()) -> Any:
        """A copy of a schema as this direction has it; the properties `absent` are not required in it."""
        if not isinstance(schema, dict):
            return schema
        absent |= self._absent(schema)
        found = dict(schema)
        for key, value in schema.items():
            if key == "required" and isinstance(value, list):
                found[key] = [name for name in value if name not in absent]
            elif key in keywords.WITH_SCHEMAS and isinstance(value, list):
                found[key] = [self.rewritten(part, absent) for part in value]
            elif key in keywords.WITH_NAMED_SCHEMAS and isinstance(value, dict):
                found[key] = {name: self.rewritten(part) for name, part in value.items()}
            elif key in keywords.WITH_SCHEMA:
                found[key] = self.rewritten(value)
            elif key == "$ref":
                found[key] = self._reference(value)
        if self.way == "request" and isinstance(schema.get("properties"), dict):
            found["properties"] |= dict.fromkeys(absent & schema["properties"].keys(), False)
        return found

    def _reference(self, reference: Any) -> Any:
        name = _component(reference)
        if name is None or self.names.get(name, name) == name:
            return reference
        return "#" + json_pointer.join("/components/schemas", self.names[name]).replace("%", "%25")

    def differs(self, schema: Any) -> bool:
        """Whether a schema itself, apart from those that it refers to, is another one in this direction."""
        return any(
            self.way == "request" or self._absent(part) & set(part.get("required", ()))
            for part in _parts(schema)
            if self._absent(part)
        )

    def _absent(self, schema: Schema) -> frozenset[str]:
        """The properties that this direction does not have, also where `allOf` brings them in."""
        properties = [part.get("properties") for part in self._whole(schema)]
        named = [item for found in properties if isinstance(found, dict) for item in found.items()]
        return frozenset(name for name, part in named if self._is_flagged(part))

    def _is_flagged(self, schema: Any) -> bool:
        return any(part.get(self._flag) is True for part in self._whole(schema))

    def _whole(self, schema: Any) -> Iterator[Schema]:
        """A schema and all that it accepts no more than: what it refers to and the parts of its `allOf`, each once."""
        stack, seen = [schema], set()
        while stack:
            part = stack.pop()
            if isinstance(part, dict) and id(part) not in seen:
                seen.add(id(part))
                yield part
                stack += part.get("allOf", ())
                if "$ref" in part:
                    stack.append(self._target(part["$ref"]))

    def _target(self, reference: Any) -> Any:
        try:
            return self._schemas.resolve(reference) if isinstance(reference, str) else None
        except LookupError:
            return None


def _parts(schema: Any) -> Iterator[Schema]:
    """A schema and all schemas inside it, references not followed."""
    stack: list[Any] = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            yield part
            stack += subschemas(part)


def _components(schemas: Schemas, roots: Iterable[Any]) -> dict[str, Schema]:
    """The components that schemas contain or refer to, by name."""
    found, _ = reach(schemas, roots)
    homes = [(schemas.home(schema) or "", schema) for schema in found]
    return {
        json_pointer.split(home)[2]: schema
        for home, schema in homes
        if home.startswith(_COMPONENTS) and home.count("/") == 3
    }


def _components_in(schema: Schema) -> Iterator[str]:
    for part in _parts(schema):
        name = _component(part.get("$ref"))
        if name is not None:
            yield name


def _component(reference: Any) -> str | None:
    pointer = references.local(reference) if isinstance(reference, str) else None
    steps = json_pointer.split(pointer) if pointer else []
    return steps[2] if len(steps) == 3 and steps[:2] == ["components", "schemas"] else None


def _free(name: str, taken: Mapping[str, Any]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}{number}"
    return candidate


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copied(value) for key, value in node.items()}
    return [_copied(value) for value in node] if isinstance(node, list) else node


def _put(tree: dict[str, Any], pointer: str, value: Any) -> None:
    *parents, last = json_pointer.split(pointer)
    json_pointer.resolve(tree, json_pointer.join("", *parents))[last] = value
