"""What a code block of a Markdown page shows: a curl command, an HTTP message or bare JSON."""

import re
from dataclasses import dataclass

from counterfoil.documents.markdown.blocks import Fence
from counterfoil.documents.page.curl import CurlCall, read_curl
from counterfoil.documents.source.json_sample import JsonSample, read_json_sample
from counterfoil.location import CounterfoilError, Diagnostic, Location

_SHELL = {"", "bash", "sh", "shell", "zsh", "curl", "console", "cli", "terminal", "shell-session", "http"}
_JSON = {"", "json", "json5", "jsonc", "js", "javascript", "http"}
_HEAD = re.compile(r"(?:HTTP/[\d.]+\s+(?P<status>\d{3})|[A-Z]+\s+\S+(?:\s+HTTP/[\d.]+)?[ \t]*\n)[^{\[]*?(?=\n\s*[{\[])")


@dataclass(frozen=True, slots=True)
class Message:
    """A JSON body; `status` if it stands below the head of a response, `sent` if below that of a request."""

    sample: JsonSample
    status: str = ""
    sent: bool = False


def read_code(block: Fence, diagnostics: list[Diagnostic]) -> CurlCall | Message | None:
    """Read a code block; None if it is in another language. What should be JSON and is not goes to `diagnostics`."""
    language = re.split(r"[\s{:]", block.info.lower())[0]
    call = read_curl(block.content, block.place) if language in _SHELL else None
    if call:
        return call
    head = _HEAD.match(block.content)
    start = head.end() if head else 0
    content = block.content[start:]
    if language not in _JSON or not content.lstrip().startswith(("{", "[")):
        return None
    place = Location(block.place.path, block.place.line + block.content.count("\n", 0, start), 1)
    try:
        sample = read_json_sample(content, place if start else block.place)
    except CounterfoilError as error:
        if language.startswith("json"):
            diagnostics.extend(error.diagnostics)
        return None
    status = (head["status"] or "") if head else ""
    return Message(sample, status, sent=bool(head and not status))
