"""Patterns that choose operations: `METHOD /path`, `/path`, an operationId or a tag, with `*` for any text."""

import re

from counterfoil.checks.operation import Operation

_PLACE = re.compile(r"(?:(?P<method>[A-Za-z*]+)\s+)?(?P<path>/.*)", re.DOTALL)


def matches(pattern: str, operation: Operation) -> bool:
    """Whether a pattern is about an operation."""
    place = _PLACE.fullmatch(pattern.strip())
    whole = f"{(place['method'] or '*').upper()} {place['path']}" if place else pattern.strip()
    expression = re.compile(".*".join(map(re.escape, whole.split("*"))), re.DOTALL)
    tags = operation.tree.get("tags")
    names = [operation.operation_id or "", *map(str, tags if isinstance(tags, list) else [])]
    return any(expression.fullmatch(text) for text in ([operation.label] if place else names) if text)
