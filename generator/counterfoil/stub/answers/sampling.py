"""A plausible value for a schema: what the contract shows as example, else the plainest that fits."""

from collections.abc import Mapping
from typing import Any

from counterfoil.stub.answers.patterns import matching
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node

DEEPEST = 12
FORMATS: Mapping[str, str] = {
    "date-time": "2024-01-31T12:00:00Z",
    "date": "2024-01-31",
    "time": "12:00:00Z",
    "duration": "P1D",
    "uuid": "3f0b8a52-6d0e-4c55-9d6b-5b7c0a9f1e21",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/",
    "url": "https://example.com/",
    "iri": "https://example.com/",
    "byte": "",
    "json-pointer": "",
    "regex": ".*",
}


class Sampler:
    """Makes values for the schemas of one contract."""

    def __init__(self, contract: ContractTree) -> None:
        self._contract = contract

    def value(self, schema: Node, depth: int = 0) -> Any:
        """A value for `schema`: const, example, default or enum where stated, else made from type and format.

        Objects get the properties that are required, and optional ones that state a value of their own.
        """
        schema = self._merged(schema)
        stated, value = stated_value(schema)
        if stated:
            return value
        for keyword in ("oneOf", "anyOf"):
            for branch in schema.get(keyword) or ():
                if self._contract.types(branch) != {"null"}:
                    sampled = self.value(branch, depth + 1)
                    own = self._object(schema, depth) if isinstance(sampled, dict) else {}
                    return {**own, **sampled} if own else sampled
        types = self._contract.types(schema)
        for kind in ("object", "array", "string", "integer", "number", "boolean"):
            if kind in types:
                return getattr(self, f"_{kind}")(schema, depth)
        return None

    def _merged(self, schema: Node) -> Node:
        """A schema with the parts of its `allOf` put into it, each keyword as the last part that has it says."""
        schema = self._contract.follow(schema)[0]
        if not schema.get("allOf"):
            return schema
        parts = [self._merged(part) for part in schema["allOf"]] + [schema]
        merged = {keyword: value for part in parts for keyword, value in part.items() if keyword != "allOf"}
        return {
            **merged,
            "properties": {name: node for part in parts for name, node in (part.get("properties") or {}).items()},
            "required": self._contract.required(schema),
        }

    def _object(self, schema: Node, depth: int) -> dict[str, Any]:
        required = self._contract.required(schema)
        properties = self._contract.properties(schema)
        sampled = {}
        for name in [*properties, *(name for name in required if name not in properties)]:
            node = self._contract.follow(properties.get(name, {}))[0]
            if self._contract.is_flagged(node, "writeOnly"):
                continue
            if name in required or (stated_value(node)[0] and depth < DEEPEST):
                sampled[name] = self.value(node, depth + 1) if depth < DEEPEST else None
        return sampled

    def _array(self, schema: Node, depth: int) -> list[Any]:
        count = max(int(schema.get("minItems", 0)), 1)
        if depth >= DEEPEST or schema.get("maxItems") == 0:
            return []
        prefix = [self.value(item, depth + 1) for item in schema.get("prefixItems") or ()]
        items = schema.get("items")
        if not isinstance(items, dict):
            return prefix
        return prefix + [self.value(items, depth + 1) for _ in range(count - len(prefix))]

    def _string(self, schema: Node, depth: int) -> str:  # noqa: ARG002 - all makers of values are called alike
        text = FORMATS.get(str(schema.get("format")), "string")
        least = int(schema.get("minLength", 0))
        text += "x" * (least - len(text))
        text = text[: int(schema.get("maxLength", len(text)))]
        if isinstance(pattern := schema.get("pattern"), str) and not self._contract.accepts(schema, text):
            made = (matching(pattern, size) for size in (least, least + 1))
            return next((each for each in made if each is not None and self._contract.accepts(schema, each)), text)
        return text

    def _integer(self, schema: Node, depth: int) -> int:
        return int(self._number(schema, depth))

    def _number(self, schema: Node, depth: int) -> float:  # noqa: ARG002 - as above
        step = schema.get("multipleOf", 1)
        low, high = schema.get("minimum"), schema.get("maximum")
        if "exclusiveMinimum" in schema:
            low = schema["exclusiveMinimum"] + step
        if "exclusiveMaximum" in schema:
            high = schema["exclusiveMaximum"] - step
        value = 1 if low is None or low <= 1 else -(-low // step) * step
        number: float = value if high is None or value <= high else high // step * step
        return number

    def _boolean(self, schema: Node, depth: int) -> bool:  # noqa: ARG002 - as above
        return False


def stated_value(schema: Node) -> tuple[bool, Any]:
    """Whether a schema itself states a value, and which: const, example, examples, default, the first of an enum."""
    for keyword in ("const", "example", "default"):
        if keyword in schema:
            return True, schema[keyword]
    for keyword in ("examples", "enum"):
        if isinstance(values := schema.get(keyword), list) and values:
            return True, values[0]
    return False, None


def example_of(contract: ContractTree, media: Node) -> Any:
    """The first example of a Media Type Object, None without one."""
    if "example" in media:
        return media["example"]
    for example in (media.get("examples") or NOTHING).values():
        if (found := contract.follow(example)[0].get("value")) is not None:
            return found
    return None
