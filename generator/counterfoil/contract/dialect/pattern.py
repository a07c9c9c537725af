"""Regular expressions of other languages in the dialect of JSON Schema, which is ECMA-262."""

import re
from typing import Any

from counterfoil.contract.tree.draft import Draft

_LITERAL = re.compile(r"/(?P<body>.*)/(?P<flags>[gimsuy]*)", re.DOTALL)
_INLINE_FLAGS = re.compile(r"(?P<anchor>\^|\\A)?\(\?(?P<flags>[a-z]+)\)")
_TOKEN = re.compile(r"\\k<\w+>|\\.|\[\^?|\]|\(\?<?[:=!]|\(\?P?<[^>]*>|\{[0-9,]*\}|.", re.DOTALL)
# In ECMA-262 such a class is at its end; in other languages it may go on, and does if another bracket follows.
_EMPTY_CLASS = re.compile(r"(?<!\\)\[(?P<not>\^?)\]")
_GOES_ON = re.compile(r"[^\[\]]*\]")
_GROUP = re.compile(r"\((?:\?P?<(?P<name>[^>]*)>)?")
_ANCHORS = {r"\A": "^", r"\Z": "$", r"\z": "$"}
_POSIX = {
    "[:alnum:]": "A-Za-z0-9",
    "[:alpha:]": "A-Za-z",
    "[:digit:]": "0-9",
    "[:lower:]": "a-z",
    "[:upper:]": "A-Z",
    "[:space:]": r"\s",
    "[:xdigit:]": "0-9A-Fa-f",
}


def repair_pattern(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    r"""Rewrite a pattern that says in another language what ECMA-262 can say too.

    `/…/i` of JavaScript sources, `(?i)` at the beginning, the anchors `\A` `\Z` `\z`, POSIX classes, `(?P<name>`; and,
    for validators that know groups by their numbers only, `\k<name>`.
    """
    stated = node.get("pattern")
    if not isinstance(stated, str):
        return
    written = translate(stated)
    if written != stated:
        draft.put(node, pointer, "pattern", written, "pattern-dialect", f"was {stated}")


def translate(pattern: str) -> str:
    """The pattern in ECMA-262; unchanged if it is so already, or if nothing is known of how to say it."""
    ignore_case = False
    literal = _LITERAL.fullmatch(pattern)
    if literal and ("^" in literal["body"][:2] or literal["flags"]):
        pattern, ignore_case = literal["body"].replace(r"\/", "/"), "i" in literal["flags"]
    flags = _INLINE_FLAGS.match(pattern)
    if flags and set(flags["flags"]) <= {"i", "u"}:
        ignore_case = ignore_case or "i" in flags["flags"]
        pattern = (flags["anchor"] or "") + pattern[flags.end() :]
    for name, members in _POSIX.items():
        pattern = pattern.replace(name, members)
    pattern = _EMPTY_CLASS.sub(_as_class, pattern)
    written, in_class = [], False
    groups: list[str | None] = []
    for token in _TOKEN.findall(pattern):
        if token in ("[", "[^") and not in_class:
            in_class = True
        elif token == "]":  # noqa: S105  # a bracket of a regular expression
            in_class = False
        elif not in_class and (group := _GROUP.fullmatch(token)):
            groups.append(group["name"])
            token = token.replace("(?P<", "(?<", 1)
        elif token in _ANCHORS and not in_class:
            token = _ANCHORS[token]
        elif ignore_case and len(token) == 1 and token.swapcase() != token:
            token = token if in_class else f"[{token}{token.swapcase()}]"
        written.append(token)
    result = "".join(_numbered(token, groups) for token in written)
    return _both_cases(result) if ignore_case else result


def _numbered(token: str, groups: list[str | None]) -> str:
    """What refers to a group by its name, referring to it by its number."""
    name = token[3:-1] if token.startswith("\\k<") else ""
    return f"(?:\\{groups.index(name) + 1})" if name in groups else token


def _as_class(found: re.Match[str]) -> str:
    """A class that begins with a bracket, or the class of all characters, for validators that know no empty class."""
    if _GOES_ON.match(found.string, found.end()):
        return f"[{found['not']}\\]"
    return r"[\s\S]" if found["not"] else found[0]


def _both_cases(pattern: str) -> str:
    """Add to each character class of a pattern the other case of its letters and ranges of letters."""

    def widen(found: re.Match[str]) -> str:
        members = re.findall(r"\\.|[A-Za-z]-[A-Za-z]|.", found[2], re.DOTALL)
        other = [member.swapcase() for member in members if not member.startswith("\\")]
        more = [member for member in other if member not in members]
        return found[1] + found[2] + "".join(more) + "]"

    return re.sub(r"(\[\^?)((?:\\.|[^\]\\])*)\]", widen, pattern)
