"""Finding and rendering the Jinja templates: ours, and those that a user puts in their place."""

import hashlib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterfoil.emit.filters import FILTERS
from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.markdown import MARKDOWN_FILTERS
from counterfoil.template_folder import own_templates

if TYPE_CHECKING:
    import jinja2

SUFFIXES = (".jinja", ".jinja2")
_REPORTS = "reports/"  # print what contract tests found, and nothing that is generated


class Templates:
    """All templates by name, such as `stub/stub.py.jinja`; a file of that name below `override` takes precedence."""

    def __init__(self, override: Path | None = None) -> None:
        """`CounterfoilError` if `override` is no folder or holds a file that replaces no template."""
        self.folders = (own_templates(),) if override is None else (override, own_templates())
        if override is not None:
            self._check(override)

    def __getstate__(self) -> dict[str, Any]:
        return {"folders": self.folders}

    @cached_property
    def environment(self) -> "jinja2.Environment":
        """Strict about what is undefined, quiet about the whitespace around blocks, with the filters for Python."""
        import jinja2

        environment = jinja2.Environment(  # noqa: S701 - what is made is Python and Markdown; filters escape it
            loader=jinja2.FileSystemLoader(self.folders),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters.update(FILTERS | MARKDOWN_FILTERS)
        return environment

    def render(self, name: str, **context: Any) -> str:
        """The text that the template `name` makes of `context`.

        A template that a user supplied and that cannot be rendered is a `CounterfoilError` at its line.
        """
        with self.blaming_user():
            return self.environment.get_template(name).render(context)

    @contextmanager
    def blaming_user(self) -> Iterator[None]:
        """Turn whatever fails within a template of the user into a `CounterfoilError` at its line."""
        try:
            yield
        except Exception as error:
            place = self._users_place(error)
            if place is None:
                raise
            message = f"{type(error).__name__}: {error}"
            hint = "generator/README.md lists what each template is given"
            raise CounterfoilError(Diagnostic(place, "template-error", message, hint)) from error

    @property
    def overridden(self) -> bool:
        """Whether a user supplied templates."""
        return len(self.folders) > 1

    def _users_place(self, error: Exception) -> Location | None:
        """The innermost line of a template of the user that `error` comes from."""
        places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        places.append((getattr(error, "filename", None) or "", getattr(error, "lineno", None)))
        root = self.folders[0].resolve()
        mine = [(path, line) for file, line in places if (path := Path(file).resolve()).is_relative_to(root)]
        if not (mine and self.overridden):
            return None
        path, line = mine[-1]
        return Location((self.folders[0] / path.relative_to(root)).as_posix(), line or 1)

    def path(self, name: str) -> Path:
        """The file that the template `name` is read from."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), self.folders[-1] / name)

    def names(self) -> list[str]:
        """The names of all templates that what is generated is made from, sorted."""
        return [name for name in _names(own_templates()) if not name.startswith(_REPORTS)]

    def digests(self) -> dict[str, str]:
        """Name → SHA-256 (hexadecimal) of the text that stands behind it now."""
        return {name: hashlib.sha256(self.path(name).read_bytes()).hexdigest() for name in self.names()}

    def _check(self, override: Path) -> None:
        if not override.is_dir():
            raise CounterfoilError(
                Diagnostic(Location(str(override), 0), "no-such-folder", "the folder of templates does not exist")
            )
        own = self.names()
        unknown = [name for name in _names(override) if name not in own]
        if unknown:
            raise CounterfoilError(
                *(
                    Diagnostic(
                        Location(str(override / name), 0),
                        "template-unused",
                        "no template has this name",
                        f"the templates are {', '.join(own)}",
                    )
                    for name in unknown
                )
            )


def _names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file()
    )
