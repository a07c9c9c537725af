"""Faults, the stubs that have them, and `counterfoil test` run on such a stub."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from click.testing import CliRunner, Result

from counterfoil.cli import main
from counterfoil.stub.app import Stub
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.loading import load_stub
from tests.faults.altering import Altered, Change, unchanged
from tests.faults.operators.contracts import Edit

ROOT = Path(__file__).parents[2]
MADE = Path(__file__).parent / "material"
# Here and in `material`.
VENDORS = ("cuoral", "desk", "forum", "library", "meteroid", "orders", "till", "unibee", "unleash")

_MODULE = """from tests.faults.faulty import FaultyStub

stub = FaultyStub.beside(__file__)
"""


def _as_it_is(contract: dict[str, Any]) -> None:
    """The stub reads the contract that it is tested against."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a vendor's stub: `change` alters its traffic, `contract` the contract that it reads."""

    name: str
    vendor: str
    change: Change = unchanged
    contract: Edit = _as_it_is

    @property
    def id(self) -> str:
        return f"{self.vendor}: {self.name}".replace(" ", "-")


class FaultyStub(Stub):
    """The stub of a vendor with the fault that is seeded."""

    seeded: ClassVar[Fault]

    def __init__(self, contract: ContractTree, store: Any = None) -> None:
        super().__init__(contract if self.seeded.contract is _as_it_is else self._edited(contract), store)
        self._altered = Altered(super().__call__, self.seeded.change)

    def _edited(self, contract: ContractTree) -> dict[str, Any]:
        tree = deepcopy(contract.tree)
        self.seeded.contract(tree)
        return tree

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._altered(scope, receive, send)

    def again(self) -> Self:
        """Not for stubs with a fault, which remember more than state."""
        raise NotImplementedError


@dataclass(frozen=True)
class Kit:
    """The contract tests, on copies of what is generated whose stubs have the fault that is seeded."""

    out: Path

    @contextmanager
    def faulty(self, fault: Fault, token: str) -> Iterator[Stub]:
        """A stub with the fault that accepts the token only."""
        with seeded(fault):
            yield load_stub(self.out, fault.vendor, token)

    def test(self, fault: Fault, *options: str) -> Result:
        """`counterfoil test VENDOR OPTIONS` in this process on a stub with the fault."""
        with seeded(fault):
            pages = str(self.out / "none")  # what is generated is no pages, and not made from any here
            command = ["test", fault.vendor, "--specs", pages, "--out", str(self.out), *options]
            return CliRunner().invoke(main, command, catch_exceptions=False)


@contextmanager
def seeded(fault: Fault) -> Iterator[None]:
    """Let stubs that are made meanwhile have the fault."""
    FaultyStub.seeded = fault
    try:
        yield
    finally:
        del FaultyStub.seeded


def kit_in(folder: Path) -> Kit:
    """Prepare the vendors of this repository, and those made for these tests, below `folder`, which is empty."""
    out = folder / "out"
    command = ["generate", "--specs", str(MADE), "--out", str(out)]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    if result.exit_code:
        raise RuntimeError(result.output)
    for source in (ROOT / "generated").iterdir():
        if source.is_dir():
            shutil.copytree(source, out / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    for made in out.iterdir():
        (made / "stub.py").write_text(_MODULE, "utf-8")
    return Kit(out)
