"""Export the trained models to ONNX, full precision and int8, and measure what quantising costs.

    python -m training.export reader --base MODEL --start runs/reader/average --out runs/reader
    python -m training.export encoder --start runs/encoder/model --out runs/encoder

``OUT/fp32`` and ``OUT/int8`` are folders that the product opens; ``OUT/metrics.json`` compares them on dev.
"""

import argparse
import json
import logging
import re
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from qa.models.cross_encoder import CrossEncoder, OnnxCrossEncoder, View
from qa.models.encoder import OnnxEncoder
from qa.models.export import write_int8, write_onnx
from qa.models.onnx import MODEL_FILE, TOKENIZER_FILE
from qa.models.sentence_encoder import SentenceEncoder
from training.measure_encoder import measure as measure_encoder
from training.measure_reader import measure_reader
from training.package import write_encoder_card, write_reader_card
from training.reader import WEIGHTS, Reader

READER_FINE = re.compile(r"layer\.[012]/output/dense")
"""Of the reader's products those that lose most by one scale for all activations: how its first half's layers end."""

log = logging.getLogger("export")


class ReaderOutputs(nn.Module):
    """The reader with a plain tuple of outputs, as the exporter needs it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Start and end logits (views × tokens) and answers logits (views)."""
        logits = self.reader(input_ids, attention_mask, token_type_ids)
        return logits.start, logits.end, logits.answers


def export_reader(base: Path, start: Path, out: Path) -> None:
    """Write the reader's two folders, their cards not calibrated."""
    reader = Reader.from_base(base)
    reader.load_state_dict(torch.load(start / WEIGHTS))
    for precision in ("fp32", "int8"):
        folder = out / precision
        folder.mkdir(parents=True, exist_ok=True)
        if precision == "fp32":
            inputs = dict.fromkeys(("input_ids", "attention_mask", "token_type_ids"), 2)
            outputs = {"start_logits": 2, "end_logits": 2, "answer_logit": 1}
            write_onnx(ReaderOutputs(reader), inputs, outputs, folder / MODEL_FILE)
        else:
            write_int8(out / "fp32" / MODEL_FILE, folder / MODEL_FILE, READER_FINE)
        tokenizer = Tokenizer.from_file(str(base / TOKENIZER_FILE))
        # Padding and truncation belong to who uses it.
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(folder / TOKENIZER_FILE))
        write_reader_card(folder, precision)


def milliseconds(reader: CrossEncoder, tokens: int, batch: int = 16) -> float:
    """Wall-clock milliseconds a passage, in batches of passages of ``tokens`` tokens."""
    views = [View("", " ".join(["film"] * tokens))] * batch
    reader.judge("who", views)
    began = time.perf_counter()
    for _ in range(10):
        reader.judge("who", views)
    return round((time.perf_counter() - began) / 10 / batch * 1000, 3)


def compare_readers(out: Path, data: Path) -> dict[str, object]:
    """The measures of both precisions, with size and time."""
    metrics: dict[str, object] = {}
    for precision in ("int8", "fp32"):
        reader = OnnxCrossEncoder(out / precision)
        measures: dict[str, object] = dict(measure_reader(reader, data))
        measures["megabytes"] = megabytes(out / precision)
        measures["ms_a_passage"] = {tokens: milliseconds(reader, tokens) for tokens in (48, 96, 160)}
        metrics[precision] = measures
        log.info("%s %s", precision, measures)
    return metrics


def export_encoder(start: Path, out: Path) -> None:
    """Write the encoder's two folders."""
    model = SentenceEncoder(str(start))
    for precision in ("fp32", "int8"):
        model.export(out / precision, quantise=precision == "int8")
        write_encoder_card(out / precision)


def compare_encoders(start: Path, out: Path, data: Path) -> dict[str, object]:
    """The measures of the trained model and of both precisions."""
    metrics: dict[str, object] = {"torch": measure_encoder(SentenceEncoder(str(start)).encode, data)}
    for precision in ("fp32", "int8"):
        measures = measure_encoder(OnnxEncoder(out / precision).encode, data)
        metrics[precision] = {**measures, "megabytes": megabytes(out / precision)}
        log.info("%s %s", precision, metrics[precision])
    return metrics


def megabytes(folder: Path) -> float:
    """The size of a folder's weights."""
    return round((folder / MODEL_FILE).stat().st_size / 1e6, 1)


def main() -> None:
    """Export one model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model", choices=("reader", "encoder"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--base", type=Path, help="folder of the pretrained backbone, for the reader")
    parser.add_argument("--start", type=Path, required=True, help="folder of the trained model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--unmeasured", action="store_true", help="write the model without measuring it")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    if options.model == "encoder":
        export_encoder(options.start, options.out)
    elif options.base is None:
        parser.error("a reader needs --base")
    else:
        export_reader(options.base, options.start, options.out)
    if options.unmeasured:
        return
    if options.model == "encoder":
        metrics = compare_encoders(options.start, options.out, options.data)
    else:
        metrics = compare_readers(options.out, options.data)
    (options.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
