"""Hostile corpora, and questions by all three ways, seeded, each within a budget of time; the readers under fire."""

import contextlib
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hostile import by_command, by_http, by_python, corpus, indexed, text, timed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.ask.conversation import stand_alone
from qa.ask.library import Library
from qa.config import LONGEST_QUESTION, Settings
from qa.errors import QaError, SourceError
from qa.ingest.corpus import document_of
from qa.ingest.formats import MODULES
from qa.ingest.splitter import SplitterSettings, split
from qa.search.lexicon import SPELLING_SIMILARITY, Lexicon
from qa.web import WebSettings, create_app

SECONDS = 10.0
"""Of processor time for one input; most take a hundredth."""
QUESTIONS = 60
"""By each way; ``benchmarks/campaign.py`` asks thousands."""


@contextlib.contextmanager
def opened(library: Library) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.ask.opening.open_with", lambda *_, **__: library)
        yield


@pytest.mark.parametrize("seed", range(6))
def test_no_corpus_breaks_a_build_or_an_answer(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    corpus(tmp_path / "corpus", draw)
    started = time.process_time()
    library = indexed(tmp_path / "corpus", tmp_path / "index")
    assert time.process_time() - started < SECONDS
    assert any("The lake was calm" in passage.text for passage in library.index.store.scan())
    for _ in range(5):
        assert timed(by_python, library, draw) < SECONDS
        assert timed(by_command, library, draw, opened) < SECONDS


def test_no_question_breaks_an_answer_by_any_way(library: Library) -> None:
    draw = random.Random(16)
    app = create_app(Settings(index=library.index.folder.parent), WebSettings(), library=library)
    with TestClient(app) as client:
        for _ in range(QUESTIONS):
            assert timed(by_python, library, draw) < SECONDS
            assert timed(by_command, library, draw, opened) < SECONDS
            assert timed(by_http, client, library, draw) < SECONDS


def read_and_split(data: bytes, name: str) -> None:
    """What a build does with a file: a document whose passages are slices of its text, or ``SourceError``."""
    try:
        document = document_of(data, name)
    except SourceError:
        return
    for passage in split(document, SplitterSettings()):
        assert document.text[passage.start : passage.end] == passage.text


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), suffix=st.sampled_from(sorted(MODULES)), pieces=st.sampled_from((5, 50, 500)))
def test_no_file_breaks_a_reader(seed: int, suffix: str, pieces: int) -> None:
    data = text(random.Random(seed), pieces).encode("utf-8", "replace")
    assert timed(read_and_split, data, f"a{suffix}") < SECONDS


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.binary(max_size=300), suffix=st.sampled_from(sorted(MODULES)))
def test_no_bytes_break_a_reader(data: bytes, suffix: str) -> None:
    assert timed(read_and_split, data, f"a{suffix}") < SECONDS


@settings(max_examples=60, deadline=None, derandomize=True)
@given(asked=st.lists(st.text(min_size=1, max_size=2000), min_size=1, max_size=6))
def test_a_conversation_stays_short_and_quick(asked: list[str]) -> None:
    def understood() -> None:
        found = stand_alone(" ".join(asked[-1].split()), [" ".join(one.split()) for one in asked[:-1]])
        assert found is None or len(found) <= LONGEST_QUESTION

    assert timed(understood) < 1


def test_a_long_conversation_is_bounded(library: Library) -> None:
    history = ["Who" + 1990 * " " + "Bob", "and Karl?"] * 25
    assert timed(lambda: library.ask("and Eve?", history) and None) < SECONDS


def test_spelling_is_bounded_in_work_and_length() -> None:
    draw = random.Random(3)
    made = sorted({"".join(draw.choices("abcdefghij", k=draw.randrange(4, 12))) for _ in range(150_000)})
    lexicon = Lexicon(made)
    asked = " ".join("".join(draw.choices("klmnopqrst", k=6)) for _ in range(285))
    started = time.process_time()
    spelt = lexicon.spelt(asked)
    assert time.process_time() - started < SECONDS
    assert len(lexicon.spelt(" ".join(word[:-1] for word in made[:300]))) * SPELLING_SIMILARITY < 4000
    assert len(spelt) * SPELLING_SIMILARITY <= len(asked)
    assert lexicon.spelt("x" * 2000) == "x" * 2000


def test_the_longest_question_is_answered_by_all_ways(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("Which prize did the film win in 1999, the Silver Gull? " * 40)[:2000]
    assert library.ask(asked).question == asked
    app = create_app(Settings(index=library.index.folder.parent), WebSettings(), library=library)
    with TestClient(app) as client:
        assert client.post("/v1/ask", json={"question": asked, "history": [asked] * 3}).status_code == 200
        assert client.post("/v1/ask", json={"question": asked + "x"}).status_code == 422
    from qa.cli import main

    for length, codes in ((2000, {0, 3}), (2001, {2})):
        with opened(library), pytest.raises(SystemExit) as ended:
            main(["ask", "--json", "--", (asked + "x")[:length]])
        assert (ended.value.code or 0) in codes
    assert "at most 2000 are read" in capsys.readouterr().err


@pytest.mark.real
def test_the_longest_question_is_answered_by_the_real_models(real_index: Path) -> None:
    from conftest import ROOT

    from qa import open_library

    library = open_library(ROOT / "corpus", real_index, build=False)
    for asked in ("zq xv wk " * 222, "é" * 2000, "Who composed the music of the film? " * 55):
        with contextlib.suppress(QaError):
            answer: Any = library.ask(asked[:2000])
            assert answer.question == asked[:2000]
