"""The typed gate: every contract can be read by openapi-pydantic."""

from typing import Any

from pydantic import ValidationError

from counterfoil import pointer as json_pointer
from counterfoil.contract.checking.prune import leave_out, unit_of
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import children, walk


def check_typed(draft: Draft) -> None:
    """Read the document with openapi-pydantic; a part that it refuses is reported and left out, in place.

    openapi-pydantic knows no boolean schemas but in `additionalProperties`: it is given `{}` for true and
    `{"not": {}}` for false.
    """
    from openapi_pydantic import OpenAPI

    refused: set[str] = set()
    while True:
        try:
            OpenAPI.model_validate(_without_boolean_schemas(draft.tree))
        except ValidationError as error:
            found: dict[str, tuple[str, str]] = {}
            for problem in error.errors(include_url=False, include_input=False, include_context=False):
                pointer = _pointer(draft.tree, problem["loc"])
                found.setdefault(unit_of(pointer), (pointer, problem["msg"]))
            if not found.keys() - refused:
                raise
            for unit, (pointer, message) in found.items():
                draft.report(pointer, "typed-gate", f"openapi-pydantic refuses this: {message}")
                leave_out(draft, unit, pointer)
            refused |= found.keys()
        else:
            return


def _pointer(tree: Any, location: tuple[int | str, ...]) -> str:
    """The deepest node on the way that pydantic's error location names; names of union arms are passed over."""
    pointer, node = "", tree
    for token in location:
        try:
            node = json_pointer.resolve(node, json_pointer.join("", token))
        except LookupError:
            continue
        pointer = json_pointer.join(pointer, token)
    return pointer


def _without_boolean_schemas(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with objects for boolean schemas; what has none is shared with the tree, nothing of it is changed."""
    found = [
        below
        for kind, pointer, node in walk(tree)
        for child, below, value in children(kind, pointer, node)
        if child == "schema" and isinstance(value, bool) and not below.endswith("/additionalProperties")
    ]
    root = dict(tree) if found else tree
    copied: dict[str, Any] = {"": root}
    for pointer in found:
        node: Any = root
        at = ""
        *parents, last = json_pointer.split(pointer)
        for token in parents:
            at = json_pointer.join(at, token)
            key: str | int = int(token) if isinstance(node, list) else token
            if at not in copied:
                copied[at] = node[key] = list(node[key]) if isinstance(node[key], list) else dict(node[key])
            node = copied[at]
        key = int(last) if isinstance(node, list) else last
        node[key] = {} if node[key] else {"not": {}}
    return root
