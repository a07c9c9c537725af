"""What a request prefers of the answers that the contract declares (RFC 7240, with Prism's names)."""

import re
from dataclasses import dataclass

from counterfoil.stub.call import Call

# token [= token | quoted-string] [; parameters], separated by commas (RFC 7240, section 2)
PREFERENCE = re.compile(
    r"""\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?"""
    r"""\s*(?:;(?:"(?:[^"\\]|\\.)*"|[^,"])*)?(?:,|$)"""
)
ESCAPED = re.compile(r"\\(.)")
NAMES = ("code", "example", "dynamic")


@dataclass(frozen=True, slots=True)
class Preferences:
    """The status, the name of the example, and whether values are made up; None where nothing is preferred."""

    code: str | None = None
    example: str | None = None
    dynamic: bool | None = None

    def __bool__(self) -> bool:
        return (self.code, self.example, self.dynamic) != (None, None, None)

    def applied(self) -> bytes:
        """The value of the header Preference-Applied (RFC 7240, section 3)."""
        told = [("code", self.code), ("example", self.example)]
        if self.dynamic is not None:
            told.append(("dynamic", str(self.dynamic).lower()))
        return ", ".join(f"{name}={_quoted(value)}" for name, value in told if value is not None).encode(
            "latin-1", "replace"
        )


NONE = Preferences()


def has_preferences(headers: dict[bytes, bytes], query_string: bytes) -> bool:
    """Whether it is worth asking for the preferences of a request with these headers and this query."""
    return b"prefer" in headers or (query_string != b"" and b"__" in query_string)


def preferences(call: Call[object, object]) -> Preferences:
    """What a call prefers, by its header Prefer or by query parameters such as `__code`, which win."""
    if not has_preferences(call.headers, call.query_string):
        return NONE
    stated: dict[str, str] = {}
    for match in PREFERENCE.finditer((call.header(b"prefer") or b"").decode("latin-1")):
        name, value = match[1].lower(), match[2] or ""
        if value.startswith('"'):
            value = ESCAPED.sub(r"\1", value[1:-1])
        if name in NAMES:
            stated.setdefault(name, value)  # of several the first counts, as the RFC says
    stated |= {name[2:]: value for name, value in call.query if name[:2] == "__" and name[2:] in NAMES}
    dynamic = {"true": True, "": True, "false": False}.get(stated["dynamic"].lower()) if "dynamic" in stated else None
    return Preferences(stated.get("code") or None, stated.get("example") or None, dynamic)


def _quoted(value: str) -> str:
    if re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", value):
        return value
    return '"' + re.sub(r'([\\"])', r"\\\1", value).replace("\r", " ").replace("\n", " ") + '"'
