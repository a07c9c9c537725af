"""counterfoil vendor: generated models into another project, and verified there."""

from pathlib import Path

import click

from counterfoil.cli.console import FOLDER, say


@click.command(short_help="Copy generated models into another project.")
@click.argument("vendor")
@click.argument("dest", type=FOLDER)
@click.option(
    "--out", type=FOLDER, default=Path("generated"), show_default=True, help="Where the generated folders are."
)
@click.option("--check", is_flag=True, help="Copy nothing; exit 1 if a copied file was edited or newer models exist.")
@click.pass_context
def vendor(ctx: click.Context, vendor: str, dest: Path, out: Path, check: bool) -> None:
    """Copy the models of VENDOR into the package folder DEST of another project, with their lock."""
    from counterfoil.cli.inputs.generated import find_generated
    from counterfoil.vendoring import copy_models, verify_models

    generated = find_generated(out, (vendor,))[vendor]
    if not check:
        target, changed = copy_models(generated, dest)
        say(f"{vendor}: {'models copied to' if changed else 'up to date:'} {target}")
        return
    findings = verify_models(generated, dest)
    for finding in findings:
        click.echo(finding)
    if not findings:
        say(f"{vendor}: current: {dest / generated.name}")
    ctx.exit(1 if findings else 0)
