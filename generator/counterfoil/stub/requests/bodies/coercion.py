"""What lenient servers make of ill-typed values, by the rules that an overlay names; only where a stub is told to."""

import re
from collections.abc import Collection
from typing import Any

from counterfoil.stub.contract_tree import ContractTree, Node, type_name
from counterfoil.stub.requests.strict_json import dump

NUMBER = re.compile(r"\s*[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?\s*")


class Coercion:
    """Coerces request bodies to the types that a schema states, by some of the rules below."""

    def __init__(self, contract: ContractTree, schema: Node, rules: Collection[str]) -> None:
        self._contract = contract
        self._schema = schema
        self._rules = frozenset(rules)

    def __call__(self, value: Any) -> Any:
        """`value` with everything coerced that the rules speak of; nothing is changed in place."""
        return self._coerce(value, self._schema)

    def _coerce(self, value: Any, schema: Node) -> Any:
        schema = self._contract.follow(schema)[0]
        types = self._contract.types(schema)
        if isinstance(value, dict):
            return self._fields(value, self._contract.properties(schema))
        if isinstance(value, list):
            return [self._coerce(item, schema.get("items") or {}) for item in value]
        kind = type_name(value)
        if not types or kind in types or (kind == "integer" and "number" in types):
            return value
        if "string" in types:
            return self._to_string(value, kind)
        if types & {"integer", "number"}:
            return self._to_number(value, kind, whole="number" not in types)
        if "boolean" in types and "string-to-boolean" in self._rules:
            return {"true": True, "false": False}.get(value, value) if kind == "string" else value
        return value

    def _fields(self, value: dict[str, Any], properties: dict[str, Node]) -> dict[str, Any]:
        if "loose-names" in self._rules:
            known = {_loose(name): name for name in properties}
            exact = {name for name in value if name in properties}
            renamed = {name: known.get(_loose(name), name) for name in value}
            value = {
                renamed[name] if name not in exact and renamed[name] not in exact else name: item
                for name, item in value.items()
            }
        return {name: self._coerce(item, properties.get(name, {})) for name, item in value.items()}

    def _to_string(self, value: Any, kind: str) -> Any:
        rule = {"integer": "number-to-string", "number": "number-to-string", "boolean": "boolean-to-string"}.get(kind)
        if rule in self._rules:
            return dump(value).decode()
        return "" if kind == "null" and "null-to-string" in self._rules else value

    def _to_number(self, value: Any, kind: str, *, whole: bool) -> Any:
        if kind == "boolean" and "boolean-to-number" in self._rules:
            return int(value)
        if kind == "null" and "null-to-zero" in self._rules:
            return 0
        if kind == "string":
            if NUMBER.fullmatch(value) and "string-to-number" in self._rules:
                value = float(value)
                kind = type_name(value)
                value = int(value) if kind == "integer" else value
            elif "text-to-zero" in self._rules:
                return 0
        if kind == "number" and whole and "fraction-to-integer" in self._rules:
            return int(value)
        return value


def _loose(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
