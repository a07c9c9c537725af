"""counterfoil explain: where a fact of a contract was read, inferred, repaired or corrected."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.cli.console import FOLDER, report, say

if TYPE_CHECKING:
    from counterfoil.evidence import Evidence

COLOURS = {"documented": "green", "inferred": "yellow", "repaired": "cyan", "corrected": "magenta"}


@click.command(short_help="Tell where the facts of a contract come from.")
@click.argument("vendor")
@click.argument("pointer", required=False)
@click.option("--specs", type=FOLDER, default=Path("specs"), show_default=True, help="Where the pages are.")
@click.option("--out", type=FOLDER, default=Path("generated"), show_default=True, help="Where the contract is.")
def explain(vendor: str, pointer: str | None, specs: Path, out: Path) -> None:
    """Tell where the facts of VENDOR's contract were read, inferred, repaired or corrected.

    POINTER names a part of openapi.json: a JSON Pointer, an operation such as "POST /metrics", or the end of a
    pointer, such as the name of a field. Everything below it is told too, unless several pointers end so. Without
    POINTER all facts are told that do not stand in the pages as they are.
    """
    from counterfoil.cli.inputs.generated import find_generated, stale
    from counterfoil.cli.inputs.lookup import find_pointers, requirement
    from counterfoil.evidence_file import read_evidence

    generated = find_generated(out, (vendor,))[vendor]
    report(stale(specs, vendor, generated))
    document = generated / "openapi.json"
    tree = json.loads(document.read_bytes())
    evidence = read_evidence((generated / "evidence.json").read_text("utf-8"), (specs / vendor).as_posix())
    if pointer is None:
        entries = list(evidence.along(tree))
        told = [entry for entry in entries if any(step.kind != "documented" for step in entry[1])]
        _tell(tree, told)
        click.echo(f"{len(entries) - len(told)} more facts stand in the pages as they are.")
        return
    found = find_pointers(tree, pointer, document)
    places = [place for each in found for place in (each, requirement(tree, each)) if place]
    if len(found) > 1:
        _tell(tree, [(place, evidence.history(place)) for place in places])
        say(f"{len(found)} places end in {pointer!r}; say more of its pointer for all of one.")
        return
    below = [entry for entry in evidence.along(tree) if entry[0].startswith(f"{found[0]}/")]
    _tell(tree, [*((place, evidence.history(place)) for place in places), *below])


def _tell(tree: dict[str, Any], entries: Iterable[tuple[str, tuple["Evidence", ...]]]) -> None:
    """Print each node with its history, leaving out parts of a node that came about in the same way as it."""
    from counterfoil.pointer import resolve

    top, reason = "", tuple[tuple[str, str, str], ...]()
    for pointer, history in entries:
        why = tuple((step.kind, step.rule, step.note) for step in history if step.kind != "documented")
        if why and why == reason and pointer.startswith(f"{top}/"):
            continue
        top, reason = pointer, why
        value = resolve(tree, pointer)
        shown = "" if isinstance(value, dict | list) and value else f" = {json.dumps(value, ensure_ascii=False)}"
        click.echo(click.style(pointer or "(the whole document)", bold=True) + shown)
        for step in history:
            words = ": ".join(filter(None, (step.rule, step.note)))
            click.echo(f"  {click.style(f'{step.kind:<10}', COLOURS[step.kind])}  {step.location}  {words}".rstrip())
