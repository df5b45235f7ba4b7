"""Who says what in plain text: chat logs, transcripts and screenplays.

The name stays in what is read, for it is often what is asked for; the time in front of it is taken away.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from qa.ingest.formats.prose import apart
from qa.patterns import compiled
from qa.text import Mark, PlainText, Span, marks_within
from qa.types import Element

DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[T ]{1,2}"
TIME = rf"(?:{DATE})?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,]\d{{1,3}})?)? ?(?:[AaPp]\.?[Mm]\.?)?"
NAME = r"[^\W\d_][\w.'’-]{0,30}(?: [\w.'’-]{1,30}){0,3}"
STAMPED = compiled(rf"(?:[\[(]{TIME}[\])]|{TIME})(?: ?[-–—|])? ?<?(?P<name>{NAME})>?(?P<gap>:[ \t]+|>[ \t]+|:$)")
NAMED = compiled(rf"<?(?P<name>{NAME})>? ?(?P<stamp>[\[(]{TIME}[\])]) ?(?P<gap>:?[ \t]*)")
BARE = compiled(r"(?P<name>[A-Z][\w.'’-]{0,30}(?: [A-Z][\w.'’-]{0,30}){0,3})(?: ?\([^()\n]{1,30}\))?(?P<gap>:[ \t]+)")
CUE = compiled(r"(?P<name>[^\W\d_a-z][^\Wa-z]*(?:[ .'’-]{1,2}[^\Wa-z]+){0,3})\.?(?: ?\((?P<aside>[^()\n]{1,30})\))?")
SCENE = compiled(r"(?:INT|EXT|INT\./EXT|I/E)[. ].{1,80}|(?:ACT|SCENE) [IVXL\d]{1,6}\b.{0,60}")

TURNS = 0.85
LINE = compiled(r"[^\n]+")
FEWEST = 2
"""Turns from which on stamped lines are a talk."""
FEWEST_BARE = 4
"""Turns from which on lines that only begin with a name are one; labels and their values look the same."""
LONGEST_EXCHANGE = 60
"""Words of a question and what answers it that still make one passage."""
SHORT_REPLY = 4
LONGEST_CUE = 200


class Turn(Struct):
    """What one speaker says: from the name to the end of the words; ``marks`` are what of it is not read."""

    name: str
    span: Span
    words: str
    marks: list[Mark]


class Style(Struct, frozen=True):
    """How a text writes who speaks; ``patterns`` are tried in order on the beginning of a line."""

    patterns: tuple[re.Pattern[str], ...]


def style_of(lines: Sequence[str]) -> Style | None:
    """The way in which the lines of a text name speakers; None where they do not."""
    patterns = []
    for pattern in (STAMPED, NAMED):
        if sum(pattern.match(line) is not None for line in lines) >= FEWEST:
            patterns.append(pattern)
    bare = [(match, line) for line in lines if (match := BARE.match(line))]
    names = Counter(match["name"] for match, _ in bare)
    # Labels recur too, where a text is a list of records; but people speak in sentences, and not in a fixed order.
    sentences = sum(line.rstrip()[-1] in ".!?…\"”'’)" or len(line[m.end() :].split()) > 7 for m, line in bare)
    recurs = sum(count > 1 for count in names.values())
    if (
        len(bare) >= FEWEST_BARE
        and len(names) > 1
        and recurs >= min(2, len(names) // 2 or 1)
        and 5 * sentences >= 3 * len(bare)
    ):
        patterns.append(BARE)
    return Style(tuple(patterns)) if patterns else None


def turn_at(text: str, span: Span, style: Style) -> Turn | None:
    """The turn that begins with a line."""
    match = _begun(text[span.start : span.end], style)
    if match is None:
        return None
    start = span.start + match.start("name")
    named = span.start + match.end("name")
    words = span.start + match.end()
    return Turn(match["name"], Span(start, span.end), text[words : span.end], _gap(match, named, words))


def _begun(line: str, style: Style) -> re.Match[str] | None:
    """How a line begins a turn: ``name``, and all that is in front of the words."""
    for pattern in style.patterns:
        match = pattern.match(line)
        if match and (pattern is not NAMED or match["gap"].strip() or match.end() == len(line)):
            return match
    return None


def _gap(match: re.Match[str], named: int, words: int) -> list[Mark]:
    """What stands between a name and the words, such as a time, as a colon; a colon as it is."""
    return [Mark(named, words, ": ", added=True)] if match.re is not BARE else []


def talk_of(text: str, elements: Sequence[Element], marks: Sequence[Mark]) -> tuple[list[Element], tuple[Mark, ...]]:
    """The elements and marks of a marked text, its paragraphs made turns where they name who speaks.

    ``marks`` are sorted; the line of a paragraph may begin a turn.
    """
    lines: list[list[tuple[Span, PlainText]]] = []
    for element in elements:
        said = element.kind in ("paragraph", "lines") and element.cue is None
        found = LINE.finditer(text, *element.span) if said else ()
        spans = [Span(*match.span()) for match in found]
        plains = [PlainText.of(text[slice(*span)], span.start, marks_within(marks, span)) for span in spans]
        lines.append([(span, plain) for span, plain in zip(spans, plains, strict=True) if plain.text])
    style = style_of([plain.text for one in lines for _, plain in one])
    if style is None or not _is_talk([one[0][1] for one in lines if one], style):
        return list(elements), tuple(marks)
    made: list[Element] = []
    more: list[Mark] = []
    turns: list[Turn] = []

    def close() -> None:
        for element, added in exchanges(text, turns):
            made.append(element)
            more.extend(added)
        turns.clear()

    for element, parts in zip(elements, lines, strict=True):
        for n, (span, plain) in enumerate(parts):
            turn = _turn_in(plain, style)
            if turn is not None:
                turns.append(turn)
            elif n and turns:
                turns[-1].span = Span(turns[-1].span.start, span.end)
                turns[-1].words += f" {plain.text}"
            else:
                close()
                made.append(element)
                break
        if not parts:
            close()
            made.append(element)
    close()
    # Of the white between two turns only counts that it parts them.
    between = {mark for gap in more for mark in marks_within(marks, Span(gap.start, gap.end))}
    return made, apart([*(mark for mark in marks if mark not in between), *more])


def _is_talk(paragraphs: Sequence[PlainText], style: Style) -> bool:
    """Whether nearly all paragraphs from the first turn to the last are turns; in interviews answers have no names."""
    turns = [i for i, plain in enumerate(paragraphs) if _turn_in(plain, style)]
    return bool(turns) and len(turns) >= TURNS * (turns[-1] - turns[0] + 1)


def _turn_in(plain: PlainText, style: Style) -> Turn | None:
    """The turn that begins with a line of a marked text."""
    match = _begun(plain.text, style)
    whole = plain.source(match.start("name"), len(plain.text)) if match else None
    words = plain.source(match.end(), len(plain.text)) if match else None
    if match is None or whole is None or words is None:
        return None
    gap = _gap(match, plain.ends[match.end("name") - 1], words.start)
    return Turn(match["name"], whole, plain.text[match.end() :], gap)


def interviewed(text: str) -> str | None:
    """Who answers the questions of one other person in a plain text; None where not two people alone are named so.

    A talk of which no title tells whose it is goes by that name: what is said of "the director" in front of it, and by
    "I" and "he" in it, is asked by the name.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    named = [(match["name"], line) for line in lines if (match := BARE.match(line))]
    for (asking, question), (answering, _) in pairwise(named):
        if _asks(question):
            return answering if {asking, answering} == {name for name, _ in named} and asking != answering else None
    return None


def cue_line(line: str) -> str | None:
    """The name in a line of a screenplay that only says who speaks next."""
    match = CUE.fullmatch(line)
    return match["name"] if match and not SCENE.match(line) and len(match["name"]) > 1 else None


def exchanges(text: str, turns: Sequence[Turn]) -> Iterator[tuple[Element, list[Mark]]]:
    """One element for each question with what answers it, and for each turn that stands for itself.

    Together they are one passage, so that the one who answers is found and not the one who asks; where that would be
    too long, the question is the cue of its answer.
    """
    group: list[Turn] = []
    asked: Turn | None = None
    for turn in turns:
        if group:
            before = group[-1]
            short = len(turn.words.split()) <= SHORT_REPLY and not _asks(turn.words)
            linked = before.name != turn.name and (_asks(before.words) or short)
            size = sum(len(one.words.split()) for one in group) + len(turn.words.split())
            if linked and size <= LONGEST_EXCHANGE:
                group.append(turn)
                continue
            yield _element(text, group, asked)
            asked = before if linked else None
            group = []
        group.append(turn)
    if group:
        yield _element(text, group, asked)


def _asks(words: str) -> bool:
    return words.rstrip(" \"”'’)*_").endswith("?")


def _element(text: str, turns: Sequence[Turn], asked: Turn | None) -> tuple[Element, list[Mark]]:
    marks = [mark for turn in turns for mark in turn.marks]
    # What stands between two turns is a time stamp or nothing; it parts sentences as an empty line does.
    for one, other in pairwise(turns):
        marks.append(Mark(one.span.end, other.span.start, "\n\n", added=True))
    cue = turns[0].name
    if asked is not None:
        cue = f"{cue} – {' '.join(f'{asked.name}: {asked.words}'.split())[-LONGEST_CUE:]}"
    return Element("turn", Span(turns[0].span.start, turns[-1].span.end), cue=cue), marks
