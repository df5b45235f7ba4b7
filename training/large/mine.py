"""What the product finds for every question of folders or films: the views that the large reader learns from.

    python -m training.large.mine ../shared/data/other training/folders --leave-out 6 --out folders.jsonl
    python -m training.large.mine training/further --documents training/films training/folders --out further.jsonl

Every folder is indexed and every question searched and read by the small reader as the product does it, so that wrong
views are those that the small reader would have taken. A folder that the output has already is skipped. A folder of
further questions has no documents of its own: those of the folder or film of its name are taken.
"""

import argparse
import json
import logging
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.ask.forms.desk import CANDIDATES
from qa.ask.library import Library
from qa.ask.opening import Parts, make_encoder, open_cross_encoder
from qa.ask.reader import SpanReader, view_of
from qa.config import Settings
from qa.evaluate.gold import GoldSet, load_gold, write_corpus
from qa.models.cross_encoder import CrossEncoder
from qa.text import Span
from qa.types import Document, GoldQuestion, Passage
from training.calibrate import gold_places, opened
from training.large.cases import (
    Case,
    CasePassage,
    CaseQuestion,
    Found,
    Gold,
    documents_of,
    json_files,
    read_cases,
    with_documents,
)

Rows = Mapping[str, Mapping[str, Any]]
"""Questions as a file has them, by id."""

log = logging.getLogger("mine")


class Shown:
    """The documents of a library and its passages in order, in plain text."""

    def __init__(self, library: Library) -> None:
        documents = library.index.documents.values()
        self.texts = {document.doc_id: document.plain(Span(0, len(document.text))) for document in documents}
        self.passages: list[CasePassage] = []
        self.place: dict[str, int] = {}
        """Of a passage's id among ``passages``."""
        for passage in sorted(library.index.store.scan(), key=lambda passage: (passage.path, passage.start)):
            if (span := self.texts[passage.doc_id].shows(passage.span)) is not None:
                self.place[passage.passage_id] = len(self.passages)
                self.passages.append(case_passage(passage, span))

    def gold(self, places: Sequence[tuple[Document, Span]]) -> tuple[Gold, ...]:
        """Places of documents in their plain texts; those of which nothing is shown are left out."""
        shown = [(document.doc_id, self.texts[document.doc_id].shows(span)) for document, span in places]
        return tuple(Gold(doc_id, *span) for doc_id, span in shown if span is not None)


def case_passage(passage: Passage, span: Span) -> CasePassage:
    """A passage at its place in the plain text."""
    return CasePassage(
        passage.doc_id, passage.title, passage.section, passage.cue, passage.context, span.start, span.end
    )


def mined(name: str, library: Library, asked: Sequence[GoldQuestion], rows: Rows, reader: CrossEncoder) -> Case:
    """The case of one folder."""
    shown = Shown(library)
    questions = tuple(mined_question(question, rows[question.id], library, shown, reader) for question in asked)
    return Case(name, {doc: plain.text for doc, plain in shown.texts.items()}, tuple(shown.passages), questions)


def mined_question(
    question: GoldQuestion, row: Mapping[str, Any], library: Library, shown: Shown, reader: CrossEncoder
) -> CaseQuestion:
    """One question as the product asks it."""
    query = library.understand(question.question, question.history)
    ranked = library.retriever.retrieve(query, CANDIDATES)
    judged = reader.judge(query.text, [view_of(s.passage) for s in ranked])
    found = [
        Found(shown.place[s.passage.passage_id], round(s.score, 4), round(j.answers, 3), round(j.margin, 3))
        for s, j in zip(ranked, judged, strict=True)
        if s.passage.passage_id in shown.place
    ]
    return CaseQuestion(
        id=question.id,
        kind=question.kind,
        question=query.text,
        answerable=question.answerable,
        answers=question.answers,
        twin=row.get("twin"),
        items=tuple(map(tuple, row.get("items") or ())),
        gold=shown.gold(gold_places(question, library)),
        found=tuple(found),
    )


def question_rows(path: Path) -> Rows:
    """All questions of a file, whose twins and list items a gold set does not keep."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return {row["id"]: row for folder in content.get("sets") or content["films"] for row in folder["questions"]}


def main() -> None:
    """Mine some files into one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sources", type=Path, nargs="+", help="JSON files of folders or films, or directories of them")
    parser.add_argument("--documents", type=Path, nargs="+", default=[], help="the same, for folders that have none")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--leave-out", default="", help="last digits of the folders that are kept for choosing")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    done = read_cases(options.out) if options.out.exists() else []
    options.out.write_text("".join(case.to_json() for case in done), encoding="utf-8")
    reader, encoder = open_cross_encoder(), make_encoder(Settings.encoder)
    parts = Parts(make_encoder=lambda name: encoder, reader=lambda index: SpanReader(reader), card=lambda: reader.card)
    known, left_out = {case.name for case in done}, tuple(options.leave_out)
    jobs: list[tuple[str, GoldSet, Rows]] = []
    documents = documents_of(options.documents)
    with tempfile.TemporaryDirectory() as scratch, options.out.open("a", encoding="utf-8") as out:
        for path in [file for source in options.sources for file in json_files(source)]:
            gold, rows = load_gold(with_documents(path, documents, Path(scratch))), question_rows(path)
            jobs += [(name, gold, rows) for name in gold.folders if name not in known and not name.endswith(left_out)]
        random.Random(0).shuffle(jobs)  # a mining that is stopped has some of every file
        for number, (name, gold, rows) in enumerate(jobs, 1):
            part, folder = gold.of_folder(name), Path(scratch) / name
            write_corpus(part, folder / "corpus")
            library = opened(folder / "corpus", folder / "index", parts)
            out.write(mined(name, library, part.questions, rows, reader).to_json())
            out.flush()
            log.info("%s, %d of %d", name, number, len(jobs))


if __name__ == "__main__":
    main()
