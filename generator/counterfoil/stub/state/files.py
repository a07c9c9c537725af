"""The files that a stub remembers, each at the path at which it is given back, in the same store as objects.

A request brings one of no more than the operation's body limit (1 MiB unless `body-limit` of `x-counterfoil` says
otherwise). A session keeps `MOST` files and `MOST_BYTES`; what was uploaded first is forgotten first.
"""

import base64
import json
from typing import NamedTuple

from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.store import Record, Store

FILES = "?files"  # the name of their collection
MOST = 1000
MOST_BYTES = 64 * 1024 * 1024  # of all files together, as they are kept: in Base64


class File(NamedTuple):
    """The bytes of a file, and what was said of it: its media type without parameters and its name, or nothing."""

    content: bytes
    media_type: str = ""
    name: str = ""


def keep(store: Store, path: str, file: File | None) -> None:
    """Let a path give back a file from now on; None where it was removed."""
    told = None if file is None else [base64.b64encode(file.content).decode(), file.media_type, file.name]
    store.remove(FILES, path)
    store.add(FILES, lambda _: Record(path, dump([path, told])))
    kept = store.all(FILES)
    size = sum(map(len, kept))
    for place, text in enumerate(kept):
        if len(kept) - place <= MOST and size <= MOST_BYTES:
            break
        store.remove(FILES, json.loads(text)[0])
        size -= len(text)


def find(store: Store, path: str) -> tuple[bool, File | None]:
    """Whether anything is known of the file at a path, and the file; None where it was removed."""
    text = store.find(FILES, path)
    if text is None:
        return False, None
    told = json.loads(text)[1]
    return True, None if told is None else File(base64.b64decode(told[0]), told[1], told[2])
