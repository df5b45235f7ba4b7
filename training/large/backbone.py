"""A compact MPNet encoder (Song et al. 2020), made for training on a CPU.

It computes what ``transformers.MPNetModel`` computes without dropout (a test compares the two), and faster: query, key
and value are one product, views of several lengths share all products, and the whole model can be kept in bfloat16
while the optimiser holds float32 weights.

Shapes: ``B`` views, ``L`` tokens (padded), ``H`` the hidden size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import gelu

PADDING = 1
"""Id of the padding token; positions start behind it."""
BUCKETS, FURTHEST = 32, 128
"""Distances of two tokens fall into so many buckets; all from ``FURTHEST`` on fall into the last."""
EPSILON = 1e-5
CLOSED = -1e4
"""Added to the attention score of padding; finite, so that bfloat16 and ONNX agree."""
BLOCK = 128
"""Values of one word's vector that share a scale."""
STEPS = 7
"""A rounded value is a whole number from -7 to 7, times its block's scale."""
LEAST_SCALE = 2.0**-14
"""The least number that a float16 holds at full precision."""


@dataclass(frozen=True)
class Shape:
    """The sizes of an MPNet; the defaults are those of all-mpnet-base-v2."""

    layers: int = 12
    hidden: int = 768
    heads: int = 12
    inner: int = 3072
    words: int = 30527
    positions: int = 514


class Layer(nn.Module):
    """Self-attention and feed-forward, each followed by its sum and layer norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.attention_norm = nn.LayerNorm(shape.hidden, eps=EPSILON)
        self.inner = nn.Linear(shape.hidden, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=EPSILON)

    def forward(self, x: Tensor, biases: Sequence[Tensor]) -> Tensor:
        """``x``: tokens × H, the batches one after another; ``biases``: of each batch B × heads × L × L."""
        qkv = self.qkv(x)
        if len(biases) == 1:  # the exporter would fix the sizes of a split
            mixed = attention(qkv, biases[0])
        else:
            parts = qkv.split([bias.shape[0] * bias.shape[-1] for bias in biases])
            mixed = torch.cat([attention(part, bias) for part, bias in zip(parts, biases, strict=True)])
        x = self.attention_norm(x + self.out(mixed))
        normed: Tensor = self.norm(x + self.outer(gelu(self.inner(x))))
        return normed


def attention(qkv: Tensor, bias: Tensor) -> Tensor:
    """``qkv``: (B · L) × 3H, ``bias``: B × heads × L × L; returns (B · L) × H.

    Plain products: on a CPU their backward takes a third of the time of the fused kernel's.
    """
    rows, heads, length, _ = bias.shape
    hidden = qkv.shape[-1] // 3
    wide = hidden // heads
    q, k, v = qkv.view(rows, length, 3, heads, wide).permute(2, 0, 3, 1, 4).reshape(3, rows * heads, length, wide)
    scores = torch.baddbmm(bias.reshape(-1, length, length), q, k.transpose(1, 2), alpha=wide**-0.5)
    mixed = torch.bmm(scores.softmax(-1), v).view(rows, heads, length, wide)
    return mixed.transpose(1, 2).reshape(rows * length, hidden)


class Mpnet(nn.Module):
    """Word vectors, absolute positions, and layers that share one relative bias."""

    buckets: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.words, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=EPSILON)
        self.relative = nn.Embedding(BUCKETS, shape.heads)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.register_buffer("buckets", relative_buckets(shape.positions - PADDING - 1), persistent=False)

    @classmethod
    def from_pretrained(cls, folder: Path, layers: int) -> "Mpnet":
        """The first ``layers`` layers of a folder with an MPNet's ``model.safetensors``; its pooler is left out."""
        saved = {k.removeprefix("mpnet."): v for k, v in load_file(folder / "model.safetensors").items()}
        state = {ours: saved[theirs] for ours, theirs in EMBEDDED.items()}
        for i in range(layers):
            for kind in ("weight", "bias"):
                theirs = f"encoder.layer.{i}."
                qkv = [saved[f"{theirs}attention.attn.{part}.{kind}"] for part in "qkv"]
                state[f"layers.{i}.qkv.{kind}"] = torch.cat(qkv)
                for ours, part in IN_LAYER.items():
                    state[f"layers.{i}.{ours}.{kind}"] = saved[f"{theirs}{part}.{kind}"]
        words, hidden = state["words.weight"].shape
        heads, positions = state["relative.weight"].shape[1], len(state["positions.weight"])
        inner = len(saved["encoder.layer.0.intermediate.dense.bias"])
        model = cls(Shape(layers, hidden, heads, inner, words, positions))
        model.load_state_dict(state)
        return model

    def forward(self, batches: Sequence[tuple[Tensor, Tensor]]) -> list[Tensor]:
        """Hidden states, B × L × H, of batches of ids and masks (1 a token, 0 padding behind them), both B × L.

        Batches of several lengths run through the products together and are apart only in the attention.
        """
        embedded, biases = list[Tensor](), list[Tensor]()
        for ids, mask in batches:
            length = ids.shape[1]
            places = torch.arange(length, device=ids.device) + PADDING + 1
            embedded.append((self.words(ids) + self.positions(places)).reshape(-1, self.words.embedding_dim))
            closed = (1 - mask.to(embedded[0].dtype)) * CLOSED
            relative = self.relative(self.buckets[:length, :length]).permute(2, 0, 1)
            biases.append(relative[None] + closed[:, None, None, :])
        x = self.norm(torch.cat(embedded))
        for layer in self.layers:
            x = layer(x, biases)
        if len(batches) == 1:
            return [x.view(*batches[0][0].shape, -1)]
        sizes = [ids.numel() for ids, _ in batches]
        return [part.view(*ids.shape, -1) for part, (ids, _) in zip(x.split(sizes), batches, strict=True)]


EMBEDDED = {
    "words.weight": "embeddings.word_embeddings.weight",
    "positions.weight": "embeddings.position_embeddings.weight",
    "norm.weight": "embeddings.LayerNorm.weight",
    "norm.bias": "embeddings.LayerNorm.bias",
    "relative.weight": "encoder.relative_attention_bias.weight",
}
"""Names here and in a pretrained model, outside of the layers."""
IN_LAYER = {
    "out": "attention.attn.o",
    "attention_norm": "attention.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm": "output.LayerNorm",
}
"""The same inside a layer, but for query, key and value."""


def relative_buckets(length: int) -> Tensor:
    """``L × L`` buckets of key minus query, as in T5 and MPNet: one half exact, the other logarithmic."""
    places = torch.arange(length)
    distance = -(places[None, :] - places[:, None])
    half = BUCKETS // 2
    bucket = (distance < 0).long() * half
    distance = distance.abs()
    exact = half // 2
    scale = (half - exact) / math.log(FURTHEST / exact)
    far = exact + (torch.log(distance.clamp(min=1).float() / exact) * scale).long()
    return bucket + torch.where(distance < exact, distance, far.clamp(max=half - 1))


def rounded(table: Tensor) -> tuple[Tensor, Tensor]:
    """Word vectors in four bits: whole numbers (words × H / ``BLOCK`` × ``BLOCK``), and the scale of each block."""
    blocks = table.view(len(table), -1, BLOCK)
    scale = (blocks.abs().amax(-1, keepdim=True) / STEPS).half().float().clamp(min=LEAST_SCALE)
    return (blocks / scale).round().clamp(-STEPS, STEPS), scale


def coarse(table: Tensor) -> None:
    """Round word vectors in place to what four bits hold; rounding twice changes nothing."""
    with torch.no_grad():
        whole, scale = rounded(table)
        table.copy_((whole * scale).view_as(table))
