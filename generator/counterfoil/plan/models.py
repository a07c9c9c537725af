"""The plan of a package of models: plain values that templates print, everything decided."""

from dataclasses import dataclass, field
from typing import Literal

from counterfoil.plan.names.naming import import_order


@dataclass(frozen=True)
class FieldPlan:
    """A field. `key` is the property's name, `default` the expression after `=`, empty for a required field."""

    name: str
    key: str
    annotation: str
    default: str = ""
    doc: str = ""


@dataclass(frozen=True)
class ClassPlan:
    """A class of fields.

    `ref` says where its schema stands, empty for one that stands nowhere; `base` a class of the support modules;
    `rules` annotation and value of what is checked beside the fields, `values` the annotation of properties that are no
    fields, both empty without such.
    """

    name: str
    ref: str
    doc: str
    base: str
    fields: tuple[FieldPlan, ...]
    rules: str = ""
    values: str = ""
    kind: Literal["class"] = "class"


@dataclass(frozen=True)
class MemberPlan:
    """A member of an enum."""

    name: str
    value: int
    doc: str = ""


@dataclass(frozen=True)
class EnumPlan:
    """Integers with names."""

    name: str
    ref: str
    doc: str
    members: tuple[MemberPlan, ...]
    kind: Literal["enum"] = "enum"


@dataclass(frozen=True)
class AliasPlan:
    """A name for an annotation. One that refers to itself is a `root` class, since an alias cannot."""

    name: str
    ref: str
    doc: str
    annotation: str
    kind: Literal["alias", "root"] = "alias"


Definition = ClassPlan | EnumPlan | AliasPlan


@dataclass(frozen=True)
class ImportPlan:
    """`from module import names`."""

    module: str
    names: tuple[str, ...]


ImportGroup = tuple[ImportPlan, ...]


@dataclass(frozen=True)
class ModulePlan:
    """A module of definitions, in the order in which they are printed."""

    name: str
    doc: str
    imports: tuple[ImportGroup, ...]
    definitions: tuple[Definition, ...]

    @property
    def exports(self) -> tuple[str, ...]:
        """The names of its definitions, sorted."""
        return tuple(sorted((definition.name for definition in self.definitions), key=import_order))


@dataclass(frozen=True)
class BodyPlan:
    """The type of one body of an operation.

    `status` is empty for a request; `media_type` and `type` are empty for a response without content. `type` is an
    expression of names that the models export; `uses` are those names.
    """

    operation: str
    method: str
    path: str
    direction: Literal["request", "response"]
    status: str
    media_type: str
    type: str
    uses: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class ResponsePlan:
    """A response with its bodies, none where it has no content; `status` as the contract writes it."""

    status: str
    bodies: tuple[BodyPlan, ...]


@dataclass(frozen=True)
class OperationPlan:
    """An operation with its bodies: `name` is in snake case, `id` the operationId as written, empty without one."""

    name: str
    id: str
    method: str
    path: str
    summary: str
    requests: tuple[BodyPlan, ...]
    responses: tuple[ResponsePlan, ...]

    @property
    def request_required(self) -> bool:
        """Whether a request without a body breaks the contract."""
        return any(body.required for body in self.requests)


@dataclass(frozen=True)
class ModelsPlan:
    """A package of models. `support` names the support modules that it needs, `schemas` what their checks refer to."""

    title: str
    modules: tuple[ModulePlan, ...]
    operations: tuple[OperationPlan, ...]
    operation_imports: tuple[ImportGroup, ...]
    support: tuple[str, ...]
    schemas: dict[str, object] = field(default_factory=dict)

    @property
    def bodies(self) -> tuple[BodyPlan, ...]:
        """All bodies of all operations."""
        found: list[BodyPlan] = []
        for operation in self.operations:
            found += operation.requests
            for response in operation.responses:
                found += response.bodies
        return tuple(found)

    @property
    def exports(self) -> tuple[ImportPlan, ...]:
        """What the package passes on, module by module, in the order in which it is imported."""
        found = [ImportPlan(module.name, module.exports) for module in self.modules]
        found.append(ImportPlan("operations", ("OPERATIONS",)))
        return tuple(sorted(found, key=lambda item: import_order(item.module)))

    @property
    def names(self) -> frozenset[str]:
        """The names of all classes and aliases."""
        return frozenset(name for module in self.modules for name in module.exports)
