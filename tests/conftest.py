"""Fixtures: a small corpus on disk, a library over it with the fake encoder, and the real one where a test asks."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.ask.library import Library
from qa.ask.opening import Parts, assemble
from qa.ask.reader import Reader
from qa.ask.sentence_reader import SentenceReader
from qa.config import Settings
from qa.models.card import CARD_FILE
from qa.models.cross_encoder import OverlapCrossEncoder
from qa.models.encoder import HashEncoder
from qa.search.build import build_index
from qa.search.index import Index, load_index
from qa.search.manifest import IndexSettings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
README = (ROOT / "README.md").read_text(encoding="utf-8")

ARTICLE = """---
id: article
title: The Paper Boat
---
# The Paper Boat

- Director: Ana Ruiz
- Music: Tom Okri
- Runtime: 81 minutes

The Paper Boat is a 1998 drama about a lighthouse keeper. It was shot on Lake Ohrid by Dr. J. R. Petrov.

## Prizes

It won the Silver Gull in 1999. The jury praised its silence.
"""
INTERVIEW = """Ana Ruiz talks about her first film.

Why did you film on a lake?

Because the sea was too loud, and we had no money for dubbing.

What does the boat mean?

It is every promise that gets wet. My father folded one for me when I was six.

And the music?

Tom Okri played it on bottles.
"""


class ExportingHashEncoder(HashEncoder):
    """The fake encoder with an export, as a build asks for."""

    def export(self, folder: Path) -> None:
        folder.mkdir()
        (folder / CARD_FILE).write_text("{}")


def fakes(encoder: ExportingHashEncoder, reader: Reader | None = None) -> Parts:
    """The parts of a library that need no model; the reader is ``SentenceReader`` unless given."""
    return Parts(
        make_encoder=lambda name: encoder,
        query_encoder=lambda folder: encoder,
        reader=lambda index: reader or SentenceReader(),
        card=lambda: OverlapCrossEncoder.card,
    )


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("QA_"):
            monkeypatch.delenv(name)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "interview.txt").write_text(INTERVIEW, encoding="utf-8")
    return folder


@pytest.fixture
def encoder() -> ExportingHashEncoder:
    return ExportingHashEncoder()


@pytest.fixture
def build(corpus: Path, tmp_path: Path, encoder: ExportingHashEncoder) -> Callable[[], Index]:
    """Build and load the index of ``corpus`` in ``tmp_path / "index"``."""

    def run() -> Index:
        build_index(corpus, tmp_path / "index", IndexSettings("hash"), lambda name: encoder)
        return load_index(tmp_path / "index")

    return run


@pytest.fixture
def library(build: Callable[[], Index], encoder: ExportingHashEncoder) -> Library:
    return assemble(build(), fakes(encoder))


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the project's corpus with the real encoder, built once; tests must not change it."""
    from qa.ask.opening import rebuild

    folder = tmp_path_factory.mktemp("real") / "index"
    rebuild(Settings(corpus=ROOT / "corpus", index=folder))
    return folder


@pytest.fixture
def real_copy(real_index: Path, tmp_path: Path) -> Path:
    """A copy of the real index that a test may break."""
    return Path(shutil.copytree(real_index, tmp_path / "index"))
