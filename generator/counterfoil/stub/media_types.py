"""Which of an operation's media types the Content-Type of a request fits."""

import re
from collections.abc import Iterable

JSON = re.compile(r"application/(?:[^/;]+\+)?json|text/json", re.IGNORECASE)


def is_json(media_type: str) -> bool:
    """Whether texts of this media type are JSON, by RFC 8259 or by the suffix of RFC 6839."""
    return JSON.fullmatch(media_type.partition(";")[0].strip()) is not None


class MediaTypes:
    """The media types and ranges of a `content` map; each header value is looked at once."""

    LARGEST = 256

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._known: dict[bytes | None, str | None] = {None: None}

    def match(self, header: bytes | None) -> str | None:
        """The name in the map that a Content-Type header fits, None for none.

        A type named exactly comes first, then `application/json` for any `+json` type, then ranges.
        """
        try:
            return self._known[header]
        except KeyError:
            found = self._match((header or b"").decode("latin-1").partition(";")[0].strip().lower())
            if len(self._known) < self.LARGEST:
                self._known[header] = found
            return found

    def _match(self, sent: str) -> str | None:
        plain = {name.partition(";")[0].strip().lower(): name for name in reversed(self._names)}
        if sent in plain:
            return plain[sent]
        if not re.fullmatch(r"[^\s/;,]+/[^\s/;,]+", sent):
            return None
        if is_json(sent):
            return next((name for name in self._names if is_json(name)), plain.get("*/*"))
        return plain.get(sent.partition("/")[0] + "/*", plain.get("*/*"))
