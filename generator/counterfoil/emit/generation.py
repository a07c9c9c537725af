"""Everything that is generated of a vendor: from its folder to a mapping of relative path → text."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from counterfoil import contract as contracts
from counterfoil import plan as plans
from counterfoil.contract.contract import Contract, Size
from counterfoil.documents import collector_paused
from counterfoil.documents.folder import VendorFolder
from counterfoil.emit.formatting import format_python
from counterfoil.emit.lock import LOCK, make_lock
from counterfoil.emit.render import render
from counterfoil.emit.templates import Templates
from counterfoil.evidence_file import evidence_file
from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.plan.untested import untested_patterns


@dataclass(frozen=True)
class Draft:
    """What is made of a vendor's folder as templates print it, what its pages were found to have, and a summary."""

    folder: VendorFolder
    overlay: bool
    files: dict[str, str]
    diagnostics: Sequence[Diagnostic]
    summary: str


@dataclass(frozen=True)
class Generated:
    """The files of a vendor's generated folder, what its pages were found to have, and one line that sums it up."""

    files: dict[str, str]
    diagnostics: Sequence[Diagnostic]
    summary: str


def generate_vendor(folder: VendorFolder, templates: Templates, *, overlay: bool = True) -> Generated:
    """Take one vendor through all stages; nothing is written. `CounterfoilError` for what cannot be used at all."""
    (generated,) = finish([draft_vendor(folder, templates, overlay=overlay)], templates)
    if isinstance(generated, CounterfoilError):
        raise generated
    return generated


def draft_vendor(folder: VendorFolder, templates: Templates, *, overlay: bool = True) -> Draft:
    """Take one vendor through all stages but formatting. `CounterfoilError` for what cannot be used at all."""
    with collector_paused():
        contract = contracts.build(folder, overlay=overlay)
        contract.diagnostics += untested_patterns(contract)
        contract.diagnostics.sort(key=lambda diagnostic: diagnostic.location)
        plan = plans.plan(_portable(contract, folder), folder.package, folder.config)
        files = {
            "openapi.json": json.dumps(contract.tree, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
            "evidence.json": evidence_file(contract.evidence, contract.tree, folder.path),
            **render(plan, templates),
        }
        return Draft(folder, overlay, files, contract.diagnostics, _summary(contract))


def finish(drafts: Sequence[Draft], templates: Templates) -> list[Generated | CounterfoilError]:
    """Format the files of all drafts in one run and lock each; what is wrong, in place of one that is not Python."""
    names = [str(number) for number, _ in enumerate(drafts)]
    every = {
        f"{name}/{path}": text for name, draft in zip(names, drafts, strict=True) for path, text in draft.files.items()
    }
    formatted, unparsable = format_python(every)
    if unparsable and not templates.overridden:
        raise RuntimeError(f"our templates make what is not Python: {unparsable}")
    found: list[Generated | CounterfoilError] = []
    for name, draft in zip(names, drafts, strict=True):
        wrong = {path: unparsable[f"{name}/{path}"] for path in draft.files if f"{name}/{path}" in unparsable}
        files = {path: formatted[f"{name}/{path}"] for path in draft.files}
        found.append(_not_python(wrong, templates) if wrong else _locked(draft, files, templates))
    return found


def _locked(draft: Draft, files: dict[str, str], templates: Templates) -> Generated:
    inputs = draft.folder.texts(overlay=draft.overlay)
    files[LOCK] = make_lock(draft.folder.name, inputs, templates.digests(), files)
    return Generated(files, draft.diagnostics, draft.summary)


def _not_python(wrong: dict[str, str], templates: Templates) -> CounterfoilError:
    location = Location(templates.folders[0].as_posix(), 0)
    messages = [f"the templates make {path}, which is not Python: {message}" for path, message in wrong.items()]
    return CounterfoilError(*(Diagnostic(location, "template-output", message) for message in messages))


def _portable(contract: Contract, folder: VendorFolder) -> Contract:
    """The contract with diagnostics that name files inside the vendor's folder: output says nothing of where it lay."""
    return replace(contract, diagnostics=[_relative(diagnostic, folder.path) for diagnostic in contract.diagnostics])


def _relative(diagnostic: Diagnostic, folder: str) -> Diagnostic:
    location = diagnostic.location
    return replace(diagnostic, location=replace(location, path=location.path.removeprefix(f"{folder}/")))


def _summary(contract: Contract) -> str:
    """How much of what the pages describe came out, and what there is to say of the rest."""
    stated, made = contract.stated, Size.of(contract.tree)
    shares = (
        ("operation", made.operations, stated.operations),
        ("webhook", made.webhooks, stated.webhooks),
        ("callback", made.callbacks, stated.callbacks),
        ("schema", made.schemas, stated.schemas),
    )
    parts = [
        f"{number} of {of} {noun}{'' if of == 1 else 's'}"
        for noun, number, of in shares
        if of or noun in {"operation", "schema"}
    ]
    severities = Counter(diagnostic.severity for diagnostic in contract.diagnostics)
    parts += [f"{number} {name}{'' if number == 1 else 's'}" for name, number in severities.items()]
    return ", ".join(parts)
