"""The answer to a request that creates something: the input echoed, the rest made up, compiled once to a function."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.made_values import BEGINNING, OWN_ID, ROOM, made_up
from counterfoil.stub.answers.patterns import alphanumeric, drawing
from counterfoil.stub.answers.placeholders import Producer, compile_template, is_constant
from counterfoil.stub.answers.sampling import Sampler
from counterfoil.stub.answers.values.merging import merge_parts
from counterfoil.stub.answers.writers import ABSENT, Constant, Entity, Items, Object, joined, parts_of
from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import ContractTree, Node, extension
from counterfoil.stub.requests.parameters.text_types import INTEGER
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.schema_walk import alternatives, resolved
from counterfoil.stub.state.inference.names import OWN_IDS, plain, words

DEEPEST = 6
MANY = 300  # values, from which on parts of parts are left out where they may be
_OWN = 2  # the depth below which parts are the entity's own
LONGEST = 32  # characters of an id of which nothing is known but how long it may be
_AROUND = 2  # properties beside an object, such as its type, that do not make it a part of something else
_TELLING = 3  # properties in common, from which on two objects are the same
ZEROS: tuple[tuple[str, Any], ...] = (
    ("null", None),
    ("string", ""),
    ("boolean", False),
    ("integer", 0),
    ("number", 0),
    ("array", []),
    ("object", {}),
)


Telling = Callable[[str, Node], Callable[[Producer | None], Producer] | None]


def telling_nothing(_name: str, _schema: Node) -> None:
    """What says that no property tells of a file."""


class Creation:
    """Builds the body of a successful answer from a call, and within it the entity that was created.

    The entity is the answer itself where requests tell most of its properties, else the object of it that shares most
    properties with one of the request, such as `data.item` with an envelope around it; only it echoes input.
    """

    def __init__(
        self,
        contract: ContractTree,
        answer: Node,
        example: Any,
        request: Node,
        *,
        omit_nulls: bool = False,
        entity: Node | None = None,
        identifier: str | None = None,
        parents: Collection[str] = (),
        telling: Telling = telling_nothing,
    ) -> None:
        """`answer` and `request` are the schemas of the two bodies, `example` is the contract's example answer.

        `entity` is the schema of the object within the answer where that is known, `identifier` the property that
        tells it from others, `parents` the path parameters that name what it is below. `telling` says of a property how
        it comes about that tells of a file, given how it does where there is none.
        """
        self._contract = contract
        self._sampler = Sampler(contract)
        self._known: dict[tuple[int, str], tuple[Node, Producer]] = {}
        self._omit_nulls, self._identifier, self._telling = omit_nulls, identifier, telling
        self._parents = {plain(name): name for name in parents if name.lower() not in OWN_ID}
        self._is_within = False  # the entity, which may hold others of its kind
        self._made = 0  # values
        self._open: set[int] = set()  # of schemas of objects, which hold no others of their kind unless they must
        self.entity, self.requested, self._path = self._pair(answer, request, entity)
        make = self.value("", answer, example, required=True, depth=0)
        self._make: Producer = make or _template(None)

    def build(self, call: Call[Any, Any]) -> tuple[Any, dict[str, Any]]:
        """The body of the answer, and the entity in it, or the request's body where the answer has none."""
        described = self._describe(call)
        body = self._make(call)
        return body, described if call.created is None else call.created

    @cached_property
    def write(self) -> Callable[[Call[Any, Any]], tuple[bytes, dict[str, Any], bytes]] | None:
        """The same as JSON text, with the entity and its text; None where the answer does not have it exactly once."""
        parts = joined(parts_of(self._make))
        places = [place for place, part in enumerate(parts) if isinstance(part, Entity)]
        if len(places) != 1:
            return None
        build: Entity = parts[places[0]]
        texts: list[bytes] = [part if isinstance(part, bytes) else b"" for part in parts]
        made = [(place, part) for place, part in enumerate(parts) if not isinstance(part, bytes | Entity)]
        describe, at = self._describe, places[0]

        def write(call: Call[Any, Any]) -> tuple[bytes, dict[str, Any], bytes]:
            describe(call)
            told, entity = texts.copy(), build(call)
            told[at] = text = dump(entity)
            for place, make in made:
                told[place] = dump(make(call))
            return b"".join(told), entity, text

        return write

    def _describe(self, call: Call[Any, Any]) -> dict[str, Any]:
        """What a call tells of the entity."""
        described = call.value
        for name in self._path:
            described = described.get(name) if isinstance(described, dict) else None
        call.described = described if isinstance(described, dict) else {}
        return call.described

    def _pair(self, answer: Node, request: Node, entity: Node | None) -> tuple[Node, dict[str, Node], tuple[str, ...]]:
        """The entity's schema, the properties of the request that it may echo, and where in the request they are."""
        root = self._contract.follow(answer)[0]
        known = entity or (root if self._contract.properties(root) else {})
        depth = 1 if self._is_wrapper(request) else 0
        requests = [(self._writable(node), path) for node, path in self._objects(request, depth, lists=False)]
        best: tuple[Node, dict[str, Node], tuple[str, ...]] = (known, requests[0][0] if entity else {}, ())
        shared = around = 0
        for node, place in [(entity, ())] if entity else self._objects(answer, 3):
            for properties, path in requests:
                if path and path == place and around > 1:
                    continue  # a part of what both are about
                count = sum(
                    name in properties and name != self._identifier and self._alike(own, properties[name])
                    for name, own in self._contract.properties(node).items()
                )
                around = around if path or place else count
                if count > shared:
                    best, shared = (node, properties, path), count
            if node is root and entity is None and _TELLING <= shared > len(self._contract.properties(node)) // 2:
                return best
        return best

    def _is_wrapper(self, request: Node) -> bool:
        """Whether a request says little beside what is within it, so that this is what it is about."""
        own = self._contract.properties(request).values()
        return sum(not self._contract.properties(resolved(self._contract, each)) for each in own) <= _AROUND

    def _writable(self, schema: Node) -> dict[str, Node]:
        found = alternatives(self._contract, schema) | self._contract.properties(schema)
        return {name: node for name, node in found.items() if not self._contract.is_flagged(node, "readOnly")}

    def _objects(self, schema: Node, depth: int, *, lists: bool = True) -> Iterator[tuple[Node, tuple[str, ...]]]:
        """The object schemas within `schema`, to a depth, outer ones first, with the names that lead to them.

        Without `lists` none of those that there may be several of.
        """
        level: list[tuple[Node, tuple[str, ...]]] = [(self._contract.follow(schema)[0], ())]
        for _ in range(depth + 1):
            yield from level
            level = [
                (self._contract.follow(child.get("items") or child)[0], (*path, name))
                for node, path in level
                for name, each in self._contract.properties(node).items()
                for child in [self._contract.follow(each)[0]]
                if lists or "items" not in child
            ]

    def _alike(self, mine: Node, theirs: Node) -> bool:
        """Whether a value that fits `theirs` may well fit `mine`."""
        answered, asked = self._contract.types(mine), self._contract.types(theirs) - {"null"}
        return not answered or not asked or bool(answered & asked) or ("integer" in asked and "number" in answered)

    def value(self, name: str, schema: Node, example: Any, *, required: bool, depth: int) -> Producer | None:
        """How the value of a property comes about that does not echo; None if the property is left out."""
        self._made += 1
        node = self._contract.follow(schema)[0]
        template = extension("generate", schema, node)
        if template is not None:
            return _template(template)
        if "const" in node:
            return _template(node["const"], literal=True)
        if node is self.entity or resolved(self._contract, node) is self.entity:
            if self._is_within:
                return _template(self._sampler.value(schema, name), literal=True) if required else None
            self._is_within = True
            made_entity = self._object(self.entity, example, depth, is_entity=True)
            self._is_within = False
            return made_entity
        whole = merge_parts(self._contract, node)
        made = made_up(name, whole, self._contract.types(node), example, required=required)
        if made == []:
            return None
        if made and self._contract.accepts(schema, compile_template(made[0])(_Trial())):
            return _template(made[0])
        if name.lower() in OWN_ID and (drawn := self._drawn(schema, whole)) is not None:
            return drawn
        if self._contract.properties(node) and depth < DEEPEST:
            if id(node) not in self._open and (depth < _OWN or self._made <= MANY):
                return self._object(node, example, depth)
            if not required:
                return None
        if "array" in self._contract.types(node) and self._holds_entity(node.get("items")):
            if self._is_within and self._contract.accepts(schema, []):
                return Constant([])
            item = self.value(name, node["items"], None, required=True, depth=depth + 1)
            return Items(item) if item else Constant([])
        if example is not None:
            return _template(example, literal=True)
        if not required and "null" in self._contract.types(node):
            return None
        is_flag = self._contract.types(node) == {"boolean"} and "default" not in node
        if is_flag and self._contract.accepts(schema, False):
            return _template(False, literal=True)
        return self._sampled(schema, name)

    def _drawn(self, schema: Node, whole: Node) -> Producer | None:
        """How an id comes about of which the pattern or the length is known; None where its texts are not valid."""
        if "string" not in self._contract.types(whole):
            return None
        pattern, most = whole.get("pattern"), min(whole.get("maxLength", LONGEST), LONGEST)
        draw = drawing(pattern) if isinstance(pattern, str) else lambda: alphanumeric(most)
        if draw is None:
            return None
        # A pattern may tell no more than what texts begin with.
        fixed = draw() if draw() == draw() else None
        make = draw if fixed is None else lambda: fixed + alphanumeric(ROOM)
        return (lambda _: make()) if self._contract.accepts(schema, make()) else None

    def _of_parent(self, name: str, schema: Node, otherwise: Producer | None) -> Producer | None:
        """How a property comes about that names what the entity is below, as the path of the request does."""
        parent = self._parents.get(plain(name))
        if parent is None or self._is_id(name):
            return otherwise
        is_whole = "string" not in (types := self._contract.types(schema)) and bool(types & {"integer", "number"})
        accepts, instead = self._contract.acceptance(schema), otherwise or Constant(None)

        def make(call: Call[Any, Any]) -> Any:
            text = call.path_parameters.get(parent, "")
            value = int(text) if is_whole and INTEGER.fullmatch(text) else text
            return value if accepts(value) else instead(call)

        return make if otherwise or accepts(None) else otherwise

    def _is_id(self, name: str) -> bool:
        """Whether a property of the entity tells it from others."""
        if self._identifier is None or name == self._identifier:
            return name == self._identifier
        mine, known = words(name), words(self._identifier)
        return len(mine) > 1 and mine[:-1] == known[:-1] and mine[-1] in OWN_IDS

    def _sampled(self, schema: Node, name: str) -> Producer:
        """A made-up value, made once for each schema and name of a property, however often these occur."""
        key = (id(schema), name)
        if key not in self._known:
            # With the schema, which keeps another one from having the same id.
            self._known[key] = schema, _template(self._sampler.value(schema, name), literal=True)
        return self._known[key][1]

    def _holds_entity(self, schema: Any) -> bool:
        return isinstance(schema, dict) and any(node is self.entity for node, _ in self._objects(schema, 2))

    def _object(self, node: Node, example: Any, depth: int, *, is_entity: bool = False) -> Producer:
        required = self._contract.required(node)
        given = example if isinstance(example, dict) else {}
        fields: dict[str, Producer] = {}
        echoed: list[tuple[str, Any, Any]] = []
        chosen: list[str] = []
        self._open.add(id(node))
        for name, schema in self._contract.properties(node).items():
            if self._contract.is_flagged(schema, "writeOnly"):
                continue
            if is_entity and self._echoes(name, schema):
                made = self._made_unless_told(name, schema, given.get(name))
                fields[name] = made or Constant(None)
                if made is None:
                    echoed.append((name, *self._without_input(name, schema, required=name in required)))
                else:
                    chosen.append(name)
                continue
            called = "id" if is_entity and self._is_id(name) else name
            make = self.value(called, schema, given.get(name), required=name in required, depth=depth + 1)
            if is_entity:
                make = self._of_parent(name, schema, make)
                tell = self._telling(name, schema)
                make = make if tell is None else tell(make)
            if make is not None:
                fields[name] = make
        self._open.discard(id(node))
        return Entity(fields, echoed, chosen) if is_entity else Object(fields)

    def _made_unless_told(self, name: str, schema: Node, example: Any) -> Producer | None:
        """How an id or a moment comes about that a request may tell, but need not; None for other values."""
        node = self._contract.follow(schema)[0]
        called = "id" if self._is_id(name) else name
        # Null may be said of a moment that is not the object's own.
        if called != "id" and "null" in self._contract.types(self.requested[name]) and not BEGINNING.search(name):
            return None
        if "default" in node:
            return None
        made = made_up(called, node, self._contract.types(node), example, required=False)
        if made and self._contract.accepts(schema, compile_template(made[0])(_Trial())):
            return _template(made[0])
        return self._drawn(schema, merge_parts(self._contract, node)) if called.lower() in OWN_ID else None

    def _echoes(self, name: str, schema: Node) -> bool:
        """Whether a property of the entity is what the request says."""
        stated = extension("generate", schema, self._contract.follow(schema)[0]) is not None
        return not stated and name in self.requested and self._alike(schema, self.requested[name])

    def _without_input(self, name: str, schema: Node, *, required: bool) -> tuple[Any, Any]:
        """What an echoed property is where the request does not have it, and where it has null."""
        unstated = self._unstated(name, schema, required=required)
        types = self._contract.types(schema)
        if self._omit_nulls and not required:
            return ABSENT if unstated is None else unstated, ABSENT
        return unstated, unstated if types and "null" not in types else None

    def _unstated(self, name: str, schema: Node, *, required: bool) -> Any:
        """What an echoed property is when the request says nothing of it."""
        asked = self.requested[name]
        for stating in (schema, self._contract.follow(schema)[0], asked, self._contract.follow(asked)[0]):
            if "default" in stating:
                return stating["default"]
        if not required:
            return ABSENT
        types = self._contract.types(schema)
        zero = next((value for kind, value in ZEROS if kind in types), ABSENT)
        if zero is not ABSENT and self._contract.accepts(schema, zero):
            return zero
        return self._sampler.value(schema, name)


class _Trial:
    """A context by which a template is tried before there is a call."""

    moment, number, facts, drawn = 1_700_000_000.0, 1, dict[str, Any](), None
    path_parameters: Mapping[str, str] = {}


def _template(template: Any, *, literal: bool = False) -> Producer:
    return Constant(template) if literal or is_constant(template) else compile_template(template)
