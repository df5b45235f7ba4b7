"""Open a model folder: card, tokenizer, ONNX session. The only importer of onnxruntime and tokenizers."""

import hashlib
import os
from pathlib import Path
from typing import Any

from qa.errors import ModelError
from qa.models.card import Card

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_hashes(folder: Path) -> dict[str, str]:
    """What a card says of its model's files."""
    return {name: file_sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}


def processors() -> int:
    """How many processors this process may use, which in a container are often fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_model(folder: Path, card: Card, *, threads: int, verify: bool) -> tuple[Any, Any]:
    """The ``tokenizers.Tokenizer`` without padding, and the ``onnxruntime.InferenceSession``, of a folder with a card.

    With ``verify`` the files must have the SHA-256 that the card gives. Raises ``ModelError``.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    try:
        for name, digest in card.files.items() if verify else ():
            if file_sha256(folder / name) != digest:
                raise ModelError(f"{folder / name}: differs from its card: damaged; install the package again")
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])
    except ModelError:
        raise
    except Exception as error:  # the libraries raise their own kinds, bare Exception among them
        raise ModelError(f"{folder}: not a model folder: {str(error).splitlines()[0]}") from error
    tokenizer.no_padding()
    return tokenizer, session
