"""The contract tests as users call them, and the stubs that were generated."""

import re
from pathlib import Path

from click.testing import CliRunner, Result

from counterfoil.cli import main
from counterfoil.stub.app import Stub
from counterfoil.stub.loading import load_stub

ROOT = Path(__file__).parents[2]
OUT = ROOT / "generated"
SERVERS = Path(__file__).parent / "servers"
VENDORS = sorted(folder.name for folder in (ROOT / "specs").iterdir() if folder.is_dir())
TOKEN = "canary-7c1f42d8e0b95a63"


def generated_of(vendor: str, contract: str, folder: Path) -> Path:
    """What is generated below `folder` from the one page of a vendor."""
    (folder / "specs" / vendor).mkdir(parents=True, exist_ok=True)
    (folder / "specs" / vendor / f"{vendor}.yaml").write_text(contract, "utf-8")
    command = ["generate", "--specs", str(folder / "specs"), "--out", str(folder / "out")]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder / "out" / vendor


def stub_of(vendor: str) -> Stub:
    """A new stub that accepts `TOKEN` only."""
    return load_stub(OUT, vendor, TOKEN)


def contract_test(vendor: str, *arguments: str, **environment: str) -> Result:
    """`counterfoil test VENDOR …` in this process; its exit code and what it printed."""
    command = ["test", vendor, "--specs", str(ROOT / "specs"), "--out", str(OUT), *arguments]
    return CliRunner().invoke(main, command, env=environment, catch_exceptions=False)


def live_test(vendor: str, url: str, token: str = TOKEN, *arguments: str) -> Result:
    """`counterfoil test VENDOR --url URL` with a token in the environment."""
    variable = f"COUNTERFOIL_{vendor.upper().replace('-', '_')}_TOKEN"
    return contract_test(vendor, "--url", url, *arguments, **{variable: token})


def checks_found(result: Result) -> set[str]:
    """The names of the checks that found something, as the report numbers its findings."""
    return set(re.findall(r"^  \d+\. (\w+): ", result.stdout, re.MULTILINE))
