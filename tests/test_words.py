"""Words, spelling, BM25."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ask.questions import analyse
from qa.search.bm25 import Bm25, Postings
from qa.search.lexicon import Lexicon
from qa.search.mapped import Lines, map_arrays, write_arrays, write_lines
from qa.search.words import content_words, stem, stems, words

TEXTS = ["The lighthouse keeper sings", "The editor cut the singing", "Budget: 4 million", "of the and"]


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon([word for text in TEXTS for word in words(text)], elsewhere=lambda word: word == "zebra")


@pytest.fixture
def bm25() -> Bm25:
    return Bm25([Postings.build([stems(text) for text in TEXTS])])


def test_words() -> None:
    assert words("Pol Pot’s César, L'Image 8.26") == ["pol", "pot", "césar", "l", "image", "8", "26"]
    assert content_words("Who is the editor of it?") == ["editor"]
    assert stem("singing") == stem("sings") == "sing"


def test_a_name_in_a_longer_word_is_known() -> None:
    lexicon = Lexicon(["anaveysee", "mill"])
    assert lexicon.glued("anavey")
    assert not lexicon.glued("mill house")
    query = analyse("How many liked Mr Anavey's review on IMDb by Ozu?", (), lexicon)
    assert query.unknown_names == ("Ozu",)


def test_misspelt_words_find_their_word_and_strange_ones_do_not(lexicon: Lexicon) -> None:
    assert [lexicon.correct(word) for word in ("lighthose", "edditor", "spielberg")] == ["lighthouse", "editor", None]
    assert lexicon.split("Spielberg's budget") == (("budget",), ("spielberg",))
    assert lexicon.correct("1977") is None
    assert lexicon.spelt("the Edditor, a zebra, in 1977") == "the Editor, a zebra, in 1977"
    assert lexicon.spelt("who is Fditor") == "who is Fditor"  # a name's first letter is seldom wrong


def test_a_name_of_words_that_were_only_heard_is_found_by_its_sounds() -> None:
    lexicon = Lexicon(["randal", "douc", "rithe", "panh", "mill"], elsewhere=lambda word: word == "duke")
    assert lexicon.spelt("Who is Randall Duke?") == "Who is Randall Douc?"
    assert lexicon.spelt("Who is Rithee Phan?") == "Who is Rithee Panh?"
    # Beside a name that is spelt right, and alone, another word is another name.
    assert lexicon.spelt("Who is Randal Duke?") == "Who is Randal Duke?"
    assert lexicon.spelt("Who is Duke? And Phan?") == "Who is Duke? And Phan?"


def test_what_people_say_for_a_job_is_put_as_documents_have_it() -> None:
    assert Lexicon(["editing", "cinematography"]).spelt("the DP, the cutter") == "the cinematographer, the editor"
    assert Lexicon(["cutter", "editing"]).spelt("who was the cutter") == "who was the cutter"
    assert Lexicon(["mill"]).spelt("who was the DP") == "who was the DP"


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
    rows, scores = Bm25([Postings.build(with_words)]).scores(["sing", "editor"])
    assert scores.tolist() == pytest.approx(theirs[rows].tolist(), rel=1e-5)


def test_written_and_mapped_is_the_same(bm25: Bm25, tmp_path: Path) -> None:
    write_arrays(tmp_path / "arrays", Postings.build([stems(text) for text in TEXTS]).arrays)
    mapped = Bm25([Postings(map_arrays(tmp_path / "arrays"))])
    assert mapped.scores(["sing", "editor"]).scores.tolist() == bm25.scores(["sing", "editor"]).scores.tolist()


@given(st.lists(st.lists(st.sampled_from("abcdefg"), max_size=9), min_size=1, max_size=12), st.data())
def test_texts_in_several_places_are_scored_as_in_one(texts: list[list[str]], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(texts)))
    asked = data.draw(st.lists(st.sampled_from("abcdefgh"), max_size=4))
    whole = Bm25([Postings.build(texts)]).scores(asked)
    parts = Bm25([Postings.build(texts[:cut]), Postings.build(texts[cut:])]).scores(asked)
    assert parts.rows.tolist() == whole.rows.tolist()
    assert parts.scores.tolist() == whole.scores.tolist()


def test_texts_without_words_are_found_by_none(tmp_path: Path) -> None:
    write_arrays(tmp_path / "arrays", Postings.build([[], []]).arrays)
    assert Bm25([Postings(map_arrays(tmp_path / "arrays"))]).scores(["sing"]).rows.tolist() == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"))))
def test_lines_are_read_by_number(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines"
        lines = Lines(path, write_lines(path, [f"{text}\n" for text in texts]))
        assert [line[:-1] for line in lines] == texts
        assert [lines[row][:-1] for row in reversed(range(len(lines)))] == texts[::-1]


def test_other_processes_write_the_same_bytes(tmp_path: Path) -> None:
    """The order of a set of strings differs between processes; that of an index must not."""
    code = (
        "import sys, pathlib; from qa.search.bm25 import Postings; from qa.search.mapped import write_arrays; "
        "write_arrays(pathlib.Path(sys.argv[1]), Postings.build([list('hello'), list('world')]).arrays)"
    )
    written = []
    for number in ("1", "2"):
        command = [sys.executable, "-c", code, str(tmp_path / number)]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": number})
        written.append((tmp_path / number).read_bytes())
    assert written[0] == written[1]
