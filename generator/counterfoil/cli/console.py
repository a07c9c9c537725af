"""What people see: diagnostics and progress on standard error, coloured and moving only on a terminal."""

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import click

from counterfoil import __version__
from counterfoil.location import Diagnostic, Location

FOLDER = click.Path(path_type=Path)
COLOURS = {"error": "red", "warning": "yellow", "note": "blue"}
MOST_PLACES = 6  # that are listed for what is said of several
PATIENCE = 1.0  # seconds before a step says what it is doing


def report(diagnostics: Iterable[Diagnostic], *, notes: bool = False) -> None:
    """Print diagnostics together, in their order; notes only if asked for.

    What is said of several places of one file is said at the first of them.
    """
    groups: dict[Diagnostic, list[Diagnostic]] = {}
    for diagnostic in dict.fromkeys(diagnostics):
        if notes or diagnostic.severity != "note":
            said = replace(diagnostic, location=Location(diagnostic.location.path))
            groups.setdefault(said, []).append(diagnostic)
    for diagnostic, *others in groups.values():
        first, *rest = str(diagnostic).split("\n")
        location, message = str(diagnostic.location), first.removeprefix(str(diagnostic.location))
        click.echo(click.style(location, bold=True) + click.style(message, COLOURS[diagnostic.severity]), err=True)
        places = [f"{place.line}:{place.column}" for place in sorted({other.location for other in others})]
        if places:
            more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
            rest.append(f"  also at {', '.join(places[:MOST_PLACES])}{more}")
        for line in rest:
            click.echo(line, err=True)


def say(text: str) -> None:
    """Print one line of what is being done."""
    click.echo(text, err=True)


def tell_defect(error: BaseException, masked: Callable[[str], str] = str) -> None:
    """Say that counterfoil itself failed, and how; `masked` takes secrets out of a text."""
    say(masked("".join(traceback.format_exception(error))).rstrip())
    say(
        f"counterfoil {__version__} itself failed. This is a defect of it and says nothing about what it was given;"
        " please report it with the lines above."
    )


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done if it takes more than a second: a spinner on a terminal, else one line."""
    done = threading.Event()

    def show() -> None:
        if done.wait(PATIENCE):
            return
        if not sys.stderr.isatty():
            say(f"{text} …")
            return
        from rich.console import Console

        with Console(stderr=True).status(text):
            done.wait()

    shower = threading.Thread(target=show, daemon=True)
    shower.start()
    try:
        yield
    finally:
        done.set()
        shower.join()
