"""The vocabulary of a corpus: whether it has a word, and its nearest spelling. The only importer of the matcher."""

import re
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from qa.search.words import STOP_WORDS, content_words, stem

SPELLING_SIMILARITY = 0.74
SPELLING_MIN_LENGTH = 4


class Lexicon:
    """The vocabulary of a corpus; ``elsewhere`` says of a word whether it is one, though the corpus lacks it."""

    def __init__(self, vocabulary: Iterable[str], elsewhere: Callable[[str], bool] = lambda word: False) -> None:
        self.vocabulary = sorted(set(vocabulary))
        self._elsewhere = elsewhere
        self._known = frozenset(self.vocabulary) | frozenset(stem(word) for word in self.vocabulary)
        self._spellings = sorted({*self.vocabulary, *STOP_WORDS})

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

    def spelt(self, text: str) -> str:
        """The text with each word that neither corpus nor ``elsewhere`` has put as its nearest word of the corpus."""

        def correct(match: re.Match[str]) -> str:
            word = match[0].lower()
            if word in STOP_WORDS or self.knows(word) or self._elsewhere(word):
                return match[0]
            return self.correct(word) or match[0]

        return re.sub(r"[^\W_]+", correct, text)

    def split(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The text's content words that the corpus has, and those that it has not."""
        found = content_words(text)
        return tuple(w for w in found if self.knows(w)), tuple(w for w in found if not self.knows(w))
