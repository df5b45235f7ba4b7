"""Models as ONNX: free shapes, and weights of seven bits, so that no processor overflows."""

from pathlib import Path

import numpy as np
import pytest

from qa.models.export import write_int8, write_onnx, write_packed
from qa.models.onnx import PACKED_FILE, open_session

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")


def exported(path: Path) -> Path:
    class Model(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.words = torch.nn.Embedding(10, 256)
            self.first = torch.nn.Linear(256, 128)
            self.second = torch.nn.Linear(128, 4)

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.second(torch.relu(self.first(self.words(ids))))

    torch.manual_seed(0)
    write_onnx(Model(), {"ids": 2}, {"rows": 2}, path)
    return path


def run(path: Path, ids: list[list[int]]) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"ids": np.array(ids, np.int64)})[0]


def int8_weights(path: Path) -> list[np.ndarray]:
    tensors = onnx.load(str(path)).graph.initializer
    arrays = [onnx.numpy_helper.to_array(tensor) for tensor in tensors if tensor.data_type == onnx.TensorProto.INT8]
    return [array for array in arrays if array.ndim == 2]


def test_batch_and_length_are_free_and_int8_stays_near(tmp_path: Path) -> None:
    full = exported(tmp_path / "full.onnx")
    small = tmp_path / "small.onnx"
    write_int8(full, small)
    for ids in ([[1]], [[1, 2, 3], [4, 5, 6]]):
        assert run(full, ids).shape == (len(ids), len(ids[0]), 4)
        np.testing.assert_allclose(run(small, ids), run(full, ids), atol=0.05)


def test_int8_weights_have_seven_bits(tmp_path: Path) -> None:
    write_int8(exported(tmp_path / "full.onnx"), tmp_path / "small.onnx")
    weights = int8_weights(tmp_path / "small.onnx")
    assert weights
    assert max(int(np.abs(array.astype(int)).max()) for array in weights) <= 64


def test_chosen_products_are_quantised_in_blocks(tmp_path: Path) -> None:
    import re

    pytest.importorskip("onnx_ir")
    full = exported(tmp_path / "full.onnx")
    write_int8(full, tmp_path / "fine.onnx", re.compile("first"))
    kinds = {node.op_type for node in onnx.load(str(tmp_path / "fine.onnx")).graph.node}
    assert "MatMulNBits" in kinds
    np.testing.assert_allclose(run(tmp_path / "fine.onnx", [[1, 2]]), run(full, [[1, 2]]), atol=0.05)


def test_a_packed_model_gives_the_same_to_the_bit(tmp_path: Path) -> None:
    small, packed = tmp_path / "small.onnx", tmp_path / PACKED_FILE
    write_int8(exported(tmp_path / "full.onnx"), small)
    write_packed(small, packed)
    ids = {"ids": np.array([[1, 2, 3]], np.int64)}
    found, wanted = (open_session(str(path), 1, ours=True).run(None, ids)[0] for path in (packed, small))
    np.testing.assert_array_equal(found, wanted)
