"""The large reader's model and losses: MPNet with heads for spans, evidence, "does it answer" and polarity.

The views of a question are normalised together (shared normalisation, Clark and Gardner 2018): one softmax over the
start tokens of all of them and a constant logit 0 for "none of these", the same for the ends. So the sum of a span's
two logits means the same in every view, and below 0 says "rather none".

The losses of a group of views:

* span: minus the log of the share of all right starts, and of all right ends;
* rank: the same over the views' ``answers`` logits and 0;
* answers: binary cross-entropy of every view's logit;
* evidence: binary cross-entropy of every token, does it belong to what answers;
* polarity: cross-entropy of neither, yes and no, over the views that answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from training.large.backbone import PADDING, Mpnet, coarse
from training.large.examples import Encoded

LOSSES = {"span": 1.0, "rank": 1.0, "answers": 1.0, "evidence": 0.5, "polarity": 1.0}
"""What each loss counts in the sum."""
SAME_LENGTH = 12
"""Views whose token counts fall into one step of this size share one attention."""


@dataclass(frozen=True)
class Logits:
    """``tokens``: B × L × 3 (start, end, evidence); ``views``: B × 4 (answers, then polarity neither, yes, no)."""

    tokens: Tensor
    views: Tensor


class JointNetwork(nn.Module):
    """Heads in float32 on a backbone of any precision."""

    def __init__(self, backbone: Mpnet) -> None:
        super().__init__()
        self.backbone = backbone
        self.tokens = nn.Linear(backbone.words.embedding_dim, 3)
        self.views = nn.Linear(backbone.words.embedding_dim, 4)

    @classmethod
    def from_base(
        cls, base: Path, layers: int, start: Path | None = None, *, rounded_words: bool = False
    ) -> "JointNetwork":
        """Fresh heads on the first layers of a pretrained folder, or the weights of the file ``start``.

        Of a start with more layers the first are taken. With ``rounded_words`` word vectors are what four bits hold.
        """
        torch.manual_seed(0)
        model = cls(Mpnet.from_pretrained(base, layers))
        if start is not None:
            known = model.state_dict()
            model.load_state_dict({name: tensor for name, tensor in torch.load(start).items() if name in known})
        if rounded_words:
            coarse(model.backbone.words.weight)
        return model

    def forward(self, ids: Tensor, mask: Tensor) -> Logits:
        """``ids``, ``mask``: B × L."""
        return self.many([(ids, mask)])[0]

    def many(self, batches: Sequence[tuple[Tensor, Tensor]]) -> list[Logits]:
        """Several batches at once; see ``Mpnet.forward``."""
        hidden = [part.float() for part in self.backbone(batches)]
        return [Logits(self.tokens(part), self.views(part[:, 0])) for part in hidden]


def logits_of(model: JointNetwork, views: Sequence[Encoded]) -> tuple[list[Tensor], Tensor]:
    """Of every view the token logits of its text (length × 3), and the view logits (views × 4)."""
    lengths: dict[int, list[int]] = {}
    for i, view in enumerate(views):
        lengths.setdefault((len(view.ids) - 1) // SAME_LENGTH, []).append(i)
    texts: dict[int, Tensor] = {}
    heads: dict[int, Tensor] = {}
    found = model.many([padded([views[i].ids for i in rows]) for rows in lengths.values()])
    for rows, out in zip(lengths.values(), found, strict=True):
        for row, i in enumerate(rows):
            texts[i] = out.tokens[row, views[i].first : views[i].last]
            heads[i] = out.views[row]
    return [texts[i] for i in range(len(views))], torch.stack([heads[i] for i in range(len(views))])


def padded(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids and mask, B × longest."""
    width = max(len(row) for row in ids)
    return (
        torch.tensor([[*row, *[PADDING] * (width - len(row))] for row in ids]),
        torch.tensor([[*[1] * len(row), *[0] * (width - len(row))] for row in ids]),
    )


def joint_losses(model: JointNetwork, groups: Sequence[Sequence[Encoded]]) -> dict[str, Tensor]:
    """The losses of one step by name, each a mean."""
    views = [view for group in groups for view in group]
    texts, heads = logits_of(model, views)
    truth = torch.tensor([float(view.answers) for view in views])
    nothing = heads.sum() * 0.0
    span, rank = list[Tensor](), list[Tensor]()
    at = 0
    for group in groups:
        inside = slice(at, at + len(group))
        if (loss := span_loss(texts[inside], group)) is not None:
            span.append(loss)
        rank.append(shared(heads[inside, 0], truth[inside] > 0))
        at += len(group)
    evidence = [
        evidence_loss(text[:, 2], view.evidence)
        for text, view in zip(texts, views, strict=True)
        if view.evidence is not None
    ]
    polarity = torch.tensor([view.polarity for view in views])
    judged = truth > 0
    return {
        "span": torch.stack(span).mean() if span else nothing,
        "rank": torch.stack(rank).mean(),
        "answers": binary_cross_entropy_with_logits(heads[:, 0], truth),
        "evidence": torch.stack(evidence).mean() if evidence else nothing,
        "polarity": cross_entropy(heads[judged, 1:], polarity[judged]) if judged.any() else nothing,
    }


def shared(logits: Tensor, right: Tensor) -> Tensor:
    """Minus the log of the right logits' share among all and a constant 0, which is right where none of them is."""
    whole = torch.cat([logits, logits.new_zeros(1)]).logsumexp(0)
    return whole - logits[right].logsumexp(0) if right.any() else whole


def span_loss(texts: Sequence[Tensor], group: Sequence[Encoded]) -> Tensor | None:
    """Mean of start and end loss of one group; None where a view answers in words that are not marked."""
    if any(view.answers and not view.spans for view in group):
        return None
    sides = list[Tensor]()
    for side in (0, 1):
        marks = [torch.zeros(len(text), dtype=torch.bool) for text in texts]
        for mark, view in zip(marks, group, strict=True):
            for span in view.spans:
                mark[span.end - 1 if side else span.start] = True
        sides.append(shared(torch.cat([text[:, side] for text in texts]), torch.cat(marks)))
    return (sides[0] + sides[1]) / 2


def evidence_loss(logits: Tensor, evidence: Sequence[tuple[int, int]]) -> Tensor:
    """Mean over a text's tokens, which may be none."""
    truth = torch.zeros_like(logits)
    for start, end in evidence:
        truth[start:end] = 1.0
    return binary_cross_entropy_with_logits(logits, truth) if len(logits) else logits.sum()
