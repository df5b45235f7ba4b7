"""What kind of question is asked, by the model that ships and by folders that do not fit."""

import json
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from qa.ask.asked.recast import recast
from qa.ask.opening import WEIGHTS, Parts
from qa.ask.questions import analyse
from qa.ask.wording import wording
from qa.errors import ModelError
from qa.models.card import CARD_FILE
from qa.models.encoder import HashEncoder, OnnxEncoder
from qa.models.kind import HASHED, WEIGHTS_FILE, ByWording, KindModel, decided, hashed, kind_features
from qa.search.lexicon import Lexicon
from qa.types import Kind

KINDS = {
    "ok so what's this novel even about, haven't read it": "overview",
    "Every prize that the bridge took, if I may ask": "list",
    "nurses on the ward, how many of them are there": "count",
    "Just wondering whether the mayor ever paid it back.": "yes_no",
    "what drove them to sell the boat in the end": "reason",
    "Remind me, dear, who exactly was Tilda Roe?": "definition",
    "I was wondering about the age of Ms Roe at the time.": "value",
}


@pytest.fixture(scope="module")
def model() -> KindModel:
    return KindModel(WEIGHTS / "kind", OnnxEncoder(WEIGHTS / "encoder"))


@pytest.mark.real
@pytest.mark.parametrize(("question", "kind"), KINDS.items())
def test_a_kind_is_told_in_words_that_no_rule_knows(model: KindModel, question: str, kind: Kind) -> None:
    worded = wording(question).kind
    assert model.kind(question, worded) == kind
    shares = model.probabilities(question, worded)
    assert shares.sum() == pytest.approx(1)
    assert shares.argmax() == list(model.card.kinds).index(kind)


@pytest.mark.real
def test_one_question_has_the_features_of_many(model: KindModel) -> None:
    questions, worded = list(KINDS), [wording(question).kind for question in KINDS]
    encoder = OnnxEncoder(WEIGHTS / "encoder")
    features = kind_features(encoder.encode(questions), questions, worded, model.card.worded)
    weights = np.load(WEIGHTS / "kind" / WEIGHTS_FILE).astype(np.float32)
    logits = features @ weights[:-1] + weights[-1]
    for row, question, kind in zip(logits, questions, worded, strict=True):
        shares = np.exp(row - row.max())
        assert model.probabilities(question, kind) == pytest.approx(shares / shares.sum(), abs=1e-4)


@pytest.mark.real
def test_a_question_is_analysed_as_the_kind_that_it_surely_is(model: KindModel) -> None:
    lexicon = Lexicon(("novel", "read"))
    query = analyse("ok so what's this novel even about, haven't read it", (), lexicon, model)
    assert (query.kind, query.source) == ("overview", "this novel")
    assert analyse(query.question, (), lexicon).kind == "value"


@pytest.mark.parametrize(
    ("likeliest", "probability", "worded", "kind"),
    [
        ("list", 0.6, "value", "list"),
        ("list", 0.4, "value", "value"),
        ("list", 0.6, "yes_no", "yes_no"),
        ("list", 0.95, "yes_no", "list"),
        ("value", 0.99, "superlative", "superlative"),
        ("reason", 0.99, "overview", "overview"),
    ],
)
def test_the_wording_stands_where_the_model_is_not_sure(
    likeliest: Kind, probability: float, worded: Kind, kind: Kind
) -> None:
    assert decided(likeliest, probability, worded, dict.fromkeys(("list", "value", "reason"), 0.5)) == kind


def test_words_and_pairs_have_their_places() -> None:
    places, strength = hashed("How many? How many!")
    assert len(set(places.tolist())) == len(places)
    assert places.max() < HASHED
    assert strength == pytest.approx(1.5 / len(places) ** 0.5)
    assert np.array_equal(hashed("how MANY? HOW many!")[0], places)


def test_what_lacks_its_words_stays_as_it_was() -> None:
    for kind in ("definition", "several"):
        told = wording("and what of that")
        assert recast(told, kind) == told


def test_a_folder_that_does_not_fit_is_one_clear_error(tmp_path: Path) -> None:
    folder = copytree(WEIGHTS / "kind", tmp_path / "kind")
    with pytest.raises(ModelError, match=r"weights\.npy: has the shape"):
        KindModel(folder, HashEncoder(dimension=8))
    (folder / WEIGHTS_FILE).write_bytes(b"no weights")
    with pytest.raises(ModelError, match=r"weights\.npy: not the weights of a kind model"):
        KindModel(folder, HashEncoder())
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    (folder / CARD_FILE).write_text(json.dumps(card | {"colour": "red"}), encoding="utf-8")
    with pytest.raises(ModelError, match="unknown key 'colour'"):
        KindModel(folder, HashEncoder())


def test_another_encoder_leaves_it_to_the_wording() -> None:
    assert isinstance(Parts().kinds(HashEncoder()), ByWording)
