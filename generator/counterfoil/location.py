"""Where something stands in a file, and what is to be said about it. Below everything else."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a text file: a path as it is shown to people, line and column counted from 1.

    Line 0 means the file or folder as a whole.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that a person should know about an input, as a compiler would say it.

    `rule` is a stable kebab-case name of the kind of thing found. An `error` means that a fact of the
    input could not be used; a `warning` that it was used although it is doubtful; a `note` is for reading only.
    """

    location: Location
    rule: str
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        severity = "" if self.severity == "error" else f"{self.severity}: "
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{self.location}: {severity}{self.rule}: {self.message}{hint}"


class CounterfoilError(Exception):
    """A person's mistake, told by one or more diagnostics. Our own bugs stay ordinary exceptions."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics
