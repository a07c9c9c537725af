"""Everything that is generated of one vendor: from its folder to a mapping of relative path → text."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from counterfoil import contract as contracts
from counterfoil import plan as plans
from counterfoil.contract.contract import Contract, Size
from counterfoil.documents.folder import VendorFolder
from counterfoil.emit.evidence_file import evidence_file
from counterfoil.emit.formatting import UnparsableError, format_python
from counterfoil.emit.lock import LOCK, make_lock
from counterfoil.emit.render import render
from counterfoil.emit.templates import Templates
from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.plan.untested import untested_patterns


@dataclass(frozen=True)
class Generated:
    """The files of a vendor's generated folder, what its pages were found to have, and one line that sums it up."""

    files: dict[str, str]
    diagnostics: Sequence[Diagnostic]
    summary: str


def generate_vendor(folder: VendorFolder, templates: Templates, *, overlay: bool = True) -> Generated:
    """Take one vendor through all stages; nothing is written. `CounterfoilError` for what cannot be used at all."""
    contract = contracts.build(folder, overlay=overlay)
    contract.diagnostics += untested_patterns(contract)
    contract.diagnostics.sort(key=lambda diagnostic: diagnostic.location)
    plan = plans.plan(_portable(contract, folder), folder.package, folder.config)
    files = {
        "openapi.json": json.dumps(contract.tree, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
        "evidence.json": evidence_file(contract.evidence, contract.tree, folder.path),
        **render(plan, templates),
    }
    files = _formatted(files, templates)
    files[LOCK] = make_lock(folder.name, folder.texts(overlay=overlay), templates.digests(), files)
    return Generated(files, contract.diagnostics, _summary(contract))


def _portable(contract: Contract, folder: VendorFolder) -> Contract:
    """The contract with diagnostics that name files inside the vendor's folder: output says nothing of where it lay."""
    return replace(contract, diagnostics=[_relative(diagnostic, folder.path) for diagnostic in contract.diagnostics])


def _relative(diagnostic: Diagnostic, folder: str) -> Diagnostic:
    location = diagnostic.location
    return replace(diagnostic, location=replace(location, path=location.path.removeprefix(f"{folder}/")))


def _formatted(files: dict[str, str], templates: Templates) -> dict[str, str]:
    try:
        return format_python(files)
    except UnparsableError as error:
        if not templates.overridden:
            raise
        location = Location(templates.folders[0].as_posix(), 0)
        message = f"the templates make {error.path}, which is not Python: {error.message}"
        raise CounterfoilError(Diagnostic(location, "template-output", message)) from error


def _summary(contract: Contract) -> str:
    """How much of what the pages describe came out, and what there is to say of the rest."""
    stated, made = contract.stated, Size.of(contract.tree)
    parts = [_share(made.operations, stated.operations, "operation"), _share(made.schemas, stated.schemas, "schema")]
    severities = Counter(diagnostic.severity for diagnostic in contract.diagnostics)
    parts += [f"{number} {name}{'' if number == 1 else 's'}" for name, number in severities.items()]
    return ", ".join(parts)


def _share(number: int, of: int, noun: str) -> str:
    plural = noun if of == 1 else f"{noun}s"
    return f"{number} {plural}" if number == of else f"{number} of {of} {plural}"
