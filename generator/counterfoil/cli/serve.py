"""counterfoil serve: every vendor's stub on a port of its own."""

from pathlib import Path

import click

from counterfoil.cli.console import FOLDER


@click.command(short_help="Run vendors' stubs, each on its own port.")
@click.argument("vendors", nargs=-1)
@click.option(
    "--out",
    type=FOLDER,
    default=Path("generated"),
    show_default=True,
    help="Where the generated folders are.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=4010,
    show_default=True,
    help="The first vendor's port, the others follow; 0 takes free ones.",
)
@click.option("--token", help="The only credential to accept; without it any of the documented form is.")
@click.option(
    "--coerce", is_flag=True, help="Convert ill-typed values where the vendor does, instead of refusing them."
)
def serve(vendors: tuple[str, ...], out: Path, host: str, port: int, token: str | None, coerce: bool) -> None:
    """Run the stub of each VENDOR, or of all that were generated, until interrupted."""
    from counterfoil.cli.generated import find_generated
    from counterfoil.stub.loading import load_stub
    from counterfoil.stub.serving import bind, serve, url

    found = find_generated(out, vendors)
    apps = [load_stub(out, name, token, coerce=coerce) for name in found]
    sockets = bind(host, port, len(apps))
    width = max(map(len, found))

    def announce() -> None:
        for name, listening in zip(found, sockets, strict=True):
            click.echo(f"{name:<{width}}  {url(listening)}")
        click.echo("Press Ctrl+C to stop.", err=True)

    serve(apps, sockets, announce)
