"""What a format's reader gives: the text and its layout. Readers look only at markup.

What the words of a paragraph say about structure (a question, a label line) is the same in all formats and is found by
``qa.ingest.structure``.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from html import unescape

from msgspec import Struct, field

from qa.text import Mark, PlainText, Span, marks_within, reading
from qa.types import Element, Place


class Layout(Struct, frozen=True):
    """The text of a file with its elements in order, its title where one is marked, and its front matter.

    ``text`` is the decoded file where the bytes are text, else what was extracted. ``marks`` (sorted, apart) say what
    of it reads otherwise, ``places`` (sorted) where in the file its slices stand. ``note`` is what a person should
    know of the reading, such as a guessed encoding.
    """

    text: str
    elements: tuple[Element, ...] = ()
    title: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    places: tuple[Place, ...] = ()
    marked: bool = True
    """Whether headings are marked up; where they are not, ``qa.ingest.structure`` looks for them in the wording."""
    note: str | None = None

    def reads(self, span: Span) -> str:
        """How a span of the text reads."""
        return reading(self.text, span, self.marks)

    def plain(self, span: Span) -> PlainText:
        """How a span of the text reads, each character with its place."""
        return PlainText.of(self.text[span.start : span.end], span.start, marks_within(self.marks, span))


TAG = re.compile(r"<[^<>]{0,2000}>")
MARKER = re.compile(r"[\s>#*+.)\d-]*")
"""What stands in front of a line's text in Markdown, and is read: bullets and numbers."""


def with_gaps(text: str, elements: Sequence[Element], marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks, with one for each piece of markup between two elements; their own are kept.

    A gap reads as a space, and as the cue of what follows where that is where the cue stands: a term, who speaks.
    """
    found: list[Mark] = []
    at = 0
    for element in sorted(elements, key=lambda element: element.span.start):
        gap = text[at : element.span.start]
        start = at + len(gap) - len(gap.lstrip())
        if start < element.span.start and not MARKER.fullmatch(gap):
            bare = " ".join(unescape(TAG.sub(" ", gap)).split())
            cue = f" {element.cue}: " if element.cue and element.cue in bare else " "
            found.append(Mark(start, element.span.start, cue))
        at = max(at, element.span.end)
    if text[at:].strip():
        found.append(Mark(at, len(text)))
    own = [m for m in marks if not any(gap.start < m.end and m.start < gap.end for gap in _near(found, m))]
    return tuple(sorted((*own, *found)))


def _near(gaps: Sequence[Mark], mark: Mark) -> Sequence[Mark]:
    """The gaps, sorted and apart, that a mark may overlap."""
    last = bisect_left(gaps, mark.end, key=lambda gap: gap.start)
    return gaps[max(last - 1, 0) : last]
