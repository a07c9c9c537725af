"""Handlers that people write themselves, in a file beside the pages."""

import asyncio
import shutil
import textwrap
from pathlib import Path
from typing import Any

import httpx
import pytest

from counterfoil.location import CounterfoilError
from counterfoil.stub import Handlers, Reply, Stub
from counterfoil.stub.loading import load_stub
from counterfoil.testing.stubs import Stubs
from tests.command import counterfoil
from tests.stubs.client import ROOT, Client
from tests.stubs.vendors.test_refusals import KEY, METRICS

BODY = {"name": "a", "data_type": "NUMBER"}
HEAD = """
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterfoil.stub import Call, Handlers, RefusalError, Reply

if TYPE_CHECKING:
    from generated.cuoral.models import CreateMetricDefinitionRequest

handlers = Handlers()
"""
PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {"operationId": "listPets", "responses": {"200": {"description": "Pets"}}},
            "post": {"operationId": "createPet", "responses": {"201": {"description": "A pet"}}},
        }
    },
}


def written(folder: Path, text: str) -> Path:
    path = folder / "handlers.py"
    path.write_text(HEAD + textwrap.dedent(text))
    return path


def cuoral(folder: Path, text: str) -> Client:
    return Client(load_stub(ROOT / "generated", "cuoral", handlers=written(folder, text)), {"paths": {}})


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def test_a_handler_wraps_the_generated_one(tmp_path: Path) -> None:
    client = cuoral(
        tmp_path,
        f"""
        @handlers.operation("POST", "{METRICS}")
        def create(call: Call[CreateMetricDefinitionRequest, Any]) -> Reply[Any]:
            if call.body.name == "forbidden":
                raise call.refuse("duplicate")
            reply = call.next()
            reply.value = {{**reply.value, "seen": len(call.store.dump())}}
            reply.set_header("X-Checked", "yes")
            return reply
        """,
    )
    made = client("POST", METRICS, BODY, KEY)
    assert made.status == 201
    assert made.json["name"] == "a"
    assert (made.json["seen"], made.headers["x-checked"]) == (1, "yes")
    assert client("POST", METRICS, BODY, KEY).status == 409  # as the generated one says
    assert client("POST", METRICS, {**BODY, "name": "forbidden"}, KEY).status == 409
    assert client("POST", METRICS, {**BODY, "name": 1}, KEY).status == 422  # it is asked for good requests only


def test_a_handler_replaces_the_generated_one(tmp_path: Path) -> None:
    client = cuoral(
        tmp_path,
        f"""
        @handlers.operation("post", "{METRICS}")
        def create(call: Call[Any, Any]) -> Reply[Any]:
            return Reply.json(202, {{"later": call.value["name"]}})
        """,
    )
    assert client("POST", METRICS, BODY, KEY).json == {"later": "a"}
    assert client("POST", METRICS, BODY, KEY).status == 202


def test_asynchronous_handlers_wait_for_each_other() -> None:
    stub, handlers, met = Stub(PETS), Handlers(), asyncio.Event()

    @handlers.operation("listPets")
    async def wait(call: Any) -> Any:
        await met.wait()
        return call.next()

    @handlers.operation("createPet")
    async def meet(call: Any) -> Any:
        met.set()
        await asyncio.sleep(0)
        raise call.refuse("duplicate")

    async def both() -> list[int]:
        transport = httpx.ASGITransport(stub.use(handlers))
        async with httpx.AsyncClient(transport=transport, base_url="http://stub") as client:
            answers = await asyncio.gather(client.get("/pets"), client.post("/pets"))
        return [answer.status_code for answer in answers]

    assert asyncio.run(asyncio.wait_for(both(), 10)) == [200, 409]
    assert sorted(each.status for each in stub.requests) == [200, 409]


def test_faults_and_preferences_reach_asynchronous_handlers() -> None:
    stub, handlers = Stub(PETS), Handlers()

    @handlers.operation("GET", "/pets")
    async def pets(call: Any) -> Any:
        await asyncio.sleep(0)
        reply = call.next()
        reply.set_header("x-own", "1")
        return reply

    client = Client(stub.use(handlers).configure(seed=1), {"paths": {}})
    assert client("GET", "/pets", headers={"prefer": "dynamic=true"}).headers["x-own"] == "1"
    stub.fail("listPets", latency=1)
    assert client("GET", "/pets").headers["x-own"] == "1"
    stub.answer_next("listPets", status=418)
    assert client("GET", "/pets").status == 418


def test_a_header_that_would_end_its_line_is_a_failure() -> None:
    stub, handlers = Stub(PETS), Handlers()

    @handlers.operation("GET", "/pets")
    def pets(call: Any) -> Any:
        reply = call.next()
        reply.set_header("x-own: 1\r\nx-evil", "1")
        return reply

    answer = Client(stub.use(handlers), {"paths": {}})("GET", "/pets", fails=True)
    assert (answer.status, [name for name in answer.headers if "evil" in name]) == (500, [])


@pytest.mark.parametrize("returned", ["None", "missing()"])
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_what_fails_in_a_handler_is_told(tmp_path: Path, kind: str, returned: str) -> None:
    client = cuoral(
        tmp_path,
        f"""
        @handlers.operation("POST", "{METRICS}")
        {kind} create(call: Any) -> Any:
            return {returned}
        """,
    )
    assert client("POST", METRICS, BODY, KEY, fails=True).status == 500
    trace = client.stub.failures[0].trace
    assert "Suspended" not in trace
    assert "the handler create returned no Reply but NoneType" in trace or f'{tmp_path}/handlers.py", line' in trace


@pytest.mark.parametrize(
    ("text", "marked", "rule", "said"),
    [
        ("@handlers.operation('POST', '/metric')\ndef f(call): ...", "'/metric'", "unknown-operation", METRICS),
        ("@handlers.operation('createMetric')\ndef f(call): ...", "'createMetric'", "unknown-operation", METRICS),
        ("def f(call): ...\nh = handlers.operation('POST', METRICS)\nh(f)\nh(f)", "h = ", "second-handler", METRICS),
        (
            "@handlers.operation('POST', METRICS)\ndef f(): ...",
            "@handlers",
            "handlers-failed",
            "one argument, the call",
        ),
        ("import nowhere_at_all", "nowhere", "handlers-failed", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit(3)", "handlers-failed", "SystemExit: 3"),
        ("def f(:", "def f(", "handlers-syntax", "invalid syntax"),
        ("del handlers", None, "no-handlers", "Handlers"),
    ],
)
def test_what_is_wrong_with_the_file_is_told(
    tmp_path: Path, text: str, marked: str | None, rule: str, said: str
) -> None:
    path = written(tmp_path, f"METRICS = {METRICS!r}\n{text}\n")
    with pytest.raises(CounterfoilError) as raised:
        load_stub(ROOT / "generated", "cuoral", handlers=path)
    (diagnostic,) = raised.value.diagnostics
    place = (path.as_posix(), line_of(path, marked) if marked else 0)
    assert (diagnostic.rule, (diagnostic.location.path, diagnostic.location.line)) == (rule, place)
    assert said in f"{diagnostic.message} {diagnostic.hint}"


def test_the_file_lies_beside_the_pages_and_survives_generating(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs" / "cuoral", tmp_path / "specs" / "cuoral")
    text = f'@handlers.operation("POST", "{METRICS}")\ndef create(call):\n    return Reply(299)\n'
    path = written(tmp_path / "specs" / "cuoral", text)
    before = path.read_text()
    for _ in range(2):
        assert counterfoil("generate", "cuoral", cwd=tmp_path).returncode == 0
        stub = load_stub(tmp_path / "generated", "cuoral", specs=tmp_path / "specs")
        assert Client(stub, {"paths": {}})("POST", METRICS, BODY, KEY).status == 299
        shutil.rmtree(tmp_path / "generated")
    assert path.read_text() == before
    assert [each.name for each in path.parent.iterdir() if "cache" in each.name] == []


def test_commands_tell_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "@handlers.operation('GET', '/nothing')\ndef f(call): ...\n")
    done = counterfoil("serve", "cuoral", "--handlers", str(path), "--port", "0", cwd=ROOT)
    assert done.returncode == 2
    assert f"{path}:{line_of(path, '/nothing')}:1: unknown-operation" in done.stderr


def test_handlers_answer_for_a_document() -> None:
    handlers = Handlers()
    handlers.operation("GET", "/pets")(lambda call: call.reply([{"name": "Rex"}]))
    assert Client(Stub(PETS).use(handlers), {"paths": {}})("GET", "/pets").json == [{"name": "Rex"}]


def test_stubs_of_tests_find_the_file(tmp_path: Path) -> None:
    (tmp_path / "cuoral").mkdir()
    written(
        tmp_path / "cuoral", f'@handlers.operation("POST", "{METRICS}")\ndef create(call):\n    return Reply(299)\n'
    )
    stubs, own = Stubs(), Handlers()
    own.operation("POST", METRICS)(lambda call: Reply.json(298, call.next().value))
    for given, status in (({}, 299), ({"handlers": own}, 298)):
        with stubs.make(ROOT / "generated", tmp_path, "cuoral", **given).client(headers=KEY) as client:
            assert client.post(METRICS, json=BODY).status_code == status
    stubs.close()
