"""Whether a question is asked in a language that no source has. The only importer of the language identifier.

It is loaded, which takes longer than to answer, only for a question that looks foreign: without a word that only
English has, and with words that the corpus lacks. Words that the sources have are theirs, in whatever language.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from qa.search.lexicon import Lexicon
from qa.search.words import words
from qa.types import Document

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
"""What the models read, and so what is asked of sources that are in no language: tables, lists of names."""
ONLY_ENGLISH = frozenset(
    "the what who whom whose when where which how why does did are and were there his her their its for with many "
    "much".split()
)
STRANGE_SHARE = 1 / 3
"""The share of a question's words that are strange to the corpus from which it looks foreign."""
STRANGE_LETTERS = 6
"""And how many letters they have together, at least: less is in no language for sure."""
FEWEST_WORDS = 3
"""Of a question in plain letters: two words may as well be misspelt."""
UNLIKELY = 0.05
"""What the languages of the sources have together of a foreign question's probability, at most."""
LIKELY = 0.5
SAMPLES, SAMPLE = 40, 1000
"""How many documents tell the languages of the sources, and by how many code points from the middle of each."""
NAMES: Mapping[str, str] = {
    code: name
    for code, _, name in (
        entry.partition(" ")
        for entry in (
            "ar Arabic,bg Bulgarian,bn Bengali,ca Catalan,cs Czech,da Danish,de German,el Greek,en English,es Spanish,"
            "et Estonian,fa Persian,fi Finnish,fr French,he Hebrew,hi Hindi,hr Croatian,hu Hungarian,id Indonesian,"
            "it Italian,ja Japanese,km Khmer,ko Korean,lt Lithuanian,lv Latvian,nb Norwegian,nl Dutch,no Norwegian,"
            "pl Polish,pt Portuguese,ro Romanian,ru Russian,sk Slovak,sl Slovene,sr Serbian,sv Swedish,sw Swahili,"
            "th Thai,tr Turkish,uk Ukrainian,ur Urdu,vi Vietnamese,zh Chinese"
        ).split(",")
    )
}
UNNAMED = "another language"


def other_language(question: str, lexicon: Lexicon, documents: Mapping[str, Document]) -> str | None:
    """The name in English of a question's language, where none of the ``documents`` by path is in it; else None.

    ``another language`` where it is not clear in which, only that it is none of theirs.
    """
    if not _looks_foreign(question, lexicon):
        return None
    probabilities = dict(_identifier().rank(question))
    paths = list(documents)
    theirs = _languages([documents[path].text for path in paths[:: len(paths) // SAMPLES + 1]])
    if sum(probabilities.get(language, 0.0) for language in theirs) > UNLIKELY:
        return None
    likeliest = max(probabilities, key=lambda language: probabilities[language])
    return NAMES.get(likeliest, UNNAMED) if probabilities[likeliest] >= LIKELY else UNNAMED


def _looks_foreign(question: str, lexicon: Lexicon) -> bool:
    asked = words(question)
    too_few = len(asked) < FEWEST_WORDS and question.isascii()
    if not asked or too_few or not ONLY_ENGLISH.isdisjoint(asked):
        return False
    strange = [word for word in asked if not lexicon.knows(word) and lexicon.correct(word) is None]
    return len(strange) >= STRANGE_SHARE * len(asked) and sum(map(len, strange)) >= STRANGE_LETTERS


def _languages(texts: Sequence[str]) -> set[str]:
    """The languages of some texts; English where none is in a language."""
    found = set[str]()
    for text in texts:
        middle = max(0, (len(text) - SAMPLE) // 2)
        language, probability = _identifier().classify(text[middle : middle + SAMPLE])
        if probability >= LIKELY:
            found.add(language)
    return found or {ENGLISH}


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
