"""Reports as JUnit XML, in the form that CI systems read: a suite for a vendor, a case for a check at an operation."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.reporting.matrix import Outcome, outcomes

# XML 1.0, 2.2: what no document may contain, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(reports: Sequence[Report]) -> str:
    """Reports as one XML document. Characters that XML cannot carry are replaced by U+FFFD."""
    root = ET.Element("testsuites", name="counterfoil")
    for report in reports:
        root.append(_suite(report))
    for name in ("tests", "failures", "errors"):  # no further one in the schema that Jenkins publishes
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(report.seconds for report in reports):.3f}")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(report: Report) -> ET.Element:
    cases = [
        _case(report, operation, check, outcome)
        for operation, checks in outcomes(report).items()
        for check, outcome in checks.items()
    ]
    if report.failure:
        cases.append(_broken_off(report))
    failures = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    suite = ET.Element(
        "testsuite",
        name=_text(report.vendor),
        tests=str(len(cases)),
        failures=str(failures),
        errors="1" if report.failure else "0",
        skipped=str(skipped),
        time=f"{report.seconds:.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (("target", report.credentials.mask(report.target)), ("seed", str(report.seed))):
        ET.SubElement(properties, "property", name=name, value=_text(value))
    suite.extend(cases)
    return suite


def _case(report: Report, operation: str, check: str, outcome: Outcome) -> ET.Element:
    name = f"{operation}: {check}" if operation else check
    # Nobody measured how long one check took of one operation.
    case = ET.Element("testcase", classname=_text(f"counterfoil.{report.vendor}"), name=_text(name), time="0")
    if outcome.findings:
        messages = "; ".join(finding.summary for finding in outcome.findings)
        failure = ET.SubElement(case, "failure", message=_text(messages), type=_text(check))
        failure.text = _text("\n\n".join(_told(finding, report) for finding in outcome.findings))
    elif reasons := [*(f"accepted: {item.reason}" for item in outcome.accepted), *outcome.reasons]:
        ET.SubElement(case, "skipped", message=_text("; ".join(reasons)))
    return case


def _broken_off(report: Report) -> ET.Element:
    """A case for the run as a whole: nobody can say of what it did not come to that it passed."""
    case = ET.Element("testcase", classname=_text(f"counterfoil.{report.vendor}"), name="the run", time="0")
    ET.SubElement(case, "error", message=_text(report.failure), type="broken off")
    return case


def _told(finding: Finding, report: Report) -> str:
    lines = [finding.summary + (f" ({finding.count} times)" if finding.count > 1 else "")]
    told = (("expected", finding.expected), ("got", finding.got), ("rule", report.place(finding)))
    lines += [f"{name}: {text}" for name, text in told if text]
    return "\n".join([*lines, finding.curl]).rstrip()


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
