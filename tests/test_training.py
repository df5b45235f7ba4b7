"""Training that was stopped goes on to the very model that it would have become."""

from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "training")
    return pytest.importorskip("reader")


def trained(reader: Any, out: Path, groups: list[Any]) -> dict[str, Any]:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    words = ["[PAD]", "[CLS]", "[SEP]", *"who made it the sculptor did a b c d e f".split()]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[PAD]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = reader.Reader(BertModel(config, add_pooling_layer=False))
    reader.train(model, tokenizer, groups, out, reader.Settings(views_a_step=4, checkpoint_seconds=0.0))
    return torch.load(out / "reader.pt")


def test_a_stopped_training_goes_on_from_its_checkpoint(
    reader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = reader.View("", "the sculptor made it", True, (4, 12))
    groups = [
        reader.Group(f"who made {letter}", (right, reader.View("", f"{letter} did it"))) for letter in "abcdef" * 3
    ]
    whole = trained(reader, tmp_path / "whole", groups)

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
        trained(reader, tmp_path / "stopped", groups)
    resumed = trained(reader, tmp_path / "stopped", groups)
    assert steps == 1 + len(groups) // 2
    for name, weights in whole.items():
        torch.testing.assert_close(resumed[name], weights, rtol=1e-3, atol=1e-4)
    assert not (tmp_path / "stopped" / "checkpoint.pt").exists()
