"""Hold invented films to ``WRITING.md``: prints every fault, the kinds of questions, then ``PASS 0`` or ``FAIL n``.

python -m training.films.check training/films/*.json
"""

import collections
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.evaluate.gold import occurrences

ANSWERABLE = {"factoid", "list", "why_how", "paraphrase", "typo", "quotation", "follow_up", "conflict"}
SILENT = {"unanswerable", "false_premise", "off_topic"}
KEYS = {"id", "question", "history", "kind", "answerable", "answers", "evidence"}
SHARED_WORDS_LIMIT = 0.34
"""Share of a paraphrase's words that may stand in its evidence."""
LONGEST_ANSWER = 45
"""Words."""


def stems(text: str) -> set[str]:
    """The first five letters of every word of four letters or more, lower case."""
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())}


def file_faults(path: Path, films: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with the films of one writer, whose file is named after the letters of their ids."""
    ids = collections.Counter(film["film_id"] for film in films)
    found = [f"{path.name}: {name} twice" for name, count in ids.items() if count > 1]
    for film in films:
        if film["film_id"].rstrip("0123456789") != path.stem:
            found.append(f"{path.name}: {film['film_id']} is not of this writer")
        found += faults(film)
    return found


def faults(film: Mapping[str, Any]) -> list[str]:
    """What is wrong with one film."""
    found: list[str] = []
    documents = {document["doc_id"]: document["text"] for document in film["documents"]}
    if len(documents) < 3:
        found.append(f"{film['film_id']}: fewer than three documents")
    for doc_id, text in documents.items():
        if len(text.split()) < 160:
            found.append(f"{film['film_id']} {doc_id}: too short, {len(text.split())} words")
    if not 36 <= len(film["questions"]) <= 42:
        found.append(f"{film['film_id']}: {len(film['questions'])} questions, not 36 to 42")
    seen: set[str] = set()
    for question in film["questions"]:
        name = question["id"]
        if name in seen or not name.startswith(film["film_id"] + "-"):
            found.append(f"{name}: id twice or not of this film")
        seen.add(name)
        found += [f"{name}: {fault}" for fault in question_faults(question, documents)]
    return found


def question_faults(question: Mapping[str, Any], documents: Mapping[str, str]) -> list[str]:
    """What is wrong with one question on documents by their id."""
    found: list[str] = []
    if unknown := set(question) - KEYS:
        found.append(f"unknown keys {sorted(unknown)}")
    if question["kind"] not in ANSWERABLE | SILENT:
        found.append(f"unknown kind {question['kind']}")
    if question["answerable"] != (question["kind"] in ANSWERABLE):
        found.append(f"answerable does not fit kind {question['kind']}")
    if (question["kind"] == "follow_up") != bool(question.get("history")):
        found.append("history and only history makes a follow_up")
    if not question["answerable"]:
        return [*found, "not answerable but has answers"] if question["answers"] or question["evidence"] else found
    if not question["answers"] or not question["evidence"]:
        return [*found, "no answers or no evidence"]
    for item in question["evidence"]:
        if not occurrences(item["text"], documents.get(item["doc"], "")):
            found.append(f"not in {item['doc']}: {item['text'][:60]}")
    evidence = "\n".join(item["text"] for item in question["evidence"])
    for answer in question["answers"]:
        if not occurrences(answer, evidence):
            found.append(f"answer not inside an evidence text: {answer[:60]}")
        if len(answer.split()) > LONGEST_ANSWER:
            found.append(f"answer too long: {answer[:60]}")
    if question["kind"] == "paraphrase":
        words = stems(question["question"])
        shared = max(len(words & stems(item["text"])) for item in question["evidence"])
        if words and shared / len(words) > SHARED_WORDS_LIMIT:
            found.append(f"shares too many words: {question['question']}")
    return found


def main(paths: Sequence[str]) -> int:
    """Check files; 1 if there is a fault."""
    found: list[str] = []
    kinds: collections.Counter[str] = collections.Counter()
    count = 0
    for path in map(Path, paths):
        try:
            films = json.loads(path.read_text(encoding="utf-8"))["films"]
            count += len(films)
            kinds.update(question["kind"] for film in films for question in film["questions"])
            found += file_faults(path, films)
        except (ValueError, KeyError, TypeError) as error:
            found.append(f"{path}: {type(error).__name__}: {error}")
    print(*found, sep="\n")
    print(f"{count} films, {sum(kinds.values())} questions", dict(sorted(kinds.items())))
    print("FAIL" if found else "PASS", len(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
