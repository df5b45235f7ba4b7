"""The large reader's training: what it learns from, its losses, and that what is exported reads as what was trained."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
transformers = pytest.importorskip("transformers")

from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402

from qa.models.cross_encoder import View  # noqa: E402
from qa.models.joint import OnnxJointModel  # noqa: E402
from qa.models.onnx import open_session  # noqa: E402
from qa.text import Span  # noqa: E402
from training.large import export, model, train  # noqa: E402
from training.large.backbone import Mpnet, Shape, coarse, rounded  # noqa: E402
from training.large.examples import Bundle, Encoded, JointExample, JointGroup, encode, steps  # noqa: E402
from training.package import UNCALIBRATED_LARGE  # noqa: E402
from training.reader import WEIGHTS, reading_tokenizer  # noqa: E402

WORDS = ["<s>", "<pad>", "</s>", "[unused1]", "的", *"who made it the sculptor did a b c d e f :".split()]
TINY = Shape(layers=2, hidden=128, heads=2, inner=128, words=len(WORDS), positions=258)


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<pad>"))
    made.add_special_tokens(WORDS[:3])
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return made


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a pretrained MPNet comes."""
    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    config = transformers.MPNetConfig(
        vocab_size=TINY.words,
        hidden_size=TINY.hidden,
        num_hidden_layers=TINY.layers,
        num_attention_heads=TINY.heads,
        intermediate_size=TINY.inner,
        max_position_embeddings=TINY.positions,
        layer_norm_eps=1e-5,
    )
    transformers.MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer().save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def bundles() -> list[Bundle]:
    right = JointExample("", "the sculptor made it", True, (Span(4, 12),), (Span(0, 20),))
    return [(JointGroup(f"who made {letter}", (right, JointExample("", f"{letter} did it"))),) for letter in "abcdef"]


# ---------------------------------------------------------------- the backbone


def test_the_backbone_computes_what_transformers_does(base: Path) -> None:
    theirs = transformers.MPNetModel.from_pretrained(base, add_pooling_layer=False).eval()
    ours = Mpnet.from_pretrained(base, TINY.layers).eval()
    ids = torch.randint(3, TINY.words, (3, 40), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[1, 20:] = mask[2, 5:] = 0
    ids[mask == 0] = 1
    with torch.no_grad():
        wanted = theirs(input_ids=ids, attention_mask=mask).last_hidden_state
        # A batch of another length beside it changes nothing.
        found, other = ours([(ids, mask), (ids[:1, :7], mask[:1, :7])])
    torch.testing.assert_close(found[mask > 0], wanted[mask > 0], atol=1e-5, rtol=1e-4)
    assert other.shape == (1, 7, TINY.hidden)


@given(st.integers(0, 1000), st.floats(1e-9, 1e4))
def test_rounding_words_to_four_bits_twice_changes_nothing(seed: int, size: float) -> None:
    table = torch.randn(3, 256, generator=torch.Generator().manual_seed(seed)) * size
    once = table.clone()
    coarse(once)
    twice = once.clone()
    coarse(twice)
    assert torch.equal(once, twice)
    assert len(once.view(-1, 128)[0].unique()) <= 15
    step = rounded(table)[1]
    assert ((once - table).abs().view(3, -1, 128) <= step * 0.51).all()


# ---------------------------------------------------------------- losses


def test_shared_normalisation_adds_a_none_of_logit_0() -> None:
    logits = torch.tensor([1.0, 2.0, -1.0])
    right = torch.tensor([False, True, False])
    whole = np.log(1 + np.exp([1.0, 2.0, -1.0]).sum())
    assert model.shared(logits, right).item() == pytest.approx(whole - 2.0)
    assert model.shared(logits, torch.zeros(3, dtype=torch.bool)).item() == pytest.approx(whole)  # none is right
    both = torch.tensor([True, True, False])
    assert model.shared(logits, both).item() == pytest.approx(whole - np.log(np.exp(1) + np.exp(2)), rel=1e-5)


def view(length: int, answers: bool = False, spans: tuple[Span, ...] = ()) -> Encoded:
    return Encoded(list(range(length)), 0, length, answers, spans, (), 0)


def test_a_group_without_an_answer_has_only_none_right() -> None:
    low, high = torch.full((4, 3), -9.0), torch.full((4, 3), 9.0)
    assert model.span_loss([low, low], [view(4), view(4)]).item() < 0.01
    assert model.span_loss([low, high], [view(4), view(4)]).item() > 9


def test_starts_and_ends_of_all_views_compete() -> None:
    group = [view(4, True, (Span(1, 3),)), view(4)]
    right, other = torch.full((4, 3), -9.0), torch.full((4, 3), -9.0)
    right[1, 0] = right[2, 1] = 9.0
    assert model.span_loss([right, other], group).item() < 0.01
    other[0, 0] = 9.0  # another view's start draws level
    assert model.span_loss([right, other], group).item() == pytest.approx(np.log(2) / 2, abs=0.01)


def test_an_answer_that_is_not_marked_leaves_its_group_out_of_the_span_loss() -> None:
    assert model.span_loss([torch.zeros(4, 3)], [view(4, True)]) is None


def test_every_loss_falls_on_what_it_is_trained_on(bundles: list[Bundle]) -> None:
    torch.manual_seed(0)
    network = model.JointNetwork(Mpnet(TINY))
    groups = [[encode(tokenizer(), group.question, view) for view in group.views] for (group,) in bundles]
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    seen = []
    for _ in range(12):
        losses = model.joint_losses(network, groups)
        seen.append({name: loss.item() for name, loss in losses.items()})
        optimizer.zero_grad()
        sum(losses.values()).backward()
        optimizer.step()
    assert set(seen[0]) == set(model.LOSSES)
    for name in model.LOSSES:
        assert seen[-1][name] < seen[0][name], name


# ---------------------------------------------------------------- tokens and steps


def test_targets_are_tokens_of_the_text_and_the_context_line_holds_none() -> None:
    made = encode(
        tokenizer(), "who made it", JointExample("a : b", "the sculptor made it", True, (Span(4, 12),), (Span(4, 17),))
    )
    read = [WORDS[i] for i in made.ids]
    assert read == "<s> who made it </s> </s> a : b : the sculptor made it </s>".split()
    text = read[made.first : made.last]
    assert text == "the sculptor made it".split()
    assert [text[slice(*span)] for span in made.spans] == [["sculptor"]]
    assert made.evidence == (Span(1, 3),)


def test_what_is_cut_off_is_no_target() -> None:
    short = tokenizer()
    short.enable_truncation(9, strategy="only_second")
    made = encode(short, "who made it", JointExample("", "the sculptor made it", True, (Span(4, 12), Span(13, 20))))
    assert made.spans == (Span(1, 2),)


def test_a_bundle_is_never_split(bundles: list[Bundle]) -> None:
    pairs = [bundles[0] + bundles[1], bundles[2] + bundles[3], bundles[4]]
    assert [len(step) for step in steps(pairs, 3)] == [2, 2, 1]


# ---------------------------------------------------------------- training


def trained(out: Path, bundles: list[Bundle], **changed: Any) -> dict[str, Any]:
    torch.manual_seed(0)
    network = model.JointNetwork(Mpnet(TINY))
    asked = train.Settings(views_a_step=4, checkpoint_minutes=0.0, frozen=1, **changed)
    train.train(network, tokenizer(), bundles * 3, out, asked)
    return dict(torch.load(out / WEIGHTS))


def test_a_stopped_training_goes_on_from_its_checkpoint(
    tmp_path: Path, bundles: list[Bundle], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train.Settings, "share", lambda self, minutes: 1.0)
    whole = trained(tmp_path / "whole", bundles)
    done = 0
    losses = model.joint_losses

    def stopping(*given: Any) -> Any:
        nonlocal done
        done += 1
        if done == 5:
            raise KeyboardInterrupt
        return losses(*given)

    monkeypatch.setattr(train, "joint_losses", stopping)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "stopped", bundles)
    resumed = trained(tmp_path / "stopped", bundles)
    assert done == 1 + len(bundles) * 3 // 2
    for name, weights in whole.items():
        torch.testing.assert_close(resumed[name], weights, rtol=1e-3, atol=1e-4)
    assert not (tmp_path / "stopped" / train.CHECKPOINT).exists()


def test_embeddings_and_the_lowest_layers_stay_and_the_others_move(tmp_path: Path, bundles: list[Bundle]) -> None:
    torch.manual_seed(0)
    before = model.JointNetwork(Mpnet(TINY)).state_dict()
    for name, weights in trained(tmp_path, bundles).items():
        fixed = name.startswith(("backbone.words", "backbone.positions", "backbone.relative", "backbone.layers.0."))
        moved = not torch.equal(weights, before[name].bfloat16().float() if fixed else before[name])
        assert moved != (fixed or name.startswith("backbone.norm")) or name == "backbone.layers.1.qkv.bias"


def test_rates_rise_and_fall_to_what_is_left() -> None:
    asked = train.Settings(minutes=20, warm_up=2, last=0.4)
    shares = [asked.share(minutes) for minutes in (0, 1, 2, 20, 30)]
    assert shares[0] < shares[1] < shares[2]
    assert shares[3:] == [pytest.approx(0.4)] * 2


def test_a_start_with_more_layers_gives_its_first(base: Path, tmp_path: Path) -> None:
    torch.manual_seed(3)
    whole = model.JointNetwork(Mpnet(TINY))
    torch.save(whole.state_dict(), tmp_path / WEIGHTS)
    cut = model.JointNetwork.from_base(base, 1, tmp_path / WEIGHTS, rounded_words=True)
    assert len(cut.backbone.layers) == 1
    torch.testing.assert_close(cut.backbone.layers[0].qkv.weight, whole.backbone.layers[0].qkv.weight)
    assert not torch.equal(cut.backbone.words.weight, whole.backbone.words.weight)


# ---------------------------------------------------------------- export


def graph(nodes: list[Any], tables: dict[str, Any], inputs: list[Any], path: Path) -> Any:
    outputs = [onnx.helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, None)]
    made = onnx.helper.make_graph(nodes, "graph", inputs, outputs)
    export.add_tables(made, tables)
    return onnx.helper.make_model(made, opset_imports=[onnx.helper.make_opsetid("", export.OPSET)], ir_version=10)


def run(made: Any, **inputs: Any) -> np.ndarray:
    return open_session(made.SerializeToString(), 1).run(None, inputs)[0]


def test_words_in_four_bits_are_unpacked_as_they_were(tmp_path: Path) -> None:
    table = torch.randn(9, 256, generator=torch.Generator().manual_seed(2))
    coarse(table)
    node = onnx.helper.make_node("Gather", ["words.weight", "ids"], ["out"])
    ids = onnx.helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["views", "length"])
    made = graph([node], {"words.weight": table.numpy()}, [ids], tmp_path)
    asked = np.array([[8, 0, 3], [3, 1, 1]])
    export.words_in_four_bits(made.graph)
    assert {tuple(t.dims) for t in made.graph.initializer if t.data_type == onnx.TensorProto.UINT8} == {(9, 128), ()}
    np.testing.assert_array_equal(run(made, ids=asked), table.numpy()[asked])


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000))
def test_a_row_reads_alike_alone_and_in_company(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(96, 64)).astype(np.float32)
    x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["rows", 96])
    made = graph([onnx.helper.make_node("MatMul", ["x", "w"], ["out"], name="p")], {"w": weights}, [x], Path())
    export.by_rows(made.graph)
    assert [node.op_type for node in made.graph.node].count("MatMulInteger") == 1
    # One row is a hundred times as large: it may not make the others coarser.
    rows = rng.normal(size=(5, 96)).astype(np.float32) * np.array([1, 100, 0.01, 1, 0], np.float32)[:, None]
    together = run(made, x=rows)
    np.testing.assert_array_equal(np.concatenate([run(made, x=row[None]) for row in rows]), together)
    error = np.abs(together - rows @ weights).max(1)
    assert (error <= 0.05 * np.abs(rows @ weights).max(1) + 1e-6).all()


def test_weights_of_seven_bits_have_the_scale_that_errs_least() -> None:
    weights = np.random.default_rng(3).normal(size=(512, 64)).astype(np.float32)
    scale = export.column_scales(weights)
    whole = export.in_steps(weights, scale)
    # Two products of an unsigned byte and such a weight fit into 16 bits with a sign.
    assert 2 * 255 * int(np.abs(whole).max()) < 2**15
    widest = np.abs(weights).max(0) / export.LARGEST_WEIGHT
    errors = [np.square(weights - export.in_steps(weights, s) * s).sum(0) for s in (scale, widest)]
    assert (errors[0] <= errors[1] * (1 + 1e-5)).all()
    assert errors[0].sum() < errors[1].sum()


def test_an_exported_reader_judges_as_the_trained_one(base: Path, tmp_path: Path) -> None:
    network = model.JointNetwork.from_base(base, 1, rounded_words=True)
    torch.save(network.state_dict(), tmp_path / WEIGHTS)
    metrics = export.export(base, tmp_path, 1, tmp_path)
    assert metrics["fp32"]["difference"] < 1e-4
    assert metrics["int8"]["difference"] < 0.2
    views = [View("", "the sculptor made it"), View("a", "b did it")]
    read = reading_tokenizer(base)
    for precision, tolerance in (("fp32", 1e-4), ("int8", 0.1)):
        found = OnnxJointModel(tmp_path / precision)
        assert found.card == replace(UNCALIBRATED_LARGE, precision=precision, files=found.card.files)
        judged = found.judge("who made it", views)
        for view, judgement in zip(views, judged, strict=True):
            ids = read.encode("who made it", view.lead + view.text).ids
            with torch.no_grad():
                logits = network(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.int64))
            assert judgement.answers == pytest.approx(logits.views[0, 0].item(), abs=tolerance)


def test_pruning_keeps_special_words_and_numbers_the_others_anew(base: Path) -> None:
    kept, written = export.pruned_words((base / "tokenizer.json").read_text(encoding="utf-8"))
    assert [WORDS[i] for i in kept] == [word for word in WORDS if word not in ("[unused1]", "的")]
    pruned = Tokenizer.from_str(written)
    text = ("who made it", "的 the sculptor")
    ids = tokenizer().encode(*text).ids
    wanted = [kept.index(i) if i in kept else kept.index(1) for i in ids]
    assert pruned.encode(*text).ids == wanted
    assert json.loads(written)["post_processor"]["sep"] == ["</s>", 2]
