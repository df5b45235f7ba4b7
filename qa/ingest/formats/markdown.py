"""CommonMark with tables and front matter, by markdown-it."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from qa.ingest.formats.encoding import decode
from qa.ingest.formats.front_matter import read_front_matter
from qa.ingest.formats.layout import Layout, is_wrapped
from qa.text import Mark, Span, strip
from qa.types import Element


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    from markdown_it import MarkdownIt

    text, note = decode(data)
    metadata, body = read_front_matter(text)
    line_starts = [body] + [body + match.end() for match in re.finditer(r"\r\n|\n|\r", text[body:])] + [len(text)] * 2
    elements: list[Element] = []
    marks: list[Mark] = []
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
                    marks += inline_marks(text, span)
                continue
            # The content has no list or quote marker in front and no closing hashes behind.
            content = token.content.split("\n")
            start = text.find(content[0].strip(), line_starts[first], line_starts[last])
            start = span.start if start < 0 else start
            if opener.type == "heading_open":
                span = Span(start, start + len(content[0].strip()))
                elements.append(Element("heading", span, int(opener.tag[1])))
                marks += inline_marks(text, span)
                continue
            span = Span(start, span.end)
        lines = text[span.start : span.end].split("\n")
        if token.type in ("fence", "code_block"):
            elements.append(Element("code", span))
            continue
        elements.append(Element("paragraph" if len(lines) == 1 or is_wrapped(lines) else "lines", span))
        marks += inline_marks(text, span)
    layout = Layout(text, tuple(elements), None, metadata, tuple(marks), note=note)
    title = next((layout.reads(e.span) for e in elements if e.level == 1), None)
    return replace(layout, title=title)


INLINE = re.compile(
    r"(?P<tag><[^<>\n]{1,200}>)|(?P<link>!?\[(?P<words>[^\[\]\n]{0,300})\]\([^()\n]{0,500}\))"
    r"|(?P<sign>\*{1,3}|`+|(?<!\w)_{1,2}|_{1,2}(?!\w))|(?P<entity>&#?\w{1,32};)"
)


def inline_marks(text: str, span: Span) -> Iterator[Mark]:
    """The inline markup of a span: what it reads as."""
    for match in INLINE.finditer(text, *span):
        if match["entity"]:
            yield Mark(*match.span(), html.unescape(match[0]))
        elif match["link"]:
            yield Mark(match.start(), match.start("words"))
            yield from inline_marks(text, Span(*match.span("words")))
            yield Mark(match.end("words"), match.end())
        else:
            yield Mark(*match.span())
