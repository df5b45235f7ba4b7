from pathlib import Path

import numpy as np
import pytest

from qa.search.lexical import LexicalIndex, content_words, stem, words

TEXTS = ["The lighthouse keeper sings", "The editor cut the singing", "Budget: 4 million", "of the and"]


@pytest.fixture
def lexical() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


def test_words() -> None:
    assert words("Pol Pot’s César, L'Image 8.26") == ["pol", "pot", "césar", "l", "image", "8", "26"]
    assert content_words("Who is the editor of it?") == ["editor"]
    assert stem("singing") == stem("sings") == "sing"


def test_scores_rank_the_text_with_the_words_first(lexical: LexicalIndex) -> None:
    assert int(np.argmax(lexical.scores(["editor"]))) == 1
    assert lexical.scores([]).tolist() == [0, 0, 0, 0]
    assert lexical.scores(["zebra"]).tolist() == [0, 0, 0, 0]


def test_misspelt_words_find_their_word_and_strange_ones_do_not(lexical: LexicalIndex) -> None:
    assert [lexical.correct(word) for word in ("lighthose", "edditor", "spielberg")] == ["lighthouse", "editor", None]
    assert lexical.query_words("Spielberg's budget") == (["budget"], ["spielberg"])
    assert lexical.correct("1977") is None


def test_idf_falls_with_frequency(lexical: LexicalIndex) -> None:
    assert lexical.idf("zebra") > lexical.idf("budget") > lexical.idf("sings") > 0


def test_saved_and_loaded_is_the_same(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path)
    assert loaded.vocabulary == lexical.vocabulary
    assert loaded.scores(["sing", "editor"]).tolist() == lexical.scores(["sing", "editor"]).tolist()
    assert not [path for path in tmp_path.iterdir() if path.suffix not in (".npy", ".json", ".txt")]
