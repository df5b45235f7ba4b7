"""Training groups: one question with the passages that answer it and the passages that do not.

Two sources feed the reader and the encoder: public reading-comprehension records (``public_groups``) and
the invented films (``training.invented``). Both become the same ``Group``. Everything is drawn from one seeded
``random.Random``, so a seed names a training set.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import bm25s
from msgspec import Struct

from qa.models.cross_encoder import View
from qa.text import Span


class Example(View, frozen=True):
    """A passage as the reader sees it, with what it is to make of it."""

    answers_question: bool = False
    span: Span | None = None
    """The answer within ``text``; None for a wrong passage, and for a right one whose wording is not marked."""


class Group(Struct, frozen=True):
    """A question and its candidate passages."""

    question: str
    views: tuple[Example, ...]


class Record(Struct, frozen=True):
    """One public reading-comprehension question on one paragraph."""

    question: str
    title: str
    paragraph: str
    answers: tuple[Span, ...]


def read_records(path: Path) -> list[Record]:
    """Read ``id, title, context, question, answers`` lines from a gzip file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Record(
            question=row["question"].strip(),
            title=readable_title(row["title"]),
            paragraph=row["context"],
            answers=tuple(Span(a["start"], a["start"] + len(a["text"])) for a in row["answers"]),
        )
        for row in rows
    ]


def readable_title(title: str) -> str:
    """``Kanye_West`` → ``Kanye West``; identifiers that say nothing (``Amazon_Reviews_2060``) → empty."""
    if re.match(r"Amazon_Reviews|Filtered_Reddit|Wiki1k|s\d\d_e\d\d", title):
        return ""
    return title.replace("_", " ")


# ---------------------------------------------------------------- sentences and crops

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")


def sentences(text: str) -> list[Span]:
    """Sentence ranges by punctuation: ``"A b. C d?"`` → 0 to 4 and 5 to 9."""
    spans, start = list[Span](), 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.start()].strip():
            spans.append(Span(start, match.start() + len(match.group().rstrip())))
        start = match.end()
    if text[start:].strip():
        spans.append(Span(start, len(text.rstrip())))
    return spans


def words(text: str) -> int:
    """Number of white-space separated words."""
    return len(text.split())


def crop(text: str, keep: Span, rng: random.Random, most_words: int = 80) -> Span:
    """One to four whole sentences around ``keep``, at most ``most_words`` words unless ``keep`` needs more."""
    parts = sentences(text)
    first = max((i for i, (s, _) in enumerate(parts) if s <= keep[0]), default=0)
    last = max(first, max((i for i, (s, _) in enumerate(parts) if s < keep[1]), default=first))
    wanted = rng.randint(1, 4)
    while last - first + 1 < wanted:
        sides = [side for side, free in (("left", first > 0), ("right", last + 1 < len(parts))) if free]
        if not sides:
            break
        grown = (first - 1, last) if rng.choice(sides) == "left" else (first, last + 1)
        if words(text[parts[grown[0]][0] : parts[grown[1]][1]]) > most_words:
            break
        first, last = grown
    return Span(min(parts[first].start, keep.start), max(parts[last].end, keep.end))


def trimmed(text: str, span: Span) -> Span:
    """The range without white space and closing punctuation at its ends: ``" Paris. "`` → ``"Paris"``."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start + 1, span.start + len(inside.rstrip(" \n\t.,;:"))))


def without_answer(text: str, answer: Span) -> str:
    """The text with the sentences of the answer taken out."""
    kept = [text[s.start : s.end] for s in sentences(text) if not s.overlaps(answer)]
    return " ".join(kept)


def chunks(text: str, most_words: int = 60) -> list[str]:
    """Consecutive whole sentences packed into passages of at most ``most_words`` words."""
    packed: list[list[str]] = []
    for start, end in sentences(text):
        sentence = text[start:end]
        if packed and words(" ".join(packed[-1])) + words(sentence) <= most_words:
            packed[-1].append(sentence)
        else:
            packed.append([sentence])
    return [" ".join(chunk) for chunk in packed]


# ---------------------------------------------------------------- question noise

_QUESTION_WORDS = frozenset(
    "what which who whom whose when where why how is are was were do does did the a an of in on at to for "
    "by with it its he she they his her their that this has have had be been".split()
)


def noisy(question: str, rng: random.Random) -> str:
    """The question as a hurried person types it: lower case, no mark, one or two typos, or keywords only."""
    way = rng.randrange(4)
    if way == 0:
        return question.lower().rstrip(" ?")
    if way == 1:
        return question.rstrip(" ?")
    if way == 2:
        kept = [w for w in question.rstrip(" ?").split() if w.lower() not in _QUESTION_WORDS]
        return " ".join(kept) if len(kept) >= 2 else question.lower()
    return typo(typo(question.lower() if rng.random() < 0.5 else question, rng), rng)


def typo(text: str, rng: random.Random) -> str:
    """Swap, drop or double one letter inside a word of four letters or more."""
    places = [i for i in range(1, len(text) - 2) if text[i - 1 : i + 3].isalpha()]
    if not places:
        return text
    i = rng.choice(places)
    middle = rng.choice((text[i + 1] + text[i], text[i], text[i] * 2 + text[i + 1]))
    return text[:i] + middle + text[i + 2 :]


def with_another_name(question: str, paragraph: str, rng: random.Random) -> str | None:
    """The question with a name or number replaced by another of the paragraph, so that it has no answer.

    ``"When did Ray West open the store?"`` → ``"When did Good Water open the store?"``; None if nothing fits.
    """
    pattern = r"\b(?:[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*|\d[\d,.]*\d)\b"
    inside = [m for m in re.finditer(pattern, question) if m.start() > 0 and m.group() in paragraph]
    if not inside:
        return None
    match = rng.choice(inside)
    is_number = match.group()[0].isdigit()
    others = {
        name
        for name in re.findall(pattern, paragraph)
        if name not in question and name[0].isdigit() == is_number and name.lower() not in _QUESTION_WORDS
    }
    if not others:
        return None
    other: str = rng.choice(sorted(others))
    return question[: match.start()] + other + question[match.end() :]


# ---------------------------------------------------------------- public records

MIX: Mapping[str, int] = {
    "squad1_44_articles": 11_877,
    "squad2_articles": 12_468,
    "squadshifts_new_wiki": 7_923,
    "squadshifts_amazon": 5_000,
    "squadshifts_reddit": 5_000,
    "selqa": 1_588,
    "qamr_sentences": 5_000,
    "fairytaleqa": 2_500,
    "friendsqa": 1_182,
    "policyqa": 600,
}
"""Questions drawn from each public collection for one pass; SQuAD 2.0, alone in having hard questions without an
answer, three times over."""

WHOLE_PARAGRAPH_WORDS = 140
"""Longer paragraphs are always cropped."""


def public_groups(folder: Path, rng: random.Random, mix: Mapping[str, int] = MIX) -> list[Group]:
    """One shuffled pass over the public collections in ``folder``."""
    groups: list[Group] = []
    for name, count in mix.items():
        if not count:
            continue
        records = read_records(folder / f"{name}.jsonl.gz")
        rivals = Rivals(records)
        chosen = drawn(records, count, rng)
        wrong = rivals.search([record.question for record in chosen])
        for record, candidates in zip(chosen, wrong, strict=True):
            groups.extend(record_groups(record, candidates, rivals, rng))
    rng.shuffle(groups)
    return groups


def drawn(records: Sequence[Record], count: int, rng: random.Random) -> list[Record]:
    """``count`` records: all of them as often as they go into ``count``, the rest by lot."""
    times, rest = divmod(count, len(records))
    return [*records] * times + rng.sample(records, rest)


class Rivals:
    """BM25 over the chunks of one collection: the passages most easily mistaken for the answer's."""

    def __init__(self, records: Sequence[Record]) -> None:
        seen = {(record.title, record.paragraph) for record in records}
        self.paragraph = {chunk: paragraph for _, paragraph in sorted(seen) for chunk in chunks(paragraph)}
        self.views = [Example(title, chunk) for title, paragraph in sorted(seen) for chunk in chunks(paragraph)]
        self.index = bm25s.BM25(method="lucene")
        corpus = [view.text for view in self.views]
        self.index.index(bm25s.tokenize(corpus, stopwords="en", show_progress=False), show_progress=False)

    def search(self, questions: Sequence[str], k: int = 12) -> list[list[Example]]:
        """The ``k`` best chunks for each question."""
        tokens = bm25s.tokenize(list(questions), stopwords="en", show_progress=False)
        found, _ = self.index.retrieve(tokens, k=min(k, len(self.views)), show_progress=False)
        return [[self.views[i] for i in row] for row in found]


def record_groups(record: Record, wrong: Sequence[Example], rivals: Rivals, rng: random.Random) -> Iterator[Group]:
    """The group of one record, and sometimes a second one with a question made unanswerable."""
    question = noisy(record.question, rng) if rng.random() < 0.15 else record.question
    context = record.title if rng.random() < 0.5 else ""
    short = words(record.paragraph) <= WHOLE_PARAGRAPH_WORDS

    if not record.answers:
        if short:
            yield Group(question, (Example(context, record.paragraph),))
        near = [view for view in wrong if view.text in " ".join(record.paragraph.split())]
        if near:
            yield Group(question, (Example(context, near[0].text),))
        return

    answer = trimmed(record.paragraph, record.answers[0])
    whole = short and rng.random() < 0.5
    start, end = (0, len(record.paragraph)) if whole else crop(record.paragraph, answer, rng)
    text = record.paragraph[start:end]
    if words(text) > WHOLE_PARAGRAPH_WORDS:
        return
    positive = Example(context, text, True, Span(answer.start - start, answer.end - start))

    texts = {record.paragraph[s:e].casefold() for s, e in record.answers}
    negatives = []
    rest = without_answer(record.paragraph, answer)
    if rest and not whole:
        rest = rng.choice(chunks(rest))
    if words(rest) >= 8 and rng.random() < 0.5:
        negatives.append(Example(context, rest))
    others = [view for view in wrong if view.text not in record.paragraph][:4]
    if others and (not negatives or rng.random() < 0.25):
        other = rng.choice(others)
        paragraph = rivals.paragraph[other.text]
        long = whole and words(paragraph) <= WHOLE_PARAGRAPH_WORDS
        negatives.append(Example(other.context if context else "", paragraph if long else other.text))
    kept = [n for n in negatives if not any(t in n.text.casefold() for t in texts)]
    yield Group(question, (positive, *kept))

    if rng.random() < 0.3 and (changed := with_another_name(record.question, text, rng)):
        yield Group(changed, (Example(context, text),))
