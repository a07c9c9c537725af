"""Placing the fields that tables list: in the request, among the parameters, or in a response."""

import re
from collections.abc import Iterator
from dataclasses import replace

from counterfoil.documents.markdown.blocks import Cell, Heading, Paragraph, Table
from counterfoil.documents.markdown.rows import Role, RowReader
from counterfoil.documents.markdown.sections import Section
from counterfoil.documents.page.operation import (
    LONGEST_NAME,
    Entry,
    Operation,
    Payload,
    Stated,
    add_security,
    documented,
    inferred,
    security_note,
)
from counterfoil.evidence import Evidence
from counterfoil.location import Diagnostic, Location

_LOCATIONS = {
    **dict.fromkeys(("path", "url"), "path"),
    **dict.fromkeys(("query", "querystring", "query string", "query param", "query parameter"), "query"),
    **dict.fromkeys(("header", "headers"), "header"),
    **dict.fromkeys(("body", "json", "request body", "form", "formdata", "form-data", "form data"), "body"),
    "cookie": "cookie",
}
_MEDIA = re.compile(r"\b((?:application|text|multipart)/[\w.+*-]+)")
_STATUS = re.compile(r"[1-5](?:\d\d|XX)", re.IGNORECASE)
_MEMBERS = re.compile(
    r"\b(?:the|object|array|attributes?|properties|parameters?|fields?|items?|schema|details|child|nested|structure)\b"
    r"|[`*:()\[\]–-]",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\bonly\b.{0,30}\b(?:when|if|for|in case)\b|\b(?:returned|present|required|included) (?:when|if)\b", re.IGNORECASE
)


class FieldPlacer:
    """Adds the rows of tables to an operation, of which the sections around them tell what they are."""

    def __init__(self, operation: Operation, diagnostics: list[Diagnostic]) -> None:
        self.operation = operation
        self.diagnostics = diagnostics
        self.undecided: list[Entry] = []

    def table(self, table: Table, roles: list[Role], section: Section, before: Paragraph | None) -> None:
        """Place the rows of a table of fields in `section`; `before` is the paragraph right above it."""
        header = table.columns[roles.index("name")].text.lower()
        if section.kind == "other" and section.level and "location" not in roles:
            if not re.search(r"param|argument|header", header):
                self._note(table.place, "unplaced-table", "no heading says whether these fields are sent or answered")
                return
            section = Section("parameters")
        conditional = before and _CONDITION.search(before.text)
        for row, cell in RowReader(table, roles, self.diagnostics).entries():
            if conditional:
                row.required = row.required_by = None
            location = _LOCATIONS.get(cell.text.strip("` ").lower(), "") if cell else ""
            for field in section.fields or ("",):
                entry = replace(row, within=field)
                if section.kind in ("response", "errors"):
                    self.response(section, entry.place).entries.append(entry)
                elif location and cell:
                    self._sent(entry, location, documented(cell.place), section)
                elif header in ("header", "headers", "header name") or section.kind == "security":
                    self._sent(entry, "header", documented(table.place), section)
                else:
                    self._sent(entry, section.location, documented(table.place), section)

    def _sent(self, entry: Entry, location: str, evidence: Evidence, section: Section) -> None:
        if location == "header":
            self._header(entry, evidence)
        elif location == "url":
            found = "path" if self.operation.has_in_path(entry.name) else "query"
            self.operation.parameters.append((found, evidence, entry))
        elif location == "body":
            self.operation.request.entries.append(entry)
        elif location:
            self.operation.parameters.append((location, evidence, entry))
        else:
            self.undecided.append(entry)
        if section.media and location in ("body", ""):
            self.operation.request.media = Stated(section.media, evidence)

    def _header(self, entry: Entry, evidence: Evidence) -> None:
        """A header is a parameter unless it is a media type or proves who calls (OpenAPI 3.1, section 4.8.12)."""
        about = f"{entry.schema.get('description') or ''} {entry.schema.get('examples') or ''}"
        name = entry.name.lower()
        note = security_note(entry.name, about, documented(entry.place))
        media = _MEDIA.search(about)
        if name == "content-type" and media and not self.operation.request.media:
            self.operation.request.media = Stated(media[1], documented(entry.place))
        elif note:
            add_security(self.operation, note)
        elif name not in ("accept", "content-type"):
            self.operation.parameters.append(("header", evidence, entry))

    def decide(self) -> None:
        """Place the fields of which the page says no more than that they are sent."""
        for entry in (*self.operation.request.entries, *self.undecided, *self._answered()):
            if not entry.type_is_known and entry.type_name:
                place, text = entry.type_name.evidence.location, entry.type_name.text
                self._note(place, "unknown-type", f"`{text}` is no type that is understood")
        separate_body = bool(self.operation.request.entries)
        for entry in self.undecided:
            if self.operation.has_in_path(entry.name):
                self.operation.parameters.append(("path", inferred("location-from-path", entry.place), entry))
            elif not self.operation.may_have_body or (separate_body and not entry.within):
                self.operation.parameters.append(("query", inferred("location-from-method", entry.place), entry))
            else:
                self.operation.request.entries.append(entry)

    def _answered(self) -> Iterator[Entry]:
        for _, payload in self.operation.responses.values():
            yield from payload.entries

    def statuses(self, table: Table, roles: list[Role]) -> None:
        """Add the responses that a table lists by status."""
        described = roles.index("description") if "description" in roles else -1
        for row in table.rows:
            match = _STATUS.match(row[roles.index("status")].text)
            if not match:
                continue
            _, payload = self.operation.responses.setdefault(match[0].upper(), (documented(row[0].place), Payload()))
            cell = row[described] if described >= 0 else Cell("", row[0].place)
            if not payload.description and cell.text:
                payload.description = Stated(cell.prose, documented(cell.place))

    def response(self, section: Section, place: Location) -> Payload:
        """The payload of the response that `section`, which begins at `place`, tells of."""
        status = section.status or next((code for code in self.operation.responses if code.startswith("2")), "")
        if section.kind == "errors" and not section.status:
            return Payload()
        if not status:
            self.operation.responses["2XX"] = (inferred("missing-success-status", place), Payload())
            status = "2XX"
        _, payload = self.operation.responses.setdefault(status, (documented(place), Payload()))
        if section.media and not payload.media:
            payload.media = Stated(section.media, documented(place))
        if section.title and not payload.heading:
            payload.heading = Stated(section.title, documented(place))
        return payload

    def members_of(self, heading: Heading, parent: Section) -> Section | None:
        """The section for the members of a documented field, if the heading is that field's name."""
        wanted = re.sub(r"[\s_]", "", _MEMBERS.sub(" ", heading.text)).lower()
        payloads = [
            ("", self.operation.request),
            *((code, body) for code, (_, body) in self.operation.responses.items()),
        ]
        if parent.kind == "response":
            payloads.reverse()
        for status, payload in payloads if wanted else ():
            undecided = [] if status else self.undecided
            named = [
                entry
                for entry in [*payload.entries, *undecided]
                if not entry.has_section and len(entry.full_name) <= LONGEST_NAME and _is_called(entry, wanted)
            ]
            if named:
                for entry in named:
                    entry.type_is_known = entry.has_section = True
                fields = tuple(entry.full_name for entry in named)
                if status:
                    return Section("response", heading.level, status=status, fields=fields)
                return Section("request", heading.level, "" if named[0] in undecided else "body", fields=fields)
        return None

    def _note(self, place: Location, rule: str, message: str) -> None:
        self.diagnostics.append(Diagnostic(place, rule, message, severity="warning"))


def _is_called(entry: Entry, wanted: str) -> bool:
    """Whether a field that may have members, or its type, has the name `wanted` when blanks and case are ignored."""
    if entry.schema.get("type") not in ("object", "array", None):
        return False
    last = re.split(r"\.|\[\]", entry.name.removesuffix("[]"))[-1]
    kind = entry.type_name.text if entry.type_name else ""
    return wanted in (re.sub(r"[\s_]", "", last).lower(), re.sub(r"[\s_]", "", kind).lower())
