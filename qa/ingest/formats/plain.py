"""Plain text as people lay it out: wrapped paragraphs, headings, lists, drawn tables, chats and screenplays."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from qa.ingest.formats.drawn import table_rows
from qa.ingest.formats.encoding import decode
from qa.ingest.formats.layout import Layout
from qa.ingest.formats.prose import LONGEST_LEAD, apart, is_wrapped, line_marks, words_of
from qa.ingest.formats.talk import SCENE, Style, Turn, cue_line, exchanges, style_of, turn_at
from qa.text import Mark, Span, strip
from qa.types import Element

WIKI_SIGNS = re.compile(r"={1,6}")
UNDERLINE = re.compile(r"(={3,}+|-{3,}+|~{3,}+|\*{3,}+|#{3,}+)")
MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
WEEKDAY = r"(?:Mon|Tue|Tues|Wed|Wednes|Thu|Thurs|Fri|Sat|Satur|Sun)(?:day)?\.?"
NTH = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = (
    rf"(?:(?:the )?{NTH} (?:of )?{MONTH}(?:,? \d{{4}})?|{MONTH} {NTH}(?:,? \d{{4}})?"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})?)"
)
DAY = re.compile(
    rf"[-–—=* ]{{0,6}}(?:(?P<weekday>{WEEKDAY})(?:,? {DATE})?|{DATE}(?:,? \(?{WEEKDAY}\)?)?"
    r"|Day \d{1,3})[:.]?[-–—=* ]{0,6}",
    re.I,
)
NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?P<sign>[.)]?) +(?!" + MONTH + r"\b)[^\W\d_a-z].{0,90}")
CHAPTER = re.compile(
    r"(?:chapter|part|section|appendix|book|annex) (?:\d{1,3}|[IVXLC]{1,7}|[A-Z]"
    r"|one|two|three|four|five|six|seven|eight|nine|ten)\b.{0,80}",
    re.I,
)
BULLET = re.compile(r"(?:[-*•–·◦+]|\d{1,2}[.)]|\(?[a-z]\))[ \t]+(?=\S)")
SIGNED = re.compile(r"(?P<quote>(?:>[ \t]?)+)|(?P<remark>#+|//+|;+|%+)(?:[ \t]+|$)")
"""What stands before every line of a quoted text or of a remark in a file of settings."""
HEADING_WORDS = 10
LONGEST_DAY = 60
PARENTS = 3


class _Line(NamedTuple):
    """A line without the white space at its ends, and how far it is indented."""

    span: Span
    indent: int
    words: str


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    text, note = decode(data)
    reader = _Reader(text)
    reader.read()
    layout = Layout(text, tuple(reader.elements), marked=reader.marked, marks=apart(reader.marks), note=note)
    return Layout(
        text,
        layout.elements,
        find_title(text, reader.elements),
        marks=layout.marks,
        marked=reader.marked,
        note=note,
    )


@dataclass(slots=True)
class _Reader:
    """Reads the paragraphs of a text, each a run of lines between blank ones."""

    text: str
    elements: list[Element] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    marked: bool = False
    _style: Style | None = None
    _screenplay: bool = False
    _words: frozenset[str] = frozenset()
    _days: bool = False
    _numbered: bool = False
    """Whether lines by themselves are numbered from 1 on without a full stop behind the number."""
    _turns: list[Turn] = field(default_factory=list)

    def read(self) -> None:
        """Read everything."""
        days = (line.strip() for line in self.text.split("\n") if len(line) <= LONGEST_DAY)
        self._days = sum(DAY.fullmatch(line) is not None for line in days if line) > 1
        runs = self._runs()
        lines = [line.words for run in runs for line in run]
        self._style = style_of(lines)
        cues = [run for run in runs if len(run) > 1 and cue_line(run[0].words)]
        self._screenplay = len(cues) > 1 and any(run[0].indent for run in cues)
        self._words = words_of(self.text)
        self._numbered = any(len(run) == 1 and run[0].words.startswith("1 ") for run in runs)
        for i, run in enumerate(runs):
            self._run(run, runs[i + 1] if i + 1 < len(runs) else None)
        self._close_talk()

    def _runs(self) -> list[list[_Line]]:
        runs: list[list[_Line]] = [[]]
        before = ""
        for line, sign in self._signed():
            if not line.words or sign != before:
                if runs[-1]:
                    runs.append([])
                before = sign
                if not line.words:
                    continue
            if self._stands_alone(line):
                runs += [[line], []]
            else:
                runs[-1].append(line)
        return [run for run in runs if run]

    def _signed(self) -> Iterator[tuple[_Line, str]]:
        """Every line without the sign of a quote or remark before it, and that sign."""
        lines = []
        for match in re.finditer(r"[^\n]*\n?", self.text):
            span = strip(self.text, match.start(), match.end())
            sign = SIGNED.match(self.text, *span)
            lines.append((match.start(), span, sign))
        kinds = [(sign["quote"] and ">") or sign["remark"] if sign else "" for _, _, sign in lines]
        for i, (start, span, sign) in enumerate(lines):
            # One line with the sign of a remark may be anything, such as a heading.
            if sign is not None and (sign["quote"] or kinds[i] in (kinds[i - 1] if i else "", *kinds[i + 1 : i + 2])):
                self.marks.append(Mark(span.start, sign.end()))
                words = strip(self.text, sign.end(), span.end)
                yield _Line(words, words.start - sign.end(), self.text[slice(*words)]), sign[0].replace(" ", "")
            else:
                yield _Line(span, span.start - start, self.text[slice(*span)]), ""

    def _stands_alone(self, line: _Line) -> bool:
        """Whether a line is a heading even where the text follows right below it."""
        return _wiki(line.words) is not None or self._is_day(line.words)

    def _is_day(self, words: str) -> bool:
        """Whether a line heads what happened on a day; a single date may well be the value of a label."""
        day = DAY.fullmatch(words) if len(words) <= LONGEST_DAY else None
        return day is not None and (self._days or day["weekday"] is not None)

    def _run(self, run: list[_Line], following: list[_Line] | None) -> None:
        if self._talk(run):
            return
        self._close_talk()
        if len(run) == 1 and self._heading(run[0], following):
            return
        if _underlined(run):
            self.marked = True
            self.elements.append(Element("heading", run[0].span, 1 if run[1].words[0] in "=*#" else 2))
            run = run[2:]
            if not run:
                return
        if rows := table_rows(self.text, [line.span for line in run], self._lead()):
            for element, marks in rows:
                self.elements.append(element)
                self.marks += marks
            return
        self._list(run) if any(BULLET.match(line.words) for line in run) else self._prose(run)

    def _lead(self) -> str | None:
        """The words right before, where they lead to what follows."""
        last = self.elements[-1] if self.elements else None
        if last is None or last.kind not in ("paragraph", "lines") or last.span.end - last.span.start > LONGEST_LEAD:
            return None
        words = " ".join(self.text[last.span.start : last.span.end].split())
        return words.rstrip(":") if words.endswith(":") else None

    def _heading(self, line: _Line, following: Sequence[_Line] | None) -> bool:
        words = line.words
        if wiki := _wiki(words):
            self.marked = True
            level, start, end = wiki
            self.elements.append(Element("heading", Span(line.span.start + start, line.span.start + end), level))
            return True
        if following is None or len(words.split()) > HEADING_WORDS or words[-1] in ".;,?!":
            return False
        if self._is_day(words):
            return self._lead() is None and self._add_heading(line, 4)
        if SCENE.fullmatch(words):
            return self._add_heading(line, 3)
        if CHAPTER.fullmatch(words):
            return self._add_heading(line, 2)
        numbered = NUMBERED.fullmatch(words)
        if numbered and (self._numbered or numbered["sign"] or "." in numbered["number"]):
            other = NUMBERED.fullmatch(following[0].words) if len(following) == 1 else None
            depth = numbered["number"].count(".")
            if other is None or other["number"].count(".") > depth:
                return self._add_heading(line, min(2 + depth, 6))
            return False
        letters = [c for c in words if c.isalpha()]
        if len(letters) > 2 and words == words.upper() and words != words.lower() and ":" not in words[:-1]:
            return self._add_heading(line, 2 if self.elements else 1)
        return False

    def _add_heading(self, line: _Line, level: int) -> bool:
        span = line.span
        words = line.words.strip("-–—=* ").rstrip(":")
        start = span.start + line.words.index(words)
        self.elements.append(Element("heading", Span(start, start + len(words)), level))
        return True

    def _talk(self, run: list[_Line]) -> bool:
        """Take a run as what people say, if it is that."""
        if self._screenplay and len(run) > 1 and (name := cue_line(run[0].words)):
            self._close_talk()
            start, words = run[0].span.start, run[1].span.start
            span = Span(start, run[-1].span.end)
            said = self.text[words : span.end]
            marks = [
                Mark(start + len(name), words, ": ", added=True),
                *line_marks(self.text, Span(words, span.end), self._words),
            ]
            self.elements.append(Element("turn", span, cue=name))
            self.marks += marks
            return bool(said)
        if self._style is None:
            return False
        turn = turn_at(self.text, run[0].span, self._style)
        if turn is None:
            return False
        for line in run[1:]:
            following = turn_at(self.text, line.span, self._style)
            if following is None:
                turn.span = Span(turn.span.start, line.span.end)
                turn.words += "\n" + line.words
                continue
            self._turns.append(turn)
            turn = following
        self._turns.append(turn)
        return True

    def _close_talk(self) -> None:
        for element, marks in exchanges(self.text, self._turns):
            self.elements.append(element)
            self.marks += [*marks, *line_marks(self.text, element.span, self._words)]
        self._turns = []

    def _list(self, run: list[_Line]) -> None:
        """Items that are wrapped or led to stand for themselves; short lines without more are lines of a list."""
        first = next(i for i, line in enumerate(run) if BULLET.match(line.words))
        if first:
            self._prose(run[:first])
        lead = self._lead()
        items: list[list[_Line]] = []
        for line in run[first:]:
            if BULLET.match(line.words) or not items:
                items.append([line])
            else:
                items[-1].append(line)
        if all(len(item) == 1 for item in items) and lead is None:
            self._prose(run[first:], lines=True)
            return
        indents = sorted({item[0].indent for item in items})
        parents: list[str] = []
        for item in items:
            level = min(indents.index(item[0].indent), len(parents))
            bullet = BULLET.match(item[0].words)
            start = item[0].span.start + (bullet.end() if bullet else 0)
            span = Span(start, item[-1].span.end)
            del parents[level:]
            cue = " › ".join(filter(None, (lead, *parents[-PARENTS:]))) or None
            self.elements.append(Element("item", span, level, cue=cue))
            self.marks += line_marks(self.text, span, self._words)
            words = " ".join(self.text[span.start : span.end].split())
            parents.append(words if len(words) <= LONGEST_LEAD else "")

    def _prose(self, run: Sequence[_Line], *, lines: bool = False) -> None:
        span = Span(run[0].span.start, run[-1].span.end)
        wrapped = len(run) == 1 or (not lines and is_wrapped([line.words for line in run]))
        kind: Literal["paragraph", "lines"] = "paragraph" if wrapped else "lines"
        self.elements.append(Element(kind, span))
        self.marks += line_marks(self.text, span, self._words)


def _wiki(words: str) -> tuple[int, int, int] | None:
    """Level, start and end of a ``== heading ==``."""
    signs = WIKI_SIGNS.match(words)
    if signs is None or not words.endswith(signs[0]):
        return None
    level = len(signs[0])
    inner = words[level : len(words) - level]
    name = inner.strip()
    if not name:
        return None
    start = level + len(inner) - len(inner.lstrip())
    return level, start, start + len(name)


def _underlined(run: Sequence[_Line]) -> bool:
    """Whether a first line is a heading, drawn over a rule that is not that of a table."""
    if len(run) < 2 or not UNDERLINE.fullmatch(run[1].words) or UNDERLINE.fullmatch(run[0].words):
        return False
    table = len(run) > 2 and re.search(r"\S(?: {2}|\t)", run[0].words) is not None
    return not table and len(run[0].words.split()) <= 2 * HEADING_WORDS


def find_title(text: str, elements: Sequence[Element]) -> str | None:
    """A first-level heading, or a short title-like line among the first few that is not a caption.

    Captions are recognised by being there twice, as a browser copies a picture's description and its caption.
    """
    for element in elements:
        if element.kind == "heading" and element.level == 1:
            return text[element.span.start : element.span.end]
    for element in _first_words(elements):
        words = text[element.span.start : element.span.end]
        lines = words.split("\n", 2) if element.kind == "lines" else [words]
        line = lines[0].strip()
        repeated = len(lines) > 1 and lines[1].strip() == line
        if not repeated and len(line.split()) <= 9 and re.match(r"[^\W\d_]", line) and line[-1] not in ".:;,?":
            return " ".join(line.split())
        if len(line.split()) > 25:
            break
    return None


def _first_words(elements: Sequence[Element]) -> Iterator[Element]:
    """The first four pieces of text, unless a table or a talk begins before."""
    found = 0
    for element in elements:
        if element.kind in ("row", "turn", "item", "code") or found == 4:
            return
        if element.kind != "heading":
            found += 1
            yield element
