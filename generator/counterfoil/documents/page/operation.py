"""One operation as a documentation page tells of it: what page readers fill and `assembly` makes OpenAPI of."""

import re
from dataclasses import dataclass, field

from counterfoil.documents.page.builder import Builder
from counterfoil.documents.page.curl import CurlCall
from counterfoil.documents.page.servers import server_of
from counterfoil.documents.source.json_sample import JsonSample
from counterfoil.evidence import Evidence
from counterfoil.location import Diagnostic, Location

LONGEST_NAME = 200
"""Characters that the printed name of a field may have; what is longer is no name."""

_SECRET = re.compile(r"api-?key|auth|token|secret|access-?key|signature")
_CARRIED = {"accept", "content-type", "content-length", "host", "user-agent", "connection", "accept-encoding"}
_LOOPBACK = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::|/|$)")


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
    `within` is the name of the field that this one is a member of, `type_name` what its type is called;
    `has_section` tells that its members are listed apart, in a section of its own or right below it.
    """

    name: str
    place: Location
    schema: Builder
    required: bool | None = None
    required_by: Evidence | None = None
    within: str = ""
    type_name: Stated | None = None
    type_is_known: bool = True
    has_section: bool = False

    @property
    def full_name(self) -> str:
        """The name with that of the field that this one is a member of."""
        return f"{self.within}.{self.name}" if self.within else self.name


@dataclass(slots=True)
class Payload:
    """A request body or the content of a response."""

    entries: list[Entry] = field(default_factory=list)
    samples: list[JsonSample] = field(default_factory=list)
    media: Stated | None = None
    description: Stated | None = None
    heading: Stated | None = None

    def __bool__(self) -> bool:
        """Whether anything is known of the content."""
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

    @property
    def request_is_required(self) -> bool:
        """Whether a field of the body is required, and so the body."""
        return any(entry.required and not entry.within for entry in self.request.entries)

    @property
    def may_have_body(self) -> bool:
        """Whether content in a request of this method has a meaning (RFC 9110, section 9.3)."""
        return self.method not in ("GET", "HEAD", "DELETE")

    def has_in_path(self, name: str) -> bool:
        """Whether the path has a template of this name, written as `{name}`, `:name` or `<name>`."""
        return bool(re.search(rf"\{{{re.escape(name)}\}}|/:{re.escape(name)}\b|<{re.escape(name)}>", self.path))


def documented(place: Location) -> Evidence:
    """Evidence of what stands at `place`."""
    return Evidence("documented", place)


def inferred(rule: str, place: Location) -> Evidence:
    """Evidence of what the rule `rule` makes of `place`."""
    return Evidence("inferred", place, rule)


def security_note(header: str, text: str, evidence: Evidence) -> SecurityNote | None:
    """What a header described or exemplified by `text` says of security; None if it is not about it."""
    name, words = header.lower(), text.lower()
    if name in ("authorization", "proxy-authorization"):
        scheme = "bearer" if "bearer" in words else "basic" if "basic" in words else ""
        return SecurityNote(header, scheme, evidence)
    return SecurityNote(header, "", evidence) if _SECRET.search(name.replace("_", "-")) else None


def add_security(operation: Operation, note: SecurityNote | None) -> None:
    """Add a note; of two about one header what was documented stays, and the later of two that were."""
    if note is None:
        return
    for index, known in enumerate(operation.security):
        if known.header.lower() == note.header.lower():
            if note.evidence.kind == "documented":
                note.scheme = note.scheme or known.scheme
                operation.security[index] = note
            return
    operation.security.append(note)


def add_call(operation: Operation, call: CurlCall, diagnostics: list[Diagnostic]) -> None:
    """Add what a curl command shows of the operation: server, body, headers, security. Calls of others say nothing."""
    server = server_of(call.url, operation.path)
    if call.method != operation.method or not server or not call.url_place:
        return
    diagnostics.extend(call.diagnostics)
    known = [stated.text for stated in operation.servers]
    if server not in known and not (known and _LOOPBACK.match(server)):
        operation.servers.append(Stated(server, documented(call.url_place)))
    if call.body and operation.may_have_body:
        operation.request.samples.append(call.body)
    if call.user:
        add_security(operation, security_note("Authorization", "basic", inferred("security-from-sample", call.user)))
    for name, value, place in call.headers:
        note = security_note(name, value, inferred("security-from-sample", place))
        if note:
            add_security(operation, note)
        elif name.lower() == "content-type":
            if call.body and not operation.request.media:
                operation.request.media = Stated(value.split(";")[0].strip(), documented(place))
        elif name.lower() not in _CARRIED and re.fullmatch(r"[\w-]+", name):
            _add_sampled_header(operation, name, place)


def _add_sampled_header(operation: Operation, name: str, place: Location) -> None:
    if any(location == "header" and entry.name.lower() == name.lower() for location, _, entry in operation.parameters):
        return
    evidence = inferred("header-from-sample", place)
    schema = Builder()
    schema.set(evidence, {})
    schema.set(evidence, "string", "type")
    operation.parameters.append(("header", evidence, Entry(name, place, schema)))
