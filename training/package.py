"""Put an exported model into the package: weights, tokenizer, and the card's machine part with SHA-256.

python -m training.package reader runs/reader qa/models/weights/reader
python -m training.package encoder runs/encoder qa/models/weights/encoder
"""

import argparse
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa.models import cross_encoder, encoder
from qa.models.onnx import MODEL_FILE, TOKENIZER_FILE, file_hashes, file_sha256
from training.reader import MAX_TOKENS

LARGEST = 30_000_000
"""Bytes of a model that ships."""
UNCALIBRATED: Mapping[str, Any] = {
    "rank": {"answers": 1.0, "margin": 0.0, "retrieval": 0.0},
    "confidence": {"intercept": 0.0, "answers": 1.0},
    "threshold": 0.5,
    "passage": {"intercept": 0.0, "answers": 1.0, "margin": 0.0, "threshold": 0.5},
    "paragraph": {"intercept": 0.0, "answers": 1.0, "margin": 0.0, "threshold": 0.5},
}
"""A reader's card until ``training.calibrate`` has chosen: rank by the logit, stand by what is likelier than not."""


def write_reader_card(folder: Path, precision: str) -> None:
    """The card beside a reader's weights and tokenizer, so that ``OnnxCrossEncoder`` opens the folder."""
    card = {"name": "qa-reader", "precision": precision, **UNCALIBRATED, "max_tokens": MAX_TOKENS}
    write_card(folder / cross_encoder.CARD_FILE, card | {"files": file_hashes(folder)})


def write_encoder_card(folder: Path) -> None:
    """The card of an exported encoder under the name that it ships with.

    Its vectors are those of the exported weights, so that these name them.
    """
    path = folder / encoder.CARD_FILE
    card = json.loads(path.read_text(encoding="utf-8"))
    write_card(path, card | {"name": "qa-encoder", "sha256": file_sha256(folder / MODEL_FILE)})


def write_card(path: Path, card: Mapping[str, Any]) -> None:
    """A card as a file."""
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Copy one model's folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model", choices=("reader", "encoder"))
    parser.add_argument("exported", type=Path, help="what training.export wrote")
    parser.add_argument("package", type=Path)
    options = parser.parse_args()
    folder: Path = options.exported / "int8"
    card = cross_encoder.CARD_FILE if options.model == "reader" else encoder.CARD_FILE
    if (size := (folder / MODEL_FILE).stat().st_size) > LARGEST:
        raise SystemExit(f"{folder / MODEL_FILE}: {size} bytes, more than {LARGEST}")
    options.package.mkdir(parents=True, exist_ok=True)
    for name in (MODEL_FILE, TOKENIZER_FILE, card):
        shutil.copyfile(folder / name, options.package / name)


if __name__ == "__main__":
    main()
