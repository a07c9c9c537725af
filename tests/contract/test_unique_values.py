"""Values that no two objects may share, on a server whose contract says less of them than the server does."""

from pathlib import Path
from typing import Any

import pytest

from counterfoil.checks import Settings, in_process, run
from tests.contract.kit import SERVERS, generated_of
from tests.contract.servers.notes import READ_ONLY, TOKEN, Asked, Notes, RefusalError

NOTES = (SERVERS / "notes.yaml").read_text("utf-8")


@pytest.mark.parametrize("status", [409, 400])
def test_what_may_not_be_there_twice_is_learned_where_the_contract_does_not_tell(status: int, tmp_path: Path) -> None:
    class Refusing(Notes):
        def create(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
            try:
                return super().create(asked)
            except RefusalError as error:
                if error.status != 409:
                    raise
                return status, {"error": "a note of that name exists already"}, {}

    silent = generated_of("notes", NOTES.replace(", x-counterfoil: {unique: true}", ""), tmp_path)
    server = Refusing()
    report = run("notes", silent, in_process(server), token=TOKEN, settings=Settings(stages=("ladder",)))
    assert server.made > 40
    assert [each for each in report.findings if "exists" in each.got] == []


@pytest.mark.parametrize(
    ("pattern", "most"), [("^[A-Z]-[0-9]{1,6}$", 40), ("^[A-Z][A-Z0-9]{1,9}$", 40), ("^[A-D]$", 3)]
)
def test_texts_of_a_form_that_are_unique_in_words_are_made_fresh(pattern: str, most: int, tmp_path: Path) -> None:
    form = f"pattern: '{pattern}', description: Unique among all notes"
    contract = NOTES.replace("minLength: 1, maxLength: 40, x-counterfoil: {unique: true}", form)
    server = Notes()
    folder = generated_of("notes", contract, tmp_path)
    run("notes", folder, in_process(server), token=TOKEN, settings=Settings(stages=("ladder",)))
    assert server.made > most


def test_what_makes_or_finds_objects_by_name_gives_no_key_twice(tmp_path: Path) -> None:
    class Finding(Notes):
        def create(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
            told = self.body(asked, {"name", "text"})
            number = next((each["id"] for each in self.notes.values() if each["name"] == told["name"]), 0)
            if not number:
                self.made += 1
                number = self.made
            self.notes[number] = {"id": number, "colour": "red", **told}
            return 200, self.notes[number], {}

    class Repeating(Finding):
        def create(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
            self.made -= self.made == 4
            return super().create(asked)

    silent = NOTES.replace(", x-counterfoil: {unique: true}", "").replace("'201':", "'200':")
    settings = Settings(stages=("probes",), readonly=READ_ONLY)
    for server, found in ((Finding(), False), (Repeating(), True)):
        report = run(
            "notes", generated_of("notes", silent, tmp_path), in_process(server), token=TOKEN, settings=settings
        )
        assert ("series_of_creations" in {each.check for each in report.findings}) is found, report.findings
