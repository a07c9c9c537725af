"""Parameters of path, query, header and cookie: read as their schemas' types say, then validated."""

from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import NOTHING, OTHER_METHODS, ContractTree, Node
from counterfoil.stub.requests.strict_json import parse
from counterfoil.stub.requests.violations import SchemaCheck, Violation

IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1, Parameter Object, `name`
SEPARATORS: Mapping[str, str] = {"spaceDelimited": " ", "pipeDelimited": "|"}


class ParameterCheck:
    """The parameters of one operation and its path item."""

    def __init__(self, contract: ContractTree, pointer: str) -> None:
        """`pointer` is the operation's; the parameters of its path item are those that it does not override."""
        found: dict[tuple[str, str], _Parameter] = {}
        for owner in (pointer.rpartition("/")[0].removesuffix(f"/{OTHER_METHODS}"), pointer):
            listed = contract.follow({"$ref": f"#{owner}"})[0].get("parameters") or ()
            for index, parameter in enumerate(listed):
                node, place = contract.follow(parameter, json_pointer.join(owner, "parameters", index))
                key = (str(node.get("in")), str(node.get("name")))
                if not (key[0] == "header" and key[1].lower() in IGNORED_HEADERS):
                    found[key] = _Parameter(contract, node, place)
        self._parameters = list(found.values())

    def __bool__(self) -> bool:
        return bool(self._parameters)

    def violations(self, call: Call[Any, Any]) -> list[Violation]:
        """What is wrong with the parameters of a call, in the order of the contract."""
        return [violation for parameter in self._parameters for violation in parameter.violations(call)]


class _Parameter:
    def __init__(self, contract: ContractTree, node: Node, pointer: str) -> None:
        self._place, self._name = str(node.get("in")), str(node.get("name"))
        self._required = bool(node.get("required"))
        self._style = node.get("style") or ("form" if self._place in ("query", "cookie") else "simple")
        self._explode = node.get("explode", self._style == "form")
        self._as_json = "content" in node
        at = json_pointer.join(pointer, *(("content", next(iter(node["content"]))) if self._as_json else ()), "schema")
        self._schema = contract.follow({"$ref": f"#{at}"})[0]
        self._types = contract.types(self._schema)
        self._item_types = contract.types(self._schema.get("items") or NOTHING)
        self._check = SchemaCheck(contract, at, self._place, (self._name,)) if self._schema else None

    def violations(self, call: Call[Any, Any]) -> Iterator[Violation]:
        texts = self._texts(call)
        if not texts:
            if self._required:
                message = f'the {self._place} parameter "{self._name}" is required'
                yield Violation("required", self._place, (self._name,), None, None, self._schema, True, message)
            return
        if self._check is None:
            return
        value = self._value(texts)
        if not self._check.is_valid(value):
            yield from self._check.violations(value)

    def _texts(self, call: Call[Any, Any]) -> list[str]:
        match self._place:
            case "path":
                return [call.path_parameters[self._name]] if self._name in call.path_parameters else []
            case "query":
                return [value for name, value in call.query if name == self._name]
            case "header":
                value = call.header(self._name.lower().encode("latin-1"))
                return [] if value is None else [value.decode("latin-1")]
            case "cookie":
                return [call.cookies[self._name]] if self._name in call.cookies else []
        return []

    def _value(self, texts: list[str]) -> Any:
        if self._as_json:
            return _typed(texts[-1], {"object", "array"})
        if "array" in self._types:
            if len(texts) == 1 and not (self._explode and self._style == "form"):
                texts = texts[0].split(SEPARATORS.get(self._style, ","))
            return [_typed(text, self._item_types) for text in texts]
        return _typed(texts[-1], self._types)


def _typed(text: str, types: set[str]) -> Any:
    """The JSON value that a text stands for where one of `types` is wanted; the text itself where none fits."""
    if types & {"integer", "number", "boolean", "null", "object", "array"}:
        try:
            value = parse(text.encode())
        except ValueError:
            return text
        if not ("string" in types and isinstance(value, str)):
            return value
    return text
