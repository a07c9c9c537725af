"""A value in place of another."""

from typing import Any, NamedTuple

REMOVED: Any = object()  # in place of a value that is left out


class Change(NamedTuple):
    """A value in place of another: what is peculiar to it, and the pointer of the keyword that it is about.

    Without `must` a server may accept or refuse it, whatever the contract says.
    """

    label: str
    value: Any
    pointer: str
    must: bool = True
