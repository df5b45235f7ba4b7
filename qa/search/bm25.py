"""BM25 over stemmed words, scored from memory-mapped counts.

The counts of some texts never change, whatever else is indexed; what depends on all texts, how rare a term is and how
long a text, is computed for the terms of a query alone. So the texts may lie in several places, each with its counts.
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Robertson & Zaragoza 2009; chosen on the invented films, see DESIGN.md.
K1, B = 1.2, 0.6


class Scored(NamedTuple):
    """Rows and their scores; both of shape (n,), rows ascending."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


class Postings:
    """Which terms some texts have, and how often; row i is text i.

    ``arrays`` are all there is to it: ``rows`` and ``counts`` of every posting, ``starts`` of each term's postings,
    ``lengths`` of the texts in terms, and ``terms``, the bytes of the terms in order, each with a line feed.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self.rows, self.counts, self.lengths = arrays["rows"], arrays["counts"], arrays["lengths"]

    @cached_property
    def _terms(self) -> list[str]:
        return self.arrays["terms"].tobytes().decode().split("\n")[:-1]

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> "Postings":
        """Count texts that are given as their terms. The same texts give the same arrays in every process."""
        columns: dict[str, int] = {}
        column, row, count, lengths = array("i"), array("i"), array("i"), array("i")
        for number, text in enumerate(texts):
            lengths.append(len(text))
            for term, times in Counter(text).items():
                column.append(columns.setdefault(term, len(columns)))
                row.append(number)
                count.append(times)
        terms = sorted(columns)
        place = np.empty(len(terms), np.int64)
        place[[columns[term] for term in terms]] = np.arange(len(terms))
        places = place[np.frombuffer(column, np.int32)] if column else np.zeros(0, np.int64)
        order = np.argsort(places, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(terms)))]).astype(np.int64)
        rows, counts, long = (np.array(values, np.int32) for values in (row, count, lengths))
        told = np.frombuffer("".join(f"{term}\n" for term in terms).encode(), np.uint8)
        return cls({"rows": rows[order], "counts": counts[order], "starts": starts, "lengths": long, "terms": told})

    def of(self, term: str) -> slice:
        """Where in ``rows`` and ``counts`` the postings of a term are."""
        column = bisect_left(self._terms, term)
        if column == len(self._terms) or self._terms[column] != term:
            return slice(0, 0)
        first, last = self.arrays["starts"][column : column + 2].tolist()
        return slice(first, last)


class Bm25:
    """The scores of the texts of several postings, counted through in their order."""

    def __init__(self, parts: Sequence[Postings]) -> None:
        self._parts = parts
        self._firsts = list(accumulate((len(part.lengths) for part in parts), initial=0))
        terms = sum(int(part.lengths.sum()) for part in parts)
        self._mean = terms / max(self._firsts[-1], 1)

    def scores(self, terms: Sequence[str]) -> Scored:
        """The rows that hold any of the terms, with their scores; a term asked twice counts twice."""
        rows, scores = [np.zeros(0, np.int64)], [np.zeros(0, np.float64)]
        for term in terms:
            places = [part.of(term) for part in self._parts]
            holding = sum(place.stop - place.start for place in places)
            rarity = math.log(1 + (self._firsts[-1] - holding + 0.5) / (holding + 0.5))
            for part, first, place in zip(self._parts, self._firsts, places, strict=False):
                if place.stop > place.start:
                    held, counts = part.rows[place], part.counts[place].astype(np.float64)
                    long = K1 * (1 - B + B * part.lengths[held] / self._mean)
                    rows.append(held.astype(np.int64) + first)
                    scores.append(rarity * counts / (counts + long))
        found, which = np.unique(np.concatenate(rows), return_inverse=True)
        return Scored(found, np.bincount(which, np.concatenate(scores), len(found)).astype(np.float32))
