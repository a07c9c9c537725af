"""Texts of servers and pages as people can see them, wherever they are shown."""

import re
import unicodedata

_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {127: 0x2421}
_PICTURES |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)  # ECMA-48 calls these C1; Unicode has no pictures of them
_REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_DIRECTION = re.compile(f"[{_REORDERING}]")
HIDDEN = re.compile(f"[{re.escape(''.join(map(chr, _PICTURES)))}{_REORDERING}]")
"""A character that `visible` shows as something else."""

_COMMAND = re.compile(r"^([^\S\n]*)::|##\[", re.MULTILINE)


def visible(text: str) -> str:
    """`text` with pictures of its control characters, which a terminal would obey, but for line ends and tabs.

    Characters that reorder what is around them (Unicode Standard Annex 9, 2) are named.
    """
    shown = text.translate(_PICTURES)
    return _DIRECTION.sub(lambda match: f"⟨{unicodedata.name(match[0]).lower()}⟩", shown)


def logged(text: str) -> str:
    """`visible` text for a log, with a backslash in what the runner of GitHub Actions takes for commands in any log.

    These are `::command::` where a line begins, whatever space is before it, and `##[command]` everywhere.
    """
    return _COMMAND.sub(lambda found: "#\\#[" if found[1] is None else f"{found[1]}\\::", visible(text))
