"""Which media type an Accept header asks for (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence

RANGE = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)/([!#$%&'*+.^_`|~\w-]+)\s*((?:;[^,]*)?)(?:,|$)")
PARAMETER = re.compile(r';\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)')
LARGEST = 256  # header values whose answer is kept

Parameters = frozenset[tuple[str, str]]


class Accept:
    """Chooses among media types, the default first; each header value is looked at once."""

    def __init__(self, available: Sequence[str]) -> None:
        self._available = [_parsed(media_type) for media_type in available]
        self._known: dict[bytes, int | None] = {}

    def choose(self, header: bytes | None) -> int | None:
        """The index of the media type that suits a header best, the default without a header; None if none does.

        Of types that are wanted as much, the one that is named first in the header is chosen.
        """
        if header is None or not header.strip():
            return 0
        try:
            return self._known[header]
        except KeyError:
            found = self._choose(header.decode("latin-1"))
            if len(self._known) < LARGEST:
                self._known[header] = found
            return found

    def _choose(self, header: str) -> int | None:
        ranges = [_wanted(match, place) for place, match in enumerate(RANGE.finditer(header))]
        if not ranges:
            return 0
        best: tuple[float, int, int] | None = None
        for index, available in enumerate(self._available):
            fitting = [wanted for wanted in ranges if _fits(wanted, available)]
            if not fitting:
                continue
            nearest = max(fitting, key=lambda wanted: (wanted[0] != "*", wanted[1] != "*", len(wanted[2])))
            rank = (nearest[3], -nearest[4], -index)
            if nearest[3] > 0 and (best is None or rank > best):
                best = rank
        return None if best is None else -best[2]


def _wanted(match: "re.Match[str]", place: int) -> tuple[str, str, Parameters, float, int]:
    """Type, subtype, parameters, quality and place of a media range."""
    parameters, quality = set(), 1.0
    for name, value in PARAMETER.findall(match[3]):
        if name.lower() == "q":
            quality = _quality(value)
            break
        parameters.add((name.lower(), value.strip('"').lower()))
    return match[1].lower(), match[2].lower(), frozenset(parameters), quality, place


def _quality(text: str) -> float:
    return float(text) if re.fullmatch(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?", text) else 1.0


def _parsed(media_type: str) -> tuple[str, str, Parameters]:
    kind, _, subtype = media_type.partition(";")[0].strip().lower().partition("/")
    return (
        kind,
        subtype,
        frozenset((name.lower(), value.strip('"').lower()) for name, value in PARAMETER.findall(media_type)),
    )


def _fits(wanted: tuple[str, str, Parameters, float, int], available: tuple[str, str, Parameters]) -> bool:
    """Whether an available media type, or one of an available range, is within a range."""
    kinds = all(wanted[part] == available[part] or "*" in (wanted[part], available[part]) for part in (0, 1))
    return kinds and {each for each in wanted[2] if each[0] != "charset"} <= available[2]
