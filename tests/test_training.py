"""A stopped training becomes the model that it would have become; what is exported reads as what was trained."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import to_builtins
from msgspec.structs import replace

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from qa.ask.library import Library  # noqa: E402
from qa.ask.reader import SpanReader  # noqa: E402
from qa.ask.text_reader import SmallJudge, TextReader  # noqa: E402
from qa.models.cross_encoder import OnnxCrossEncoder, OverlapCrossEncoder, View  # noqa: E402
from qa.text import Span  # noqa: E402
from training import reader  # noqa: E402
from training.data import Example, Group  # noqa: E402
from training.invented import FILMS, read_films  # noqa: E402
from training.measure_reader import TorchCrossEncoder, best_threshold  # noqa: E402
from training.package import UNCALIBRATED  # noqa: E402
from training.templates import with_templates  # noqa: E402

WORDS = ["[PAD]", "[CLS]", "[SEP]", *"who made it the sculptor did a b c d e f :".split()]


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[PAD]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return made


def backbone() -> Any:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )
    return BertModel(config, add_pooling_layer=False)


def trained(out: Path, groups: list[Group]) -> dict[str, Any]:
    model = reader.Reader(backbone())
    reader.train(model, tokenizer(), groups, out, reader.Settings(views_a_step=4, checkpoint_seconds=0.0))
    return torch.load(out / reader.WEIGHTS)


@pytest.fixture
def groups() -> list[Group]:
    right = Example("", "the sculptor made it", True, Span(4, 12))
    return [Group(f"who made {letter}", (right, Example("", f"{letter} did it"))) for letter in "abcdef" * 3]


def test_a_stopped_training_goes_on_from_its_checkpoint(
    tmp_path: Path, groups: list[Group], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained(tmp_path / "whole", groups)

    steps = 0
    losses = reader.group_loss

    def stopping(*args: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps == 5:
            raise KeyboardInterrupt
        return losses(*args)

    monkeypatch.setattr(reader, "group_loss", stopping)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "stopped", groups)
    resumed = trained(tmp_path / "stopped", groups)
    assert steps == 1 + len(groups) // 2
    for name, weights in whole.items():
        torch.testing.assert_close(resumed[name], weights, rtol=1e-3, atol=1e-4)
    assert not (tmp_path / "stopped" / "checkpoint.pt").exists()


def test_targets_are_the_answers_tokens_and_the_context_line_is_no_place_for_them() -> None:
    view = Example("a : b", "the sculptor made it", True, Span(4, 12))
    encoded = reader.encode(tokenizer(), "who made it", view)
    words = [WORDS[i] for i in encoded.ids]
    assert words == "[CLS] who made it [SEP] a : b : the sculptor made it [SEP]".split()
    assert (encoded.start, encoded.end) == (words.index("sculptor"), words.index("sculptor"))
    assert [word for word, allowed in zip(words, encoded.allowed, strict=True) if allowed] == (
        "[CLS] the sculptor made it".split()
    )


def test_an_exported_reader_judges_as_the_trained_one(tmp_path: Path, groups: list[Group]) -> None:
    pytest.importorskip("onnx_ir")
    from training import export

    base, start = tmp_path / "base", tmp_path / "stage"
    backbone().save_pretrained(base)
    tokenizer().save(str(base / "tokenizer.json"))
    trained(start, groups)
    export.export_reader(base, start, tmp_path)
    model = reader.Reader.from_base(base)
    model.load_state_dict(torch.load(start / reader.WEIGHTS))
    views = [View("", "the sculptor made it"), View("a", "b did it")]
    wanted = TorchCrossEncoder(model, reader.reading_tokenizer(base)).judge("who made it", views)
    for precision, tolerance in (("fp32", 0.05), ("int8", 0.2)):
        found = OnnxCrossEncoder(tmp_path / precision)
        assert found.card == replace(UNCALIBRATED, precision=precision, files=found.card.files)
        judged = found.judge("who made it", views)
        np.testing.assert_allclose(
            [(j.answers, j.margin) for j in judged], [(j.answers, j.margin) for j in wanted], atol=tolerance
        )
        if precision == "fp32":
            assert [j.span for j in judged] == [j.span for j in wanted]


def test_the_uncalibrated_card_is_enough_to_read(library: Library) -> None:
    class Uncalibrated(OverlapCrossEncoder):
        card = UNCALIBRATED

    answer = TextReader(SmallJudge(Uncalibrated())).read(
        "Which sculptor made it?", "It was made by the sculptor Mbarga."
    )
    assert answer.answer is not None
    asked = replace(library, reader=SpanReader(Uncalibrated())).ask(
        "When did the lighthouse drama get the Silver Gull?"
    )
    assert 0 < asked.confidence < 1


def test_the_best_threshold_answers_what_earns_and_leaves_the_rest() -> None:
    confidence, gain = np.array([0.9, 0.8, 0.6, 0.2]), np.array([1.0, 0.5, 0.0, 0.0])
    answerable = np.array([True, True, False, False])
    assert best_threshold(confidence, gain, answerable) == (pytest.approx(3.5 / 4), pytest.approx(0.8))


def test_a_fitted_model_is_the_one_that_the_reader_evaluates() -> None:
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LogisticRegression

    from training.calibrate import RIDGE, fitted, probabilities

    rows = [{"answers": float(i), "margin": float(i % 3)} for i in range(20)]
    truth = np.array([i > 8 for i in range(20)])
    model = fitted(rows, truth)
    assert list(model.weights) == ["answers", "margin"]
    features = np.array([list(row.values()) for row in rows])
    scaled = (features - features.mean(0)) / features.std(0)
    wanted = (
        LogisticRegression(C=1 / (2 * RIDGE * len(rows)), max_iter=5000).fit(scaled, truth).predict_proba(scaled)[:, 1]
    )
    np.testing.assert_allclose(probabilities(model, rows), wanted, atol=1e-3)


def test_a_held_feature_never_speaks_against_an_answer() -> None:
    pytest.importorskip("scipy")
    from training.calibrate import fitted

    rows = [{"answers": float(-i), "second": float(i)} for i in range(20)]
    truth = np.array([i > 8 for i in range(20)])
    assert fitted(rows, truth).weights["answers"] < 0
    assert fitted(rows, truth, held=("answers",)).weights["answers"] == 0


def test_the_threshold_leaves_out_the_share_that_may_be_refused() -> None:
    pytest.importorskip("scipy")
    from training.calibrate import FALSE_ABSTENTION, threshold

    confidence = np.linspace(0, 1, 1001)
    assert threshold(confidence, np.ones(1001)) == pytest.approx(FALSE_ABSTENTION, abs=2e-3)


def test_questions_by_template_are_about_what_the_film_does_not_say() -> None:
    films = read_films([FILMS / "a.json"])[:3]
    known = {question.question_id for film in films for question in film.questions}
    for film in with_templates(films, random.Random(1)):
        added = [question for question in film.questions if question.question_id not in known]
        assert 4 <= len(added) <= 13
        assert not any(question.answerable or question.answers or question.right for question in added)


def test_the_report_draws_what_was_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from training import report

    run, outcome = tmp_path / "reader", {"answerable": True, "confidence": 0.8, "exact": True, "f1": 1.0}
    (run / "films1").mkdir(parents=True)
    asked = [
        {**outcome, "retrieved_first": True, "cited": True, "milliseconds": 40.0},
        {
            **outcome,
            "answerable": False,
            "confidence": 0.2,
            "retrieved_first": False,
            "cited": False,
            "milliseconds": 9,
        },
    ]
    dev = {"films": asked, "squad2": [outcome, {**outcome, "answerable": False}], "card": to_builtins(UNCALIBRATED)}
    (run / "dev.json").write_text(json.dumps(dev))
    (run / "metrics.json").write_text(
        json.dumps({"int8": {"films_dev": {"f1": 0.7}}, "fp32": {"films_dev": {"f1": 0.8}}})
    )
    losses = [{"step": step, "span": 2.0, "answers": 0.5, "rank": 1.0} for step in (50, 100)]
    (run / "films1" / "loss.jsonl").write_text("".join(json.dumps(row) + "\n" for row in losses))
    page = tmp_path / "report.html"
    arguments = ["report", "--reader", str(run), "--encoder", str(tmp_path), "--out", str(page)]
    monkeypatch.setattr("sys.argv", arguments)
    report.main()
    written = page.read_text(encoding="utf-8")
    for part in ("The reader on dev", "Precision of the reader", "films_dev: f1", "films1"):
        assert part in written
    assert "Learning curve" not in written
