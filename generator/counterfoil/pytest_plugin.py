"""The fixture `counterfoil_stub`, for everyone who has the package and pytest installed.

Imports nothing of the rest before a test asks for a stub: pytest loads this module each time that it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counterfoil.testing.running import RunningStub
    from counterfoil.testing.stubs import Stubs

_stubs: pytest.StashKey[Stubs] = pytest.StashKey()
_running: pytest.StashKey[list[RunningStub]] = pytest.StashKey()


class StubFactory(Protocol):
    """What the fixture `counterfoil_stub` is."""

    def __call__(self, which: str | Path, **options: Any) -> RunningStub:
        """A stub of a vendor by name, or of a generated folder.

        `options` are those of `Stub.configure`, and `handlers`: a file of them, or `Handlers`.
        """


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the fixture."""
    parser.addini("counterfoil_out", "the folder where vendors were generated, below the root", default="generated")
    parser.addini("counterfoil_specs", "the folder where VENDOR/handlers.py may be, below the root", default="specs")
    parser.addini(
        "counterfoil_exceptions",
        "whether a test fails when a handler of its stub raised an unexpected exception",
        type="bool",
        default=True,
    )


@pytest.fixture
def counterfoil_stub(request: pytest.FixtureRequest) -> Iterator[StubFactory]:
    """A function that starts a stub, which ends with the test and shares nothing with those of other tests."""
    from counterfoil.testing.stubs import Stubs

    config = request.config
    if _stubs not in config.stash:
        config.stash[_stubs] = Stubs()
    stubs = config.stash[_stubs]
    out, specs = (config.rootpath / config.getini(f"counterfoil_{name}") for name in ("out", "specs"))
    started = request.node.stash.setdefault(_running, [])

    def start(which: str | Path, **options: Any) -> RunningStub:
        stub = stubs.make(out, specs, which, **options)
        started.append(stub)
        return stub

    yield start
    for stub in started:
        stub.close()
    raised = [failure.trace for stub in started for failure in stub.all_failures]
    if raised and config.getini("counterfoil_exceptions"):
        pytest.fail("a handler of a stub raised an unexpected exception\n" + "\n".join(raised), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Show what stubs were asked where a test failed."""
    report = yield
    if report.when == "call" and report.failed:
        for stub in item.stash.get(_running, []):
            report.sections.append((f"requests to the stub of {stub.name}", stub.told()))
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the thread of the stubs."""
    if _stubs in config.stash:
        config.stash[_stubs].close()
