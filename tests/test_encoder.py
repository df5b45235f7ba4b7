import json
from pathlib import Path

import numpy as np
import pytest

from qa.ask.opening import WEIGHTS
from qa.errors import ModelError
from qa.models.card import CARD_FILE
from qa.models.encoder import HashEncoder, OnnxEncoder


def test_fake_gives_unit_vectors_that_are_near_for_common_words() -> None:
    a, b, c = HashEncoder().encode(["the clay figures", "clay figures", "opening weekend"])
    assert np.linalg.norm(a) == pytest.approx(1)
    assert a @ b > 0.8 > 0.3 > a @ c


def test_missing_and_broken_folders_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not the card of a model"):
        OnnxEncoder(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    card = {"name": "x", "precision": "fp32", "sha256": "0", "dimension": 4, "max_length": 8}
    (tmp_path / CARD_FILE).write_text(json.dumps(card | {"files": {}, "colour": "red"}))
    with pytest.raises(ModelError, match=r"not the card of a model.*unknown key 'colour'"):
        OnnxEncoder(tmp_path)
    (tmp_path / CARD_FILE).write_text(json.dumps(card | {"files": {"tokenizer.json": "0"}}))
    with pytest.raises(ModelError, match=r"tokenizer\.json: differs from its card: damaged"):
        OnnxEncoder(tmp_path)
    with pytest.raises(ModelError, match="not a model folder"):
        OnnxEncoder(tmp_path, verify=False)


@pytest.mark.real
def test_many_texts_at_once_give_the_bytes_of_each_by_itself() -> None:
    encoder = OnnxEncoder(WEIGHTS / "encoder")
    texts = [f"{'The keeper lit lamp number'[: 5 + i]} {i}." for i in range(40)]
    together = encoder.encode(texts)
    assert np.array_equal(together, np.concatenate([encoder.encode([text]) for text in texts]))
