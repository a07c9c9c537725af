"""counterfoil generate: vendors' pages → contracts, models, stubs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.cli.console import FOLDER, report, say, step
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from counterfoil.documents.folder import VendorFolder
    from counterfoil.emit.generation import Draft, Generated
    from counterfoil.emit.templates import Templates


@click.command(short_help="Make contracts, models and stubs from vendors' pages.")
@click.argument("vendors", nargs=-1)
@click.option("--specs", type=FOLDER, default=Path("specs"), show_default=True, help="The folder of vendors' folders.")
@click.option("--out", type=FOLDER, default=Path("generated"), show_default=True, help="Where to write a folder each.")
@click.option("--templates", "override", type=FOLDER, metavar="DIR", help="Templates that replace ours, by name.")
@click.option("--no-overlay", is_flag=True, help="Leave out the corrections: the contract as the pages have it.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show what differs if the output is not current.")
@click.option("--keep-going", is_flag=True, help="Generate the other vendors after one that cannot be.")
@click.option("--strict", is_flag=True, help="Take every warning and error in the pages for a failure.")
@click.pass_context
def generate(
    ctx: click.Context,
    vendors: tuple[str, ...],
    specs: Path,
    out: Path,
    override: Path | None,
    no_overlay: bool,
    check: bool,
    keep_going: bool,
    strict: bool,
) -> None:
    """Make contract, models, stub and README of each VENDOR, or of all in the folder of vendors."""
    from counterfoil.documents.folder import check_names, list_vendors, open_vendor
    from counterfoil.emit.lock import is_current
    from counterfoil.emit.templates import Templates

    templates = Templates(override)
    names = list(dict.fromkeys(vendors)) or list_vendors(specs)
    check_names(specs, names)
    digests = templates.digests()
    outcome = _Outcome(keep_going)
    wanted: list[VendorFolder] = []
    for name in names:
        with outcome.of_one():
            folder = open_vendor(specs, name)
            texts = folder.texts(overlay=not no_overlay)
            # The lock says that output is current, not whether anything was to be said of the pages.
            if not (check or strict) and is_current(out / folder.package, name, texts, digests):
                say(f"{name}: up to date")
            else:
                wanted.append(folder)
    if wanted:
        for folder, generated in _generated(wanted, templates, overlay=not no_overlay, keep_going=keep_going):
            with outcome.of_one():
                if isinstance(generated, CounterfoilError):
                    raise generated
                outcome.add(_finish(folder, generated, out, check=check, strict=strict))
    ctx.exit(outcome.code)


def _generated(
    folders: "list[VendorFolder]", templates: "Templates", *, overlay: bool, keep_going: bool
) -> "list[tuple[VendorFolder, Generated | CounterfoilError]]":
    """What comes of each folder, up to the first that cannot be generated unless the others are wanted all the same."""
    from counterfoil.emit.generation import Draft, finish
    from counterfoil.emit.workers import drafting

    made: list[Draft | CounterfoilError] = []
    try:
        with drafting(folders, templates, overlay=overlay) as drafts:
            for folder, draft in zip(folders, drafts, strict=True):
                with step(f"{folder.name}: generating"):
                    made.append(_attempt(draft, keep_going))
    except CounterfoilError as error:
        made.append(error)
    finished = iter(finish([item for item in made if isinstance(item, Draft)], templates))
    results = [next(finished) if isinstance(item, Draft) else item for item in made]
    return list(zip(folders, results, strict=False))


def _attempt(draft: "Callable[[], Draft]", keep_going: bool) -> "Draft | CounterfoilError":
    try:
        return draft()
    except CounterfoilError as error:
        if not keep_going:
            raise
        return error


class _Outcome:
    """The exit code that all vendors together deserve, and what becomes of a vendor that cannot be generated."""

    def __init__(self, keep_going: bool) -> None:
        self.code, self._keep_going = 0, keep_going

    def add(self, code: int) -> None:
        self.code = max(self.code, code)

    @contextmanager
    def of_one(self) -> Iterator[None]:
        """Report a person's mistake and go on, or if that is not wanted, let it end the run."""
        try:
            yield
        except CounterfoilError as error:
            if not self._keep_going:
                raise
            report(error.diagnostics)
            self.add(2)


def _finish(folder: "VendorFolder", generated: "Generated", out: Path, *, check: bool, strict: bool) -> int:
    """Tell what was found in the pages of one vendor, then write or compare; the exit code that it deserves."""
    from counterfoil.emit.write import compare, write

    name, target = folder.name, out / folder.package
    doubts = sum(diagnostic.severity != "note" for diagnostic in generated.diagnostics)
    if strict and doubts:
        message = f"not generated: --strict allows none of the {doubts} warnings and errors above"
        location = Location(folder.path, 0)
        raise CounterfoilError(*generated.diagnostics, Diagnostic(location, "strict", message))
    report(generated.diagnostics)
    if check:
        differences = compare(generated.files, target)
        for line in differences:
            click.echo(line)
        say(f"{name}: {'not current' if differences else 'current'}: {target}")
        return 1 if differences else 0
    changed = write(generated.files, target)
    say(f"{name}: {generated.summary} → {target}{'' if changed else ' (unchanged)'}")
    return 0
