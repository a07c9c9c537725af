"""What a person may have meant by a name that is not known."""

import difflib
from collections.abc import Iterable


def close_match(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like a mistaken one, if any is."""
    found = difflib.get_close_matches(name, list(known), 1, 0.65)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """The hint that goes with a mistaken name: a known one like it, or `otherwise`."""
    close = close_match(name, known)
    return f"did you mean {close}?" if close else otherwise
