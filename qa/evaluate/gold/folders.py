"""A JSON file of small folders (``sets``, or ``films``), each asked of its own documents alone::

    {"sets": [{"set_id": "tariffs", "documents": [{"doc_id": "2024.md", "text": "…"}], "questions": [
        {"id": "t1", "kind": "number", "question": "What does a day cost?", "history": [], "answerable": true,
         "answers": ["12 €", "twelve euros"], "evidence": [{"doc": "2024.md", "text": "Day ticket: 12 €"}]}]}]}

Evidence counts at every place where its text stands, any white space matching any other. Answers need not stand in the
evidence ("yes" does not), and the questions of one folder count as one fact.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qa.errors import GoldError
from qa.evaluate.gold.gold_set import GoldSet, objects, writable
from qa.evaluate.gold.ours import read_question
from qa.ingest.corpus import sha256
from qa.ingest.formats import kind_of
from qa.types import GoldQuestion

FOLDER_KINDS = {"sets": "set_id", "films": "film_id"}
"""The keys under which folders stand in a file, each with the key of a folder's name."""
FILE_NAME = re.compile(r"[^/\\\0.][^/\\\0]*")
"""A name that stays in its folder and is not hidden."""


def read_folders(path: Path, data: bytes, loaded: Mapping[str, Any], kind: str) -> GoldSet:
    """Each folder has its own documents, and only they are searched for its questions."""
    problems: list[str] = []
    texts: dict[str, dict[str, str]] = {}
    questions: dict[str, GoldQuestion] = {}
    for number, folder in enumerate(objects(loaded, kind, str(path), problems), 1):
        where = f"{path}: {kind}, {number}"
        name = folder.get(FOLDER_KINDS[kind])
        if not isinstance(name, str) or not FILE_NAME.fullmatch(name) or name in texts:
            problems.append(f"{where}: {FOLDER_KINDS[kind]} must be a folder's name of its own, not {name!r}")
            continue
        files: dict[str, str] = {}
        for document in objects(folder, "documents", where, problems):
            doc_id, text = document.get("doc_id"), document.get("text")
            file = file_name(str(doc_id))
            if not (isinstance(doc_id, str) and isinstance(text, str) and FILE_NAME.fullmatch(file)) or file in files:
                problems.append(f"{where}: a document must have a file's name of its own and a text, not {doc_id!r}")
            else:
                files[file] = writable(text)
        texts[name] = files
        for entry in objects(folder, "questions", where, problems):
            try:
                question = _folder_question(entry, name)
                if question.id in questions:
                    raise ValueError(f"the id {question.id!r} is there twice")
                questions[question.id] = question
            except ValueError as error:
                problems.append(f"{where}: question {entry.get('id')!r}: {error}")
    if problems:
        raise GoldError(problems)
    return GoldSet(path.name, "folders", sha256(data), tuple(questions.values()), texts)


def file_name(name: str) -> str:
    """The file of a document; what the corpus would not read by that name is plain text.

    >>> file_name("2024.md"), file_name("article"), file_name("packages.yml"), file_name("README.md")
    ('2024.md', 'article.txt', 'packages.yml.txt', 'README.md.txt')
    """
    is_source = kind_of(Path(name).suffix) is not None and name.lower() != "readme.md"
    return name if is_source else f"{name}.txt"


def _folder_question(entry: Mapping[str, Any], folder: str) -> GoldQuestion:
    """A question of a folder: one of our form whose evidence says ``doc`` and ``text``; other keys are not read."""
    evidence = entry.get("evidence") or []
    if not isinstance(evidence, list) or not all(isinstance(e, dict) and {"doc", "text"} <= e.keys() for e in evidence):
        raise ValueError("evidence must be a list of objects with doc and text")
    row = {key: entry[key] for key in ("id", "kind", "question", "history", "answerable", "answers") if key in entry}
    row["evidence"] = [{"doc_id": e["doc"], "quote": e["text"]} for e in evidence]
    return replace(read_question(row), fact=folder, folder=folder)
