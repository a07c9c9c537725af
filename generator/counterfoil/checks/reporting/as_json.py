"""Reports as JSON, by the schema `report.schema.json` beside this file."""

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

from counterfoil.checks.reporting.coverage import Reached
from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.reporting.matrix import Outcome, outcomes

VERSION = 1


def to_json(reports: Sequence[Report]) -> str:
    """Reports of several vendors as one JSON text. Within one `version` members are added, never changed."""
    tree = {
        "version": VERSION,
        "ok": all(report.ok for report in reports),
        "vendors": [_vendor(report) for report in reports],
    }
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def report_schema() -> dict[str, Any]:
    """The JSON Schema of what `to_json` writes."""
    text = resources.files(__package__).joinpath("report.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _vendor(report: Report) -> dict[str, Any]:
    matrix = outcomes(report)
    return {
        "vendor": report.vendor,
        "target": report.credentials.mask(report.target),
        "seed": report.seed,
        "seconds": round(report.seconds, 3),
        "ok": report.ok,
        "interrupted": bool(report.interrupted),
        "failure": report.failure,
        "findings": [_finding(finding, report) for finding in report.findings],
        "accepted": [{**_finding(item.finding, report), "reason": item.reason} for item in report.accepted],
        "skipped": [
            {"check": item.check, "operation": item.operation, "reason": item.reason} for item in report.skipped
        ],
        "left_behind": [
            {"operation": each.operation, "objects": list(each.keys), "reason": each.reason}
            for each in report.left_behind
        ],
        "operations": [
            _operation(label, reached, dict(report.cases.get(label, {})), matrix[label])
            for label, reached in report.coverage.operations.items()
        ],
    }


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    rule = report.places.of(finding.pointer)
    place = rule.location if rule is not None else None
    return {
        "check": finding.check,
        "operation": finding.operation,
        "summary": finding.summary,
        "expected": finding.expected,
        "got": finding.got,
        "curl": finding.curl,
        "count": finding.count,
        "rule": {
            "pointer": finding.pointer,
            "location": {"path": place.path, "line": place.line, "column": place.column} if place else None,
            "doubt": rule.doubt if rule is not None else "",
        },
    }


def _operation(label: str, reached: Reached, requests: dict[str, int], checks: dict[str, Outcome]) -> dict[str, Any]:
    return {
        "operation": label,
        "requests": requests,
        "statuses": {
            "documented": list(reached.documented),
            "seen": {str(status): count for status, count in sorted(reached.statuses.items())},
        },
        "checks": [
            {
                "check": check,
                "state": outcome.state,
                "answers": outcome.answers,
                "findings": len(outcome.findings) + len(outcome.accepted),
                "reasons": outcome.reasons,
            }
            for check, outcome in checks.items()
        ],
        "keywords": [
            {"pointer": pointer, "valid": tries.valid, "invalid": tries.invalid}
            for pointer, tries in reached.keywords().items()
        ],
        "milliseconds": _latency(reached.seconds),
    }


def _latency(seconds: Sequence[float]) -> dict[str, float] | None:
    """The distribution of latencies (nearest rank); None where none was measured."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    ranks = {"min": 0.0, "p50": 0.5, "p95": 0.95, "max": 1.0}
    return {
        name: round(ordered[max(0, -(-int(rank * 100) * len(ordered) // 100) - 1)] * 1000, 3)
        for name, rank in ranks.items()
    }
