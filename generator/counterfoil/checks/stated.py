"""What an overlay states of the answers to refused requests, `x-counterfoil.refusals`, as something to compare with.

A vendor's server may word its messages otherwise without breaking anything that people rely on; what is compared is
what programs read: the status, and in a JSON body numbers, truth values and words that are codes, such as
`NOT_FOUND`.
"""

import re
from typing import Any

from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.wire.exchange import NOTHING, Response

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{[a-z0-9-]+\}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


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
    """How a response differs from a stated answer in what programs read, in words; empty where it does not."""
    status = stated.get("status")
    if status is not None and response.status != status:
        return f"status {response.status} in place of {status}"
    template = stated.get("body")
    if not isinstance(template, dict | list):
        return ""
    if response.json is NOTHING:
        return "" if is_json(media_type_of(response.header("content-type"))) else "no JSON"
    place = _differing(template, response.json, "")
    return "" if place is None else f"another value at {place or '/'}"


def says(stated: dict[str, Any], response: Response) -> bool:
    """Whether a response says a stated answer word by word, as where two of them differ in their words only."""
    template = stated.get("body")
    if stated.get("status") not in (None, response.status):
        return False
    if isinstance(template, str):
        return re.fullmatch(_pattern(template), response.body.decode("utf-8", "replace"), re.DOTALL) is not None
    return template is None or _is_said(template, response.json)


def _is_said(template: Any, value: Any) -> bool:
    if isinstance(template, dict) and isinstance(value, dict):
        return all(_is_said(part, value[name]) for name, part in template.items() if name in value)
    if isinstance(template, list) and isinstance(value, list):
        return all(_is_said(part, item) for part, item in zip(template, value, strict=False))
    if isinstance(template, str):
        return not isinstance(value, str) or re.fullmatch(_pattern(template), value, re.DOTALL) is not None
    return bool(template == value)


def _differing(template: Any, value: Any, place: str) -> str | None:
    """Where a value departs from a template in a number, a truth value or a code; None if nowhere."""
    if isinstance(template, dict) and isinstance(value, dict):
        shared = (name for name in template if name in value)
        parts = (_differing(template[name], value[name], f"{place}/{name}") for name in shared)
        return next((found for found in parts if found is not None), None)
    if isinstance(template, list) and isinstance(value, list):
        pairs = enumerate(zip(template, value, strict=False))
        parts = (_differing(part, item, f"{place}/{index}") for index, (part, item) in pairs)
        return next((found for found in parts if found is not None), None)
    if isinstance(template, str):
        is_other = _CODE.fullmatch(template) and isinstance(value, str) and value != template
        return place if is_other else None
    if isinstance(template, bool | int | float):
        same = template == value and isinstance(template, bool) == isinstance(value, bool)
        return None if same else place
    return None


def occurs(template: str, text: str) -> bool:
    """Whether a text holds what a template stands for."""
    return re.search(_pattern(template), text, re.DOTALL) is not None


def literal(template: str) -> str:
    """What of a template stands for itself."""
    return _PLACEHOLDER.sub("", template).strip()


def _pattern(template: str) -> str:
    pattern, end = "", 0
    for found in _PLACEHOLDER.finditer(template):
        pattern += re.escape(template[end : found.start()])
        pattern += re.escape(found.group()[0]) if found.group() in ("{{", "}}") else ".*"
        end = found.end()
    return pattern + re.escape(template[end:])
