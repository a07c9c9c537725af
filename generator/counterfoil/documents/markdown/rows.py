"""Rows of parameter and response tables."""

import re
from typing import Any, Literal

from counterfoil.documents.markdown.blocks import Cell, Table
from counterfoil.documents.page.builder import Builder
from counterfoil.documents.page.field_types import FieldType, read_type
from counterfoil.documents.page.json_types import type_of, types_of
from counterfoil.documents.page.listed_values import read_values
from counterfoil.documents.page.operation import LONGEST_NAME, Entry, Stated, documented, inferred
from counterfoil.documents.page.type_evidence import set_enum, typed_schema
from counterfoil.documents.source.json_sample import read_json_value
from counterfoil.location import Diagnostic

Role = Literal[
    "name", "type", "description", "required", "optional", "example", "default", "location", "values", "format",
    "length", "status", "other",
]  # fmt: skip

_THING = r"(?:field|parameter|param|attribute|property|argument|query|path|header|body|key|json)"
_ROLES: tuple[tuple[Role, str], ...] = (
    ("status", r"(?:http )?(?:status|response)(?: codes?)?|http codes?|(?:status|response|error) codes?"),
    ("location", r"in|location|param(?:eter)? type|param(?:eter)? in|position|sent in|where"),
    ("optional", r"optional"),
    ("required", r"(?:is )?(?:required|mandatory)(?:/optional)?|req|presence|optionality|must"),
    ("type", r"(?:data|field|value|json)? ?types?|datatype|schema"),
    ("values", r"(?:allowed|possible|accepted|valid|permitted|enum)? ?values|options|enum(?:eration)?|choices"),
    ("example", r"(?:example|sample)s?(?: values?)?|e\.?g\.?"),
    ("default", r"defaults?(?: values?)?"),
    ("format", r"format"),
    ("length", r"(?:max(?:imum)?\.? )?(?:length|size)"),
    ("description", r"des\w*tion|desc\.?|meaning|details?|notes?|definition|comments?|explanation|remarks?|purpose"),
    ("description", r"info(?:rmation)?|summary"),
    ("name", rf"{_THING}? ?(?:name|param(?:eter)?|key|field)|variables?|elements?|columns?|inputs?|propert(?:y|ies)"),
    ("name", rf"{_THING}s?|parameters?"),
)
_PLACEHOLDER = re.compile(r"\{\w+\}|<\w+>")
_YES = re.compile(r"(?:yes|y|true|required|mandatory|always|m|✓|✔️?|✅|☑️?|x|1|●|:white_check_mark:)\.?", re.IGNORECASE)
_NO = re.compile(r"(?:no|n|false|optional|never|o|not required|✗|✘|❌|✖️?|-|–|—|0|)\.?", re.IGNORECASE)
_EMPTY = re.compile(r"(?:-|–|—|n/?a|none|null|nil|empty.*|\s*)", re.IGNORECASE)
_NAME = re.compile(r"(?:\[\d*\]\.?)?[A-Za-z_$@][\w$@:.-]*(?:\[[\w.:$-]*\][\w$@:.-]*)*")
_NESTING = re.compile(r"^[\s\u00a0\u2003]*(?:(?:[└├│╰─↳→»>•·–—+-]|\.{2,}|&gt;)+[\s\u00a0\u2003]*)*")
_REQUIRED_PROSE = re.compile(
    r"\W*(?:\*|this (?:field|parameter) is )?required\b(?! (?:if|when|for|unless|only))", re.IGNORECASE
)
_GENERIC_TYPE = re.compile(r"\b(?:an?|array|list|of|object|map)\b|[\[\]<>()\\]", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\b(?:if|when|unless|for|only|conditional\w*|depends)\b", re.IGNORECASE)
_CALLED = re.compile(r"[(\[]?\b(required|optional|mandatory)\b[)\]]?", re.IGNORECASE)


def roles_of(table: Table) -> list[Role]:
    """What each column of a table holds, by its header; each role but `other` is given once."""
    roles: list[Role] = []
    left = list(_ROLES)
    for column in table.columns:
        text = column.text.strip(" *:?").lower()
        roles.append(next((role for role, pattern in left if re.fullmatch(pattern, text)), "other"))
        left = [(role, pattern) for role, pattern in left if role != roles[-1]]
    if "name" not in roles and roles and roles[0] == "other" and {"type", "required"} & {*roles}:
        roles[0] = "name"
    if "status" in roles and not _is_status_column(table, roles.index("status")):
        at = roles.index("status")
        roles[at] = "name" if at == 0 and "name" not in roles else "other"
    return roles


def _is_status_column(table: Table, at: int) -> bool:
    cells = [row[at].text for row in table.rows if at < len(row)]
    return bool(cells) and all(re.match(r"[1-5](?:\d\d|XX)\b", cell, re.IGNORECASE) for cell in cells)


class RowReader:
    """Reads the rows of one table of fields; nesting by markers before names needs the rows before."""

    def __init__(self, table: Table, roles: list[Role], diagnostics: list[Diagnostic]) -> None:
        self.table = table
        self.roles = roles
        self.diagnostics = diagnostics
        self.parents: list[tuple[int, str]] = []

    def entries(self) -> list[tuple[Entry, Cell | None]]:
        """Each row as a field, with the cell that says where it is sent if there is one."""
        found = []
        for row in self.table.rows:
            cells = {role: cell for role, cell in zip(self.roles, row, strict=False) if cell.text}
            entry = self._entry(cells) if "name" in cells else None
            if entry:
                found.append((entry, cells.get("location")))
        return found

    def _entry(self, cells: dict[Role, Cell]) -> Entry | None:
        name, rest = self._name(cells["name"])
        if not name:
            return None
        place = cells["name"].place
        kind_cell = cells.get("type")
        kind = read_type(kind_cell.text) if kind_cell else FieldType(known=False)
        if not kind_cell and rest and (beside := read_type(rest)).known:
            kind = beside
        schema = typed_schema(kind, place, (kind_cell or cells["name"]).place)
        entry = Entry(name, place, schema)
        if kind_cell:
            entry.type_name = Stated(_GENERIC_TYPE.sub("", kind_cell.text).strip(), documented(kind_cell.place))
            entry.type_is_known = kind.known
        self._requirement(entry, cells, kind, rest)
        if "description" in cells:
            schema.read(cells["description"].place, cells["description"].prose, "description")
        self._details(schema, cells)
        return entry

    def _name(self, cell: Cell) -> tuple[str, str]:
        """The field's full name, below the row that its nesting mark hangs it on, and what else its cell says."""
        mark = _NESTING.match(cell.text)
        indent = mark.end() if mark else 0
        match = _NAME.match(cell.text, indent)
        if match and (len(match[0]) > LONGEST_NAME or re.match(r"\s*[,/&]", cell.text[match.end() :])):
            match = None
        if not match or _EMPTY.fullmatch(cell.text):
            if not match:
                self._unread(cell, "unread-row", f"`{cell.text[:LONGEST_NAME]}` is not the name of one field")
            return "", ""
        name, rest = match[0].rstrip(".:"), cell.text[match.end() :].strip()
        while self.parents and self.parents[-1][0] >= indent:
            self.parents.pop()
        if indent and self.parents:
            name = f"{self.parents[-1][1]}.{name}"[:LONGEST_NAME]
        self.parents.append((indent, name))
        return name, rest

    def _requirement(self, entry: Entry, cells: dict[Role, Cell], kind: FieldType, rest: str) -> None:
        for role in ("required", "optional"):
            if role not in self.roles:
                continue
            cell = cells.get(role) or Cell("", entry.place)
            yes, no = _YES.fullmatch(cell.text), _NO.fullmatch(cell.text)
            if not yes and not no:
                first = cell.text.split(" ")[0].strip(",.;:()*")
                yes = _YES.fullmatch(first) if not _CONDITIONAL.search(cell.text) else None
            if role == "optional" and cell.text.lower() not in ("required", "optional", "mandatory", ""):
                yes = no
            entry.required = bool(yes)
            entry.required_by = inferred("required-from-table", cell.place)
            return
        called = _CALLED.search(rest) if rest else None
        description = cells.get("description")
        if kind.required is not None:
            entry.required, entry.required_by = (
                kind.required,
                inferred("required-from-type", cells["type" if "type" in cells else "name"].place),
            )
        elif called or rest.startswith("*"):
            entry.required = not called or called[1].lower() != "optional"
            entry.required_by = inferred("required-from-name", entry.place)
        elif description and _REQUIRED_PROSE.match(description.text):
            entry.required, entry.required_by = True, inferred("required-from-description", description.place)

    def _details(self, schema: Builder, cells: dict[Role, Cell]) -> None:
        for role in ("example", "default"):
            cell = cells.get(role)
            if not cell or _EMPTY.fullmatch(cell.text):
                continue
            fits, value = typed_value(cell.text, types_of(schema.tree))
            fits = fits and not (isinstance(value, str) and _PLACEHOLDER.search(value))
            if not fits:
                self._unread(cell, f"unreadable-{role}", f"`{cell.text}` does not fit the type of the field")
            elif role == "default":
                schema.read(cell.place, value, "default")
            else:
                schema.append(documented(cell.place), value, "examples")
        if "values" in cells and len(values := read_values(cells["values"].text)) > 1:
            set_enum(schema, values, cells["values"].place)
        if "format" in cells and "format" not in schema.tree and not _EMPTY.fullmatch(cells["format"].text):
            written = read_type(f"string<{cells['format'].text}>").schema.get("format")
            if written:
                schema.read(cells["format"].place, written, "format")
        if (
            "length" in cells
            and "string" in types_of(schema.tree)
            and (size := re.fullmatch(r"\d{1,9}", cells["length"].text))
        ):
            schema.read(cells["length"].place, int(size[0]), "maxLength")

    def _unread(self, cell: Cell, rule: str, message: str) -> None:
        self.diagnostics.append(Diagnostic(cell.place, rule, message, severity="warning"))


def typed_value(text: str, types: list[str]) -> tuple[bool, Any]:
    """A value as a cell writes it, with or without the quotes of JSON; False if it cannot be of one of `types`."""
    text = text.strip(" `")
    read = read_json_value(text)
    if read:
        value = read.value
    else:
        value = text.strip("\"'“”") if not types or "string" in types else None
        return (value is not None and not text.startswith(("{", "["))), value
    actual = type_of(value)
    if not types or actual in types or (actual == "integer" and "number" in types):
        return True, value
    return ("string" in types and actual in ("integer", "number", "boolean")), text
