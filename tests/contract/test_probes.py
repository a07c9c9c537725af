"""The probes on a server that shares no code with the stubs, and on servers with one mistake each."""

from pathlib import Path
from typing import Any

import pytest

from counterfoil.checks import Settings, in_process, run
from counterfoil.checks.reporting.findings import Report
from counterfoil.stub.app import Stub
from counterfoil.stub.loading import load_stub
from tests.contract.kit import SERVERS, generated_of
from tests.contract.servers.notes import READ_ONLY, TOKEN, Asked, Note, Notes, RefusalError

NOTES = (SERVERS / "notes.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_of("notes", NOTES, tmp_path_factory.mktemp("notes"))


def probe(generated: Path, server: Notes | Stub) -> Report:
    settings = Settings(stages=("probes",), readonly=READ_ONLY)
    return run("notes", generated, in_process(server), token=TOKEN, settings=settings)


def test_honest_server_is_green(generated: Path) -> None:
    stub = load_stub(generated.parent, "notes", TOKEN)
    for server in (Notes(), AllowsOne(), KnowsMethodsWithPaths(), stub):
        report = probe(generated, server)
        assert report.findings == []
        assert "idempotency_key" not in {item.check for item in report.skipped}


def test_ladder_is_about_objects_that_exist(generated: Path) -> None:
    server = Reached()
    run("notes", generated, in_process(server), token=TOKEN, settings=Settings(stages=("ladder",)))
    assert server.reached == {"GET", "PATCH", "DELETE"}


class Reached(Notes):
    def __init__(self) -> None:
        super().__init__()
        self.reached: set[str] = set()

    def one(self, asked: Asked, key: int) -> Any:
        answer = super().one(asked, key)
        self.reached.add(asked.method)
        return answer


class PathsAreAllThere(Notes):
    def unknown_path(self) -> RefusalError:
        return RefusalError(200)


class NoAllow(Notes):
    def unknown_method(self, known: set[str]) -> RefusalError:
        return RefusalError(405)


class AllowsOthers(Notes):
    def unknown_method(self, known: set[str]) -> RefusalError:
        return RefusalError(405, Allow="PUT")


class AllowsOne(Notes):
    def unknown_method(self, known: set[str]) -> RefusalError:
        return RefusalError(405, Allow="GET")


class KnowsMethodsWithPaths(Notes):
    def unknown_method(self, known: set[str]) -> RefusalError:
        return RefusalError(404)


class MethodsAreAllThere(Notes):
    def answer(self, asked: Asked) -> Any:
        if asked.method == "PUT" and asked.path.startswith("/notes"):
            asked = asked._replace(method="POST", path="/notes")
        return super().answer(asked)


class HeadIsAnotherStatus(Notes):
    def answer(self, asked: Asked) -> Any:
        status, value, headers = super().answer(asked)
        return (204 if asked.method == "HEAD" else status), value, headers


class ReadersWrite(Notes):
    def authenticate(self, asked: Asked) -> None:
        pretended = f"Bearer {TOKEN}" if READ_ONLY in asked.headers.get("authorization", "") else None
        super().authenticate(
            asked._replace(headers={**asked.headers, "authorization": pretended}) if pretended else asked
        )


class LocationOfAnother(Notes):
    def created(self, note: Note) -> Any:
        return 201, note, {"Location": f"/notes/{note['id'] + 1}"}


class ShowsOtherwise(Notes):
    def shown(self, note: Note) -> Note:
        return {**note, "text": note["text"].upper() + "!"}


class ForgetsEverySecond(Notes):
    def find(self, key: int) -> Note | None:
        return super().find(key) if key % 2 else None


class ChangesAreLost(Notes):
    def change(self, note: Note, told: Note) -> None:
        pass


class ChangesClearTheRest(Notes):
    def change(self, note: Note, told: Note) -> None:
        self.notes[note["id"]] = {**note, "text": "", **told}


class ChangesTouchAll(Notes):
    def change(self, note: Note, told: Note) -> None:
        for key, each in self.notes.items():
            self.notes[key] = {**each, **told}


class RemovedStay(Notes):
    def remove(self, key: int) -> None:
        pass


class RemovesTheNextOneToo(Notes):
    def remove(self, key: int) -> None:
        del self.notes[key]
        self.notes.pop(key + 1, None)


class UnknownIsRefusedAsInvalid(Notes):
    def unknown(self) -> RefusalError:
        return RefusalError(400)


class UnknownIsAnother(Notes):
    def find(self, key: int) -> Note | None:
        return super().find(key) or next(iter(self.notes.values()), None)


class DuplicatesPass(Notes):
    def is_duplicate(self, note: Note) -> bool:
        return False


class CaseDoesNotMatter(Notes):
    def is_duplicate(self, note: Note) -> bool:
        return any(each["name"].lower() == note["name"].lower() for each in self.notes.values())


class TextsMustDiffer(Notes):
    def is_duplicate(self, note: Note) -> bool:
        return super().is_duplicate(note) or any(each["text"] == note["text"] for each in self.notes.values())


class RefusedTakeNames(Notes):
    def __init__(self) -> None:
        super().__init__()
        self.taken: set[object] = set()

    def body(self, asked: Asked, required: set[str]) -> Note:
        try:
            return super().body(asked, required)
        except RefusalError:
            if b'"name"' in asked.body:
                self.taken.add(asked.body.split(b'"name": "', 1)[-1].split(b'"', 1)[0].decode())
            raise

    def is_duplicate(self, note: Note) -> bool:
        return super().is_duplicate(note) or note["name"] in self.taken


class RefusedMakeNotes(Notes):
    def body(self, asked: Asked, required: set[str]) -> Note:
        try:
            return super().body(asked, required)
        except RefusalError:
            if required:
                self.made += 1
                self.notes[self.made] = {"id": self.made, "name": f"n{self.made}", "text": "", "colour": "red"}
            raise


class KeysAreIgnored(Notes):
    def create(self, asked: Asked) -> Any:
        self.keyed.clear()
        return super().create(asked)


class KeysAreAllThatCounts(Notes):
    def create(self, asked: Asked) -> Any:
        body, _ = self.keyed.get(asked.headers.get("idempotency-key", ""), (asked.body, 0))
        if body != asked.body:
            del asked.headers["idempotency-key"]
        return super().create(asked)


class KeysAnswerForAnyBody(Notes):
    def create(self, asked: Asked) -> Any:
        body, _ = self.keyed.get(asked.headers.get("idempotency-key", ""), (asked.body, 0))
        return super().create(asked._replace(body=body))


class KeysWithAnotherBodyConflict(Notes):
    def create(self, asked: Asked) -> Any:
        body, _ = self.keyed.get(asked.headers.get("idempotency-key", ""), (asked.body, 0))
        if body != asked.body:
            raise RefusalError(409)
        return super().create(asked)


class TheTwelfthFails(Notes):
    def create(self, asked: Asked) -> Any:
        if self.made % 12 == 11:
            self.made += 1
            raise RefusalError(422)
        return super().create(asked)


class NumbersAreUsedAgain(Notes):
    def next_key(self) -> int:
        return len(self.notes) + 1


class PagesOverlap(Notes):
    def part(self, page: int, limit: int) -> tuple[int, int]:
        return max((page - 1) * limit - 1, 0), page * limit


class PagesSkip(Notes):
    def part(self, page: int, limit: int) -> tuple[int, int]:
        return (page - 1) * (limit + 1), page * limit + page - 1


class NoLimit(Notes):
    def part(self, page: int, limit: int) -> tuple[int, int]:
        return (page - 1) * limit, page * limit + 1


class NoEnd(Notes):
    def part(self, page: int, limit: int) -> tuple[int, int]:
        return super().part(page if page < 500 else 1, limit)


class TotalOfThePage(Notes):
    def total(self, found: list[Note], items: list[Note]) -> int:
        return len(items)


class MoreForEver(Notes):
    def listed(self, query: dict[str, str]) -> Any:
        status, value, headers = super().listed(query)
        return status, {**value, "has_more": True}, headers


class NoFilter(Notes):
    def chosen(self, notes: list[Note], query: dict[str, str]) -> list[Note]:
        return super().chosen(notes, {name: text for name, text in query.items() if name != "colour"})


class NoSearch(Notes):
    def chosen(self, notes: list[Note], query: dict[str, str]) -> list[Note]:
        return super().chosen(notes, {name: text for name, text in query.items() if name != "q"})


class SearchFindsNothing(Notes):
    def chosen(self, notes: list[Note], query: dict[str, str]) -> list[Note]:
        return [] if query.get("q") else super().chosen(notes, query)


class NoOrder(Notes):
    def ordered(self, notes: list[Note], query: dict[str, str]) -> list[Note]:
        return notes


@pytest.mark.parametrize(
    ("server", "check"),
    [
        (PathsAreAllThere, "unknown_path"),
        (NoAllow, "unsupported_method"),
        (AllowsOthers, "unsupported_method"),
        (MethodsAreAllThere, "unsupported_method"),
        (HeadIsAnotherStatus, "head_of_get"),
        (ReadersWrite, "role_without_rights"),
        (LocationOfAnother, "object_state"),
        (ShowsOtherwise, "object_state"),
        (ForgetsEverySecond, "ensure_resource_availability"),
        (ChangesAreLost, "object_state"),
        (ChangesClearTheRest, "object_state"),
        (ChangesTouchAll, "object_state"),
        (RemovedStay, "use_after_free"),
        (RemovesTheNextOneToo, "object_state"),
        (UnknownIsRefusedAsInvalid, "unknown_object"),
        (UnknownIsAnother, "unknown_object"),
        (DuplicatesPass, "duplicate"),
        (CaseDoesNotMatter, "duplicate"),
        (TextsMustDiffer, "duplicate"),
        (RefusedTakeNames, "duplicate"),
        (RefusedMakeNotes, "listed_objects"),
        (KeysAreIgnored, "idempotency_key"),
        (KeysAreAllThatCounts, "idempotency_key"),
        (KeysAnswerForAnyBody, "idempotency_key"),
        (KeysWithAnotherBodyConflict, "idempotency_key"),
        (TheTwelfthFails, "series_of_creations"),
        (NumbersAreUsedAgain, "series_of_creations"),
        (PagesOverlap, "paging"),
        (PagesSkip, "paging"),
        (NoLimit, "paging"),
        (NoEnd, "paging"),
        (TotalOfThePage, "paging"),
        (MoreForEver, "paging"),
        (NoFilter, "list_parameters"),
        (NoSearch, "list_parameters"),
        (SearchFindsNothing, "list_parameters"),
        (NoOrder, "list_parameters"),
    ],
)
def test_mistake_is_found(generated: Path, server: type[Notes], check: str) -> None:
    found = {finding.check for finding in probe(generated, server()).findings}
    assert check in found
