"""Who says what in plain text: chat logs, transcripts and screenplays.

The name stays in what is read, for it is often what is asked for; the time in front of it is taken away.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.text import Mark, Span
from qa.types import Element

DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[T ]{1,2}"
TIME = rf"(?:{DATE})?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,]\d{{1,3}})?)? ?(?:[AaPp]\.?[Mm]\.?)?"
NAME = r"[^\W\d_][\w.'’-]{0,30}(?: [\w.'’-]{1,30}){0,3}"
STAMPED = re.compile(rf"(?:[\[(]{TIME}[\])]|{TIME})(?: ?[-–—|])? ?<?(?P<name>{NAME})>?(?P<gap>:[ \t]+|>[ \t]+|:$)")
NAMED = re.compile(rf"<?(?P<name>{NAME})>? ?(?P<stamp>[\[(]{TIME}[\])]) ?(?P<gap>:?[ \t]*)")
BARE = re.compile(r"(?P<name>[A-Z][\w.'’-]{0,30}(?: [A-Z][\w.'’-]{0,30}){0,3})(?: ?\([^()\n]{1,30}\))?(?P<gap>:[ \t]+)")
CUE = re.compile(r"(?P<name>[^\W\d_a-z][^\Wa-z]*(?:[ .'’-]{1,2}[^\Wa-z]+){0,3})\.?(?: ?\((?P<aside>[^()\n]{1,30})\))?")
SCENE = re.compile(r"(?:INT|EXT|INT\./EXT|I/E)[. ].{1,80}|(?:ACT|SCENE) [IVXL\d]{1,6}\b.{0,60}")

FEWEST = 2
"""Turns from which on stamped lines are a talk."""
FEWEST_BARE = 4
"""Turns from which on lines that only begin with a name are one; labels and their values look the same."""
LONGEST_EXCHANGE = 60
"""Words of a question and what answers it that still make one passage."""
SHORT_REPLY = 4
LONGEST_CUE = 200


@dataclass(slots=True)
class Turn:
    """What one speaker says: from the name to the end of the words; ``marks`` are what of it is not read."""

    name: str
    span: Span
    words: str
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Style:
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
    line = text[span.start : span.end]
    for pattern in style.patterns:
        match = pattern.match(line)
        if match is None or (pattern is NAMED and not match["gap"].strip() and match.end() < len(line)):
            continue
        start = span.start + match.start("name")
        named = span.start + match.end("name")
        words = span.start + match.end()
        marks = [Mark(named, words, ": ", added=True)] if pattern is not BARE else []
        return Turn(match["name"], Span(start, span.end), text[words : span.end], marks)
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
