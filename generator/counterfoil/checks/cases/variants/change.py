"""A value in place of another."""

from typing import Any, NamedTuple

REMOVED: Any = object()  # in place of a value that is left out

# Labels by which changes are told apart.
ABSENT = "is absent"
UNDECLARED = "has a property that is not declared"
SEVERAL_UNDECLARED = "has several properties that are not declared"
EMPTY = "is an empty object"
OF_ANOTHER_KIND = "is another alternative"


class Change(NamedTuple):
    """A value in place of another: what is peculiar to it, and the pointer of the keyword that it is about.

    Without `must` a server may accept or refuse it, whatever the contract says.
    """

    label: str
    value: Any
    pointer: str
    must: bool = True
