"""The invented films: documents split as the product splits them, and their questions as training groups.

Gold evidence is stored as quotations; which passages are right follows by overlap, so that another splitter
needs no new judgements. Wrong passages are those of the same film that a retriever ranks highest.
"""

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from qa.ask.conversation import stand_alone
from qa.evaluate.gold import occurrences
from qa.ingest.corpus import document_of
from qa.ingest.splitter import split
from qa.search.bm25 import Bm25, Postings
from qa.search.build import lexical_text, passage_text
from qa.search.retriever import normalise
from qa.search.words import stems
from qa.text import Span
from qa.types import Document, Passage
from training.data import Example, Group, noisy, trimmed

FILMS = Path(__file__).parent / "films"
"""The films beside those of the data folder."""
Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit rows."""

REMEMBERED = 0.06
"""Share of the questions that are joined with another question of their film."""
DENSE_SHARE = 0.75
"""Weight of the cosine beside BM25 when wrong passages are ranked."""


@dataclass(frozen=True)
class FilmQuestion:
    """A question, and of every right passage (by its place in the film) where the answer stands in it."""

    question_id: str
    text: str
    kind: str
    answerable: bool
    answers: tuple[str, ...]
    right: Mapping[int, Span | None]


@dataclass(frozen=True)
class Film:
    """The passages of a film's documents, in order, and the questions asked about them."""

    film_id: str
    title: str
    passages: tuple[Passage, ...]
    questions: tuple[FilmQuestion, ...]


def read_films(paths: Iterable[Path]) -> list[Film]:
    """Read files that hold ``{"films": [...]}``, in order of film id."""
    films = [read_film(film) for path in paths for film in json.loads(path.read_text(encoding="utf-8"))["films"]]
    return sorted(films, key=lambda film: film.film_id)


def training_films(data: Path, folder: Path = FILMS) -> list[Film]:
    """The films that train: those of the data folder and those of ``folder``."""
    return read_films([data / "films" / "train.json", *sorted(folder.glob("*.json"))])


def read_film(film: Mapping[str, Any]) -> Film:
    """Split a film's documents and find every question's right passages."""
    documents = {row["doc_id"]: read_plain(row["doc_id"], row["text"], film["title"]) for row in film["documents"]}
    passages = tuple(passage for document in documents.values() for passage in split(document))
    questions = []
    for row in film["questions"]:
        evidence = [
            (item["doc"], span)
            for item in row["evidence"]
            for span in occurrences(item["text"], documents[item["doc"]].text)
        ]
        questions.append(
            FilmQuestion(
                question_id=row["id"],
                text=stand_alone(row["question"], row.get("history", [])) or row["question"],
                kind=row["kind"],
                answerable=row["answerable"],
                answers=tuple(row["answers"]),
                right=right_passages(passages, evidence, row["answers"]),
            )
        )
    return Film(film["film_id"], film["title"], passages, tuple(questions))


def read_plain(doc_id: str, text: str, title: str) -> Document:
    """A text as the product reads it from a file; one without a title of its own has that of its film."""
    document = document_of(text.encode(), f"{doc_id}.txt")
    return document if document.title != doc_id else replace(document, title=title)


def right_passages(
    passages: Sequence[Passage], evidence: Sequence[tuple[str, Span]], answers: Sequence[str]
) -> dict[int, Span | None]:
    """The passages that overlap the evidence, each with where the first answer stands in how it reads, if it does."""
    right: dict[int, Span | None] = {}
    for at, passage in enumerate(passages):
        overlaps = [span for doc_id, span in evidence if doc_id == passage.doc_id and span.overlaps(passage.span)]
        if overlaps:
            plain = passage.plain
            spans = [span for answer in answers for span in occurrences(answer, plain.text)]
            inside = [span for span in spans if touches(plain.source(*span), overlaps)]
            right[at] = trimmed(plain.text, (inside or spans)[0]) if spans else None
    return right


def touches(span: Span | None, others: Sequence[Span]) -> bool:
    """Whether a span of a document overlaps one of some others."""
    return span is not None and any(span.overlaps(other) for other in others)


# ---------------------------------------------------------------- ranking


@dataclass(frozen=True)
class Ranking:
    """Scores every passage of a film against a question: cosine and BM25, each stretched to 0..1."""

    words: Bm25
    vectors: Vectors

    def order(self, question: str, vector: Vectors) -> list[int]:
        """Places of the passages, best first."""
        found = self.words.scores(stems(question))
        lexical = np.zeros(len(self.vectors), np.float32)
        lexical[found.rows] = found.scores
        scores = DENSE_SHARE * normalise(self.vectors @ vector) + (1 - DENSE_SHARE) * normalise(lexical)
        return sorted(range(len(scores)), key=lambda i: (-scores[i], i))


def batched(model: Any) -> Encode:
    """A ``SentenceTransformer`` as a function from texts to unit rows."""

    def encode(texts: Sequence[str]) -> Vectors:
        rows = model.encode(list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, np.float32)

    return encode


class FilmRanker:
    """Rankings for many films, every text encoded once."""

    def __init__(self, films: Sequence[Film], encode: Encode) -> None:
        texts = [passage_text(passage) for film in films for passage in film.passages]
        questions = [question.text for film in films for question in film.questions]
        rows = encode([*texts, *questions])
        self._question = dict(zip(questions, rows[len(texts) :], strict=True))
        self._rankings = {}
        at = 0
        for film in films:
            count = len(film.passages)
            words = Bm25([Postings.build([stems(lexical_text(passage)) for passage in film.passages])])
            self._rankings[film.film_id] = Ranking(words, rows[at : at + count])
            at += count

    def order(self, film: Film, question: FilmQuestion) -> list[int]:
        """Places of the film's passages, nearest to the question first."""
        return self._rankings[film.film_id].order(question.text, self._question[question.text])


# ---------------------------------------------------------------- groups


def film_groups(films: Sequence[Film], ranker: FilmRanker, rng: random.Random, wrong: int = 5) -> list[Group]:
    """One shuffled pass: every question with its right passages and ``wrong`` near ones."""
    groups: list[Group] = []
    for film in films:
        for question in film.questions:
            groups.extend(question_groups(film, question, films, ranker, rng, wrong))
    rng.shuffle(groups)
    return groups


def question_groups(
    film: Film, question: FilmQuestion, films: Sequence[Film], ranker: FilmRanker, rng: random.Random, wrong: int
) -> Iterator[Group]:
    """The group of one question, and sometimes one of the same question put to another film."""
    # A passage that only touches the evidence is an example only where no passage holds the answer's words.
    marked = [at for at, span in question.right.items() if span is not None]
    right = rng.sample(marked or sorted(question.right), min(2, len(marked or question.right)))
    # The bare value of a label answers nothing: its label stands in the context line.
    bare = any(film.passages[at].cue and len(film.passages[at].text.split()) < 12 for at in right)
    with_context = bare or rng.random() < 0.85
    text = noisy(question.text, rng) if rng.random() < 0.08 and question.kind != "typo" else question.text
    if question.kind != "follow_up" and rng.random() < REMEMBERED:
        # As ``qa.ask.conversation`` joins a follow-up to the question before it: the first one is to be answered.
        text = f"{text} ({rng.choice(film.questions).text.partition(' (')[0].rstrip(' ?.!')})"
    order = [at for at in ranker.order(film, question) if at not in question.right]
    # A passage outside the gold that says the answer may be right, too: no example for "wrong".
    order = [at for at in order if not says_answer(film.passages[at], question)]
    wrong = wrong if question.answerable else wrong - 1
    chosen = order[:2] + rng.sample(order[2:12], min(wrong - 2, len(order[2:12])))
    views = [film_view(film.passages[at], with_context, True, question.right[at]) for at in right]
    views += [film_view(film.passages[at], with_context) for at in chosen]
    if right and rng.random() < 0.3:
        views += without_evidence(film.passages[right[0]], question, with_context)
    yield Group(text, tuple(views))

    if rng.random() < 0.12:
        other = rng.choice(films)
        if other.film_id != film.film_id and names_nothing_of(question, film, other):
            near = ranker.order(other, question)[:4]
            yield Group(text, tuple(film_view(other.passages[at], with_context) for at in near))


def film_view(passage: Passage, with_context: bool, right: bool = False, span: Span | None = None) -> Example:
    """A passage as the reader sees it."""
    return Example(passage.context if with_context else "", passage.plain.text, right, span)


def says_answer(passage: Passage, question: FilmQuestion) -> bool:
    """Whether one of the answers stands in the passage word for word."""
    text = passage.plain.text.casefold()
    return any(len(answer) > 3 and answer.casefold() in text for answer in question.answers)


def without_evidence(passage: Passage, question: FilmQuestion, with_context: bool) -> list[Example]:
    """The passage without the sentences that hold the answer; empty if nothing of weight remains."""
    kept = [
        passage.reads(sentence)
        for sentence in passage.sentences
        if not any(occurrences(answer, passage.reads(sentence)) for answer in question.answers)
    ]
    if not kept or len(kept) == len(passage.sentences):
        return []
    return [Example(passage.context if with_context else "", " ".join(kept))]


def names_nothing_of(question: FilmQuestion, film: Film, other: Film) -> bool:
    """Whether the question names someone or something, beside the film, that the other film never mentions."""
    names = re.findall(r"(?<=\s)[A-Z][\w'’-]{3,}", question.text)
    said = " ".join(passage.plain.text for passage in other.passages)
    return any(name not in film.title and name not in said for name in names)
