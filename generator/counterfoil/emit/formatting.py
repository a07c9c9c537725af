"""Formatting generated Python: one run of ruff over all files, independent of anyone's configuration."""

import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ruff import find_ruff_bin

from counterfoil.emit.filters import WIDTH


class UnparsableError(Exception):
    """A file that cannot be parsed; `path` and `message` say which, and why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path, self.message = path, message


def format_python(files: Mapping[str, str]) -> dict[str, str]:
    """The same files (relative path → text), Python and the Python inside Markdown formatted.

    `UnparsableError` if a file that ends in `.py` is not Python.
    """
    python = {path: text for path, text in files.items() if path.endswith((".py", ".md"))}
    with tempfile.TemporaryDirectory() as scratch:
        for path, text in python.items():
            file = Path(scratch, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", newline="\n")
        options = ["--isolated", "--no-cache", "--target-version=py311", f"--line-length={WIDTH}"]
        run = subprocess.run(
            [find_ruff_bin(), "format", *options, "--", "."], cwd=scratch, capture_output=True, text=True, check=False
        )
        if run.returncode:
            found = re.search(r"Failed to parse (.*?):\s*(\d+:\d+:.*)", run.stderr)
            raise UnparsableError(found[1], found[2]) if found else RuntimeError(run.stderr)
        return {path: Path(scratch, path).read_text("utf-8") if path in python else files[path] for path in files}
