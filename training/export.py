"""Export the trained models to ONNX, full precision and int8, and measure what quantising costs.

python -m training.export reader --base MODEL --start runs/stage2 --out runs/reader
python -m training.export encoder --start runs/encoder/model --out runs/encoder
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import encoder
import numpy as np
import onnx
import onnxruntime
import torch
from training.invented import Encode
from training.measure import Run, measure_reader
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from training.reader import Reader, reading_tokenizer
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

BLOCK = 128
INT8_ACTIVATIONS = 4
"""The runtime's name for a product whose activations are quantised in blocks, like its weights."""
READER_FINE = re.compile(r"layer\.[012]/output/dense")
"""Of the reader's products those that lose most by one scale for all activations: the first halves' feed-forward ends."""

log = logging.getLogger("export")


class ReaderOutputs(nn.Module):
    """The reader with a plain tuple of outputs, as the exporter needs it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        logits = self.reader(input_ids, attention_mask, token_type_ids)
        return logits.start, logits.end, logits.answers


class UnitEmbedding(nn.Module):
    """A sentence-transformers model as one graph: tokens in, mean-pooled unit vector out."""

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        hidden = self.backbone(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=torch.zeros_like(input_ids)
        ).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weights).sum(1) / weights.sum(1)
        return nn.functional.normalize(pooled, dim=1)


def write_onnx(model: nn.Module, inputs: dict[str, int], outputs: dict[str, int], path: Path) -> None:
    """Trace ``model`` with free batch and length; the dictionaries give each tensor's free axes."""
    example = torch.ones((2, 8), dtype=torch.int64)
    free = {0: "batch", 1: "length"}
    axes = {name: {axis: free[axis] for axis in range(rank)} for name, rank in (inputs | outputs).items()}
    with contextlib.redirect_stdout(None):
        # The exporter that traces is used because the newer one fixes sizes that must stay free here.
        torch.onnx.export(
            model.eval(),
            tuple(example for _ in inputs),
            str(path),
            dynamo=False,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=17,
        )


def quantise(path: Path, target: Path, fine: re.Pattern[str] | None = None) -> None:
    """Int8 weights, one scale a channel, and one for all activations of a batch, set as they come.

    Products whose name matches ``fine`` have a scale for every ``BLOCK`` weights and activations instead, in eight bits
    as well: slower, and exact where a few large activations would leave one scale too coarse for the rest.
    """
    products = [node.name for node in onnx.load(path, load_external_data=False).graph.node if node.op_type == "MatMul"]
    chosen = [name for name in products if fine and fine.search(name)]
    # Seven bits: without VNNI the sums of two eight-bit products can overflow 16 bits.
    quantize_dynamic(
        str(path),
        str(target),
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=chosen,
    )
    if chosen:
        model = MatMulNBitsQuantizer(
            onnx.load(target),
            bits=8,
            block_size=BLOCK,
            is_symmetric=True,
            accuracy_level=INT8_ACTIVATIONS,
            nodes_to_include=chosen,
        )
        model.process()
        model.model.save_model_to_file(str(target))


def onnx_session(path: Path) -> onnxruntime.InferenceSession:
    """A quiet CPU session."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = torch.get_num_threads()
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def onnx_run(path: Path) -> Run:
    """An exported reader as a function of its inputs."""
    session = onnx_session(path)
    return lambda inputs: session.run(None, dict(inputs))


def milliseconds(run: Callable[[Mapping[str, NDArray[np.int64]]], object], length: int, batch: int = 16) -> float:
    """Wall-clock milliseconds a passage, in batches of passages of ``length`` tokens."""
    ids = np.random.default_rng(0).integers(1000, 20_000, (batch, length))
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    run(inputs)
    began = time.perf_counter()
    for _ in range(10):
        run(inputs)
    return round((time.perf_counter() - began) / 10 / batch * 1000, 3)


def export_reader(base: Path, start: Path, data: Path | None, out: Path) -> None:
    """Write ``reader.onnx``, ``reader.int8.onnx``, ``tokenizer.json``, and with data to measure on ``metrics.json``."""
    out.mkdir(parents=True, exist_ok=True)
    reader = Reader.from_base(base)
    reader.load_state_dict(torch.load(start / "reader.pt"))
    full, small = out / "reader.onnx", out / "reader.int8.onnx"
    names = ("input_ids", "attention_mask", "token_type_ids")
    outputs = {"start_logits": 2, "end_logits": 2, "answer_logit": 1}
    write_onnx(ReaderOutputs(reader), dict.fromkeys(names, 2), outputs, full)
    quantise(full, small, READER_FINE)
    save_tokenizer(base, out)
    if data is None:
        return
    metrics: dict[str, object] = {}
    for name, path in (("int8", small), ("fp32", full)):
        run = onnx_run(path)
        measures: dict[str, object] = dict(measure_reader(run, reading_tokenizer(base), data))
        measures["megabytes"] = round(path.stat().st_size / 1e6, 1)
        measures["ms_a_passage"] = {length: milliseconds(run, length) for length in (48, 96, 160)}
        metrics[name] = measures
        log.info("%s %s", name, measures)
        (out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")


def save_tokenizer(base: Path, out: Path) -> None:
    """The tokenizer without padding and truncation, which belong to who uses it."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(out / "tokenizer.json"))


def export_encoder(start: Path, data: Path, out: Path) -> None:
    """Write ``encoder.onnx``, ``encoder.int8.onnx``, ``tokenizer.json`` and ``metrics.json``."""
    out.mkdir(parents=True, exist_ok=True)
    model = SentenceTransformer(str(start), device="cpu")
    backbone = BertModel.from_pretrained(start, add_pooling_layer=False, attn_implementation="eager")
    full, small = out / "encoder.onnx", out / "encoder.int8.onnx"
    inputs = {"input_ids": 2, "attention_mask": 2}
    write_onnx(UnitEmbedding(backbone), inputs, {"sentence_embedding": 1}, full)
    quantise(full, small)
    save_tokenizer(start, out)
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    tokenizer.enable_truncation(256)
    metrics: dict[str, object] = {"torch": encoder.measure(encoder.batched(model), data)}
    for name, path in (("fp32", full), ("int8", small)):
        metrics[name] = {
            **encoder.measure(onnx_encode(path, tokenizer), data),
            "megabytes": round(path.stat().st_size / 1e6, 1),
        }
        log.info("%s %s", name, metrics[name])
    (out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")


def onnx_encode(path: Path, tokenizer: Tokenizer) -> Encode:
    """An exported encoder as a function from texts to unit rows, one text at a time."""
    session = onnx_session(path)

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = []
        for text in texts:
            ids = np.array([tokenizer.encode(text).ids])
            rows.append(session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0])
        return np.array(rows)

    return encode


def main() -> None:
    """Export one model."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", choices=("reader", "encoder"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--base", type=Path, help="folder of the pretrained backbone, for the reader")
    parser.add_argument("--start", type=Path, required=True, help="folder of the trained model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--unmeasured", action="store_true", help="write a reader without measuring it")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("root").setLevel(logging.WARNING)
    log.setLevel(logging.INFO)
    if options.model == "encoder":
        export_encoder(options.start, options.data, options.out)
    else:
        export_reader(options.base, options.start, None if options.unmeasured else options.data, options.out)


if __name__ == "__main__":
    main()
