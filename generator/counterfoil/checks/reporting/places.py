"""Where the rules of a contract were read: the line of a page, or of the overlay that corrected it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterfoil.evidence_file import Rule


@dataclass(slots=True)
class Places:
    """`evidence` is the file evidence.json beside a contract, `folder` that of the pages, as it is shown to people."""

    evidence: Path | None = None
    folder: str = ""
    _find: Callable[[str], "Rule | None"] | None = field(default=None, repr=False)

    def of(self, pointer: str) -> "Rule | None":
        """The latest word on the node at a JSON Pointer; None where nothing is known of it."""
        if not pointer or self.evidence is None:
            return None
        if self._find is None:
            from counterfoil.evidence_file import rules

            try:
                text = self.evidence.read_text("utf-8")
            except FileNotFoundError:
                text = "{}"
            self._find = rules(text, self.folder)
        return self._find(pointer)
