"""One operation of a Markdown page, from the blocks that speak of it."""

import re
from dataclasses import replace

from counterfoil.documents.curl import CurlCall, read_curl
from counterfoil.documents.json_sample import JsonSample, read_json_sample
from counterfoil.documents.markdown_blocks import Block, Cell, Fence, Heading, Paragraph, Table
from counterfoil.documents.markdown_endpoints import Endpoint, is_generic
from counterfoil.documents.markdown_rows import RowReader, roles_of
from counterfoil.documents.markdown_sections import Section, announced, captioned
from counterfoil.documents.operation import Entry, Operation, Payload, Stated, documented, inferred, security_note
from counterfoil.documents.servers import server_of
from counterfoil.evidence import Evidence
from counterfoil.location import CounterfoilError, Diagnostic, Location

_BODILESS = {"GET", "HEAD", "DELETE"}
_SHELL = {"bash", "sh", "shell", "curl", "console", "cli", "zsh", "shell-session", "cURL"}
_JSON = {"json", "json5", "jsonc", "js", "javascript", "http", ""}
_LOCATIONS = {"path": "path", "url": "path", "query": "query", "querystring": "query", "query string": "query",
              "header": "header", "headers": "header", "cookie": "cookie", "body": "body", "json": "body",
              "form": "body", "formdata": "body", "form-data": "body"}  # fmt: skip
_MEDIA = re.compile(r"\b((?:application|text|multipart)/[\w.+*-]+)")
_SUCCESS = re.compile(
    r"\b(?:status(?: code)?|code|http|returns?|responds with)\b[^.]*?\b(2\d\d)\b|\b(2\d\d) (?:OK|Created|Accepted|No Content)\b",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"\b(?:the|object|array|attributes?|properties|parameters?|fields?|items?|schema|details|child|nested|structure)\b|[`*:()\[\]–-]",
    re.IGNORECASE,
)


class OperationReader:
    """Walks over the blocks of one operation, keeping track of the section it is in."""

    def __init__(self, blocks: list[Block], endpoint: Endpoint, at: int, diagnostics: list[Diagnostic]) -> None:
        self.blocks = blocks
        self.endpoint = endpoint
        self.endpoint_at = at
        self.diagnostics = diagnostics
        self.operation = Operation(endpoint.method, endpoint.path.split("?")[0], documented(endpoint.place))
        self.sections: list[Section] = [Section("other")]
        self.caption: Section | None = None
        self.prose: list[Paragraph] = []
        self.undecided: list[Entry] = []
        self.exchanges: list[CurlCall] = []

    def read(self) -> Operation:
        """The operation with everything that its blocks say."""
        operation = self.operation
        if self.endpoint.server:
            operation.servers.append(Stated(self.endpoint.server, documented(self.endpoint.place)))
        for at, block in enumerate(self.blocks):
            if isinstance(block, Heading):
                self.heading(block, at)
            elif at == self.endpoint_at and not isinstance(block, Fence):
                self.sections = [self.sections[0]]
                continue
            elif isinstance(block, Paragraph):
                self.paragraph(block, at)
                continue
            elif isinstance(block, Table):
                self.table(block)
            else:
                self.fence(block)
            self.caption = None
        self.decide()
        if self.prose:
            text = "\n\n".join(paragraph.text for paragraph in self.prose)
            operation.description = Stated(text, documented(self.prose[0].place))
        return operation

    @property
    def section(self) -> Section:
        return self.sections[-1]

    def heading(self, block: Heading, at: int) -> None:
        while len(self.sections) > 1 and self.sections[-1].level >= block.level:
            self.sections.pop()
        if at == self.endpoint_at or is_generic(block.text):
            if not self.operation.title and at == self.endpoint_at:
                named = block.text.split(self.endpoint.method)[0].strip(" :-–—`(")
                if named:
                    self.operation.title = Stated(named, documented(block.place))
            if not announced(block.text, block.level, self.section) or at == self.endpoint_at:
                return
        if (
            at < self.endpoint_at
            and self.operation.title is None
            and not announced(block.text, block.level, self.section)
        ):
            self.operation.title = Stated(block.text, documented(block.place))
            return
        section = self.members(block) or announced(block.text, block.level, self.section)
        if section is None:
            section = Section("other", block.level)
        self.sections.append(section)
        if section.kind == "response" and section.status:
            self.response(section, block.place)

    def members(self, block: Heading) -> Section | None:
        """The section for the members of a documented field, if the heading is that field's name."""
        words = " ".join(_MEMBERS.sub(" ", block.text).split())
        wanted = re.sub(r"[\s_]", "", words).lower()
        if not wanted:
            return None
        parent = self.section
        payloads = [self.operation.request, *(payload for _, payload in self.operation.responses.values())]
        if parent.kind == "response":
            payloads.reverse()
        for payload in payloads:
            for entry in [*payload.entries, *(self.undecided if payload is self.operation.request else [])]:
                kind = entry.schema.get("type")
                last = re.split(r"\.|\[\]", entry.name.removesuffix("[]"))[-1]
                if kind in ("object", "array", None) and re.sub(r"_", "", last).lower() == wanted:
                    full = f"{entry.within}.{entry.name}" if entry.within else entry.name
                    if payload is self.operation.request:
                        return Section("request", block.level, "body", "", "", full)
                    status = next(code for code, (_, other) in self.operation.responses.items() if other is payload)
                    return Section("response", block.level, "", status, "", full)
        return None

    def paragraph(self, block: Paragraph, at: int) -> None:
        section = captioned(block.text, self.section)
        if section:
            self.caption = section
        if self.section.kind == "response":
            success = _SUCCESS.search(block.text)
            if success and not self.section.status:
                status = success[1] or success[2]
                self.sections[-1] = replace(self.section, status=status)
                evidence = inferred("success-status-from-prose", block.place)
                self.operation.responses.setdefault(status, (evidence, Payload()))
            payload = self.response(self.section, block.place)
            if not payload.description and not payload and not section and not block.text.endswith(":"):
                payload.description = Stated(block.text, documented(block.place))
        elif self.section.kind == "security":
            self.security_prose(block)
        elif len(self.sections) == 1 and not section and not block.listed:
            self.prose.append(block)

    def security_prose(self, block: Paragraph) -> None:
        match = re.search(r"\b(Authorization)\b.{0,20}?\b(Bearer|Basic)\b", block.text) or re.search(
            r"\b(x-[\w-]*(?:key|token|secret)[\w-]*)\b(?:.{0,20}header)?()", block.text, re.IGNORECASE
        )
        note = security_note(match[1], match[2], inferred("security-from-prose", block.place)) if match else None
        if note and all(other.header.lower() != note.header.lower() for other in self.operation.security):
            self.operation.security.append(note)

    def table(self, table: Table) -> None:
        roles = roles_of(table)
        if "status" in roles and "name" not in roles:
            self.statuses(table, roles.index("status"), roles.index("description") if "description" in roles else -1)
            return
        section = self.caption if self.caption and self.section.kind == "other" else self.section
        if "name" not in roles or not {"type", "description", "required"} & {*roles}:
            return
        if section.kind == "other" and section.level and "location" not in roles:
            header = table.columns[roles.index("name")].text.lower()
            if not re.search(r"param|argument|header", header):
                self.note(table.place, "unplaced-table", "no heading says whether these fields are sent or answered")
                return
            section = Section("parameters", location="header" if "header" in header else "")
        for entry, cell in RowReader(table, roles, self.diagnostics).entries():
            self.entry(entry, cell, section, table)

    def entry(self, entry: Entry, cell: Cell | None, section: Section, table: Table) -> None:
        entry.within = section.field
        location = _LOCATIONS.get(cell.text.strip("` ").lower(), "") if cell else ""
        if section.kind in ("response", "errors"):
            self.response(section, entry.place).entries.append(entry)
            return
        header = table.columns[0].text.strip(" *").lower()
        if header in ("header", "headers", "header name") and not location:
            location = "header"
        evidence = documented(cell.place) if cell and location else documented(table.place)
        location = location or section.location
        if section.kind == "security":
            location = "header"
        if location == "header":
            self.header(entry, evidence)
        elif location == "url":
            found = "path" if self.in_template(entry.name) else "query"
            self.operation.parameters.append((found, evidence, entry))
        elif location == "body":
            self.operation.request.entries.append(entry)
        elif location:
            self.operation.parameters.append((location, evidence, entry))
        else:
            self.undecided.append(entry)
        if section.media and location in ("body", ""):
            self.operation.request.media = Stated(section.media, documented(table.place))

    def header(self, entry: Entry, evidence: Evidence) -> None:
        description = str(entry.schema.get("description") or "")
        name = entry.name.lower()
        note = security_note(entry.name, f"{description} {entry.schema.get('examples') or ''}", documented(entry.place))
        media = _MEDIA.search(description) or _MEDIA.search(str(entry.schema.get("examples") or ""))
        if name == "content-type":
            if media and not self.operation.request.media:
                self.operation.request.media = Stated(media[1], documented(entry.place))
        elif note:
            self.operation.security = [other for other in self.operation.security if other.header != note.header]
            self.operation.security.append(note)
        elif name != "accept":
            self.operation.parameters.append(("header", evidence, entry))

    def in_template(self, name: str) -> bool:
        return bool(
            re.search(rf"\{{{re.escape(name)}\}}|/:{re.escape(name)}\b|<{re.escape(name)}>", self.endpoint.path)
        )

    def decide(self) -> None:
        """Place the parameters of which the page says no more than that they are sent."""
        separate_body = bool(self.operation.request.entries)
        for entry in self.undecided:
            evidence = inferred("location-from-method", entry.place)
            if self.in_template(entry.name):
                self.operation.parameters.append(("path", inferred("location-from-template", entry.place), entry))
            elif self.operation.method in _BODILESS or (separate_body and not entry.within):
                self.operation.parameters.append(("query", evidence, entry))
            else:
                self.operation.request.entries.append(entry)

    def statuses(self, table: Table, status_at: int, description_at: int) -> None:
        for row in table.rows:
            match = re.match(r"[1-5](?:\d\d|XX)", row[status_at].text, re.IGNORECASE)
            if not match:
                continue
            _, payload = self.operation.responses.setdefault(match[0].upper(), (documented(row[0].place), Payload()))
            if not payload.description and description_at >= 0 and row[description_at].text:
                cell = row[description_at]
                payload.description = Stated(cell.text, documented(cell.place))

    def response(self, section: Section, place: Location) -> Payload:
        """The payload of a response whose heading stands at `place`."""
        status = section.status or next((code for code in self.operation.responses if code.startswith("2")), "")
        if section.kind == "errors" and not section.status:
            return Payload()
        if not status:
            self.operation.responses["2XX"] = (inferred("missing-success-status", place), Payload())
            status = "2XX"
        _, payload = self.operation.responses.setdefault(status, (documented(place), Payload()))
        if section.media and not payload.media:
            payload.media = Stated(section.media, documented(place))
        return payload

    def fence(self, block: Fence) -> None:
        language = re.split(r"[\s{]", block.info.lower())[0]
        call = read_curl(block.content, block.place) if language in _SHELL | {"", "http"} else None
        if call:
            self.exchange(call)
            return
        if language not in _JSON or not block.content.strip():
            return
        head, body_at = self.message_head(block)
        content = block.content[body_at:]
        if not content.lstrip().startswith(("{", "[")):
            return
        section = self.caption or self.section
        if head:
            section = Section("response", status=head) if head.isdigit() else Section("request")
        place = Location(block.place.path, block.place.line + block.content.count("\n", 0, body_at), 1)
        try:
            sample = read_json_sample(content, place)
        except CounterfoilError as error:
            self.diagnostics.extend(error.diagnostics)
            return
        self.sample(sample, section)

    @staticmethod
    def message_head(block: Fence) -> tuple[str, int]:
        """The status or the method of an HTTP message, and the offset of its body; empty and 0 for bare JSON."""
        match = re.match(
            r"(?:HTTP/[\d.]+\s+(\d\d\d)|([A-Z]+)\s+\S+(?:\s+HTTP/[\d.]+)?[ \t]*\n)[^{\[]*?(?=\n\s*[{\[])", block.content
        )
        return ((match[1] or match[2]), match.end()) if match else ("", 0)

    def sample(self, sample: JsonSample, section: Section) -> None:
        place = sample.place(())
        if section.kind in ("response", "errors"):
            self.response(section, place).samples.append(sample)
        elif section.kind in ("request", "parameters") and self.operation.method not in _BODILESS:
            if section.media and not self.operation.request.media:
                self.operation.request.media = Stated(section.media, documented(place))
            self.operation.request.samples.append(sample)
        else:
            self.note(place, "unplaced-example", "nothing says whether this JSON is sent or answered")

    def exchange(self, call: CurlCall) -> None:
        """A curl sample of this operation gives its server, its body and, where nothing else does, its security."""
        server = server_of(call.url, self.operation.path)
        if call.method != self.operation.method or not server or not call.url_place:
            return
        self.diagnostics.extend(call.diagnostics)
        operation = self.operation
        if all(server != known.text for known in operation.servers):
            operation.servers.append(Stated(server, documented(call.url_place)))
        if call.body:
            operation.request.samples.append(call.body)
        notes = [
            security_note(name, value, inferred("security-from-sample", place)) for name, value, place in call.headers
        ]
        if call.user:
            notes.append(security_note("Authorization", "basic", inferred("security-from-sample", call.user)))
        for note in notes:
            if note and all(note.header.lower() != other.header.lower() for other in operation.security):
                operation.security.append(note)

    def note(self, place: Location, rule: str, message: str) -> None:
        self.diagnostics.append(Diagnostic(place, rule, message, severity="warning"))
