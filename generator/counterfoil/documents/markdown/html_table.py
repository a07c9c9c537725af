"""Tables written in HTML, as Markdown pages have them where a cell holds more than a line."""

from html.parser import HTMLParser


class TableReader(HTMLParser):
    """The rows of the first table of a piece of HTML: the text of each cell and the line, from 0, that it begins in.

    Code is put in backticks, as Markdown has it.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, int]]] = []
        self._parts: list[str] | None = None
        self._line = 0
        self._closed = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class names it
        """A row or a cell begins, or a line in a cell."""
        if self._closed:
            return
        if tag == "tr":
            self._finish()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._finish()
            self._parts, self._line = [], self.getpos()[0] - 1
        elif self._parts is not None:
            self._parts.append("`" if tag == "code" else " " if tag in ("br", "p", "li", "div") else "")

    def handle_endtag(self, tag: str) -> None:
        """A cell or the table ends."""
        if tag in ("td", "th", "tr", "table"):
            self._finish()
            self._closed = self._closed or tag == "table"
        elif tag == "code" and self._parts is not None:
            self._parts.append("`")

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self._parts is not None:
            self._parts.append(data)

    def _finish(self) -> None:
        if self._parts is not None:
            self.rows[-1].append((" ".join("".join(self._parts).split()), self._line))
        self._parts = None
