"""Our form: one object a line, asked of the user's corpus::

    {"id": "q1", "split": "test", "kind": "factoid", "fact": "runtime", "question": "How long is it?", "history": [],
     "answerable": true, "answers": ["92 minutes", "92"],
     "evidence": [{"doc_id": "encyclopaedia", "start": 612, "end": 631, "quote": "Runtime: 92 minutes"}]}

Only ``id`` and ``question`` must be there. Evidence is spans of documents, so that any splitter can be judged;
``start`` and ``end`` may be left out, and then every place where the quote stands counts. A document is named by its
id or its file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa.errors import GoldError
from qa.evaluate.gold.gold_set import UNPLACED, GoldSet, decode_utf8
from qa.ingest.corpus import sha256
from qa.jsonl import json_lines
from qa.types import Evidence, GoldQuestion

KEYS = frozenset("id split kind fact question history answerable answers evidence".split())
EVIDENCE_KEYS = frozenset("doc_id start end quote".split())


def read_ours(path: Path, data: bytes) -> GoldSet:
    """The questions of a file; raises ``GoldError`` with every wrong line."""
    problems: list[str] = []
    questions: dict[str, GoldQuestion] = {}
    facts: dict[str, GoldQuestion] = {}
    for where, row in json_lines(str(path), decode_utf8(path, data), problems.append):
        try:
            question = read_question(row)
            if question.id in questions:
                raise ValueError(f"the id {question.id!r} is there twice")
            first = facts.setdefault(question.fact, question)
            if first.split != question.split:
                raise ValueError(f"the fact {question.fact!r} is in the split {first.split!r} too ({first.id})")
        except ValueError as error:
            problems.append(f"{where}: {error}")
        else:
            questions[question.id] = question
    if problems:
        raise GoldError(problems)
    return GoldSet(path.name, "qa", sha256(data), tuple(questions.values()))


def read_question(row: Mapping[str, Any]) -> GoldQuestion:
    """A line of our form; raises ``ValueError`` with what is wrong with it."""
    if unknown := row.keys() - KEYS:
        raise ValueError(f"unknown key {min(unknown)!r}; known are {', '.join(sorted(KEYS))}")
    for key in ("id", "question"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise ValueError(f"{key} must be a string with something in it, not {row.get(key)!r}")
    for key in ("kind", "fact", "split"):
        if not isinstance(row.get(key, ""), str | None):
            raise ValueError(f"{key} must be a string, not {row[key]!r}")
    for key in ("history", "answers", "evidence"):
        if not isinstance(row.get(key) or [], list):
            raise ValueError(f"{key} must be a list, not {row[key]!r}")
    history, answers = row.get("history") or [], row.get("answers") or []
    if not all(isinstance(text, str) and text.strip() for text in (*history, *answers)):
        raise ValueError("history and answers must be lists of strings with something in them")
    evidence = tuple(_evidence(entry) for entry in row.get("evidence") or [])
    answerable = row.get("answerable", bool(evidence))
    if answerable is not bool(evidence) or (answers and not evidence):
        raise ValueError("an answerable question has evidence, an unanswerable one has neither evidence nor answers")
    return GoldQuestion(
        id=row["id"],
        question=row["question"],
        history=tuple(history),
        kind=row.get("kind") or "question",
        fact=row.get("fact") or row["id"],
        split=row.get("split") or None,
        answers=tuple(answers),
        evidence=evidence,
    )


def _evidence(entry: object) -> Evidence:
    if not isinstance(entry, dict) or not {"doc_id", "quote"} <= entry.keys() <= EVIDENCE_KEYS:
        raise ValueError(f"evidence must have doc_id and quote, may have start and end, and nothing else: {entry!r}")
    start, end = entry.get("start", UNPLACED), entry.get("end", UNPLACED)
    if type(start) is not int or type(end) is not int or (start == UNPLACED) != (end == UNPLACED):
        raise ValueError(f"start and end of evidence must both be whole numbers: {entry!r}")
    if not isinstance(entry["quote"], str) or not entry["quote"].strip() or not isinstance(entry["doc_id"], str):
        raise ValueError(f"doc_id and quote of evidence must be strings with something in them: {entry!r}")
    return Evidence(entry["doc_id"], start, end, entry["quote"])
