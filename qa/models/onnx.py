"""Open a model folder: card, tokenizer, ONNX session. The only importer of onnxruntime and tokenizers."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from qa.errors import ModelError
from qa.models.card import Card

MODEL_FILE = "model.onnx"
PACKED_FILE = "model.ort"
"""The same in the runtime's own format, which it maps where it reads and copies the other; see ``write_packed``."""
TOKENIZER_FILE = "tokenizer.json"


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_hashes(folder: Path) -> dict[str, str]:
    """What a card says of its model's files."""
    names = (PACKED_FILE, MODEL_FILE, TOKENIZER_FILE)
    return {name: file_sha256(folder / name) for name in names if (folder / name).exists()}


def processors() -> int:
    """How many processors this process may use, which in a container are often fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Tokens(Struct, frozen=True):
    """A text, or a question with a text, as a model reads it, in lists of one length.

    ``parts`` says of which text a token is, 0 or 1, and None of a special one; ``offsets`` where it stands there.
    """

    ids: Sequence[int]
    parts: Sequence[int | None]
    offsets: Sequence[tuple[int, int]]


class Tokenizer:
    """A ``tokenizers.Tokenizer`` that nothing changes after it was opened, so that models and threads can share it."""

    def __init__(self, tokenizer: Any) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer

    def encode(self, text: str, beside: str | None = None, *, most: int) -> Tokens:
        """A text, or a question and the text ``beside`` it; of more than ``most`` tokens the last text's end goes."""
        found = self._tokenizer.encode(text, beside)
        ids, parts, offsets = found.ids, found.sequence_ids, found.offsets
        if len(ids) > most:
            ids, parts, offsets = ([*row[: most - 1], row[-1]] for row in (ids, parts, offsets))
        return Tokens(ids, parts, offsets)

    def cut(self, text: str, tokens: int) -> str:
        """The text as far as that many tokens reach."""
        found = self._tokenizer.encode(text, add_special_tokens=False)
        return text if len(found.ids) <= tokens else text[: found.offsets[tokens - 1][1]]

    def knows(self, word: str) -> bool:
        """Whether a word is one token of the vocabulary."""
        return self._tokenizer.token_to_id(word) is not None


_opened: dict[str, Tokenizer] = {}
"""By the SHA-256 of their files: models that were trained from one have the same, and to read it takes as long as ten
questions to encode."""


def open_session(model: str | bytes, threads: int, *, ours: bool = False) -> Any:
    """The ``onnxruntime.InferenceSession`` of a file, or of a model's bytes.

    A graph that is ``ours`` was written by ``qa.models.export.write_optimised``.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    # A thread that waits for work in a loop doubles the processor time of a question, for the same logits.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if ours:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    else:
        # Without it a processor that has no instruction for products of eight bits cuts their sums at sixteen bits:
        # the large reader's logits differ by up to 0.4 from those that others give.
        options.add_session_config_entry("session.x64quantprecision", "1")
    if str(model).endswith(PACKED_FILE):
        options.add_session_config_entry("session.use_memory_mapped_ort_model", "1")
        options.add_session_config_entry("session.use_ort_model_bytes_for_initializers", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def open_model(
    folder: Path, card: Card, *, threads: int, sha256: Callable[[Path], str] | None, ours: bool = False
) -> tuple[Tokenizer, Any]:
    """The tokenizer and the ``onnxruntime.InferenceSession`` of a folder with a card.

    Unless ``sha256``, which hashes a file, is None the files must have the SHA-256 that the card gives. ``ours`` is
    that of ``open_session``. Raises ``ModelError``.
    """
    import tokenizers

    try:
        for name, digest in card.files.items():
            if sha256 is not None and sha256(folder / name) != digest:
                raise ModelError(f"{folder / name}: differs from its card: damaged; install the package again")
        tokenizer = _opened.get(card.files.get(TOKENIZER_FILE, ""))
        if tokenizer is None:
            tokenizer = Tokenizer(tokenizers.Tokenizer.from_file(str(folder / TOKENIZER_FILE)))
            if TOKENIZER_FILE in card.files:
                _opened[card.files[TOKENIZER_FILE]] = tokenizer
        model = PACKED_FILE if PACKED_FILE in card.files else MODEL_FILE
        session = open_session(str(folder / model), threads, ours=ours)
    except ModelError:
        raise
    except Exception as error:  # the libraries raise their own kinds, bare Exception among them
        raise ModelError(f"{folder}: not a model folder: {str(error).splitlines()[0]}") from error
    return tokenizer, session
