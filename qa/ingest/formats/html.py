"""HTML of any quality, as browsers save it; spans are slices of the file, tags and all."""

import re
from html import unescape

from msgspec.structs import replace

from qa.ingest.formats.encoding import decode
from qa.ingest.formats.layout import Layout, with_gaps
from qa.ingest.formats.tags import read_tags
from qa.ingest.formats.talk import talk_of
from qa.text import Mark, PlainText, Span

DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
ENTITY = re.compile(r"&#?\w{1,32};")


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    declared = DECLARED.search(data[:4096])
    text, note = decode(data, declared[1].decode() if declared else None)
    tagged = read_tags(text)
    left_out = f"left out: {', '.join(tagged.left_out)}" if tagged.left_out else None
    notes = "; ".join(filter(None, (note, left_out)))
    elements, marks = talk_of(text, tagged.elements, tagged.marks)
    layout = Layout(text, tuple(elements), marks=with_gaps(text, elements, marks), note=notes or None)
    heading = next((layout.reads(e.span) for e in tagged.elements if e.kind == "heading" and e.level == 1), None)
    return replace(layout, title=_title(_plain(text, tagged.title), heading))


def _plain(text: str, span: Span | None) -> str | None:
    """The title in the head of a page, whose only markup is entities."""
    if span is None:
        return None
    marks = [Mark(*match.span(), unescape(match[0])) for match in ENTITY.finditer(text, *span)]
    return PlainText.of(text[span.start : span.end], span.start, marks).text or None


def _title(named: str | None, heading: str | None) -> str | None:
    """The page's own title: its first heading, where the one in its head is that with the site's name behind it."""
    if named and heading and heading != named and heading in named:
        return heading
    return named or heading
