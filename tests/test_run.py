"""A whole run without the command line: several corpora, a library opener, what it was compared with."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ExportingHashEncoder, fakes
from msgspec.structs import replace
from test_gold import folders, write

from qa.ask.library import Library
from qa.ask.opening import open_with
from qa.config import Settings
from qa.errors import GoldError, UsageError
from qa.evaluate.evaluation import baseline_json
from qa.evaluate.run import Plan, evaluate, prove
from qa.evaluate.statistics import Conditions


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(write(tmp_path / "c.json", folders()), conditions=Conditions(rounds=100))


@pytest.fixture
def opened() -> list[Settings]:
    return []


@pytest.fixture
def open_library(encoder: ExportingHashEncoder, opened: list[Settings]) -> Callable[[Settings], Library]:
    def run(settings: Settings) -> Library:
        opened.append(settings)
        return open_with(settings, parts=fakes(encoder))

    return run


def test_each_folder_is_asked_of_its_own_index_and_measured_together(
    plan: Plan, opened: list[Settings], open_library: Callable[[Settings], Library], tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    run = evaluate(replace(plan, workdir=tmp_path / "work"), Settings(), open_library, lambda *done: told.append(done))
    assert [settings.corpus.relative_to(tmp_path) for settings in opened] == [
        Path("work/boats/corpus"),
        Path("work/islands/corpus"),
    ]
    assert told == [("questions", number, 3) for number in (1, 2, 3)]
    evaluation = run.evaluation
    assert evaluation.answerer == "library, 2 indexes"
    assert [(q.id, q.fact) for q in evaluation.questions] == [("b1", "boats"), ("b2", "boats"), ("i1", "islands")]
    assert evaluation.metrics["success@5"].value == 1
    assert evaluation.metrics["quotes_equal"].value == 1
    assert set(evaluation.kinds) == {"number", "yes_no", "absent"}
    assert evaluation.kinds["yes_no"].values["first_citation"] is not None
    assert run.below == []


def test_an_evaluation_is_held_to_an_earlier_one(
    plan: Plan, open_library: Callable[[Settings], Library], tmp_path: Path
) -> None:
    first = evaluate(plan, Settings(), open_library).evaluation
    path = tmp_path / "b.json"
    path.write_text(json.dumps(baseline_json(first)))
    again = evaluate(replace(plan, against=path), Settings(), open_library)
    assert again.evaluation.against is not None
    assert again.evaluation.against.changed == ()
    assert again.below == []
    broken = replace(first, metrics=first.metrics | {"quotes_equal": replace(first.metrics["headline"], value=0.5)})
    assert replace(again, evaluation=replace(broken, against=again.evaluation.against)).below == [
        "quotes_equal is 0.5000, and must be 1"
    ]


def test_saved_answers_to_several_folders(
    plan: Plan, open_library: Callable[[Settings], Library], opened: list[Settings], tmp_path: Path
) -> None:
    run = evaluate(plan, Settings(), open_library)
    rows = [{"id": judged.question.id, **judged.response.raw} for judged in run.judged]
    saved = replace(plan, answers=write(tmp_path / "saved.jsonl", *rows), metrics=("headline", "success@1"))
    opened.clear()
    again = evaluate(saved, Settings(), open_library)
    assert opened == []
    assert again.evaluation.answerer == "saved.jsonl"
    assert again.evaluation.metrics == {name: run.evaluation.metrics[name] for name in ("headline", "success@1")}


def test_an_endpoint_has_one_corpus(plan: Plan, open_library: Callable[[Settings], Library]) -> None:
    with pytest.raises(UsageError, match="has 2 folders of documents, and http://x answers from one"):
        evaluate(replace(plan, url="http://x"), Settings(), open_library)


def test_the_problems_of_all_folders_are_named_before_anything_is_asked(
    tmp_path: Path, opened: list[Settings], open_library: Callable[[Settings], Library]
) -> None:
    data = folders()
    data["sets"][0]["questions"][0]["evidence"][0]["text"] = "The red boat was built in 1999."
    data["sets"][1]["questions"][0] |= {"answerable": True, "evidence": [{"doc": "none.md", "text": "x"}]}
    plan = Plan(write(tmp_path / "c.json", data))
    for call in (lambda: prove(plan, Settings()), lambda: evaluate(plan, Settings(), open_library)):
        with pytest.raises(GoldError) as raised:
            call()
        assert [problem.split(":")[0] for problem in raised.value.problems] == ["b1", "i1"]
    assert opened == []


def test_proving_counts_what_holds(plan: Plan) -> None:
    assert sum(len(question.evidence) for question in prove(plan, Settings()).questions) == 2
