"""What a format's reader gives: the text and its layout. Readers look only at markup.

What the words of a paragraph say about structure (a question, a label line) is the same in all formats and is found by
``qa.ingest.structure``.
"""

from collections.abc import Mapping

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
