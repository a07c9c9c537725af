"""Texts of servers and pages as people can see them, wherever they are shown."""

import re
import unicodedata

_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {127: 0x2421}
_PICTURES |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)  # ECMA-48 calls these C1; Unicode has no pictures of them
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """`text` with pictures of its control characters, which a terminal would obey, but for line ends and tabs.

    Characters that reorder what is around them (Unicode Standard Annex 9, 2) are named.
    """
    shown = text.translate(_PICTURES)
    return _DIRECTION.sub(lambda match: f"⟨{unicodedata.name(match[0]).lower()}⟩", shown)
