"""What is a word, and its stem. The only importer of the stemmer."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

# Function words say nothing of which passage answers.
STOP_WORDS = frozenset(
    "a an the of in on at to for and or but if so than then there about into from with by as is are was were be been "
    "do does did has have had it its this that these those he she they him them his her their i you we me my our your "
    "what which who whom whose when where why how not no any some s t".split()
)

_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """The words of a text in lower case, without possessive endings."""
    return re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text.lower()))


def content_words(text: str) -> list[str]:
    """The words of a text that are not function words."""
    return [word for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball stem of a word; the same word gives the same string, of which an index holds many."""
    return str(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """The stems of a text's content words, in order."""
    return [stem(word) for word in content_words(text)]


def folded(text: str) -> str:
    """The text in small letters without accents.

    >>> folded("Vranić")
    'vranic'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
