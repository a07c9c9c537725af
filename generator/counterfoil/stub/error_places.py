"""Where a value breaks a schema, by the errors of the validator."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import jsonschema_rs

_INDEX = re.compile(r"\+?[0-9]+")
_KINDS = jsonschema_rs.ValidationErrorKind


def place_in(value: Any, path: Iterable[str | int]) -> tuple[str | int, ...]:
    """The steps to a place of `value`, as an error has them, with the names of properties as they are.

    The validator tells a name such as `007` as a number, as if it were an index, and leaves out empty names.
    """
    steps: list[str | int] = []
    for step in path:
        while isinstance(value, Mapping) and (name := _name_in(value, step)) is None and "" in value:
            steps.append("")
            value = value[""]
        if isinstance(value, Mapping) and name is not None:
            steps.append(name)
            value = value[name]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            steps.append(step)
            value = value[step]
        else:
            break
    return tuple(steps)


def _name_in(value: Mapping[str, Any], step: str | int) -> str | None:
    name = str(step)
    if name in value or isinstance(step, str):
        return name if name in value else None
    return next((each for each in value if _INDEX.fullmatch(each) and int(each) == step), None)


def wrong_places(error: jsonschema_rs.ValidationError) -> list[tuple[str | int, ...]]:
    """Where a value is wrong: at what is not allowed itself, else at what holds it.

    What may be one of several things is wrong where the only one of them is that it can be meant to be.
    """
    place = tuple(error.instance_path)
    kind = error.kind
    if isinstance(kind, _KINDS.AdditionalProperties):
        return [(*place, name) for name in kind.unexpected]
    if isinstance(kind, _KINDS.AnyOf | _KINDS.OneOfNotValid):
        meant = [errors for errors in kind.context if not any(_is_another(each, place) for each in errors)]
        if len(meant) == 1:
            return [inner for each in meant[0] for inner in wrong_places(each)]
    return [place]


def _is_another(error: jsonschema_rs.ValidationError, place: tuple[str | int, ...]) -> bool:
    """Whether what stands at a place is of another kind than an alternative."""
    told = isinstance(error.kind, _KINDS.Type | _KINDS.Enum | _KINDS.Constant)
    return told and tuple(error.instance_path) == place
