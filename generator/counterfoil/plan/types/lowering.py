"""From schemas to annotations: every schema becomes a finished type that accepts exactly what the schema accepts.

Pydantic's own types and constraints are used wherever they mean the same. What they cannot say becomes a `Check` in
JSON Schema's own words, on the annotation or as the `rules` of a class.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.plan.names.inline_names import InlineNames, variant_label
from counterfoil.plan.names.naming import Names, attribute_name, class_name, item_name
from counterfoil.plan.schema import keywords
from counterfoil.plan.schema.facts import Facts, type_of
from counterfoil.plan.schema.schemas import UNEVALUATED, Schema, Schemas, assertions, bare, is_intricate, refers, types
from counterfoil.plan.types import scalars
from counterfoil.plan.types.annotation import (
    ANY,
    BOOL,
    NONE,
    Annotated,
    Annotation,
    Call,
    DictOf,
    ListOf,
    Name,
    Union,
    annotated,
    is_model,
    is_plain,
    model,
    support,
    union,
)
from counterfoil.plan.types.annotation import field as constraint
from counterfoil.plan.types.composition import best_part, merged_arms
from counterfoil.plan.types.drafts import Draft, FieldDraft, Options
from counterfoil.plan.types.enums import accepted_values, is_named, members
from counterfoil.plan.types.objects import field_schemas, is_class, object_rules

SCHEMAS = support("SCHEMAS")
_LOOSE = ("not", "if", "then", "else")


class Lowering:
    """Turns schemas into annotations and keeps the classes, enums and aliases that these need.

    `named` are the schemas that get a definition of their own wherever they occur: node id → (node, name). `shared`
    are those that share one. `checked` holds the schemas of all checks.
    """

    def __init__(
        self,
        schemas: Schemas,
        named: Mapping[int, tuple[Schema, str]],
        shared: Mapping[int, tuple[Schema, str]],
        inline: InlineNames,
        options: Options,
    ) -> None:
        self.schemas, self.facts, self.options = schemas, Facts(schemas, options.open_enums), options
        self.drafts: dict[str, Draft] = {}
        self.checked: list[Any] = []
        self._named, self._shared, self._inline = named, shared, inline
        self._names = Names(name for _, name in named.values())
        self._made: dict[int, str] = {}
        self._kept: list[Any] = []
        self._pending: deque[tuple[Draft, Schema]] = deque()

    def body(self, schema: Any, name: str) -> Annotation:
        """The annotation of a schema that stands on its own, such as a request body; `name` if it needs a name."""
        found = self.annotation(schema, name)
        self._finish()
        return found if is_plain(found) else self._aliased(schema, name, found)

    def annotation(self, schema: Any, hint: str) -> Annotation:
        """The annotation of any schema; a class that it needs is named by its place, else by `hint`."""
        if isinstance(schema, dict) and id(schema) in self._named:
            return self._define(schema)
        found = self._anonymous(schema, hint)
        if id(schema) in self._shared and isinstance(schema, dict):
            return self._aliased(*self._shared[id(schema)], found)
        return found

    def _define(self, schema: Schema) -> Annotation:
        if self.schemas.flat(schema) == {}:
            return ANY
        if self.facts.kinds(schema) == {"null"} and self.facts.accepts_null(schema):
            return NONE  # Python cannot write `Alias | None` where the alias is None itself
        name = self._named[id(schema)][1]
        if name not in self.drafts:
            self._made[id(schema)] = name
            self.drafts[name] = Draft(name, schema)
            found = self._whole(schema) if is_intricate(schema) else self._anonymous(schema, name)
            if found != model(name):
                self.drafts[name].annotation = found
        return model(name)

    def _anonymous(self, schema: Any, hint: str) -> Annotation:
        own = assertions(schema)
        if own is True or own == {}:
            return ANY
        if own is False:
            return annotated(ANY, self._check(False))
        if own.keys() == {"$ref"}:
            try:
                return self.annotation(self.schemas.resolve(own["$ref"]), hint)
            except LookupError:
                return ANY
        if id(schema) in self._shared:
            return self._lower(*self._shared[id(schema)])
        return self._lower(schema, self._inline.name(schema) or hint)

    def _aliased(self, schema: Schema, name: str, annotation: Annotation) -> Annotation:
        """A name for an annotation that has none; None stays visible beside it."""
        arms = annotation.arms if isinstance(annotation, Union) else (annotation,)
        rest = union(*(arm for arm in arms if arm != NONE))
        if isinstance(rest, Name):
            return annotation
        if self._is_class(schema):
            schema = dict(schema)
        claimed = self._claim(schema, name)
        self.drafts[claimed].annotation = rest
        return union(model(claimed), *([NONE] if NONE in arms else []))

    def _is_class(self, schema: Schema) -> bool:
        draft = self.drafts.get(self._made.get(id(schema), ""))
        return draft is not None and (draft.fields is not None or bool(draft.members))

    def _finish(self) -> None:
        """Lower the fields of all classes that were begun, apart from `annotation`, so that nesting is no depth."""
        while self._pending:
            self._fill(*self._pending.popleft())

    def _lower(self, schema: Schema, name: str) -> Annotation:
        if is_intricate(schema):
            return self._whole(schema)
        flat = self.schemas.flat(schema)
        if flat is None:
            return self._unmergeable(schema, name)
        if flat.keys() & UNEVALUATED:
            rest = {key: value for key, value in flat.items() if key not in UNEVALUATED}
            return self._constrained(schema, rest, name, assertions(schema))
        return self._constrained(schema, flat, name, {})

    def _whole(self, schema: Schema) -> Annotation:
        """A schema that only the checker understands."""
        return annotated(scalars.simple(self.facts.kinds(schema)), self._check(schema))

    def _unmergeable(self, schema: Schema, name: str) -> Annotation:
        """The part of an `allOf` with most properties as the type, all others as its rule."""
        found = best_part(self.schemas, schema)
        if found is None:
            return self._whole(schema)
        part, rule = found
        self._kept.append(part)
        return annotated(self.annotation(part, f"{name}Base"), self._check(rule))

    def _constrained(self, schema: Schema, flat: Schema, name: str, loose: Schema) -> Annotation:
        """A merged schema; `loose` holds keywords that have to be checked beside it."""
        found = {key: flat[key] for key in _LOOSE if key in flat}
        if found:
            flat = {key: value for key, value in flat.items() if key not in found}
            loose = {**found, **loose}
        if "enum" in flat or "const" in flat:
            return self._guarded(self._enum(schema, flat, name, loose), loose)
        for key in ("oneOf", "anyOf"):
            if key in flat:
                return self._union(schema, flat, key, name, loose)
        return self._typed(schema, flat, name, loose)

    def _guarded(self, annotation: Annotation, loose: Schema) -> Annotation:
        return annotated(annotation, self._check(loose)) if loose else annotation

    def _check(self, schema: Any) -> Call:
        rule = bare(schema, self.options.formats)
        self.checked.append(rule)
        return Call(support("Check"), (rule,), raw=(SCHEMAS,) if refers(rule) else ())

    def _enum(self, schema: Schema, flat: Schema, name: str, loose: Schema) -> Annotation:
        plain = {key: value for key, value in flat.items() if key not in ("oneOf", "anyOf")}
        values, rest = accepted_values(plain, self.options.formats)
        rest |= {key: flat[key] for key in flat if key not in plain}
        if not values:
            return annotated(scalars.simple(frozenset(types(flat))), self._check(False))
        if is_named(schema, values):
            return self._guarded(self._named_integers(schema, values, name, alone=not (rest or loose)), rest)
        found = scalars.choice(values)
        if self.options.open_enums and "enum" in flat:
            found = scalars.opened(found, values)
        if found is None:
            kinds = ({"integer"} & kind or kind for kind in map(type_of, values))
            return annotated(scalars.simple(frozenset().union(*kinds)), self._check({"enum": values, **rest}))
        return self._guarded(found, rest)

    def _named_integers(self, schema: Schema, values: list[Any], name: str, alone: bool) -> Annotation:
        """The enum of a schema; it has the schema's own name only if it is `alone`, with nothing beside it."""
        if id(schema) in self._named and (not alone or None in values or self.options.open_enums):
            schema, name = dict(schema), f"{name}Value"
        name = self._claim(schema, name)
        if not self.drafts[name].members:
            self.drafts[name].members = members(schema)
        found = (scalars.opened(model(name), values) if self.options.open_enums else None) or model(name)
        return union(found, NONE) if None in values else found

    def _claim(self, schema: Any, name: str) -> str:
        """The name of the definition of an inline schema: the one it has, else a new one."""
        known = self._made.get(id(schema))
        if known is not None:
            return known
        claimed = self._made[id(schema)] = self._names.claim(name)
        self._kept.append(schema)
        self.drafts[claimed] = Draft(claimed, schema)
        return claimed

    def _union(self, schema: Schema, flat: Schema, key: str, name: str, loose: Schema) -> Annotation:
        rest = {other: value for other, value in flat.items() if other != key}
        arms = merged_arms(self.schemas, self.facts, flat[key], rest)
        if arms is None:
            return self._constrained(schema, rest, name, {key: flat[key], **loose})
        self._kept += arms
        return self._named_union(schema, self._guarded(self._either(arms, key == "oneOf", name), loose), name)

    def _either(self, arms: Sequence[Any], exclusive: bool, name: str) -> Annotation:
        arms = [arm for arm in arms if arm is not False]
        rest = [arm for arm in arms if assertions(arm) != {"type": "null"}]
        if 0 < len(rest) < len(arms) and not (exclusive and any(map(self.facts.accepts_null, rest))):
            found = self._either(rest, exclusive, name)
            return found if exclusive and len(arms) - len(rest) > 1 else union(found, NONE)
        labels = [variant_label(arm) or str(index) for index, arm in enumerate(arms, 1)]
        parts = [
            self.annotation(arm, label if label.startswith(name) else name + label)
            for arm, label in zip(arms, labels, strict=True)
        ]
        if not parts:
            return annotated(ANY, self._check(False))
        both = union(*parts)
        if len(parts) == 1 or (both == ANY and not exclusive):
            return both
        if exclusive and not self.facts.disjoint(arms):
            return annotated(both, Call(support("OneOf"), tuple(parts)))
        tag = self.facts.discriminator(arms)
        if tag is not None and all(self._has_tag(part, tag) for part in parts):
            return annotated(both, constraint(discriminator=self._attribute(tag)))
        return both

    def _named_union(self, schema: Schema, annotation: Annotation, name: str) -> Annotation:
        """A union of classes has a name, one of simple types needs none."""
        rest = union(*(arm for arm in annotation.arms if arm != NONE)) if isinstance(annotation, Union) else annotation
        inner = rest.base if isinstance(rest, Annotated) else rest
        classes = [arm for arm in inner.arms if is_model(arm)] if isinstance(inner, Union) else []
        if len(classes) < 2 or id(schema) in self._named:
            return annotation
        return self._aliased(schema, name, annotation)

    def _attribute(self, key: str) -> str:
        return attribute_name(key, self.options.snake_case)

    def _has_tag(self, annotation: Annotation, tag: str) -> bool:
        """Whether an annotation is a class with a `Literal` for the property `tag`, as pydantic asks for."""
        draft = self.drafts.get(annotation.name) if isinstance(annotation, Name) else None
        if draft is None or draft.fields is None or draft.rules is not None:
            return False
        fields = [entry for entry in draft.fields if entry.key == tag]
        return bool(fields) and fields[0].name == self._attribute(tag)

    def _typed(self, schema: Schema, flat: Schema, name: str, loose: Schema) -> Annotation:
        stated = types(flat)
        if stated != ["object"] and (id(schema) in self._named or set(stated) != {"object", "null"}):
            self._kept.append(flat)
            schema, name = flat, f"{name}Object"
        if "type" in flat:
            parts = [self._one(kind, schema, flat, name, loose if stated == ["object"] else {}) for kind in stated]
            found = union(*parts) if parts else annotated(ANY, self._check(False))
            return found if stated == ["object"] else self._guarded(found, loose)
        spoken = [kind for kind in keywords.OF_TYPE if scalars.speaks_of(kind, flat, self.options.formats)]
        if not spoken:
            return self._guarded(ANY, loose)
        parts = [self._one(kind, schema, flat, name, {}) for kind in spoken]
        other = support(f"Non{spoken[0].title()}")
        if len(spoken) > 1:
            return self._guarded(union(*parts, annotated(ANY, self._check({"not": {"type": spoken}}))), loose)
        return self._guarded(union(*parts, other), loose)

    def _one(self, kind: str, schema: Schema, flat: Schema, name: str, loose: Schema) -> Annotation:
        match kind:
            case "null":
                return NONE
            case "boolean":
                return BOOL
            case "string":
                return scalars.string(flat, self.options.formats)
            case "integer" | "number":
                return scalars.number(flat, kind == "integer", self.options.formats)
            case "array":
                return self._array(flat, name)
            case _:
                return self._object(schema, flat, name, loose)

    def _array(self, flat: Schema, name: str) -> Annotation:
        counted = ("contains", "minContains", "maxContains") if "contains" in flat else ()
        rest: Schema = {key: flat[key] for key in counted if key in flat}
        item = flat.get("items", True)
        found = self.annotation(item, item_name(name)) if item is not False or "prefixItems" not in flat else None
        if "prefixItems" in flat:
            rest |= {key: flat[key] for key in ("prefixItems", "items") if key in flat}
            first = [self.annotation(part, f"{name}Item{n}") for n, part in enumerate(flat["prefixItems"], 1)]
            found = union(*first, *([found] if found else []))
        bounds = scalars.lengths(flat, "minItems", "maxItems")
        metadata = [constraint(**bounds)] if bounds else []
        if flat.get("uniqueItems"):
            metadata.append(Call(support("Unique")))
        if rest:
            metadata.append(self._check(rest))
        return annotated(ListOf(found or ANY), *metadata)

    def _object(self, schema: Schema, flat: Schema, name: str, loose: Schema) -> Annotation:
        if not is_class(flat):
            return self._guarded(self._mapping(flat, name), loose)
        claimed = self._claim(schema, name)
        draft = self.drafts[claimed]
        if draft.fields is None:
            self._begin(draft, flat, loose)
        return model(claimed)

    def _mapping(self, flat: Schema, name: str) -> Annotation:
        values, rest = object_rules(flat)
        value = union(*(self.annotation(part, f"{name}Value") for part in values)) if values else ANY
        bounds = scalars.lengths(flat, "minProperties", "maxProperties")
        metadata = [constraint(**bounds)] if bounds else []
        return self._guarded(annotated(DictOf(value), *metadata), rest)

    def _begin(self, draft: Draft, flat: Schema, loose: Schema) -> None:
        draft.closed = flat.get("additionalProperties", True) is False and "patternProperties" not in flat
        draft.fields = [FieldDraft(*entry) for entry in field_schemas(flat, self.options.snake_case)]
        _, rest = object_rules(flat)
        rules = {**rest, **loose}
        refused = rules.get("properties", {})
        if rules.keys() == {"properties"} and not any(refused.values()):
            draft.rules = Call(support("Refused"), tuple(refused))
        elif rules:
            draft.rules = self._check(rules)
        self._pending.append((draft, flat))

    def _fill(self, draft: Draft, flat: Schema) -> None:
        extra = flat.get("additionalProperties", True)
        if isinstance(extra, dict) and assertions(extra) and "patternProperties" not in flat:
            draft.values = self.annotation(extra, f"{draft.name}Value")
        for entry in draft.fields or ():
            entry.annotation = self.annotation(entry.schema, draft.name + class_name(entry.key))
