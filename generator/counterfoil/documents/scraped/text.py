"""Plain text copied from a rendered API page: no markup, one thing a line.

The text has the method, the path piece by piece, the title, a curl command, a sample of the response, and then
sections of parameters, body and response, in which a field is a line with its name and a line with its type.
"""

import re
from itertools import accumulate

from counterfoil.documents.document import Document
from counterfoil.documents.page.assembly import assemble
from counterfoil.documents.page.curl import read_curl
from counterfoil.documents.page.field_types import is_type
from counterfoil.documents.page.operation import (
    Entry,
    Operation,
    Payload,
    SecurityNote,
    Stated,
    add_call,
    add_security,
    documented,
    inferred,
    security_note,
)
from counterfoil.documents.page.placeholders import holds_made_up_number
from counterfoil.documents.page.servers import split_url
from counterfoil.documents.reader_addressed import without_reader_addressed_text
from counterfoil.documents.scraped.fields import TextLine, read_fields
from counterfoil.documents.scraped.nesting import nest
from counterfoil.documents.source.json_sample import JsonSample, read_json_prefix
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
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_END = re.compile(
    r"Was this page helpful\?.*|Previous(?: page)?|Next(?: page)?|Powered by .*|⌘.?I|Suggest edits|Raise issue",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"Skip to main content|Try it|Copy(?: page)?|Ask AI|Search\.*|cURL|Shell|Bash|Python|JavaScript|Node(?:\.js)?"
    r"|TypeScript|PHP|Go|Java|Ruby|C#|Rust|Swift|Kotlin|Example(?: request| response)?|Response|Request"
    r"|Expand all|Collapse all",
    re.IGNORECASE,
)


def is_scraped_text(text: str) -> bool:
    """Whether a page is text copied from a rendered API page: a line with a method, and lines with known sections."""
    lines = [_visible(line) for line in text.splitlines()]
    if any(line.startswith(("#", "|", "```", "openapi:", "swagger:")) for line in lines):
        return False
    sections = sum(bool(_SECTION.fullmatch(line)) for line in lines)
    return sections > 0 and any(_METHOD.fullmatch(line) for line in lines)


def read_scraped_text(path: str, text: str) -> Document:
    """Read text copied from a rendered API page.

    Raises a CounterfoilError of the rule `no-operation` if no method and path can be found in it.
    """
    return _Page(path, without_reader_addressed_text(text)).read()


def _visible(line: str) -> str:
    """A line without blanks around it and without characters that are not seen, which anchors leave behind."""
    return _INVISIBLE.sub("", line).strip()


class _Page:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        raw = text.splitlines()
        self.text = "\n".join(raw)
        self.starts = list(accumulate((len(line) + 1 for line in raw), initial=0))
        self.lines = [TextLine(_visible(line), Location(path, number)) for number, line in enumerate(raw, 1)]
        self.at = 0
        self.seen: set[str] = set()
        self.diagnostics: list[Diagnostic] = []
        self.statuses: list[TextLine] = []
        self.samples: list[JsonSample] = []

    def read(self) -> Document:
        operation = self.endpoint()
        self.head(operation)
        self.cut_end()
        while self.at < len(self.lines):
            self.section(operation)
        if not operation.responses and (self.samples or self.statuses):
            self.response(operation, TextLine("", operation.evidence.location), [])
        self.place_samples(operation)
        return assemble(self.path, FORMAT, None, [operation], self.diagnostics)

    def endpoint(self) -> Operation:
        """The method and the path, which stands behind it or piece by piece on the lines below."""
        above: list[TextLine] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            match = _METHOD.fullmatch(line.text)
            self.at += 1
            url = (match[2] or self.pieces()) if match else ""
            if match and url:
                server, path = split_url(url)
                operation = Operation(match[1], path or "/", documented(line.place))
                if above:
                    operation.title = Stated(above[-1].text, documented(above[-1].place))
                if server:
                    operation.servers.append(Stated(server, documented(line.place)))
                return operation
            if line.text and not _CONTROL.fullmatch(line.text):
                above.append(line)
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

    def head(self, operation: Operation) -> None:
        """What stands between the path and the first section: title, description, the curl command, samples."""
        called = False
        prose: list[TextLine] = []
        while self.at < len(self.lines) and not self.heading():
            line = self.lines[self.at]
            start = self.starts[self.at]
            is_call = line.text.startswith("curl") and not called
            call = read_curl(self.text[start:], line.place) if is_call else None
            if call:
                called = True
                add_call(operation, call, self.diagnostics)
                self.at += self.text[start : start + call.end].rstrip().count("\n")
            elif line.text.startswith(("{", "[")):
                self.at += self.sample(start, line.place)
            elif _STATUS.fullmatch(line.text):
                self.statuses.append(line)
            elif line.text and not _CONTROL.fullmatch(line.text) and not called:
                prose.append(line)
            self.at += 1
        if prose:
            operation.title = Stated(prose[0].text, documented(prose[0].place))
        if prose[1:]:
            operation.description = Stated("\n\n".join(line.text for line in prose[1:]), documented(prose[1].place))

    def sample(self, start: int, place: Location) -> int:
        """Read the JSON at the offset `start`; how many lines follow its first one."""
        try:
            sample, end = read_json_prefix(self.text, place, start)
        except CounterfoilError as error:
            self.diagnostics.extend(error.diagnostics)
            end = self.text.find("\n\n", start)
        else:
            self.samples.append(sample)
        return self.text.count("\n", start, end if end >= 0 else len(self.text))

    def cut_end(self) -> None:
        """Drop what follows the last section: navigation and questions to the reader."""
        for at in range(self.at, len(self.lines) - 1):
            if _END.fullmatch(self.lines[at].text) and not is_type(self.lines[at + 1].text):
                del self.lines[at:]
                return

    def heading(self) -> str:
        """The kind of section that begins at the current line, or nothing.

        The words stand in other places, too: as the name of a field, with its type on the next line; as the last of a
        list of values; above a sample, as the label of its tab.
        """
        match = _SECTION.fullmatch(self.lines[self.at].text)
        kind = match.lastgroup if match else None
        if not kind or kind in self.seen or (self.at and self.lines[self.at - 1].text.endswith(",")):
            return ""
        following = [line.text for line in self.lines[self.at + 1 : self.at + 12]]
        if not following or is_type(following[0]):
            return ""
        shown = next(
            (text for text in following if text and not _STATUS.fullmatch(text) and not _CONTROL.fullmatch(text)), ""
        )
        return "" if shown.startswith(("{", "[", "curl")) else kind

    def section(self, operation: Operation) -> None:
        heading, kind = self.lines[self.at], self.heading()
        self.seen.add(kind)
        start = self.at = self.at + 1
        while self.at < len(self.lines) and not self.heading():
            self.at += 1
        lines = self.lines[start : self.at]
        if kind == "response":
            self.response(operation, heading, lines)
            return
        entries, notes = read_fields(lines, self.diagnostics)
        if kind == "security":
            operation.security = [self.authorization(operation, entry) for entry in entries] or operation.security
        elif kind == "body":
            nest(entries, operation.request.samples, self.diagnostics)
            operation.request.entries = entries
            self.describe(operation.request, notes)
        else:
            for entry in entries:
                note = self.authorization(operation, entry) if entry.name.lower() == "authorization" else None
                if kind == "header" and note:
                    add_security(operation, note)
                else:
                    operation.parameters = [
                        known for known in operation.parameters if (known[0], known[2].name) != (kind, entry.name)
                    ]
                    operation.parameters.append((kind, documented(heading.place), entry))

    def authorization(self, operation: Operation, entry: Entry) -> SecurityNote:
        """A header, or a query parameter or cookie if the page says so, in which the caller proves who they are."""
        description = str(entry.schema.get("description") or "")
        evidence = documented(entry.place)
        note = security_note(entry.name, description, evidence) or SecurityNote(entry.name, "", evidence)
        sampled = [known for known in operation.security if known.header.lower() == entry.name.lower()]
        note.scheme = note.scheme or (sampled[0].scheme if sampled else "")
        note.location, note.description = entry.within or "header", description
        return note

    def response(self, operation: Operation, heading: TextLine, lines: list[TextLine]) -> None:
        payload = Payload()
        payload.entries, notes = read_fields(lines, self.diagnostics)
        nest(payload.entries, self.samples, self.diagnostics)
        self.describe(payload, notes)
        statuses = _statuses([*notes, *self.statuses])
        if not statuses:
            operation.responses["2XX"] = (inferred("missing-success-status", heading.place), payload)
        for index, (status, line) in enumerate(statuses):
            operation.responses.setdefault(status, (documented(line.place), Payload() if index else payload))

    def describe(self, payload: Payload, notes: list[TextLine]) -> None:
        """Set media type and description from the lines above the first field."""
        for line in notes:
            status = _STATUS.fullmatch(line.text)
            media = status[2] if status else line.text if _MEDIA.fullmatch(line.text) else None
            if media:
                payload.media = Stated(media.split(";")[0].strip(), documented(line.place))
            elif not status and not payload.description and not _CONTROL.fullmatch(line.text):
                payload.description = Stated(line.text, documented(line.place))

    def place_samples(self, operation: Operation) -> None:
        """The samples below the command belong to the responses, in the order of the status labels beside them."""
        for sample in [*operation.request.samples, *self.samples]:
            sample.from_types = holds_made_up_number(sample.value)
        labels = [status for status, _ in _statuses(self.statuses)]
        statuses = labels if len(labels) == len(self.samples) else list(operation.responses)
        for status, sample in zip(statuses, self.samples, strict=False):
            if status in operation.responses:
                operation.responses[status][1].samples.append(sample)


def _statuses(lines: list[TextLine]) -> list[tuple[str, TextLine]]:
    """The statuses that some of the lines are, each once."""
    found: dict[str, TextLine] = {}
    for line in lines:
        match = _STATUS.fullmatch(line.text)
        if match:
            found.setdefault(match[1], line)
    return list(found.items())
