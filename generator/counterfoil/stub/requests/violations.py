"""What is wrong with a value, by a JSON Schema: one `Violation` each, in the order of the schema's properties."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from counterfoil import pointer as json_pointer
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, type_name
from counterfoil.stub.error_places import place_in

LARGE = 500  # values of an instance of which only the first violation is told
BRANCHES = (jsonschema_rs.ValidationErrorKind.AnyOf, jsonschema_rs.ValidationErrorKind.OneOfNotValid)


@dataclass(frozen=True, slots=True)
class Violation:
    """One keyword of a schema that a value fails.

    `path` leads from the root of the value at `place` (body, query, path, header, cookie) to what is wrong, which
    for a missing property is the property. `node` is the schema there. `limit` is the keyword's own value.
    """

    keyword: str
    place: str
    path: tuple[str | int, ...]
    value: Any
    parent: Any
    node: Node
    limit: Any
    message: str

    def facts(self) -> dict[str, Any]:
        """The placeholders that templates of violations may name."""
        types = self.node.get("type")
        size = len(self.value) if isinstance(self.value, str | list | dict) else None
        return {
            "field": str(self.path[-1]) if self.path else self.place,
            "path": ".".join(map(str, self.path)) or self.place,
            "pointer": json_pointer.join("", *self.path),
            "loc": [self.place, *self.path],
            "in": self.place,
            "value": self.value,
            "value-type": type_name(self.value),
            "parent": self.parent,
            "allowed": _allowed(self.node),
            "expected": " or ".join(types) if isinstance(types, list) else types or "value",
            "limit": self.limit,
            "size": size,
            "keyword": self.keyword,
            "message": self.message,
        }


@dataclass(slots=True)
class SchemaCheck:
    """The validator of one schema of the contract, for values that stand at `place` below `prefix`."""

    contract: ContractTree
    pointer: str
    place: str
    prefix: tuple[str | int, ...] = ()
    is_valid: Any = field(init=False)
    _validator: jsonschema_rs.Validator = field(init=False)

    def __post_init__(self) -> None:
        self._validator = self.contract.validator(self.pointer)
        self.is_valid = self._validator.is_valid

    def violations(self, instance: Any, first: Collection[str] = ()) -> list[Violation]:
        """All violations of `instance`, one for each place and keyword; one at all where the instance is large.

        Properties come in the order of `required`, then of `properties`; those of the keywords in `first` come
        before all others.
        """
        found = {(violation.path, violation.keyword): violation for violation in self._all(instance)}
        ranks = {path: self._rank(path) for path, _ in found}
        return sorted(found.values(), key=lambda each: (each.keyword not in first, ranks[each.path]))

    def _all(self, instance: Any) -> Iterator[Violation]:
        for error in _unfold(self._errors(instance), self.contract):
            yield self._violation(error, instance)

    def _errors(self, instance: Any) -> Iterable[jsonschema_rs.ValidationError]:
        if not _is_large(instance):
            return self._validator.iter_errors(instance)
        try:
            self._validator.validate(instance)
        except jsonschema_rs.ValidationError as error:
            return [error]
        return []

    def _violation(self, error: jsonschema_rs.ValidationError, instance: Any) -> Violation:
        *schema_path, keyword = error.schema_path
        node = _node(self.contract, schema_path)
        limit = node.get(str(keyword))
        path = place_in(instance, error.instance_path)
        value = _value(instance, path)
        parent = _value(instance, path[:-1]) if path else instance
        kind = error.kind
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
            path, parent, value = (*path, kind.property), value, None
            node = self.contract.follow(self.contract.properties(node).get(kind.property))[0]
        elif isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
            path, parent = (*path, kind.unexpected[0]), value
            value = parent.get(kind.unexpected[0])
        message = error.message
        if kind.name == "enum" and isinstance(limit, list):
            message = f"must be one of {', '.join(json.dumps(option, ensure_ascii=False) for option in limit)}"
        elif kind.name == "not" and limit is None and self.contract.is_flagged(node, "readOnly"):
            message = "only the server states it"
        return Violation(kind.name, self.place, self.prefix + path, value, parent, node, limit, message)

    def _rank(self, path: tuple[str | int, ...]) -> tuple[int, ...]:
        node = self.contract.follow({"$ref": f"#{self.pointer}"})[0]
        ranks = []
        for token in path[len(self.prefix) :]:
            if isinstance(token, int):
                ranks.append(token)
                node = self.contract.follow(node.get("items"))[0]
            else:
                properties = self.contract.properties(node)
                names = list(dict.fromkeys([*self.contract.required(node), *properties]))
                ranks.append(names.index(token) if token in names else len(names))
                node = self.contract.follow(properties.get(token))[0]
        return tuple(ranks)


def _is_large(instance: Any) -> bool:
    """Whether an instance has so many values that to tell all that may be wrong with them takes seconds."""
    left, stack = LARGE, [instance]
    while stack and left >= 0:
        node = stack.pop()
        if isinstance(node, dict | list):
            left -= len(node)
            if left >= 0:
                stack += node.values() if isinstance(node, dict) else node
    return left < 0


def _unfold(
    errors: Iterable[jsonschema_rs.ValidationError], contract: ContractTree
) -> Iterator[jsonschema_rs.ValidationError]:
    """Errors with each failed `oneOf` or `anyOf` replaced by what its intended branch says, where there is one."""
    for error in errors:
        branch = _intended(error, contract) if isinstance(error.kind, BRANCHES) else None
        if branch is None:
            yield error
        else:
            yield from _unfold(branch, contract)


def _intended(
    error: jsonschema_rs.ValidationError, contract: ContractTree
) -> list[jsonschema_rs.ValidationError] | None:
    """The errors of the branch that a value means: by its discriminator, else the only one with a fitting type."""
    branches: list[list[jsonschema_rs.ValidationError]] = error.kind.context  # type: ignore[attr-defined] # see BRANCHES
    place = error.instance_path
    fitting = [
        errors
        for errors in branches
        if not any(each.kind.name == "type" and each.instance_path == place for each in errors)
    ]
    tag = (_node(contract, error.schema_path[:-1]).get("discriminator") or NOTHING).get("propertyName")
    if tag is not None and isinstance(error.instance, dict):
        if tag not in error.instance:
            return [each for each in branches[0] if _lacks(each, tag)] or None
        fitting = [errors for errors in fitting if not any(each.instance_path == [*place, tag] for each in errors)]
    return fitting[0] if len(fitting) == 1 else None


def _lacks(error: jsonschema_rs.ValidationError, name: str) -> bool:
    kind = error.kind
    return isinstance(kind, jsonschema_rs.ValidationErrorKind.Required) and kind.property == name


def _node(contract: ContractTree, tokens: Iterable[str | int]) -> Node:
    try:
        node = json_pointer.resolve(contract.tree, json_pointer.join("", *tokens))
    except LookupError:
        return NOTHING
    return node if isinstance(node, Mapping) else NOTHING


def _allowed(node: Node) -> list[Any]:
    if "const" in node:
        return [node["const"]]
    return list(node.get("enum") or (node.get("discriminator") or NOTHING).get("mapping") or ())


def _value(instance: Any, path: Iterable[str | int]) -> Any:
    for token in path:
        instance = instance[token]
    return instance
