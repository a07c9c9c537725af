"""JSON values as bodies of other media types: forms, parts, XML, texts."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from counterfoil.checks.operation import is_json, media_type_of
from counterfoil.checks.wire.styles import text_of, written
from counterfoil.stub.answers.content.writing import write
from counterfoil.stub.contract_tree import ContractTree

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
_BOUNDARY = "counterfoil-boundary"

Encode = Callable[[bytes], bytes]  # from a JSON text to a body


def content_type(media_type: str) -> str:
    """What a body of a documented media type is labelled with; empty for a range of types that nothing is made for."""
    plain = media_type_of(media_type)
    if plain == PARTS:
        return f"{PARTS}; boundary={_BOUNDARY}"
    return "" if "*" in plain else media_type


def encoding(contract: ContractTree, media_type: str, media: Mapping[str, Any]) -> Encode | None:
    """What makes a body of a JSON text, by a Media Type Object; None where that is one already."""
    plain = media_type_of(media_type)
    if is_json(plain):
        return None
    if plain == FORM:
        return lambda text: urlencode(list(_fields(json.loads(text), media))).encode()
    if plain == PARTS:
        return lambda text: _parts(json.loads(text), contract, media)
    return lambda text: write(contract, media_type, media.get("schema") or {}, json.loads(text))


def unlabelled(body: bytes) -> bytes:
    """The parts of a body without what says that one is JSON: servers may take each for text (RFC 7578, 4.4)."""
    return body.replace(b'"\r\nContent-Type: application/json\r\n\r\n', b'"\r\n\r\n')


def _fields(value: Any, media: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and texts of a form (OpenAPI 3.1, Encoding Object); what is null is left out."""
    encodings = media.get("encoding") or {}
    for name, item in value.items() if isinstance(value, dict) else ():
        stated = encodings.get(name) or {}
        if item is None:
            continue
        if "style" in stated or "explode" in stated:
            yield from written({"name": name, "in": "query", **stated}, item)
        else:
            yield from ((name, text_of(each)) for each in (item if isinstance(item, list) else [item]))


def _parts(value: Any, contract: ContractTree, media: Mapping[str, Any]) -> bytes:
    """The parts of a form (RFC 7578; OpenAPI 3.1, Special Considerations for `multipart` Content)."""
    encodings = media.get("encoding") or {}
    properties = contract.properties(media.get("schema") or {})
    made = b""
    for name, item in value.items() if isinstance(value, dict) else ():
        node = contract.follow(properties.get(name, {}))[0]
        for each in item if isinstance(item, list) else [] if item is None else [item]:
            kind = (encodings.get(name) or {}).get("contentType") or _kind(node, each)
            kind = str(kind).split(",", maxsplit=1)[0].strip()
            quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            file = "" if kind.startswith(("text/", "application/json")) else '; filename="file"'
            head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{quoted}"{file}\r\nContent-Type: {kind}'
            text = json.dumps(each, ensure_ascii=False) if is_json(kind) else text_of(each)
            made += f"{head}\r\n\r\n{text}\r\n".encode("utf-8", "surrogatepass")
    return made + f"--{_BOUNDARY}--\r\n".encode()


def _kind(schema: Mapping[str, Any], value: Any) -> str:
    """The media type of a part of which nothing is stated."""
    if isinstance(value, dict):
        return "application/json"
    is_binary = schema.get("format") in ("binary", "byte") or "contentMediaType" in schema
    return str(schema.get("contentMediaType") or "application/octet-stream") if is_binary else "text/plain"
