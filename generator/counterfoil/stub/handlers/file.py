"""Reading the handlers of a person's file, which is run as a module; what is wrong with it is told at its line."""

import sys
import traceback
from pathlib import Path
from types import ModuleType

from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.stub.handlers.registry import Handlers

NAME = "handlers.py"  # beside the pages of a vendor


def find_handlers(specs: Path, vendor: str) -> Path | None:
    """The file of handlers for a vendor, None if there is none."""
    path = specs / vendor / NAME
    return path if path.is_file() else None


def read_handlers(path: Path, package: str) -> Handlers:
    """The `Handlers` that the module at `path` defines, run anew as a module of `package`.

    Imports find what lies in the current folder, as with `python -m`. `CounterfoilError` if the file cannot be read or
    run, or defines none.
    """
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    module = ModuleType(f"{package}.handlers")
    module.__file__, module.__package__ = str(path), package
    sys.modules[module.__name__] = module
    try:
        # Compiled here, since importing would leave byte code in the folder of the pages.
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 - a person's own program
    except OSError as error:
        location = Location(path.as_posix(), 0)
        raise CounterfoilError(Diagnostic(location, "unreadable", error.strerror or str(error))) from error
    except (Exception, SystemExit) as error:
        raise CounterfoilError(_failure(path, error)) from error
    found = [value for value in vars(module).values() if isinstance(value, Handlers)]
    if not found:
        hint = "handlers = Handlers(), from counterfoil.stub, and @handlers.operation(METHOD, PATH) for each"
        raise CounterfoilError(
            Diagnostic(Location(path.as_posix(), 0), "no-handlers", "the file defines no `Handlers`", hint)
        )
    return found[0] if len(found) == 1 else _together(found)


def _together(found: list[Handlers]) -> Handlers:
    together = Handlers()
    for each in dict.fromkeys(found):
        together.extend(each)
    return together


def _failure(path: Path, error: BaseException) -> Diagnostic:
    """What was raised, at the line of the file that led to it."""
    if isinstance(error, SyntaxError) and error.filename:
        location = Location(Path(error.filename).as_posix(), error.lineno or 1, error.offset or 1)
        return Diagnostic(location, "handlers-syntax", error.msg)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    location = Location(path.as_posix(), (frames[-1].lineno or 1) if frames else 0)
    said = " ".join(str(error).split())
    return Diagnostic(location, "handlers-failed", f"{type(error).__name__}: {said}" if said else type(error).__name__)
