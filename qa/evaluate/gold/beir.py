"""A BEIR folder: documents, queries, and which document is relevant to which query."""

import csv
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from qa.errors import GoldError, UsageError
from qa.evaluate.gold.gold_set import GoldSet, decode_utf8, file_slug, writable
from qa.jsonl import json_lines
from qa.types import Evidence, GoldQuestion

GRADE = re.compile(r"-?\d{1,9}")


def read_beir(path: Path, split: str | None) -> GoldSet:
    """``corpus.jsonl``, ``queries.jsonl`` and ``qrels/SPLIT.tsv`` (or ``qrels.tsv``); relevance is of documents."""
    qrels = path / "qrels" / f"{split or 'test'}.tsv"
    if split is None and not qrels.is_file():
        qrels = next(iter(sorted((path / "qrels").glob("*.tsv"))), path / "qrels.tsv")
    files = [path / "corpus.jsonl", path / "queries.jsonl", qrels]
    for file in files:
        if not file.is_file():
            raise UsageError(f"{file}: not there; a BEIR folder has corpus.jsonl, queries.jsonl and qrels/test.tsv")
    problems: list[str] = []
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    documents: dict[str, str] = {}
    for where, row in json_lines(str(files[0]), decode_utf8(files[0], files[0].read_bytes()), problems.append):
        name, title, text = str(row.get("_id", "")), row.get("title") or "", row.get("text")
        if not name or name in documents or not isinstance(text, str) or not isinstance(title, str):
            problems.append(f"{where}: a document must have an _id of its own and a text")
            continue
        doc_id = f"{len(documents) + 1:07d}-{file_slug(name)}"
        documents[name], names[doc_id] = doc_id, name
        texts[f"{doc_id}.txt"] = writable(f"{title}\n\n{text}" if title.strip() else text)
    queries: dict[str, str] = {}
    for where, row in json_lines(str(files[1]), decode_utf8(files[1], files[1].read_bytes()), problems.append):
        if not str(row.get("_id", "")) or str(row["_id"]) in queries or not isinstance(row.get("text"), str):
            problems.append(f"{where}: a query must have an _id of its own and a text")
        else:
            queries[str(row["_id"])] = row["text"]
    grades = _read_qrels(files[2], queries, documents, problems)
    if problems:
        raise GoldError(problems)
    questions = tuple(
        GoldQuestion(
            id=query,
            question=queries[query],
            fact=query,
            split=qrels.stem if qrels.parent.name == "qrels" else None,
            evidence=tuple(
                Evidence(doc, 0, len(texts[f"{doc}.txt"]), texts[f"{doc}.txt"], grade)
                for doc, grade in judged.items()
                if grade > 0
            ),
        )
        for query, judged in grades.items()
    )
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return GoldSet(path.name or path.resolve().name, "beir", digest, questions, {"": texts}, names, "document")


def _read_qrels(
    path: Path, queries: Mapping[str, str], documents: Mapping[str, str], problems: list[str]
) -> dict[str, dict[str, int]]:
    """Of every judged query the grades of its documents by their ``doc_id``; three columns, or trec_eval's four."""
    grades: dict[str, dict[str, int]] = {}
    lines = re.split(r"\r\n?|\n", decode_utf8(path, path.read_bytes()))
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(rows, 1):
        columns = row if len(row) != 1 else row[0].split()
        if not any(columns) or (number == 1 and not GRADE.fullmatch(columns[-1])):
            continue  # a blank line, or the header
        query, document, grade = columns[0], columns[-2] if len(columns) > 2 else "", columns[-1]
        if len(columns) not in (3, 4) or not GRADE.fullmatch(grade):
            problems.append(f"{path}:{number}: not query-id, corpus-id and a whole score between tabs")
        elif query not in queries:
            problems.append(f"{path}:{number}: the query {query!r} is not in queries.jsonl")
        elif document not in documents:
            problems.append(f"{path}:{number}: the document {document!r} is not in corpus.jsonl")
        else:
            grades.setdefault(query, {})[documents[document]] = int(grade)
    return grades
