"""What the large reader learns from: cases as the product finds them, views of them, and what is right in a view."""

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

pytest.importorskip("scipy")

from conftest import ExportingHashEncoder, fakes

from qa.ask.joint_reader import Candidate, Joint
from qa.ask.opening import assemble
from qa.models.cross_encoder import OverlapCrossEncoder
from qa.models.joint import OverlapJointModel
from qa.search.index import Index
from qa.text import Span
from qa.types import Evidence, Finding, GoldQuestion, Passage
from training.data import public_groups
from training.large import calibrate, mix
from training.large.cases import (
    Case,
    CasePassage,
    CaseQuestion,
    Found,
    Gold,
    documents_of,
    read_cases,
    wide,
    with_documents,
)
from training.large.examples import NEITHER, NO, YES
from training.large.mine import mined

# Rosa asks, Ines answers; the last line is another section's.
TEXT = (
    "Rosa: Who rents it now? Ines: A baker from Ghent rents it. She pays by the quarter. "
    "Rosa: Since when? Ines: Since May 2011. The mill near Ghent has two stones. Prices A sack of flour is 12 euros."
)
PARTS = {
    "A baker from Ghent rents it.": ("Talk", "Who rents it now?"),
    "She pays by the quarter.": ("Talk", "Who rents it now?"),
    "Since May 2011.": ("Talk", "Since when?"),
    "The mill near Ghent has two stones.": ("Talk", "Since when?"),
    "A sack of flour is 12 euros.": ("Prices", None),
}


def passage(text: str, section: str, cue: str | None) -> CasePassage:
    start = TEXT.index(text)
    context = " – ".join(filter(None, ("The mill", section, cue)))
    return CasePassage("talk", "The mill", section, cue, context, start, start + len(text))


def gold(*quotes: str) -> tuple[Gold, ...]:
    return tuple(Gold("talk", TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in quotes)


def question(id: str, text: str, *answers: str, evidence: tuple[str, ...] = (), **changed: Any) -> CaseQuestion:
    found = tuple(Found(at, 0.5, float(-at), 0.0) for at in range(len(PARTS)))
    base = CaseQuestion(id, "fact", text, bool(evidence), answers, None, (), gold(*evidence), found)
    return replace(base, **changed)


RENTS = question("q1", "Where is the baker from?", "Ghent", evidence=("A baker from Ghent rents it.",), twin="q2")
BRAN = question("q2", "What is a sack of bran?", kind="slot", twin="q1")
PAYS = question("q3", "Does she pay by the month?", "No", evidence=("She pays by the quarter.",), kind="yes_no")
CASE = Case("mill", {"talk": TEXT}, tuple(passage(t, *p) for t, p in PARTS.items()), (RENTS, BRAN, PAYS))


# ---------------------------------------------------------------- wide views


def test_a_view_takes_in_its_neighbours_and_who_speaks_first() -> None:
    view = wide(CASE, 1, 40)
    assert (view.first, view.last) == (0, 3)  # prices are another section
    assert view.text == TEXT[slice(*view.span)] == TEXT[: TEXT.index(" Prices")]
    assert view.context == "The mill – Talk"  # the cues stand in the text


def test_a_view_of_one_cue_keeps_it_in_the_context() -> None:
    view = wide(CASE, 0, 11)
    assert (view.first, view.last) == (0, 1)
    assert view.text.startswith("A baker")
    assert view.context == "The mill – Talk – Who rents it now?"


@given(st.integers(0, 4), st.integers(0, 60), st.sets(st.integers(0, 4)))
def test_a_view_is_a_slice_of_at_most_so_many_words_with_nothing_that_was_shown(
    at: int, most: int, taken: set[int]
) -> None:
    view = wide(CASE, at, most, taken - {at})
    held = range(view.first, view.last + 1)
    assert at in held
    assert not taken - {at} & set(held)
    assert view.text == TEXT[slice(*view.span)]
    passages = CASE.passages[view.first : view.last + 1]
    assert len({p.section for p in passages}) == 1
    assert len(held) == 1 or len(TEXT[passages[0].start : passages[-1].end].split()) <= most


# ---------------------------------------------------------------- groups


@given(st.integers(0, 1000))
def test_no_wrong_view_says_the_answer_and_a_right_one_marks_it_in_the_evidence(seed: int) -> None:
    group = mix.group_of(CASE, RENTS, BRAN, random.Random(seed))
    assert group is not None
    assert any(view.answers for view in group.views)
    for view in group.views:
        assert ("Ghent" in view.text) == view.answers
        assert [view.text[:end][-12:] for _, end in view.spans] == ["r from Ghent"] * view.answers
        assert len(view.evidence or ()) == view.answers


@given(st.integers(0, 1000))
def test_an_answer_of_yes_or_no_marks_its_evidence(seed: int) -> None:
    group = mix.group_of(CASE, PAYS, None, random.Random(seed))
    assert group is not None
    for view in group.views:
        marked = [view.text[slice(*span)] for span in view.spans]
        assert marked == ["She pays by the quarter."] * view.answers
        assert view.polarity == (NO if view.answers else NEITHER)


def test_twins_are_in_one_bundle_and_the_unanswered_one_sees_the_others_evidence() -> None:
    bundles = list(mix.bundles_of(CASE, random.Random(1)))
    pair = next(bundle for bundle in bundles if len(bundle) == 2)
    assert sorted(any(view.answers for view in group.views) for group in pair) == [False, True]
    unanswered = next(group for group in pair if not any(view.answers for view in group.views))
    assert any("Ghent" in view.text for view in unanswered.views)


def test_without_its_evidence_an_answerable_question_has_wrong_views_only() -> None:
    for seed in range(20):
        group = mix.group_of(CASE, RENTS, None, random.Random(seed), taken_out=True)
        assert group is not None
        assert not any(view.answers or "Ghent" in view.text for view in group.views)


def test_a_question_whose_answer_no_view_shows_is_left_out() -> None:
    lost = replace(RENTS, answers=("Bruges",))
    assert mix.group_of(CASE, lost, None, random.Random(0)) is None


@pytest.mark.parametrize(
    ("changed", "answers", "wanted"),
    [
        ({}, ("Ghent",), ["Ghent"]),
        ({}, ("ghent",), ["Ghent"]),
        ({}, ("Ghen",), []),  # no whole word
        ({}, ("Paris",), []),
        ({"kind": "yes_no"}, ("Yes.",), ["A baker from Ghent rents it."]),
        ({"kind": "paraphrase"}, ("a bread maker",), ["A baker from Ghent rents it."]),
        ({"kind": "list", "items": (("baker",), ("Gent", "Ghent"))}, ("both",), ["baker from Ghent"]),
        ({"kind": "list", "items": (("baker",), ("miller",))}, ("both",), ["baker"]),
    ],
)
def test_what_is_marked(changed: dict[str, Any], answers: tuple[str, ...], wanted: list[str]) -> None:
    text = "She said: A baker from Ghent rents it."
    found = mix.answer_spans(text, [Span(10, 38)], replace(RENTS, answers=answers, **changed))
    assert [text[slice(*span)] for span in found] == wanted


def test_an_answer_outside_the_evidence_is_not_marked() -> None:
    assert mix.answer_spans("Ghent. A baker from Ghent.", [Span(7, 26)], RENTS) == [Span(20, 25)]


def test_yes_and_no_are_polarities() -> None:
    assert mix.SAYS == {"yes": YES, "no": NO}


def test_a_focus_keeps_all_of_a_kind_and_the_twins_of_what_it_keeps() -> None:
    kept = mix.focused(CASE, CASE.questions[0].kind, 0.0, random.Random(0))
    assert CASE.questions[0] in kept.questions
    ids = {q.id for q in kept.questions}
    assert all(q.kind == CASE.questions[0].kind or any(o.twin == q.id for o in kept.questions) for q in kept.questions)
    assert all(q.twin in ids for q in kept.questions if q.twin)
    assert mix.focused(CASE, "", 1.0, random.Random(0)) == CASE


@pytest.mark.parametrize(
    ("focus", "files"),
    [
        ("", ["folders", "further"]),
        ("definition", ["folders", "further"]),
        ("asked", ["folders", "further", "asked"]),
        ("oblique", ["folders", "further", "asked", "oblique"]),
    ],
)
def test_a_stage_learns_from_what_was_written_before_it(
    monkeypatch: pytest.MonkeyPatch, focus: str, files: list[str]
) -> None:
    read: list[str] = []

    def cases(path: Path) -> list[mix.Case]:
        read.append(path.stem)
        return [CASE]

    monkeypatch.setattr(mix, "read_cases", cases)
    found = mix.folder_cases(Path(), focus, 0.0, random.Random(0))
    assert read == files
    # Of its own it has all, of the others none, or those of a kind that no question has.
    assert found[-1] == (CASE if focus in ("", *mix.LATER) else replace(CASE, questions=()))
    assert all(case == CASE or not case.questions for case in found)


def test_a_share_too_small_for_a_collection_leaves_it_out(tmp_path: Path) -> None:
    text = "Ana sang in Oslo. Tom danced in Bergen. The hall was full on both nights of the week."
    row = {"question": "Where did Ana sing?", "title": "T", "context": text, "answers": [{"text": "Oslo", "start": 12}]}
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl.gz").write_bytes(gzip.compress((json.dumps(row) + "\n").encode()))
    groups = public_groups(tmp_path, random.Random(0), {"a": 0, "b": 3})
    assert sum(any(view.answers_question for view in group.views) for group in groups) == 3


# ---------------------------------------------------------------- cases from the product


def test_a_case_survives_its_file_and_a_cut_off_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(CASE.to_json() + CASE.to_json()[:50], encoding="utf-8")
    assert read_cases(path) == [CASE]


ASKED = GoldQuestion(
    "q1", "Who directed it?", answers=("Ana Ruiz",), evidence=(Evidence("article", -1, -1, "Director: Ana Ruiz"),)
)


def test_a_mined_case_is_in_plain_text(build: Callable[[], Index], encoder: ExportingHashEncoder) -> None:
    library = assemble(build(), fakes(encoder))
    case = mined("boat", library, [ASKED], {"q1": {"twin": "q2", "items": [["Ana", "Ruiz"]]}}, OverlapCrossEncoder())
    (asked,) = case.questions
    (place,) = asked.gold
    assert case.texts["article"][place.start : place.end] == "Director: Ana Ruiz"
    assert (asked.twin, asked.items, asked.answerable) == ("q2", (("Ana", "Ruiz"),), True)
    assert len(case.passages) == len(list(library.index.store.scan()))
    shown = {p.plain.text for p in library.index.store.scan()}
    assert {case.texts[p.doc][p.start : p.end] for p in case.passages} == shown
    best = case.passages[mix.ranked(asked)[0]]
    assert best.doc == place.doc
    assert Case.from_json(json.loads(case.to_json())) == case


# ---------------------------------------------------------------- calibration


def test_ranking_and_confidence_are_fitted_to_what_is_right(
    build: Callable[[], Index], encoder: ExportingHashEncoder
) -> None:
    both = calibrate.Both(OverlapCrossEncoder(), OverlapJointModel(), fakes(encoder))
    library = assemble(build(), fakes(encoder))
    loose = structs.replace(ASKED, kind="list")
    lost = GoldQuestion("q2", "What did the brass lantern cost?")
    asked = [(f"group{i % 3}", structs.replace(q, id=f"{i}")) for i in range(6) for q in (loose, lost)]
    rows = list(both.read("films", asked, library))
    assert {bool(row.right.any()) for row in rows if row.answerable} == {True}
    assert not any(row.right.any() or row.cited.any() for row in rows if not row.answerable)
    without = calibrate.left_out(rows)
    card = calibrate.calibrate(OverlapJointModel.card, rows, without)
    assert set(card.rank) == set(calibrate.RANK)
    assert all(weight >= 0 for name, weight in card.rank.items() if name not in calibrate.FREE)
    assert all(card.confidence.weights[name] <= 0 for name in calibrate.AGAINST)
    assert all(card.confidence.weights[name] >= 0 for name in calibrate.FOR)
    answerable = np.array([row.answerable for row in rows])
    assert without.right[answerable].all()
    assert without.sure[answerable].min() > without.sure[~answerable].max()
    measured = calibrate.figures(rows, without, card.confidence.threshold)
    assert (measured["n"], measured["auroc"], measured["true_abstention"]) == (12, 1.0, 1.0)


FOUND = Finding(Passage("t#1", "t", "t.md", "T", None, None, 0, 4, "Yes.", (Span(0, 4),)), Span(0, 4), Span(0, 4))


def test_a_verdict_takes_what_nine_in_ten_are_right_from() -> None:
    told = [(10.0 - i, "yes") for i in range(10)] + [(-0.5, "yes"), (-0.4, None), (0.3, "no")]
    candidates = [Candidate(FOUND, {"large_answers": 5.0, "large_span": 1.0}, polarity) for polarity, _ in told]
    empty = np.zeros(1, bool)
    rows = [
        calibrate.Read("yes_no", "a", True, Joint((0,), (one,), frozenset()), empty, empty, 0.0, says)
        for one, (_, says) in zip(candidates, told, strict=True)
    ]
    card, reached = calibrate.verdicts(rows, OverlapJointModel.card)
    assert (card.verdict, reached) == (0.5, {"n": 13, "answered": 13, "verdicts": 11, "right": 10})


def test_further_questions_are_asked_of_the_documents_of_their_folder(tmp_path: Path) -> None:
    film = {"film_id": "a01", "documents": [{"doc_id": "article", "text": "Director: Ana Ruiz"}], "questions": []}
    (tmp_path / "films.json").write_text(json.dumps({"films": [film]}), encoding="utf-8")
    further = tmp_path / "further.json"
    further.write_text(json.dumps({"sets": [{"set_id": "a01", "questions": []}]}), encoding="utf-8")
    documents = documents_of([tmp_path / "films.json"])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    joined = json.loads(with_documents(further, documents, scratch).read_text(encoding="utf-8"))
    assert joined["sets"][0]["documents"] == film["documents"]
    assert with_documents(tmp_path / "films.json", documents, scratch) == tmp_path / "films.json"
    with pytest.raises(KeyError, match="a01"):
        with_documents(further, {}, scratch)


def test_a_bar_is_the_lowest_confidence_that_is_so_precise() -> None:
    right = np.array([True] * 9 + [False] + [True] * 3 + [False] * 7)
    sure = np.linspace(0.95, 0.0, 20)
    without = calibrate.LeftOut(right, right, sure)
    found = calibrate.bars(without, np.ones(20))
    assert found == {"0.8": 0.25, "0.9": pytest.approx(0.35, abs=1e-3), "0.95": pytest.approx(0.55, abs=1e-3)}
