"""The layout of a file: headings, labels, paragraphs and lines with their spans, one reader per format.

Readers look only at markup. What the words of a paragraph say about structure (a question, a label line) is
the same in all formats and is found by ``qa.ingest.structure``.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from qa.errors import SourceError
from qa.types import Span


@dataclass(frozen=True, slots=True)
class Element:
    """One piece of layout; ``level`` is 1 to 6 for a marked heading, else 0.

    A ``paragraph`` is running text that may be wrapped over lines; in ``lines`` a line end ends a thought.
    """

    kind: Literal["heading", "label", "paragraph", "lines"]
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The elements of a file in order, its title where one is marked, and its front matter."""

    elements: tuple[Element, ...]
    title: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    marked: bool = True
    """Whether headings are marked up; where they are not, ``qa.ingest.structure`` looks for them in the wording."""


FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def strip(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends."""
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))


def read_front_matter(text: str) -> tuple[dict[str, str], int]:
    """The YAML mapping between two ``---`` lines at the top of a file, and the offset where the body starts."""
    match = FRONT_MATTER.match(text)
    if match is None:
        return {}, 0
    import yaml  # only reading sources needs it; asking does not pay for the import

    try:
        loaded = yaml.safe_load(match.group(1))
    except yaml.YAMLError as error:
        raise SourceError(f"front matter is not YAML: {str(error).splitlines()[0]}") from error
    if loaded is None:
        loaded = {}
    if not isinstance(loaded, dict):
        raise SourceError("front matter must be `key: value` lines")
    return {str(key): str(value) for key, value in loaded.items() if value is not None}, match.end()


def read_markdown(text: str) -> Layout:
    """CommonMark with tables and front matter, by markdown-it."""
    from markdown_it import MarkdownIt

    metadata, body = read_front_matter(text)
    line_starts = [body] + [body + match.end() for match in re.finditer(r"\r\n|\n|\r", text[body:])] + [len(text)] * 2
    elements: list[Element] = []
    # markdown-it counts lines as above; the doubled end stands for the line after a last one without its end.
    tokens = MarkdownIt("commonmark").enable("table").parse(text[body:])
    for i, token in enumerate(tokens):
        if token.map is None or token.type not in ("inline", "fence", "code_block", "html_block"):
            continue
        first, last = token.map
        span = strip(text, line_starts[first], line_starts[last])
        if token.type == "inline":
            opener = tokens[i - 1]
            if opener.type in ("th_open", "td_open"):
                if opener.type == "td_open" and (not elements or elements[-1].span != span):
                    elements.append(Element("lines", span))
                continue
            # The content has no list or quote marker in front and no closing hashes behind.
            content = token.content.split("\n")
            start = text.find(content[0].strip(), line_starts[first], line_starts[last])
            start = span.start if start < 0 else start
            if opener.type == "heading_open":
                elements.append(Element("heading", Span(start, start + len(content[0].strip())), int(opener.tag[1])))
                continue
            span = Span(start, span.end)
        elements.append(Element("lines" if token.type in ("fence", "code_block") else "paragraph", span))
    title = next((plain(text[e.span.start : e.span.end]) for e in elements if e.level == 1), None)
    return Layout(tuple(elements), title, metadata)


WIKI_HEADING = re.compile(r"(={1,6})\s*(.+?)\s*\1")
UNDERLINE = re.compile(r"(={4,}|-{4,}|~{4,})")
HARD_WRAP = range(45, 121)


def is_wrapped(lines: list[str]) -> bool:
    """Whether a paragraph's line ends are those of a text editor: long lines of like length, mid-sentence."""
    body = lines[:-1]
    longest = max(map(len, body))
    mid_sentence = sum(line.rstrip()[-1:] not in ".!?:;»" for line in body)
    return longest in HARD_WRAP and min(map(len, body)) > 0.6 * longest and 2 * mid_sentence >= len(body)


def read_text(text: str) -> Layout:
    """Plain text: paragraphs between blank lines, ``== wiki ==`` and underlined headings."""
    elements: list[Element] = []
    run: list[Span] = []
    marked = False

    def close() -> None:
        if run:
            lines = [text[line.start : line.end] for line in run]
            kind: Literal["paragraph", "lines"] = "paragraph" if len(run) == 1 or is_wrapped(lines) else "lines"
            elements.append(Element(kind, Span(run[0].start, run[-1].end)))
            run.clear()

    for match in re.finditer(r"[^\n]*\n?", text):
        span = strip(text, match.start(), match.end())
        line = text[span.start : span.end]
        heading = WIKI_HEADING.fullmatch(line)
        if heading:
            close()
            marked = True
            start = span.start + heading.start(2)
            elements.append(Element("heading", Span(start, start + len(heading[2])), len(heading[1])))
        elif len(run) == 1 and UNDERLINE.fullmatch(line):
            marked = True
            elements.append(Element("heading", run.pop(), 1 if line[0] == "=" else 2))
        elif line:
            run.append(span)
        else:
            close()
    close()
    return Layout(tuple(elements), find_title(text, elements), {}, marked)


def find_title(text: str, elements: list[Element]) -> str | None:
    """A first-level heading, or a short title-like line among the first few that is not a caption.

    Captions are recognised by being there twice, as a browser copies a picture's description and its caption.
    """
    for element in elements:
        if element.kind == "heading" and element.level == 1:
            return text[element.span.start : element.span.end]
    for element in [element for element in elements if element.kind != "heading"][:4]:
        lines = text[element.span.start : element.span.end].split("\n")
        line = lines[0].strip()
        repeated = len(lines) > 1 and lines[1].strip() == line
        if not repeated and len(line.split()) <= 9 and re.match(r"[^\W\d_]", line) and line[-1] not in ".:;,?":
            return plain(line)
        if len(line.split()) > 25:
            break
    return None


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
            self.title = plain(self.text[self._title_start : self.position()]) or None
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


def read_html(text: str) -> Layout:
    """HTML of any quality, by the standard library's parser; spans are slices of the file, tags and all."""
    parser = _HtmlLayout(text)
    parser.feed(text)
    parser.close()
    parser.close_block()
    heading = next((plain(text[e.span.start : e.span.end]) for e in parser.elements if e.level == 1), None)
    return Layout(tuple(parser.elements), parser.title or heading)


MARKUP = re.compile(r"<[^>\n]{1,200}>|!?\[([^\]\n]*)\]\([^)\n]*\)|\*{1,3}|`+|(?<!\w)_{1,2}|_{1,2}(?!\w)")


def plain(text: str) -> str:
    """The words of a slice without markup and with single spaces: for models and headings, never for quotes."""
    if "<" in text or "[" in text or "*" in text or "_" in text or "`" in text:
        text = MARKUP.sub(lambda match: match[1] or "", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())
