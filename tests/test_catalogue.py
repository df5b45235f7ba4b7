"""Every measure as one object, and what follows from it."""

import re

import pytest

from qa.errors import UsageError
from qa.evaluate.catalogue import MEANS, MEASURES, RANKINGS, Whole, at, choose, find, listing, shown_in


def test_names_are_unique_and_say_something() -> None:
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.meaning
        assert not re.search(r"[{}|]", measure.meaning), measure.name
    assert {measure.name for measure in MEANS} | {m.name for m in MEASURES if isinstance(m, Whole)} == {
        measure.name for measure in MEASURES
    }


def test_rankings_exist_at_any_cut_off() -> None:
    for ranking in RANKINGS:
        measure = find(f"{ranking.name}@7")
        assert measure == at(ranking, 7)
        assert (measure.name, measure.parameters, "7" in measure.meaning) == (f"{ranking.name}@7", {"k": 7}, True)
    assert find("success@3").yes_no
    assert find("ndcg@10").gate == "fall"
    assert find("ndcg@9").gate is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("f2", "unknown metric 'f2'; known are headline, right, .*, and success, recall, mrr, ndcg at any @k"),
        ("recall@0", "unknown metric"),
        ("recall@", "unknown metric"),
        ("recall@²", "unknown metric"),
        ("recall@21", "recall@21 needs more than the 20 results that are judged; give --depth 21"),
    ],
)
def test_unknown_measures(name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose([name], 20)


def test_measures_are_chosen_once_each() -> None:
    assert [measure.name for measure in choose(["recall@3", "f1", "recall@3"], 20)] == ["recall@3", "f1"]


def test_the_listing_has_every_measure_and_a_ranking_once() -> None:
    names = [name for name, _ in listing()]
    assert len(names) == len(set(names))
    assert {"headline", "recall@k", "calibration_error"} <= set(names)
    assert "recall@5" not in names
    for measure in MEASURES:
        assert measure.name in names or measure.name.split("@")[0] + "@k" in names


def test_short_tables_hold_means_that_a_group_can_have() -> None:
    assert all(measure in MEANS for measure in shown_in("kinds"))
    assert [measure.name for measure in shown_in("readme")][:2] == ["headline", "right"]
