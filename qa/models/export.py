"""Torch to ONNX, and full precision to int8: the only caller of torch's exporter and of onnxruntime's quantiser."""

import contextlib
import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BLOCK = 128
INT8_ACTIVATIONS = 4
"""The runtime's name for a product whose activations are quantised in blocks, like its weights."""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries' advice and deprecation warnings off the terminal."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logging.disable(level)


def write_onnx(
    model: Any, inputs: Mapping[str, int], outputs: Mapping[str, int], path: Path, *, opset: int = 17
) -> None:
    """Trace a ``torch.nn.Module`` whose inputs are token rows, with batch and length left free.

    The dictionaries give how many of its first axes of each tensor, (batch, length), are free.
    """
    import torch

    example = torch.ones((2, 8), dtype=torch.int64)
    free = {0: "batch", 1: "length"}
    axes = {name: {axis: free[axis] for axis in range(count)} for name, count in {**inputs, **outputs}.items()}
    with quiet(), contextlib.redirect_stdout(None):
        # The exporter that traces is used because the newer one fixes sizes that must stay free here.
        torch.onnx.export(
            model.eval(),
            tuple(example for _ in inputs),
            str(path),
            dynamo=False,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=opset,
        )


def write_int8(full: Path, target: Path, fine: re.Pattern[str] | None = None) -> None:
    """Int8 weights with a scale for each channel; activations have one for a whole batch, set as they come.

    Products whose name matches ``fine`` have a scale for every ``BLOCK`` weights and activations instead, in eight
    bits as well: slower, and exact where a few large activations would leave one scale too coarse for the rest.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(full), load_external_data=False).graph
    chosen = [node.name for node in graph.node if node.op_type == "MatMul" and fine and fine.search(node.name)]
    with quiet():
        quantize_dynamic(
            str(full),
            str(target),
            per_channel=True,
            # Seven bits: without VNNI the sums of two eight-bit products can overflow 16 bits.
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=chosen,
        )
        if chosen:
            from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

            blocks = MatMulNBitsQuantizer(
                onnx.load(str(target)),
                bits=8,
                block_size=BLOCK,
                is_symmetric=True,
                accuracy_level=INT8_ACTIVATIONS,
                nodes_to_include=chosen,
            )
            blocks.process()
            blocks.model.save_model_to_file(str(target))
    write_optimised(target)


def write_optimised(path: Path) -> None:
    """Replace a model by its graph as the runtime makes it before the first run, so that opening need not.

    Only as far as every processor has it so: the same logits to the bit, and a session in less than half the time.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    beside = path.with_suffix(".optimised")
    options.optimized_model_filepath = str(beside)
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    beside.replace(path)


def write_packed(model: Path, target: Path) -> None:
    """Write a model that ``write_optimised`` wrote in the runtime's own format, with the suffix ``.ort``.

    The same logits to the bit; a session takes half the time, since the weights are mapped as they are.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
