import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import tokenizers

from qa.ask.opening import LARGE, WEIGHTS
from qa.errors import ModelError
from qa.models.card import CARD_FILE
from qa.models.cross_encoder import OnnxCrossEncoder, View, kinds
from qa.models.encoder import HashEncoder, OnnxEncoder
from qa.models.joint import OnnxJointModel
from qa.models.onnx import Tokenizer, open_session


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


@pytest.mark.real
@pytest.mark.parametrize(("model", "folder"), [(OnnxCrossEncoder, WEIGHTS / "reader"), (OnnxJointModel, LARGE)])
def test_a_view_is_judged_alike_alone_and_in_company(model: Callable[[Path], Any], folder: Path) -> None:
    judge = model(folder).judge
    told = ["played by Ida Torv", "dead since 92,000 BC", "a lamp, says nobody", "No. Yes. No. Yes"]
    views = [View("The Lamp › Cast", f"The keeper is {what}.") for what in told]
    views.append(View("", f"Shot in 1987, it cost {'92,000 kroner or ' * 9} so."))
    alone = [judge("Who plays the keeper?", [view])[0] for view in views]
    assert judge("Who plays the keeper?", views) == alone
    assert judge("Who plays the keeper?", views[::-1]) == alone[::-1]


@pytest.mark.real
@pytest.mark.parametrize("kind", ["encoder", "reader", "large_reader"])
@pytest.mark.parametrize("most", [12, 20, 192])
def test_a_shared_tokenizer_cuts_as_one_that_is_told_to(kind: str, most: int) -> None:
    path = WEIGHTS / kind / "tokenizer.json"
    ours, theirs = Tokenizer(tokenizers.Tokenizer.from_file(str(path))), tokenizers.Tokenizer.from_file(str(path))
    text = "The Silver Gull, which it won in 1999, is made of tin."
    theirs.enable_truncation(most, strategy="only_second")
    for asked, beside in (("Which prize?", text), ("Which prize?", "")):
        found, told = ours.encode(asked, beside, most=most), theirs.encode(asked, beside)
        assert (found.ids, found.parts, found.offsets) == (told.ids, told.sequence_ids, told.offsets)
        if kind == "reader":
            assert kinds(found) == told.type_ids
    theirs.enable_truncation(most)
    assert ours.encode(text, most=most).ids == theirs.encode(text).ids


def test_products_of_eight_bits_are_summed_exactly_on_every_processor() -> None:
    inputs = [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.UINT8, [1, 64])]
    outputs = [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.INT32, [1, 16])]
    weights = onnx.numpy_helper.from_array(np.full((64, 16), 127, np.int8), "w")
    node = onnx.helper.make_node("MatMulInteger", ["x", "w"], ["y"])
    graph = onnx.helper.make_graph([node], "sums", inputs, outputs, [weights])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    (found,) = open_session(model.SerializeToString(), 1).run(None, {"x": np.full((1, 64), 255, np.uint8)})
    assert found.tolist() == [[64 * 255 * 127] * 16]
