"""The real encoder: both sides give the same vectors, alone or in company."""

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from qa.ask.opening import LARGE, WEIGHTS
from qa.errors import ModelError
from qa.ingest.corpus import load_corpus
from qa.ingest.splitter import split
from qa.models.cross_encoder import OnnxCrossEncoder
from qa.models.encoder import OnnxEncoder
from qa.models.joint import OnnxJointModel
from qa.models.sentence_encoder import SentenceEncoder
from qa.search.build import passage_text

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    passages = [passage for document in load_corpus(ROOT / "corpus").documents for passage in split(document)]
    return [*map(passage_text, passages[::3]), "Who made it?", "x", "long " * 400, "L’Image – 影 💡"]


def test_packaged_weights_are_those_published(encoder: SentenceEncoder) -> None:
    assert encoder.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert encoder.dimension == 384


def test_onnx_fp32_gives_the_vectors_of_sentence_transformers(
    encoder: SentenceEncoder, texts: list[str], tmp_path: Path
) -> None:
    encoder.export(tmp_path, quantise=False)
    cosines = np.sum(OnnxEncoder(tmp_path).encode(texts) * encoder.encode(texts), axis=1)
    assert cosines.min() > 0.9999


def test_int8_is_near_small_and_the_same_alone_or_in_company(
    encoder: SentenceEncoder, texts: list[str], tmp_path: Path
) -> None:
    encoder.export(tmp_path)
    assert (tmp_path / "model.onnx").stat().st_size < 30e6
    query_encoder = OnnxEncoder(tmp_path)
    together = query_encoder.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.sum(together * encoder.encode(texts), axis=1).min() > 0.97
    for row, text in zip(together, texts, strict=True):
        assert query_encoder.encode([text])[0].tobytes() == row.tobytes()
    assert encoder.encode(texts[:3])[2].tobytes() == encoder.encode(texts[2:3])[0].tobytes()


def test_the_packaged_models_are_whole_and_small(texts: list[str], real_index: Path) -> None:
    packaged = OnnxEncoder(WEIGHTS / "encoder")
    assert OnnxCrossEncoder(WEIGHTS / "reader").card.max_tokens == 192
    assert OnnxJointModel(LARGE).card.max_tokens == 192
    sizes = {path.parent.name: path.stat().st_size for path in WEIGHTS.rglob("*.ort")}
    assert sizes.pop("large_reader") < 70e6
    assert all(size < 30e6 for size in sizes.values())
    in_index = OnnxEncoder(next(real_index.glob("*/encoder")))
    assert in_index.encode(texts[:9]).tobytes() == packaged.encode(texts)[:9].tobytes()


def test_unknown_models_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'nonsense' is neither all-MiniLM-L6-v2 nor"):
        SentenceEncoder("nonsense")
    (tmp_path / "modules.json").write_text("[")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceEncoder(str(tmp_path))
