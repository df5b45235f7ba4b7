"""Plain text: paragraphs between blank lines, ``== wiki ==`` and underlined headings."""

import re
from typing import Literal

from qa.ingest.formats.encoding import decode
from qa.ingest.formats.layout import Layout, is_wrapped
from qa.text import Span, strip
from qa.types import Element

WIKI_HEADING = re.compile(r"(={1,6})\s*(.+?)\s*\1")
UNDERLINE = re.compile(r"(={4,}|-{4,}|~{4,})")


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    text, note = decode(data)
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
    return Layout(text, tuple(elements), find_title(text, elements), marked=marked, note=note)


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
            return " ".join(line.split())
        if len(line.split()) > 25:
            break
    return None
