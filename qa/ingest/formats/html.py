"""HTML of any quality, by the standard library's parser; spans are slices of the file, tags and all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from qa.ingest.formats.encoding import decode
from qa.ingest.formats.layout import Layout
from qa.text import Mark, strip
from qa.types import Element


class _HtmlLayout(HTMLParser):
    BLOCKS = frozenset(
        "p div section article main header footer aside nav ul ol li dl dt dd table tr td th thead tbody caption "
        "blockquote pre h1 h2 h3 h4 h5 h6 figure figcaption br hr form fieldset address body html head title".split()
    )
    SILENT = frozenset(("script", "style", "template", "noscript", "head"))

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = text
        self.line_starts = [0] + [match.end() for match in re.finditer(r"\n", text)]
        self.elements: list[Element] = []
        self.title: str | None = None
        self._open: list[str] = []
        self._start: int | None = None
        self._end = 0
        self._title_start: int | None = None

    def position(self) -> int:
        line, column = self.getpos()
        return self.line_starts[line - 1] + column

    def close_block(self) -> None:
        if self._start is None:
            return
        span, self._start = strip(self.text, self._start, self._end), None
        tag = next((tag for tag in reversed(self._open) if tag in self.BLOCKS), "p")
        if re.fullmatch(r"h[1-6]", tag):
            self.elements.append(Element("heading", span, int(tag[1])))
        elif tag in ("th", "dt"):
            self.elements.append(Element("label", span))
        else:
            self.elements.append(Element("lines" if tag == "pre" else "paragraph", span))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.BLOCKS:
            self.close_block()
        if tag == "title" and self._title_start is None:
            self._title_start = self.position() + len(self.get_starttag_text() or "")
        if tag not in ("br", "hr", "img", "meta", "link", "input"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.close_block()
        if tag == "title" and self.title is None and self._title_start is not None:
            self.title = " ".join(unescape(self.text[self._title_start : self.position()]).split()) or None
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def _content(self, length: int, blank: bool) -> None:
        if blank or self.SILENT.intersection(self._open):
            return
        if self._start is None:
            self._start = self.position()
        self._end = self.position() + length

    def handle_data(self, data: str) -> None:
        self._content(len(data), not data.strip())

    def handle_entityref(self, name: str) -> None:
        self._content(len(name) + 2, name == "nbsp")

    def handle_charref(self, name: str) -> None:
        self._content(len(name) + 3, False)


DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    declared = DECLARED.search(data[:4096])
    text, note = decode(data, declared[1].decode() if declared else None)
    parser = _HtmlLayout(text)
    parser.feed(text)
    parser.close()
    parser.close_block()
    marks = tuple(_marks(text, parser.elements))
    layout = Layout(text, tuple(parser.elements), marks=marks, note=note)
    heading = next((layout.reads(e.span) for e in parser.elements if e.level == 1), None)
    return replace(layout, title=parser.title or heading)


INLINE = re.compile(r"(?P<tag><[^<>]{1,2000}>)|(?P<entity>&#?\w{1,32};)")


def _marks(text: str, elements: Sequence[Element]) -> Iterator[Mark]:
    for element in elements:
        for match in INLINE.finditer(text, *element.span):
            yield Mark(*match.span(), unescape(match[0]) if match["entity"] else "")
