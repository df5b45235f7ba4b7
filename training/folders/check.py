"""Hold invented folders to ``WRITING.md``: prints every fault, then ``PASS 0`` or ``FAIL n``.

python -m training.folders.check training/folders/*.json
"""

import collections
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.evaluate.gold import occurrences

ANSWERABLE = {"fact", "number", "table", "paraphrase", "why_how", "yes_no", "list", "definition", "follow_up"}
UNANSWERABLE = {"near_entity", "near_attribute", "false_premise", "absent"}
YES_NO = (["yes"], ["no"])


def file_faults(path: Path, folders: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with the folders of one file, which is named after the letters of their ids."""
    ids = collections.Counter(folder["set_id"] for folder in folders)
    found = [f"{path.name}: {name} twice" for name, count in ids.items() if count > 1]
    for folder in folders:
        if folder["set_id"].rstrip("0123456789") != path.stem:
            found.append(f"{path.name}: {folder['set_id']} is not of this file")
        found += faults(folder)
    return found


def faults(folder: Mapping[str, Any]) -> list[str]:
    """What is wrong with one folder."""
    found = []
    texts = {document["doc_id"]: document["text"] for document in folder["documents"]}
    if not 2 <= len(texts) <= 6:
        found.append(f"{folder['set_id']}: {len(texts)} documents, not 2 to 6")
    questions = {question["id"]: question for question in folder["questions"]}
    if len(questions) != len(folder["questions"]):
        found.append(f"{folder['set_id']}: a question's id stands twice")
    kinds = collections.Counter(question["answerable"] for question in questions.values())
    if not 16 <= kinds[True] <= 20 or not 10 <= kinds[False] <= 14:
        found.append(f"{folder['set_id']}: {kinds[True]} answerable and {kinds[False]} unanswerable questions")
    for name, question in questions.items():
        if not name.startswith(folder["set_id"] + "-"):
            found.append(f"{name}: not of {folder['set_id']}")
        if twin := question.get("twin"):
            other = questions.get(twin)
            if other is None or other.get("twin") != name or other["answerable"] == question["answerable"]:
                found.append(f"{name}: {twin} is no twin that names it and is answered where this one is not")
        found += [f"{name}: {fault}" for fault in question_faults(question, texts)]
    return found


def question_faults(question: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    """What is wrong with one question on documents by their id."""
    found = []
    kind, answerable = question["kind"], question["answerable"]
    if kind not in (ANSWERABLE if answerable else UNANSWERABLE):
        found.append(f"kind {kind!r} does not fit answerable={answerable}")
    if answerable != bool(question["answers"]) or answerable != bool(question["evidence"]):
        found.append("answers and evidence must be there exactly if it is answerable")
    if kind == "follow_up" and not question.get("history"):
        found.append("a follow-up needs its history")
    if (kind == "list") != bool(question.get("items")):
        found.append("items belong to a list, and only there")
    for item in question["evidence"]:
        if not occurrences(item["text"], texts.get(item["doc"], "")):
            found.append(f"evidence not in {item['doc']}: {item['text'][:60]!r}")
    quoted = "\n".join(item["text"] for item in question["evidence"])
    if kind == "yes_no":
        if question["answers"] not in YES_NO:
            found.append("answers of a yes/no question are exactly yes or no")
    elif kind == "list":
        for variants in question.get("items") or ():
            if not any(occurrences(variant, quoted) for variant in variants):
                found.append(f"item not in the evidence: {variants[0]!r}")
    elif answerable and not (question["answers"] and occurrences(question["answers"][0], quoted)):
        found.append("first answer not in the evidence")
    return found


def main(paths: Sequence[str]) -> int:
    """Check files; 1 if there is a fault."""
    found: list[str] = []
    count = 0
    for path in map(Path, paths):
        try:
            folders = json.loads(path.read_text(encoding="utf-8"))["sets"]
            count += len(folders)
            found += file_faults(path, folders)
        except (ValueError, KeyError, TypeError) as error:
            found.append(f"{path}: {type(error).__name__}: {error}")
    print(*found, f"{count} folders", f"{'FAIL' if found else 'PASS'} {len(found)}", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
