"""The stubs of one process of tests: each compiled once, however many tests use it."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterfoil.stub.background import Background
from counterfoil.stub.loading import load_folder, load_stub
from counterfoil.testing.running import RunningStub

if TYPE_CHECKING:
    from counterfoil.stub.app import Stub


class Stubs:
    """Makes stubs for tests, all of which listen in one thread."""

    def __init__(self) -> None:
        self._loaded: dict[Any, Stub] = {}

    @cached_property
    def background(self) -> Background:
        """The thread, which starts when it is first needed."""
        return Background()

    def make(self, out: Path, specs: Path, which: str | Path, **options: Any) -> RunningStub:
        """A stub of a vendor that was generated below `out`, or of the generated folder that `which` is.

        `options` are those of `Stub.configure`, and `handlers` as `load_stub` takes them, by default `handlers.py` in
        the folder of the vendor below `specs`. `CounterfoilError` if there is no such stub.
        """
        path = Path(which)
        is_folder = isinstance(which, Path) or len(path.parts) > 1
        key = (path.resolve() if is_folder else (out.resolve(), which), _frozen(options))
        if key not in self._loaded:
            self._loaded[key] = (
                load_folder(path, **options) if is_folder else load_stub(out, str(which), specs=specs, **options)
            )
        return RunningStub(self._loaded[key].again(), path.name, self.background)

    def close(self) -> None:
        """End the thread, if it was started."""
        if "background" in self.__dict__:
            self.background.close()


def _frozen(value: Any) -> Any:
    """What stands for options in a key: equal for equal ones."""
    if isinstance(value, Mapping):
        return tuple(sorted((name, _frozen(each)) for name, each in value.items()))
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else value
