"""One operation of a Markdown page, from the blocks that speak of it."""

import re
from dataclasses import replace

from counterfoil.documents.markdown.blocks import Block, Fence, Heading, Paragraph, Table
from counterfoil.documents.markdown.code_samples import Message, read_code
from counterfoil.documents.markdown.endpoints import Endpoint, base_url, is_generic
from counterfoil.documents.markdown.fields import FieldPlacer
from counterfoil.documents.markdown.rows import roles_of
from counterfoil.documents.markdown.sections import Section, announced, captioned
from counterfoil.documents.page.curl import CurlCall
from counterfoil.documents.page.operation import (
    Operation,
    Payload,
    Stated,
    add_call,
    add_security,
    documented,
    inferred,
    security_note,
)
from counterfoil.location import Diagnostic, Location

_SUCCESS = re.compile(
    r"\b(?:status(?: code)?|code|http|returns?|responds with)\b[^.]{0,80}?\b(2\d\d)\b"
    r"|\b(2\d\d) (?:OK|Created|Accepted|No Content)\b",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(Authorization)\b.{0,20}?\b(Bearer|Basic)\b")
_KEY_HEADER = re.compile(r"(?<![\w-])(x-[\w-]{0,40}?(?:key|token|secret)[\w-]{0,40})()", re.IGNORECASE)


class OperationReader:
    """Walks over the blocks of one operation, keeping track of the section it is in.

    `endpoint` is the operation's, which `blocks[at]` names; a negative `at` means that it stands elsewhere.
    """

    def __init__(self, blocks: list[Block], endpoint: Endpoint, at: int, diagnostics: list[Diagnostic]) -> None:
        self.blocks = blocks
        self.endpoint = endpoint
        self.endpoint_at = at
        self.diagnostics = diagnostics
        self.operation = Operation(endpoint.method, endpoint.path, documented(endpoint.place))
        self.fields = FieldPlacer(self.operation, diagnostics)
        self.sections: list[Section] = [Section("other")]
        self.caption: Section | None = None
        self.before: Paragraph | None = None
        self.prose: list[Paragraph] = []

    def read(self) -> Operation:
        """The operation with everything that its blocks say."""
        operation = self.operation
        if self.endpoint.server:
            operation.servers.append(Stated(self.endpoint.server, documented(self.endpoint.place)))
        for at, block in enumerate(self.blocks):
            if isinstance(block, Heading):
                self._heading(block, at)
            elif at == self.endpoint_at and not isinstance(block, Fence):
                continue
            elif isinstance(block, Paragraph):
                self._paragraph(block)
                continue
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._fence(block)
            self.caption = self.before = None
        self.fields.decide()
        if self.prose:
            text = "\n\n".join(paragraph.prose for paragraph in self.prose)
            operation.description = Stated(text, documented(self.prose[0].place))
        _settle_success(operation)
        return operation

    @property
    def _section(self) -> Section:
        return self.sections[-1]

    def _heading(self, block: Heading, at: int) -> None:
        while len(self.sections) > 1 and self.sections[-1].level >= block.level:
            self.sections.pop()
        if at == self.endpoint_at:
            named = block.text.split(self.endpoint.method)[0].strip(" :-–—`(")
            if named and not self.operation.title:
                self.operation.title = Stated(named, documented(block.place))
            return
        section = self.fields.members_of(block, self._section) or announced(block.text, block.level, self._section)
        if is_generic(block.text) and section is None:
            return
        if at < self.endpoint_at and self.operation.title is None and section is None:
            self.operation.title = Stated(block.text, documented(block.place))
            return
        self.sections.append(section or Section("other", block.level))
        if section and section.kind == "response" and section.status:
            self.fields.response(section, block.place)

    def _paragraph(self, block: Paragraph) -> None:
        self.before = block
        server = base_url(block.text)
        if server:
            self.operation.servers.append(Stated(server, documented(block.place)))
            return
        section = captioned(block.text, self._section)
        self.caption = section or self.caption
        if self._section.kind == "response":
            self._response_prose(block, is_caption=section is not None)
        elif self._section.kind == "security":
            match = _BEARER.search(block.text) or _KEY_HEADER.search(block.text)
            if match:
                add_security(
                    self.operation, security_note(match[1], match[2], inferred("security-from-prose", block.place))
                )
        elif len(self.sections) == 1 and not section and not block.listed:
            self.prose.append(block)

    def _response_prose(self, block: Paragraph, *, is_caption: bool) -> None:
        success = _SUCCESS.search(block.text)
        if success and not self._section.status:
            status = success[1] or success[2]
            self.sections[-1] = replace(self._section, status=status)
            evidence = inferred("success-status-from-prose", block.place)
            self.operation.responses.setdefault(status, (evidence, Payload()))
        payload = self.fields.response(self._section, block.place)
        if not payload.description and not payload and not is_caption and not block.text.endswith(":"):
            payload.description = Stated(block.prose, documented(block.place))

    def _table(self, table: Table) -> None:
        roles = roles_of(table)
        if "status" in roles and "name" not in roles:
            self.fields.statuses(table, roles)
        elif "name" in roles and {"type", "description", "required"} & {*roles}:
            section = self.caption if self.caption and self._section.kind == "other" else self._section
            self.fields.table(table, roles, section, self.before)

    def _fence(self, block: Fence) -> None:
        server = base_url(self.before.text, block.content) if self.before else ""
        if server:
            self.operation.servers.append(Stated(server, documented(block.place)))
            return
        code = read_code(block, self.diagnostics)
        if isinstance(code, CurlCall):
            add_call(self.operation, code, self.diagnostics)
        elif code:
            self._message(code)

    def _message(self, message: Message) -> None:
        section = self.caption or self._section
        if message.status:
            section = replace(section, kind="response", status=message.status)
        elif message.sent:
            section = replace(section, kind="request")
        place = message.sample.place(())
        request = self.operation.request
        if section.kind in ("response", "errors"):
            self.fields.response(section, place).samples.append(message.sample)
        elif section.kind in ("request", "parameters") and self.operation.may_have_body:
            if section.media and not request.media:
                request.media = Stated(section.media, documented(place))
            request.samples.append(message.sample)
        else:
            self._note(place, "unplaced-example", "nothing says whether this JSON is sent or answered")

    def _note(self, place: Location, rule: str, message: str) -> None:
        self.diagnostics.append(Diagnostic(place, rule, message, severity="warning"))


def _settle_success(operation: Operation) -> None:
    """A success that was read before the page told its status is the one whose status it then told."""
    told = [status for status in operation.responses if status.startswith("2") and status != "2XX"]
    evidence, payload = operation.responses.get("2XX", (None, Payload()))
    if not told or evidence is None or evidence.rule != "missing-success-status":
        return
    target = operation.responses[told[0]][1]
    if not target:
        target.entries, target.samples = payload.entries, payload.samples
        target.media = target.media or payload.media
        target.description = target.description or payload.description
        del operation.responses["2XX"]
