"""What the parameters of a list ask for, told by their names: pages, order, search and filters."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.state.inference.filters import Filters, bounded
from counterfoil.stub.state.inference.names import named, plain

Part = Literal["page", "size", "offset", "after", "before", "sort", "direction", "search"]

PARTS: Mapping[str, Part] = {
    **named("page pagenumber pageno pagenum pageindex currentpage", "page"),
    **named(
        "perpage pagesize limit size count take maxresults pagelimit first top pagecount "
        "itemsperpage maxitems pagelength resultsperpage",
        "size",
    ),
    **named("offset skip start startindex pageoffset", "offset"),
    **named(
        "cursor after startingafter nexttoken pagetoken nextpagetoken continuationtoken marker "
        "startafter nextcursor aftercursor pagecursor pageafter exclusivestartkey",
        "after",
    ),
    **named("before endingbefore beforecursor pagebefore", "before"),
    **named("sort sortby orderby sortfield ordering orderfield sortkey", "sort"),
    **named("order sortorder sorttype direction sortdirection orderdirection sortdir", "direction"),
    **named("q query search searchkey keyword searchterm term searchtext", "search"),
}
_WAYS: frozenset[Part] = frozenset(("page", "offset", "after"))
_CURSOR = "cursor"
_FROM_ZERO = re.compile(
    r"\b(?:zero|0)[- ](?:based|indexed)\b|\b(?:start|begin)\w* (?:at|from|with) (?:0|zero)\b", re.IGNORECASE
)


@dataclass(slots=True)
class Asked:
    """What one call asks for. `filters` are functions that tell whether an object is wanted."""

    parts: dict[Part, Any] = field(default_factory=dict)
    filters: list[Callable[[Mapping[str, Any]], bool]] = field(default_factory=list)


class Asking:
    """Reads the parameters of an operation that lists objects of a shape."""

    def __init__(
        self, contract: ContractTree, parameters: Iterable[Node], body: Mapping[str, Node], shape: Node
    ) -> None:
        """`parameters` are the Parameter Objects, `body` the properties of the request's body."""
        properties = contract.properties(shape)
        self._filters = Filters(contract, properties)
        self.names: dict[Part, str] = {}
        self.schemas: dict[Part, Node] = {}
        self._wanted: dict[str, Node] = {}
        queries = {str(each["name"]): each for each in parameters if each.get("in") == "query" and "name" in each}
        self._queries = queries
        schemas = {name: _told(_whole(contract, each.get("schema") or NOTHING), each) for name, each in queries.items()}
        for name, schema in [*schemas.items(), *((name, contract.follow(node)[0]) for name, node in body.items())]:
            self._wanted[name] = schema
            if inner := contract.properties(schema):
                for other, node in inner.items():
                    self._note(f"{name}[{other}]", contract.follow(node)[0])
            else:
                self._note(name, schema)
        self._ways = _WAYS & self.names.keys()
        # Where links lead to other pages, what they ask for need not be declared.
        self.own_cursor = _CURSOR if "size" in self.names and not self._ways else ""

    def words_about(self, part: Part) -> str:
        """What descriptions say of the parameter that asks for a part of the list."""
        nodes = (self._queries.get(self.names.get(part, ""), NOTHING), self.schemas.get(part, NOTHING))
        return " ".join(str(each.get("description", "")) for each in nodes)

    def _note(self, name: str, schema: Node) -> None:
        """Keep which part of a request for a list a parameter of this name is."""
        part = PARTS.get(plain(name))
        if part is not None and not self._filters.has(name) and part not in self.names:
            self.names[part], self.schemas[part] = name, schema

    def __call__(self, call: Call[Any, Any]) -> Asked:
        """What a call asks for."""
        asked = Asked()
        parts = {name: part for part, name in self.names.items()}
        for name, value in self._values(call):
            if isinstance(value, dict):
                for inner, each in value.items():
                    self._take(asked, f"{name}[{inner}]", each, PARTS.get(plain(name + inner)))
            else:
                self._take(asked, name, value, parts.get(name))
        if self.own_cursor and (key := dict(call.query).get(self.own_cursor)):
            asked.parts["after"] = key
        for part, schema in self.schemas.items():
            if "default" in schema and schema["default"] is not None:
                asked.parts.setdefault(part, schema["default"])
        if len(self._ways) > 1:
            # Of several ways to ask for a page that which is taken counts, and not the default of another one.
            told = {*call.query_fields, *(call.value if isinstance(call.value, dict) else ())}
            taken = {part for part in self._ways if self.names[part] in told}
            for part in self._ways - taken if taken else ():
                asked.parts.pop(part, None)
        return asked

    def _values(self, call: Call[Any, Any]) -> Iterable[tuple[str, Any]]:
        found = {
            name: value
            for (place, name), value in parameters_of(call).items()
            if place == "query" and name in self._queries
        }
        if isinstance(call.value, dict):
            found |= {name: value for name, value in call.value.items() if name in self._wanted}
        return found.items()

    def _take(self, asked: Asked, name: str, value: Any, part: Part | None) -> None:
        if value is None or value == "":
            return
        if part is not None:
            asked.parts[part] = value
            return
        own = self._filters.equal(name, is_list=isinstance(value, list))
        if own is not None:
            asked.filters.append(_equals(own, value))
        elif (bound := self._filters.bound(name)) is not None:
            asked.filters.append(_within(bound.own, value, lower=bound.lower, strict=bound.strict))


def _whole(contract: ContractTree, schema: Node) -> Node:
    """A schema with what it refers to, and what stands beside the reference."""
    return {**contract.follow(schema)[0], **schema} if "$ref" in schema else schema


def _told(schema: Node, parameter: Node) -> Node:
    """The schema of a parameter, with what its description says of where numbers begin."""
    said = f"{parameter.get('description')} {schema.get('description')}"
    return {"minimum": 0, **schema} if _FROM_ZERO.search(said) else schema


def parameters_of(call: Call[Any, Any]) -> Mapping[tuple[str, str], Any]:
    """The typed values of a call's parameters by place and name."""
    found: Mapping[tuple[str, str], Any] | None = getattr(call, "parameters", None)
    if found is not None:
        return found
    values: dict[tuple[str, str], Any] = {}
    for name, text in call.query:
        key = ("query", name)
        before = values.get(key)
        values[key] = text if before is None else [*(before if isinstance(before, list) else [before]), text]
    return values


def _equals(name: str, wanted: Any) -> Callable[[Mapping[str, Any]], bool]:
    texts = {_text(each) for each in (wanted if isinstance(wanted, list) else [wanted])}

    def fits(found: Mapping[str, Any]) -> bool:
        value = found.get(name)
        if isinstance(value, list):
            return any(_text(each) in texts for each in value)
        return value is not None and _text(value) in texts

    return fits


def _within(name: str, bound: Any, *, lower: bool, strict: bool) -> Callable[[Mapping[str, Any]], bool]:
    def fits(found: Mapping[str, Any]) -> bool:
        value = bounded(found.get(name))
        if value is None:
            return False
        one, other = comparable(value), comparable(bound)
        if type(one) is not type(other):
            return True
        if one == other:
            return not strict
        return bool((one > other) is lower)

    return fits


def comparable(value: Any) -> Any:
    """A value by which objects are ordered: numbers as such, all else as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return float(value)
    text = str(value)
    try:
        return float(text)
    except ValueError:
        return text.casefold()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
