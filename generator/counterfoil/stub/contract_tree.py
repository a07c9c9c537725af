"""The contract that a stub serves, read from `openapi.json`: references followed, extensions looked up."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import jsonschema_rs

from counterfoil import pointer as json_pointer
from counterfoil.stub.directions import Flag, changed_list, flags_in, is_flagged, without
from counterfoil.stub.error_places import place_in, wrong_places

EXTENSION = "x-counterfoil"
ROOT = "urn:contract"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
OTHER_METHODS = "x-additional-operations"
BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}

# RFC 4648, section 4, as the format registry of OpenAPI has it.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_strict = partial(
    jsonschema_rs.Draft202012Validator,
    validate_formats=True,
    formats={"byte": lambda text: _BASE64.fullmatch(text) is not None},
)

_CONTAINERS = (dict, list)
_MOST_KNOWN = 4096  # schemas
_MOST_VALIDATORS = 256  # of one kind; they are large

T = TypeVar("T")
Node = Mapping[str, Any]
NOTHING: Node = {}


class ContractTree:
    """An OpenAPI 3.1 document, as the generator writes it.

    Pointers are JSON Pointers into it. References are local, since the generator leaves no other.
    """

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self._targets: dict[str, tuple[Node, str]] = {}
        # By the identities of schemas, with these themselves, so that no other ones get them.
        self._properties: dict[int, tuple[Node, dict[str, Node]]] = {}
        self._types: dict[int, tuple[Node, set[str]]] = {}
        self._told: dict[str, dict[int, tuple[Node, Any]]] = {}
        self._one_sided: dict[tuple[int, Flag], tuple[Node, jsonschema_rs.Validator]] = {}
        self._validators: dict[str, jsonschema_rs.Validator] = {}  # by pointer
        self._simple: dict[tuple[tuple[str, type, Any], ...], Callable[[Any], bool]] = {}

    def follow(self, node: Any, pointer: str = "") -> tuple[Node, str]:
        """The node that a chain of `$ref` ends at, with its pointer; what is not there is an empty node."""
        if not isinstance(node, dict):
            return NOTHING, pointer
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node, pointer
        found = self._targets.get(reference)
        if found is None:
            found = self._targets[reference] = self._target(node)
        return found

    def _target(self, node: Any) -> tuple[Node, str]:
        pointer = ""
        seen = set()
        while isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
            if reference in seen or not reference.startswith("#"):
                return NOTHING, pointer
            seen.add(reference)
            pointer = unquote(reference[1:])
            try:
                node = json_pointer.resolve(self.tree, pointer)
            except LookupError:
                return NOTHING, pointer
        return (node if isinstance(node, dict) else NOTHING), pointer

    def at(self, *tokens: str | int) -> tuple[Node, str]:
        """The node below the root that the tokens lead to, references followed at each step."""
        node, pointer = self.follow(self.tree)
        for token in tokens:
            node, pointer = self.follow(node.get(str(token)), json_pointer.join(pointer, token))
        return node, pointer

    def operations(self) -> Iterator[tuple[str, str, Node, Node]]:
        """Method, path template, operation and path item of every operation, in the order of the contract."""
        for path, item in (self.tree.get("paths") or {}).items():
            item = self.follow(item)[0]
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    yield method.upper(), path, item[method], item
            for method, operation in (item.get(OTHER_METHODS) or NOTHING).items():
                if isinstance(operation, dict):
                    yield method, path, operation, item

    def operation(self, method: str, path: str) -> tuple[Node, str]:
        """The operation of a path template, its method in upper case, and the pointer of it."""
        if method.lower() in METHODS:
            return self.at("paths", path, method.lower())
        return self.at("paths", path, OTHER_METHODS, method)

    def properties(self, schema: Node) -> dict[str, Node]:
        """The properties of an object schema by name, those of its `allOf` included, references left as they are.

        What comes back is kept, and for reading only.
        """
        known = self._properties.get(id(schema))
        return known[1] if known else _keep(self._properties, schema, self._properties_of(self.follow(schema)[0]))

    def _properties_of(self, schema: Node) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for part in schema.get("allOf") or ():
            found |= self.properties(part)
        return found | {name: node for name, node in (schema.get("properties") or {}).items() if isinstance(node, dict)}

    def required(self, schema: Node) -> list[str]:
        """The names that an object schema requires, those of its `allOf` included."""
        schema = self.follow(schema)[0]
        names = [name for part in schema.get("allOf") or () for name in self.required(part)]
        return list(dict.fromkeys([*names, *(schema.get("required") or ())]))

    def types(self, schema: Node) -> set[str]:
        """The JSON types that a schema plainly allows; empty where it does not say.

        What comes back is kept, and for reading only.
        """
        known = self._types.get(id(schema))
        return known[1] if known else _keep(self._types, schema, self._types_of(self.follow(schema)[0]))

    def _types_of(self, schema: Node) -> set[str]:
        stated = schema.get("type")
        if stated:
            return {stated} if isinstance(stated, str) else set(stated)
        if "const" in schema:
            return {type_name(schema["const"])}
        if "enum" in schema:
            return {type_name(value) for value in schema["enum"]}
        for keyword in ("oneOf", "anyOf"):
            if branches := schema.get(keyword):
                found = [self.types(branch) for branch in branches]
                return set().union(*found) if all(found) else set()
        parts = [types for part in schema.get("allOf") or () if (types := self.types(part))]
        return set.intersection(*parts) if parts else {"object"} if "properties" in schema else set()

    def remembered(self, schema: Node, what: str, make: Callable[[], T]) -> T:
        """What `make` returned when it was first called for `what` of a schema."""
        told = self._told.setdefault(what, {})
        known = told.get(id(schema))
        found: T = known[1] if known else _keep(told, schema, make())
        return found

    def validator(self, pointer: str) -> jsonschema_rs.Validator:
        """A validator of requests, formats asserted, by the schema at `pointer`.

        Its errors name places of the whole contract.
        """
        found = self._validators.get(pointer)
        if found is None:
            if len(self._validators) >= _MOST_VALIDATORS:
                self._validators.clear()
            reference = {"$ref": f"{ROOT}#{quote(pointer, safe='/~')}"}
            found = self._validators[pointer] = _strict(reference, registry=self._request_registry)
        return found

    def is_flagged(self, schema: Node, flag: Flag) -> bool:
        """Whether a property of this schema is read-only, or write-only."""
        return flag in self._flags and is_flagged(schema, flag, lambda node: self.follow(node)[0])

    def accepts(self, schema: Node, value: Any) -> bool:
        """Whether `value` fits `schema`, which need not stand in the contract itself."""
        return self.acceptance(schema)(value)

    def acceptance(self, schema: Node) -> Callable[[Any], bool]:
        """A function that tells whether a value fits `schema`, which need not stand in the contract itself."""
        if any(isinstance(each, _CONTAINERS) for each in schema.values()):
            return self._acceptance(schema)
        # Of few keywords, such as a format, there are many that say the same; 1, 1.0 and true are equal in Python.
        key = tuple((name, type(each), each) for name, each in schema.items())
        if (known := self._simple.get(key)) is None:
            if len(self._simple) >= _MOST_VALIDATORS:
                self._simple.clear()
            known = self._simple[key] = self._acceptance(schema)
        return known

    def _acceptance(self, schema: Node) -> Callable[[Any], bool]:
        inlined = _with_bounds(anchored(schema))
        is_valid: Callable[[Any], bool] = _strict(inlined, registry=self._registry).is_valid
        return is_valid

    def answer_errors(self, schema: Node) -> Callable[[Any], list[tuple[str | int, ...]]]:
        """A function from a value to the places in it that `schema`, as it holds for answers, does not accept."""
        return self.errors(schema, "writeOnly")

    def errors(self, schema: Node, hidden: Flag) -> Callable[[Any], list[tuple[str | int, ...]]]:
        """A function from a value to the places in it that `schema`, as it holds without what is `hidden`, refuses."""
        validator = self._validator_without(hidden, schema)
        is_valid, errors = validator.is_valid, validator.iter_errors
        return lambda value: [] if is_valid(value) else [
            place_in(value, place) for error in errors(value) for place in wrong_places(error)
        ]  # fmt: skip

    def answer_validator(self, schema: Node) -> jsonschema_rs.Validator:
        """A validator of answers by `schema`, formats asserted; it need not stand in the contract itself."""
        return self._validator_without("writeOnly", schema)

    def _validator_without(self, hidden: Flag, schema: Node) -> jsonschema_rs.Validator:
        known = self._one_sided.get((id(schema), hidden))
        if known is None:
            inlined = anchored({"schema": schema})
            if hidden in self._flags:
                inlined = without(hidden, inlined, lambda node: self.follow(_local(node))[0])
            registry = self._answer_registry if hidden == "writeOnly" else self._request_registry
            if len(self._one_sided) >= _MOST_VALIDATORS:
                self._one_sided.clear()
            known = schema, _strict(inlined["schema"], registry=registry)
            self._one_sided[id(schema), hidden] = known
        return known[1]

    @cached_property
    def _answer_registry(self) -> jsonschema_rs.Registry:
        return self._registry_without("writeOnly")

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(ROOT, self._bounded)])

    @cached_property
    def _request_registry(self) -> jsonschema_rs.Registry:
        return self._registry_without("readOnly")

    def _registry_without(self, flag: Flag) -> jsonschema_rs.Registry:
        if flag not in self._flags:
            return self._registry
        tree = without(flag, self._bounded, lambda node: self.follow(node)[0])
        return jsonschema_rs.Registry([(ROOT, tree)])

    @cached_property
    def _flags(self) -> frozenset[Flag]:
        return flags_in(self.tree)

    @cached_property
    def _bounded(self) -> dict[str, Any]:
        """The contract with the bounds that its integer formats stand for, which JSON Schema does not assert."""
        bounded: dict[str, Any] = _with_bounds(self.tree)
        return bounded


def _keep(known: dict[int, tuple[Node, T]], schema: Node, made: T) -> T:
    """What was made for a schema, which is kept with it."""
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[id(schema)] = schema, made
    return made


def extension(key: str, *nodes: Node) -> Any:
    """The value of an `x-counterfoil` key at the first node that has it; None if none has."""
    for node in nodes:
        found = (node.get(EXTENSION) or NOTHING).get(key)
        if found is not None:
            return found
    return None


def anchored(node: Any) -> Any:
    """A copy of a schema whose local references lead to the contract wherever the copy stands."""
    if isinstance(node, Mapping):
        return {
            name: ROOT + child if name == "$ref" and isinstance(child, str) else anchored(child)
            for name, child in node.items()
        }
    return [anchored(child) for child in node] if isinstance(node, list) else node


def _local(node: Any) -> Any:
    """A node of an anchored schema with its reference as the contract has it."""
    reference = node.get("$ref") if isinstance(node, Mapping) else None
    return {"$ref": reference.removeprefix(ROOT)} if isinstance(reference, str) else node


def type_name(value: Any) -> str:
    """What JSON Schema calls the type of a JSON value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _with_bounds(node: Any) -> Any:
    """A node whose schemas state the bounds of their integer formats, made of the same parts where nothing changes."""
    if isinstance(node, list):
        return changed_list(node, [_with_bounds(part) if isinstance(part, _CONTAINERS) else part for part in node])
    result = node
    for name, part in node.items():
        if isinstance(part, _CONTAINERS) and (bounded := _with_bounds(part)) is not part:
            result = dict(node) if result is node else result
            result[name] = bounded
    limits = BOUNDS.get(kind) if isinstance(kind := node.get("format"), str) else None
    types = node.get("type") if limits else None
    if limits and ("integer" in types if isinstance(types, list) else types == "integer"):
        low, high = max(limits[0], node.get("minimum", limits[0])), min(limits[1], node.get("maximum", limits[1]))
        result = {**result, "minimum": low, "maximum": high}
    return result
