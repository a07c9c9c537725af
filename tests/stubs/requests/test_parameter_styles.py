"""Every style, with and without explode, in every place, of every type: what is written is read as it was meant."""

import random
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from counterfoil.stub import Call, Reply, Stub
from tests.stubs.echoing import parameter

# The Style Values of OpenAPI 3.1 and what they can say.
STYLES = [
    *[("path", style, explode) for style in ("simple", "label", "matrix") for explode in (False, True)],
    *[("query", "form", explode) for explode in (False, True)],
    *[("cookie", "form", explode) for explode in (False, True)],
    *[("header", "simple", explode) for explode in (False, True)],
    ("query", "spaceDelimited", False),
    ("query", "pipeDelimited", False),
    ("query", "deepObject", True),
]
KINDS = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
}
TRIALS = 25
NAMES = ("R", "g-1", "a~b!")
LETTERS = "aZ09-_~ ,;:.=&+%/?#[]{}|'\"\\<>@!$()*^`é€🧾"


def cases() -> list[tuple[str, str, bool, str]]:
    found = []
    for place, style, explode in STYLES:
        for kind in ("text", "integer", "number", "boolean", "array", "object"):
            if style in ("spaceDelimited", "pipeDelimited") and kind not in ("array", "object"):
                continue
            if style != "deepObject" or kind == "object":
                found.append((place, style, explode, kind))
    return found


@pytest.mark.parametrize(("place", "style", "explode", "kind"), cases())
def test_what_is_written_is_read(place: str, style: str, kind: str, *, explode: bool) -> None:
    chance = random.Random(f"{place} {style} {explode} {kind}")
    for inner in KINDS if kind in ("array", "object") else (kind,):
        schema: dict[str, Any] = KINDS[inner]
        if kind == "array":
            schema = {"type": "array", "items": schema}
        elif kind == "object":
            schema = {"type": "object", "properties": dict.fromkeys(NAMES, schema)}
        letters = text_of(place, style)
        if (style, explode, kind) == ("form", False, "array"):
            letters = letters.replace(",", "")  # of a list that has no comma as such, many clients encode those between
        ask = asking(place, schema, style, explode=explode)
        for _ in range(TRIALS):
            value = drawn(chance, kind, inner, letters)
            sent = written(place, style, value, explode=explode)
            assert ask(sent) == value, (sent, value)


def asking(place: str, schema: Any, style: str, *, explode: bool) -> Callable[[str], Any]:
    """A function from what is written in a place to what a handler finds there."""
    path = "/echo/{p}" if place == "path" else "/echo"
    declared = parameter(place, schema, style, explode=explode)
    operation = {"parameters": [declared], "responses": {"204": {"description": ""}}}
    stub = Stub({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {path: {"get": operation}}})
    found: list[Any] = []

    @stub.operation("GET", path)
    def take(call: Call[Any, Any]) -> Reply[Any]:
        found.append(call.parameters.get((place, "p")))
        return Reply(204)

    def ask(sent: str) -> Any:
        raw = (f"/echo/{sent}" if place == "path" else "/echo").encode()
        headers = {"header": [(b"p", sent.encode())], "cookie": [(b"cookie", sent.encode())]}.get(place, [])
        query = sent.encode() if place == "query" else b""
        scope = {"method": "GET", "path": raw.decode(), "raw_path": raw, "query_string": query, "headers": headers}
        reply = stub.at_once(scope, b"")
        assert reply is not None
        return found.pop() if reply.status == 204 else reply.body

    return ask


def text_of(place: str, style: str) -> str:
    """The letters that texts may have; some styles cannot write their own separators."""
    if place == "header":
        return "aZ09-_~. :+%/?[]{}|'\"<>@!$()*^`"
    return LETTERS.translate({ord(each): None for each in {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style, "")})


def drawn(chance: random.Random, kind: str, inner: str, letters: str) -> Any:
    if kind == "array":
        return [drawn(chance, inner, inner, letters) for _ in range(chance.randint(1, 3))]
    if kind == "object":
        names = chance.sample(NAMES, chance.randint(1, 3))
        return {name: drawn(chance, inner, inner, letters) for name in names}
    match inner:
        case "integer":
            return chance.choice([0, -1, 7, 10**18, chance.randint(-999, 999)])
        case "number":
            return chance.choice([0.5, -1.25, 3, 1e-7, round(chance.uniform(-9, 9), 3)])
        case "boolean":
            return chance.random() < 0.5
    text = "".join(chance.choices(letters, k=chance.randint(0, 5))).strip()
    # A text of its own that begins like JSON is taken for that where a list or an object is wanted.
    return "a" + text.lstrip("[{\"' ")


def written(place: str, style: str, value: Any, *, explode: bool) -> str:
    """A value as the table of OpenAPI 3.1 writes it, percent-encoded where the place wants that."""

    def plain(item: Any) -> str:
        text = str(item).lower() if isinstance(item, bool) else str(item)
        if place == "header":
            return text
        return quote(text, safe="").replace(".", "%2E" if style == "label" else ".")

    if isinstance(value, list):
        items = [plain(item) for item in value]
        pairs: list[str] = []
    elif isinstance(value, dict):
        pairs = [f"{plain(name)}={plain(item)}" for name, item in value.items()]
        items = [plain(part) for pair in value.items() for part in pair]
    else:
        items, pairs = [plain(value)], []
    match style:
        case "simple":
            return ",".join(pairs if pairs and explode else items)
        case "label":
            return "." + ((".".join(pairs or items)) if explode else ",".join(items))
        case "matrix":
            if explode and pairs:
                return "".join(f";{pair}" for pair in pairs)
            return "".join(f";p={item}" for item in items) if explode else f";p={','.join(items)}"
        case "deepObject":
            return "&".join(f"p%5B{quote(name)}%5D={plain(item)}" for name, item in value.items())
        case "spaceDelimited" | "pipeDelimited":
            return "p=" + ("%20" if style == "spaceDelimited" else "%7C").join(items)
    between = "&" if place == "query" else "; "
    if explode:
        return between.join(pairs or [f"p={item}" for item in items])
    return "p=" + ",".join(items)
