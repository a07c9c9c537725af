"""One value for a schema, made top down; what a first try got wrong is decided otherwise in the next one.

Places are tuples of property names and indexes, from the root of the value.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from counterfoil.stub.answers.values import scalars
from counterfoil.stub.answers.values.generated import generated
from counterfoil.stub.answers.values.merging import merge_parts, unite
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, extension
from counterfoil.stub.directions import Flag

Place = tuple[str | int, ...]

DEEPEST = 24  # objects and arrays inside each other
DEEP = 5  # from here on what is optional and nested is left out
MANY = 300  # values, from which on likewise
TOO_MANY = 3000  # from which on everything that is optional is
REPEATS = 2  # times that a schema may stand within itself
KINDS = ("object", "array", "string", "integer", "number", "boolean", "null")
OBJECT = frozenset({"properties", "required", "additionalProperties", "minProperties", "patternProperties"})
ARRAY = frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"})
WRONG: tuple[Any, ...] = ("string", 1, True, {}, [])  # one of these fits no narrow schema


class Decisions:
    """What is to be decided otherwise than by default, by place: the n-th alternative, or to leave out.

    `first` is the alternative that is tried before any decision, -1 where it is drawn.
    """

    def __init__(self, first: int) -> None:
        self.first = first
        self.alternatives: dict[Place, int] = {}
        self.left_out: set[Place] = set()
        self.unions: dict[Place, int] = {}
        self.optional: set[Place] = set()
        self.exclusive: dict[Place, bool] = {}


class Maker:
    """Makes one value.

    `stated` says whether examples and defaults of schemas are taken, `lists` how many items lists have, `keys` what the
    properties of maps are called, `hidden` which properties there are none of.
    """

    def __init__(
        self,
        contract: ContractTree,
        random: Random,
        decisions: Decisions,
        *,
        stated: bool,
        lists: tuple[int, int],
        keys: Sequence[str],
        hidden: Flag,
    ) -> None:
        self._contract = contract
        self._random = random
        self._decisions = decisions
        self._stated = stated
        self._lists = lists
        self._keys, self._hidden = keys, hidden
        self._made = 0
        self._open: dict[int, int] = {}

    def value(self, schema: Any, name: str = "", place: Place = ()) -> Any:
        """A value for a property `name` with this schema; None where nothing can be told."""
        if not isinstance(schema, Mapping):
            return None
        self._made += 1
        followed = self._contract.follow(schema)[0]
        key = id(followed)
        self._open[key] = self._open.get(key, 0) + 1
        merged = self.merged(schema)
        try:
            made = self._of(merged, name, place)
        finally:
            self._open[key] -= 1
        if isinstance(made, dict) and "discriminator" in merged:
            self._name_kind(made, merged, followed)
        return made

    def merged(self, schema: Node) -> Node:
        """A schema with what it refers to and the parts of its `allOf` put into it."""
        return merge_parts(self._contract, schema)

    def _of(self, schema: Node, name: str, place: Place) -> Any:
        depth = len(place)
        values = _stated_values(schema, examples=self._stated)
        if "const" in schema:
            return schema["const"]
        if (template := extension("generate", schema)) is not None and depth <= DEEPEST:
            return generated(template, self._random)
        if values and depth <= DEEPEST:
            if "enum" in schema and not self._stated:
                return self._pick(values, place)
            turn = self._decisions.alternatives.get(place, 0)
            self._decisions.unions[place] = len(values) + 3
            if turn < len(values):
                return values[turn]
        for keyword in ("oneOf", "anyOf"):
            if branches := [branch for branch in schema.get(keyword) or () if isinstance(branch, Mapping)]:
                return self._union(schema, keyword, branches, name, place)
        kind = self._kind(schema, place)
        if kind is None or depth > DEEPEST:
            return None
        if kind == "object":
            return self._object(schema, place)
        if kind == "array":
            return self._array(schema, name, place)
        if kind == "string":
            return scalars.text(name, schema, self._random, self._contract.accepts)
        if kind in ("integer", "number"):
            return scalars.number(name, schema, self._random, whole=kind == "integer")
        return None if kind == "null" else self._random.random() < 0.5 if not self._stated else True

    def _pick(self, values: list[Any], place: Place) -> Any:
        turn = self._decisions.alternatives.get(place)
        self._decisions.unions[place] = len(values)
        return self._random.choice(values) if turn is None else values[turn % len(values)]

    def _kind(self, schema: Node, place: Place) -> str | None:
        types = self._contract.types(schema)
        if not types:
            types = {kind for kind, keywords in (("object", OBJECT), ("array", ARRAY)) if keywords & schema.keys()}
            types = types or ({"string"} if {"pattern", "minLength", "format"} & schema.keys() else set())
            types = types or ({"number"} if {"minimum", "maximum", "multipleOf"} & schema.keys() else set())
        kinds = [kind for kind in KINDS if kind in types]
        if len(kinds) > 1:
            self._decisions.unions[place] = max(len(kinds), self._decisions.unions.get(place, 0))
        return kinds[self._decisions.alternatives.get(place, 0) % len(kinds)] if kinds else None

    def _union(self, schema: Node, keyword: str, branches: list[Node], name: str, place: Place) -> Any:
        own = {key: part for key, part in schema.items() if key not in (keyword, "discriminator", "title")}
        shallow = sorted(branches, key=lambda branch: self._is_open(branch) or self._is_null(branch))
        options = shallow + self._within(shallow)
        turn = self._decisions.alternatives.get(place)
        self._decisions.unions[place] = len(options)
        if turn is None:
            turn = 0 if self._stated else self._random.randrange(len(branches))
        chosen = options[turn % len(options)]
        whole: dict[str, Any] = {}
        unite(whole, own)
        unite(whole, self.merged(chosen))
        key = id(self._contract.follow(chosen)[0])
        self._open[key] = self._open.get(key, 0) + 1
        try:
            value = self._of(whole, name, place)
        finally:
            self._open[key] -= 1
        if keyword == "oneOf" and isinstance(value, dict) and self._decisions.exclusive.setdefault(place, False):
            self._exclude(value, whole, [branch for branch in options if branch is not chosen])
        tag = (schema.get("discriminator") or NOTHING).get("propertyName")
        if isinstance(value, dict) and tag:
            self._tag(value, tag, chosen, schema["discriminator"], whole)
        return value

    def _within(self, branches: list[Node]) -> list[Node]:
        """The branches of branches that are unions themselves, which can be chosen one by one."""
        return [
            inner
            for branch in map(self.merged, branches)
            if "properties" not in branch
            for inner in (branch.get("oneOf") or branch.get("anyOf") or ())
            if isinstance(inner, Mapping)
        ]

    def _exclude(self, value: dict[str, Any], own: Node, others: list[Node]) -> None:
        """Add to an object what its own schema does not speak of and those of other branches refuse."""
        known = own.get("properties") or NOTHING
        if own.get("additionalProperties", True) is not True:
            return
        for other in others:
            if not self._contract.accepts(other, value):
                continue
            for name, node in (self.merged(other).get("properties") or NOTHING).items():
                wrong = next((each for each in WRONG if not self._contract.accepts(node, each)), None)
                if name not in known and wrong is not None:
                    value[name] = wrong
                    break

    def _tag(self, value: dict[str, Any], tag: str, branch: Node, discriminator: Node, whole: Node) -> None:
        """Put the discriminator's value for a branch, where the branch does not state it itself."""
        reference = str(branch.get("$ref", ""))
        mapping = discriminator.get("mapping") or NOTHING
        named = next((key for key, target in mapping.items() if target == reference), reference.rpartition("/")[2])
        schema = self.merged((whole.get("properties") or NOTHING).get(tag, {"type": "string"}))
        if named and "const" not in schema and self._contract.accepts(schema, named):
            value[tag] = named

    def _name_kind(self, value: dict[str, Any], schema: Node, own: Node) -> None:
        """Let an object say of which of the kinds it is that only a discriminator names: its `own`, else the first."""
        tag = schema["discriminator"].get("propertyName")
        mapping = schema["discriminator"].get("mapping") or NOTHING
        stated = (schema.get("properties") or NOTHING).get(tag)
        if stated is None or not mapping or not isinstance(value.get(tag), str) or value[tag] in mapping:
            return
        local = {key: target for key, target in mapping.items() if str(target).startswith("#/")}
        targets = {key: self._contract.follow({"$ref": target})[0] for key, target in local.items()}
        named = next((key for key, target in targets.items() if target is own), next(iter(mapping)))
        if self._contract.accepts(stated, named):
            value[tag] = named

    def _object(self, schema: Node, place: Place) -> dict[str, Any]:
        required = set(schema.get("required") or ())
        properties = schema.get("properties") or {}
        most = schema.get("maxProperties", TOO_MANY)
        made: dict[str, Any] = {}
        for name, node in properties.items():
            if not isinstance(node, Mapping) or self._contract.is_flagged(node, self._hidden):
                continue
            here = (*place, name)
            if name not in required:
                self._decisions.optional.add(here)
                if here in self._decisions.left_out or len(made) >= most or self._is_too_much(node, here):
                    continue
            made[name] = self.value(node, name, here)
        for name in required - properties.keys():
            made[name] = self.value(self._other(schema, name), name, (*place, name))
        self._more(schema, made, place)
        return made

    def _other(self, schema: Node, name: str) -> Any:
        """The schema of a property that is not among the properties."""
        for pattern, node in (schema.get("patternProperties") or NOTHING).items():
            if self._contract.accepts({"pattern": pattern}, name):
                return node
        other = schema.get("additionalProperties")
        return other if isinstance(other, Mapping) and other else {"type": "string"}

    def _more(self, schema: Node, made: dict[str, Any], place: Place) -> None:
        """Properties of a map: as many as there must be, else the usual ones if what they hold is stated."""
        other = schema.get("additionalProperties")
        patterns = list(schema.get("patternProperties") or ())
        least = int(schema.get("minProperties", 0))
        described = (isinstance(other, Mapping) and bool(other)) or bool(patterns)
        wanted = max(least, len(self._keys) if described and not schema.get("properties") and len(place) < DEEP else 0)
        if schema.get("maxProperties") == 0 or (place in self._decisions.left_out and not least):
            return
        node = schema.get("patternProperties", {}).get(patterns[0]) if patterns else other
        if described and not least and isinstance(node, Mapping) and self._is_too_much(node, (*place, "")):
            return
        if wanted > len(made):
            self._decisions.optional.add(place)
        for number in range(1, TOO_MANY):
            if len(made) >= wanted:
                return
            name = self._new_name(schema, patterns, number)
            made.setdefault(name, self.value(self._other(schema, name), name, (*place, name)))

    def _new_name(self, schema: Node, patterns: list[str], number: int) -> str:
        names = self.merged(schema.get("propertyNames") or {})
        if patterns:
            names = {"pattern": patterns[0], **names}
        if "enum" in names or "const" in names:
            listed = names.get("enum") or [names["const"]]
            return str(listed[(number - 1) % len(listed)])
        if names:
            return scalars.text("", {"minLength": number, **names}, self._random, self._contract.accepts)
        return self._keys[number - 1] if number <= len(self._keys) else f"{self._keys[0]}{number}"

    def _array(self, schema: Node, name: str, place: Place) -> list[Any]:
        least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", TOO_MANY))
        prefix = schema.get("prefixItems") or []
        items = schema.get("items")
        if (place in self._decisions.left_out and not least) or most == 0:
            return []
        self._decisions.optional.add(place)
        deep = isinstance(items, Mapping) and self._is_too_much(items, (*place, 0))
        wanted = max(least, len(prefix), 0 if deep or items is False else self._random.randint(*self._lists))
        found: list[Any] = []
        inner = schema.get("contains")
        if items is None and isinstance(inner, Mapping):
            items, wanted = inner, max(wanted, int(schema.get("minContains", 1)))
        singular = name.removesuffix("s")
        for index in range(min(wanted, most)):
            node = prefix[index] if index < len(prefix) else items
            if node is False:
                break
            if not isinstance(node, Mapping):
                node = {"type": "string"} if index < least else None
            if node is None:
                break
            value = self.value(node, singular, (*place, index))
            tries = 0
            while schema.get("uniqueItems") and value in found and tries < 20:
                tries += 1
                self._decisions.alternatives[(*place, index)] = index + tries - 1
                stated, self._stated = self._stated, self._stated and tries < 5
                value = self.value(node, singular, (*place, index))
                self._stated = stated
            if schema.get("uniqueItems") and value in found and index >= least:
                break
            found.append(value)
        return found

    def _is_too_much(self, node: Node, place: Place) -> bool:
        """Whether an optional value is left out so that the whole does not grow without end."""
        if self._made > TOO_MANY or self._is_open(node):
            return True
        if len(place) <= DEEP and self._made <= MANY:
            return False
        types = self._contract.types(node)
        return not types or bool(types & {"object", "array"})

    def _is_open(self, node: Node) -> bool:
        """Whether a value for this schema is being made already, as often as is fine."""
        return self._open.get(id(self._contract.follow(node)[0]), 0) >= REPEATS

    def _is_null(self, node: Node) -> bool:
        return self._contract.types(node) == {"null"}


def _stated_values(schema: Node, *, examples: bool) -> list[Any]:
    """The values that a schema itself states, the likeliest first."""
    values: list[Any] = []
    if examples:
        if "example" in schema:
            values.append(schema["example"])
        listed = schema.get("examples")
        values += listed if isinstance(listed, list) else []
        if "default" in schema:
            values.append(schema["default"])
    enum = schema.get("enum")
    return values + (enum if isinstance(enum, list) else [])
