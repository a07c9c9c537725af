"""Plain text copied from a rendered API page: no markup, one thing a line.

The text has the method, the path piece by piece, the title, a curl command, a sample of the response, and then
sections of parameters, body and response, in which a field is a line with its name and a line with its type.
"""

import re

from counterfoil.documents.assembly import assemble
from counterfoil.documents.curl import CurlCall, read_curl
from counterfoil.documents.document import Document
from counterfoil.documents.field_types import is_type
from counterfoil.documents.json_sample import JsonSample, read_json_prefix
from counterfoil.documents.operation import (
    Operation,
    Payload,
    SecurityNote,
    Stated,
    add_call,
    documented,
    inferred,
    security_note,
)
from counterfoil.documents.reader_addressed import without_reader_addressed_text
from counterfoil.documents.scraped_fields import TextLine, read_fields
from counterfoil.documents.servers import split_url
from counterfoil.location import CounterfoilError, Diagnostic, Location

FORMAT = "scraped-text"

_METHOD = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?:\s+((?:https?://|/)\S*))?")
_SECTION = re.compile(
    r"(?P<security>Authorizations?|Authentication)|(?P<path>Path Param(?:eter)?s)|(?P<query>Query Param(?:eter)?s"
    r"|Query String Parameters)|(?P<header>Headers?(?: Param(?:eter)?s)?)|(?P<cookie>Cookies?(?: Param(?:eter)?s)?)"
    r"|(?P<body>(?:Request )?Body(?: Param(?:eter)?s)?)|(?P<response>Responses?)"
)
_STATUS = re.compile(r"([1-5]\d\d|[1-5]XX|default)(?:\s*[-–·]\s*(\S+/\S+))?")
_MEDIA = re.compile(r"[a-z]+/[\w.+*-]+(?:;.*)?")
_END = re.compile(
    r"Was this page helpful\?.*|Previous(?: page)?|Next(?: page)?|Powered by .*|⌘.?I|Suggest edits|Raise issue|Yes|No",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"Try it|Copy(?: page)?|Ask AI|Search\.*|cURL|Shell|Bash|Python|JavaScript|Node(?:\.js)?|TypeScript|PHP|Go|Java"
    r"|Ruby|C#|Rust|Swift|Kotlin|Example(?: request| response)?|Response|Request|Expand all|Collapse all",
    re.IGNORECASE,
)


def is_scraped_text(text: str) -> bool:
    """Whether a page is text copied from a rendered API page: a line with a method, and lines with known sections."""
    lines = [line.strip() for line in text.splitlines()]
    if any(line.startswith(("#", "|", "```", "openapi:", "swagger:")) for line in lines):
        return False
    sections = sum(bool(_SECTION.fullmatch(line)) for line in lines)
    return sections > 0 and any(_METHOD.fullmatch(line) for line in lines)


def read_scraped_text(path: str, text: str) -> Document:
    """Read text copied from a rendered API page.

    Raises a CounterfoilError of the rule `no-operation` if no method and path can be found in it.
    """
    return _Page(path, without_reader_addressed_text(text)).read()


class _Page:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.raw = text.splitlines()
        self.lines = [TextLine(line.strip(), Location(path, number)) for number, line in enumerate(self.raw, 1)]
        self.at = 0
        self.diagnostics: list[Diagnostic] = []
        self.statuses: list[TextLine] = []
        self.samples: list[JsonSample] = []

    def read(self) -> Document:
        operation = self.endpoint()
        call = self.head(operation)
        if call:
            add_call(operation, call, self.diagnostics)
        self.sections(operation)
        self.place_samples(operation)
        return assemble(self.path, FORMAT, operation.title, [operation], self.diagnostics)

    def endpoint(self) -> Operation:
        """The method and the path, which stands behind it or piece by piece on the lines below."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            match = _METHOD.fullmatch(line.text)
            self.at += 1
            if not match:
                continue
            url = match[2] or self.pieces()
            if url:
                server, path = split_url(url)
                operation = Operation(match[1], path or "/", documented(line.place))
                if server:
                    operation.servers.append(Stated(server, documented(line.place)))
                return operation
        raise CounterfoilError(
            Diagnostic(
                Location(self.path),
                "no-operation",
                "the text names no method with a path",
                "copy the page from the line with the method, such as POST, on",
            )
        )

    def pieces(self) -> str:
        parts: list[str] = []
        while self.at < len(self.lines):
            text = self.lines[self.at].text
            if text.startswith("/") or (parts and parts[-1].endswith("/") and re.fullmatch(r"[^\s/]\S*", text)):
                parts.append(text)
            elif text.startswith("http") and not parts:
                parts.append(text.rstrip("/"))
            elif text:
                break
            self.at += 1
        return "".join(parts)

    def head(self, operation: Operation) -> CurlCall | None:
        """What stands between the path and the first section: title, description, the curl command, samples."""
        call = None
        prose: list[TextLine] = []
        while self.at < len(self.lines) and not self.section_here():
            line = self.lines[self.at]
            if line.text.startswith("curl") and not call:
                rest = "\n".join(self.raw[self.at :])
                call = read_curl(rest, line.place)
                self.at += rest[: call.end].rstrip().count("\n") + 1 if call else 1
                continue
            if line.text.startswith(("{", "[")):
                self.sample()
                continue
            if _STATUS.fullmatch(line.text):
                self.statuses.append(line)
            elif line.text and not _CONTROL.fullmatch(line.text) and not call:
                prose.append(line)
            self.at += 1
        if prose:
            operation.title = Stated(prose[0].text, documented(prose[0].place))
        if prose[1:]:
            operation.description = Stated("\n\n".join(line.text for line in prose[1:]), documented(prose[1].place))
        return call

    def section_here(self) -> bool:
        """Whether a section begins at the current line: a heading alone is followed by a blank line or by entries."""
        return bool(_SECTION.fullmatch(self.lines[self.at].text)) and self.at + 1 < len(self.lines)

    def sample(self) -> None:
        rest = "\n".join(self.raw[self.at :])
        try:
            sample, end = read_json_prefix(rest, self.lines[self.at].place)
        except CounterfoilError as error:
            self.diagnostics.extend(error.diagnostics)
            while self.at < len(self.lines) and self.lines[self.at].text:
                self.at += 1
            return
        self.samples.append(sample)
        self.at += rest.count("\n", 0, end) + 1

    def sections(self, operation: Operation) -> None:
        while self.at < len(self.lines):
            match = _SECTION.fullmatch(self.lines[self.at].text)
            heading = self.lines[self.at]
            self.at += 1
            if not match or not match.lastgroup:
                continue
            start = self.at
            while self.at < len(self.lines) and not self.ends_section():
                self.at += 1
            self.section(operation, match.lastgroup, heading, self.lines[start : self.at])

    def ends_section(self) -> bool:
        """A heading stands alone between blank lines or before one; a field of that name has its type below it."""
        line = self.lines[self.at]
        after = self.lines[self.at + 1].text if self.at + 1 < len(self.lines) else ""
        before = self.lines[self.at - 1].text
        if _END.fullmatch(line.text) and not before:
            del self.lines[self.at :]
            return True
        return bool(_SECTION.fullmatch(line.text)) and not (before and after) and not is_type(after)

    def section(self, operation: Operation, kind: str, heading: TextLine, lines: list[TextLine]) -> None:
        if kind == "security":
            self.authorizations(operation, lines)
        elif kind in ("path", "query", "header", "cookie"):
            entries, _ = read_fields(lines, self.diagnostics)
            for entry in entries:
                note = security_note(entry.name, entry.schema.tree.get("description", ""), documented(entry.place))
                if kind == "header" and note and note.header.lower() == "authorization":
                    operation.security = [note]
                else:
                    operation.parameters.append((kind, documented(heading.place), entry))
        elif kind == "body":
            body = operation.request
            body.entries, notes = read_fields(lines, self.diagnostics)
            for line in notes:
                if _MEDIA.fullmatch(line.text):
                    body.media = Stated(line.text.split(";")[0], documented(line.place))
                elif not body.description:
                    body.description = Stated(line.text, documented(line.place))
        else:
            self.response(operation, heading, lines)

    def authorizations(self, operation: Operation, lines: list[TextLine]) -> None:
        """Each entry is a header, or a query parameter or cookie if its pills say so."""
        entries, _ = read_fields(lines, self.diagnostics)
        sampled = {note.header.lower(): note for note in operation.security}
        operation.security = []
        for entry in entries:
            description = entry.schema.tree.get("description", "")
            known = sampled.get(entry.name.lower())
            note = security_note(entry.name, description, documented(entry.place)) or known
            note = note or SecurityNote(entry.name, "", documented(entry.place))
            note.header, note.description = entry.name, description
            note.scheme = note.scheme or (known.scheme if known else "")
            note.evidence = documented(entry.place)
            note.location = entry.within or "header"
            operation.security.append(note)

    def response(self, operation: Operation, heading: TextLine, lines: list[TextLine]) -> None:
        payload = Payload()
        payload.entries, notes = read_fields(lines, self.diagnostics)
        statuses: list[tuple[str, TextLine]] = []
        for line in notes:
            status = _STATUS.fullmatch(line.text)
            if status:
                statuses.append((status[1], line))
            media = status[2] if status else line.text if _MEDIA.fullmatch(line.text) else None
            if media:
                payload.media = Stated(media.split(";")[0], documented(line.place))
            elif not status and not payload.description:
                payload.description = Stated(line.text, documented(line.place))
        statuses = statuses or [(match[1], line) for line in self.statuses if (match := _STATUS.fullmatch(line.text))]
        if statuses:
            (first, line), *others = statuses
            operation.responses[first] = (documented(line.place), payload)
            for status_text, line in others:
                operation.responses.setdefault(status_text, (documented(line.place), Payload()))
        else:
            operation.responses["2XX"] = (inferred("missing-success-status", heading.place), payload)

    def place_samples(self, operation: Operation) -> None:
        """The samples below the command belong to the responses, in the order of the status labels beside them."""
        if not operation.responses and (self.samples or self.statuses):
            self.response(operation, TextLine("", operation.evidence.location), [])
        labels = [match[1] for line in self.statuses if (match := _STATUS.fullmatch(line.text))]
        statuses = labels if len(labels) == len(self.samples) else list(operation.responses)
        for status, sample in zip(statuses, self.samples, strict=False):
            if status in operation.responses:
                operation.responses[status][1].samples.append(sample)
