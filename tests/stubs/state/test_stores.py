"""Where state is kept: in memory or in a file, with a bound, told and taken as JSON."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterfoil.location import CounterfoilError
from counterfoil.stub import Stub
from counterfoil.stub.state.memory import MemoryStore
from counterfoil.stub.state.sqlite import SqliteFile
from counterfoil.stub.state.store import DuplicateError, Record, Store
from counterfoil.stub.state.stores import remember
from tests.stubs.client import Client
from tests.stubs.resources import pets

Make = Callable[[int | None], Store]


@pytest.fixture(params=["memory", "file"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes a store of either kind, with a bound or without."""
    if request.param == "memory":
        return MemoryStore
    return lambda keep=None: SqliteFile(tmp_path / "state.db", keep).store("one")


def add(store: Store, key: str = "", unique: str = "", collection: str = "/pets", scope: str = "") -> None:
    keys = [("name", unique)] if unique else []
    store.add(collection, lambda number: Record(key or str(number), b'{"n":%d}' % number, keys, scope))


def test_objects_are_kept_in_the_order_in_which_they_were_added(make: Make) -> None:
    store = make(None)
    for key in ("b", "a", "c"):
        add(store, key)
    assert store.change("/pets", "b", lambda text: Record("b", text + b" ")) is True
    assert store.remove("/pets", "a") is True
    assert store.remove("/pets", "a") is False
    assert store.change("/pets", "a", lambda text: Record("a", text)) is False
    assert store.all("/pets") == [b'{"n":1} ', b'{"n":3}']
    assert (store.find("/pets", "c"), store.find("/pets", "a"), store.last("/pets")) == (b'{"n":3}', None, 3)


def test_numbers_begin_above_those_that_clients_chose(make: Make) -> None:
    store = make(None)
    add(store, "41")
    add(store)
    assert store.find("/pets", "42") == b'{"n":42}'


def test_unique_values_are_free_again_when_their_object_is_gone(make: Make) -> None:
    store = make(None)
    add(store, "a", "Mina")
    with pytest.raises(DuplicateError):
        add(store, "b", "Mina")
    add(store, "b", "Rex")
    with pytest.raises(DuplicateError):
        store.change("/pets", "b", lambda text: Record("b", text, [("name", "Mina")]))
    with pytest.raises(DuplicateError):
        add(store, "a")
    store.remove("/pets", "a")
    add(store, "c", "Mina")
    assert [json.loads(text)["n"] for text in store.all("/pets")] == [2, 3]


def test_what_fails_leaves_no_trace(make: Make) -> None:
    store = make(None)

    def fail(_: Any) -> Record:
        raise LookupError

    with pytest.raises(LookupError):
        store.add("/pets", fail)
    add(store)
    with pytest.raises(LookupError):
        store.change("/pets", "1", fail)
    assert store.all("/pets") == [b'{"n":1}']


def test_a_bound_forgets_the_oldest(make: Make) -> None:
    store = make(3)
    for number in range(1, 6):
        add(store, "", f"name {number}")
    store.remove("/pets", "4")
    add(store, "", "name 1")
    assert [json.loads(text)["n"] for text in store.all("/pets")] == [3, 5, 6]
    add(store)
    assert [json.loads(text)["n"] for text in store.all("/pets")] == [5, 6, 7]


def test_state_is_told_and_taken_as_json(make: Make) -> None:
    store, other = make(None), MemoryStore()
    add(store, "a", "Mina")
    add(store, "b", scope="/owners/1/pets")
    told = json.loads(json.dumps(store.dump()))
    other.load(told)
    assert other.dump() == told
    assert other.all("/pets", "/owners/1/pets") == [b'{"n":2}']
    with pytest.raises(DuplicateError):
        add(other, "z", "Mina")
    store.load({"/cats": {"objects": [{"key": "x", "value": {"id": "x"}}]}})
    assert (store.all("/pets"), store.all("/cats"), store.last("/cats")) == ([], [b'{"id":"x"}'], 1)
    for broken in (
        [],
        {"/pets": []},
        {"/pets": {"objects": [{"key": 1, "value": 1}]}},
        {"/p": {"objects": [{"key": "a", "value": 1}] * 2}},
    ):
        with pytest.raises(ValueError, match=r"/p|collections"):
            store.load(broken)  # type: ignore[arg-type] # that is what is tested
    assert store.all("/cats") == [b'{"id":"x"}']
    store.clear()
    assert (store.all("/cats"), store.last("/cats"), store.dump()) == ([], 0, {})


def test_threads_lose_nothing(make: Make) -> None:
    store = make(None)
    add(store, "counter")

    def work() -> None:
        for _ in range(50):
            add(store)
            store.change("/pets", "counter", lambda text: Record("counter", b'{"n":%d}' % (json.loads(text)["n"] + 1)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.find("/pets", "counter") == b'{"n":201}'
    assert len(store.all("/pets")) == 201


def test_sessions_of_one_file_are_apart(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "state.db")
    add(file.store("one"), "a", "Mina")
    add(file.store("two"), "a", "Mina")
    file.store("one").clear()
    assert file.store("one").all("/pets") == []
    file.close()
    assert SqliteFile(tmp_path / "state.db").store("two").all("/pets") == [b'{"n":1}']


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("these are notes, of more bytes than a header has" * 50)
    with pytest.raises(CounterfoilError, match="not a database"):
        SqliteFile(tmp_path / "notes.txt")


def test_a_stub_goes_on_with_its_file(tmp_path: Path) -> None:
    tree = pets().tree
    for number in (1, 2):
        stub = Stub(tree)
        remember({"pets": stub}, tmp_path / "state.db", keep=2)
        client = Client(stub, tree)
        assert client("POST", "/pets", {"name": "Mina"}).json["id"] == number
    assert [each["id"] for each in client("GET", "/pets").json] == [1, 2]
    client("POST", "/pets", {"name": "Rex"})
    assert [each["id"] for each in client("GET", "/pets").json] == [2, 3]


KILLED = """
import sys
from pathlib import Path
from counterfoil.stub.state.sqlite import SqliteFile
from counterfoil.stub.state.store import Record
store = SqliteFile(Path(sys.argv[1])).store()
while True:
    numbers = []
    def make(number):
        numbers.append(number)
        return Record(str(number), b"{}", [("name", str(number))])
    store.add("/pets", make)
    print(numbers[0], flush=True)
"""


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(100)]
    process.send_signal(signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split("\n")[:-1] if line]
    process.wait()
    store = SqliteFile(path).store()
    assert len(store.all("/pets")) >= len(told)
    assert store.last("/pets") == len(store.all("/pets"))
    add(store)
