"""What an overlay states of the answers to refused requests, `x-counterfoil.refusals`, as something to compare with."""

import re
from typing import Any

from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.wire.exchange import NOTHING, Response

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{[a-z0-9-]+\}")


def refusal(operation: Operation, reason: str) -> dict[str, Any]:
    """The stated answer to a reason such as `credentials.missing`, the most specific first; empty if none is stated."""
    while reason:
        for holder in (operation.tree, operation.contract):
            found = holder.get("x-counterfoil", {}).get("refusals", {}).get(reason)
            if found is not None:
                stated: dict[str, Any] = found
                return stated
        reason = reason.rpartition(".")[0]
    return {}


def difference(stated: dict[str, Any], response: Response) -> str:
    """How a response differs from a stated answer, empty if it does not. Placeholders stand for anything."""
    status = stated.get("status")
    if status is not None and response.status != status:
        return f"status {response.status} in place of {status}"
    if "body" not in stated:
        return ""
    template = stated["body"]
    if isinstance(template, str):
        text = response.body.decode("utf-8", "replace")
        return "" if _matches(template, text) else f"another text than {template!r}"
    body = response.json
    if body is NOTHING and not is_json(media_type_of(response.header("content-type"))):
        return "no JSON"
    place = _differing(template, body, "")
    return "" if place is None else f"another value at {place or '/'}"


def _differing(template: Any, value: Any, place: str) -> str | None:
    """Where a value departs from a template; None if nowhere."""
    if isinstance(template, str):
        if isinstance(value, str):
            return None if _matches(template, value) else place
        return None if _PLACEHOLDER.fullmatch(template) and not template.startswith(("{{", "}}")) else place
    if isinstance(template, dict):
        if not isinstance(value, dict) or template.keys() != value.keys():
            return place
        parts = (_differing(part, value[name], f"{place}/{name}") for name, part in template.items())
    elif isinstance(template, list):
        if not isinstance(value, list) or len(template) != len(value):
            return place
        parts = (
            _differing(part, item, f"{place}/{index}")
            for index, (part, item) in enumerate(zip(template, value, strict=True))
        )
    else:
        same = template == value and isinstance(template, bool) == isinstance(value, bool)
        return None if same else place
    return next((found for found in parts if found is not None), None)


def occurs(template: str, text: str) -> bool:
    """Whether a text holds what a template stands for."""
    return re.search(_pattern(template), text, re.DOTALL) is not None


def literal(template: str) -> str:
    """What of a template stands for itself."""
    return _PLACEHOLDER.sub("", template).strip()


def _matches(template: str, text: str) -> bool:
    return re.fullmatch(_pattern(template), text, re.DOTALL) is not None


def _pattern(template: str) -> str:
    pattern, end = "", 0
    for found in _PLACEHOLDER.finditer(template):
        pattern += re.escape(template[end : found.start()])
        pattern += re.escape(found.group()[0]) if found.group() in ("{{", "}}") else ".*"
        end = found.end()
    return pattern + re.escape(template[end:])
