"""The written corpora hold to their rules, and so do the files that they stand in."""

import json
from pathlib import Path

import pytest
from conftest import ROOT

from training.films import check as films
from training.packing import packed

FILMS = sorted((ROOT / "training" / "films").glob("*.json"))


@pytest.mark.parametrize("path", FILMS, ids=lambda path: path.stem)
def test_films_hold_to_their_rules_and_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    written = json.loads(text)["films"]
    assert films.file_faults(path, written) == []
    assert packed("films", written) == text


def test_a_film_that_breaks_the_rules_is_told() -> None:
    film = json.loads(FILMS[0].read_text(encoding="utf-8"))["films"][0]
    film["questions"][0]["evidence"][0]["text"] = "words that no document holds"
    film["questions"][1]["kind"] = "guess"
    found = films.faults(film)
    assert any("not in" in fault for fault in found)
    assert any("unknown kind guess" in fault for fault in found)


def test_a_writer_signs_with_letters_and_writes_no_film_twice() -> None:
    film = json.loads(FILMS[0].read_text(encoding="utf-8"))["films"][0]
    found = films.file_faults(Path("zz.json"), [film, film])
    assert f"zz.json: {film['film_id']} twice" in found
    assert f"zz.json: {film['film_id']} is not of this writer" in found
