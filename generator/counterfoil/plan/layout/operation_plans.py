"""Which type reads and writes each body of each operation."""

from collections.abc import Iterable, Mapping, Sequence

from counterfoil.plan.models import BodyPlan, OperationPlan, ResponsePlan
from counterfoil.plan.operations import Body, Operation, is_json
from counterfoil.plan.types.annotation import Annotation, Name, names, show

_MODELLED = frozenset(("application/x-www-form-urlencoded", "multipart/form-data", "application/*", "*/*"))


def plan_operations(
    found: Sequence[Operation], bodies: Iterable[Body], types: Mapping[str, Annotation]
) -> tuple[OperationPlan, ...]:
    """Every operation with the types of its bodies; `types` are those of the schemas, by pointer."""
    grouped: dict[str, list[BodyPlan]] = {operation.pointer: [] for operation in found}
    for body in bodies:
        grouped[body.operation.pointer].append(_plan_body(body, types))
    return tuple(_plan_operation(operation, grouped[operation.pointer]) for operation in found)


def body_names(body: Body, types: Mapping[str, Annotation]) -> frozenset[Name]:
    """The names that the type of a body needs."""
    return frozenset(names(_type(body, types), strict=True)) if body.media_type else frozenset()


def is_modelled(body: Body) -> bool:
    """Whether a body is read by the type of its schema: JSON is, and so are forms, and what may be any of these."""
    return is_json(body.media_type) or body.media_type.partition(";")[0].strip().lower() in _MODELLED


def _type(body: Body, types: Mapping[str, Annotation]) -> Annotation:
    """JSON is read as its schema says; text is text; anything else, or JSON of no known shape, is not told."""
    essence = body.media_type.partition(";")[0].strip().lower()
    if is_modelled(body):
        return types.get(body.pointer, Name("Any", "typing"))
    return Name("str") if essence.startswith("text/") or essence.endswith(("xml", "yaml")) else Name("bytes")


def _plan_body(body: Body, types: Mapping[str, Annotation]) -> BodyPlan:
    operation = body.operation
    common = (operation.name, operation.method, operation.path, body.direction, body.status, body.media_type)
    if not body.media_type:
        return BodyPlan(*common, "")
    annotation = _type(body, types)
    uses = tuple(sorted({name.name for name in names(annotation) if name.origin == "model"}))
    return BodyPlan(*common, show(annotation, strict=True), uses, body.required)


def _plan_operation(operation: Operation, bodies: Sequence[BodyPlan]) -> OperationPlan:
    responses: dict[str, list[BodyPlan]] = {}
    for body in bodies:
        if body.direction == "response":
            responses.setdefault(body.status, []).extend([body] if body.type else [])
    identifier, summary = operation.node.get("operationId"), operation.node.get("summary")
    return OperationPlan(
        operation.name,
        identifier if isinstance(identifier, str) else "",
        operation.method,
        operation.path,
        summary if isinstance(summary, str) else "",
        tuple(body for body in bodies if body.direction == "request"),
        tuple(ResponsePlan(status, tuple(group)) for status, group in responses.items()),
    )
