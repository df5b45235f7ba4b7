"""Text to unit vectors: the protocol, the ONNX encoder of the query path, and a fake for tests.

This is the only importer of tokenizers and onnxruntime for encoding. Neither torch nor transformers nor
sentence-transformers is needed to ask a question; ``qa.sentence_encoder`` exports the folder read here.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

Vectors = NDArray[np.float32]
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
CARD_FILE = "encoder.json"


class Encoder(Protocol):
    """Encodes texts as float32 rows of unit length, so that an inner product is a cosine.

    The same text gives the same bytes whatever else is encoded with it.
    """

    @property
    def name(self) -> str:
        """The model's name, for people."""
        ...

    @property
    def sha256(self) -> str:
        """Of the weights; vectors of different weights must not be compared."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension)."""
        ...


class OnnxEncoder:
    """The encoder folder that a build writes: ``model.onnx``, ``tokenizer.json``, ``encoder.json``.

    Texts run one at a time: padding and, in a quantised model, the other rows of a batch would change the
    vectors in their last bits.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.intra_op_num_threads = 1  # a question is short: a second thread costs more than it gives
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the libraries raise their own kinds, bare Exception among them
            raise ModelError(f"{folder}: not an encoder folder: {str(error).splitlines()[0]}") from error
        self.name: str = card["name"]
        self.sha256: str = card["sha256"]
        self.dimension: int = card["dimension"]
        # The published tokenizer file pads and cuts to 128 tokens; the model takes more.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card["max_length"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension); see ``Encoder``."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            encoding = self._tokenizer.encode(text)
            inputs = {
                "input_ids": np.array([encoding.ids], np.int64),
                "attention_mask": np.array([encoding.attention_mask], np.int64),
            }
            row[:] = self._session.run(None, inputs)[0][0]
        return rows


class HashEncoder:
    """A fake for tests: a bag of hashed words, so that texts with common words are near. Needs no model."""

    name = "hash"

    def __init__(self, dimension: int = 512) -> None:
        self.dimension = dimension
        self.sha256 = hashlib.sha256(f"hash {dimension}".encode()).hexdigest()
        self.encoded: list[str] = []
        """Every text encoded so far, for tests of what is encoded again."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension); see ``Encoder``."""
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16) % self.dimension] += 1
            row /= max(float(np.linalg.norm(row)), 1e-9)
        return rows
