"""The request that an operation below a callback or a webhook describes, its values made as those of answers are."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from counterfoil.stub.answers.content.declared import Content, Declared
from counterfoil.stub.answers.placeholders import text_of
from counterfoil.stub.answers.sampling import Sampler, example_of
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, type_name
from counterfoil.stub.requests.strict_json import parse
from counterfoil.stub.schema_walk import resolved

DEEPEST = 4


class Outgoing:
    """The requests of one operation, which the server makes; `method` in upper case."""

    def __init__(self, contract: ContractTree, sampler: Sampler, method: str, operation: Node, item: Node) -> None:
        self.method = method
        self._contract, self._sampler = contract, sampler
        listed = [*(item.get("parameters") or ()), *(operation.get("parameters") or ())]
        self._parameters = [contract.follow(each)[0] for each in listed]
        content = contract.follow(operation.get("requestBody"))[0].get("content") or NOTHING
        named = {str(each.get("name")): each for each in self._parameters if each.get("in") == "header"}
        # A Header Object is a Parameter Object without a name (OpenAPI 3.1, section 4.8.21).
        self._declared = Declared(contract, sampler, 200, {"content": content, "headers": named})

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers that the contract requires or states a value of, and the content type."""
        pairs = [*self._declared.required_headers, *([self._content.header] if self._content else [])]
        return {name.decode("latin-1").title(): value.decode("latin-1") for name, value in pairs}

    @cached_property
    def query(self) -> str:
        """The required parameters of the query, encoded."""
        wanted = [each for each in self._parameters if each.get("in") == "query" and each.get("required")]
        return urlencode([(str(each.get("name")), text_of(self._value(each))) for each in wanted])

    def body(self, known: Mapping[str, Any]) -> tuple[Any, bytes]:
        """The body as a JSON value, or a text where it is none, and as it is sent.

        Where it has a property of a name that is `known`, and of the same type, it tells the value that is known.
        """
        content = self._content
        if content is None:
            return None, b""
        if not content.is_json:
            return content.usual.decode(errors="replace"), content.usual
        usual = parse(content.usual) if content.usual else None
        told = self._told(content.schema, usual, known, 0)
        value = usual if told != usual and content.schema and self._errors(told) else told
        return value, content.write(value)

    def given(self, value: Any) -> tuple[Any, bytes]:
        """A body that somebody gives, as it is sent."""
        content = self._content or Content(self._contract, self._sampler, "application/json", NOTHING)
        return value, content.write(value)

    @property
    def _content(self) -> Content | None:
        return self._declared.contents[0] if self._declared.contents else None

    @cached_property
    def _errors(self) -> Any:
        return self._contract.answer_errors(self._content.schema if self._content else NOTHING)

    def _value(self, parameter: Node) -> Any:
        example = example_of(self._contract, parameter)
        return self._sampler.value(parameter.get("schema") or NOTHING) if example is None else example

    def _told(self, schema: Node, value: Any, known: Mapping[str, Any], depth: int) -> Any:
        if not isinstance(value, dict) or depth > DEEPEST:
            return value
        properties = self._contract.properties(resolved(self._contract, schema))
        result = {}
        for name, each in value.items():
            inner = resolved(self._contract, properties.get(name, NOTHING))
            other = known.get(name)
            is_plain = not isinstance(each, dict | list) and type_name(other) == type_name(each)
            is_open = "const" not in inner and other in (inner.get("enum") or [other])
            result[name] = other if is_plain and is_open else self._told(inner, each, known, depth + 1)
        return result
