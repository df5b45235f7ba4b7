"""Put an exported model into the package: int8 weights, tokenizer, and the card's machine part with SHA-256.

    python -m training.package reader runs/reader ../qa/models/weights/reader
    python -m training.package encoder runs/encoder ../qa/models/weights/encoder
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from qa import cross_encoder, encoder
from qa.models.onnx import MODEL_FILE, TOKENIZER_FILE, file_hashes, file_sha256
from training.reader import MAX_TOKENS

LARGEST = 30_000_000
"""Bytes of a model that ships."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", choices=("reader", "encoder"))
    parser.add_argument("exported", type=Path)
    parser.add_argument("package", type=Path)
    options = parser.parse_args()
    options.package.mkdir(parents=True, exist_ok=True)
    weights = options.exported / f"{options.model}.int8.onnx"
    if weights.stat().st_size > LARGEST:
        raise SystemExit(f"{weights}: {weights.stat().st_size} bytes, more than {LARGEST}")
    shutil.copyfile(weights, options.package / MODEL_FILE)
    shutil.copyfile(options.exported / TOKENIZER_FILE, options.package / TOKENIZER_FILE)
    card: dict[str, object] = {"name": f"qa-{options.model}", "precision": "int8"}
    if options.model == "reader":
        # Until ``calibrate.py`` has chosen: rank by the logit, stand by what is likelier than not.
        card |= dict(cross_encoder.OverlapCrossEncoder.card) | {"max_tokens": MAX_TOKENS}
        target = options.package / cross_encoder.CARD_FILE
    else:
        card |= {"sha256": file_sha256(weights), "dimension": 384, "max_length": 256}
        target = options.package / encoder.CARD_FILE
    card["files"] = file_hashes(options.package)
    target.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
