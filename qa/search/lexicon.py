"""The vocabulary of a corpus: whether it has a word, and its nearest spelling. The only importer of the matcher."""

import math
import re
from collections.abc import Callable, Iterable
from functools import cached_property

from qa.search.words import STOP_WORDS, content_words, folded, stem

SPELLING_SIMILARITY = 0.74
SPELLING_LENGTHS = range(4, 41)
"""Letters of a word that can be misspelt."""
ASKING_WORDS = frozenset(
    "according acting actors agree agreement altogether animated article asked author average award awards budget "
    "camera cast character characters companies company compare compared comparison complain complaint complaints "
    "composer contradict contradiction contradictions contradicts countries country crew critic critics database "
    "describe did differ difference differences different director directors disagree disagreement disagreements "
    "discrepancy distributed distributor document documents edited editor encyclopaedia ending explain festival "
    "festivals filmed genre gist happened happens heading headline imdb interview interviewed interviewer language "
    "languages length list listing main many mean meaning mention mentioned mentions money movie much music name "
    "named names narrated narrates narrator nomination nominations number nutshell opinion original outline overview "
    "people place plot points premiere prize prizes producer question questions rating really reason recap received "
    "release released review reviewer reviews rundown runtime score section should shown song soundtrack source "
    "sources special story summarise summarize summary synopsis thinks title titles trailer translated website which "
    "whole wikipedia winner wins writer written wrote year years".split()
)
"""Words that questions are asked with, which can be misspelt though no source has them."""
SAID_FOR = {
    "dp": ("cinematographer", "cinematography cinematographer photography"),
    "dop": ("cinematographer", "cinematography cinematographer photography"),
    "lenser": ("cinematographer", "cinematography cinematographer photography"),
    "cameraman": ("cinematographer", "cinematography cinematographer photography"),
    "camerawoman": ("cinematographer", "cinematography cinematographer photography"),
    "lensed": ("shot", "cinematographer cinematography photography"),
    "cutter": ("editor", "editing editor edited"),
    "helmer": ("director", "director directed"),
    "helmed": ("directed", "director directed"),
    "scribe": ("writer", "writer screenplay"),
    "scripter": ("writer", "writer screenplay"),
    "screenwriter": ("writer", "writer screenplay"),
    "tunesmith": ("composer", "composer composed music"),
    "tongue": ("language", "language languages"),
}
"""What people say for the jobs of a film: what documents say for it, and words of which they must have one."""
SHORTEST_PART, MOST_MORE = 6, 4
"""Letters of a name that stands in a longer one, "Lisboa" in "Cinelisboa", and by how many that is longer at most."""
SHORTEST_HEARD = 3
"""Letters of a name beside another one that can be misspelt as it is heard."""
SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s"})
BEFORE = re.compile(r"(?<![^\W_])([^\W\d_a-z][^\W_]*) $")
BEHIND = re.compile(r" ([^\W\d_a-z][^\W_]*)")
"""The words of a name beside one of them."""
SPELLING_WORK = 2_000_000
"""Words of the corpus that a question's words are compared with at most; those behind it stay as they are."""


class Lexicon:
    """The vocabulary of a corpus; ``elsewhere`` says of a word whether it is one, though the corpus lacks it."""

    def __init__(self, vocabulary: Iterable[str], elsewhere: Callable[[str], bool] = lambda word: False) -> None:
        self._vocabulary = frozenset(vocabulary)
        self._elsewhere = elsewhere

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self._vocabulary)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for word in sorted(self._vocabulary | STOP_WORDS | ASKING_WORDS):
            found.setdefault(len(word), []).append(word)
        return found

    def knows(self, word: str) -> bool:
        """Whether the word, or a word of the same stem, occurs in the corpus."""
        # Most words occur as they are asked for, and to stem all those of a large corpus takes long.
        if word in self._vocabulary or stem(word) in self._vocabulary:
            return True
        return word in self._stems or stem(word) in self._stems

    def correct(self, word: str) -> str | None:
        """The nearest word of the corpus to a word that occurs nowhere; None where none is near."""
        if len(word) not in SPELLING_LENGTHS or word.isdigit():
            return None
        # Most questions hold no such word, and importing takes as long as finding its spelling.
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        near = (
            process.extractOne(
                word,
                self._by_length[length],
                scorer=DamerauLevenshtein.normalized_similarity,
                score_cutoff=SPELLING_SIMILARITY,
            )
            for length in self._lengths(word)
        )
        return min(((-found[1], found[0]) for found in near if found is not None), default=(0, None))[1]

    def glued(self, name: str) -> bool:
        """Whether a name stands in a longer word of the corpus, as in a user's: "AnaVey" has "Vey"."""
        return len(name) > SPELLING_LENGTHS.start and any(name in word for word in self._vocabulary)

    def part_of(self, name: str) -> str | None:
        """The one word of the corpus that begins or ends with a name, and is hardly longer.

        >>> Lexicon(["cinelisboa", "mill"]).part_of("lisboa"), Lexicon(["anaveysee"]).part_of("vey")
        ('cinelisboa', None)
        """
        longest = len(name) + MOST_MORE
        found = [w for w in self._vocabulary if len(w) <= longest and (w.startswith(name) or w.endswith(name))]
        return found[0] if len(found) == 1 and len(name) >= SHORTEST_PART else None

    def _lengths(self, word: str) -> list[int]:
        """The lengths of words that can be as similar as is asked for."""
        shortest, longest = math.ceil(len(word) * SPELLING_SIMILARITY), int(len(word) / SPELLING_SIMILARITY)
        return [length for length in range(shortest, longest + 1) if length in self._by_length]

    def spelt(self, text: str) -> str:
        """The text with each word that neither corpus nor ``elsewhere`` has put as its nearest word of the corpus.

        It is longer than the text by at most the similarity that is asked for, and costs at most ``SPELLING_WORK``.
        """
        left = SPELLING_WORK
        found: dict[str, str | None] = {}

        def correct(match: re.Match[str]) -> str:
            nonlocal left
            word = match[0].lower()
            if word in STOP_WORDS or word in ASKING_WORDS or self.knows(word):
                return match[0]
            said, labels = SAID_FOR.get(word, ("", ""))
            if any(map(self.knows, labels.split())):
                return said
            # Whoever misspells a name inside a question knows what it begins with: "Duch" is no "such".
            named = match.start() > 0 and match[0][0].isupper()
            if named and (whole := self.part_of(word)) is not None:
                return whole.capitalize()
            if named and self.glued(word):
                return match[0]
            if named and left > 0 and self._beside(match, misspelt=self._elsewhere(word)):
                left -= len(self._vocabulary)
                if (other := self.heard(word)) is not None:
                    return other.capitalize()
            if self._elsewhere(word):
                return match[0]
            if word not in found and left > 0:
                left -= sum(len(self._by_length[length]) for length in self._lengths(word))
                found[word] = self.correct(word)
            nearest = found.get(word)
            if nearest is None or (named and nearest[0] != word[0]):
                return match[0]
            return nearest.capitalize() if named else nearest  # readers know a name by its capital

        return re.sub(r"[^\W_]+", correct, text)

    def _beside(self, name: re.Match[str], *, misspelt: bool) -> bool:
        """Whether a word of a name stands beside another that the corpus has, if only in a like spelling.

        A name of words that there are may be of somebody else: "Ana Duke" is not Ana Douc, and "Randall Duke" is heard.
        """
        around = (BEFORE.search(name.string, 0, name.start()), BEHIND.match(name.string, name.end()))
        others = [other[1].lower() for other in around if other is not None]
        return any(
            not (misspelt and word in self._vocabulary)
            and (self.knows(word) or (self.correct(word) or " ")[0] == word[0])
            for word in others
        )

    def heard(self, word: str) -> str | None:
        """The one word of the corpus that has the letters of another, or the sounds; None where several have.

        >>> Lexicon(["douc", "dock", "panh", "penh"]).heard("phan"), Lexicon(["douc", "mill"]).heard("duke")
        ('panh', 'douc')
        >>> Lexicon(["panh", "penh"]).heard("pan")
        'panh'
        """
        sounds = _sounds(word)
        found = [
            other
            for other in self._vocabulary
            if other[:1] == word[0] and abs(len(other) - len(word)) < 3 and _sounds(other) == sounds
        ]
        found = [other for other in found if sorted(other) == sorted(word)] or found
        found = [other for other in found if other.startswith(word)] or found  # "Pan" is "Panh" before "Penh"
        return found[0] if len(found) == 1 and len(word) >= SHORTEST_HEARD and len(sounds) > 1 else None

    def split(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The text's content words that the corpus has, and those that it has not."""
        found = content_words(text)
        return tuple(w for w in found if self.knows(w)), tuple(w for w in found if not self.knows(w))


def _sounds(word: str) -> str:
    """The consonants of a word as they are heard: "Duke" and "Douc" have the same."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyhw]", "", folded(word)).translate(SOUNDS))


def heard_alike(one: str, other: str) -> bool:
    """Whether two words begin alike and have the same sounds.

    >>> heard_alike("Riti", "Rithy"), heard_alike("Ana", "Ann"), heard_alike("Rita", "Rode")
    (True, False, False)
    """
    return one[:1].lower() == other[:1].lower() and _sounds(one) == _sounds(other) and len(_sounds(one)) > 1


def spelt_alike(one: str, other: str) -> bool:
    """Whether two words may be spellings of one, whatever their accents; two numbers never are.

    >>> spelt_alike("Vranich", "Vranić"), spelt_alike("Sigrid", "Sigurdur"), spelt_alike("1902", "1903")
    (True, False, False)
    """
    from rapidfuzz.distance import DamerauLevenshtein

    if one.isdigit() or other.isdigit():
        return False
    return DamerauLevenshtein.normalized_similarity(folded(one), folded(other)) >= SPELLING_SIMILARITY
