"""Write requirements.lock: the newest releases that pyproject.toml allows, as names, versions and markers only."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def resolve() -> dict[str, str]:
    """Name → version of everything that the project and its development extra need, itself excluded."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    report = subprocess.run([*command, ".[dev]"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    found = (package["metadata"] for package in json.loads(report)["install"])
    return {package["name"].lower(): package["version"] for package in found if package["name"] != "counterfoil"}


def markers() -> dict[str, str]:
    """Name → environment marker of the direct requirements that have one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pairs = (requirement.split(";") for requirement in requirements if ";" in requirement)
    return {re.split(r"[^\w.-]", name, maxsplit=1)[0].lower(): marker.strip() for name, marker in pairs}


if __name__ == "__main__":
    conditions = markers()
    lines = ["# Made by `make lock` from pyproject.toml: the versions that everything here is tested with."]
    for name, version in sorted(resolve().items()):
        lines.append(f"{name}=={version}" + (f"; {conditions[name]}" if name in conditions else ""))
    (ROOT / "requirements.lock").write_text("\n".join(lines) + "\n", "utf-8")
