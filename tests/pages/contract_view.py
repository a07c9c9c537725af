"""A contract of one operation as tests look at it."""

from typing import Any

from counterfoil import pointer
from counterfoil.contract import Contract


class View:
    """One contract with its single operation; references are followed."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.tree = contract.tree
        [(self.path, item)] = self.tree["paths"].items()
        [(self.method, self.operation)] = item.items()
        self.parameters = self.operation.get("parameters", [])
        self.responses = self.operation["responses"]
        self.servers = [server["url"] for server in self.tree.get("servers", [])]

    def security(self) -> list[list[dict[str, Any]]]:
        """The alternatives of the operation, each a list of schemes without their descriptions."""
        schemes = self.tree.get("components", {}).get("securitySchemes", {})
        alternatives = self.operation.get("security", self.tree.get("security", []))
        return [[without_texts(schemes[name]) for name in alternative] for alternative in alternatives]

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            node = pointer.resolve(self.tree, node["$ref"].removeprefix("#"))
        return node

    def schema(self, body: dict[str, Any], *names: str) -> dict[str, Any]:
        """The JSON schema of a request body or response, or of the property that `names` lead to."""
        schema = self.resolve(self.resolve(body)["content"]["application/json"]["schema"])
        for name in names:
            schema = self.resolve(schema["items"] if name == "[]" else schema["properties"][name])
        return schema

    def request(self, *names: str) -> dict[str, Any]:
        return self.schema(self.operation["requestBody"], *names)

    def response(self, status: str, *names: str) -> dict[str, Any]:
        return self.schema(self.responses[status], *names)

    def examples(self, body: dict[str, Any]) -> list[Any]:
        media = self.resolve(body)["content"]["application/json"]
        named = [example["value"] for example in media.get("examples", {}).values()]
        return [media["example"], *named] if "example" in media else named

    def kinds(self, at: str) -> set[str]:
        """How the fact at a pointer came to be."""
        return {step.kind for step in self.contract.evidence.history(at)}


def types(schema: dict[str, Any]) -> dict[str, Any]:
    """The types of an object's properties."""
    return {name: child.get("type") for name, child in schema["properties"].items()}


def without_texts(node: Any) -> Any:
    """A part of a contract without what only people read."""
    if isinstance(node, dict):
        return {
            key: without_texts(value)
            for key, value in node.items()
            if not (key in ("description", "summary") and isinstance(value, str))
        }
    return [without_texts(item) for item in node] if isinstance(node, list) else node
