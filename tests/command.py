"""The command as a user runs it, and a small vendor to run it on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

MATERIAL = Path(__file__).parent / "material"
COUNTERFOIL = Path(sys.executable).with_name("counterfoil")


def counterfoil(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in `cwd`, without a terminal; its exit code, stdout and stderr."""
    return subprocess.run(
        [COUNTERFOIL, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )


def add_acme(folder: Path, name: str = "acme") -> Path:
    """Put the small vendor's page into `folder/specs/NAME`; the page's path."""
    page = folder / "specs" / name / "api.yaml"
    page.parent.mkdir(parents=True)
    shutil.copy(MATERIAL / "acme" / "api.yaml", page)
    return page
