"""The pytest plugin, in a project of its own."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAD = """
import httpx, pytest
BODY = {"code": "a", "metricName": "b", "aggregationType": 1, "type": 1}
KEY = {"authorization": "Bearer abcdefgh"}
PATH = "/merchant/metric/new"
"""

pytest_plugins = ["pytester"]


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    shutil.copytree(ROOT / "generated" / "unibee", pytester.path / "apis" / "unibee")
    pytester.makeini("[pytest]\ncounterfoil_out = apis\n")
    return pytester


def run(project: pytest.Pytester, tests: str, *arguments: str) -> pytest.RunResult:
    project.makepyfile(HEAD + tests)
    return project.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", *arguments)


def test_each_test_has_a_stub_of_its_own(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.fixture
def stub(counterfoil_stub):
    return counterfoil_stub("unibee", token="abcdefgh")

@pytest.mark.parametrize("number", range(4))
def test_on_a_port(stub, number):
    assert httpx.post(stub.url + PATH, json=BODY, headers=KEY).status_code == 200
    assert stub.url.startswith("http://127.0.0.1:")
    assert [len(stub.requests), len(stub.state)] == [1, 1]
    stub.reset()
    assert [stub.requests, stub.state] == [[], {}]

def test_in_process(stub, counterfoil_stub):
    with stub.client(headers=KEY) as client:
        stub.answer_next("postMerchantMetricNew", status=503)
        assert [client.post(PATH, json=BODY).status_code for _ in range(2)] == [503, 200]
        client.post(PATH, json=BODY, headers={"x-counterfoil-session": "other"})
    assert len(stub.session("other").requests) == 1
    stub.assert_requested("postMerchantMetricNew", times=1, status=200, body={"code": "a"})
    assert counterfoil_stub("unibee").requests == []

def test_asynchronously(stub):
    import asyncio
    async def call():
        async with stub.async_client(headers=KEY) as client:
            return await client.post(PATH, json=BODY)
    assert asyncio.run(call()).status_code == 200

def test_of_a_folder(counterfoil_stub, request):
    stub = counterfoil_stub(request.config.rootpath / "apis" / "unibee")
    assert stub.client().get("/__counterfoil__/health").json()["status"] == "ok"
""",
        "-n2",
    )
    done.assert_outcomes(passed=7)


def test_faults_look_as_on_a_network(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.fixture(params=["port", "process"])
def client(request, counterfoil_stub):
    stub = counterfoil_stub("unibee", token="abcdefgh")
    options = {"headers": KEY, "timeout": 30}
    with httpx.Client(base_url=stub.url, **options) if request.param == "port" else stub.client(**options) as client:
        client.stub = stub
        yield client

@pytest.mark.parametrize(("fault", "error"), [
    ({"drop": "before"}, httpx.RemoteProtocolError),
    ({"truncate": 5}, httpx.RemoteProtocolError),
    ({"latency": 5000}, httpx.ReadTimeout),
])
def test_failing(client, fault, error):
    client.stub.fail_next(**fault)
    with pytest.raises(error):
        client.post(PATH, json=BODY, timeout=httpx.Timeout(30, read=0.2 if "latency" in fault else 30))
    assert client.post(PATH, json={**BODY, "code": "b"}).status_code == 200
    assert [each.fault for each in client.stub.requests] == [fault, None]
""",
    )
    done.assert_outcomes(passed=6)


def test_a_test_that_fails_shows_what_was_asked(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
def test_it(counterfoil_stub):
    stub = counterfoil_stub("unibee", token="abcdefgh")
    with stub.client(headers=KEY) as client:
        client.post(PATH, json={})
    stub.assert_nothing_refused()
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "E*AssertionError: requests were refused; unibee was asked:",
            "*POST /merchant/metric/new 400 *postMerchantMetricNew invalid.required*",
            "*requests to the stub of unibee*",
        ]
    )
    assert "abcdefgh" not in done.stdout.str().partition("AssertionError:")[2]


@pytest.mark.parametrize(("setting", "errors"), [("true", 1), ("false", 0)])
def test_an_exception_in_a_handler_fails_the_test(project: pytest.Pytester, setting: str, errors: int) -> None:
    stub = project.path / "apis" / "unibee" / "stub.py"
    stub.write_text(stub.read_text().replace("return call.create()", "return 1 / 0"))
    project.makeini(f"[pytest]\ncounterfoil_out = apis\ncounterfoil_exceptions = {setting}\n")
    done = run(
        project,
        """
def test_it(counterfoil_stub):
    with counterfoil_stub("unibee", token="abcdefgh").client(headers=KEY) as client:
        assert client.post(PATH, json=BODY).status_code >= 400
""",
    )
    done.assert_outcomes(passed=1, errors=errors)
    assert ("ZeroDivisionError" in done.stdout.str()) == bool(errors)


def test_the_plugin_imports_nothing_until_it_is_used(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
def test_it():
    import sys
    assert "counterfoil.pytest_plugin" in sys.modules
    assert [name for name in ("counterfoil.stub", "uvicorn", "jsonschema_rs", "pydantic") if name in sys.modules] == []
""".replace("import httpx, pytest", ""),
        "-p",
        "no:anyio",
        "-p",
        "no:hypothesispytest",
    )
    done.assert_outcomes(passed=1)
