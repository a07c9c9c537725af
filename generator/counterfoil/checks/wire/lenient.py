"""Numbers, dates and URLs as servers tell them, which need not be any."""

from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urljoin, urlsplit

_LONGEST = 18  # digits, which 64 bits hold


def whole_number(text: str) -> int | None:
    """The number that decimal digits tell; None where there is anything else, or more digits than of any count."""
    return int(text) if len(text) <= _LONGEST and text.isascii() and text.isdecimal() else None


def date(text: str) -> float | None:
    """The seconds since 1970 of a date (RFC 9110, section 5.6.7); None where it is none."""
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, OverflowError):
        return None


def url_parts(url: str, base: str = "") -> SplitResult:
    """The parts of a URL, relative to `base`; all of them empty where it is none, such as one with half a bracket."""
    try:
        return urlsplit(urljoin(base, url))
    except ValueError:
        return SplitResult("", "", "", "", "")
