"""Where the reports of contract tests go: standard output, files, the summary of a GitHub job."""

import functools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.checks.settings import FORMATS, Format
from counterfoil.cli.console import report as show
from counterfoil.cli.console import say, tell_defect
from counterfoil.cli.exit_codes import BAD_INPUT, DEFECT, FINE, FOUND
from counterfoil.cli.files import check_writable, not_written, write
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from counterfoil.checks.reporting.baseline import Baseline
    from counterfoil.checks.reporting.findings import Report
    from counterfoil.checks.reporting.places import Places

FILE = click.Path(dir_okay=False, path_type=Path)
_SUMMARY = "GITHUB_STEP_SUMMARY"
_WORKSPACE = "GITHUB_WORKSPACE"


@dataclass(frozen=True, slots=True)
class Output:
    """A format, and the file that it goes to; standard output without one."""

    form: Format
    path: Path | None = None


class _FormatType(click.ParamType[Output]):
    name = "format"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Output:
        """`FORMAT` or `FORMAT=FILE` → what it asks for."""
        if isinstance(value, Output):
            return value
        name, equals, path = str(value).partition("=")
        form = next((form for form in FORMATS if form == name), None)
        if form is None:
            self.fail(f"{name!r} is none of {', '.join(FORMATS)}", param, ctx)
        if equals and not path:
            self.fail(f"{name}= names no file", param, ctx)
        return Output(form, Path(path) if path else None)


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options about reports and baselines; it gets them as `reporting`, a `Reporting`."""

    @functools.wraps(command)
    def reporting(
        *arguments: Any,
        formats: tuple[Output, ...],
        output: Path | None,
        baseline: Path | None,
        write_baseline: Path | None,
        **others: Any,
    ) -> Any:
        chosen = Reporting(formats, output, baseline, write_baseline)
        return command(*arguments, reporting=chosen, **others)

    forms = f"{', '.join(FORMATS)}; to FILE, or to standard output. May be given several times."
    options = (
        click.option(
            "-f",
            "--format",
            "formats",
            type=_FormatType(),
            multiple=True,
            metavar="FORMAT[=FILE]",
            help=f"How to tell what was found: {forms}",
        ),
        click.option("-o", "--output", type=FILE, help="The file for a --format that names none."),
        click.option("--baseline", type=FILE, help="YAML file of known findings, each accepted for a reason."),
        click.option("--write-baseline", type=FILE, help="Draft such a file, for a person to give the reasons."),
    )
    for option in reversed(options):
        reporting = option(reporting)
    return reporting


class Reporting:
    """What becomes of the reports of a run.

    `click.UsageError` for outputs that exclude each other, `CounterfoilError` for a baseline that cannot be read and
    files that cannot be written.
    """

    def __init__(
        self,
        formats: Sequence[Output],
        output: Path | None,
        baseline: Path | None,
        write_baseline: Path | None,
    ) -> None:
        self._outputs = _outputs(formats, output)
        self._draft = write_baseline
        self._today = datetime.now(UTC).date()
        self._baseline = None if baseline is None else _read(baseline)
        self._reports: list[Report] = []
        self._worst = FINE
        for path in (*(output.path for output in self._outputs), write_baseline):
            if path is not None:
                check_writable(path)

    def known(self, vendor: str) -> dict[tuple[str, str, str], str]:
        """What the baseline accepts of a vendor (check, operation and summary), with its reasons."""
        return {} if self._baseline is None else self._baseline.known(vendor, self._today)

    def add(self, report: "Report", places: "Places", error: BaseException | None = None) -> None:
        """Take the report of one vendor; text for standard output is shown at once, and so is what broke a run off."""
        from counterfoil.checks.reporting.formats import told

        report.places = places
        self._reports.append(report)
        if Output("text") in self._outputs:
            click.echo(told("text", [report]), nl=False)
        if isinstance(error, CounterfoilError):
            self.refuse(error.diagnostics)
        elif error is not None:
            tell_defect(error, report.credentials.mask)
            self._worst = DEFECT
        elif report.findings:
            self._worst = max(self._worst, FOUND)

    def finish(self) -> int:
        """Write everything that can be, and tell what cannot; the exit code.

        In GitHub Actions the format github adds a summary to the job. Entries of the baseline that do not occur any
        more, which only whole runs tell, are bad input.
        """
        deliveries: list[Callable[[], None]] = [partial(self._deliver, output) for output in self._outputs]
        for deliver in (*deliveries, self._write_draft):
            try:
                deliver()
            except CounterfoilError as error:
                self.refuse(error.diagnostics)
        if self._baseline is not None:
            show(self._baseline.expired(self._reports, self._today))
            self.refuse(list(self._baseline.unused(self._reports)))
        return self._worst

    def refuse(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Tell what is wrong with the input, which decides about the exit code."""
        show(diagnostics)
        if diagnostics:
            self._worst = max(self._worst, BAD_INPUT)

    def _write_draft(self) -> None:
        if self._draft is not None:
            _draft(self._draft, self._reports)

    def _deliver(self, output: Output) -> None:
        from counterfoil.checks.reporting.formats import told

        if output == Output("text"):
            return
        workspace = Path(os.environ[_WORKSPACE]) if os.environ.get(_WORKSPACE) else None
        text = told(output.form, self._reports, workspace)
        if output.path is None:
            click.echo(text, nl=False)
        else:
            write(output.path, text)
        if output.form == "github" and os.environ.get(_SUMMARY):
            from counterfoil.checks.reporting.github import to_markdown

            path = Path(os.environ[_SUMMARY])
            try:
                with path.open("a", encoding="utf-8", errors="replace") as summary:
                    summary.write(to_markdown(self._reports))
            except OSError as error:
                raise not_written(path, (error.strerror or str(error)).lower()) from error


def _outputs(chosen: Sequence[Output], file: Path | None) -> list[Output]:
    """What to write, in order: text to standard output unless something else goes there."""
    found = list(chosen) or [Output("text")]
    if file is not None:
        without = [index for index, output in enumerate(found) if output.path is None]
        if len(without) != 1:
            raise click.UsageError("--output is for one --format that names no file")
        found[without[0]] = Output(found[without[0]].form, file)
    shown = [output.form for output in found if output.path is None]
    if not shown:
        found.insert(0, Output("text"))
    if len(shown) > 1 and sorted(shown) != ["github", "text"]:
        raise click.UsageError(f"only one of {', '.join(shown)} can go to standard output: say {shown[-1]}=FILE")
    paths = [output.path.resolve() for output in found if output.path is not None]
    if len(set(paths)) < len(paths):
        raise click.UsageError("two formats go to the same file")
    return found


def _draft(path: Path, reports: Sequence["Report"]) -> None:
    from counterfoil.checks.reporting.baseline import Baseline, draft_of, to_yaml

    old = _read(path, draft=True) if path.exists() else Baseline()
    new = draft_of(reports, old)
    write(path, to_yaml(new))
    empty = sum(not entry.reason for entry in new.entries)
    wanting = f", {empty} without a reason, which a person must give" if empty else ""
    say(f"{path}: {len(new.entries)} known {'finding' if len(new.entries) == 1 else 'findings'}{wanting}")


def _read(path: Path, *, draft: bool = False) -> "Baseline":
    from counterfoil.checks.reporting.baseline import read_baseline

    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CounterfoilError(Diagnostic(Location(path.as_posix(), 0), "not-read", message)) from error
    return read_baseline(path.as_posix(), text, draft=draft)
