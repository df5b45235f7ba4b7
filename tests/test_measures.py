"""The measures: by hand, against ir_measures and the SQuAD script, and their properties."""

import itertools
import math
import warnings

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluate import measures, statistics

WORDS = "the a an clay Clay, house-boat 92 minutes minutes. 1.78 : “quoted” d'or naïve".split()
texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
gains = st.lists(st.integers(0, 3), max_size=12)


@given(ranking=gains, missed=st.lists(st.integers(1, 3), max_size=3), k=st.integers(1, 12))
def test_retrieval_agrees_with_ir_measures(ranking: list[int], missed: list[int], k: int) -> None:
    grades = {f"d{i:02}": gain for i, gain in enumerate(ranking)} | {f"m{i}": gain for i, gain in enumerate(missed)}
    relevant = {document: grade for document, grade in grades.items() if grade}
    if not relevant:
        return
    run = {"q": {f"d{i:02}": float(len(ranking) - i) for i in range(len(ranking))}}
    wanted = [ir_measures.Success @ k, ir_measures.R @ k, ir_measures.RR @ k, ir_measures.nDCG @ k]
    theirs = ir_measures.calc_aggregate(wanted, {"q": relevant}, run)
    ours = [
        measures.success(ranking, k),
        measures.recall(ranking, k, len(relevant)),
        measures.reciprocal_rank(ranking, k),
        measures.ndcg(ranking, k, list(relevant.values())),
    ]
    assert ours == pytest.approx([theirs[measure] for measure in wanted], abs=1e-6)


@settings(deadline=None)  # the first call imports torchmetrics
@given(answer=texts, golds=st.lists(texts, min_size=1, max_size=3))
def test_reading_agrees_with_the_squad_script(answer: str, golds: list[str]) -> None:
    golds = [gold for gold in golds if measures.squad_normalise(gold)]
    if not golds or not measures.squad_normalise(answer):
        return  # the script of SQuAD 1.1, which torchmetrics has, knows no empty answers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torchmetrics.functional.text import squad

    theirs = squad(
        [{"prediction_text": answer, "id": "q"}],
        [{"answers": {"text": golds, "answer_start": [0] * len(golds)}, "id": "q"}],
    )
    assert measures.exact_match(answer, golds) == pytest.approx(float(theirs["exact_match"]) / 100, abs=1e-6)
    assert measures.token_f1(answer, golds) == pytest.approx(float(theirs["f1"]) / 100, abs=1e-6)


@pytest.mark.parametrize(
    ("answer", "golds", "exact", "f1"),
    [
        (None, [], 1, 1),  # SQuAD 2.0: no answer wanted, none given
        ("clay", [], 0, 0),
        (None, ["clay"], 0, 0),
        ("The", ["an"], 1, 1),  # an answer that is only an article wants the empty one
        ("the clay.", ["Clay", "wood"], 1, 1),
        ("clay figures of Cambodia", ["clay figures"], 0, 2 / 3),
        ("92–93", ["9293"], 0, 0),  # the script removes ASCII punctuation only
    ],
)
def test_reading_at_its_edges(answer: str | None, golds: list[str], exact: float, f1: float) -> None:
    assert measures.exact_match(answer, golds) == exact
    assert measures.token_f1(answer, golds) == pytest.approx(f1)


def test_points_of_the_headline() -> None:
    found = {
        flags: measures.points(answerable=flags[0], abstained=flags[1], right=flags[2])
        for flags in itertools.product((True, False), repeat=3)
    }
    assert found[True, False, True] == 1
    assert found[True, False, False] == found[False, False, False] == -1
    assert found[True, True, False] == 0
    assert found[False, True, False] == 1


scored = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=15)


@given(rows=scored)
def test_auroc_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool]]) -> None:
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    pairs = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for one, other in itertools.product(scores[positive], scores[~positive])
    ]
    found = measures.auroc(scores.astype(float), positive)
    assert found is None if not pairs else found == pytest.approx(np.mean(pairs))


@given(rows=scored, data=st.data())
def test_risk_does_not_depend_on_the_order_of_questions(rows: list[tuple[int, bool]], data: st.DataObject) -> None:
    def curve(rows: list[tuple[int, bool]]) -> np.ndarray:
        return measures.risk_coverage(np.array([r[0] for r in rows], float), np.array([r[1] for r in rows]))

    assert curve(rows) == pytest.approx(curve(data.draw(st.permutations(rows))))
    assert curve(rows)[-1] == pytest.approx(np.mean([wrong for _, wrong in rows]))


def test_risk_and_coverage_by_hand() -> None:
    confidence, wrong = np.array([0.9, 0.8, 0.7, 0.6]), np.array([False, False, True, False])
    assert measures.risk_coverage(confidence, wrong) == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert measures.aurc(confidence, wrong) == pytest.approx((1 / 3 + 1 / 4) / 4)
    assert measures.coverage_at_risk(confidence, wrong, 0.05) == 0.5
    assert measures.coverage_at_risk(confidence, wrong, 0.25) == 1.0
    assert measures.coverage_at_risk(confidence, ~wrong, 0.05) == 0.0


def test_calibration_by_hand() -> None:
    probability, outcome = np.array([0.0, 0.1, 0.95, 0.85]), np.array([False, False, True, False])
    bins = measures.calibration(probability, outcome)
    assert [(b.n, b.probability, b.outcome) for b in bins] == [(2, 0.05, 0), (1, 0.85, 0), (1, 0.95, 1)]
    assert measures.calibration_error(probability, outcome) == pytest.approx((2 * 0.05 + 0.85 + 0.05) / 4)


def test_what_cannot_be_measured_is_none() -> None:
    nothing = np.array([], float)
    assert measures.auroc(np.ones(3), np.ones(3, bool)) is None
    assert measures.aurc(nothing, nothing.astype(bool)) is None
    assert measures.coverage_at_risk(nothing, nothing.astype(bool), 0.05) is None
    assert measures.calibration_error(nothing, nothing.astype(bool)) is None
    assert statistics.bootstrap_mean(nothing, [], 100, 0) is None
    assert statistics.bootstrap_measure(lambda rows: None, ["a"], 100, 0) is None
    assert statistics.randomisation_test(nothing, [], 100, 0) is None
    assert statistics.mcnemar([], []) is None
    assert measures.quantile([], 0.5) is None


def test_bootstrap_covers_the_mean_at_its_rate() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for seed in range(200):
        values = rng.normal(0.5, 1, 60)
        low, high = statistics.bootstrap_mean(values, [str(i) for i in range(60)], 400, seed) or (0, 0)
        held += low <= 0.5 <= high
    assert 0.89 <= held / 200 <= 0.99


def test_bootstrap_draws_whole_groups() -> None:
    values, groups = np.array([1.0] * 10 + [0.0] * 10), ["a"] * 10 + ["b"] * 10
    assert statistics.bootstrap_mean(values, groups, 500, 0) == (0.0, 1.0)
    low, high = statistics.bootstrap_mean(values, [str(i) for i in range(20)], 500, 0) or (0, 0)
    assert 0.2 < low < high < 0.8
    assert statistics.bootstrap_measure(lambda rows: float(values[rows].mean()), groups, 500, 0) == (0.0, 1.0)


def test_randomisation_by_counting_all_signs() -> None:
    differences = np.array([0.5, 1.0, 0.25, -0.1, 0.7])
    signs = np.array(list(itertools.product((-1, 1), repeat=5)))
    exact = np.mean(np.abs(signs @ differences) >= differences.sum() - 1e-9)
    groups = list("abcde")
    assert statistics.randomisation_test(differences, groups, 20000, 0) == pytest.approx(exact, abs=0.01)
    assert statistics.randomisation_test(differences, ["same"] * 5, 1000, 0) == 1.0
    assert statistics.randomisation_test(np.zeros(3), list("abc"), 1000, 0) == 1.0


def test_mcnemar_is_the_binomial_test_of_the_discordant_pairs() -> None:
    one, other = [True] * 9 + [False] * 2 + [True] * 30, [False] * 9 + [True] * 2 + [True] * 30
    assert statistics.mcnemar(one, other) == pytest.approx(2 * sum(math.comb(11, i) for i in range(3)) / 2**11)
    assert statistics.mcnemar(one, one) == 1.0
