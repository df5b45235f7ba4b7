"""Validate invented films: ``python check.py FILE…`` prints every fault and then ``PASS 0`` or ``FAIL n``."""

import collections
import json
import re
import sys
from pathlib import Path

ANSWERABLE = {"factoid", "list", "why_how", "paraphrase", "typo", "quotation", "follow_up", "conflict"}
SILENT = {"unanswerable", "false_premise", "off_topic"}
KEYS = {"id", "question", "history", "kind", "answerable", "answers", "evidence"}
SHARED_WORDS_LIMIT = 0.34


def occurs(text: str, needle: str) -> bool:
    """Whether ``needle`` stands in ``text``, any white space matching any other."""
    return re.search(r"\s+".join(map(re.escape, needle.split())), text) is not None


def stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())}


def faults(film: dict) -> list[str]:
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
        if set(question) - KEYS:
            found.append(f"{name}: unknown keys {sorted(set(question) - KEYS)}")
        if question["kind"] not in ANSWERABLE | SILENT:
            found.append(f"{name}: unknown kind {question['kind']}")
        if question["answerable"] != (question["kind"] in ANSWERABLE):
            found.append(f"{name}: answerable does not fit kind {question['kind']}")
        if (question["kind"] == "follow_up") != bool(question.get("history")):
            found.append(f"{name}: history and only history makes a follow_up")
        if not question["answerable"]:
            if question["answers"] or question["evidence"]:
                found.append(f"{name}: not answerable but has answers")
            continue
        if not question["answers"] or not question["evidence"]:
            found.append(f"{name}: no answers or no evidence")
            continue
        for item in question["evidence"]:
            if not occurs(documents.get(item["doc"], ""), item["text"]):
                found.append(f"{name}: not in {item['doc']}: {item['text'][:60]}")
        evidence = "\n".join(item["text"] for item in question["evidence"])
        for answer in question["answers"]:
            if not occurs(evidence, answer):
                found.append(f"{name}: answer not inside an evidence text: {answer[:60]}")
            if len(answer.split()) > 45:
                found.append(f"{name}: answer too long: {answer[:60]}")
        if question["kind"] == "paraphrase":
            words = stems(question["question"])
            shared = max(len(words & stems(item["text"])) for item in question["evidence"])
            if words and shared / len(words) > SHARED_WORDS_LIMIT:
                found.append(f"{name}: shares too many words: {question['question']}")
    return found


def main(paths: list[str]) -> int:
    found: list[str] = []
    kinds: collections.Counter[str] = collections.Counter()
    for path in paths:
        try:
            film = json.loads(Path(path).read_text(encoding="utf-8"))
            kinds.update(question["kind"] for question in film["questions"])
            found += faults(film)
        except (ValueError, KeyError, TypeError) as error:
            found.append(f"{path}: {type(error).__name__}: {error}")
    print(*found, sep="\n")
    print(f"{len(paths)} films, {sum(kinds.values())} questions", dict(sorted(kinds.items())))
    print("FAIL" if found else "PASS", len(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
