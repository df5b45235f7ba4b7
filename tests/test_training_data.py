"""The written corpora hold to their rules, and so do the files that they stand in."""

import json
from pathlib import Path

import pytest
from conftest import ROOT

from training.films import check as films
from training.folders import check as folders
from training.large.cases import documents_of
from training.packing import packed

FILMS = sorted((ROOT / "training" / "films").glob("*.json"))
FURTHER = [
    *sorted((ROOT / "training" / "further").glob("*.json")),
    *sorted((ROOT / "training" / "asked").glob("*.json")),
    *sorted((ROOT / "training" / "oblique").glob("*.json")),
    ROOT / "training" / "choosing" / "yes_no.json",
]
SHARED = [ROOT.parent / "shared" / "data" / name for name in ("films", "other")]
FOLDERS = sorted((ROOT / "training" / "folders").glob("*.json"))


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


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.stem)
def test_folders_hold_to_their_rules_and_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    written = json.loads(text)["sets"]
    assert folders.file_faults(path, written) == []
    assert packed("sets", written) == text


@pytest.mark.parametrize("path", FURTHER, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_further_questions_are_answered_by_the_documents_that_they_are_asked_of(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    written = json.loads(text)["sets"]
    assert packed("sets", written) == text
    known = documents_of([ROOT / "training" / "films", ROOT / "training" / "folders", *filter(Path.exists, SHARED)])
    found = []
    for one in written:
        if one["set_id"] in known or all(map(Path.exists, SHARED)):
            texts = {document["doc_id"]: document["text"] for document in known[one["set_id"]]}
            found += [f"{q['id']}: {fault}" for q in one["questions"] for fault in folders.question_faults(q, texts)]
    assert found == []


def test_a_folder_that_breaks_the_rules_is_told() -> None:
    folder = json.loads(FOLDERS[0].read_text(encoding="utf-8"))["sets"][0]
    twins = [question for question in folder["questions"] if question.get("twin")]
    twins[0]["twin"] = twins[0]["id"]
    answered = next(question for question in folder["questions"] if question["kind"] == "number")
    answered["evidence"] = [{"doc": answered["evidence"][0]["doc"], "text": "words that no document holds"}]
    found = folders.faults(folder)
    assert any(f"{twins[0]['id']} is no twin" in fault for fault in found)
    assert f"{answered['id']}: first answer not in the evidence" in found
    assert any("evidence not in" in fault for fault in found)
