"""BM25 over stemmed words, scored from memory-mapped arrays: the only importer of bm25s, and only to build.

A folder holds the sparse matrix of scores by column of terms: ``data.npy`` and ``indices.npy`` (the score and the row
of every posting), ``indptr.npy`` (where each term's postings begin) and ``terms.txt``, one term a line in order.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Robertson & Zaragoza 2009; chosen on the invented films, see DESIGN.md.
K1, B = 1.2, 0.6


class Scored(NamedTuple):
    """Rows and their scores; both of shape (n,), rows ascending."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


class Bm25:
    """The scores of indexed texts for the terms of a query; row i is text i."""

    def __init__(
        self,
        data: NDArray[np.float32],
        indices: NDArray[np.int32],
        indptr: NDArray[np.int64],
        terms: Sequence[str],
    ) -> None:
        self._data, self._indices, self._indptr = data, indices, indptr
        self._columns = {term: column for column, term in enumerate(terms)}

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> "Bm25":
        """Index texts that are given as their terms. The same texts give the same arrays in every process."""
        import bm25s
        from bm25s.tokenization import Tokenized

        terms = sorted({term for text in texts for term in text})
        columns = {term: column for column, term in enumerate(terms)}
        if not terms:
            return cls(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64), [])
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        model.index(
            Tokenized(ids=[[columns[term] for term in text] for text in texts], vocab=dict(columns)),
            create_empty_token=False,
            show_progress=False,
        )
        found = model.scores
        indptr = np.asarray(found["indptr"], np.int64)
        return cls(np.asarray(found["data"], np.float32), np.asarray(found["indices"], np.int32), indptr, terms)

    def save(self, folder: Path) -> None:
        """Write the arrays and the terms."""
        folder.mkdir()
        np.save(folder / "data.npy", self._data, allow_pickle=False)
        np.save(folder / "indices.npy", self._indices, allow_pickle=False)
        np.save(folder / "indptr.npy", self._indptr, allow_pickle=False)
        (folder / "terms.txt").write_text(
            "".join(f"{term}\n" for term in self._columns), encoding="utf-8", newline="\n"
        )

    @classmethod
    def load(cls, folder: Path) -> "Bm25":
        """Map what ``save`` wrote."""
        data, indices, indptr = (
            np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("data", "indices", "indptr")
        )
        return cls(data, indices, indptr, (folder / "terms.txt").read_text(encoding="utf-8").split("\n")[:-1])

    def scores(self, terms: Sequence[str]) -> Scored:
        """The rows that hold any of the terms, with their scores; a term asked twice counts twice."""
        rows, scores = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        for term in terms:
            column = self._columns.get(term)
            if column is not None:
                begin, end = self._indptr[column], self._indptr[column + 1]
                rows.append(np.asarray(self._indices[begin:end], np.int64))
                scores.append(np.asarray(self._data[begin:end], np.float32))
        found, which = np.unique(np.concatenate(rows), return_inverse=True)
        return Scored(found, np.bincount(which, np.concatenate(scores), len(found)).astype(np.float32))
