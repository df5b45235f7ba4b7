"""Export the large reader to ONNX, full precision and int8, and measure what quantising costs.

    python -m training.large.export --base all-mpnet-base-v2 --start runs/large/main4 --out runs/large

``OUT/fp32`` and ``OUT/int8`` are folders that ``qa.models.joint.OnnxJointModel`` opens. Inputs ``input_ids`` and
``attention_mask`` (views × length); outputs ``tokens`` (views × length × 3: start, end, evidence) and ``views``
(views × 4: answers; neither, yes, no). In int8 each product has a scale for each column of its weights and for each row
of its activations, set as they come: a view reads alike whatever is read beside it. Word vectors have four bits.
"""

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from torch import Tensor, nn

from qa.models.export import write_onnx, write_optimised
from qa.models.onnx import MODEL_FILE, TOKENIZER_FILE, file_hashes
from training.export import megabytes
from training.large.backbone import BLOCK, PADDING, STEPS, relative_buckets, rounded
from training.large.model import JointNetwork
from training.package import UNCALIBRATED_LARGE, write_card
from training.reader import WEIGHTS

OPSET = 18
"""The first with ``BitwiseAnd``, which unpacks the word vectors."""
MOST_TOKENS = 256
"""Positions that are kept; no view is longer."""
LATIN = 0x52F
"""The last letter of the scripts that are kept: Latin, Greek, Cyrillic."""
LEAST_COLUMNS = 64
"""Narrower products, which are the heads, stay in full precision."""
LARGEST_INT8 = 127
"""Of an activation."""
LARGEST_WEIGHT = 63
"""Seven bits: where the processor has no product of eight bits that sums in 32, two of them overflow 16."""
SHORTER_SCALES = np.linspace(0.55, 1.0, 19)
"""Shares of a column's largest weight that are tried as its end."""

log = logging.getLogger("export")


class Outputs(nn.Module):
    """The network with a plain tuple of outputs, as the exporter needs it."""

    def __init__(self, network: JointNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token logits and view logits; see the head of this file."""
        logits = self.network(input_ids, attention_mask)
        return logits.tokens, logits.views


# ---------------------------------------------------------------- what no view needs


def pruned_words(tokenizer: str) -> tuple[list[int], str]:
    """The ids of the words that are kept, and the tokenizer with them alone, numbered anew; both as its JSON has them.

    Placeholders ("[unused5]") and pieces with letters beyond Cyrillic become unknown words.
    """
    data = json.loads(tokenizer)
    vocabulary: dict[str, int] = data["model"]["vocab"]
    special = {token["content"] for token in data["added_tokens"]}

    def kept(piece: str) -> bool:
        far = any(letter.isalpha() and ord(letter) > LATIN for letter in piece)
        return piece in special or not (far or piece.startswith("[unused"))

    pieces = [piece for piece in sorted(vocabulary, key=vocabulary.__getitem__) if kept(piece)]
    new = {piece: number for number, piece in enumerate(pieces)}
    data["model"]["vocab"] = new
    for token in data["added_tokens"]:
        token["id"] = new[token["content"]]
    post = data.get("post_processor") or {}
    for side in ("sep", "cls"):
        if side in post:
            post[side][1] = new[post[side][0]]
    for name, entry in (post.get("special_tokens") or {}).items():
        entry["ids"] = [new[name]]
    return [vocabulary[piece] for piece in pieces], json.dumps(data, ensure_ascii=False)


def shorten(network: JointNetwork, words: Sequence[int]) -> None:
    """Leave out all other words, and the positions behind ``MOST_TOKENS``."""
    backbone = network.backbone
    positions = min(MOST_TOKENS + PADDING + 1, backbone.positions.num_embeddings)
    backbone.words = nn.Embedding.from_pretrained(backbone.words.weight.detach()[list(words)])
    backbone.positions = nn.Embedding.from_pretrained(backbone.positions.weight.detach()[:positions])
    backbone.buckets = relative_buckets(positions - PADDING - 1)


# ---------------------------------------------------------------- the graph in int8


def write_int8_rows(full: Path, target: Path) -> None:
    """Int8 with a scale for each row of the activations, four bits for the words; see the head of this file."""
    model = onnx.load(str(full))
    as_products(model.graph)
    by_rows(model.graph)
    words_in_four_bits(model.graph)
    small_buckets(model.graph)
    onnx.save(model, str(target))
    write_optimised(target)


def exchange(graph: Any, node: Any, new: Sequence[Any]) -> None:
    """Put nodes in the place of one, named after it."""
    at = list(graph.node).index(node)
    name = node.name
    graph.node.remove(node)
    for number, made in enumerate(new):
        made.name = made.name or f"{name}.{number}"
        graph.node.insert(at + number, made)


def add_tables(graph: Any, tables: dict[str, Any]) -> None:
    """Constants of a graph, by name."""
    graph.initializer.extend(numpy_helper.from_array(np.asarray(values), name) for name, values in tables.items())


def as_products(graph: Any) -> None:
    """Every ``Gemm`` with constant weights as ``MatMul`` and ``Add``."""
    tables = {table.name: table for table in graph.initializer}
    for node in [node for node in graph.node if node.op_type == "Gemm" and node.input[1] in tables]:
        table = tables[node.input[1]]
        values = numpy_helper.to_array(table)
        if any(attribute.name == "transB" and attribute.i for attribute in node.attribute):
            values = values.T
        name = node.name.replace("Gemm", "MatMul")
        graph.initializer.remove(table)
        add_tables(graph, {f"{name}.weight": np.ascontiguousarray(values)})
        product = helper.make_node("MatMul", [node.input[0], f"{name}.weight"], [f"{name}.product"], name=name)
        total = helper.make_node("Add", [f"{name}.product", node.input[2]], [node.output[0]], name=f"{name}.add")
        exchange(graph, node, [product, total])


def by_rows(graph: Any) -> None:
    """Every wide product of activations with a table in int8.

    A row of the activations is divided by its largest absolute value over 127 and stored with 128 added, as the
    runtime's fast product takes unsigned activations; a column of the weights has the scale of ``column_scales``.
    """
    tables = {table.name: table for table in graph.initializer}
    step, least = np.float32(1 / LARGEST_INT8), np.float32(1e-8)
    add_tables(graph, {"q.one": np.float32(1), "q.zero": np.uint8(128), "q.axis": np.array([-1])})
    add_tables(graph, {"q.step": step, "q.least": least})
    for node in [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in tables]:
        table = tables[node.input[1]]
        weights = numpy_helper.to_array(table)
        if weights.shape[1] < LEAST_COLUMNS:
            continue
        scale = column_scales(weights)
        name = node.name
        graph.initializer.remove(table)
        add_tables(graph, {f"{name}.int8": in_steps(weights, scale).astype(np.int8), f"{name}.scale": scale})
        exchange(
            graph,
            node,
            [
                helper.make_node("Abs", [node.input[0]], [f"{name}.abs"]),
                helper.make_node("ReduceMax", [f"{name}.abs", "q.axis"], [f"{name}.top"], keepdims=1),
                helper.make_node("Max", [f"{name}.top", "q.least"], [f"{name}.most"]),
                helper.make_node("Mul", [f"{name}.most", "q.step"], [f"{name}.step"]),
                helper.make_node("Div", [node.input[0], f"{name}.step"], [f"{name}.unit"]),
                helper.make_node("QuantizeLinear", [f"{name}.unit", "q.one", "q.zero"], [f"{name}.uint8"]),
                helper.make_node("MatMulInteger", [f"{name}.uint8", f"{name}.int8", "q.zero"], [f"{name}.sum"]),
                helper.make_node("Cast", [f"{name}.sum"], [f"{name}.real"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}.real", f"{name}.step"], [f"{name}.rowed"]),
                helper.make_node("Mul", [f"{name}.rowed", f"{name}.scale"], [node.output[0]]),
            ],
        )


def column_scales(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each column the step that leaves the least squared error when its ends are cut at ``LARGEST_WEIGHT`` steps.

    With the largest weight as the end, seven bits move the logits half as far again as eight; with these steps they
    move them no further.
    """
    widest = np.abs(weights).max(0) / LARGEST_WEIGHT + 1e-12
    tried = [widest * share for share in SHORTER_SCALES]
    errors = [np.square(weights - in_steps(weights, scale) * scale).sum(0) for scale in tried]
    best: NDArray[np.float32] = np.take_along_axis(np.array(tried, np.float32), np.argmin(errors, 0)[None], 0)[0]
    return best


def in_steps(weights: NDArray[np.float32], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights as whole numbers of their column's step."""
    return np.clip(np.round(weights / scale), -LARGEST_WEIGHT, LARGEST_WEIGHT)


def packed(table: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Word vectors in four bits: bytes (words × H/2, the first half of a vector in the low bits), and block scales."""
    whole, scale = rounded(torch.from_numpy(np.array(table)))
    codes = (whole.numpy() + STEPS + 1).astype(np.uint8).reshape(table.shape)
    half = table.shape[1] // 2
    return (codes[:, :half] | codes[:, half:] << 4).astype(np.uint8), scale.numpy().astype(np.float16)


def words_in_four_bits(graph: Any) -> None:
    """Word vectors that are gathered in four bits and unpacked after; see ``rounded``."""
    table = next(table for table in graph.initializer if table.name.endswith("words.weight"))
    node = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == table.name)
    values = numpy_helper.to_array(table)
    codes, scale = packed(values)
    graph.initializer.remove(table)
    add_tables(graph, {"words.packed": codes, "words.scale": scale})
    add_tables(graph, {"words.mask": np.uint8(15), "words.shift": np.uint8(4), "words.middle": np.float32(STEPS + 1)})
    add_tables(graph, {"words.blocks": np.array([0, 0, -1, BLOCK]), "words.flat": np.array([0, 0, values.shape[1]])})
    ids = node.input[1]
    exchange(
        graph,
        node,
        [
            helper.make_node("Gather", ["words.packed", ids], ["words.bytes"]),
            helper.make_node("BitwiseAnd", ["words.bytes", "words.mask"], ["words.low"]),
            helper.make_node("BitShift", ["words.bytes", "words.shift"], ["words.high"], direction="RIGHT"),
            helper.make_node("Concat", ["words.low", "words.high"], ["words.codes"], axis=-1),
            helper.make_node("Cast", ["words.codes"], ["words.real"], to=TensorProto.FLOAT),
            helper.make_node("Sub", ["words.real", "words.middle"], ["words.whole"]),
            helper.make_node("Reshape", ["words.whole", "words.blocks"], ["words.blocked"]),
            helper.make_node("Gather", ["words.scale", ids], ["words.half"]),
            helper.make_node("Cast", ["words.half"], ["words.wide"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["words.blocked", "words.wide"], ["words.scaled"]),
            helper.make_node("Reshape", ["words.scaled", "words.flat"], [node.output[0]]),
        ],
    )


def small_buckets(graph: Any) -> None:
    """Tables of small whole numbers, such as that of the distances' buckets, in eight bits."""
    for node in [node for node in graph.node if node.op_type == "Constant"]:
        value = next((attribute.t for attribute in node.attribute if attribute.name == "value"), None)
        if value is None or value.data_type != TensorProto.INT64 or len(value.dims) != 2:
            continue
        table = numpy_helper.to_array(value)
        if table.min() >= 0 and table.max() < 256:
            add_tables(graph, {f"{node.name}.uint8": table.astype(np.uint8)})
            cast = helper.make_node("Cast", [f"{node.name}.uint8"], [node.output[0]], to=TensorProto.INT64)
            exchange(graph, node, [cast])


# ---------------------------------------------------------------- the two folders


def difference(network: JointNetwork, path: Path, lengths: Sequence[int] = (7, 60, 190)) -> float:
    """The largest difference of any logit that counts between torch and an exported model, on random words."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    draw = torch.Generator().manual_seed(1)
    worst = 0.0
    for length in lengths:
        ids = torch.randint(4, network.backbone.words.num_embeddings, (3, length), generator=draw)
        mask = torch.ones_like(ids)
        mask[1, length // 2 :] = 0
        with torch.no_grad():
            wanted = [part.numpy() for part in Outputs(network).eval()(ids, mask)]
        found = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        live = mask.numpy() > 0
        apart = np.abs(wanted[0] - found[0])[live].max(), np.abs(wanted[1] - found[1]).max()
        worst = max(worst, *map(float, apart))
    return worst


def export(base: Path, start: Path, layers: int, out: Path) -> dict[str, dict[str, float]]:
    """Write both folders, their cards not calibrated; returns size and difference from torch of each."""
    network = JointNetwork.from_base(base, layers, start / WEIGHTS, rounded_words=True).eval()
    tokenizer = Tokenizer.from_file(str(base / TOKENIZER_FILE))
    # Padding and truncation belong to who uses it.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    words, renumbered = pruned_words(tokenizer.to_str())
    shorten(network, words)
    metrics: dict[str, dict[str, float]] = {}
    for precision in ("fp32", "int8"):
        folder = out / precision
        folder.mkdir(parents=True, exist_ok=True)
        if precision == "fp32":
            inputs = dict.fromkeys(("input_ids", "attention_mask"), 2)
            write_onnx(Outputs(network), inputs, {"tokens": 2, "views": 1}, folder / MODEL_FILE, opset=OPSET)
        else:
            write_int8_rows(out / "fp32" / MODEL_FILE, folder / MODEL_FILE)
        (folder / TOKENIZER_FILE).write_text(renumbered, encoding="utf-8")
        write_card(folder, replace(UNCALIBRATED_LARGE, precision=precision, files=file_hashes(folder)))
        apart = round(difference(network, folder / MODEL_FILE), 6)
        metrics[precision] = {"megabytes": megabytes(folder), "difference": apart}
        log.info("%s %s", precision, metrics[precision])
    return metrics


def main() -> None:
    """Export one stage; the sizes and differences go to ``OUT/metrics.json``."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--start", type=Path, required=True, help="folder of the trained stage")
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    metrics = export(options.base, options.start, options.layers, options.out)
    (options.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
