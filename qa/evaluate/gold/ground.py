"""A gold set beside its documents: written where it brings them, and every span proved on them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from qa.errors import GoldError, UsageError
from qa.evaluate.gold.gold_set import UNPLACED, GoldSet, writable
from qa.ingest.corpus import load_corpus
from qa.text import Span
from qa.types import Document, Evidence, GoldQuestion


def write_corpus(gold: GoldSet, folder: Path) -> None:
    """Write the documents of a set with one corpus into a folder, which holds nothing else."""
    texts = {name: text for files in gold.texts.values() for name, text in files.items()}
    folder.mkdir(parents=True, exist_ok=True)
    if strangers := sorted(path.name for path in folder.iterdir() if path.name not in texts):
        raise UsageError(f"{folder}: holds {strangers[0]!r}, which is not of {gold.name}; name an empty folder")
    for name, text in texts.items():
        data = text.encode()
        if not (folder / name).is_file() or (folder / name).read_bytes() != data:
            (folder / name).write_bytes(data)


def ground(gold: GoldSet, corpus: Path) -> tuple[GoldSet, dict[str, Document]]:
    """The set with every piece of evidence placed and proved, and the documents by id.

    Raises ``GoldError`` naming every quote that is not where it should be and, but for folders, every answer that no
    evidence holds.
    """
    documents = {document.doc_id: document for document in load_corpus(corpus).documents}
    files = {document.path: document.doc_id for document in documents.values()}
    problems: list[str] = []
    placed = []
    for question in gold.questions:
        named = [replace(e, doc_id=_known(e.doc_id, documents, files)) for e in question.evidence]
        evidence = tuple(e for entry in named for e in _placed(entry, question, documents, problems))
        quotes = [" ".join(e.quote.split()) for e in evidence]
        for answer in question.answers if evidence and gold.form != "folders" else ():
            if not any(" ".join(writable(answer).split()) in quote for quote in quotes):
                problems.append(f"{gold.name}: {question.id}: no evidence holds the answer {answer!r}")
        placed.append(replace(question, evidence=evidence))
    if problems:
        raise GoldError(problems)
    return replace(gold, questions=tuple(placed)), documents


def _known(name: str, documents: Mapping[str, Document], files: Mapping[str, str]) -> str:
    """The id of the document of that id, else of the file of that name; the name where there is neither."""
    return name if name in documents else files.get(name, name)


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
