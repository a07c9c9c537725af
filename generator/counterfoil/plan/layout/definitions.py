"""From drafts of classes, enums and aliases to the plans that are printed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.plan.models import AliasPlan, ClassPlan, Definition, EnumPlan, FieldPlan, MemberPlan
from counterfoil.plan.schema.directions import Divided
from counterfoil.plan.schema.facts import Facts
from counterfoil.plan.schema.schemas import Schemas
from counterfoil.plan.types.annotation import (
    NONE,
    Name,
    Omittable,
    admits_none,
    annotated,
    call_names,
    field,
    names,
    show,
    show_call,
    support,
    union,
)
from counterfoil.plan.types.drafts import Draft, FieldDraft


@dataclass(frozen=True)
class Planned:
    """A definition with the names its expressions need; `eager` if it is evaluated where it stands in its module."""

    definition: Definition
    uses: frozenset[Name]
    eager: bool = False

    @property
    def models(self) -> list[str]:
        """The names of other definitions that it needs, sorted."""
        return sorted(name.name for name in self.uses if name.origin == "model" and name.name != self.definition.name)


def plan_definitions(drafts: Mapping[str, Draft], schemas: Schemas, divided: Divided) -> dict[str, Planned]:
    """Each draft as it will be printed, by name. `divided` tells where in the contract its schema stands."""
    facts = Facts(schemas)
    circular = _circular(drafts)
    homes = {name: schemas.home(draft.schema) for name, draft in drafts.items()}
    refs = {name: f"Ref: #{divided.origin(home)}" if home else "" for name, home in homes.items()}
    return {name: _plan(draft, refs[name], facts, drafts.keys(), name in circular) for name, draft in drafts.items()}


def document(schema: Any) -> str:
    """What a schema says about itself."""
    text = schema.get("description") if isinstance(schema, dict) else None
    return text if isinstance(text, str) else ""


def _plan(draft: Draft, ref: str, facts: Facts, taken: Iterable[str], circular: bool) -> Planned:
    doc = document(draft.schema)
    if draft.members:
        listed = tuple(MemberPlan(member.name, member.value, member.doc) for member in draft.members)
        return Planned(EnumPlan(draft.name, ref, doc, listed), frozenset((support("NamedInteger"),)), eager=True)
    if draft.fields is not None:
        return _plan_class(draft, ref, doc, facts, taken)
    annotation = draft.annotation if draft.annotation is not None else Name("Any", "typing")
    if circular:
        uses = frozenset((support("Root"), *names(annotation)))
        return Planned(AliasPlan(draft.name, ref, doc, show(annotation), "root"), uses)
    uses = frozenset((Name("TypeAlias", "typing"), *names(annotation, strict=True)))
    return Planned(AliasPlan(draft.name, ref, doc, show(annotation, strict=True)), uses, eager=True)


def _plan_class(draft: Draft, ref: str, doc: str, facts: Facts, taken: Iterable[str]) -> Planned:
    base = "Closed" if draft.closed else "Model"
    uses: set[Name] = {support(base)}
    fields = []
    for entry in draft.fields or ():
        plan, needed = _plan_field(entry, facts, taken)
        fields.append(plan)
        uses |= needed
    rules = values = ""
    if draft.rules is not None:
        rules = f"ClassVar[{draft.rules.name.name}] = {show_call(draft.rules)}"
        uses |= {Name("ClassVar", "typing"), *call_names(draft.rules)}
    if draft.values is not None:
        values = show(draft.values)
        uses |= set(names(draft.values))
    return Planned(ClassPlan(draft.name, ref, doc, base, tuple(fields), rules, values), frozenset(uses))


def _plan_field(entry: FieldDraft, facts: Facts, taken: Iterable[str]) -> tuple[FieldPlan, set[Name]]:
    annotation, default = entry.annotation, ""
    if facts.accepts_null(entry.schema) and not admits_none(annotation):
        annotation = union(annotation, NONE)
    if not entry.required:
        default = "None"
        annotation = annotation if admits_none(annotation) else Omittable(annotation)
    name = f"{entry.name}_" if entry.name in taken else entry.name
    if name != entry.key:
        annotation = annotated(annotation, field(alias=entry.key))
    plan = FieldPlan(name, entry.key, show(annotation), default, document(entry.schema))
    return plan, set(names(annotation))


def _circular(drafts: Mapping[str, Draft]) -> set[str]:
    """The aliases that lead back to themselves through other aliases."""
    needs = {
        name: [used.name for used in names(draft.annotation) if used.origin == "model"]
        for name, draft in drafts.items()
        if draft.annotation is not None
    }
    found: set[str] = set()
    state: dict[str, int] = {}
    for start in needs:
        stack = [(start, iter(needs[start]))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            name, rest = stack[-1]
            following = next((other for other in rest if other in needs and state.get(other) != 2), None)
            if following is None:
                state[name] = 2
                stack.pop()
            elif state.get(following) == 1:
                found.add(following)
            else:
                state[following] = 1
                stack.append((following, iter(needs[following])))
    return found
