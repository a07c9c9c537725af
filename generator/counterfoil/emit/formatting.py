"""Formatting generated Python: one run of ruff over all files, independent of anyone's configuration."""

import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ruff import find_ruff_bin

from counterfoil.emit.filters import WIDTH

_UNPARSABLE = re.compile(r"Failed to parse (.*?):\s*(\d+:\d+:.*)")


def format_python(files: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The same files (relative path → text), Python and the Python inside Markdown formatted, and what could not be.

    That is path → message of each file that ends in `.py` and is not Python; it stays as it is.
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
        unparsable = dict(_UNPARSABLE.findall(run.stderr))
        if run.returncode and not unparsable:
            raise RuntimeError(run.stderr)
        formatted = {path: Path(scratch, path).read_text("utf-8") for path in python}
    return {**files, **formatted}, unparsable
