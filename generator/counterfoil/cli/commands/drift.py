"""counterfoil drift: how live answers differ from the contract, and the overlay that would absorb it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.cli.console import FOLDER, report, say, step
from counterfoil.cli.exit_codes import FINE, FOUND, SIGNALLED
from counterfoil.cli.files import check_writable, write
from counterfoil.cli.options.live import Choices, live_options
from counterfoil.documents.folder import OVERLAY
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from counterfoil.checks.drift.findings import Drift
    from counterfoil.evidence import EvidenceTable

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Tell how live answers differ from the contract, and write an overlay for it.")
@click.argument("vendor")
@click.option("--specs", type=FOLDER, default=Path("specs"), show_default=True, help="Where vendor.toml may be.")
@click.option("--out", type=FOLDER, default=Path("generated"), show_default=True, help="Where the contracts are.")
@click.option("--url", metavar="URL", help="A live endpoint to ask; with --har, where the recorded server was.")
@click.option("--har", type=_FILE, metavar="FILE.har", help="A recording to look at in place of asking.")
@click.option(
    "--write",
    "overlay",
    type=_FILE,
    metavar="FILE",
    help="The overlay that absorbs the drift; else standard output. An older one is replaced, or removed.",
)
@live_options
@click.pass_context
def drift(
    ctx: click.Context,
    /,
    vendor: str,
    specs: Path,
    out: Path,
    url: str | None,
    har: Path | None,
    overlay: Path | None,
    **options: Any,
) -> None:
    """Compare the answers of a live endpoint or a recording with the contract of VENDOR.

    A live endpoint is asked documented examples, valid requests and some that it must refuse, by the profile safe reads
    and what can be undone alone. The overlay is a proposal: each action has its evidence, for a person to accept.
    Credentials come from where `counterfoil test` takes them, a schemathesis.toml included.

    Exit codes: 0 no drift, 1 drift, 2 bad input, or no answer to compare, 3 counterfoil itself failed, 130 and 143
    Ctrl+C and SIGTERM.
    """
    from counterfoil.cli.inputs.generated import find_generated, stale

    if url is None and har is None:
        raise click.UsageError("say where answers come from: --url or --har")
    folder = find_generated(out, (vendor,))[vendor]
    report(stale(specs, vendor, folder))
    with step("loading the tests"):
        from counterfoil.checks.drift.absorbing import absorbing
        from counterfoil.checks.drift.findings import compare
        from counterfoil.checks.drift.gathering import of_recording, of_server
        from counterfoil.checks.live.base_path import missing_base_path
        from counterfoil.checks.preparing import read_contract
        from counterfoil.checks.recording.replaying import UNKNOWN
        from counterfoil.checks.reporting.visible import logged

    if overlay is not None:
        _check_free(vendor, overlay, specs / vendor / OVERLAY)
    own_token = None
    if har is None:
        from counterfoil.cli.options import schemathesis_toml

        options, own_token = schemathesis_toml.applied(ctx, options)
    choices = Choices(**options)
    if har is not None:
        exchanges, gathered = of_recording(vendor, folder, har, url)
    else:
        live = choices.settings(vendor, specs)
        target = choices.target(url or "")
        try:
            token = choices.token(vendor, live) or own_token
            with step(f"{vendor}: asking"):
                exchanges, gathered = of_server(vendor, folder, target, live, token=token, headers=choices.headers)
        except CounterfoilError as error:
            if choices.skips(vendor, error):
                ctx.exit(0)
            raise
    for item in gathered.skipped:
        if item.check != UNKNOWN:
            say(logged(f"{item.operation or vendor}: {item.check}: {item.reason}"))
    if gathered.interrupted and not exchanges:
        ctx.exit(SIGNALLED + gathered.interrupted)
    if not exchanges:
        where = Location(har.as_posix() if har is not None else target.public_url, 0)
        raise CounterfoilError(Diagnostic(where, "nothing-to-compare", "there is no answer to any operation here"))
    found = compare(exchanges)
    contract = read_contract(folder / "openapi.json")
    if har is None:
        answered = ((exchange.operation.label, exchange.response.status) for exchange in exchanges)
        hint = missing_base_path(contract, target, answered)
        report([hint] if hint is not None else [])
    actions, others = absorbing(found, contract, _evidence(folder))
    click.echo(f"{vendor}: {len(exchanges)} {'answer' if len(exchanges) == 1 else 'answers'} compared")
    for each in found:
        click.echo(logged(f"  {each.label}: {each.summary} ({each.frequency}){_unabsorbed(each, others)}"))
    for item in gathered.skipped:
        if item.check == UNKNOWN:
            click.echo(logged(f"  {item.operation}: {item.reason}; the overlay does not add it"))
    ways = "1 way" if len(found) == 1 else f"{len(found)} ways"
    click.echo(f"  {ways} in which answers differ" if found else "  no drift")
    if actions:
        _deliver(vendor, actions, overlay)
    elif overlay is not None and overlay.is_file() and not gathered.interrupted:
        overlay.unlink()
        say(f"{overlay}: removed, since there is nothing to propose any more")
    code = FOUND if found else FINE
    ctx.exit(SIGNALLED + gathered.interrupted if gathered.interrupted else code)


def _evidence(folder: Path) -> "EvidenceTable":
    from counterfoil.evidence import EvidenceTable
    from counterfoil.evidence_file import read_evidence

    try:
        return read_evidence((folder / "evidence.json").read_text("utf-8"))
    except FileNotFoundError:
        return EvidenceTable()


def _unabsorbed(drift: "Drift", others: "list[Drift]") -> str:
    return "; no action absorbs it, a person has to decide" if any(each is drift for each in others) else ""


def _title(vendor: str) -> str:
    return f"What the server of {vendor} was seen to answer"


def _check_free(vendor: str, file: Path, accepted: Path) -> None:
    """`CounterfoilError` where `file` cannot be written, is no proposal made before, or was `accepted`."""
    check_writable(file)
    if not file.is_file():
        return
    if file.resolve() == accepted.resolve() or _title(vendor) not in file.read_text("utf-8", "replace"):
        hint = "choose another file; actions that you accept go behind those that are there"
        raise CounterfoilError(
            Diagnostic(Location(file.as_posix(), 0), "file-exists", "this is not written over", hint)
        )


def _deliver(vendor: str, actions: list[dict[str, Any]], file: Path | None) -> None:
    import yaml

    title = _title(vendor)
    info = {"title": title, "version": "1.0.0"}
    overlay = {"overlay": "1.1.0", "info": info, "actions": actions}
    text = yaml.safe_dump(overlay, sort_keys=False, allow_unicode=True, width=110)
    if file is None:
        click.echo("\n" + text, nl=False)
        return
    write(file, text)
    say(f"{file}: {len(actions)} actions, for a person to accept")
