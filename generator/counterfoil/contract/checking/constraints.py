"""What OpenAPI 3.1 asks of an object beyond the names and kinds of its fields.

Source: OpenAPI 3.1.0 section 4.8, and its JSON Schema of 2022-10-07.
"""

import re
from collections.abc import Iterator
from typing import Any

_STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
_SCHEME_FIELDS: dict[str, tuple[str, ...]] = {
    "apiKey": ("name", "in"),
    "http": ("scheme",),
    "oauth2": ("flows",),
    "openIdConnect": ("openIdConnectUrl",),
    "mutualTLS": (),
}
_ALL_SCHEME_FIELDS = ("name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl")
_FLOW_URLS = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
}
_STATUS = re.compile(r"[1-5](?:\d\d|XX)|default")


def defect(kind: str, key: str, node: dict[str, Any]) -> str:
    """Why OpenAPI has no use for this object under the name `key`, as the end of a sentence; empty if it has one."""
    if kind == "parameter" and node["in"] not in _STYLES and key != "x-query-string":
        return f"stands in {node['in']!r}, which is none of {', '.join(_STYLES)}"
    if kind in {"parameter", "header"} and "schema" not in node and "content" not in node:
        return "has neither schema nor content"
    if kind == "security-scheme":
        return _scheme_defect(node)
    if kind == "oauth-flow":
        missing = [url for url in _FLOW_URLS.get(key, ()) if not isinstance(node.get(url), str)]
        return f"lacks {', '.join(missing)}" if missing else ""
    if kind == "link" and not node.get("operationRef") and not node.get("operationId"):
        return "names no operation"
    return ""


def misnamed(kind: str, key: str) -> str:
    """Why an object of this kind has no entry called `key`, as the end of a sentence; empty if it may have one."""
    if kind == "responses" and not key.startswith("x-") and not _STATUS.fullmatch(key):
        return "is neither a status, a range such as 4XX, nor default"
    return ""


def _scheme_defect(node: dict[str, Any]) -> str:
    fields = _SCHEME_FIELDS.get(node["type"])
    if fields is None:
        return f"has the type {node['type']!r}, which is none of {', '.join(_SCHEME_FIELDS)}"
    missing = [key for key in fields if not node.get(key)]
    if missing:
        return f"lacks {', '.join(missing)}"
    if node["type"] == "apiKey" and node["in"] not in ("query", "header", "cookie"):
        return f"stands in {node['in']!r}, which is none of query, header, cookie"
    return ""


def superfluous(kind: str, key: str, node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that have no place in an object of this kind because of what else it says, and why."""
    if kind == "parameter":
        yield from _in_parameter(node)
    elif kind == "header":
        yield from _beside_schema(node)
        if node.get("style", "simple") != "simple":
            yield "style", "headers have the style simple"
    elif kind == "security-scheme":
        own = (
            *_SCHEME_FIELDS[node["type"]],
            *(("bearerFormat",) if str(node.get("scheme")).lower() == "bearer" else ()),
        )
        yield from (
            (name, f"{node['type']} has no {name}") for name in _ALL_SCHEME_FIELDS if name in node and name not in own
        )
    elif kind == "oauth-flow":
        own = _FLOW_URLS.get(key, ())
        yield from (
            (url, f"{key} has no {url}") for url in ("authorizationUrl", "tokenUrl") if url in node and url not in own
        )
    else:
        for kept, dropped in (
            ("identifier", "url"),
            ("operationId", "operationRef"),
            ("value", "externalValue"),
            ("examples", "example"),
        ):
            if kind in {"license", "link", "example", "media-type"} and kept in node and dropped in node:
                yield dropped, f"excluded by {kept}"


def _in_parameter(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    place = node["in"]
    if "style" in node and node["style"] not in _STYLES.get(place, ()):
        yield "style", f"a parameter in {place} has one of {', '.join(_STYLES.get(place, ())) or 'no style'}"
    if place != "query":
        for key in ("allowEmptyValue", "allowReserved"):
            if key in node:
                yield key, "only parameters in query have it"
    yield from _beside_schema(node)


def _beside_schema(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "schema" in node:
        if "content" in node:
            yield "content", "excluded by schema"
        if "examples" in node and "example" in node:
            yield "example", "excluded by examples"
    else:
        for key in ("style", "explode", "allowReserved", "example", "examples"):
            if key in node:
                yield key, "stands beside schema only"
