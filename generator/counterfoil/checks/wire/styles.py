"""How values of parameters are written, by style and explode (OpenAPI 3.1, Style Values; RFC 6570)."""

import json
from collections.abc import Mapping
from typing import Any

_SEPARATORS: Mapping[str, str] = {"spaceDelimited": " ", "pipeDelimited": "|"}


def text_of(value: Any) -> str:
    """A value as text: texts as they are, everything else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def written(parameter: Mapping[str, Any], value: Any) -> list[tuple[str, str]]:
    """Name and text of everything that a value of a Parameter Object is written as; one pair in paths and headers.

    Nothing is percent-encoded here but the path's own separators, which stand for themselves.
    """
    name, place = str(parameter.get("name")), parameter.get("in")
    style = parameter.get("style") or ("form" if place in ("query", "cookie") else "simple")
    explode = parameter.get("explode", style == "form")
    if "content" in parameter:
        return [(name, json.dumps(value, ensure_ascii=False))]
    if isinstance(value, dict):
        return _object(name, value, style, explode=explode)
    if isinstance(value, list):
        return _array(name, [text_of(item) for item in value], style, explode=explode)
    text = text_of(value)
    return [(name, {"label": f".{text}", "matrix": f";{name}={text}"}.get(style, text))]


def _array(name: str, texts: list[str], style: str, *, explode: bool) -> list[tuple[str, str]]:
    if style == "label":
        return [(name, "." + ("." if explode else ",").join(texts))]
    if style == "matrix":
        return [(name, "".join(f";{name}={text}" for text in texts) if explode else f";{name}={','.join(texts)}")]
    if style != "simple" and explode:
        return [(name, text) for text in texts]
    return [(name, _SEPARATORS.get(style, ",").join(texts))]


def _object(name: str, value: Mapping[str, Any], style: str, *, explode: bool) -> list[tuple[str, str]]:
    pairs = [(key, text_of(item)) for key, item in value.items()]
    if style == "deepObject":
        return [(f"{name}[{key}]", text) for key, text in pairs]
    if style == "form" and explode:
        return pairs
    assigned = [f"{key}={text}" for key, text in pairs]
    flat = [part for pair in pairs for part in pair]
    if style == "label":
        return [(name, "." + (".".join(assigned) if explode else ",".join(flat)))]
    if style == "matrix":
        return [(name, "".join(f";{part}" for part in assigned) if explode else f";{name}={','.join(flat)}")]
    return [(name, ",".join(assigned) if explode else _SEPARATORS.get(style, ",").join(flat))]
