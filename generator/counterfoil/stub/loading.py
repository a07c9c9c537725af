"""Loading a generated stub from its folder."""

import importlib.util
import json
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.stub.app import Stub
from counterfoil.stub.handlers.file import find_handlers, read_handlers
from counterfoil.stub.handlers.registry import Handlers
from counterfoil.stub.requests.security.credentials import Tokens

SPECS = Path("specs")
HINT = "run `counterfoil generate` again"


def load_stub(
    out: Path,
    vendor: str,
    token: str | Tokens | None = None,
    *,
    specs: Path = SPECS,
    handlers: Path | Handlers | None = None,
    **options: Any,
) -> Stub:
    """A new stub, an ASGI application, of what was generated for `vendor` into its folder below `out`.

    `token` and `options` are those of `Stub.configure`. `handlers` are a person's own or the file of them, by default
    `handlers.py` in the folder of the vendor below `specs`, where there is one. `CounterfoilError` if there is no such
    folder or it holds no stub, or if something is wrong with the handlers.
    """
    return load_folder(_folder(out, vendor), token, handlers=handlers or find_handlers(specs, vendor), **options)


def load_folder(
    folder: Path, token: str | Tokens | None = None, *, handlers: Path | Handlers | None = None, **options: Any
) -> Stub:
    """As `load_stub`, of what was generated into `folder`, with no handlers by default."""
    for name in ("stub.py", "openapi.json"):
        if not (folder / name).is_file():
            raise CounterfoilError(
                Diagnostic(Location((folder / name).as_posix(), 0), "no-stub", "the stub's file is missing", HINT)
            )
    module = _run(folder.resolve())
    stub = getattr(module, "stub", None)
    if not isinstance(stub, Stub):
        location = Location((folder / "stub.py").as_posix(), 0)
        raise CounterfoilError(Diagnostic(location, "no-stub", "the file defines no `stub`", HINT))
    stub.configure(token=token, **options)
    if isinstance(handlers, Path):
        handlers = read_handlers(handlers, module.__package__ or "")
    return stub.use(handlers) if handlers is not None else stub


def _folder(out: Path, vendor: str) -> Path:
    """The folder of a vendor: the one of its name, else the one whose lock names it."""
    folders = sorted(out.iterdir()) if out.is_dir() else []
    for folder in (out / vendor, *folders):
        if _vendor(folder) == vendor:
            return folder
    location = Location((out / vendor).as_posix(), 0)
    known = ", ".join(str(_vendor(folder)) for folder in folders if (folder / "stub.py").is_file())
    hint = f"there are {known}; run `counterfoil generate` for others" if known else "run `counterfoil generate`"
    raise CounterfoilError(Diagnostic(location, "unknown-vendor", "no such vendor was generated", hint))


def _vendor(folder: Path) -> str | None:
    try:
        lock = json.loads((folder / "counterfoil.lock").read_text("utf-8"))
    except (OSError, ValueError):
        return folder.name if folder.is_dir() else None
    return lock.get("vendor") if isinstance(lock, dict) else None


def _run(folder: Path) -> ModuleType:
    """Run `stub.py` as a module of the package that `folder` is, wherever it lies; each time anew."""
    package = f"_counterfoil_stub_{abs(hash(folder))}"
    if package not in sys.modules:
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[package] = importlib.util.module_from_spec(spec)
    found = importlib.util.spec_from_file_location(f"{package}.stub", folder / "stub.py")
    if found is None or found.loader is None:
        raise ImportError(str(folder))
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
