"""Serving a document that nothing was generated of: the contract is made in memory."""

from collections.abc import Sequence
from pathlib import Path

from counterfoil.cli.console import report, say
from counterfoil.location import CounterfoilError, Diagnostic
from counterfoil.stub import Stub

SHOWN = 10  # warnings about a page that are told one by one


def is_document(name: str) -> bool:
    """Whether an argument means a file rather than the name of a vendor."""
    return "/" in name or Path(name).suffix != "" or Path(name).is_file()


def stub_of_document(path: Path, *, as_written: bool = False) -> Stub:
    """A stub of the page at `path`, as if it had been generated; what is doubtful about the page is told.

    With `as_written` examples that violate their schemas stay. `CounterfoilError` if the page cannot be used, or
    nothing is left of it.
    """
    from counterfoil.contract import build_page

    contract = build_page(path, as_written=as_written)
    _tell(contract.diagnostics)
    stub = Stub(contract.tree)
    if not contract.tree.get("paths") and any(each.severity == "error" for each in contract.diagnostics):
        raise CounterfoilError
    return stub


def _tell(diagnostics: Sequence[Diagnostic]) -> None:
    """Report errors, and as many warnings as people read."""
    warnings = [each for each in diagnostics if each.severity == "warning"]
    shown = {id(each) for each in warnings[:SHOWN]}
    report(each for each in diagnostics if each.severity == "error" or id(each) in shown)
    if len(warnings) > SHOWN:
        say(f"and {len(warnings) - SHOWN} more warnings")
