"""Gold sets: read from our JSONL, SQuAD 1.1/2.0 JSON or a BEIR folder, and proved against their documents.

Our form is one object a line::

    {"id": "q1", "split": "test", "kind": "factoid", "fact": "runtime", "question": "How long is it?", "history": [],
     "answerable": true, "answers": ["92 minutes", "92"],
     "evidence": [{"doc_id": "encyclopaedia", "start": 612, "end": 631, "quote": "Runtime: 92 minutes"}]}

Only ``id`` and ``question`` must be there. Evidence is spans of documents, so that any splitter can be judged;
``start`` and ``end`` may be left out, and then every place where the quote stands counts. The other two forms bring
their documents along: ``write_corpus`` makes a corpus folder of them.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from qa.errors import GoldError, UsageError
from qa.ingest.corpus import load_corpus, sha256
from qa.text import Span
from qa.types import Document, Evidence, GoldQuestion

KEYS = frozenset("id split kind fact question history answerable answers evidence".split())
EVIDENCE_KEYS = frozenset("doc_id start end quote".split())
UNPLACED = -1
"""Start and end of evidence whose quote is yet to be found in its document."""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Questions with what answers them, and the documents of the set where it brings its own.

    ``texts`` are those documents by file name; None means the user's corpus. ``names`` gives a document's name in
    the set by its ``doc_id``. ``unit`` is what retrieval is judged by.
    """

    name: str
    form: Literal["qa", "squad", "beir"]
    sha256: str
    questions: tuple[GoldQuestion, ...]
    texts: Mapping[str, str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    unit: Literal["passage", "document"] = "passage"


def load_gold(path: Path, split: str | None = None) -> GoldSet:
    """Read a gold set; ``split`` keeps one part of it (in a BEIR folder it names the qrels file, default test).

    Raises ``GoldError`` with a line for each malformed line, and ``UsageError`` for a path or split that is not there.
    """
    if path.is_dir():
        gold = _read_beir(path, split)
    elif path.is_file():
        data = path.read_bytes()
        gold = _read_squad(path, data) if _is_squad(data) else _read_ours(path, data)
        if split is not None:
            splits = sorted({q.split for q in gold.questions if q.split is not None})
            if split not in splits:
                there = f"it has {', '.join(splits)}" if splits else "it has no splits"
                raise UsageError(f"{path}: no split {split!r}; {there}")
            gold = replace(gold, questions=tuple(q for q in gold.questions if q.split == split))
    else:
        raise UsageError(f"{path}: no such gold set; name a JSONL or SQuAD file, or a BEIR folder")
    if not gold.questions:
        raise GoldError([f"{path}: holds no question"])
    return gold


def decode_utf8(path: Path, data: bytes) -> str:
    """The text of a gold file."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GoldError([f"{path}: byte {error.start} is not UTF-8; save it as UTF-8"]) from error


def json_lines(path: Path, text: str, problems: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of every line that holds one; the others are noted as problems."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            problems.append(f"{where}: not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield where, row
        else:
            problems.append(f"{where}: not an object")


# --- our form ---------------------------------------------------------------------------------------------------


def _read_ours(path: Path, data: bytes) -> GoldSet:
    problems: list[str] = []
    questions: dict[str, GoldQuestion] = {}
    facts: dict[str, GoldQuestion] = {}
    for where, row in json_lines(path, decode_utf8(path, data), problems):
        try:
            question = _question(row)
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


def _question(row: Mapping[str, Any]) -> GoldQuestion:
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


# --- SQuAD ------------------------------------------------------------------------------------------------------


def _is_squad(data: bytes) -> bool:
    """Whether the file is one JSON object with a ``data`` list; a line of our form has no such key."""
    try:
        loaded = json.loads(data)
    except ValueError:
        return False
    return isinstance(loaded, dict) and "data" in loaded


def _read_squad(path: Path, data: bytes) -> GoldSet:
    """Each article becomes one document: its paragraphs with a blank line between them.

    The evidence is the answers' own spans. An ``answer_start`` that is off is mended to the nearest occurrence.
    """
    problems: list[str] = []
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    questions: dict[str, GoldQuestion] = {}
    for number, article in enumerate(_list(json.loads(data), "data", str(path), problems), 1):
        where = f"{path}: article {number}"
        title = article.get("title") or f"article {number}"
        doc_id = f"{number:04d}-{file_slug(str(title))}"
        text = ""
        for paragraph_number, paragraph in enumerate(_list(article, "paragraphs", where, problems), 1):
            context = paragraph.get("context")
            if not isinstance(context, str):
                problems.append(f"{where}, paragraph {paragraph_number}: context must be a string")
                continue
            base = len(text)
            text += writable(context) + "\n\n"
            for qa in _list(paragraph, "qas", f"{where}, paragraph {paragraph_number}", problems):
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
    return GoldSet(path.name, "squad", sha256(data), tuple(questions.values()), texts, names)


def _list(holder: object, key: str, where: str, problems: list[str]) -> list[dict[str, Any]]:
    found = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        problems.append(f"{where}: {key} must be a list of objects")
        return []
    return found


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


# --- BEIR -------------------------------------------------------------------------------------------------------


def _read_beir(path: Path, split: str | None) -> GoldSet:
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
    for where, row in json_lines(files[0], decode_utf8(files[0], files[0].read_bytes()), problems):
        name, title, text = str(row.get("_id", "")), row.get("title") or "", row.get("text")
        if not name or name in documents or not isinstance(text, str) or not isinstance(title, str):
            problems.append(f"{where}: a document must have an _id of its own and a text")
            continue
        doc_id = f"{len(documents) + 1:07d}-{file_slug(name)}"
        documents[name], names[doc_id] = doc_id, name
        texts[f"{doc_id}.txt"] = writable(f"{title}\n\n{text}" if title.strip() else text)
    queries: dict[str, str] = {}
    for where, row in json_lines(files[1], decode_utf8(files[1], files[1].read_bytes()), problems):
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
    return GoldSet(path.name or path.resolve().name, "beir", digest, questions, texts, names, "document")


def _read_qrels(
    path: Path, queries: Mapping[str, str], documents: Mapping[str, str], problems: list[str]
) -> dict[str, dict[str, int]]:
    """Of every judged query the grades of its documents by their ``doc_id``; three columns, or trec_eval's four."""
    grades: dict[str, dict[str, int]] = {}
    rows = csv.reader(decode_utf8(path, path.read_bytes()).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(rows, 1):
        columns = row if len(row) != 1 else row[0].split()
        if not any(columns) or (number == 1 and not columns[-1].lstrip("-").isdigit()):
            continue  # a blank line, or the header
        query, document, grade = columns[0], columns[-2] if len(columns) > 2 else "", columns[-1]
        if len(columns) not in (3, 4) or not grade.lstrip("-").isdigit():
            problems.append(f"{path}:{number}: not query-id, corpus-id and a whole score between tabs")
        elif query not in queries:
            problems.append(f"{path}:{number}: the query {query!r} is not in queries.jsonl")
        elif document not in documents:
            problems.append(f"{path}:{number}: the document {document!r} is not in corpus.jsonl")
        else:
            grades.setdefault(query, {})[documents[document]] = int(grade)
    return grades


# --- documents --------------------------------------------------------------------------------------------------


def file_slug(name: str) -> str:
    """A file name for people, at most 40 ASCII characters; the number before it makes it unique."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "text"


def writable(text: str) -> str:
    """The text with characters that no source file may hold exchanged, one for one."""
    return re.sub("[\0\ufeff\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def write_corpus(gold: GoldSet, folder: Path) -> None:
    """Write the documents of a set that brings its own into a folder, which holds nothing else."""
    texts = gold.texts or {}
    folder.mkdir(parents=True, exist_ok=True)
    if strangers := sorted(path.name for path in folder.iterdir() if path.name not in texts):
        raise UsageError(f"{folder}: holds {strangers[0]!r}, which is not of {gold.name}; name an empty folder")
    for name, text in texts.items():
        data = text.encode()
        if not (folder / name).is_file() or (folder / name).read_bytes() != data:
            (folder / name).write_bytes(data)


def ground(gold: GoldSet, corpus: Path) -> tuple[GoldSet, dict[str, Document]]:
    """The set with every piece of evidence placed and proved, and the documents by id.

    Raises ``GoldError`` naming every quote that is not where it should be and every answer that no evidence holds.
    """
    documents = {document.doc_id: document for document in load_corpus(corpus).documents}
    problems: list[str] = []
    placed = []
    for question in gold.questions:
        evidence = tuple(e for entry in question.evidence for e in _placed(entry, question, documents, problems))
        quotes = [" ".join(e.quote.split()) for e in evidence]
        for answer in question.answers if evidence else ():
            if not any(" ".join(writable(answer).split()) in quote for quote in quotes):
                problems.append(f"{gold.name}: {question.id}: no evidence holds the answer {answer!r}")
        placed.append(replace(question, evidence=evidence))
    if problems:
        raise GoldError(problems)
    return replace(gold, questions=tuple(placed)), documents


def occurrences(quote: str, text: str) -> list[Span]:
    """Every place of a quote in a text, any white space matching any other."""
    pattern = r"\s+".join(map(re.escape, quote.split()))
    return [Span(*match.span()) for match in re.finditer(pattern, text)]


def _placed(
    entry: Evidence, question: GoldQuestion, documents: Mapping[str, Document], problems: list[str]
) -> Sequence[Evidence]:
    """The evidence at its place, or at every place of its quote where none is given."""
    if entry.doc_id not in documents:
        known = ", ".join(sorted(documents)[:5])
        problems.append(f"{question.id}: no document {entry.doc_id!r} in the corpus; it has {known}")
        return ()
    text = documents[entry.doc_id].text
    if entry.start == UNPLACED:
        found = [replace(entry, start=s, end=e, quote=text[s:e]) for s, e in occurrences(entry.quote, text)]
        if not found:
            problems.append(f"{question.id}: {entry.doc_id} does not hold the quote {entry.quote!r}")
        return found
    if not 0 <= entry.start <= entry.end <= len(text) or text[entry.start : entry.end] != entry.quote:
        there = text[max(entry.start, 0) : max(entry.end, 0)]
        problems.append(
            f"{question.id}: {entry.doc_id}:{entry.start}-{entry.end} is {there[:80]!r}, not {entry.quote[:80]!r}"
        )
        return ()
    return (entry,)
