"""counterfoil serve: every vendor's stub, or that of any document, on a port of its own."""

from pathlib import Path
from typing import Any

import click

from counterfoil.cli.console import FOLDER


@click.command(short_help="Run vendors' stubs, or those of any documents, each on its own port.")
@click.argument("names", nargs=-1, metavar="[VENDOR|FILE]...")
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
    "-p",
    type=click.IntRange(0, 65535),
    default=4010,
    show_default=True,
    help="The first stub's port, the others follow; 0 takes free ones.",
)
@click.option("--token", help="The only credential to accept; without it any of the documented form is.")
@click.option(
    "--coerce", is_flag=True, help="Convert ill-typed values where the vendor does, instead of refusing them."
)
@click.option("--dynamic", "-d", is_flag=True, help="Make up another answer for each request, instead of examples.")
@click.option("--seed", type=int, default=0, show_default=True, help="What made-up answers depend on.")
@click.option("--errors", is_flag=True, help="Answer 500 and what is wrong where an answer breaks the contract.")
@click.option("--cors/--no-cors", default=True, show_default=True, help="Let web pages of other origins call.")
@click.option("--like-prism", is_flag=True, help="Refuse what Stoplight Prism refuses, in its words.")
def serve(names: tuple[str, ...], out: Path, host: str, port: int, **options: Any) -> None:
    """Run stubs until interrupted: of each VENDOR that was generated or document FILE, or of all vendors."""
    from counterfoil.cli.documents import is_document, stub_of_document
    from counterfoil.cli.generated import find_generated
    from counterfoil.stub.loading import load_stub
    from counterfoil.stub.serving import bind, serve, url

    vendors = tuple(name for name in names if not is_document(name))
    found = find_generated(out, vendors) if vendors or not names else {}
    as_written = options["errors"] or options["like_prism"]
    apps = [
        load_stub(out, name, **options)
        if name in found
        else stub_of_document(Path(name), as_written=as_written).configure(**options)
        for name in names or found
    ]
    sockets = bind(host, port, len(apps))
    width = max(map(len, names or found))

    def announce() -> None:
        for name, listening in zip(names or found, sockets, strict=True):
            click.echo(f"{name:<{width}}  {url(listening)}")
        click.echo("Press Ctrl+C to stop.", err=True)

    serve(apps, sockets, announce)
