"""The path of a question: interpret, retrieve, read, cite. A ``Library`` is a corpus that can be asked."""

import time
from collections.abc import Callable, Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from qa.ask.chat import spelled_out
from qa.ask.citation import cite
from qa.ask.forms.answering import form
from qa.ask.forms.desk import CANDIDATES, Desk
from qa.ask.language import other_language
from qa.ask.questions import BY_WORDING, analyse
from qa.ask.reader import Reader, text_of
from qa.ask.talk import talk, without_talk
from qa.config import LONGEST_QUESTION, Settings
from qa.errors import UsageError
from qa.models.encoder import Encoder
from qa.models.kind import Kinds
from qa.render import one_line
from qa.search.index import Index
from qa.search.lexicon import Lexicon
from qa.search.retriever import Retriever
from qa.search.store import Within
from qa.types import (
    Answer,
    Citation,
    Conflict,
    Document,
    Entry,
    Finding,
    Formed,
    Item,
    Query,
    Reading,
    Reason,
    ScoredPassage,
    Skipped,
    Source,
    Weighed,
)

MAX_QUESTION = LONGEST_QUESTION
"""Code points of a question, and of each earlier one."""
MAX_HISTORY = 50
Step = Callable[[str], None]
"""Called with what is done next: ``interpreting``, ``searching``, ``reading``. What it raises ends the question."""


class Library(Struct, frozen=True):
    """A corpus that can be asked. ``qa.ask.opening`` puts it together; ``msgspec.structs.replace`` exchanges a part.

    An answer with less confidence than ``at_least`` is withheld, whatever the reader makes of it. ``notices`` are lines
    for the person who runs it, such as that the reader was fitted with another encoder; ``built`` says that the index
    was built when it was opened.
    """

    index: Index
    lexicon: Lexicon
    retriever: Retriever
    reader: Reader
    encoder: Encoder
    top_k: int = Settings.top_k
    kinds: Kinds = BY_WORDING
    at_least: float = 0.0
    notices: tuple[str, ...] = ()
    built: bool = False

    @property
    def version(self) -> str:
        """The version of the index."""
        return self.index.version

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        sources: Collection[str] | None = None,
        top_k: int | None = None,
        on_step: Step | None = None,
    ) -> Answer:
        """Answer one question; ``history`` holds the earlier questions of the conversation, oldest first.

        ``sources`` holds it to the documents with these ids. ``top_k`` is the number of nearest passages that come with
        the answer; ``on_step`` hears what is being done. Raises ``UsageError`` for a question without a word in it or
        over the limits, and for an id that no source has.
        """
        started = time.perf_counter()
        begin = on_step or _unheard
        begin("interpreting")
        recent = _checked(question, history)
        if (aside := self._aside(question)) is not None:
            reason, language = aside
            took = (time.perf_counter() - started) * 1000
            return Answer(question, None, None, reason, 0.0, (), (), (), took, language=language, kind="talk")
        query = self.understand(question, recent)
        shown = self.top_k if top_k is None else top_k
        begin("searching")
        desk = self._desk(max(CANDIDATES, shown), begin)
        if sources is not None:
            desk = desk.held_to(self.within(sources))
        readings: Sequence[str] = ()
        if earlier := without_talk(recent):
            from qa.ask.follow_up import taken  # here, so that a question by itself pays for none of it

            query, formed, readings = taken(query, earlier, desk)
        else:
            formed = form(query, desk)
        answer = self._answer(query, formed, shown, time.perf_counter() - started)
        return replace(answer, question=question, readings=readings)

    def _desk(self, depth: int, begin: Step) -> Desk:
        """What the forms work with; the reader says when it begins."""
        return Desk(
            store=self.index.store,
            retriever=self.retriever,
            reader=Announced(self.reader, begin),
            encoder=self.encoder,
            documents=self.index.documents,
            understand=self._meant,
            answer=form,
            depth=depth,
        )

    def _answer(self, query: Query, formed: Formed, shown: int, took: float) -> Answer:
        """A formed answer with every span cited; parts are answers of their own."""
        reading = formed.reading
        answered = reading.reason is None and reading.confidence >= self.at_least
        return Answer(
            question=query.question,
            interpreted_as=query.stand_alone,
            answer=text_of(reading.findings[0]) if answered else None,
            reason=None if answered else reading.reason or "weak_match",
            confidence=reading.confidence,
            citations=self._cite(reading.findings) if answered else (),
            conflicts=self._conflicts(reading.findings, reading.rivals) if answered else (),
            passages=tuple(formed.ranked[:shown]),
            took_ms=took * 1000,
            scores=reading.scores,
            kind=formed.kind,
            items=tuple(self._item(entry) for entry in formed.items) if answered else (),
            complete=formed.complete and answered,
            parts=tuple(self._answer(part, told, shown, 0.0) for part, told in formed.parts),
            verdict=formed.verdict if answered else None,
            note=formed.note,
            runner_up=cite(*reading.runner_up, self.index.documents) if answered and reading.runner_up else None,
        )

    def _item(self, entry: Entry) -> Item:
        conflicts = self._conflicts(entry.findings, entry.rivals)
        return Item(text_of(entry.findings[0]), self._cite(entry.findings), conflicts, entry.label)

    def understand(self, question: str, history: Sequence[str] = ()) -> Query:
        """What is searched and read for a question; raises as ``ask`` does."""
        return self._meant(question, without_talk(_checked(question, history)))

    def _meant(self, question: str, history: Sequence[str] = ()) -> Query:
        """The same of a question that was made of one, as far as a question may be long."""
        # Runs of white space say nothing and are where rules over wording could lose their time.
        asked, *earlier = (self._written(said) for said in (question, *history))
        return analyse(asked, earlier, self.lexicon, self.kinds)

    def _written(self, said: str) -> str:
        """What was said on one line, and without what only a chat writes so, as far as a question may be long."""
        return spelled_out(one_line(said), self.lexicon.knows)[:MAX_QUESTION]

    def _aside(self, question: str) -> tuple[Reason, str | None] | None:
        """Why a question is not read at all, and its language if that is why; None for one that is."""
        asked = one_line(question)
        if (said := talk(asked)) is not None:
            return said, None
        language = other_language(asked, self.lexicon, self.index.documents)
        return None if language is None else ("other_language", language)

    def _cite(self, findings: Sequence[Finding]) -> tuple[Citation, ...]:
        return tuple(cite(*finding, self.index.documents) for finding in findings)

    def _conflicts(self, findings: Sequence[Finding], rivals: Sequence[tuple[Finding, ...]]) -> tuple[Conflict, ...]:
        groups = (findings, *rivals) if rivals else ()
        return tuple(Conflict(text_of(group[0]), self._cite(group)) for group in groups)

    def search(self, query: str, *, top_k: int | None = None) -> list[ScoredPassage]:
        """The nearest passages to a query, best first, without reading them."""
        return self.retriever.retrieve(self.understand(query), self.top_k if top_k is None else top_k)

    def sources(self) -> list[Source]:
        """The documents of the index in order of path."""
        return list(self.index.sources)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The files of the corpus that are no documents of the index, with the reasons."""
        return self.index.manifest.skipped

    def source(self, doc_id: str) -> Document:
        """One document of the index; raises ``UsageError`` for an id that it does not have."""
        return self.index.documents[self._path(doc_id)]

    def within(self, doc_ids: Collection[str]) -> Within:
        """What holds a search to these documents; raises ``UsageError`` for an id that the index does not have."""
        return Within(frozenset(map(self._path, doc_ids)))

    def _path(self, doc_id: str) -> str:
        for source in self.index.sources:
            if source.doc_id == doc_id:
                return source.path
        known = ", ".join(source.doc_id for source in self.index.sources[:20])
        raise UsageError(f"no source has the id {doc_id!r}; known are {known}")


def _checked(question: str, history: Sequence[str]) -> Sequence[str]:
    """The latest of the earlier questions; raises as ``check_question`` does for any of them and for the new one."""
    recent = history[-MAX_HISTORY:]
    for asked in (question, *recent):
        check_question(asked)
    return recent


class Announced(Struct, frozen=True):
    """A reader that says when it begins to read."""

    reader: Reader
    begin: Step

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``."""
        self.begin("reading")
        return self.reader.read(query, ranked)

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """See ``Reader``."""
        self.begin("reading")
        return self.reader.each(query, ranked)


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
