"""`counterfoil serve` between a client and a server, and from a recording."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

from counterfoil.cli.console import say
from counterfoil.cli.options.live import network, network_options

FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Source:
    """Where answers come from in place of a stub: the server at the URL `record`, or the file `replay`.

    Traffic with the server is kept in `har`; the rest is about the way to it.
    """

    record: str | None
    har: Path | None
    replay: Path | None
    ca: Path | None
    proxy: str | None
    timeout: float
    insecure: bool
    headers: tuple[tuple[str, str], ...]


def recording_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `serve` the options about recordings; it gets them as `source`, None where stubs answer."""

    @functools.wraps(command)
    def recording(*arguments: Any, **options: Any) -> Any:
        chosen = Source(**{each.name: options.pop(each.name) for each in fields(Source)})
        if chosen.record is not None and chosen.replay is not None:
            raise click.UsageError("--record and --replay exclude each other")
        if chosen.har is not None and chosen.record is None:
            raise click.UsageError("--har is for --record URL")
        return command(*arguments, source=chosen if chosen.record or chosen.replay else None, **options)

    found: Callable[..., Any] = network_options(recording, "With --record: ")
    options = (
        click.option("--record", metavar="URL", help="Send requests on to this server, and check and log both sides."),
        click.option("--har", type=FILE, metavar="FILE.har", help="With --record: keep the traffic, secrets masked."),
        click.option("--replay", type=FILE, metavar="FILE.har", help="Answer from a recording; the rest is 404."),
        click.option("--fallback", is_flag=True, help="With --replay: let the stub answer the rest."),
    )
    for option in reversed(options):
        found = option(found)
    return found


def serve_recorded(vendor: str, folder: Path, host: str, port: int, source: Source, stub: Any) -> None:
    """Serve one vendor until interrupted, from a `source`; what a recording has not comes from the `stub`, if any."""
    from counterfoil.checks.operation import operations
    from counterfoil.checks.preparing import read_contract
    from counterfoil.checks.recording.masking import Masking
    from counterfoil.checks.recording.matching import match
    from counterfoil.checks.recording.player import Player
    from counterfoil.checks.recording.proxy import RecordingProxy
    from counterfoil.checks.recording.reading import read_har
    from counterfoil.checks.recording.writing import HarWriter
    from counterfoil.checks.reporting.visible import visible
    from counterfoil.checks.wire.credentials import Credentials
    from counterfoil.checks.wire.target import at_url
    from counterfoil.stub.serving import bind, serve, url

    contract = read_contract(folder / "openapi.json")
    found = operations(contract)
    writer = None
    if source.record is not None:
        way = network(source.ca, source.proxy, source.timeout, insecure=source.insecure)
        target = at_url(source.record, way)
        schemes = contract.get("components", {}).get("securitySchemes", {})
        masking = Masking(contract, Credentials("", headers=source.headers, schemes=schemes))
        writer = HarWriter(source.har, masking, target.base_url) if source.har is not None else None
        app: Any = RecordingProxy(contract, found, target, lambda text: say(visible(text)), writer, way, source.headers)
        about = f"on to {target.public_url}"
    else:
        matched = match(read_har(source.replay or Path()), found)
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
            say(f"{source.har}: {writer.count} {'exchange' if writer.count == 1 else 'exchanges'}")
