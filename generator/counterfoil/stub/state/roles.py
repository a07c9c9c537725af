"""What an operation does with what a stub remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from counterfoil.stub.contract_tree import Node
from counterfoil.stub.schema_walk import Pointer

Action = Literal["create", "list", "fetch", "replace", "change", "remove", "answer"]
# What happens where there is no such object: it is refused, made of the contract's example, told as null, passed over.
Unknown = Literal["refuse", "example", "null", "ignore"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request names an object: a path or query parameter, or a place in its body."""

    where: Literal["path", "query", "body"]
    name: Pointer


@dataclass(frozen=True, slots=True)
class Role:
    """What an operation does, and with which objects.

    `collection` is a path template whose variables are those of the operation's path. `key` is where the request
    names the object, None for the only object that a collection has; `identifier` where the object itself has its key,
    empty where it is not told, `also` other properties that requests may name it by. `shape` is the schema of an object
    as it is shown best, `example` the contract's example of one or None. `answer` is where the answer has the object,
    or the list of them with `*` for its items, None if it has none. With `upsert`, replacing makes what is not there.
    `scoped` says that objects belong to the path that they were created at, `parent` is the collection of what they are
    below, and the variable that names one of that. `given` says that the contract has an example of an object from the
    start. `set` is what the operation sets, `only` what objects must have to be seen. With `returns_null` the answer
    tells null in place of the object, with `ignores_nulls` null in a change changes nothing. `many` is where the body
    of a request has a list of objects to create, None if it is one object. `files` are the path templates at which what
    is uploaded is given back: of the operation that takes it, that removes it, and of that itself which gives it.
    """

    action: Action
    collection: str = ""
    key: Place | None = None
    identifier: Pointer = ()
    shape: Node = field(default_factory=dict, compare=False)
    example: Any = field(default=None, compare=False)
    answer: Pointer | None = None
    unknown: Unknown = "refuse"
    upsert: bool = False
    scoped: bool = False
    parent: tuple[str, str] | None = None
    given: bool = False
    set: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)
    returns_null: bool = False
    ignores_nulls: bool = False
    also: tuple[str, ...] = ()
    many: Pointer | None = None
    files: tuple[str, ...] = ()


ANSWER = Role("answer")
