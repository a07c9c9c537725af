"""Curl commands as pages show them: read, never run."""

import re
from dataclasses import dataclass, field

from counterfoil.documents.source.json_sample import JsonSample, read_json_prefix, read_json_sample
from counterfoil.documents.source.text import Lines
from counterfoil.location import CounterfoilError, Diagnostic, Location

_BLANK = re.compile(r"(?:[ \t]|\\\r?\n|\\$|#[^\n]*\n|\r?\n(?=\s{0,100}(?:-{1,2}[A-Za-z]|['\"]?https?://)))+")
_PLAIN = re.compile(r"(?:[^\s'\"\\]|\\[^\n])+")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"\$?'((?:[^']|'\\'')*)'")
_ESCAPED_JSON = re.compile(r'\s*[{\[][^"]*\\"')
_CLOSING = re.compile(r"\s*['\"]?")
_WITH_VALUE = {
    "-X": "method", "--request": "method", "--url": "url", "-H": "header", "--header": "header",
    "-d": "data", "--data": "data", "--data-raw": "data", "--data-binary": "data", "--data-ascii": "data",
    "--json": "data", "--data-urlencode": "form", "-F": "form", "--form": "form", "-u": "user", "--user": "user",
    "-o": "", "--output": "", "-A": "", "-b": "", "--cookie": "", "-e": "", "-w": "", "--max-time": "",
}  # fmt: skip

MOST_HEADERS = 100
"""Headers of a request that are looked at."""


@dataclass(slots=True)
class CurlCall:
    """What a curl command sends: `headers` as (name, value, place), `body` if it is JSON.

    `end` is the offset behind the command in the text that it was read from.
    """

    place: Location
    method: str = "GET"
    url: str = ""
    url_place: Location | None = None
    headers: list[tuple[str, str, Location]] = field(default_factory=list)
    body: JsonSample | None = None
    user: Location | None = None
    end: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_curl(text: str, origin: Location) -> CurlCall | None:
    """Read the curl command that `text`, found at `origin` of its page, begins with; None if it does not."""
    start = re.match(r"\s*(?:[$>]\s+)?curl\b", text)
    return _Command(text, origin, start.end()).call if start else None


class _Command:
    def __init__(self, text: str, origin: Location, at: int) -> None:
        self.text = text
        self.lines = Lines(text, origin)
        self.at = at
        self.call = CurlCall(self.place(at - 4))
        self.sends = self.explicit = False
        while self.blank() and self.at < len(text):
            start = self.at
            word = self.word()
            if not word or word in ("|", "&&", ";"):
                break
            self.argument(word, start)
        if self.sends and not self.explicit:
            self.call.method = "POST"
        self.call.end = self.at

    def argument(self, word: str, start: int) -> None:
        option, separator, value = word.partition("=") if word.startswith("--") else (word[:2], "", word[2:])
        if word.startswith("http") or (not word.startswith("-") and ("/" in word and "." in word)):
            self.call.url, self.call.url_place = word, self.place(start)
        elif option in _WITH_VALUE:
            if not separator and (word.startswith("--") or not value):
                self.blank()
                start = self.at
                value = "" if self.json_data(_WITH_VALUE[option]) else self.word()
            self.value(_WITH_VALUE[option], value, self.place(start))

    def value(self, kind: str, value: str, place: Location) -> None:
        if kind == "method" and value:
            self.call.method, self.explicit = value.upper(), True
        elif kind == "url":
            self.call.url, self.call.url_place = value, place
        elif kind == "header":
            name, _, content = value.partition(":")
            if len(self.call.headers) < MOST_HEADERS:
                self.call.headers.append((name.strip(), content.strip(), place))
        elif kind == "user":
            self.call.user = place
        elif kind in ("data", "form"):
            self.sends = True

    def json_data(self, kind: str) -> bool:
        """Read a quoted JSON body by its own syntax, so that an apostrophe in it does not end it."""
        opening = re.compile(r"\$?(['\"])\s*(?=[{\[])").match(self.text, self.at) if kind == "data" else None
        if not opening:
            return False
        start, place = self.at, self.place(opening.end())
        quoted = _DOUBLE.match(self.text, self.at)
        escaped = quoted and _ESCAPED_JSON.match(quoted[1])
        try:
            if quoted and escaped:
                self.call.body = read_json_sample(quoted[1].strip().replace('\\"', '"'), place)
                self.at = quoted.end()
                return True
            self.call.body, end = read_json_prefix(self.text, place, opening.end())
        except CounterfoilError as error:
            return self.shell_json(start, place, error)
        closing = _CLOSING.match(self.text, end)
        self.at = closing.end() if closing else end
        return True

    def shell_json(self, start: int, place: Location, error: CounterfoilError) -> bool:
        """Read a JSON body that the shell would put together from quoted pieces, all of it at one place."""
        try:
            value = read_json_sample(self.word(), place).value
        except CounterfoilError:
            self.at = start
            self.call.diagnostics.extend(error.diagnostics)
            return False
        self.call.body = JsonSample(value, {(): place})
        return True

    def word(self) -> str:
        parts = []
        while match := (
            _SINGLE.match(self.text, self.at) or _DOUBLE.match(self.text, self.at) or _PLAIN.match(self.text, self.at)
        ):
            parts.append(match[1] if match.re is not _PLAIN else match[0].replace("\\", ""))
            self.at = match.end()
        return "".join(parts)

    def blank(self) -> bool:
        match = _BLANK.match(self.text, self.at)
        if match:
            self.at = match.end()
        return bool(match)

    def place(self, offset: int) -> Location:
        return self.lines.location(offset)
