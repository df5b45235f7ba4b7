"""Text to unit vectors: the protocol, the ONNX encoder, and a fake for tests.

Neither torch nor transformers nor sentence-transformers is needed to build an index with the encoder that ships,
nor to ask a question with any; ``qa.models.sentence_encoder`` exports other models to the folder read here.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.models.card import CARD_FILE, EncoderCard
from qa.models.onnx import file_sha256, open_model, processors

Vectors = NDArray[np.float32]


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

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the model's vocabulary, so that it is hardly misspelt."""
        ...


class OnnxEncoder:
    """An encoder folder, shipped or in an index: ``model.onnx`` or ``model.ort``, ``tokenizer.json``, ``card.json``.

    Texts run one at a time: padding and, in a quantised model, the other rows of a batch would change the
    vectors in their last bits.
    """

    def __init__(self, folder: Path, *, verify: bool = True) -> None:
        self._folder = folder
        # A question is short: a second thread costs more than it gives.
        card = EncoderCard.load(folder)
        sha256, ours = file_sha256 if verify else None, card.precision == "int8"
        self._tokenizer, self._session = open_model(folder, card, threads=1, sha256=sha256, ours=ours)
        self._files = card.files
        self.name = card.name
        self.sha256 = card.sha256
        self.dimension = card.dimension
        self._max_length = card.max_length

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension); see ``Encoder``."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        if len(texts) < 2 * processors():
            for row, text in zip(rows, texts, strict=True):
                row[:] = self._encoded(text)
            return rows
        from concurrent.futures import ThreadPoolExecutor

        # Many short runs side by side use the processors better than one run on all of them.
        with ThreadPoolExecutor(processors()) as pool:
            for row, vector in zip(rows, pool.map(self._encoded, texts), strict=True):
                row[:] = vector
        return rows

    def _encoded(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text, most=self._max_length).ids], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vector: NDArray[np.float32] = self._session.run(None, inputs)[0][0]
        return vector

    def knows(self, word: str) -> bool:
        """See ``Encoder``."""
        return self._tokenizer.knows(word)

    def export(self, folder: Path) -> None:
        """Copy the folder, so that an index holds the encoder of its queries."""
        import shutil

        folder.mkdir(parents=True, exist_ok=True)
        for name in (*self._files, CARD_FILE):
            shutil.copyfile(self._folder / name, folder / name)


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

    def knows(self, word: str) -> bool:
        """See ``Encoder``; the fake has no vocabulary."""
        return False
