"""Which documents a person means: "the interview", "guide-book.txt", "both texts", "the review"."""

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import content_words, stem, words
from qa.types import Document

ALL = compiled(
    r"\b(?:documents?|docs?|texts?|sources?|files?|papers|articles|folder|corpus|collection|material|they|them|these|"
    r"those|it|this|that|everything)\b",
    re.IGNORECASE,
)
KINDS = frozenset(
    "paper essay article report review interview letter listing page story memo guide manual note text document file "
    "source database book talk post entry study chapter transcript leaflet brochure newspaper encyclopaedia wiki "
    "wikipedia record catalogue conversation critique".split()
)
FILLER = frozenset(
    "both each every all two three these those this that full whole short brief long longer lengthy detailed user film "
    "movie online entire one man woman person guy viewer write wrote written up writeup posted "
    "professional amateur fan anonymous style like type kind mr mrs ms miss dr".split()
)
NAMING = ("kind", "publisher", "author", "site", "source", "original", "type")
OPENING = 400
"""Characters at the beginning of a document in which it says what it is: "This essay argues …"."""


class Scope(Struct, frozen=True):
    """Some documents of a corpus, or one section of them; ``named`` says whether single ones were meant."""

    paths: frozenset[str]
    section: str | None = None
    named: bool = True

    @property
    def within(self) -> Within:
        """What a search is held to."""
        return Within(self.paths, self.section)


def resolve(
    phrase: str, documents: Mapping[str, Document], sections: Callable[[], Mapping[str, str]] = dict
) -> Scope | None:
    """The documents that a phrase means; None where it means none of them.

    A review that a page of a database has in a section of its own is that section.

    ``sections`` gives the corpus's section names with the path of the one document that has each; to find them takes
    every passage, so it is asked only where no document has the name, or a part of it is meant.
    """
    scope = _documents(phrase, documents, sections)
    if scope is None or not scope.named or scope.section or len(scope.paths) != 1:
        return scope
    (path,) = scope.paths
    parts = {_key(word) for word in content_words(phrase)} & PART_STEMS
    if parts and _is_listing(documents[path]):
        for section, where in sections().items():
            if where == path and not parts.isdisjoint(_key(word) for word in words(section)):
                return Scope(scope.paths, section)
    return scope


def _documents(
    phrase: str, documents: Mapping[str, Document], sections: Callable[[], Mapping[str, str]]
) -> Scope | None:
    """The documents that a phrase means, or the section that alone has its name."""
    if not phrase.strip():
        return None
    asked = [_key(word) for word in content_words(phrase) if word not in FILLER]
    for path in documents:
        if path.lower() in phrase.lower():
            return Scope(frozenset({path}))
    kinds = [word for word in asked if word in KIND_STEMS]
    own = [word for word in asked if word not in KIND_STEMS]
    names = {path: _names(document) for path, document in documents.items()}
    if own and not any(word in known for word in own for known in names.values()) and SITES.issuperset(own):
        kinds, own = [*own, *kinds], []  # no document is named after the site: the one that looks like its pages
    if own:
        found = [path for path, known in names.items() if all(word in known for word in asked)]
        found = found or _best(
            kinds, [path for path, known in names.items() if all(w in known for w in own)], documents
        )
        if not found and kinds:  # "the IMDb listing" is the one that speaks of IMDb or IMDbPro
            speak = [path for path, document in documents.items() if all(_speaks_of(w, document) for w in own)]
            speak = speak if len(speak) == 1 else [path for path in _alike(kinds, documents) if path in speak]
            found = speak if len(speak) == 1 else []
        return Scope(frozenset(found)) if found and len(found) < max(len(documents), 2) else None
    found = [path for path, known in names.items() if kinds and all(word in known for word in kinds)]
    if not found and kinds:
        alike = _alike(kinds, documents)
        found = alike if len(alike) < len(documents) else []
    if not found and kinds and ANY_STEMS.issuperset(kinds):
        return Scope(frozenset(documents), named=False)
    if not found and kinds:
        for section, path in sections().items():
            if kinds[-1] in {_key(word) for word in words(section)}:
                return Scope(frozenset({path}), section)
        found = _best(kinds, list(documents), documents)
        found = [] if len(found) == len(documents) else found
    if found and len(found) < max(len(documents), 2):
        return Scope(frozenset(found))
    return Scope(frozenset(documents), named=False) if ALL.search(phrase) or found else None


def _key(word: str) -> str:
    """What a word is known by: its stem, of "encyclopaedia" and "encyclopedia" the same; a critic's is a review."""
    return stem("review" if word in ("critic", "critique") else word).replace("ae", "e")


KIND_STEMS = frozenset(_key(word) for word in KINDS)
ANY_STEMS = frozenset(_key(word) for word in ("document", "text", "file", "source", "page"))
"""What every document is, so that no one of them is meant by it."""
PART_STEMS = frozenset(_key(word) for word in ("review", "storyline", "trivia", "synopsis"))
"""What may be a part of a page that has more."""
TALKS = frozenset(_key(word) for word in ("interview", "talk", "transcript", "conversation"))
ARTICLES = frozenset(_key(word) for word in ("encyclopaedia", "wiki", "wikipedia", "article"))
SITES = frozenset(_key(word) for word in ("imdb", "wikipedia"))
"""Sites that people know by name, whose pages need not have it."""
LISTINGS = frozenset(_key(word) for word in ("database", "listing", "record", "catalogue", "imdb"))
DEFINING = compiled(r"[^.!?:;]{1,100}? (?:is|was|are|were) (?:an?|the|one of)\b")
"""How a sentence begins that says what its text is about: "A haar is a sea fog …"."""
PROSE, SHORT = 12, 8
"""Words from which a paragraph is prose, and below which it is a line of a listing."""
SHORT_LINES = 0.45
"""Share of such lines from which a document is a listing."""
LONGEST_PROMPT = 60
"""Words of a paragraph that may be a question to the one who is interviewed."""
QUESTIONS = 3
"""Paragraphs that are questions from which on a text is a talk, if they are a tenth of them."""


def _is_talk(document: Document) -> bool:
    """Whether somebody asks and somebody answers."""
    told = [document.plain(e.span).text for e in document.elements if e.kind == "paragraph"]
    asked = sum(map(is_prompt, told))
    turns = any(e.kind == "turn" for e in document.elements)
    return turns or (asked >= QUESTIONS and 10 * asked >= len(told))


def is_prompt(paragraph: str) -> bool:
    """Whether a paragraph of a talk is a question to the one who answers."""
    return paragraph.endswith("?") and len(paragraph.split()) <= LONGEST_PROMPT


def _is_article(document: Document) -> bool:
    """Whether the first prose of a document says what its subject is, and it is no talk."""
    told = (document.plain(e.span).text for e in document.elements if e.kind != "heading")
    first = next((text for text in told if len(text.split()) >= PROSE and LABELLED.match(text) is None), "")
    return DEFINING.match(first) is not None and not _is_talk(document)


def _is_listing(document: Document) -> bool:
    """Whether a document is lines more than prose."""
    told = [document.plain(e.span).text for e in document.elements if e.kind != "heading"]
    short = sum(len(text.split()) < SHORT for text in told)
    return bool(told) and short >= SHORT_LINES * len(told) and not _is_article(document)


LABELLED = compiled(r"\W*[^.!?:]{1,40}:\s")
"""How a line begins that has a label: "Director: Ana Moe"."""
LIKENESS = ((TALKS, _is_talk), (ARTICLES, _is_article), (LISTINGS, _is_listing))
"""What documents are called that need not call themselves so, and what they look like."""


def _alike(kinds: list[str], documents: Mapping[str, Document]) -> list[str]:
    """The documents that look like one of the kinds, though they need not call themselves so."""
    looks = next((looks for words, looks in LIKENESS if not words.isdisjoint(kinds)), None)
    return [path for path, document in documents.items() if looks and looks(document)]


def _speaks_of(name: str, document: Document) -> bool:
    """Whether a word of a text begins with a name."""
    return re.search(rf"(?<!\w){re.escape(name)}", document.text, re.IGNORECASE) is not None


def _best(kinds: list[str], paths: list[str], documents: Mapping[str, Document]) -> list[str]:
    """Those of some documents that call themselves one of the kinds; all of them where none does."""
    told = [
        path
        for path in paths
        if any(kind in {_key(word) for word in words(documents[path].text[:OPENING])} for kind in kinds)
    ]
    return told or paths


def _names(document: Document) -> set[str]:
    """The stems of the words that a document goes by: its file, its title, and what its front matter says it is."""
    told = [document.path, document.title]
    told += [value for name, value in document.metadata.items() if name in NAMING]
    return {_key(word) for text in told for word in words(re.sub(r"[_\W]+", " ", text))}
