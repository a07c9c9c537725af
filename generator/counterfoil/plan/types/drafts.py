"""Definitions in the making: what lowering finds out about classes, enums and aliases."""

from dataclasses import dataclass
from typing import Any

from counterfoil.plan.types.annotation import ANY, Annotation, Call
from counterfoil.plan.types.enums import Member


@dataclass(frozen=True)
class Options:
    """What a person may choose.

    `formats`: whether `format` is asserted. `open_enums`: whether models accept values that an enum does not list yet.
    `snake_case`: whether attributes are named as Python does, instead of as the contract does.
    """

    formats: bool = True
    open_enums: bool = False
    snake_case: bool = False


@dataclass
class FieldDraft:
    """A property on its way to a field of a class."""

    name: str
    key: str
    schema: Any
    required: bool
    annotation: Annotation = ANY


@dataclass
class Draft:
    """A class, an enum or an alias in the making. `schema` is the node it was made for.

    A class has `fields`, an enum `members`, an alias an `annotation`.
    """

    name: str
    schema: Any
    fields: list[FieldDraft] | None = None
    members: tuple[Member, ...] = ()
    annotation: Annotation | None = None
    closed: bool = False
    values: Annotation | None = None
    rules: Call | None = None
