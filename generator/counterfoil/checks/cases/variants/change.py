"""A value in place of another."""

from typing import Any, NamedTuple

REMOVED: Any = object()  # in place of a value that is left out


class Change(NamedTuple):
    """A value in place of another: what is peculiar to it, and the pointer of the keyword that it is about."""

    label: str
    value: Any
    pointer: str
