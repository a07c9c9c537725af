"""An operation as inference sees it: its path in parts, what it takes, and what it answers."""

import re
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.sampling import example_of
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.schema_walk import Pointer, resolved
from counterfoil.stub.state.inference.names import OWN_IDS, plain, singular

VARIABLE = re.compile(r"\{([^{}]+)\}")
VERB = re.compile(r"(?P<rest>[^:]+)(?P<verb>:[A-Za-z]\w*)")  # the end of `/items/{id}:cancel`


class Operation:
    """An operation at `method` (upper case) and `path`, of which a verb after a colon is a segment of its own."""

    def __init__(self, contract: ContractTree, method: str, path: str, node: Node, item: Node) -> None:
        self.contract, self.method, self.path, self.node = contract, method, path, node
        self._item = item
        segments = [segment for segment in re.split("[?#]", path, maxsplit=1)[0].split("/") if segment]
        if segments and (custom := VERB.fullmatch(segments[-1])):
            segments[-1:] = custom.groups()
        self.segments = tuple(segments)
        self.is_plain = "?" not in path and "#" not in path

    @cached_property
    def variable(self) -> str | None:
        """The variable that the last segment of the path is."""
        found = VARIABLE.fullmatch(self.segments[-1]) if self.segments else None
        return found[1] if found else None

    @cached_property
    def _success(self) -> Node:
        """The Media Type Object of the JSON answer of success."""
        responses = self.node.get("responses") or NOTHING
        names = sorted(name for name in responses if name[:1] == "2") or [
            name for name in responses if name == "default"
        ]
        for name in names:
            media = _json(self.contract, self.contract.follow(responses[name])[0].get("content"))
            if media:
                return media
        return NOTHING

    @cached_property
    def success(self) -> Node:
        """The schema of the JSON answer of success."""
        return resolved(self.contract, self._success.get("schema") or NOTHING)

    @cached_property
    def example(self) -> Any:
        """The example of that answer, None without one."""
        return example_of(self.contract, self._success)

    @cached_property
    def statuses(self) -> frozenset[str]:
        """The statuses that are declared."""
        return frozenset(self.node.get("responses") or ())

    @cached_property
    def request(self) -> Node:
        """The schema of the body, of its JSON form where it has several."""
        content = self.contract.follow(self.node.get("requestBody"))[0].get("content") or NOTHING
        first = next(iter(content.values()), None)
        media = _json(self.contract, content) or self.contract.follow(first)[0]
        return resolved(self.contract, media.get("schema") or NOTHING)

    @cached_property
    def has_body(self) -> bool:
        """Whether requests have a body."""
        return bool(self.contract.follow(self.node.get("requestBody"))[0].get("content"))

    @cached_property
    def parameters(self) -> dict[tuple[str, str], Node]:
        """The parameters by place and name."""
        found = {}
        for owner in (self._item, self.node):
            for each in owner.get("parameters") or ():
                node = self.contract.follow(each)[0]
                found[str(node.get("in")), str(node.get("name"))] = node
        return found

    @cached_property
    def is_list(self) -> bool:
        """Whether success is a list, or an envelope whose main content is one."""
        return self.listed is not None

    @cached_property
    def listed(self) -> tuple[Pointer, Node] | None:
        """Where the list of objects is in the answer, and the schema of one of them; None if it is no list."""
        if "array" in self.contract.types(self.success):
            return (), resolved(self.contract, self.success.get("items") or NOTHING)
        properties = self.contract.properties(self.success)
        arrays = {}
        for each, schema in properties.items():
            node = resolved(self.contract, schema)
            if "array" in self.contract.types(node) and isinstance(node.get("items"), dict):
                arrays[each] = resolved(self.contract, node["items"])
        objects = {each: node for each, node in arrays.items() if self.contract.properties(node)}
        # What is made or named has lists, too, such as the items of an order.
        is_page = (self.method == "GET" and not self.variable) or not self._is_object(properties)
        name = next((each for each in LIST_NAMES if is_page and each in objects), None)
        if name is None and len(objects) == 1 and not self._is_object(properties):
            name = next(iter(objects))
        if name is not None:
            return (name,), objects[name]
        for outer in ENVELOPES:
            inner = self.contract.properties(resolved(self.contract, properties.get(outer, NOTHING)))
            lists = {each: resolved(self.contract, node) for each, node in inner.items()}
            lists = {each: node for each, node in lists.items() if "array" in self.contract.types(node)}
            if len(lists) == 1 and not self._is_object(inner):
                held, node = next(iter(lists.items()))
                return (outer, held), resolved(self.contract, node.get("items") or NOTHING)
        return None

    def _is_object(self, properties: dict[str, Node]) -> bool:
        """Whether properties are those of an object that has a list, rather than of an envelope around one."""
        if identifier(self.contract, properties):
            return True
        noun = next((each for each in reversed(self.segments) if not VARIABLE.search(each)), "")
        names = [plain(singular(noun)) + end for end in OWN_IDS] if noun else []
        return any(plain(name) in names for name in properties)


LIST_NAMES = (
    "data",
    "items",
    "results",
    "result",
    "records",
    "entries",
    "values",
    "content",
    "rows",
    "list",
    "objects",
)
ENVELOPES = ("data", "result", "response", "payload", "body", "_embedded")
_ID = frozenset({"id", "_id", "uuid", "guid", "uid"})


def identifier(contract: ContractTree, properties: dict[str, Node]) -> str | None:
    """The property that is plainly the id of its object."""
    plain = (name for name in properties if name.lower() in _ID)
    return next((name for name in plain if "object" not in contract.types(properties[name])), None)


def _json(contract: ContractTree, content: Node | None) -> Node:
    for name, media in (content or NOTHING).items():
        if is_json(name) or name == "*/*":
            return contract.follow(media)[0]
    return NOTHING
