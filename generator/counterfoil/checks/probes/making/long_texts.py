"""Texts longer than most columns of databases are kept whole, where nothing bounds them."""

import copy
from collections.abc import Iterator
from itertools import islice
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.cases.variants.texts import of_length
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft

NAMES = ()

_LENGTH = 12_000  # characters, so that the body is one of usual size
_MOST = 8  # texts of an operation
_DEEPEST = 3
_BOUNDING = frozenset(("maxLength", "pattern", "format", "enum", "const", "contentEncoding", "contentMediaType"))

Path = tuple[str, ...]


def run(conversation: Conversation) -> None:
    """Make an object of each collection with each of its texts so long; any answer is compared with its request."""
    if not conversation.client.target.is_local:
        return
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        operation, body = collection.create.operation, conversation.valid.body(collection.create.operation)
        if body is None or not body.is_json:
            continue
        for path in islice(_free_texts(operation, body.schema, body.full), _MOST):
            draft = acting.create_draft()
            value = _lengthened(draft, path)
            if draft is not None and value is not None and conversation.valid.instances.fits(body.pointer, value):
                conversation.ask(draft.with_json(value, draft.media_type), intent="valid", source="probes")


def _free_texts(operation: Operation, schema: Any, value: Any, path: Path = ()) -> Iterator[Path]:
    """Where a value has texts that its schema says nothing of."""
    known = shapes.properties(operation, schema)
    for name, held in value.items() if isinstance(value, dict) and len(path) < _DEEPEST else ():
        if isinstance(held, dict):
            yield from _free_texts(operation, known.get(name, {}), held, (*path, name))
        parts = shapes.parts(operation, known.get(name, {}))
        is_free = shapes.types(operation, known.get(name, {})) == {"string"} and not any(
            _BOUNDING & part.keys() for part in parts
        )
        if is_free and (isinstance(held, str) or held is None):
            yield (*path, name)


def _lengthened(draft: Draft | None, path: Path) -> Any:
    """The body of a request with a long text at a path; None where it has no objects around that."""
    value = copy.deepcopy(draft.value) if draft is not None else None
    holder = value
    for name in path[:-1]:
        holder = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(holder, dict):
        return None
    holder[path[-1]] = of_length(f"{holder.get(path[-1]) or 'Text'} ", _LENGTH - 1) + "Z"
    return value
