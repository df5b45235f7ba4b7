"""The path of a question: interpret, retrieve, read, cite. A ``Library`` is a corpus that can be asked."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.ask.citation import cite
from qa.ask.conversation import LONGEST
from qa.ask.language import other_language
from qa.ask.questions import analyse
from qa.ask.reader import Reader, text_of
from qa.ask.talk import talk, without_talk
from qa.config import Settings
from qa.errors import UsageError
from qa.render import one_line
from qa.search.index import Index
from qa.search.lexicon import Lexicon
from qa.search.retriever import Retriever
from qa.types import Answer, Citation, Conflict, Document, Finding, Query, Reading, Reason, ScoredPassage, Skipped

CANDIDATES = 24
"""Passages that the reader sees."""
MAX_QUESTION = LONGEST
"""Code points of a question, and of each earlier one."""
MAX_HISTORY = 50
Step = Callable[[str], None]
"""Called with what is done next: ``interpreting``, ``searching``, ``reading``. What it raises ends the question."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source document of an index, for listings; ``note`` is what a person should know of how it was read."""

    doc_id: str
    title: str
    path: str
    kind: str
    characters: int
    passages: int
    sha256: str
    note: str | None


@dataclass(frozen=True)
class Library:
    """A corpus that can be asked. ``qa.ask.opening`` puts it together; ``dataclasses.replace`` exchanges a part.

    ``notices`` are lines for the person who runs it, such as that the reader was fitted with another encoder;
    ``built`` says that the index was built when it was opened.
    """

    index: Index
    lexicon: Lexicon
    retriever: Retriever
    reader: Reader
    top_k: int = Settings.top_k
    notices: tuple[str, ...] = ()
    built: bool = False

    @property
    def version(self) -> str:
        """The version of the index."""
        return self.index.version

    def ask(
        self, question: str, history: Sequence[str] = (), *, top_k: int | None = None, on_step: Step | None = None
    ) -> Answer:
        """Answer one question; ``history`` holds the earlier questions of the conversation, oldest first.

        ``top_k`` is the number of nearest passages that come with the answer; ``on_step`` hears what is being
        done. Raises ``UsageError`` for a question without a word in it or over the limits.
        """
        started = time.perf_counter()
        begin = on_step or _unheard
        begin("interpreting")
        recent = _checked(question, history)
        if (aside := self._aside(question)) is not None:
            reason, language = aside
            took = (time.perf_counter() - started) * 1000
            return Answer(question, None, None, reason, 0.0, (), (), (), took, language=language)
        query = self.understand(question, recent)
        shown = self.top_k if top_k is None else top_k
        begin("searching")
        ranked = self.retriever.retrieve(query, max(CANDIDATES, shown))
        begin("reading")
        reading = self.reader.read(query, ranked[:CANDIDATES])
        answer, citations, conflicts = None, tuple[Citation, ...](), tuple[Conflict, ...]()
        if reading.reason is None:
            conflicts = self._conflicts(reading)
            citations = self._cite(reading.findings)
            answer = text_of(reading.findings[0])
        return Answer(
            question=question,
            interpreted_as=query.stand_alone,
            answer=answer,
            reason=reading.reason,
            confidence=reading.confidence,
            citations=citations,
            conflicts=conflicts,
            passages=tuple(ranked[:shown]),
            took_ms=(time.perf_counter() - started) * 1000,
            scores=reading.scores,
        )

    def understand(self, question: str, history: Sequence[str] = ()) -> Query:
        """What is searched and read for a question; raises as ``ask`` does."""
        recent = without_talk(_checked(question, history))
        # Runs of white space say nothing and are where rules over wording could lose their time.
        return analyse(one_line(question), [one_line(earlier) for earlier in recent], self.lexicon)

    def _aside(self, question: str) -> tuple[Reason, str | None] | None:
        """Why a question is not read at all, and its language if that is why; None for one that is."""
        asked = one_line(question)
        if (said := talk(asked)) is not None:
            return said, None
        language = other_language(asked, self.lexicon, [d.text for d in self.index.documents.values()])
        return None if language is None else ("other_language", language)

    def _cite(self, findings: Sequence[Finding]) -> tuple[Citation, ...]:
        return tuple(cite(*finding, self.index.documents) for finding in findings)

    def _conflicts(self, reading: Reading) -> tuple[Conflict, ...]:
        groups = (reading.findings, *reading.rivals) if reading.rivals else ()
        return tuple(Conflict(text_of(group[0]), self._cite(group)) for group in groups)

    def search(self, query: str, *, top_k: int | None = None) -> list[ScoredPassage]:
        """The nearest passages to a query, best first, without reading them."""
        return self.retriever.retrieve(self.understand(query), self.top_k if top_k is None else top_k)

    def sources(self) -> list[Source]:
        """The documents of the index in order of path."""
        return list(self._sources)

    @cached_property
    def _sources(self) -> list[Source]:
        counts = Counter(passage.path for passage in self.index.store.scan())
        return [
            Source(d.doc_id, d.title, path, d.kind, len(d.text), counts[path], d.sha256, d.note)
            for path, d in self.index.documents.items()
        ]

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The files of the corpus that are no documents of the index, with the reasons."""
        return self.index.manifest.skipped

    def source(self, doc_id: str) -> Document:
        """One document of the index; raises ``UsageError`` for an id that it does not have."""
        for document in self.index.documents.values():
            if document.doc_id == doc_id:
                return document
        known = ", ".join(document.doc_id for document in list(self.index.documents.values())[:20])
        raise UsageError(f"no source has the id {doc_id!r}; known are {known}")


def _checked(question: str, history: Sequence[str]) -> Sequence[str]:
    """The latest of the earlier questions; raises as ``check_question`` does for any of them and for the new one."""
    recent = history[-MAX_HISTORY:]
    for asked in (question, *recent):
        check_question(asked)
    return recent


def _unheard(step: str) -> None:
    pass


def check_question(question: str) -> None:
    """Raise ``UsageError`` for a question that cannot be asked."""
    check_letters("the question", question)
    if not any(character.isalnum() for character in question):
        raise UsageError(f"the question {question[:80]!r} has no word in it; ask something")
    if len(question) > MAX_QUESTION:
        raise UsageError(f"the question has {len(question)} characters; at most {MAX_QUESTION} are read")


def check_letters(what: str, text: str) -> None:
    """Raise ``UsageError`` for a text that is none: bytes that were no UTF-8, or half of a pair of surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{what} is not UTF-8 at character {error.start + 1}; give it in UTF-8") from None
