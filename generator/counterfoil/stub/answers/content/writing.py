"""Values of answers as bytes of their media type."""

import re
from typing import Any
from urllib.parse import urlencode

from counterfoil.stub.answers.content.xml import to_xml
from counterfoil.stub.answers.placeholders import text_of
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.requests.strict_json import dump

XML = re.compile(r"(?:application|text)/(?:[^/;]+\+)?xml", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"


def is_xml(media_type: str) -> bool:
    """Whether texts of this media type are XML (RFC 7303)."""
    return XML.fullmatch(media_type.partition(";")[0].strip()) is not None


def write(contract: ContractTree, media_type: str, schema: Node, value: Any) -> bytes:
    """A JSON value that fits `schema` as a text of a media type; a string is one already unless that is JSON.

    XML is written as the `xml` objects say, forms as pairs, lines of JSON one by one; a value that the media type has
    no form for is written as JSON.
    """
    plain = media_type.partition(";")[0].strip().lower()
    if is_json(media_type):
        return dump(value)
    if isinstance(value, bytes):
        return value
    if is_xml(media_type):
        if isinstance(value, str) and value.lstrip().startswith("<"):
            return value.encode()
        return to_xml(contract, schema, value).encode()
    if isinstance(value, str):
        return value.encode(errors="replace")
    if value is None:
        return b""
    if plain == FORM and isinstance(value, dict):
        pairs = [(name, item) for name, each in value.items() for item in (each if isinstance(each, list) else [each])]
        return urlencode([(name, text_of(each)) for name, each in pairs]).encode()
    if plain in ("application/jsonl", "application/x-ndjson", "application/json-seq") and isinstance(value, list):
        return b"".join(dump(each) + b"\n" for each in value)
    if plain == "text/event-stream" and isinstance(value, list):
        return b"".join(b"data: " + dump(each) + b"\n\n" for each in value)
    return dump(value)
