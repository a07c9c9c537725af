"""Bodies of several JSON values: newline-delimited JSON, and JSON text sequences (RFC 7464)."""

import re
from typing import Any

from counterfoil.stub.call import Call
from counterfoil.stub.requests.malformed import MalformedError
from counterfoil.stub.requests.strict_json import MalformedJSONError, parse

SEQUENCE = re.compile(r"application/(?:(?:x-)?(?:ndjson|jsonl|json-?lines)|(?:.+\+)?json-seq)")


def is_sequence(media_type: str) -> bool:
    """Whether a media type without parameters is a sequence of JSON values."""
    return SEQUENCE.fullmatch(media_type) is not None


def read(call: Call[Any, Any]) -> list[Any]:
    """The values of a body; `MalformedError` at the first line that is none."""
    body = call.raw or b""
    if body.startswith(b"\x1e"):
        records = [(1, record) for record in body[1:].split(b"\x1e")]
    else:
        records = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    values = []
    for line, record in records:
        try:
            values.append(parse(record.strip()))
        except MalformedJSONError as error:
            raise MalformedError(error.message, error.position, line, error.column) from None
    return values
