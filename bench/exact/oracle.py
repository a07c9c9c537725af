"""What a schema accepts, said by jsonschema-rs, which shares nothing with the generator.

OpenAPI's own rules are put into words of JSON Schema first: `int32` and `int64` are bounds, a request must not carry
what is read-only, and a response need not carry what is write-only. A dot of a pattern matches no line terminator of
ECMA 262 (12.3), where the validator's own dot matches all but a line feed.
"""

import re
from typing import Any, Literal

import jsonschema_rs

from counterfoil import pointer as json_pointer

Direction = Literal["request", "response"]

_URI = "urn:contract"
_DATA = frozenset(("enum", "const", "example", "examples", "default"))
_FLAGS: dict[Direction, str] = {"request": "readOnly", "response": "writeOnly"}
_DOT = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\.", re.DOTALL)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_FORMATS = {"byte": lambda text: _BASE64.fullmatch(text) is not None}


class Oracle:
    """Validators for the schemas of an OpenAPI 3.1 tree, as one direction has them."""

    def __init__(self, tree: dict[str, Any], direction: Direction) -> None:
        self._tree, self._direction = tree, direction
        self._registry = jsonschema_rs.Registry([(_URI, self._written(tree, frozenset()))])

    def validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """The validator of the schema at a pointer; `ValueError` if it is no schema."""
        quoted = re.sub(r'[%#{} "<>^`|\\\[\]]|[^\x00-\x7f]', lambda found: _quoted(found[0]), pointer)
        return jsonschema_rs.Draft202012Validator(
            {"$ref": f"{_URI}#{quoted}"}, validate_formats=True, registry=self._registry, formats=_FORMATS
        )

    def _written(self, node: Any, absent: frozenset[str]) -> Any:
        if isinstance(node, list):
            return [self._written(part, absent) for part in node]
        if not isinstance(node, dict):
            return node
        absent |= self._flagged(node, 0)
        found: dict[str, Any] = {}
        for key, value in node.items():
            if key in _DATA and not (isinstance(value, dict) and "content" in value):
                found[key] = value
            elif key == "properties" and isinstance(value, dict):
                found[key] = {name: self._written(part, frozenset()) for name, part in value.items()}
                if self._direction == "request":
                    found[key] |= dict.fromkeys(absent & value.keys(), False)
            elif key == "required" and isinstance(value, list):
                found[key] = [name for name in value if name not in absent]
            elif key == "pattern" and isinstance(value, str):
                found[key] = _ecma(value)
            elif key == "patternProperties" and isinstance(value, dict):
                found[key] = {_ecma(name): self._written(part, frozenset()) for name, part in value.items()}
            else:
                inner = absent if key in ("allOf", "anyOf", "oneOf") else frozenset[str]()
                found[key] = self._written(value, inner)
        return found | _bounds(node)

    def _flagged(self, node: Any, depth: int) -> frozenset[str]:
        """The properties that this direction does not have, among those of a schema and of all that it is made of."""
        if not isinstance(node, dict) or depth > 8:
            return frozenset()
        properties = node.get("properties")
        named = properties.items() if isinstance(properties, dict) else ()
        found = frozenset(name for name, part in named if self._is_flagged(part))
        parts = node.get("allOf")
        for part in [*(parts if isinstance(parts, list) else ()), self._target(node)]:
            found |= self._flagged(part, depth + 1)
        return found

    def _is_flagged(self, node: Any, depth: int = 0) -> bool:
        if not isinstance(node, dict) or depth > 8:
            return False
        if node.get(_FLAGS[self._direction]) is True:
            return True
        return any(self._is_flagged(part, depth + 1) for part in (self._target(node), *(node.get("allOf") or ())))

    def _target(self, node: dict[str, Any]) -> Any:
        reference = node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        try:
            return json_pointer.resolve(self._tree, reference[1:])
        except (LookupError, ValueError):
            return None


def _bounds(node: dict[str, Any]) -> dict[str, Any]:
    bits = {"int32": 31, "int64": 63}.get(node["format"]) if isinstance(node.get("format"), str) else None
    stated = node.get("type", ())
    kinds = [stated] if isinstance(stated, str) else stated
    if bits is None or "integer" not in kinds or "number" in kinds:
        return {}
    limits = {"minimum": -(2**bits), "maximum": 2**bits - 1}
    return {"allOf": [*node.get("allOf", ()), {"if": {"type": "number"}, "then": limits}]}


def _ecma(pattern: str) -> str:
    return _DOT.sub(lambda found: "[^\n\r\u2028\u2029]" if found[0] == "." else found[0], pattern)


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
