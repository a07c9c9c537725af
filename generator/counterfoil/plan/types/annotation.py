"""Type annotations as small immutable trees, and the Python expressions they are printed as."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Origin = Literal["builtin", "abc", "typing", "pydantic", "support", "model"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name and where it comes from: `builtin`, `typing`, `pydantic`, the support modules, or the models."""

    name: str
    origin: Origin = "builtin"


@dataclass(frozen=True, slots=True)
class ListOf:
    """`list[item]`."""

    item: "Annotation"


@dataclass(frozen=True, slots=True)
class TupleOf:
    """`tuple[first, second]`."""

    items: tuple["Annotation", ...]


@dataclass(frozen=True, slots=True)
class DictOf:
    """`dict[str, value]`."""

    value: "Annotation"


@dataclass(frozen=True, slots=True)
class Choice:
    """`Literal[…]` of strings, integers, booleans and None."""

    values: tuple[str | int | bool | None, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """`first | second`."""

    arms: tuple["Annotation", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """Metadata in `Annotated`: `name(argument, …, keyword=…)`. Arguments are annotations, or JSON values to be quoted.

    `raw` arguments are names printed as they stand.
    """

    name: Name
    arguments: tuple[Any, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()
    raw: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotated:
    """`Annotated[base, …]`."""

    base: "Annotation"
    metadata: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Omittable:
    """`Omittable[inner]`: None stands for an absent property, an explicit null is refused."""

    inner: "Annotation"


Annotation = Name | ListOf | TupleOf | DictOf | Choice | Union | Annotated | Omittable
_NODES = (Name, ListOf, TupleOf, DictOf, Choice, Union, Annotated, Omittable)

ANY = Name("Any", "typing")
NONE = Name("None")
STR = Name("str")
BOOL = Name("bool")


def support(name: str) -> Name:
    """A name of the support modules."""
    return Name(name, "support")


def model(name: str) -> Name:
    """The name of a generated class or alias."""
    return Name(name, "model")


def field(**keywords: Any) -> Call:
    """`Field(…)` of pydantic."""
    return Call(Name("Field", "pydantic"), keywords=tuple(keywords.items()))


def annotated(base: Annotation, *metadata: Call) -> Annotation:
    """`base` with more metadata; `base` itself without any."""
    if not metadata:
        return base
    if isinstance(base, Annotated):
        return Annotated(base.base, (*base.metadata, *metadata))
    return Annotated(base, metadata)


def union(*arms: Annotation) -> Annotation:
    """The union of the arms, each once, nested ones flattened, texts in one `Literal`, None last; `Any` if one is."""
    flat: list[Annotation] = []
    for arm in arms:
        flat += arm.arms if isinstance(arm, Union) else (arm,)
    texts = [arm for arm in flat if isinstance(arm, Choice) and all(isinstance(value, str) for value in arm.values)]
    if len(texts) > 1:
        every = Choice(tuple(dict.fromkeys(value for arm in texts for value in arm.values)))
        flat = [every if arm is texts[0] else arm for arm in flat if arm is texts[0] or arm not in texts]
    distinct = list({show(arm): arm for arm in flat}.values())  # not by equality: to Python, 1 is True
    if ANY in distinct:
        return ANY
    distinct.sort(key=lambda arm: arm == NONE)
    return distinct[0] if len(distinct) == 1 else Union(tuple(distinct))


def admits_none(annotation: Annotation) -> bool:
    """Whether None visibly belongs to the annotated type."""
    match annotation:
        case Union(arms):
            return any(map(admits_none, arms))
        case Annotated(base):
            return admits_none(base)
        case Choice(values):
            return None in values
        case Omittable():
            return True
        case _:
            return annotation in (NONE, ANY)


def is_model(annotation: Annotation) -> bool:
    """Whether an annotation is the name of a generated class or alias."""
    return isinstance(annotation, Name) and annotation.origin == "model"


def is_plain(annotation: Annotation) -> bool:
    """Whether an annotation is readable wherever it is used: a name, a list or mapping of it, or null beside it."""
    match annotation:
        case ListOf(inner) | DictOf(inner):
            return is_plain(inner)
        case Union(arms):
            return len(arms) == 2 and NONE in arms and all(map(is_plain, arms))
        case _:
            return isinstance(annotation, Name)


def show(annotation: Annotation, strict: bool = False) -> str:
    """The Python expression of an annotation.

    `strict` prints booleans as `StrictBool`, for places outside of a class whose configuration is strict.
    """
    match annotation:
        case Name(name):
            return "StrictBool" if strict and annotation == BOOL else name
        case ListOf(item):
            return f"list[{show(item, strict)}]"
        case TupleOf(items):
            return f"tuple[{', '.join(show(item, strict) for item in items)}]"
        case DictOf(value):
            return f"dict[str, {show(value, strict)}]"
        case Choice(values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case Union(arms):
            return " | ".join(show(arm, strict) for arm in arms)
        case Annotated(base, metadata):
            return f"Annotated[{show(base, strict)}, {', '.join(show_call(call) for call in metadata)}]"
        case Omittable(inner):
            return f"Omittable[{show(inner, strict)}]"


def show_call(call: Call) -> str:
    """The Python expression of a piece of metadata, whose types are read outside of the class that it stands in."""
    arguments = [show(value, strict=True) if isinstance(value, _NODES) else repr(value) for value in call.arguments]
    arguments += [name.name for name in call.raw]
    arguments += [f"{keyword}={value!r}" for keyword, value in call.keywords]
    return f"{call.name.name}({', '.join(arguments)})"


def names(annotation: Annotation, strict: bool = False) -> Iterator[Name]:
    """Every name that the expression of an annotation needs, builtins left out."""
    match annotation:
        case Name(origin=origin):
            if strict and annotation == BOOL:
                yield Name("StrictBool", "pydantic")
            elif origin != "builtin":
                yield annotation
        case ListOf(inner) | DictOf(inner):
            yield from names(inner, strict)
        case Omittable(inner):
            yield support("Omittable")
            yield from names(inner, strict)
        case Choice():
            yield Name("Literal", "typing")
        case Union(parts) | TupleOf(parts):
            for part in parts:
                yield from names(part, strict)
        case Annotated(base, metadata):
            yield Name("Annotated", "typing")
            yield from names(base, strict)
            for call in metadata:
                yield from call_names(call)


def call_names(call: Call) -> Iterator[Name]:
    """Every name that the expression of a piece of metadata needs."""
    yield call.name
    yield from call.raw
    for value in call.arguments:
        if isinstance(value, _NODES):
            yield from names(value, strict=True)
