"""Words and BM25: the only importer of bm25s, the stemmer and the spelling matcher."""

import re
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

# BM25 parameters (Robertson & Zaragoza 2009), chosen on the dev films; see DESIGN.md.
K1, B = 1.2, 0.6
# Function words say nothing of which passage answers.
STOP_WORDS = frozenset(
    "a an the of in on at to for and or but if so than then there about into from with by as is are was were be been "
    "do does did has have had it its this that these those he she they him them his her their i you we me my our your "
    "what which who whom whose when where why how not no any some s t".split()
)
SPELLING_SIMILARITY = 0.74
SPELLING_MIN_LENGTH = 4

_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text in lower case, without possessive endings."""
    return re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text.lower()))


def content_words(text: str) -> list[str]:
    """The words of a text that are not function words."""
    return [word for word in words(text) if word not in STOP_WORDS]


def stem(word: str) -> str:
    """The Snowball stem of a word."""
    return str(_stemmer.stemWord(word))


class LexicalIndex:
    """BM25 over stemmed words, with misspelt query words matched to the nearest word of the corpus."""

    def __init__(self, model: bm25s.BM25, vocabulary: Sequence[str]) -> None:
        self._model = model
        self.vocabulary = sorted(vocabulary)
        self._spellings = sorted({*vocabulary, *STOP_WORDS})
        self._known = frozenset(vocabulary) | frozenset(stem(word) for word in vocabulary)

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index texts in order; row i of the scores is text i."""
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        model.index([[stem(w) for w in content_words(text)] or [""] for text in texts], show_progress=False)
        return cls(model, list({word for text in texts for word in words(text)}))

    def save(self, folder: Path) -> None:
        """Write arrays (.npy) and JSON; the vocabulary is a text file, one word a line."""
        self._model.save(str(folder), show_progress=False)
        (folder / "words.txt").write_text("".join(f"{word}\n" for word in self.vocabulary), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what ``save`` wrote."""
        vocabulary = (folder / "words.txt").read_text(encoding="utf-8").splitlines()
        return cls(bm25s.BM25.load(str(folder)), vocabulary)

    def knows(self, word: str) -> bool:
        """Whether the word, or a word of the same stem, occurs in the corpus."""
        return word in self._known or stem(word) in self._known

    def correct(self, word: str) -> str | None:
        """The nearest word of the corpus to a word that occurs nowhere; None where none is near."""
        if len(word) < SPELLING_MIN_LENGTH or word.isdigit():
            return None
        found = process.extractOne(
            word,
            self._spellings,
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=SPELLING_SIMILARITY,
        )
        return None if found is None else str(found[0])

    def query_words(self, query: str) -> tuple[list[str], list[str]]:
        """The query's content words that the corpus has, and those that it has not."""
        found = content_words(query)
        return [word for word in found if self.knows(word)], [word for word in found if not self.knows(word)]

    def scores(self, query_words: Sequence[str]) -> NDArray[np.float32]:
        """The BM25 score of every indexed text, shape (texts,)."""
        stems = [stem(word) for word in query_words]
        known = [s for s in stems if s in self._model.vocab_dict]
        if not known:
            return np.zeros(int(self._model.scores["num_docs"]), np.float32)
        return np.asarray(self._model.get_scores(known), np.float32)

    def idf(self, word: str) -> float:
        """Inverse document frequency of a word, 0 and up; that of an unseen word is the largest possible."""
        documents = int(self._model.scores["num_docs"])
        column = self._model.vocab_dict.get(stem(word))
        frequency = 0
        if column is not None:
            frequency = int(self._model.scores["indptr"][column + 1] - self._model.scores["indptr"][column])
        return float(np.log(1 + (documents - frequency + 0.5) / (frequency + 0.5)))
