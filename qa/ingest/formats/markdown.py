"""CommonMark with tables, footnotes, definition lists and front matter, by markdown-it.

markdown-it tells in which lines a block stands, but not where in them its words are; ``Inline`` notes what each of its
inline rules takes, so that the markup is what markdown-it takes for markup.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from msgspec.structs import replace

from qa.ingest.formats.encoding import decode
from qa.ingest.formats.front_matter import read_front_matter
from qa.ingest.formats.layout import Layout, with_gaps
from qa.ingest.formats.prose import LONGEST_LEAD, apart, explained, is_paragraph, line_marks, words_of
from qa.ingest.formats.table import Cell, separators
from qa.ingest.formats.tags import TagReader, hidden_marks, read_tags
from qa.ingest.formats.talk import talk_of
from qa.text import Mark, Span, reading, strip
from qa.types import Element

BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class Inline(ParserInline):
    """markdown-it's inline parser, which notes the markup of what it parses."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []
        self.notes: list[tuple[int, str]] = []
        self._delimiters: list[tuple[Token, int, str]] = []
        self._inner = Span(0, 0)
        self.found: dict[int, tuple[list[Token], list[Mark], list[tuple[int, str]]]] = {}
        """The tokens of each parsed text by the identity of their list, its marks and where footnotes are named."""
        self._image: Sequence[Mark] = ()

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """See ``ParserInline``; an image's description is parsed while the text around it is."""
        outer = self.marks, self.notes, self._delimiters
        self.marks, self.notes, self._delimiters = [], [], []
        parsed = super().parse(src, md, env, tokens)
        # A sign that became emphasis has lost its content; one that did not is a word like others.
        self.marks += [Mark(at, at + len(sign)) for token, at, sign in self._delimiters if not token.content]
        self.found[id(tokens)] = tokens, self.marks, self.notes
        self._image = self.marks
        self.marks, self.notes, self._delimiters = outer
        return parsed

    def tokenize(self, state: StateInline) -> None:
        """See ``ParserInline``: the words between the brackets of a link are parsed by a call of their own."""
        inner = Span(state.pos, state.posMax)
        rules = self.ruler.getRules("")
        end = state.posMax
        while state.pos < end:
            begin, before = state.pos, len(state.tokens)
            if state.level < state.md.options["maxNesting"] and any(rule(state, False) for rule in rules):
                self._note(state, begin, before)
                continue
            state.pending += state.src[state.pos]
            state.pos += 1
        if state.pending:
            state.pushPending()
        self._inner = inner

    def _note(self, state: StateInline, begin: int, before: int) -> None:
        """Mark what a rule took from ``begin`` on; ``before`` is how many tokens there were."""
        if len(state.tokens) == before:
            return
        last, end = state.tokens[-1], state.pos
        source = state.src[begin:end]
        if last.type == "text_special":
            self.marks.append(Mark(begin, end, last.content))
        elif last.type == "hardbreak" and source.startswith("\\"):
            self.marks.append(Mark(begin, begin + 1))
        elif last.type == "code_inline":
            width = len(last.markup)
            self.marks += [Mark(begin, begin + width), Mark(end - width, end)]
        elif last.type == "link_close" and last.info == "auto":
            self.marks += [Mark(begin, begin + 1), Mark(end - 1, end)]
        elif last.type == "link_close":
            self.marks += [Mark(begin, self._inner.start), Mark(self._inner.end, end)]
        elif last.type == "image":
            words = begin + len("![")
            self.marks += [Mark(begin, words), Mark(words + len(last.content), end)]
            self.marks += [Mark(m.start + words, m.end + words, m.shown) for m in self._image]
        elif last.type == "html_inline":
            self.marks.append(Mark(begin, end, " " if BREAK.fullmatch(source) else ""))
        elif last.type == "footnote_ref":
            self.marks.append(Mark(begin, end))
            self.notes.append((begin, source.strip("[]^")))
        elif last.type == "text" and source and source[0] in "*_~" and not source.strip(source[0]):
            self._signs(state.tokens[before:], begin, len(source))

    def _signs(self, tokens: Sequence[Token], begin: int, width: int) -> None:
        """Note the signs of a run such as ``**``, each a token of its own: which are markup is known at the end."""
        at = begin + width
        for token in reversed(tokens):
            at -= len(token.content)
            if at < begin:
                break
            self._delimiters.append((token, at, token.content))


@dataclass(slots=True)
class _Reader:
    """Walks over the blocks of a parsed text and gathers elements and marks."""

    text: str
    line_starts: Sequence[int]
    parsed: dict[int, tuple[list[Token], list[Mark], list[tuple[int, str]]]]
    words: frozenset[str]
    elements: list[Element] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    explained: dict[str, str] = field(default_factory=dict)
    """What stands before the mark of a footnote, by its label."""
    notes: dict[int, str] = field(default_factory=dict)
    """The label of the footnote that an element belongs to, by the element's place in ``elements``."""
    leads: list[str | None] = field(default_factory=list)
    """For each list that is open, what leads to it."""
    item: str | None = None
    before: str | None = None
    """The paragraph right before, where it ends in a colon."""
    note: str | None = None
    term: str | None = None
    around: TagReader | None = None
    """Reads the tags around other blocks, which may hide them."""

    def walk(self, tokens: Sequence[Token]) -> None:
        """Read every block."""
        i = 0
        while i < len(tokens):
            token = tokens[i]
            kind = token.type
            if token.map is not None and self._is_hidden(token, token.map):
                pass
            elif kind == "table_open":
                end = next(j for j in range(i, len(tokens)) if tokens[j].type == "table_close")
                self._table(tokens[i:end])
                i = end
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self.leads.append(self.item if self.leads else self.before)
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self.leads.pop()
                self.item = self.before = None
            elif kind == "footnote_reference_open":
                self.note = token.meta["label"]
            elif kind == "footnote_reference_close":
                self.note = None
            elif kind == "dl_close":
                self.term = None
            elif kind == "inline" and token.map is not None:
                self._inline(token, tokens[i - 1])
            elif kind in ("fence", "code_block") and token.map is not None:
                self._code(token, token.map)
            elif kind == "html_block" and token.map is not None:
                span = Span(self.line_starts[token.map[0]], self.line_starts[token.map[1]])
                tagged = read_tags(self.text, span)
                self.elements += tagged.elements
                self.marks += tagged.marks
            if kind in ("inline", "fence", "html_block", "hr", "table_open") and tokens[i - 1].type != "paragraph_open":
                self.before = None
            i += 1

    def _is_hidden(self, token: Token, lines: Sequence[int]) -> bool:
        """Whether tags in the blocks before a block hide it; where it has tags itself, they count from now on."""
        if token.type not in ("html_block", "inline", "fence", "code_block"):
            return False
        if token.type == "html_block" and self.around is None:
            self.around = TagReader(self.text)
        hidden = self.around is not None and self.around.hides
        if self.around is not None and (hidden or token.type == "html_block"):
            self.around.read(Span(self.line_starts[lines[0]], self.line_starts[lines[1]]))
        return hidden

    def _parsed(self, token: Token) -> tuple[list[Mark], list[tuple[int, str]]]:
        """The marks of a block's words, and where in them footnotes are named."""
        tokens, marks, notes = self.parsed.get(id(token.children), ([], [], []))
        return (marks, notes) if tokens is token.children else ([], [])

    def _plain(self, span: Span, marks: Sequence[Mark]) -> str:
        return reading(self.text, span, apart(marks))

    def _located(self, content: str, first: int) -> list[tuple[int, int, int]]:
        """Each line of a block's content: its offset there, where it stands in the text, and its length.

        A line of the content is the end of a line of the text, behind the signs of lists and quotes; only a heading
        may be followed by signs of its own.
        """
        located = []
        offset = 0
        for number, line in enumerate(content.split("\n"), first):
            words = line.strip()
            start, end = self.line_starts[number], self.line_starts[number + 1]
            source = self.text[start:end].rstrip()
            if not source.endswith(words):
                source = source.rstrip("#").rstrip()
            at = len(source) - len(words) if source.endswith(words) else max(source.find(words), 0)
            located.append((offset + len(line) - len(line.lstrip()), start + at, len(words)))
            offset += len(line) + 1
        return located

    def _inline(self, token: Token, opener: Token) -> None:
        assert token.map is not None
        located = self._located(token.content, token.map[0])
        span = Span(located[0][1], located[-1][1] + located[-1][2])
        if span.end <= span.start:
            return
        offsets = [line[0] for line in located]

        def place(offset: int) -> int:
            line = located[max(bisect_right(offsets, offset) - 1, 0)]
            return line[1] + min(max(offset - line[0], 0), line[2])

        found, notes = self._parsed(token)
        marks = [Mark(place(m.start), place(m.end), m.shown, m.added) for m in found]
        for number, (_, start, _) in enumerate(located[1:], token.map[0] + 1):
            sign = strip(self.text, self.line_starts[number], start)
            if sign.end > sign.start:  # that of a quote in front of a line
                marks.append(Mark(sign.start, start))
        marks += line_marks(self.text, span, self.words)
        if any(child.type == "html_inline" for child in token.children or ()):
            hidden = {mark.start: mark for mark in hidden_marks(self.text, span)}
            marks = [*(mark for mark in marks if mark.start not in hidden), *hidden.values()]
        marks = list(apart(marks))
        words = self._plain(span, marks)
        if not words:
            return
        self.marks += marks
        for offset, label in notes:
            self.explained.setdefault(label, self._plain(Span(span.start, place(offset)), marks))
        if self.note is not None:
            self.notes[len(self.elements)] = self.note
        lines = [self.text[start : start + length] for _, start, length in located]
        hard = any(child.type == "hardbreak" for child in token.children or ())
        kind: Literal["paragraph", "lines"] = "paragraph" if is_paragraph(lines, hard) else "lines"
        if opener.type == "heading_open":
            self.elements.append(Element("heading", span, int(opener.tag[1])))
        elif opener.type == "dt_open":
            self.term = words.rstrip(":")
        elif self.term is not None:
            self.elements.append(Element(kind, span, cue=self.term))
        elif self.leads:
            lead = self.leads[-1]
            self.elements.append(Element("item" if kind == "paragraph" else kind, span, len(self.leads) - 1, cue=lead))
            own = words if len(words) <= LONGEST_LEAD else None
            self.item = " › ".join(filter(None, (lead, own and own.rstrip(":")))) or None
        else:
            self.elements.append(Element(kind, span))
            self.before = words.rstrip(":") if words.endswith(":") and len(words) <= LONGEST_LEAD else None

    def _code(self, token: Token, lines: list[int]) -> None:
        first, last = lines
        if token.type == "fence":
            first += 1
            last = min(last, first + token.content.count("\n"))
        span = strip(self.text, self.line_starts[first], self.line_starts[max(first, last)])
        if span.end > span.start:
            self.elements.append(Element("code", span))

    def _table(self, tokens: Sequence[Token]) -> None:
        """The rows of a table, each with the heads of its columns; a row of one cell is the cue of those below."""
        heads: list[str] = []
        group = None
        for i, token in enumerate(tokens):
            if token.type != "tr_open" or token.map is None:
                continue
            cells = [tokens[j + 1] for j in range(i, _closing(tokens, i)) if tokens[j].type in ("th_open", "td_open")]
            spans = self._cells(token.map[0], [cell.content for cell in cells])
            marks = [m for cell, span in zip(cells, spans, strict=True) for m in self._cell_marks(cell, span)]
            words = [self._plain(span, marks) for span in spans]
            if tokens[i + 1].type == "th_open":
                heads = words
                continue
            filled = [n for n, word in enumerate(words) if word]
            if not filled:
                continue
            row = strip(self.text, self.line_starts[token.map[0]], self.line_starts[token.map[0] + 1])
            first = spans[filled[0]].start
            if self.text[row.start : first].lstrip("|").strip():  # the signs of a list or quote
                row = Span(first, row.end)
            if len(filled) == 1 and filled[0] == 0 and len(words) > 2:
                group = words[0]
            cue = " › ".join(filter(None, (self.before, group if len(filled) > 1 else None))) or None
            row_cells = [Cell(spans[n], heads[n] if len(filled) > 1 else "") for n in filled]
            self.elements.append(Element("row", row, cue=cue))
            self.marks += apart([*separators(row, row_cells), *marks])

    def _cells(self, line: int, contents: Sequence[str]) -> list[Span]:
        """Where the cells of a table's row stand in its line."""
        start, end = self.line_starts[line], self.line_starts[line + 1]
        source = self.text[start:end].rstrip()
        edges = [-1, *(m.start() for m in PIPE.finditer(source)), len(source)]
        parts = [strip(source, a + 1, b) for a, b in pairwise(edges)]
        if parts and not source[slice(*parts[0])].lstrip("> \t"):
            parts = parts[1:]
        spans = []
        for n, content in enumerate(contents):
            part = parts[n] if n < len(parts) else Span(len(source), len(source))
            if n == 0:  # the signs of a list or quote may stand before a first cell without its sign
                part = Span(max(part.start, part.end - len(content.replace("|", "\\|"))), part.end)
            spans.append(Span(start + part.start, start + part.end))
        return spans

    def _cell_marks(self, cell: Token, span: Span) -> Iterator[Mark]:
        found, notes = self._parsed(cell)
        content = cell.content
        # In a cell ``\|`` stands for a sign that separates none; the parser saw it without its backslash.
        hidden = [m.start() - n for n, m in enumerate(re.finditer(r"\\\|", self.text[slice(*span)]))]

        def place(offset: int) -> int:
            return span.start + min(offset + bisect_right(hidden, offset - 1), span.end - span.start)

        for mark in found:
            yield Mark(place(mark.start), place(mark.end), mark.shown)
        for offset in hidden:
            yield Mark(place(offset), place(offset) + 1)
        for offset, label in notes:
            self.explained.setdefault(label, content[:offset])


def _closing(tokens: Sequence[Token], opening: int) -> int:
    return next(j for j in range(opening, len(tokens)) if tokens[j].type == "tr_close")


PIPE = re.compile(r"(?<!\\)\|")


def _parser() -> tuple[MarkdownIt, Inline]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    inline = Inline()
    inline.ruler, inline.ruler2 = parser.inline.ruler, parser.inline.ruler2
    parser.inline = inline
    parser.use(footnote_plugin, inline=False, move_to_end=False).use(deflist_plugin)
    # These join neighbouring tokens into new ones, of which the places are not known.
    parser.disable(["fragments_join", "text_join"])
    return parser, inline


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    text, note = decode(data)
    metadata, body = read_front_matter(text)
    # markdown-it counts lines so; the doubled end stands for the line after a last one without its end.
    line_starts = [body] + [body + match.end() for match in re.finditer(r"\r\n|\n|\r", text[body:])] + [len(text)] * 2
    parser, inline = _parser()
    tokens = parser.parse(text[body:])
    reader = _Reader(text, line_starts, inline.found, words_of(text))
    reader.walk(tokens)
    elements = [
        replace(element, cue=explained(reader.explained.get(reader.notes[i]))) if i in reader.notes else element
        for i, element in enumerate(reader.elements)
    ]
    elements, marks = talk_of(text, elements, apart(reader.marks))
    layout = Layout(text, tuple(elements), None, metadata, with_gaps(text, elements, marks), note=note)
    title = next((layout.reads(e.span) for e in elements if e.kind == "heading" and e.level == 1), None)
    return replace(layout, title=title)
