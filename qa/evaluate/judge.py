"""What one answer is worth beside the gold: what was found, cited and quoted; no model judges."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from qa.evaluate.gold import GoldSet
from qa.evaluate.measures import Flags, Floats, token_f1
from qa.evaluate.response import Answerer, Located, Response, Retrieved
from qa.evaluate.statistics import Rows
from qa.types import Document, GoldQuestion

RIGHT_F1 = 0.5
"""Token F1 with an acceptable answer from which an answer counts as right."""
VERDICTS = {"yes", "no"}


class Judged(Struct, frozen=True):
    """One question, its answer, and what the gold says to it; measures are functions of this.

    ``run`` are the ids of what was retrieved, best first, each once; ``qrels`` the grades of all that is relevant.
    ``right`` says of each citation whether it overlaps evidence, ``equal`` whether its quote is at its place.
    """

    question: GoldQuestion
    response: Response
    run: tuple[str, ...]
    qrels: Mapping[str, int]
    right: tuple[bool, ...]
    equal: tuple[bool, ...]

    @property
    def answerable(self) -> bool:
        """Whether the documents answer the question."""
        return self.question.answerable

    @property
    def abstained(self) -> bool:
        """Whether the answerer said nothing."""
        return self.response.abstained

    @property
    def said(self) -> str | None:
        """What is held to the acceptable answers: the verdict where these are yes or no, else the answer."""
        decides = {answer.lower() for answer in self.question.answers} <= VERDICTS
        return self.response.verdict if decides and self.question.answers else self.response.answer

    @property
    def has_answer_key(self) -> bool:
        """Whether an answer can be told from a wrong one; a set that judges documents only cannot."""
        return bool(self.question.answers) or not self.answerable

    @property
    def first_right(self) -> bool:
        """Whether the first citation overlaps evidence."""
        return self.right[:1] == (True,)

    @property
    def is_right(self) -> bool:
        """Whether the question was answered, with enough of an acceptable answer and a right first citation."""
        return (
            self.answerable
            and not self.abstained
            and self.first_right
            and token_f1(self.said, self.question.answers) >= RIGHT_F1
        )

    @property
    def gains(self) -> list[int]:
        """The grades of what was retrieved, best rank first; 0 is not relevant."""
        return [self.qrels.get(unit, 0) for unit in self.run]


class Pool(Struct, frozen=True):
    """Confidence and outcome of all questions with an answer key as arrays, for measures that are not means.

    ``order`` is the confidence with abstentions behind all answers; ``wrong`` counts them as wrong.
    """

    answerable: Flags
    confidence: Floats
    order: Floats
    wrong: Flags

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> "Pool":
        """The pool of questions that all have an answer key."""
        confidence = np.array([j.response.confidence for j in judged], np.float64)
        abstained = np.array([j.abstained for j in judged], bool)
        return cls(
            answerable=np.array([j.answerable for j in judged], bool),
            confidence=confidence,
            order=confidence - 2.0 * abstained,
            wrong=~np.array([j.is_right for j in judged], bool),
        )

    def __len__(self) -> int:
        return len(self.wrong)

    def rows(self, rows: Rows) -> "Pool":
        """The pool of some of its questions, each as often as it is named."""
        return Pool(self.answerable[rows], self.confidence[rows], self.order[rows], self.wrong[rows])


def grade(place: Located, question: GoldQuestion) -> int:
    """The highest grade of the gold evidence that a place overlaps, 0 without any."""
    return max((e.grade for e in question.evidence if place.overlaps(e)), default=0)


def relevant(
    question: GoldQuestion, gold: GoldSet, known: Mapping[str, Sequence[Retrieved]], response: Response
) -> dict[str, int]:
    """The grades of everything relevant to a question, by id.

    Documents are graded by the set. A passage is relevant when it overlaps evidence; ``known`` are all passages by
    document, and where nobody knows them all, those that were returned. Evidence that no passage overlaps counts
    as one that was not found.
    """
    if gold.unit == "document":
        return {gold.names.get(e.doc_id, e.doc_id): e.grade for e in question.evidence}
    passages = [p for e in question.evidence for p in known.get(e.doc_id, ())] if known else response.passages
    found = {passage.passage_id: graded for passage in passages if (graded := grade(passage, question))}
    for e in question.evidence:
        if not any(passage.overlaps(e) for passage in passages):
            found[f"{e.doc_id}:{e.start}-{e.end}"] = e.grade
    return found


def judge(
    question: GoldQuestion,
    response: Response,
    gold: GoldSet,
    documents: Mapping[str, Document],
    known: Mapping[str, Sequence[Retrieved]],
    depth: int,
) -> Judged:
    """One answer beside the gold; ``depth`` results of the search are judged."""
    units = (gold.names.get(p.doc_id, p.doc_id) if gold.unit == "document" else p.passage_id for p in response.passages)
    return Judged(
        question=question,
        response=response,
        run=tuple(dict.fromkeys(units))[:depth],
        qrels=relevant(question, gold, known, response),
        right=tuple(grade(cited, question) > 0 for cited in response.citations),
        equal=tuple(
            c.doc_id in documents and 0 <= c.start < c.end and documents[c.doc_id].text[c.start : c.end] == c.quote
            for c in response.citations
        ),
    )


def ask(
    gold: GoldSet,
    documents: Mapping[str, Document],
    answerer: Answerer,
    depth: int,
    on_answer: Callable[[], object] = lambda: None,
) -> list[Judged]:
    """Ask every question of a grounded gold set, in its order, and judge the answers.

    ``documents`` are those that it was grounded on; ``on_answer`` is called after each question.
    """
    known: dict[str, list[Retrieved]] = {}
    for passage in answerer.passages() or ():
        known.setdefault(passage.doc_id, []).append(passage)
    found = []
    for question in gold.questions:
        found.append(judge(question, answerer.answer(question), gold, documents, known, depth))
        on_answer()
    return found
