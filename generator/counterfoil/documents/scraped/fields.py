"""The fields of one section of a scraped page: a line with a name, a line with a type, and what is said of them."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from counterfoil.documents.page.field_types import is_type, read_type
from counterfoil.documents.page.json_types import types_of
from counterfoil.documents.page.operation import LONGEST_NAME, Entry, documented
from counterfoil.documents.page.type_evidence import set_enum, typed_schema
from counterfoil.documents.source.json_sample import read_json_prefix, read_json_value
from counterfoil.location import CounterfoilError, Diagnostic, Location

_NAME = re.compile(r"[A-Za-z_$@][\w.$@:\[\]{}-]*")
_PILL = re.compile(
    r"(?P<required>required)|(?P<optional>optional)|(?P<deprecated>deprecated)|(?P<readOnly>read-?only)"
    r"|(?P<writeOnly>write-?only)|(?P<location>header|query|cookie)|default:\s*(?P<default>.*)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<options>Available options:)|(?P<example>Examples?:)|Pattern:\s*(?P<pattern>.*)|(?P<const>Allowed value:).*"
    r"|(?:Required|Allowed) range:\s*(?P<range>.*)"
    r"|(?P<limit>Required|Minimum|Maximum) (?P<what>string|array|object)? ?length:\s*(?P<length>.*)"
    r"|(?P<members>(?P<expanded>Hide)|Show) child attributes",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:(?P<low>-?\d{1,30}(?:\.\d{1,30})?)\s*(?P<above><=?)\s*)?x\s*(?:(?P<sign><=?|>=?)\s*(?P<bound>-?\d{1,30}(?:\.\d{1,30})?))?"
)
_LONGEST_EXAMPLE = 500  # lines
_LENGTH_KEYWORDS = {"array": ("minItems", "maxItems"), "object": ("minProperties", "maxProperties")}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a page without the blanks around it."""

    text: str
    place: Location


def read_fields(lines: list[TextLine], diagnostics: list[Diagnostic]) -> tuple[list[Entry], list[TextLine]]:
    """The fields of a section in the order of the page, and the lines that stand before the first of them.

    What is understood only in part is told in `diagnostics`.
    """
    starts = _starts(lines)
    entries = [_Field(lines[start:end], diagnostics).read() for start, end in pairwise([*starts, len(lines)])]
    leading = lines[: starts[0]] if starts else lines
    return entries, [line for line in leading if line.text]


def _starts(lines: list[TextLine]) -> list[int]:
    """Where fields begin: a name with a type right below it, outside lists of options."""
    starts = []
    at = 0
    while at < len(lines):
        if lines[at].text.lower() == "available options:":
            at = _options_end(lines, at + 1)
        elif _is_name(lines[at].text) and at + 1 < len(lines) and is_type(lines[at + 1].text):
            starts.append(at)
            at += 2
        else:
            at += 1
    return starts


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and bool(_NAME.fullmatch(text))


def _options_end(lines: list[TextLine], at: int) -> int:
    """Behind the last option: each but the last ends with a comma."""
    while at < len(lines) and (lines[at].text.endswith(",") or not lines[at].text):
        at += 1
    return min(at + 1, len(lines))


class _Field:
    def __init__(self, lines: list[TextLine], diagnostics: list[Diagnostic]) -> None:
        self.lines = lines
        self.diagnostics = diagnostics
        name, kind = lines[0], lines[1]
        schema = typed_schema(read_type(kind.text), name.place, kind.place)
        self.entry = Entry(name.text, name.place, schema)
        self.schema = schema
        self.at = 2

    def read(self) -> Entry:
        while self.at < len(self.lines) and (pill := _PILL.fullmatch(self.lines[self.at].text)):
            self.pill(pill, self.lines[self.at].place)
            self.at += 1
        prose: list[TextLine] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            label = _LABEL.fullmatch(line.text)
            self.at += 1
            if label:
                self.label(label, line)
            else:
                prose.append(line)
        text = re.sub(r"\n{2,}", "\n\n", "\n".join(line.text for line in prose)).strip()
        if text:
            self.schema.read(next(line.place for line in prose if line.text), text, "description")
        if self.entry.required is None:
            self.entry.required = False
        return self.entry

    def pill(self, pill: re.Match[str], place: Location) -> None:
        if pill["required"]:
            self.entry.required, self.entry.required_by = True, documented(place)
        elif pill["location"]:
            self.entry.within = pill["location"].lower()
        elif pill["default"] is not None:
            self.schema.read(place, self.value(pill["default"]), "default")
        elif pill.lastgroup in ("deprecated", "readOnly", "writeOnly"):
            self.schema.read(place, True, pill.lastgroup)

    def label(self, label: re.Match[str], line: TextLine) -> None:
        if label["options"]:
            start, self.at = self.at, _options_end(self.lines, self.at)
            values = [option.text.removesuffix(",") for option in self.lines[start : self.at] if option.text]
            if values:
                set_enum(self.schema, values, line.place)
        elif label["example"]:
            self.examples()
        elif label["const"]:
            value = line.text.partition(":")[2].strip() or self.next_text()
            self.schema.read(line.place, self.value(value), "const")
        elif label["pattern"] is not None:
            self.schema.read(line.place, (label["pattern"] or self.next_text()).strip("`"), "pattern")
        elif label["members"]:
            self.entry.has_section = bool(label["expanded"])
        elif label["range"] is not None:
            self.range(label["range"] or self.next_text(), line)
        elif label["length"] is not None:
            self.length(label, line)

    def examples(self) -> None:
        """One value a paragraph; a JSON object or array may run over several lines."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.text:
                self.at += 1
                continue
            if self.schema.get("examples") and not re.match(r'["{\[]|-?\d', line.text):
                return
            value, used = self.json_value()
            self.at += used
            self.schema.append(documented(line.place), value, "examples")
            if not isinstance(value, (str, int, float)) or not self.lines[self.at - 1].text.startswith('"'):
                return

    def json_value(self) -> tuple[Any, int]:
        if self.lines[self.at].text.startswith(("{", "[", '"')):
            rest = "\n".join(line.text for line in self.lines[self.at : self.at + _LONGEST_EXAMPLE])
            try:
                sample, end = read_json_prefix(rest, self.lines[self.at].place)
            except CounterfoilError as error:
                self.diagnostics.extend(error.diagnostics)
            else:
                return sample.value, rest.count("\n", 0, end) + 1
        return self.value(self.lines[self.at].text), 1

    def value(self, text: str) -> Any:
        """A value written without its JSON quotes if it is a string."""
        types = types_of(self.schema.tree)
        read = read_json_value(text)
        if read is None:
            return text
        value = read.value
        return text if "string" in types and not isinstance(value, str) and value is not None else value

    def range(self, text: str, line: TextLine) -> None:
        match = _RANGE.fullmatch(text.strip("` "))
        if not match:
            self.unread(line)
            return
        if match["low"]:
            keyword = "minimum" if match["above"] == "<=" else "exclusiveMinimum"
            self.schema.read(line.place, _number(match["low"]), keyword)
        if match["bound"]:
            keyword = {"<=": "maximum", "<": "exclusiveMaximum", ">=": "minimum", ">": "exclusiveMinimum"}[
                match["sign"]
            ]
            self.schema.read(line.place, _number(match["bound"]), keyword)

    def length(self, label: re.Match[str], line: TextLine) -> None:
        text = label["length"] or self.next_text()
        numbers = [int(number) for number in re.findall(r"\d{1,9}", text)]
        kind = label["what"] or ("array" if "array" in types_of(self.schema.tree) else "string")
        low, high = _LENGTH_KEYWORDS.get(kind.lower(), ("minLength", "maxLength"))
        if not numbers:
            self.unread(line)
        elif len(numbers) > 1:
            self.schema.read(line.place, numbers[0], low)
            self.schema.read(line.place, numbers[1], high)
        elif label["limit"].lower() == "minimum" or ">" in text:
            self.schema.read(line.place, numbers[0], low)
        elif label["limit"].lower() == "maximum" or "<" in text:
            self.schema.read(line.place, numbers[0], high)
        else:
            self.schema.read(line.place, numbers[0], low)
            self.schema.read(line.place, numbers[0], high)

    def next_text(self) -> str:
        while self.at < len(self.lines):
            self.at += 1
            if self.lines[self.at - 1].text:
                return self.lines[self.at - 1].text
        return ""

    def unread(self, line: TextLine) -> None:
        self.diagnostics.append(
            Diagnostic(line.place, "unread-constraint", f"cannot be read: {line.text}", severity="warning")
        )


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
