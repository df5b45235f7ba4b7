"""The same library with one part after the other put in, to see what each part earns."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from qa.ask.library import Library
from qa.ask.opening import READERS, Parts, assemble, index_state, rebuild
from qa.ask.reader import Reader
from qa.ask.sentence_reader import SentenceReader
from qa.config import Settings
from qa.models.card import FusionWeights
from qa.search.build import build_index
from qa.search.index import Index, load_index
from qa.search.manifest import IndexSettings
from qa.types import Progress, Query, Reading, ScoredPassage, Weighed

STEPS = ("dense only", "+ best sentence", "+ BM25", "+ context lines", "+ reader", "+ conflicts")


class OneValueReader:
    """A reader that gives one value where the sources differ."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``."""
        return replace(self._reader.read(query, ranked), rivals=())

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """See ``Reader``."""
        return self._reader.each(query, ranked)


def ablation(
    settings: Settings, scratch: Path, *, progress: Progress | None = None, parts: Parts | None = None
) -> Iterator[tuple[str, Library]]:
    """(step, library) in the order of ``STEPS``; each has all that the ones before it have.

    The first three search an index without context lines, which is built in ``scratch``. Up to the reader the
    answer is the best sentence (``SentenceReader``).
    """
    parts = parts or Parts(reader=READERS[settings.reader])
    if index_state(settings) is not None:
        rebuild(settings, progress, parts)
    with_context = load_index(settings.index)
    without = IndexSettings(settings.encoder, context=False)
    build_index(settings.corpus, scratch, without, parts.make_encoder, progress)
    bare = load_index(scratch)
    fused = parts.card().fusion
    reader, baseline = parts.reader(with_context), SentenceReader()
    steps: tuple[tuple[Index, FusionWeights, Reader], ...] = (
        (bare, FusionWeights(1, 0, 0), baseline),
        (bare, FusionWeights(fused.passage, fused.sentence, 0), baseline),
        (bare, fused, baseline),
        (with_context, fused, baseline),
        (with_context, fused, OneValueReader(reader)),
        (with_context, fused, reader),
    )
    for step, (index, weights, read_with) in zip(STEPS, steps, strict=True):
        library = assemble(index, parts, top_k=settings.top_k, fusion=weights)
        yield step, replace(library, reader=read_with)
