"""What a schema does not tell of refusals, removals and of what only the server states."""

from pathlib import Path

import pytest

from counterfoil.checks import Settings, in_process, run
from counterfoil.checks.reporting.findings import Report
from tests.contract.kit import SERVERS, generated_of
from tests.contract.servers.tasks import Record, RefusalError, Tasks


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (SERVERS / "tasks.yaml").read_text("utf-8")
    return generated_of("tasks", text, tmp_path_factory.mktemp("tasks"))


def contract_test(generated: Path, server: Tasks) -> Report:
    return run("tasks", generated, in_process(server), settings=Settings(stages=("ladder", "probes")))


def test_what_no_schema_tells_may_be_refused(generated: Path) -> None:
    server = Tasks()
    report = contract_test(generated, server)
    assert report.findings == []
    made = list(server.kept["tasks"].values())
    # People are named who exist, and the ladder goes on from what is accepted.
    assert any("note" in task and "least" in task for task in made)
    assert report.cases["POST /tasks"]["ladder"] > 40
    assert not [item for item in report.skipped if item.check == "success_reached"]


class RulesRefusedAsSchemas(Tasks):
    rule_status = 400


class NotesRefused(Tasks):
    def check(self, told: Record) -> None:
        super().check(told)
        if len(told.get("note", "")) > 30:
            raise RefusalError(400)


class RemovedAndNotMarked(Tasks):
    def remove(self, task: Record) -> Record:
        return task


class MarkedInTheAnswerOnly(Tasks):
    def remove(self, task: Record) -> Record:
        return {**task, "state": "removed"}


class ReadOnlyIsTaken(Tasks):
    def opened(self, told: Record) -> Record:
        return {"state": told.get("state", "open")}


@pytest.mark.parametrize(
    ("server", "check"),
    [
        (RulesRefusedAsSchemas, "positive_data_acceptance"),
        (NotesRefused, "positive_data_acceptance"),
        (ReadOnlyIsTaken, "object_state"),
        (RemovedAndNotMarked, "use_after_free"),
        (MarkedInTheAnswerOnly, "use_after_free"),
    ],
)
def test_mistake_is_found(generated: Path, server: type[Tasks], check: str) -> None:
    assert check in {finding.check for finding in contract_test(generated, server()).findings}
