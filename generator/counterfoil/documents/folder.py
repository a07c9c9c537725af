"""A vendor's folder: the published pages as text, the overlay that corrects them, the configuration."""

import codecs
import difflib
import keyword
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from counterfoil.documents.config import VendorConfig

PAGE_SUFFIXES = frozenset({".md", ".mdx", ".txt", ".yaml", ".yml", ".json", ".html"})
OVERLAY = "overlay.yaml"
CONFIG = "vendor.toml"
LARGEST = 64 * 1024 * 1024  # bytes; the largest published documents have some 15 MB
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class VendorFolder:
    """What a person keeps of one vendor, read into memory.

    `package` is the Python name that `name` gives. Pages are pairs of a path as shown to people and a text, sorted
    by path; `overlay_file` and `config_file` are such pairs too, or None where the folder has no such file.
    """

    path: str
    name: str
    package: str
    pages: tuple[tuple[str, str], ...]
    overlay: tuple[str, str] | None = None
    config_file: tuple[str, str] | None = None

    @cached_property
    def config(self) -> "VendorConfig":
        """The configuration; all defaults without a file. `CounterfoilError` for one that cannot be used."""
        from counterfoil.documents.config import VendorConfig, read_config

        return read_config(*self.config_file) if self.config_file else VendorConfig()

    def texts(self, *, overlay: bool = True) -> dict[str, str]:
        """File name → text of everything that generation depends on, with or without the overlay."""
        files = [*self.pages, *filter(None, (self.overlay if overlay else None, self.config_file))]
        return {Path(path).name: text for path, text in files}


def open_vendor(specs: Path, name: str) -> VendorFolder:
    """Read the folder of the vendor `name` below `specs`.

    Pages are the files directly in it that end in one of `PAGE_SUFFIXES`; hidden files, the overlay and a README,
    which is for the people who keep the folder, are none. Raises `CounterfoilError` for a name or folder that is
    none, files that are neither UTF-8 nor, with a byte order mark, UTF-16, files that are links to somewhere outside
    `specs`, and where there is no page.
    """
    package = package_name(specs, name)
    folder = specs / name
    if not folder.is_dir():
        raise CounterfoilError(_unknown(specs, name))
    problems: list[Diagnostic] = []
    texts: dict[str, tuple[str, str]] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if _wanted(file):
            read = _read(file, specs)
            if isinstance(read, Diagnostic):
                problems.append(read)
            else:
                texts[file.name] = (file.as_posix(), read)
    overlay, config = texts.pop(OVERLAY, None), texts.pop(CONFIG, None)
    problems += [
        Diagnostic(
            Location(path, 0), "misnamed-overlay", f"an overlay is read from {OVERLAY} only", f"rename it {OVERLAY}"
        )
        for path, _ in texts.values()
        if Path(path).stem == "overlay"
    ]
    if not texts and not problems:
        endings = " ".join(sorted(PAGE_SUFFIXES))
        problems.append(
            Diagnostic(Location(folder.as_posix(), 0), "no-pages", "no page in this folder", f"save one as {endings}")
        )
    if problems:
        raise CounterfoilError(*problems)
    return VendorFolder(folder.as_posix(), name, package, tuple(texts.values()), overlay, config)


def list_vendors(specs: Path) -> list[str]:
    """The names of all vendor folders below `specs`, sorted; names that begin with `.` or `_` are left out.

    `CounterfoilError` if there is none.
    """
    if not specs.is_dir():
        raise CounterfoilError(_no_specs(specs))
    names = sorted(entry.name for entry in specs.iterdir() if entry.is_dir() and not entry.name.startswith((".", "_")))
    if not names:
        hint = f"save a published page as {specs.as_posix()}/VENDOR/page.md"
        raise CounterfoilError(
            Diagnostic(Location(specs.as_posix(), 0), "no-vendors", "no vendor in this folder", hint)
        )
    return names


def check_names(specs: Path, names: list[str]) -> None:
    """See that every name is that of a vendor and no two would be written to one package.

    `CounterfoilError` with everything that is wrong with them.
    """
    problems: list[Diagnostic] = []
    packages: dict[str, str] = {}
    for name in names:
        if not NAME.fullmatch(name):
            problems.append(_misnamed(specs, name))
        elif not (specs / name).is_dir():
            problems.append(_unknown(specs, name))
        elif (other := packages.setdefault(package_name(specs, name), name)) != name:
            location = Location((specs / name).as_posix(), 0)
            message = f"{name} and {other} give the same Python package, {package_name(specs, name)}"
            problems.append(Diagnostic(location, "same-package", message, "rename one of the folders"))
    if problems:
        raise CounterfoilError(*problems)


def package_name(specs: Path, name: str) -> str:
    """The Python package of a vendor: lower case, `-` as `_`, a leading digit or a keyword made an identifier.

    `CounterfoilError` unless the name is made of letters, digits, `-` and `_` and begins with a letter or digit.
    """
    if not NAME.fullmatch(name):
        raise CounterfoilError(_misnamed(specs, name))
    package = name.lower().replace("-", "_")
    if package[0].isdigit():
        return f"_{package}"
    return f"{package}_" if keyword.iskeyword(package) else package


def read_page(file: Path, folder: Path) -> str:
    """The text of a page that lies in `folder`; `CounterfoilError` if it cannot be read or is a link out of it."""
    read = _read(file, folder)
    if isinstance(read, Diagnostic):
        raise CounterfoilError(read)
    return read


def _wanted(file: Path) -> bool:
    if file.name in (OVERLAY, CONFIG):
        return True
    hidden, readme = file.name.startswith("."), file.stem.lower() == "readme"
    return file.suffix.lower() in PAGE_SUFFIXES and not hidden and not readme and (file.is_file() or file.is_symlink())


def _read(file: Path, specs: Path) -> str | Diagnostic:
    """The text of a file with Unix line ends and without byte order mark, or why it cannot be read."""
    location = Location(file.as_posix(), 0)
    if not file.resolve().is_relative_to(specs.resolve()):
        message = f"is a link to somewhere outside {specs.as_posix()}"
        return Diagnostic(location, "link-outside", message, "put a copy of the page here")
    try:
        if file.stat().st_size > LARGEST:
            return Diagnostic(location, "too-large", f"more than {LARGEST // 1024 // 1024} MB")
        data = file.read_bytes()
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Diagnostic(Location(file.as_posix(), line), "not-utf8", "not UTF-8 text", "save the file as UTF-8")
    except OSError as error:
        return Diagnostic(location, "unreadable", error.strerror or str(error))
    if not text.strip():
        return Diagnostic(location, "empty-file", "nothing in this file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _misnamed(specs: Path, name: str) -> Diagnostic:
    hint = "letters, digits, - and _ only, beginning with a letter or digit"
    return Diagnostic(Location(specs.as_posix(), 0), "vendor-name", f"{name!r} cannot name a vendor", hint)


def _unknown(specs: Path, name: str) -> Diagnostic:
    if not specs.is_dir():
        return _no_specs(specs)
    location = Location((specs / name).as_posix(), 0)
    known = [entry.name for entry in specs.iterdir() if entry.is_dir() and not entry.name.startswith((".", "_"))]
    close = difflib.get_close_matches(name, known, 1, 0.5)
    hint = f"did you mean {close[0]}?" if close else f"the vendors are {', '.join(sorted(known)) or 'none yet'}"
    return Diagnostic(location, "unknown-vendor", f"no vendor is called {name}", hint)


def _no_specs(specs: Path) -> Diagnostic:
    hint = "run where specs/ lies, or say where with --specs"
    return Diagnostic(Location(specs.as_posix(), 0), "no-such-folder", "the folder of vendors does not exist", hint)
