"""Defaults that a description only tells of: "(default: false when not set)", "Defaults to `20`."."""

import re

_DEFAULT = re.compile(
    r"""
    \b(?:defaults?\s+to|default(?:\s+value)?\s+is|default(?:\s+value)?\s*[:：=])\s*
    (?P<mark>[`"'*]*)(?P<value>true|false|-?\d{1,18})(?P=mark)
    (?=\s*(?:[.。](?:\s|$)|[;；)\]]|$|\n
       |,?\s*(?:when|if)\s+(?:it\s+is\s+)?(?:not\s+(?:set|specified|provided|given|present)|unset|omitted|absent|missing)\b))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ANY = re.compile(r"\bdefaults?\b|\botherwise\b", re.IGNORECASE)


def read_default(description: str, kind: str) -> bool | int | None:
    """The default of a schema of the type `kind`, `boolean` or `integer`; None if none is stated for certain.

    A description that speaks of defaults more than once, or of one under a condition, states none.
    """
    stated = _DEFAULT.search(description)
    if not stated or len(_ANY.findall(description)) > 1:
        return None
    value = stated["value"].lower()
    if kind == "boolean":
        return {"true": True, "false": False}.get(value)
    return int(value) if kind == "integer" and value not in ("true", "false") else None
