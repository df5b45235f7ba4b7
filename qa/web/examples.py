"""Questions to begin with, of different kinds, drawn from whatever the documents hold.

Drawn are the questions in them, their labels put as questions, rows and columns of their tables, their headings, the
years and the things that they define. A question is offered only if it is answered from where it was drawn.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from qa.search.words import content_words
from qa.types import Answer, Passage

TEMPLATES = {
    "director": "Who directed {title}?",
    "directed by": "Who directed {title}?",
    "producer": "Who produced {title}?",
    "writer": "Who wrote {title}?",
    "author": "Who wrote {title}?",
    "music": "Who composed the music of {title}?",
    "composed by": "Who composed the music?",
    "narrator": "Who narrates {title}?",
    "cinematography": "Who was the cinematographer of {title}?",
    "runtime": "How long is {title}?",
    "length": "How long is {title}?",
    "height": "How high is {title}?",
    "price": "What does {title} cost?",
    "released": "When was {title} released?",
    "release": "When was {title} released?",
    "built": "When was {title} built?",
    "founded": "When was {title} founded?",
    "born": "When was {title} born?",
    "country": "Which countries produced {title}?",
    "awards": "Which awards did {title} win?",
}
"""Questions for labels that have one; others are asked for by name."""
LABEL = re.compile(r"^[ \t*-]*([A-Z][\w ]{2,30}):\s", re.MULTILINE)
DEFINED = re.compile(r"((?:The )?[A-Z][\w'’-]+(?: (?:of |the )?[A-Z][\w'’-]+){0,3}) (?:is|was) an? ([\w-]+)")
PEOPLE = frozenset(
    "man woman person director writer author poet painter singer sculptor composer teacher keeper".split()
)
SAYS_NOTHING = frozenset("overview introduction summary contents references notes details abstract conclusion".split())
YEAR = re.compile(r"\b(?:in|of|since) (1[5-9]\d\d|20\d\d)\b", re.IGNORECASE)
LONGEST = 70
"""Characters of a question that is offered, and of a title that a label is asked with."""
MOST_PASSAGES = 3000
"""Passages that are looked at, spread over all of them."""
MOST = 120
"""Questions that are tried."""
Drawn = Iterator[str]


def candidates(passages: Sequence[Passage]) -> Iterator[tuple[str, Passage]]:
    """Questions that may be worth asking, each with the passage that should answer it; kinds in turn.

    A kind is how a question was drawn and the word that it begins with.
    """
    step = max(1, len(passages) // MOST_PASSAGES)
    kinds: dict[tuple[int, str], dict[str, Passage]] = {}
    for passage in passages[::step]:
        for place, drawn in enumerate((labelled, asked, told_in_rows, defined, headed, dated, named)):
            for question in drawn(passage):
                if len(question) <= LONGEST:
                    kind = place, question.partition(" ")[0]
                    kinds.setdefault(kind, {}).setdefault(question, passage)
    yield from _in_turn([list(kinds[kind].items()) for kind in sorted(kinds, key=lambda kind: kind[0])])


def _in_turn(kinds: Sequence[Sequence[tuple[str, Passage]]]) -> Iterator[tuple[str, Passage]]:
    """One of each kind, then the next of each; no question twice."""
    seen: set[str] = set()
    longest = max(map(len, kinds), default=0)
    for question, passage in chain.from_iterable(zip_at(kinds, i) for i in range(longest)):
        if len(seen) < MOST and question not in seen:
            seen.add(question)
            yield question, passage


def zip_at(kinds: Sequence[Sequence[tuple[str, Passage]]], place: int) -> Iterator[tuple[str, Passage]]:
    """What each kind has at a place."""
    return (of_kind[place] for of_kind in kinds if place < len(of_kind))


def labelled(passage: Passage) -> Drawn:
    """Asks for what a known label names: how long it is for "Runtime: 92 minutes"."""
    title = without_bracket(passage.title)
    for label in labels_of(passage):
        known = TEMPLATES.get(label.lower())
        if known and len(title) <= LONGEST:
            yield known.format(title=title)


def named(passage: Passage) -> Drawn:
    """Asks for another label by its name."""
    for label in labels_of(passage):
        words = label.split()
        if label.lower() not in TEMPLATES and 1 <= len(words) <= 3 and "".join(words).isalpha() and label[0].isupper():
            yield f"What {'are' if label.endswith('s') else 'is'} the {label[0].lower()}{label[1:]}?"


def labels_of(passage: Passage) -> list[str]:
    """The labels in front of values: of the whole passage, and in its lines."""
    cue = (passage.cue or "").strip().rstrip(":")
    return [cue, *LABEL.findall(passage.text)]


def asked(passage: Passage) -> Drawn:
    """A question that the document itself asks; who asks is not part of it."""
    cue = (passage.cue or "").strip()
    if cue.endswith("?") and len(content_words(cue)) > 1:
        yield re.sub(r"^[^:?]{1,40}:\s+", "", cue).strip("* ")


def told_in_rows(passage: Passage) -> Drawn:
    """Asks for a cell of a table's row, and for a column's most."""
    heads = [mark for mark in passage.marks if mark.added and mark.shown.endswith(": ")]
    if len(heads) < 2 or heads[0].start != passage.start:
        return
    name = passage.text[heads[0].end - passage.start : heads[1].start - passage.start].strip(" |\t\"'*,;")
    first, *others = (mark.shown.removeprefix("; ")[:-2] for mark in heads)
    if not name or len(name) > LONGEST:
        return
    last = len(passage.text)
    for mark, following, head in zip(heads[1:], [*heads[2:], None], others, strict=True):
        cell = passage.text[mark.end - passage.start : following.start - passage.start if following else last]
        if any(c.isdigit() for c in cell):
            yield f"Which {first.lower()} has the highest {head.lower()}?"
        yield f"What is the {head} of {name}?"


def defined(passage: Passage) -> Drawn:
    """Asks for what a sentence says that something is."""
    found = DEFINED.match(passage.plain.text)
    if found:
        yield f"{'Who' if found[2].lower() in PEOPLE else 'What'} is {found[1].replace('The ', 'the ', 1)}?"


def headed(passage: Passage) -> Drawn:
    """Asks for what stands below a heading."""
    section = (passage.section or "").strip()
    plain = section.replace(" ", "").isalpha() and section.lower() not in SAYS_NOTHING
    if plain and len(section.split()) <= 4 and section != passage.title:
        yield f"What do the sources say about {section}?"


def dated(passage: Passage) -> Drawn:
    """Asks for what a year saw."""
    for year in YEAR.findall(passage.plain.text)[:1]:
        yield f"What happened in {year}?"


def without_bracket(title: str) -> str:
    """A title without the bracket at its end.

    >>> without_bracket("The Missing Picture (2013)")
    'The Missing Picture'
    """
    bare = title.partition("(")[0].rstrip()
    return bare if bare and title.endswith(")") else title


def is_answered(answer: Answer, passage: Passage) -> bool:
    """Whether one of the citations lies in the passage, or the answer is one that sources agree on.

    Of a list or an overview it is enough that one of its things comes from the passage's document.
    """
    if answer.items:
        return any(citation.path == passage.path for item in answer.items for citation in item.citations)
    return any(
        citation.path == passage.path and citation.start < passage.end and passage.start < citation.end
        for citation in answer.citations
    )
