"""The composition root: index, models and settings become a ``Library``, here and nowhere else.

What only some questions need, such as what builds an index, is imported where it is: to import it takes as long as to
answer.
"""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from qa.ask.library import Library
from qa.ask.reader import Reader, SpanReader
from qa.config import PACKAGED_ENCODER, Server, Settings, load_settings
from qa.errors import IndexUnusable, SourceError, UsageError
from qa.models.card import FusionWeights, JointCard, ReaderCard
from qa.models.cross_encoder import OnnxCrossEncoder
from qa.models.encoder import Encoder, OnnxEncoder
from qa.models.kind import ByWording, KindCard, KindModel, Kinds
from qa.models.onnx import file_sha256
from qa.search.index import Index, load_index
from qa.search.lexicon import Lexicon
from qa.search.manifest import SEEN, IndexSettings, Seen, check_fresh, current_build, read_manifest
from qa.search.retriever import HybridRetriever
from qa.types import Progress

if TYPE_CHECKING:
    from qa.ask.text_reader import TextReader
    from qa.search.build import IndexEncoder, Workers
    from qa.search.milvus_store import MilvusStore

WEIGHTS = Path(__file__).parent.parent / "models" / "weights"
LARGE = WEIGHTS / "large_reader"
WITHOUT_WORDS = (
    "store_dense_only: the server is searched by vectors alone, without BM25; ranking, confidence and when it abstains "
    "are less sure than measured"
)


def make_encoder(name: str) -> "IndexEncoder":
    """The encoder that embeds passages: the one that ships, or any sentence-transformers model, which takes torch."""
    if name == PACKAGED_ENCODER:
        return OnnxEncoder(WEIGHTS / "encoder")
    from qa.models.sentence_encoder import SentenceEncoder

    return SentenceEncoder(name)


def open_cross_encoder(sha256: Callable[[Path], str] = file_sha256) -> OnnxCrossEncoder:
    """The reader's model that ships; see ``OnnxCrossEncoder``."""
    return OnnxCrossEncoder(WEIGHTS / "reader", sha256)


def small_reader(index: Index) -> Reader:
    """The small reader alone: the least memory and time."""
    return SpanReader(open_cross_encoder(known(index)))


def large_reader(index: Index) -> Reader:
    """The small reader, and the large one for the best of what it orders."""
    from qa.ask.joint_reader import JointReader
    from qa.models.joint import OnnxJointModel
    from qa.search.surroundings import Surroundings

    large = OnnxJointModel(LARGE, known(index))
    return JointReader(open_cross_encoder(known(index)), large, Surroundings(index.store, index.documents))


def known(index: Index) -> Callable[[Path], str]:
    """The hash of a model's file, kept with those of the index as soon as it is taken."""

    def sha256(path: Path) -> str:
        found = index.seen.sha256(path)
        index.seen.keep()
        return found

    return sha256


READERS: Mapping[str, Callable[[Index], Reader]] = {"small": small_reader, "large": large_reader}


def bar(reader: str, precision: float) -> float:
    """The confidence from which such a share of a reader's answers was right on dev.

    The card gives a few; between them the next higher counts, and beyond them the share itself, which is what a
    calibrated confidence means for each single answer.
    """
    known = JointCard.load(LARGE).bars if reader == "large" and precision else {}
    return min((at for share, at in known.items() if float(share) >= precision), default=precision)


def open_text_reader(reader: str = Settings.reader) -> "TextReader":
    """A reader that ships with the package, for one given text."""
    from qa.ask.text_reader import LargeJudge, SmallJudge, TextReader

    if reader == "small":
        return TextReader(SmallJudge(open_cross_encoder()))
    from qa.models.joint import OnnxJointModel

    return TextReader(LargeJudge(OnnxJointModel(LARGE)))


def reader_card() -> ReaderCard:
    """The card of the reader that ships: what was fitted with it, and with which encoder."""
    return ReaderCard.load(WEIGHTS / "reader")


def kinds_by(encoder: Encoder) -> Kinds:
    """The kind model that ships; the wording alone where it was fitted with another encoder."""
    ours = KindCard.load(WEIGHTS / "kind").encoder_sha256 == encoder.sha256
    return KindModel(WEIGHTS / "kind", encoder) if ours else ByWording()


class Parts(Struct, frozen=True):
    """What a library is made of beside its index; each can be exchanged, in tests by its fake."""

    make_encoder: "Callable[[str], IndexEncoder]" = make_encoder
    query_encoder: Callable[[Path], Encoder] = field(default=lambda folder: OnnxEncoder(folder, verify=False))
    reader: Callable[[Index], Reader] = large_reader
    card: Callable[[], ReaderCard] = reader_card
    kinds: Callable[[Encoder], Kinds] = kinds_by


def assemble(
    index: Index, parts: Parts, *, top_k: int = Settings.top_k, fusion: FusionWeights | None = None
) -> Library:
    """A library over an open index."""
    encoder = parts.query_encoder(index.encoder_folder)
    card = parts.card()
    notices = tuple(filter(None, (_misfit(index, card),)))
    lexicon = Lexicon(index.vocabulary, encoder.knows)
    retriever = HybridRetriever(index.store, encoder, fusion or card.fusion)
    return Library(
        index, lexicon, retriever, parts.reader(index), encoder, top_k, parts.kinds(encoder), notices=notices
    )


def _misfit(index: Index, card: ReaderCard) -> str | None:
    """What to say where the index has another encoder than the one that the reader's numbers were fitted with."""
    encoder = index.manifest.encoder
    if not card.encoder_sha256 or encoder.sha256 == card.encoder_sha256:
        return None
    return (
        f"the reader {card.name} was not fitted with the encoder {encoder.name}: its ranking, its confidence and when "
        "it abstains are less sure than measured"
    )


def rebuild(
    settings: Settings,
    progress: Progress | None = None,
    parts: Parts | None = None,
    *,
    strict: bool = False,
    force: bool = False,
) -> Path:
    """Build the index of the settings' corpus; returns the folder of the build. See ``build_index``.

    Where a server is searched, it is brought to the build; with ``force`` what it had is dropped.
    """
    from qa.search.build import build_index

    make = (parts or Parts()).make_encoder
    asked = IndexSettings(settings.encoder)
    with open_workers(settings, make) as workers:
        build = build_index(
            settings.corpus, settings.index, asked, make, progress, strict=strict, force=force, workers=workers
        )
    if settings.server is not None:
        from qa.search.push import push

        index = load_index(settings.index, Seen(settings.index / SEEN))
        push(index, open_store(settings.server, index, afresh=force), str(settings.corpus.resolve()), progress)
    return build


def open_workers(
    settings: Settings, make: "Callable[[str], IndexEncoder]"
) -> "contextlib.AbstractContextManager[Workers | None]":
    """Who reads and embeds for a build, to be let go after it; None where this process does."""
    if not settings.ray:
        return contextlib.nullcontext()
    from qa.search.bulk import RayWorkers

    return RayWorkers(settings.ray, make)


def open_store(server: Server, index: Index, *, afresh: bool = False) -> "MilvusStore":
    """The store on a server for the passages of an index; see ``MilvusStore``."""
    try:
        from qa.search.milvus_store import MilvusStore
    except ImportError as error:
        raise UsageError(f"{server.uri}: searching there takes pymilvus; pip install 'qa[milvus]'") from error
    return MilvusStore(server, index.manifest.encoder.dimension, afresh=afresh)


def index_state(settings: Settings) -> str | None:
    """None when the index fits the corpus and the settings, else one line that says what is wrong."""
    try:
        check_fresh(settings.corpus, read_manifest(current_build(settings.index)), IndexSettings(settings.encoder))
        if settings.server is not None:
            _there(load_index(settings.index), settings.server)
    except IndexUnusable as error:
        return str(error)
    return None


def open_library(
    corpus: str | Path | None = None,
    index: str | Path | None = None,
    *,
    encoder: str | None = None,
    reader: str | None = None,
    top_k: int | None = None,
    precision: float | None = None,
    build: bool = True,
    progress: Progress | None = None,
    parts: Parts | None = None,
) -> Library:
    """Open a corpus, building or renewing its index first if need be (unless ``build`` is false).

    Settings that are not given come from the environment, ``qa.toml`` or the defaults. Raises ``SourceError``
    when the corpus cannot be read and ``IndexUnusable`` when there is no index that can be used.
    """
    flags = {"corpus": corpus, "index": index, "encoder": encoder, "reader": reader}
    return open_with(
        load_settings(flags | {"top_k": top_k, "precision": precision}), build=build, progress=progress, parts=parts
    )


def open_with(
    settings: Settings, *, build: bool = True, progress: Progress | None = None, parts: Parts | None = None
) -> Library:
    """``open_library`` for settings that are loaded already."""
    parts = parts or Parts(reader=READERS[settings.reader])
    built = False
    try:
        loaded = _load(settings)
    except IndexUnusable as error:
        if not build:
            raise
        try:
            rebuild(settings, progress, parts)
        except SourceError as reason:
            raise IndexUnusable(f"{reason} ({error})") from reason
        loaded, built = _load(settings), True
    library = assemble(loaded, parts, top_k=settings.top_k)
    if settings.server is not None and settings.store_dense_only:
        library = replace(library, notices=(*library.notices, WITHOUT_WORDS))
    return replace(library, built=built, at_least=bar(settings.reader, settings.precision))


def _load(settings: Settings) -> Index:
    manifest, seen = read_manifest(current_build(settings.index)), Seen(settings.index / SEEN)
    check_fresh(settings.corpus, manifest, IndexSettings(settings.encoder), seen)
    loaded = load_index(settings.index, seen)
    seen.keep()
    return loaded if settings.server is None else _there(loaded, settings.server)


def _there(index: Index, server: Server) -> Index:
    """The index, searched on a server; raises ``IndexUnusable`` unless that holds the build."""
    from qa.search.kept_store import KeptStore
    from qa.search.segment_store import SegmentStore

    store = open_store(server, index)
    if store.parts() != dict.fromkeys(index.parts, True):
        raise IndexUnusable(
            f"index is stale: {server.uri} does not hold the build {index.version} in {server.collection}; "
            "run `qa index`"
        )
    return replace(index, store=KeptStore(SegmentStore(index.segments), store))
