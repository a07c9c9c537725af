"""One published page that is not in a vendor's folder, and the files beside it that it refers to."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from counterfoil.documents.folder import read_page

_DATA = frozenset({".yaml", ".yml", ".json"})


class FilesBelow(Mapping[str, str]):
    """The YAML and JSON files in a folder and the folders in it, path → text, each read when it is asked for.

    What lies outside, or is a link to somewhere outside, is not among them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, str) or Path(path).suffix.lower() not in _DATA:
            return False
        file = Path(path)
        return file.is_file() and file.resolve().is_relative_to(self._folder.resolve())

    def __getitem__(self, path: str) -> str:
        """The text of a file; `KeyError` if it is not among them, `CounterfoilError` if it is no text."""
        if path not in self:
            raise KeyError(path)
        return read_page(Path(path), self._folder)

    def __iter__(self) -> Iterator[str]:
        return (file.as_posix() for file in sorted(self._folder.rglob("*")) if file.as_posix() in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
