"""counterfoil generate: vendors' pages → contracts, models, stubs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.cli.console import FOLDER, report, say, step
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
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
    from counterfoil.documents.folder import check_names, list_vendors
    from counterfoil.emit.templates import Templates

    templates = Templates(override)
    names = list(dict.fromkeys(vendors)) or list_vendors(specs)
    check_names(specs, names)
    worst = 0
    for name in names:
        try:
            worst = max(worst, _one(name, specs, out, templates, overlay=not no_overlay, check=check, strict=strict))
        except CounterfoilError as error:
            if not keep_going:
                raise
            report(error.diagnostics)
            worst = 2
    ctx.exit(worst)


def _one(
    name: str, specs: Path, out: Path, templates: "Templates", *, overlay: bool, check: bool, strict: bool
) -> int:
    """Generate or check one vendor; the exit code that it deserves.

    The lock says that output is current, not whether anything was to be said of the pages: neither `check` nor
    `strict` goes by it.
    """
    from counterfoil.documents.folder import open_vendor
    from counterfoil.emit.lock import is_current

    folder = open_vendor(specs, name)
    target = out / folder.package
    if not (check or strict) and is_current(target, name, folder.texts(overlay=overlay), templates.digests()):
        say(f"{name}: up to date")
        return 0
    with step(f"{name}: generating"):
        from counterfoil.emit.generation import generate_vendor
        from counterfoil.emit.write import compare, write

        generated = generate_vendor(folder, templates, overlay=overlay)
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
