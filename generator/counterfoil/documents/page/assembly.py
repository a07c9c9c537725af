"""From the operations that a page tells of to a `Document` in OpenAPI 3.1."""

import re

from counterfoil import pointer as json_pointer
from counterfoil.documents.document import Document
from counterfoil.documents.page.builder import Builder, Token
from counterfoil.documents.page.operation import Operation, Payload, SecurityNote, Stated, documented, inferred
from counterfoil.documents.page.payload_schema import distinct_samples, payload_schema
from counterfoil.documents.page.placeholders import fill, is_generated
from counterfoil.documents.source.json_sample import JsonSample
from counterfoil.evidence import Evidence
from counterfoil.location import Diagnostic, Location

_TEMPLATE = re.compile(r"\{([^{}/]+)\}")
_COLON = re.compile(r"(?<=/):([A-Za-z_]\w*)|<([A-Za-z_][\w-]*)>")


def assemble(
    path: str, page_format: str, title: Stated | None, operations: list[Operation], diagnostics: list[Diagnostic]
) -> Document:
    """Make the document of one page; `operations` are in the order of the page, at least one.

    `title` is that of the API, which a page about one operation seldom tells.
    """
    first = operations[0].evidence.location
    tree = Builder()
    tree.read(Location(path), {})
    tree.infer("openapi-version", first, "3.1.0", "openapi")
    if title:
        tree.set(title.evidence, title.text, "info", "title")
    for operation in operations:
        _Assembly(tree, operation, diagnostics).add()
    return Document(path, page_format, tree.tree, tree.evidence, diagnostics)


class _Assembly:
    """Adds one operation to the tree."""

    def __init__(self, tree: Builder, operation: Operation, diagnostics: list[Diagnostic]) -> None:
        self.tree = tree
        self.operation = operation
        self.diagnostics = diagnostics
        self.url = _COLON.sub(lambda match: f"{{{match[1] or match[2]}}}", operation.path)
        self.at: tuple[Token, ...] = ("paths", self.url, operation.method.lower())

    def add(self) -> None:
        operation, at = self.operation, self.at
        if self.tree.get(*at) is not None:
            self.diagnostics.append(
                Diagnostic(
                    operation.evidence.location,
                    "repeated-operation",
                    f"{operation.method} {self.url} was already read above; this one is left out",
                    severity="warning",
                )
            )
            return
        evidence = operation.evidence
        if self.url != operation.path:
            evidence = Evidence(
                "repaired", evidence.location, "path-parameter-syntax", f"the page says {operation.path}"
            )
        if self.tree.get("paths", self.url) is None:
            self.tree.set(evidence, {}, "paths", self.url)
        self.tree.set(evidence, {}, *at)
        for key, stated in (("summary", operation.title), ("description", operation.description)):
            if stated and stated.text != self.tree.get(*at, "summary"):
                self.tree.set(stated.evidence, stated.text, *at, key)
        self.servers()
        for note in operation.security:
            self.secure(note)
        self.parameters()
        if operation.request:
            self.content(operation.request, *at, "requestBody")
            if operation.request_is_required:
                place = self.place_of(operation.request)
                self.tree.infer("body-of-required-fields", place, True, *at, "requestBody", "required")
        self.responses()

    def servers(self) -> None:
        known = {server["url"] for server in self.tree.get("servers") or []}
        for server in self.operation.servers:
            if server.text not in known:
                known.add(server.text)
                index = self.tree.append(server.evidence, {}, "servers")
                self.tree.set(server.evidence, server.text, "servers", index, "url")
                for name in _TEMPLATE.findall(server.text):
                    rule, place = "server-variable", server.evidence.location
                    self.tree.infer(rule, place, {"default": name}, "servers", index, "variables", name)

    def secure(self, note: SecurityNote) -> None:
        name = f"{note.scheme}Auth" if note.scheme else note.header
        at = ("components", "securitySchemes", re.sub(r"[^A-Za-z0-9._-]", "-", name))
        if self.tree.get(*at) is None:
            scheme = (
                {"type": "http", "scheme": note.scheme}
                if note.scheme
                else {"type": "apiKey", "in": note.location, "name": note.header}
            )
            self.tree.set(note.evidence, scheme, *at)
            if note.description:
                self.tree.set(note.evidence, note.description, *at, "description")
        if self.tree.get(*self.at, "security") is None:
            self.tree.append(note.evidence, {}, *self.at, "security")
        self.tree.set(note.evidence, [], *self.at, "security", 0, at[-1])

    def parameters(self) -> None:
        named = set()
        for location, evidence, entry in self.operation.parameters:
            name = entry.name
            key = (location, name.lower() if location == "header" else name)
            if key in named:
                continue
            named.add(key)
            index = self.tree.append(documented(entry.place), {}, *self.at, "parameters")
            at = (*self.at, "parameters", index)
            self.tree.read(entry.place, name, *at, "name")
            self.tree.set(evidence, location, *at, "in")
            if location == "path":
                self.tree.infer("path-parameters-are-required", entry.place, True, *at, "required")
            elif entry.required and entry.required_by:
                self.tree.set(entry.required_by, True, *at, "required")
            self.tree.graft(entry.schema, (), *at, "schema")
            if entry.type_name is None and not {"type", "anyOf", "enum"} & entry.schema.tree.keys():
                self.tree.infer("parameter-without-type", entry.place, "string", *at, "schema", "type")
            for keyword in ("description", "deprecated"):
                if keyword in entry.schema.tree:
                    self.tree.graft(entry.schema, (keyword,), *at, keyword)
                    del self.tree.get(*at, "schema")[keyword]
                    self.tree.evidence.discard(json_pointer.join("", *at, "schema", keyword))
        for name in _TEMPLATE.findall(self.url):
            if ("path", name) not in named:
                self.tree.append(
                    inferred("path-parameter-from-template", self.operation.evidence.location),
                    {"name": name, "in": "path", "required": True, "schema": {"type": "string"}},
                    *self.at,
                    "parameters",
                )

    def responses(self) -> None:
        place = self.operation.evidence.location
        for status, (evidence, payload) in self.operation.responses.items():
            at = (*self.at, "responses", status)
            self.tree.set(evidence, {}, *at)
            if payload.description:
                self.tree.set(payload.description.evidence, payload.description.text, *at, "description")
            elif payload.heading:
                self.tree.set(payload.heading.evidence, payload.heading.text, *at, "description")
            else:
                self.tree.infer("undescribed-response", evidence.location, "", *at, "description")
            if payload:
                self.content(payload, *at)
        if not any(status.startswith("2") for status in self.operation.responses):
            at = (*self.at, "responses", "2XX")
            self.tree.infer("missing-success-status", place, {}, *at)
            self.tree.infer("undescribed-response", place, "", *at, "description")

    def content(self, payload: Payload, *at: Token) -> None:
        """Set the media type, schema and examples of a payload; `at` is a request body or a response."""
        place = self.place_of(payload)
        media = payload.media or Stated("application/json", inferred("json-unless-stated", place))
        if payload.description and at[-1] == "requestBody":
            self.tree.set(payload.description.evidence, payload.description.text, *at, "description")
        if self.tree.get(*at) is None:
            self.tree.read(place, {}, *at)
        at = (*at, "content", media.text)
        self.tree.set(media.evidence, {}, *at)
        schema = payload_schema(payload)
        self.tree.graft(schema, (), *at, "schema")
        samples = distinct_samples(payload)
        for index, sample in enumerate(samples):
            keys = ("example",) if len(samples) == 1 else ("examples", f"sample-{index + 1}", "value")
            self.example(sample, schema, *at, *keys)

    def example(self, sample: JsonSample, schema: Builder, *at: Token) -> None:
        place = sample.place(())
        if sample.from_types or is_generated(sample.value):
            self.tree.infer("placeholder-sampled", place, fill(sample.value, schema.tree), *at)
            return
        self.tree.read(place, sample.value, *at)
        for path, node in sample.places.items():
            if path:
                self.tree.evidence.add(json_pointer.join("", *at, *path), documented(node))

    @staticmethod
    def place_of(payload: Payload) -> Location:
        return payload.entries[0].place if payload.entries else payload.samples[0].place(())
