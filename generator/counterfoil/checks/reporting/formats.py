"""The formats in which reports are told."""

from collections.abc import Sequence
from pathlib import Path

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.settings import Format


def told(form: Format, reports: Sequence[Report], workspace: Path | None = None) -> str:
    """Reports in a format, as the whole text of a file that ends with a line end.

    Paths in annotations are relative to `workspace`, the root of the repository. Code points that no text can hold
    (lone surrogates, which a server may well send) are replaced.
    """
    return _told(form, reports, workspace).encode("utf-8", "replace").decode()


def _told(form: Format, reports: Sequence[Report], workspace: Path | None) -> str:
    match form:
        case "text":
            from counterfoil.checks.reporting.text import to_text

            return "".join(f"{to_text(report)}\n" for report in reports)
        case "json":
            from counterfoil.checks.reporting.as_json import to_json

            return to_json(reports)
        case "junit":
            from counterfoil.checks.reporting.junit import to_junit

            return to_junit(reports)
        case "github":
            from counterfoil.checks.reporting.github import to_github

            return to_github(reports, workspace)
        case "html":
            from counterfoil.checks.reporting.html import to_html

            return to_html(reports)
