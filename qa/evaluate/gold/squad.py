"""SQuAD 1.1 and 2.0: one JSON object of articles, paragraphs and questions."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa.errors import GoldError
from qa.evaluate.gold.gold_set import GoldSet, file_slug, objects, writable
from qa.ingest.corpus import sha256
from qa.types import Evidence, GoldQuestion


def read_squad(path: Path, data: bytes, loaded: Mapping[str, Any]) -> GoldSet:
    """Each article becomes one document: its paragraphs with a blank line between them.

    The evidence is the answers' own spans. An ``answer_start`` that is off is mended to the nearest occurrence.
    """
    problems: list[str] = []
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    questions: dict[str, GoldQuestion] = {}
    for number, article in enumerate(objects(loaded, "data", str(path), problems), 1):
        where = f"{path}: article {number}"
        title = article.get("title") or f"article {number}"
        doc_id = f"{number:04d}-{file_slug(str(title))}"
        text = ""
        for paragraph_number, paragraph in enumerate(objects(article, "paragraphs", where, problems), 1):
            context = paragraph.get("context")
            if not isinstance(context, str):
                problems.append(f"{where}, paragraph {paragraph_number}: context must be a string")
                continue
            base = len(text)
            text += writable(context) + "\n\n"
            for qa in objects(paragraph, "qas", f"{where}, paragraph {paragraph_number}", problems):
                try:
                    question = _squad_question(qa, context, base, doc_id, str(title))
                    if question.id in questions:
                        raise ValueError(f"the id {question.id!r} is there twice")
                except ValueError as error:
                    problems.append(f"{where}, paragraph {paragraph_number}: {error}")
                else:
                    questions[question.id] = question
        texts[f"{doc_id}.txt"] = text
        names[doc_id] = doc_id
    if problems:
        raise GoldError(problems)
    return GoldSet(path.name, "squad", sha256(data), tuple(questions.values()), {"": texts}, names)


def _squad_question(qa: Mapping[str, Any], context: str, base: int, doc_id: str, title: str) -> GoldQuestion:
    if not isinstance(qa.get("id"), str | int) or not isinstance(qa.get("question"), str):
        raise ValueError("a question must have an id and a question")
    answers: list[str] = []
    spans: set[tuple[int, int]] = set()
    for answer in [] if qa.get("is_impossible") else qa.get("answers") or []:
        text = answer.get("text") if isinstance(answer, dict) else None
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"question {qa['id']!r}: an answer must have a text")
        start = answer.get("answer_start")
        places = [match.start() for match in re.finditer(re.escape(text), context)]
        if not places:
            raise ValueError(f"question {qa['id']!r}: the answer {text!r} is not in its paragraph")
        wanted = start if type(start) is int else 0
        start = base + min(places, key=lambda place: (abs(place - wanted), place))
        spans.add((start, start + len(text)))
        if text not in answers:
            answers.append(text)
    evidence = tuple(
        Evidence(doc_id, start, end, writable(context)[start - base : end - base]) for start, end in sorted(spans)
    )
    return GoldQuestion(
        id=str(qa["id"]),
        question=qa["question"],
        kind="answerable" if evidence else "unanswerable",
        fact=f"{title} {base}",
        answers=tuple(answers),
        evidence=evidence,
    )
