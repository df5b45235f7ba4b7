"""Some documents of a corpus with all that they are searched by, in a folder that is written once and then mapped.

::

    sources.jsonl           a line a document: what listings say of it, with the number of its passages
    documents.jsonl         a line a document: its text, marks, places and layout
    passages.jsonl          a line a passage, in order of documents
    passages.f32            row i: the vector of passage i with its context
    sentences.f32           a row a sentence with its passage's context, in order of passages
    words.txt               the words of the passages, one a line
    arrays                  where the lines of documents and passages end, where the sentences of each passage begin
                            and those of the last end, and what BM25 counts, see ``qa.search.bm25``
"""

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import accumulate
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from qa.jsonl import json_line
from qa.search.bm25 import Postings
from qa.search.mapped import Lines, map_arrays, map_rows, write_arrays, write_lines
from qa.search.store import Entry
from qa.text import Mark, Span
from qa.types import Document, Element, Passage, Place, Source


class Segment:
    """A folder that ``write_segment`` wrote, mapped.

    ``vectors`` have shape (passages, dimension), ``sentence_vectors`` (sentences, dimension), ``first_sentences``
    (passages + 1,): the sentences of passage i are the rows from the i-th of them to the next.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        lines = (folder / "sources.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
        self.sources = [Source(**json.loads(line)) for line in lines]
        self._firsts = list(accumulate((source.passages for source in self.sources), initial=0))
        self.places = {source.path: place for place, source in enumerate(self.sources)}
        arrays = map_arrays(folder / "arrays")
        self._documents = Lines(folder / "documents.jsonl", arrays["document_ends"])
        self._passages = Lines(folder / "passages.jsonl", arrays["passage_ends"])
        self.first_sentences: NDArray[np.int64] = arrays["first_sentences"]
        self.vectors = map_rows(folder / "passages.f32", len(self))
        self.sentence_vectors = map_rows(folder / "sentences.f32", int(self.first_sentences[-1]))
        self.postings = Postings(arrays)

    def __len__(self) -> int:
        return self._firsts[-1]

    def words(self) -> list[str]:
        """The words of the passages in order."""
        return (self._folder / "words.txt").read_text(encoding="utf-8").split("\n")[:-1]

    def document(self, path: str) -> Document:
        """The document of a path that is in ``places``."""
        return read_document(self._documents[self.places[path]])

    def rows(self, path: str) -> range:
        """The rows of a document's passages."""
        place = self.places[path]
        return range(self._firsts[place], self._firsts[place + 1])

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        return read_passage(self._passages[row])

    def entries(self, path: str) -> Iterator[Entry]:
        """What a document's passages were searched by, so that it need not be embedded again; without terms."""
        for row in self.rows(path):
            first, last = self.first_sentences[row : row + 2]
            yield Entry(self.passage(row), self.vectors[row], self.sentence_vectors[first:last], ())


def write_segment(folder: Path, documents: Sequence[Document], entries: Iterable[Entry], words: Set[str]) -> None:
    """Write a segment of documents and the entries of their passages, which come in the order of the documents.

    Of the entries no more than the terms is held. ``words`` are those of the passages once all of them have come.
    """
    folder.mkdir(parents=True)
    counted = dict.fromkeys((document.path for document in documents), 0)
    starts = [0]

    with (folder / "passages.f32").open("wb") as vectors, (folder / "sentences.f32").open("wb") as sentences:
        terms: list[Sequence[str]] = []

        def lines() -> Iterator[str]:
            for entry in entries:
                counted[entry.passage.path] += 1
                vectors.write(np.ascontiguousarray(entry.vector, np.float32).tobytes())
                sentences.write(np.ascontiguousarray(entry.sentence_vectors, np.float32).tobytes())
                starts.append(starts[-1] + len(entry.sentence_vectors))
                terms.append(entry.terms)
                yield json_line(entry.passage)

        passage_ends = write_lines(folder / "passages.jsonl", lines())
    kept = (json_line(replace(document, blocks=())) for document in documents)
    arrays = {
        "document_ends": write_lines(folder / "documents.jsonl", kept),
        "passage_ends": passage_ends,
        "first_sentences": np.array(starts, np.int64),
    }
    write_arrays(folder / "arrays", arrays | dict(Postings.build(terms).arrays))
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in sorted(words)), encoding="utf-8", newline="\n")
    listed = (
        Source(d.doc_id, d.title, d.path, d.kind, len(d.text), len(d.text.split()), counted[d.path], d.sha256, d.note)
        for d in documents
    )
    (folder / "sources.jsonl").write_text("".join(map(json_line, listed)), encoding="utf-8", newline="\n")


def read_passage(line: str) -> Passage:
    """A passage from its line of ``passages.jsonl``."""
    fields = json.loads(line)
    fields["sentences"] = tuple(Span(*span) for span in fields["sentences"])
    fields["marks"] = tuple(Mark(*mark) for mark in fields["marks"])
    return Passage(**fields)


def read_document(line: str) -> Document:
    """A document from its line of ``documents.jsonl``; its blocks became passages and are not kept."""
    fields = json.loads(line)
    return Document(
        **fields
        | {
            "blocks": (),
            "elements": tuple(Element(**entry | {"span": Span(*entry["span"])}) for entry in fields["elements"]),
            "marks": tuple(Mark(*entry) for entry in fields["marks"]),
            "places": tuple(Place(*entry) for entry in fields["places"]),
        }
    )
