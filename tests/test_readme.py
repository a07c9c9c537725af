"""README.md: what it tells people to type works, and what it shows is what comes out."""

import contextlib
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\S+)(?: (\S+))?\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [text for language, _, text in BLOCKS if language == "sh"]
EXCERPTS = [(path, text) for _, path, text in BLOCKS if path]
ELLIPSIS = re.compile(r"^\s*(?:# )?…\n", re.MULTILINE)


def test_there_is_something_to_try() -> None:
    assert len(COMMANDS) >= 6
    assert len(EXCERPTS) >= 3


@pytest.mark.parametrize(("path", "excerpt"), EXCERPTS, ids=[path for path, _ in EXCERPTS])
def test_excerpts_are_real(path: str, excerpt: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    for part in ELLIPSIS.split(excerpt):
        assert part.strip("\n") in text


def test_the_make_targets_exist() -> None:
    named = set(re.findall(r"^make ([a-z-]+)", "\n".join(COMMANDS), re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"generate", "test"} <= named <= targets


def free_port() -> int:
    """A port of this machine that no other program is given by chance before it is used."""
    for port in itertools.count(10_000 + os.getpid() % 10_000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            break
    return port


def test_the_commands_can_be_copied_and_pasted(tmp_path: Path) -> None:
    for folder in ("specs", "generated"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    script = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + "\n".join(
        text for text in COMMANDS if not text.startswith("make ")
    )
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace("4010", str(free_port()))],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr
