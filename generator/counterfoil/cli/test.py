"""counterfoil test: contract tests against the stub, or against a live endpoint."""

import os
from pathlib import Path

import click

from counterfoil.checks.settings import STAGES, Stage
from counterfoil.cli.console import FOLDER, report, step


class _Header(click.ParamType[tuple[str, str]]):
    name = "header"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """`Name: value` → the pair. The text is never repeated in messages, it may be a secret."""
        name, colon, text = str(value).partition(":")
        text = text.strip()
        if not colon or not name.strip().isascii() or not name.strip() or not text.isprintable():
            self.fail("a header is given as 'Name: value', in one line", param, ctx)
        return name.strip(), text


@click.command(short_help="Test stubs or a live endpoint against the contracts.")
@click.argument("vendors", nargs=-1)
@click.option("--specs", type=FOLDER, default=Path("specs"), show_default=True, help="Pages and VENDOR/handlers.py.")
@click.option("--out", type=FOLDER, default=Path("generated"), show_default=True, help="Where the contracts are.")
@click.option("--url", help="A live endpoint to test in place of the stub; takes one VENDOR.")
@click.option("--header", "headers", type=_Header(), multiple=True, metavar="'NAME: VALUE'", help="To send each time.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed sends the same requests.")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice(STAGES),
    help="Run this stage only; may be given several times. Without it all are.",
)
@click.option("--max-examples", type=click.IntRange(1), default=60, show_default=True, help="Of schemathesis, a phase.")
@click.option("-x", "--exit-first", is_flag=True, help="Stop at the first finding.")
@click.pass_context
def test(
    ctx: click.Context,
    vendors: tuple[str, ...],
    specs: Path,
    out: Path,
    url: str | None,
    headers: tuple[tuple[str, str], ...],
    seed: int,
    stages: tuple[Stage, ...],
    max_examples: int,
    exit_first: bool,
) -> None:
    """Test the stub of each VENDOR, or of all that were generated, against its contract.

    With --url a live endpoint is tested. The environment variable COUNTERFOIL_<VENDOR>_TOKEN (upper case, - as _) holds
    what its security scheme asks for: a key, a bearer token, or user:password.
    """
    from counterfoil.cli.generated import find_generated, stale

    found = find_generated(out, vendors)
    if url is not None and len(found) != 1:
        raise click.UsageError("--url tests one server: name one VENDOR")
    with step("loading the tests"):
        from counterfoil.checks import Settings, Target, at_url, in_process, run, to_text
        from counterfoil.checks.wire.credentials import variable_for
        from counterfoil.stub.loading import load_stub

    settings = Settings(seed=seed, stages=stages or STAGES, max_examples=max_examples, first=exit_first)
    failed = False
    for name, folder in found.items():
        report(stale(specs, name, folder))
        token = os.environ.get(variable_for(name)) or None if url else None
        if url:
            target: Target = at_url(url)
        else:
            target = in_process(load_stub(out, name, specs=specs, allow_callbacks=None))
        with step(f"{name}: testing"):
            outcome = run(name, folder, target, token=token, headers=headers, settings=settings)
        click.echo(to_text(outcome))
        failed = failed or not outcome.ok
    ctx.exit(1 if failed else 0)
