"""What a run of the contract tests promises: the same requests again, reasons for what is left out, no crash unseen."""

import gc
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from schemathesis.checks import CHECKS, load_all_checks

from counterfoil import checks
from counterfoil.checks.property_tests import names
from counterfoil.location import CounterfoilError
from tests.contract.kit import OUT, TOKEN, stub_of
from tests.contract.servers.handwritten import API_KEY, MetricsHandler, running

VENDOR = "cuoral"
PATH = "/external/v1/external/v1/customers/metrics"
BRIEF = checks.Settings(max_examples=10)


def recorded(seed: int) -> list[tuple[str, bytes]]:
    """Method and body of every request of a run with `seed` on a new stub."""
    stub, requests = stub_of(VENDOR), []

    async def recording(scope: Any, receive: Any, send: Any) -> None:
        async def listen() -> Any:
            message = await receive()
            if message["type"] == "http.request":
                requests.append((scope["method"], message.get("body", b"")))
            return message

        await stub(scope, listen, send)

    checks.run(
        VENDOR, OUT / VENDOR, checks.in_process(recording), token="canary-key", settings=replace(BRIEF, seed=seed)
    )
    return requests


def test_same_seed_sends_same_requests() -> None:
    first = recorded(7)
    assert len(first) > 40
    assert recorded(7) == first
    assert recorded(8) != first


def test_a_run_leaves_nothing_behind() -> None:
    def kept() -> Counter[str]:
        """How many objects of this package there are, by their types, once garbage was collected."""
        gc.collect()
        found = (type(each) for each in gc.get_objects())
        return Counter(each.__qualname__ for each in found if str(each.__module__).startswith("counterfoil."))

    def once() -> None:
        settings = checks.Settings(stages=("documented", "ladder", "probes"), max_cases=20)
        checks.run(VENDOR, OUT / VENDOR, checks.in_process(stub_of(VENDOR)), token=TOKEN, settings=settings)

    once()
    before = kept()
    once()
    assert kept() - before == Counter()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of what was generated, to change its contract."""
    return shutil.copytree(OUT / VENDOR, tmp_path / VENDOR)


def switch_off(package: Path, check: str, level: str) -> None:
    contract = json.loads((package / "openapi.json").read_text(encoding="utf-8"))
    holder = contract if level == "root" else contract["paths"][PATH]["post"]
    holder.setdefault("x-counterfoil", {}).setdefault("checks", {})[check] = "The vendor shouts."
    (package / "openapi.json").write_text(json.dumps(contract), encoding="utf-8")


class Shouting(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"name": body["name"].upper()}


def found_in(package: Path) -> tuple[set[str], str]:
    with running(Shouting) as url:
        report = checks.run(VENDOR, package, checks.at_url(url), token=API_KEY, settings=BRIEF)
    return {finding.check for finding in report.findings}, checks.to_text(report)


def test_check_is_switched_off_with_a_reason(package: Path) -> None:
    assert found_in(package)[0] == {"echo", "documented_example"}
    switch_off(package, "echo", "root")
    switch_off(package, "documented_example", "operation")
    found, text = found_in(package)
    assert found == set()
    assert text.count("The vendor shouts.") == 2


def test_unknown_check_is_bad_input(package: Path) -> None:
    switch_off(package, "eco", "root")
    with pytest.raises(CounterfoilError, match="unknown-check"):
        found_in(package)


def test_exception_is_a_finding_whatever_was_answered() -> None:
    # This vendor answers 400, which is documented, where its handler crashes, and is told apart by its words alone.
    stub = stub_of("unibee")

    @stub.operation("POST", "/merchant/metric/new")
    def crash(call: Any) -> Any:
        if call.value.get("metricDescription"):
            raise ZeroDivisionError
        return call.create()

    report = checks.run("unibee", OUT / "unibee", checks.in_process(stub), settings=checks.Settings(max_examples=1))
    assert {finding.check for finding in report.findings} >= {"unexpected_exception", "not_a_server_error"}
    assert "ZeroDivisionError" in checks.to_text(report)


def test_exception_that_leaves_an_app_is_a_finding() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("nobody caught this")

    report = checks.run(VENDOR, OUT / VENDOR, checks.in_process(app), settings=BRIEF)
    assert "nobody caught this" in checks.to_text(report)
    assert not report.ok


@pytest.mark.parametrize(
    ("field", "summary"),
    [
        ("metric_id: int", "the response is refused at /metric_id"),
        ("metric_id: Annotated[str, StringConstraints(to_lower=True)]", "written otherwise than it was read"),
    ],
)
def test_models_that_do_not_fit_are_a_finding(package: Path, field: str, summary: str) -> None:
    schemas = package / "models" / "schemas.py"
    text = schemas.read_text(encoding="utf-8")
    imports = "from typing import Annotated, Any\n\nfrom pydantic import StringConstraints\n"
    text = text.replace("from typing import Any\n", imports).replace("metric_id: str", field)
    schemas.write_text(text, encoding="utf-8")
    report = checks.run(VENDOR, package, checks.in_process(stub_of(VENDOR)), settings=BRIEF)
    assert {finding.check for finding in report.findings} == {"generated_models"}
    assert summary in checks.to_text(report)


def test_the_names_of_checks_are_those_of_schemathesis() -> None:
    load_all_checks()
    assert frozenset(CHECKS.get_all_names()) == names.CHECKS
