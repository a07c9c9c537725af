"""The page of a run against a hostile server."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "input", "line"}


class Page(HTMLParser):
    """Notes every element, its attributes and the text below it; refuses what is not nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((self.open[-1], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_html_is_one_page_in_which_servers_write_only_text(told: Path) -> None:
    text = (told / "html").read_text("utf-8")
    page = Page(text)
    (script,) = [data for tag, data in page.texts if tag == "script"]
    assert "alert" not in script
    policy = next(each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for tag, attributes in page.elements:
        assert not {"src", "onload", "onclick", "srcdoc"} & set(attributes), tag
    assert {"link", "img", "iframe", "object"}.isdisjoint(tag for tag, _ in page.elements)
    assert re.search(r"url\(|@import|https?://(?!127)", re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)) is None
    told_by_server = [data for tag, data in page.texts if tag == "pre" and "<script>alert(1)</script>" in data]
    assert told_by_server
    texts = "".join(data for _, data in page.texts)
    assert "\u202e" not in texts
    assert "\x1b" not in texts
    assert "\u2401 \u241b[31m no JSON" in texts


def test_html_shows_what_json_tells_and_its_links_lead_somewhere(told: Path) -> None:
    page = Page((told / "html").read_text("utf-8"))
    (vendor,) = json.loads((told / "json").read_text("utf-8"))["vendors"]
    shown = [each for each in page.all("details") if "data-check" in each]
    found = Counter((finding["check"], finding["operation"]) for finding in vendor["findings"])
    assert Counter((each["data-check"], each["data-operation"]) for each in shown) == found
    kinds = Counter((finding["check"], finding["summary"]) for finding in vendor["findings"])
    assert sum("data-kind" in each for each in page.all("details")) == sum(count > 1 for count in kinds.values()) > 0
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    links = [str(each["href"]) for each in page.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(identifiers)
    heads = {data for tag, data in page.texts if tag == "span"}
    assert {check["check"] for each in vendor["operations"] for check in each["checks"]} <= heads
    pictures = [data for tag, data in page.texts if tag == "title"]
    assert any("Requests by operation" in data for data in pictures)
    assert any(re.search(r"answers took: p50 .*, p95 ", data) for data in pictures)
    for svg in page.all("svg"):
        assert svg["role"] == "img"
        assert svg["aria-labelledby"] in identifiers
