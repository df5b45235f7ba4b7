"""The same library with one part after the other put in, to see what each part earns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qa.ask.library import Library, default_reader, index_state, make_encoder, rebuild
from qa.ask.reader import Reader, SentenceReader
from qa.config import Settings
from qa.models.encoder import Encoder, OnnxEncoder
from qa.search.index import Index, IndexEncoder, IndexSettings, Progress, build_index, load_index, load_sources
from qa.search.retriever import FusionWeights, HybridRetriever
from qa.types import Reading, ScoredPassage

STEPS = ("dense only", "+ best sentence", "+ BM25", "+ context lines", "+ reader", "+ conflicts")


class OneValueReader:
    """A reader that gives one value where the sources differ."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, question: str, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``."""
        return replace(self._reader.read(question, ranked), rivals=())


def ablation(
    settings: Settings,
    scratch: Path,
    *,
    progress: Progress | None = None,
    encoder_factory: Callable[[str], IndexEncoder] = make_encoder,
    query_encoder: Callable[[Path], Encoder] = OnnxEncoder,
    reader: Callable[[], Reader] = default_reader,
) -> Iterator[tuple[str, Library]]:
    """(step, library) in the order of ``STEPS``; each has all that the ones before it have.

    The first three search an index without context lines, which is built in ``scratch``. Up to the reader the
    answer is the best sentence (``SentenceReader``).
    """
    if index_state(settings) is not None:
        rebuild(settings, progress, encoder_factory)
    with_context = load_index(settings.index)
    build_index(settings.corpus, scratch, IndexSettings(settings.encoder, context=False), encoder_factory, progress)
    bare = load_index(scratch)
    sources = load_sources(settings.corpus, with_context.manifest)
    encoder = query_encoder(with_context.encoder_folder)
    fused = FusionWeights()
    parts: tuple[tuple[Index, FusionWeights, Reader], ...] = (
        (bare, FusionWeights(1, 0, 0), SentenceReader()),
        (bare, FusionWeights(fused.passage, fused.sentence, 0), SentenceReader()),
        (bare, fused, SentenceReader()),
        (with_context, fused, SentenceReader()),
        (with_context, fused, OneValueReader(reader())),
        (with_context, fused, reader()),
    )
    for step, (index, weights, read_with) in zip(STEPS, parts, strict=True):
        yield step, Library(index, sources, HybridRetriever(index, encoder, weights), read_with, top_k=settings.top_k)
