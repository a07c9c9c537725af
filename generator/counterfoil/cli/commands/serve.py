"""counterfoil serve: every vendor's stub, or that of any document, on a port of its own."""

import gc
import sys
from pathlib import Path
from typing import Any

import click

from counterfoil.cli.console import FOLDER
from counterfoil.cli.options.prism_flags import PrismFlags
from counterfoil.cli.options.recorded import Source, recording_options, serve_recorded


def _reserved(_context: click.Context, _parameter: click.Parameter, path: str) -> str:
    if not path.startswith("/") or not path.strip("/"):
        raise click.BadParameter("a path begins with / and has more to it")
    return path.rstrip("/")


@click.command(cls=PrismFlags, short_help="Run vendors' stubs, or those of any documents, each on its own port.")
@click.argument("names", nargs=-1, metavar="[VENDOR|FILE]...")
@click.option(
    "--out",
    type=FOLDER,
    default=Path("generated"),
    show_default=True,
    help="Where the generated folders are.",
)
@click.option("--specs", type=FOLDER, default=Path("specs"), show_default=True, help="Where VENDOR/handlers.py may be.")
@click.option(
    "--handlers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A Python file with handlers of your own; takes one VENDOR or FILE.",
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
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="TOKEN[ SCOPE]...",
    help="A credential to accept, if scopes follow only for what these allow; without, any of the documented form is.",
)
@click.option(
    "--coerce", is_flag=True, help="Convert ill-typed values where the vendor does, instead of refusing them."
)
@click.option("--dynamic", "-d", is_flag=True, help="Make up another answer for each request, instead of examples.")
@click.option("--seed", type=int, default=0, show_default=True, help="What made-up answers depend on.")
@click.option("--errors", is_flag=True, help="Answer 500 and what is wrong where an answer breaks the contract.")
@click.option("--cors/--no-cors", default=True, show_default=True, help="Let web pages of other origins call.")
@click.option("--stateless", is_flag=True, help="Remember nothing and answer by example.")
@click.option(
    "--store",
    type=click.Path(dir_okay=False, path_type=Path),
    help="An SQLite file that keeps what stubs remember; without it the end of the command is the end of that.",
)
@click.option("--keep", type=click.IntRange(1), help="How many objects of a collection to keep, the newest ones.")
@click.option(
    "--log",
    type=click.Choice(["text", "json", "none"]),
    default="text",
    show_default=True,
    help="Tell of each request on standard error.",
)
@click.option(
    "--control/--no-control",
    default=True,
    show_default=True,
    help="Answer the control API, and heed the headers that name sessions and faults.",
)
@click.option(
    "--control-path",
    default="/__counterfoil__",
    show_default=True,
    callback=_reserved,
    help="Where the control API is; paths of the contract that are the same go before.",
)
@click.option("--session-by-token", is_flag=True, help="Keep callers with different credentials apart.")
@click.option(
    "--allow-callbacks",
    multiple=True,
    metavar="HOST",
    help="Send callbacks and webhooks there, too: a name, address or network; without it to this machine only.",
)
@click.option("--like-prism", is_flag=True, help="Choose and refuse as Stoplight Prism does, in its words.")
@recording_options
def serve(
    names: tuple[str, ...],
    out: Path,
    specs: Path,
    handlers: Path | None,
    host: str,
    port: int,
    store: Path | None,
    keep: int | None,
    log: str,
    control: bool,
    control_path: str,
    session_by_token: bool,
    tokens: tuple[str, ...],
    source: Source | None,
    fallback: bool,
    **options: Any,
) -> None:
    """Run stubs until interrupted: of each VENDOR that was generated or document FILE, or of all vendors."""
    gc.disable()  # until `serve` has begun: next to nothing of what starting makes can go

    from counterfoil.cli.inputs.documents import is_document, stub_of_document
    from counterfoil.cli.inputs.generated import find_generated
    from counterfoil.stub.control.access_log import AccessLog
    from counterfoil.stub.control.journal import KEPT
    from counterfoil.stub.handlers.file import read_handlers
    from counterfoil.stub.loading import load_stub
    from counterfoil.stub.serving import bind, serve, url
    from counterfoil.stub.state.stores import remember

    vendors = tuple(name for name in names if not is_document(name))
    found = find_generated(out, vendors) if vendors or not names else {}
    if handlers is not None and len(names or found) != 1:
        raise click.UsageError("--handlers answer for one stub: name one VENDOR or FILE")
    _check_hosts(options["allow_callbacks"])
    options["token"] = {name: scopes or None for name, *scopes in filter(None, map(str.split, tokens))} or None
    if source is not None:
        if len(found) != 1:
            raise click.UsageError("--record or --replay is about one server: name one VENDOR")
        (name, folder), *_ = found.items()
        stub = load_stub(out, name, specs=specs, handlers=handlers, **options) if fallback else None
        serve_recorded(name, folder, host, port, source, stub)
        return
    as_written = options["errors"] or options["like_prism"]
    apps = [
        load_stub(out, name, specs=specs, handlers=handlers, **options)
        if name in found
        else stub_of_document(Path(name), as_written=as_written).configure(**options)
        for name in names or found
    ]
    if handlers is not None and not found:
        apps[0].use(read_handlers(handlers, "_counterfoil_document"))
    remember(dict(zip(names or found, apps, strict=True)), store, keep)
    for name, app in zip(names or found, apps, strict=True):
        app.controlled(prefix=control_path if control else None, kept=KEPT if control else 0, by_token=session_by_token)
        if log != "none":
            shown = name if len(apps) > 1 or log == "json" else ""
            app.log = AccessLog(app.subject.secrets, sys.stderr.write, shown, as_json=log == "json")
    sockets = bind(host, port, len(apps))
    width = max(map(len, names or found))

    def announce() -> None:
        for name, listening in zip(names or found, sockets, strict=True):
            click.echo(f"{name:<{width}}  {url(listening)}")
        click.echo("Press Ctrl+C to stop.", err=True)

    try:
        serve(apps, sockets, announce)
    finally:
        for app in apps:
            if app.log is not None:
                app.log.flush()


def _check_hosts(hosts: tuple[str, ...]) -> None:
    if hosts:
        from counterfoil.stub.callbacks.addresses import Allowed

        try:
            Allowed(hosts)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--allow-callbacks") from None
