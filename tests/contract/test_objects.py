"""The probes on a server of objects of several kinds, and on servers with one mistake each."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from counterfoil.checks import Settings, in_process, run
from counterfoil.checks.reporting.findings import Report
from counterfoil.stub.loading import load_stub
from tests.contract.kit import SERVERS, generated_of
from tests.contract.servers.boxes import BOX, Boxes, Record, RefusalError
from tests.faults.altering import Altered, Change, Message, Serve


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (SERVERS / "boxes.yaml").read_text("utf-8")
    return generated_of("boxes", text, tmp_path_factory.mktemp("boxes"))


def probe(generated: Path, server: Boxes) -> Report:
    return run("boxes", generated, in_process(server), settings=Settings(stages=("probes",)))


def test_honest_server_is_green(generated: Path) -> None:
    assert probe(generated, Boxes()).findings == []


class ShortPages(Boxes):
    def listed_labels(self, query: dict[str, str]) -> Record:
        limit = self.whole(query.get("limit", "50"))
        return super().listed_labels({**query, "limit": str(min(limit, 3) if limit <= 100 else limit)})


class CursorAtTheEnd(Boxes):
    def goes_on(self, slugs: list[str], end: int) -> bool:
        return end <= len(slugs)


class WeakTags(Boxes):
    def tag(self, box: Record) -> str:
        return 'W/"1"'

    def is_met(self, box: Record) -> bool:
        return True


class TimesOfSeconds(Boxes):
    def now(self) -> str:
        return super().now()[:19] + "Z"


class ShelvesAreFew(Boxes):
    def create_jar(self, shelf: int, told: Record) -> Record:
        if self.jars and shelf not in {own for own, _ in self.jars.values()}:
            raise RefusalError(400)
        return super().create_jar(shelf, told)


class RemovedAgain(Boxes):
    """Answers each removal of a box like the first one."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()

    def answer(self, method: str, steps: list[str], query: dict[str, str], sent: tuple[bytes, bytes]) -> Any:
        removed = steps[1] if method == "DELETE" and len(steps) == 2 else ""
        if removed in self.gone:
            return 204, None
        answer = super().answer(method, steps, query, sent)
        self.gone |= {removed} - {""}
        return answer


@pytest.mark.parametrize("server", [ShortPages, CursorAtTheEnd, WeakTags, TimesOfSeconds, ShelvesAreFew, RemovedAgain])
def test_what_a_contract_leaves_open_is_no_mistake(generated: Path, server: type[Boxes]) -> None:
    assert probe(generated, server()).findings == []


class PlusIsASpace(Boxes):
    def decoded(self, step: str) -> str:
        return super().decoded(step).replace("+", " ")


class LocationOfNothing(Boxes):
    def location(self, box: Record) -> str:
        return f"/box/{box['id']}"


class AnotherDefault(Boxes):
    def create_box(self, told: Record) -> Record:
        return super().create_box({"size": 5, **told})


class MadeTwice(Boxes):
    def create_box(self, told: Record) -> Record:
        made = super().create_box(told)
        super().create_box(told)
        return made


class ShowingChanges(Boxes):
    def shown(self, box: Record) -> Record:
        return self.change(box, {})


class ChangesUnlock(Boxes):
    def change(self, box: Record, told: Record) -> Record:
        return super().change(box, {"locked": False, **told})


class ChangesDropTags(Boxes):
    def change(self, box: Record, told: Record) -> Record:
        return super().change({name: value for name, value in box.items() if name != "tags"}, told)


class ChangesHaveNoTime(Boxes):
    def change(self, box: Record, told: Record) -> Record:
        self.boxes[box["id"]] = {**box, **told}
        return self.boxes[box["id"]]


class RemovalsRenameOthers(Boxes):
    def remove(self, box: Record) -> None:
        super().remove(box)
        for other in self.boxes.values():
            other["name"] += "*"


class AnyOwner(Boxes):
    def owner(self, key: str) -> int:
        return self.whole(key)


class ThingsOfOthers(Boxes):
    def thing(self, owner: int, key: int) -> Record:
        if key not in self.things:
            raise RefusalError(404)
        return self.things[key]


class OwnerOfAnother(Boxes):
    def create_thing(self, owner: int, told: Record) -> Record:
        return {**super().create_thing(owner, told), "box_id": next(iter(self.boxes))}


class BoundLetsAllThrough(Boxes):
    def is_large(self, box: Record, least: int) -> bool:
        return True


class BoundIsExclusive(Boxes):
    def is_large(self, box: Record, least: int) -> bool:
        return bool(box["size"] > least or not least)


class NeverMore(Boxes):
    def more(self, found: list[Record], limit: int) -> bool:
        return False


class JarsOfAllShelves(Boxes):
    def jars_of(self, shelf: int) -> list[Record]:
        return [jar for _, jar in self.jars.values()]


class RemovedBelowAnyBox(Boxes):
    def taken(self, owner: int, key: int) -> Record:
        return self.things[key]


class ListsForget(Boxes):
    def jars_of(self, shelf: int) -> list[Record]:
        return super().jars_of(shelf)[-5:]


class LidsOfTwoKinds(Boxes):
    def change(self, box: Record, told: Record) -> Record:
        lid = {**box.get("lid", {}), **told.get("lid", {})}
        return super().change(box, {**told, "lid": lid} if lid else told)


class SizesChange(Boxes):
    def changeable(self) -> tuple[str, ...]:
        return (*super().changeable(), "size")


class ReplacementsMerge(Boxes):
    def replace(self, box: Record, told: Record) -> Record:
        return super().replace(box, {name: value for name, value in {**box, **told}.items() if name in BOX})


class ReplacedOnce(Boxes):
    def replace(self, box: Record, told: Record) -> Record:
        if all(box.get(name) == value for name, value in told.items()):
            raise RefusalError(404)
        return super().replace(box, told)


class OneTagForAll(Boxes):
    def tag(self, box: Record) -> str:
        return '"1"'


class ConditionsAreIgnored(Boxes):
    def is_met(self, box: Record) -> bool:
        return True


class CursorsSkip(Boxes):
    def after(self, slugs: list[str], cursor: str) -> int:
        return super().after(slugs, cursor) + 1


class CursorsAreIgnored(Boxes):
    def after(self, slugs: list[str], cursor: str) -> int:
        return 0


class EndsEarly(Boxes):
    def goes_on(self, slugs: list[str], end: int) -> bool:
        return end < len(slugs) - 1


class UsuallyFalling(Boxes):
    def usual_order(self) -> str:
        return "-slug"


@pytest.mark.parametrize(
    ("server", "check"),
    [
        (PlusIsASpace, "ensure_resource_availability"),
        (LocationOfNothing, "object_state"),
        (MadeTwice, "listed_objects"),
        (ShowingChanges, "object_state"),
        (ChangesUnlock, "object_state"),
        (ChangesDropTags, "object_state"),
        (ChangesHaveNoTime, "object_state"),
        (RemovalsRenameOthers, "object_state"),
        (AnyOwner, "unknown_object"),
        (ThingsOfOthers, "object_state"),
        (OwnerOfAnother, "object_state"),
        (BoundLetsAllThrough, "list_parameters"),
        (BoundIsExclusive, "list_parameters"),
        (NeverMore, "paging"),
        (JarsOfAllShelves, "listed_objects"),
        (RemovedBelowAnyBox, "object_state"),
        (ListsForget, "listed_objects"),
        (LidsOfTwoKinds, "object_state"),
        (SizesChange, "object_state"),
        (ReplacementsMerge, "object_state"),
        (ReplacedOnce, "object_state"),
        (OneTagForAll, "entity_tags"),
        (ConditionsAreIgnored, "entity_tags"),
        (CursorsSkip, "paging"),
        (CursorsAreIgnored, "paging"),
        (EndsEarly, "paging"),
        (UsuallyFalling, "list_parameters"),
    ],
)
def test_mistake_is_found(generated: Path, server: type[Boxes], check: str) -> None:
    report = probe(generated, server())
    assert check in {finding.check for finding in report.findings}, report.findings


def test_another_default_is_found(generated: Path) -> None:
    report = run("boxes", generated, in_process(AnotherDefault()), settings=Settings(stages=("ladder",)))
    assert "defaults" in {finding.check for finding in report.findings}


def short_lived(*, lenient: bool) -> Change:
    """Boxes are there for two requests only; where a server is lenient, their names may be truth values in changes."""

    async def altered(request: Message, serve: Serve) -> Message:
        asked: Counter[str] = request.memory.setdefault("asked", Counter())
        asked[request.path] += 1
        if re.fullmatch(r"/boxes/\d+", request.path) and asked[request.path] > 2:
            request.path = "/boxes/99999999"
        body = request.json
        if lenient and request.method == "PATCH" and isinstance(body, dict) and isinstance(body.get("name"), bool):
            request.edit("/name", str)
        return await serve(request)

    return altered


@pytest.mark.parametrize("lenient", [False, True])
def test_what_is_refused_since_its_object_is_gone_is_asked_again_about_another(generated: Path, lenient: bool) -> None:
    target = in_process(Altered(load_stub(generated.parent, "boxes"), short_lived(lenient=lenient)))
    found = run("boxes", generated, target, settings=Settings(stages=("ladder",))).findings
    expected = {("negative_data_rejection", "PATCH /boxes/{box_id}")} if lenient else set()
    assert {(each.check, each.operation) for each in found} == expected
