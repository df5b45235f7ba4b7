"""Words, spelling, BM25."""

import subprocess
import sys
from pathlib import Path

import pytest

from qa.search.bm25 import Bm25
from qa.search.lexicon import Lexicon
from qa.search.words import content_words, stem, stems, words

TEXTS = ["The lighthouse keeper sings", "The editor cut the singing", "Budget: 4 million", "of the and"]


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon([word for text in TEXTS for word in words(text)], elsewhere=lambda word: word == "zebra")


@pytest.fixture
def bm25() -> Bm25:
    return Bm25.build([stems(text) for text in TEXTS])


def test_words() -> None:
    assert words("Pol Pot’s César, L'Image 8.26") == ["pol", "pot", "césar", "l", "image", "8", "26"]
    assert content_words("Who is the editor of it?") == ["editor"]
    assert stem("singing") == stem("sings") == "sing"


def test_misspelt_words_find_their_word_and_strange_ones_do_not(lexicon: Lexicon) -> None:
    assert [lexicon.correct(word) for word in ("lighthose", "edditor", "spielberg")] == ["lighthouse", "editor", None]
    assert lexicon.split("Spielberg's budget") == (("budget",), ("spielberg",))
    assert lexicon.correct("1977") is None
    assert lexicon.spelt("the Edditor, a zebra, in 1977") == "the editor, a zebra, in 1977"


def test_scores_are_those_of_the_texts_with_the_words(bm25: Bm25) -> None:
    rows, scores = bm25.scores(["sing", "editor"])
    assert rows.tolist() == [0, 1]
    assert scores[1] > scores[0] > 0
    assert bm25.scores(["sing", "sing"]).scores[0] == pytest.approx(2 * bm25.scores(["sing"]).scores[0])
    assert bm25.scores([]).rows.tolist() == bm25.scores(["zebra"]).rows.tolist() == []


def test_scores_are_those_of_bm25s() -> None:
    import bm25s

    model = bm25s.BM25(k1=1.2, b=0.6, method="lucene")
    with_words = [stems(text) for text in TEXTS[:3]]
    model.index(with_words, show_progress=False)
    theirs = model.get_scores(["sing", "editor"])
    rows, scores = Bm25.build(with_words).scores(["sing", "editor"])
    assert scores.tolist() == pytest.approx(theirs[rows].tolist(), rel=1e-5)


def test_saved_and_loaded_is_the_same(bm25: Bm25, tmp_path: Path) -> None:
    bm25.save(tmp_path / "bm25")
    loaded = Bm25.load(tmp_path / "bm25")
    assert loaded.scores(["sing", "editor"]).scores.tolist() == bm25.scores(["sing", "editor"]).scores.tolist()
    assert {path.suffix for path in (tmp_path / "bm25").iterdir()} == {".npy", ".txt"}


def test_texts_without_words_are_found_by_none(tmp_path: Path) -> None:
    empty = Bm25.build([[], []])
    empty.save(tmp_path / "bm25")
    assert Bm25.load(tmp_path / "bm25").scores(["sing"]).rows.tolist() == []


def test_other_processes_write_the_same_bytes(tmp_path: Path) -> None:
    """The order of a set of strings differs between processes; that of an index must not."""
    code = "import sys, pathlib; from qa.search.bm25 import Bm25; Bm25.build([list('hello'), list('world')]).save("
    written = []
    for number in ("1", "2"):
        folder = tmp_path / number
        command = [sys.executable, "-c", f"{code}pathlib.Path({str(folder)!r}))"]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": number})
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1]
