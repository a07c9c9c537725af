"""A page that is an OpenAPI or Swagger file, in YAML or JSON."""

import re
from typing import Any

from counterfoil.documents.document import Document
from counterfoil.documents.source.text import refusal
from counterfoil.documents.source.tree import SourceTree, read_source
from counterfoil.location import Location

_YAML_VERSION = re.compile(
    r"^(?:openapi|swagger|'(?:openapi|swagger)'|\"(?:openapi|swagger)\")\s*:\s*['\"]?\s*v?\d", re.MULTILINE
)
_JSON_VERSION = re.compile(r"['\"]?\b(?:openapi|swagger)['\"]?\s*:\s*['\"]?\s*v?\d")
_FENCE = re.compile(r"^ {0,3}(?:`{3}|~{3})", re.MULTILINE)


def is_openapi(text: str) -> bool:
    """Whether a text is an OpenAPI or Swagger document as a whole, by the version field that every one has."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return bool(_JSON_VERSION.search(text))
    version = _YAML_VERSION.search(text)
    return bool(version) and not _FENCE.search(text, 0, version.start() if version else 0)


def read_openapi_file(path: str, text: str) -> Document:
    """Read an OpenAPI or Swagger file of any version; raises `CounterfoilError` if it cannot be read whole."""
    source = read_source(text, Location(path))
    return Document(path, "openapi-file", openapi_object(source, Location(path)), source.evidence, source.diagnostics)


def openapi_object(source: SourceTree, location: Location) -> dict[str, Any]:
    """The tree of a source that must be a mapping; raises `CounterfoilError` if it is not."""
    if not isinstance(source.value, dict):
        raise refusal(location, "not-an-object", "an OpenAPI document is an object, and this is none")
    return source.value
