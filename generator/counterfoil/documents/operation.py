"""One operation as a documentation page tells of it: what page readers fill and `assembly` makes OpenAPI of."""

from dataclasses import dataclass, field

from counterfoil.documents.builder import Builder
from counterfoil.documents.json_sample import JsonSample
from counterfoil.evidence import Evidence
from counterfoil.location import Location


@dataclass(frozen=True, slots=True)
class Stated:
    """A text with its evidence."""

    text: str
    evidence: Evidence


@dataclass(slots=True)
class Entry:
    """One documented field or parameter.

    `name` is as printed, so that `items[].sku` and `data.user` name nested fields. `schema` is a builder whose root
    is the field's schema. `required` is None where the page does not say; `required_by` is the evidence for it.
    """

    name: str
    place: Location
    schema: Builder
    required: bool | None = None
    required_by: Evidence | None = None
    within: str = ""


@dataclass(slots=True)
class Payload:
    """A request body or the content of a response."""

    entries: list[Entry] = field(default_factory=list)
    samples: list[JsonSample] = field(default_factory=list)
    media: Stated | None = None
    description: Stated | None = None

    def __bool__(self) -> bool:
        return bool(self.entries or self.samples)


@dataclass(slots=True)
class SecurityNote:
    """A header in which the caller proves who they are; `scheme` is `bearer`, `basic` or empty for an API key."""

    header: str
    scheme: str
    evidence: Evidence
    location: str = "header"
    description: str = ""


@dataclass(slots=True)
class Operation:
    """What a page says of one method on one path; `parameters` are keyed by their location in the request."""

    method: str
    path: str
    evidence: Evidence
    title: Stated | None = None
    description: Stated | None = None
    servers: list[Stated] = field(default_factory=list)
    security: list[SecurityNote] = field(default_factory=list)
    parameters: list[tuple[str, Evidence, Entry]] = field(default_factory=list)
    request: Payload = field(default_factory=Payload)
    responses: dict[str, tuple[Evidence, Payload]] = field(default_factory=dict)


def documented(place: Location) -> Evidence:
    """Evidence of what stands at `place`."""
    return Evidence("documented", place)


def inferred(rule: str, place: Location) -> Evidence:
    """Evidence of what the rule `rule` makes of `place`."""
    return Evidence("inferred", place, rule)


def security_note(header: str, text: str, evidence: Evidence) -> SecurityNote | None:
    """What a header named `header`, described or exemplified by `text`, says of security; None if it is not about it."""
    name, words = header.lower(), text.lower()
    if name == "authorization":
        scheme = "bearer" if "bearer" in words else "basic" if "basic" in words else ""
        return SecurityNote(header, scheme, evidence)
    if any(part in name.replace("_", "-") for part in ("api-key", "apikey", "auth", "token", "secret", "access-key")):
        return SecurityNote(header, "", evidence)
    return None
