"""counterfoil test: contract tests against the stub, or against a live endpoint."""

import gc
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from counterfoil.checks.settings import STAGES, Stage
from counterfoil.cli.console import FOLDER, report, step
from counterfoil.cli.exit_codes import SIGNALLED
from counterfoil.cli.options.live import Choices, live_options
from counterfoil.cli.options.reports import Reporting, report_options
from counterfoil.location import CounterfoilError

_NEW_OBJECTS = 100_000  # that are made, less those that went, until the youngest are looked through for garbage


@click.command(short_help="Test stubs or a live endpoint against the contracts.")
@click.argument("vendors", nargs=-1)
@click.option("--specs", type=FOLDER, default=Path("specs"), show_default=True, help="Pages and VENDOR/handlers.py.")
@click.option("--out", type=FOLDER, default=Path("generated"), show_default=True, help="Where the contracts are.")
@click.option(
    "--url",
    metavar="URL",
    help="A live endpoint to test in place of the stub, its base path included; takes one VENDOR.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed sends the same requests.")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice(STAGES),
    help="Run this stage only; may be given several times. Without it all are.",
)
@click.option(
    "--max-examples",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    metavar="N",
    help="Requests that schemathesis makes up for an operation, in each of its phases.",
)
@click.option(
    "--max-cases",
    type=click.IntRange(1),
    metavar="N",
    help="Requests of the ladder to an operation, at most; 2000, and fewer where there are many operations, without.",
)
@click.option(
    "--slowest",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="How long an answer may take; a single one of an operation that takes longer is told, and no finding.",
)
@click.option("-x", "--exit-first", is_flag=True, help="Stop at the first finding.")
@live_options
@click.option(
    "--resume",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that keeps what passed, so that the next run goes on from there.",
)
@click.option(
    "--replay",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.har",
    help="Check a recording, and send nothing; --url tells where the server was.",
)
@report_options
@click.pass_context
def test(
    ctx: click.Context,
    /,
    vendors: tuple[str, ...],
    specs: Path,
    out: Path,
    url: str | None,
    seed: int,
    stages: tuple[Stage, ...],
    max_examples: int,
    max_cases: int | None,
    slowest: float,
    exit_first: bool,
    resume: Path | None,
    replay: Path | None,
    reporting: Reporting,
    **options: Any,
) -> None:
    """Test the stub of each VENDOR, or of all that were generated, against its contract.

    With --url a live endpoint is tested. The environment variable COUNTERFOIL_<VENDOR>_TOKEN (upper case, - as _) holds
    what its security scheme asks for: a key, a bearer token, or user:password. COUNTERFOIL_<VENDOR>_READONLY_TOKEN may
    hold that of somebody who may read and not write, which is then tried.

    Exit codes: 0 every contract is kept, 1 one is not, 2 something is wrong with the command or its input, such as a
    finding that the baseline accepts and that does not occur any more, 3 counterfoil itself failed, 130 and 143 Ctrl+C
    and SIGTERM. Reports tell what was found until then.
    """
    from counterfoil.cli.inputs.generated import find_generated, stale

    # To look for garbage among all that is imported takes as long as some fifty requests.
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    found = find_generated(out, vendors)
    if url is not None and len(found) != 1:
        raise click.UsageError("--url tests one server: name one VENDOR")
    if len(found) != 1 and (replay is not None or options["record"] is not None):
        raise click.UsageError("a recording is of one server: name one VENDOR")
    if resume is not None and url is None:
        raise click.UsageError("--resume is about a live endpoint: give its --url")
    with step("loading the tests"):
        from counterfoil.checks import Settings, Target, in_process, run
        from counterfoil.checks.live.base_path import missing_base_path
        from counterfoil.checks.live.settings import Live
        from counterfoil.checks.preparing import read_contract
        from counterfoil.checks.reporting.ending import BrokenOffError
        from counterfoil.checks.reporting.places import Places
        from counterfoil.stub.loading import load_stub

    own_token = None
    if url is not None:
        from counterfoil.cli.options import schemathesis_toml

        options, own_token = schemathesis_toml.applied(ctx, options)
    choices = Choices(**options)
    settings = Settings(
        seed=seed,
        stages=stages or STAGES,
        max_cases=max_cases,
        max_examples=max_examples,
        first=exit_first,
        slowest=slowest,
    )
    for name, folder in found.items():
        report(stale(specs, name, folder))
        token, chosen = None, settings
        known = reporting.known(name)
        places = Places(folder / "evidence.json", (specs / name).as_posix())
        try:
            if replay is not None:
                from counterfoil.checks.recording.replaying import replay as check

                chosen = replace(settings, live=Live(operations=choices.operations))
                outcome = check(name, folder, replay, url=url, settings=chosen, known=known)
                reporting.add(outcome, places)
                continue
            if url is not None:
                target: Target = choices.target(url)
                live = choices.settings(name, specs, resume, generated="schemathesis" in stages)
                token = choices.token(name, live) or own_token
                chosen = replace(settings, live=live, readonly=choices.readonly_token(name))
            else:
                target = in_process(load_stub(out, name, specs=specs, allow_callbacks=None))
                chosen = replace(settings, live=Live(operations=choices.operations, record=choices.record))
            with step(f"{name}: testing"):
                outcome = run(name, folder, target, token=token, headers=choices.headers, settings=chosen, known=known)
        except BrokenOffError as error:
            reporting.add(error.report, places, error.__cause__)
            continue
        except CounterfoilError as error:
            if choices.skips(name, error):
                continue
            raise
        reporting.add(outcome, places)
        if url is not None:
            reached = outcome.coverage.operations
            answered = ((label, status) for label, each in reached.items() for status in each.statuses)
            hint = missing_base_path(read_contract(folder / "openapi.json"), target, answered)
            report([hint] if hint is not None else [])
        if url is not None and resume is None:
            reporting.refuse(choices.nothing_asked(outcome))
        if outcome.interrupted:
            reporting.finish()
            ctx.exit(SIGNALLED + outcome.interrupted)
    ctx.exit(reporting.finish())
