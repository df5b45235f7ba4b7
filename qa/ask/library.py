"""The path of a question and the composition root: everything is put together here and nowhere else."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.ask.citation import Sources, cite
from qa.ask.conversation import stand_alone
from qa.ask.reader import Reader, SpanReader, TextReader
from qa.config import PACKAGED_ENCODER, Settings, load_settings
from qa.errors import IndexUnusable, SourceError, UsageError
from qa.ingest.corpus import FORMATS
from qa.models.cross_encoder import OnnxCrossEncoder
from qa.models.encoder import OnnxEncoder
from qa.search.index import (
    Index,
    IndexEncoder,
    IndexSettings,
    Progress,
    build_index,
    check_fresh,
    current_build,
    load_index,
    load_sources,
    read_manifest,
)
from qa.search.retriever import HybridRetriever, Retriever
from qa.types import Answer, Citation, Conflict, Finding, Reading, ScoredPassage

CANDIDATES = 24
"""Passages that the reader sees."""
MAX_QUESTION = 2000
"""Code points of a question, and of each earlier one."""
MAX_HISTORY = 50
Step = Callable[[str], None]
"""Called with what is done next: ``interpreting``, ``searching``, ``reading``. What it raises ends the question."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source document of an index, for listings."""

    doc_id: str
    title: str
    path: str
    passages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source document with the text that offsets count in, and its front matter as strings."""

    source: Source
    text: str
    metadata: Mapping[str, str]


class Library:
    """A corpus that can be asked. Made by ``open_library``; every part can be replaced in tests."""

    def __init__(
        self, index: Index, sources: Sources, retriever: Retriever, reader: Reader, *, top_k: int = Settings.top_k
    ) -> None:
        self.index = index
        self._sources = sources
        self._retriever = retriever
        self._reader = reader
        self._top_k = top_k

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
        check_question(question)
        for earlier in history[-MAX_HISTORY:]:
            check_question(earlier)
        begin("interpreting")
        interpreted = stand_alone(question, history[-MAX_HISTORY:])
        query = interpreted or question
        shown = self._top_k if top_k is None else top_k
        begin("searching")
        ranked = self._retriever.retrieve(query, max(CANDIDATES, shown))
        begin("reading")
        reading = self._reader.read(self._retriever.spelt(query), ranked)
        answer, citations, conflicts = None, tuple[Citation, ...](), tuple[Conflict, ...]()
        if reading.reason is None:
            conflicts = self._conflicts(reading)
            citations = self._cite(reading.findings)
            answer = self._text(reading.findings[0])
        return Answer(
            question=question,
            interpreted_as=interpreted,
            answer=answer,
            reason=reading.reason,
            confidence=reading.confidence,
            citations=citations,
            conflicts=conflicts,
            passages=tuple(ranked[:shown]),
            took_ms=(time.perf_counter() - started) * 1000,
            scores=reading.scores,
        )

    def _text(self, finding: Finding) -> str:
        return self._sources[finding.passage.path][0][finding.answer.start : finding.answer.end]

    def _cite(self, findings: Sequence[Finding]) -> tuple[Citation, ...]:
        return tuple(cite(*finding, self._sources) for finding in findings)

    def _conflicts(self, reading: Reading) -> tuple[Conflict, ...]:
        groups = (reading.findings, *reading.rivals) if reading.rivals else ()
        return tuple(Conflict(self._text(group[0]), self._cite(group)) for group in groups)

    def search(self, query: str, *, top_k: int | None = None) -> list[ScoredPassage]:
        """The nearest passages to a query, best first, without reading them."""
        check_question(query)
        return self._retriever.retrieve(query, self._top_k if top_k is None else top_k)

    def sources(self) -> list[Source]:
        """The documents of the index in order of path."""
        counts: dict[str, int] = {}
        for passage in self.index.passages:
            counts[passage.path] = counts.get(passage.path, 0) + 1
        return [
            Source(entry["doc_id"], entry["title"], path, counts.get(path, 0), entry["sha256"])
            for path, entry in self.index.manifest["sources"].items()
        ]

    def source(self, doc_id: str) -> SourceText:
        """One document of the index; raises ``UsageError`` for an id that it does not have."""
        listed = self.sources()
        found = next((source for source in listed if source.doc_id == doc_id), None)
        if found is None:
            known = ", ".join(source.doc_id for source in listed)
            raise UsageError(f"no source has the id {doc_id!r}; known are {known}")
        text = self._sources[found.path][0]
        return SourceText(found, text, FORMATS[Path(found.path).suffix.lower()](text).metadata)


def _unheard(step: str) -> None:
    pass


def check_question(question: str) -> None:
    """Raise ``UsageError`` for a question that cannot be asked."""
    if not any(character.isalnum() for character in question):
        raise UsageError(f"the question {question!r} has no word in it; ask something")
    if len(question) > MAX_QUESTION:
        raise UsageError(f"the question has {len(question)} characters; at most {MAX_QUESTION} are read")


MODELS = Path(__file__).parent.parent / "models" / "weights"


def default_reader() -> Reader:
    """The reader that answers questions to a library."""
    return SpanReader(OnnxCrossEncoder(MODELS / "reader"))


def open_text_reader() -> TextReader:
    """The reader that ships with the package, for one given text."""
    return TextReader(OnnxCrossEncoder(MODELS / "reader"))


def make_encoder(name: str) -> IndexEncoder:
    """The encoder that embeds passages: the one that ships, or any sentence-transformers model, which takes torch."""
    if name == PACKAGED_ENCODER:
        return OnnxEncoder(MODELS / "encoder")
    from qa.models.sentence_encoder import SentenceEncoder

    return SentenceEncoder(name)


def rebuild(
    settings: Settings,
    progress: Progress | None = None,
    encoder_factory: Callable[[str], IndexEncoder] = make_encoder,
) -> Path:
    """Build the index of the settings' corpus; returns the folder of the build."""
    return build_index(settings.corpus, settings.index, IndexSettings(settings.encoder), encoder_factory, progress)


def index_state(settings: Settings) -> str | None:
    """None when the index fits the corpus and the settings, else one line that says what is wrong."""
    try:
        check_fresh(settings.corpus, read_manifest(current_build(settings.index)), IndexSettings(settings.encoder))
    except IndexUnusable as error:
        return str(error)
    return None


def open_library(
    corpus: str | Path | None = None,
    index: str | Path | None = None,
    *,
    encoder: str | None = None,
    top_k: int | None = None,
    build: bool = True,
    progress: Progress | None = None,
    encoder_factory: Callable[[str], IndexEncoder] = make_encoder,
) -> Library:
    """Open a corpus, building or renewing its index first if need be (unless ``build`` is false).

    Settings that are not given come from the environment, ``qa.toml`` or the defaults. Raises ``SourceError``
    when the corpus cannot be read and ``IndexUnusable`` when there is no index that can be used.
    """
    flags = {"corpus": corpus, "index": index, "encoder": encoder, "top_k": top_k}
    return open_with(load_settings(flags), build=build, progress=progress, encoder_factory=encoder_factory)


def open_with(
    settings: Settings,
    *,
    build: bool = True,
    progress: Progress | None = None,
    encoder_factory: Callable[[str], IndexEncoder] = make_encoder,
) -> Library:
    """``open_library`` for settings that are loaded already."""
    try:
        loaded = _load(settings)
    except IndexUnusable as error:
        if not build:
            raise
        try:
            rebuild(settings, progress, encoder_factory)
        except SourceError as reason:
            raise IndexUnusable(f"{reason} ({error})") from reason
        loaded = _load(settings)
    sources = load_sources(settings.corpus, loaded.manifest)
    retriever = HybridRetriever(loaded, OnnxEncoder(loaded.encoder_folder, verify=False))
    return Library(loaded, sources, retriever, default_reader(), top_k=settings.top_k)


def _load(settings: Settings) -> Index:
    check_fresh(settings.corpus, read_manifest(current_build(settings.index)), IndexSettings(settings.encoder))
    return load_index(settings.index)
