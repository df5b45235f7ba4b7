"""Put an exported model into the package: weights, tokenizer, and the card with their SHA-256.

python -m training.package runs/reader qa/models/weights/reader
python -m training.package runs/encoder qa/models/weights/encoder
python -m training.package runs/large qa/models/weights/large_reader --largest 70
"""

import argparse
import json
import shutil
from pathlib import Path

from msgspec.structs import replace

from qa.models.card import (
    CARD_FILE,
    Card,
    EncoderCard,
    Enough,
    FusionWeights,
    JointCard,
    Logistic,
    RankWeights,
    ReaderCard,
)
from qa.models.export import write_packed
from qa.models.onnx import MODEL_FILE, PACKED_FILE, TOKENIZER_FILE, file_hashes, file_sha256
from training.reader import MAX_TOKENS

LARGEST = 30
"""Megabytes of a small model that ships."""
UNCALIBRATED = ReaderCard(
    name="qa-reader",
    precision="fp32",
    files={},
    max_tokens=MAX_TOKENS,
    encoder_sha256="",
    fusion=FusionWeights(passage=0.2, sentence=0.7, bm25=0.1),
    rank=RankWeights(answers=1.0, margin=0.0, retrieval=0.0),
    confidence=Logistic(0.0, {"answers": 1.0}),
    passage=Logistic(0.0, {"answers": 1.0}),
    paragraph=Logistic(0.0, {"answers": 1.0}),
    number_bar=0.4,
    off_topic_cosine=0.3,
    unread=6.0,
)
"""A reader's card until ``training.calibrate`` has chosen: rank by the logit, stand by what is likelier than not.

Calibration keeps ``fusion``, ``number_bar``, ``off_topic_cosine`` and ``unread``, which were chosen by hand on dev
films.
"""
UNCALIBRATED_LARGE = JointCard(
    name="qa-large-reader",
    precision="fp32",
    files={},
    max_tokens=MAX_TOKENS,
    encoder_sha256="",
    reader_sha256="",
    views=6,
    words=80,
    rank={"large_answers": 1.0, "large_span": 0.1, "small_answers": 0.3},
    confidence=Logistic(0.0, {"large_answers": 1.0}),
    candidate=Logistic(0.0, {"large_answers": 1.0}),
    paragraph=Logistic(0.0, {"answers": 1.0}),
    bars={},
    enough=Enough(passages=8, views=2, ahead=1.0, unjudged=0.0, hopeless=0.05),
    verdict=3.0,
)
"""The same for a large reader. Calibration keeps ``views``, ``words`` and ``enough``, chosen by hand on dev."""


def write_reader_card(folder: Path, precision: str) -> None:
    """The card beside a reader's weights and tokenizer, so that ``OnnxCrossEncoder`` opens the folder."""
    write_card(folder, replace(UNCALIBRATED, precision=precision, files=file_hashes(folder)))


def write_encoder_card(folder: Path) -> None:
    """The card of an exported encoder under the name that it ships with.

    Its vectors are those of the exported weights, so that these name them.
    """
    card = EncoderCard.load(folder)
    write_card(folder, replace(card, name="qa-encoder", sha256=file_sha256(folder / MODEL_FILE)))


def write_card(folder: Path, card: Card) -> None:
    """A card into its model's folder."""
    (folder / CARD_FILE).write_text(card.to_json(), encoding="utf-8")


def main() -> None:
    """Copy one model's folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("exported", type=Path, help="what training.export wrote")
    parser.add_argument("package", type=Path)
    parser.add_argument("--largest", type=float, default=LARGEST, help="megabytes that the weights may have")
    options = parser.parse_args()
    folder: Path = options.exported / "int8"
    if (size := (folder / MODEL_FILE).stat().st_size / 1e6) > options.largest:
        raise SystemExit(f"{folder / MODEL_FILE}: {size:.1f} MB, more than {options.largest:g}")
    options.package.mkdir(parents=True, exist_ok=True)
    write_packed(folder / MODEL_FILE, options.package / PACKED_FILE)
    shutil.copyfile(folder / TOKENIZER_FILE, options.package / TOKENIZER_FILE)
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8")) | {"files": file_hashes(options.package)}
    (options.package / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
