"""Patterns that models cannot test, since Python's `re` has no equivalent of what they use."""

import re
import warnings
from collections.abc import Iterator
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.contract import Contract
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import walk
from counterfoil.location import Diagnostic

_PROPERTY = re.compile(r"\\[pP]\{([^}]*)\}")
_CATEGORY = re.compile(
    r"""(?:General_Category=|gc=)?
    (?: [LMNPSZC][a-z]? | Other | Control | Format | Private_Use | Surrogate | Unassigned | cntrl | digit | punct
      | (?:[A-Z][a-z]+_)? (?:Letter|Mark|Number|Punctuation|Symbol|Separator) )""",
    re.VERBOSE,
)
_SPELLINGS = (
    (_PROPERTY, "a"),
    (re.compile(r"\\u\{[0-9A-Fa-f]+\}|\\c[A-Za-z]|\[\^?\]"), "a"),
    (re.compile(r"\(\?<(?![=!])"), "(?P<"),
    (re.compile(r"\\k<(\w+)>"), r"(?P=\1)"),
)
"""What ECMA 262 writes otherwise, and something that means as much to whether the rest can be compiled."""


def untested_patterns(contract: Contract) -> list[Diagnostic]:
    """A diagnostic for each pattern of a contract that models do not test, for which they accept any text."""
    draft = Draft.of(contract)
    return [
        Diagnostic(
            draft.at(place), "untested-pattern", f"models accept any text for {pattern}: {reason}", _HINT, "warning"
        )
        for place, pattern in _patterns(contract.tree)
        if (reason := untestable(pattern))
    ]


_HINT = "say it by general categories such as \\p{L}, by ranges of characters, or without looking back"


def untestable(pattern: str) -> str:
    """Why models cannot test a pattern of ECMA 262, as a sentence without its full stop; empty if they can."""
    for name in _PROPERTY.findall(pattern):
        if not _CATEGORY.fullmatch(name):
            return f"Python does not know which characters are {name}"
    for spelling, replacement in _SPELLINGS:
        pattern = spelling.sub(replacement, pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError) as error:
        return f"Python says {error}"
    return ""


def _patterns(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, pointer, node in walk(tree):
        if kind == "schema" and isinstance(node.get("pattern"), str):
            yield json_pointer.join(pointer, "pattern"), node["pattern"]
        named = node.get("patternProperties") if kind == "schema" else None
        for pattern in named if isinstance(named, dict) else ():
            yield json_pointer.join(pointer, "patternProperties", pattern), pattern
