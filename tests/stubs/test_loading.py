"""Stubs are loaded from wherever they were generated to, as often as wanted."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from counterfoil.location import CounterfoilError
from counterfoil.stub import Reply
from counterfoil.stub.loading import load_stub
from tests.stubs.client import ROOT, Client
from tests.stubs.vendors.test_refusals import KEY, METRICS

BODY = {"name": "a", "data_type": "NUMBER"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder elsewhere with one vendor, whose folder is not called as the vendor is."""
    shutil.copytree(ROOT / "generated" / "cuoral", tmp_path / "_2_names")
    lock = tmp_path / "_2_names" / "counterfoil.lock"
    lock.write_text(lock.read_text().replace('"vendor": "cuoral"', '"vendor": "2-names"'))
    return tmp_path


def test_each_stub_remembers_for_itself(out: Path) -> None:
    one, other = (Client(load_stub(out, "2-names"), {"paths": {}}) for _ in range(2))
    assert [one("POST", METRICS, BODY, KEY).status for _ in range(2)] == [201, 409]
    assert other("POST", METRICS, BODY, KEY).status == 201


def test_each_stub_has_handlers_and_credentials_of_its_own(out: Path) -> None:
    token = "c" + "2" * 39
    stubs = [load_stub(out, "2-names"), load_stub(out, "2-names", token), load_stub(out, "2-names")]
    again = stubs[0].again()
    stubs[0].operation("POST", METRICS)(lambda call: Reply(503))
    answers = [Client(stub, {"paths": {}})("POST", METRICS, BODY, KEY).status for stub in (*stubs, again)]
    assert answers == [503, 401, 201, 201]


def test_other_options_leave_handlers_as_they_are(out: Path) -> None:
    stub = load_stub(out, "2-names")
    stub.operation("POST", METRICS)(lambda call: Reply(503))
    again = stub.again()
    for each in (stub.configure(seed=1), again.configure(seed=2)):
        assert Client(each, {"paths": {}})("POST", METRICS, BODY, KEY).status == 503
    again.operation("POST", METRICS)(lambda call: Reply(502))
    assert Client(stub, {"paths": {}})("POST", METRICS, BODY, KEY).status == 503


@pytest.mark.parametrize("missing", ["stub.py", "openapi.json"])
def test_what_is_not_there_is_told(out: Path, missing: str) -> None:
    (out / "_2_names" / missing).unlink()
    with pytest.raises(CounterfoilError, match=f"_2_names/{missing}:.*no-stub"):
        load_stub(out, "2-names")


def test_a_module_that_is_no_stub_is_told(out: Path) -> None:
    (out / "_2_names" / "stub.py").write_text("stub = None\n")
    with pytest.raises(CounterfoilError, match="no `stub`"):
        load_stub(out, "2-names")


def test_an_unknown_vendor_is_told(out: Path) -> None:
    with pytest.raises(CounterfoilError, match=r"nobody(.|\n)*there are 2-names;"):
        load_stub(out, "nobody")


def test_serving_needs_nothing_of_the_generator() -> None:
    program = (
        "import sys, pathlib; from counterfoil.stub.loading import load_stub;"
        "load_stub(pathlib.Path('generated'), 'unibee'); from counterfoil.stub import serving;"
        "print([name for name in ('pydantic', 'schemathesis', 'datamodel_code_generator', 'jinja2', 'yaml',"
        " 'counterfoil.contract', 'counterfoil.plan') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
