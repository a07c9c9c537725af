"""`counterfoil serve` between a client and a server, and from a recording."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from counterfoil.cli.console import say

FILE = click.Path(dir_okay=False, path_type=Path)


def recording_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `serve` about recordings."""
    options = (
        click.option("--record", metavar="URL", help="Send requests on to this server, and check and log both sides."),
        click.option("--har", type=FILE, metavar="FILE.har", help="With --record: keep the traffic, secrets masked."),
        click.option("--replay", type=FILE, metavar="FILE.har", help="Answer from a recording; the rest is 404."),
        click.option("--fallback", is_flag=True, help="With --replay: let the stub answer the rest."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def serve_recorded(
    vendor: str,
    folder: Path,
    host: str,
    port: int,
    record: str | None,
    har: Path | None,
    replay: Path | None,
    stub: Any,
) -> None:
    """Serve one vendor until interrupted, by way of the server at `record` or from the file `replay`."""
    from counterfoil.checks.operation import operations
    from counterfoil.checks.preparing import read_contract
    from counterfoil.checks.recording.masking import Masking
    from counterfoil.checks.recording.matching import match
    from counterfoil.checks.recording.player import Player
    from counterfoil.checks.recording.proxy import RecordingProxy
    from counterfoil.checks.recording.reading import read_har
    from counterfoil.checks.recording.writing import HarWriter
    from counterfoil.checks.wire.credentials import Credentials
    from counterfoil.checks.wire.target import at_url
    from counterfoil.stub.serving import bind, serve, url

    contract = read_contract(folder / "openapi.json")
    found = list(operations(contract))
    writer = None
    if record is not None:
        target = at_url(record)
        masking = Masking(contract, Credentials("", schemes=contract.get("components", {}).get("securitySchemes", {})))
        writer = HarWriter(har, masking, target.base_url) if har is not None else None
        app: Any = RecordingProxy(contract, found, target, say, writer)
        about = f"on to {target.public_url}"
    else:
        matched = match(read_har(replay or Path()), found)
        app = Player(matched, stub)
        about = f"from {len(matched.exchanges)} recorded answers"
    sockets = bind(host, port, 1)

    def announce() -> None:
        click.echo(f"{vendor}  {url(sockets[0])}  {about}")
        click.echo("Press Ctrl+C to stop.", err=True)

    try:
        serve([app], sockets, announce)
    finally:
        if writer is not None:
            writer.close()
            say(f"{har}: {writer.count} exchanges")
