"""Which of an operation's media types the Content-Type of a request fits."""

import re
from collections.abc import Iterable

JSON = re.compile(r"application/(?:[^/;]+\+)?json|text/json", re.IGNORECASE)


def is_json(media_type: str) -> bool:
    """Whether texts of this media type are JSON, by RFC 8259 or by the suffix of RFC 6839."""
    return JSON.fullmatch(media_type.partition(";")[0].strip()) is not None


def media_type_fits(sent: str, wanted: str) -> bool:
    """Whether a media type without parameters is among those that a comma-separated list of types and ranges names."""
    forms = [form.partition(";")[0].strip().lower() for form in wanted.split(",")]
    return any(form in (sent, "*/*", f"{sent.partition('/')[0]}/*") for form in forms)


def concrete(media_type: str, *, is_text: bool) -> str:
    """What an answer names as its media type where the contract may state a range such as `*/*`.

    `is_text`: what is answered is a text or bytes, not any JSON value.
    """
    if "*" not in media_type:
        return media_type
    main = media_type.partition("/")[0].strip().lower()
    if main in ("*", "application") and not is_text:
        return "application/json"
    plain = {"*": "text/plain", "text": "text/plain", "image": "image/png", "audio": "audio/mpeg", "video": "video/mp4"}
    return plain.get(main, "application/octet-stream")


class MediaTypes:
    """The media types and ranges of a `content` map; each header value is looked at once.

    `also_json` are further media types, `*` for any part of them, that a server takes for the first JSON of the map.
    """

    LARGEST = 256

    def __init__(self, names: Iterable[str], also_json: Iterable[str] = ()) -> None:
        self._names = list(names)
        self._also_json = [re.escape(name.lower()).replace(r"\*", "[^/]*") for name in also_json]
        self._known: dict[bytes | None, str | None] = {None: None}

    def match(self, header: bytes | None) -> str | None:
        """The name in the map that a Content-Type header fits, None for none.

        A type named exactly comes first, then ranges (RFC 9110, section 12.5.1), the narrowest first; `+json`
        behind an asterisk, though no range of RFC 9110, stands for all media types with that suffix.
        """
        try:
            return self._known[header]
        except KeyError:
            found = self._match((header or b"").decode("latin-1").strip().lower())
            if len(self._known) < self.LARGEST and b"boundary" not in (header or b""):
                self._known[header] = found
            return found

    def _match(self, header: str) -> str | None:
        exact = {_squeezed(name): name for name in reversed(self._names)}
        if _squeezed(header) in exact:
            return exact[_squeezed(header)]
        sent = header.partition(";")[0].strip()
        plain = {name.partition(";")[0].strip().lower(): name for name in reversed(self._names)}
        if sent in plain:
            return plain[sent]
        if not re.fullmatch(r"[^\s/;,]+/[^\s/;,]+", sent):
            return None
        if any(re.fullmatch(form, sent) for form in self._also_json):
            return next(filter(is_json, self._names), None)
        main, _, suffix = sent.partition("/")
        ranges = (f"{main}/*+{suffix.rpartition('+')[2]}", f"{main}/*", "*/*", "*")
        return next((plain[name] for name in ranges if name in plain), None)


def _squeezed(media_type: str) -> str:
    return re.sub(r"\s", "", media_type).lower()
