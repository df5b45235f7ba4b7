"""Split documents into passages of a few sentences that never cross a block."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from qa.patterns import compiled
from qa.text import Mark, Shown, Span, marks_within, strip
from qa.types import Block, Document, Passage

# Words that end in a full stop without ending a sentence, in lower case and without that stop.
ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof st sr jr rev hon gen col capt lt sgt gov sen rep messrs mme mlle vs etc approx ca cf ed eds "
    "vol no nos pp fig figs art al inc ltd co corp dept univ est min max jan feb mar apr jun jul aug sep sept oct nov "
    "dec mon tue wed thu fri sat sun e.g i.e a.m p.m u.s u.k ph.d b.a m.a".split()
)
# An abbreviation from which a sentence may well go on or end; a capital letter after it decides nothing.
ALSO_AT_THE_END = frozenset(("etc", "a.m", "p.m", "inc", "ltd", "co", "jr", "sr", "al"))
# Each run of signs is tried from its first one only and never given back, so that the time is linear in the length.
BOUNDARY = compiled(r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’»)\]*_]*+(?=\s)|\n[ \t\r]*+\n")
OPENING = compiled(r"\s*+[\"'“‘«(\[*_]*(\w|[^\w\s])")
WORD_BEFORE = compiled(r"([^\s(\[\"'“‘«]+)$")
LONGEST_WORD = 40
"""Characters before a full stop that are looked at: no abbreviation is longer."""
LONGEST_SENTENCE = 2000
"""Characters above which a sentence is cut: whatever it is (a log, a list of numbers), no model reads on."""


class SplitterSettings(Struct, frozen=True):
    """Passages are filled up to ``max_words`` and at most ``max_sentences``; a longer sentence stays whole."""

    max_words: int = 60
    max_sentences: int = 4


def sentence_spans(text: str, block: Block, marks: Sequence[Mark] = ()) -> list[Span]:
    """The sentences of a block; where its lines stand for themselves, each line end ends one.

    They are found in the words as they are shown: markup behind a full stop hides no end, an entity is its character.
    """
    inside = marks_within(marks, block.span)
    shown = Shown.of(text, block.span, inside)
    # What only parts (the time between two who speak) belongs to no sentence.
    parting = {mark.end: mark.start for mark in inside if mark.added and mark.shown.isspace()}
    content = shown.text
    cuts: set[int] = set()
    if not block.whole:
        cuts.update(match.end() for match in BOUNDARY.finditer(content) if _ends_sentence(content, match))
        if block.lines:
            cuts.update(match.end() for match in re.finditer(r"\n", content))
    spans = []
    previous = block.span.start
    for cut in map(shown.source, _bounded(content, sorted(cuts))):
        span = strip(text, previous, parting.get(cut, cut))
        if span.end > span.start:
            spans.append(span)
        previous = cut
    return spans


def _bounded(content: str, cuts: Sequence[int]) -> Iterator[int]:
    """The cuts and the end, with more of them where a sentence would be too long: at a comma, else at a space."""
    previous = 0
    for cut in (*cuts, len(content)):
        while cut - previous > LONGEST_SENTENCE:
            window = content[previous : previous + LONGEST_SENTENCE]
            best = max(window.rfind(sign) for sign in (", ", "; ", "\n"))
            if best < LONGEST_SENTENCE // 2:
                best = max(best, window.rfind(" "))
            previous += best + 1 if best > 0 else LONGEST_SENTENCE
            yield previous
        yield cut
        previous = cut


def _ends_sentence(content: str, match: re.Match[str]) -> bool:
    if match[0].startswith("\n"):
        return True
    opening = OPENING.match(content, match.end())
    following = opening[1] if opening else ""
    if following.islower():
        return False
    if match[0].startswith(("..", "…")):
        # "Randal Douc ... Narrator" is one line of a cast.
        return match.start() == 0 or not content[match.start() - 1].isspace()
    if not match[0].startswith("."):
        return True
    before = WORD_BEFORE.search(content[max(0, match.start() - LONGEST_WORD) : match.start()])
    word = before[1].lower() if before else ""
    if word in ABBREVIATIONS:
        return word in ALSO_AT_THE_END and following.isupper()
    # Initials: "J. R. Smith"; not "Vitamin C. It" nor "part I. The", where the letter ends a phrase.
    initial = re.fullmatch(r"(?:[^\W\d_]\.)*[^\W\d_]", word) is not None and word != "i"
    return not initial or not following.isupper()


def _pack(text: str, sentences: Sequence[Span], settings: SplitterSettings) -> Iterator[tuple[Span, ...]]:
    """Groups of neighbouring sentences of about equal size, none over the limits if that can be."""
    words = [len(text[s.start : s.end].split()) for s in sentences]
    total = sum(words)
    groups = max(-(-total // settings.max_words), -(-len(sentences) // settings.max_sentences), 1)
    target = total / groups
    group: list[Span] = []
    size = 0
    for sentence, count in zip(sentences, words, strict=True):
        full = size + count > settings.max_words or len(group) == settings.max_sentences
        nearer_without = size + count / 2 > target
        if group and (full or nearer_without):
            yield tuple(group)
            group, size = [], 0
        group.append(sentence)
        size += count
    if group:
        yield tuple(group)


def slug(text: str, words: int = 4) -> str:
    """The first words of a heading as part of an id: lower case, letters and digits, hyphens."""
    return "-".join(re.findall(r"[^\W_]+", text.lower())[:words])


def split(document: Document, settings: SplitterSettings | None = None) -> list[Passage]:
    """The passages of a document in order.

    An id is ``document#section-hash``: the hash is of the passage's own words, so that it stays the same when
    the file changes elsewhere; a number tells the second of two equal passages of a section.
    """
    settings = settings or SplitterSettings()
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for block in document.blocks:
        for sentences in _pack(document.text, sentence_spans(document.text, block, document.marks), settings):
            start, end = sentences[0].start, sentences[-1].end
            text = document.text[start:end]
            digest = hashlib.sha256(text.encode()).hexdigest()[:6]
            name = f"{document.doc_id}#{slug(block.section or block.cue or 'text')}-{digest}"
            seen[name] = seen.get(name, 0) + 1
            passages.append(
                Passage(
                    passage_id=name if seen[name] == 1 else f"{name}-{seen[name]}",
                    doc_id=document.doc_id,
                    path=document.path,
                    title=document.title,
                    section=block.section,
                    cue=block.cue,
                    start=start,
                    end=end,
                    text=text,
                    sentences=sentences,
                    marks=marks_within(document.marks, Span(start, end)),
                )
            )
    return passages
