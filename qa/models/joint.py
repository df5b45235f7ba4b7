"""The large reader's model: reads the best few views of a question together, in one scale.

The protocol, the ONNX model that ships with the package, and a fake for tests. The model reads ``<s> question </s></s>
context : text </s>`` and gives a start, an end and an evidence logit for every token, and of each view a logit that it
answers, and three for what it says to a yes/no question. It was trained with one softmax over the starts (ends, views)
of all views of a question and a constant 0 for "none of them" (shared normalisation, Clark & Gardner 2018), so a span
whose two logits sum to less than 0 is rather no answer. A view's logits do not depend on its company: activations are
quantised row by row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.models.card import JointCard, Logistic
from qa.models.cross_encoder import LONGEST_ANSWER, OUTSIDE, SAME_LENGTH, View, whole
from qa.models.onnx import open_model, processors
from qa.text import Span

PADDING = 1


@dataclass(frozen=True, slots=True)
class JointJudgement:
    """What the model makes of one view, in logits whose 0 is "none of the views".

    ``answers`` is for the view, ``score`` for the best span, the sum of its two logits; ``span`` is that span in the
    view's text. ``polarity`` holds the logits of neither, yes and no.
    """

    answers: float
    score: float
    span: Span
    polarity: tuple[float, float, float]


class JointModel(Protocol):
    """Reads views of one question together."""

    @property
    def card(self) -> JointCard:
        """What was fitted with the model, and its provenance."""
        ...

    def judge(self, question: str, views: Sequence[View]) -> list[JointJudgement]:
        """One judgement a view, in order."""
        ...


class OnnxJointModel:
    """A folder with ``model.onnx``, ``tokenizer.json`` and ``card.json`` with the files' SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.card = JointCard.load(folder)
        threads = min(4, processors())
        self._tokenizer, self._session = open_model(folder, self.card, threads=threads, verify=True)
        self._tokenizer.enable_truncation(self.card.max_tokens, strategy="only_second")

    def judge(self, question: str, views: Sequence[View]) -> list[JointJudgement]:
        """See ``JointModel``."""
        pairs = [self._tokenizer.encode(self._cut(question), view.lead + view.text) for view in views]
        batches: dict[int, list[int]] = {}
        for i, pair in enumerate(pairs):
            batches.setdefault(len(pair.ids) // SAME_LENGTH, []).append(i)
        judged: dict[int, JointJudgement] = {}
        for rows in batches.values():
            width = max(len(pairs[i].ids) for i in rows)
            ids = np.full((len(rows), width), PADDING, np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for row, i in enumerate(rows):
                ids[row, : len(pairs[i].ids)] = pairs[i].ids
                mask[row, : len(pairs[i].ids)] = 1
            tokens, heads = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
            for row, i in enumerate(rows):
                judged[i] = joint_judgement(pairs[i], views[i], tokens[row], heads[row])
        return [judged[i] for i in range(len(views))]

    def _cut(self, question: str) -> str:
        """Half of the model at most, which leaves room for the view."""
        self._tokenizer.no_truncation()
        encoding = self._tokenizer.encode(question, add_special_tokens=False)
        self._tokenizer.enable_truncation(self.card.max_tokens, strategy="only_second")
        most = self.card.max_tokens // 2
        return question if len(encoding.ids) <= most else question[: encoding.offsets[most - 1][1]]


def joint_judgement(pair: Any, view: View, tokens: NDArray[np.float32], heads: NDArray[np.float32]) -> JointJudgement:
    """The best span of at most ``LONGEST_ANSWER`` tokens in the view's text, grown to whole words.

    ``pair`` is the ``tokenizers.Encoding`` of the question with the view's lead and text; ``tokens`` has start, end
    and evidence logits for each of its tokens, and may have more rows for padding behind them; ``heads`` are four.
    """
    lead = len(view.lead)
    neither, yes, no = (float(logit) for logit in heads[1:4])
    inside = [
        i
        for i, (part, (begins, _)) in enumerate(zip(pair.sequence_ids, pair.offsets, strict=True))
        if part == 1 and begins >= lead
    ]
    if not inside:  # the context line filled the model
        return JointJudgement(OUTSIDE, OUTSIDE, Span(0, 0), (neither, yes, no))
    first, last = inside[0], inside[-1] + 1
    steps = np.arange(last - first)[None, :] - np.arange(last - first)[:, None]
    scores = tokens[first:last, 0][:, None] + tokens[first:last, 1][None, :]
    scores = np.where((steps >= 0) & (steps < LONGEST_ANSWER), scores, 4 * OUTSIDE)
    a, b = divmod(int(scores.argmax()), last - first)
    span = Span(pair.offsets[first + a][0] - lead, pair.offsets[first + b][1] - lead)
    return JointJudgement(float(heads[0]), float(scores[a, b]), whole(view.text, span), (neither, yes, no))


class OverlapJointModel:
    """A fake for tests: a view answers as far as it shares words with the question; the span is its longest word."""

    card = JointCard(
        name="overlap-joint",
        precision="none",
        files={},
        max_tokens=192,
        encoder_sha256="",
        reader_sha256="",
        views=3,
        words=40,
        rank={"large_answers": 1.0, "large_span": 1.0},
        confidence=Logistic(0.0, {"large_answers": 1.0}),
        candidate=Logistic(0.0, {"large_answers": 1.0}),
        bars={"0.9": 0.9},
    )

    def judge(self, question: str, views: Sequence[View]) -> list[JointJudgement]:
        """See ``JointModel``; logits are 4 × shared share − 2."""
        asked = {word for word in re.findall(r"\w+", question.lower()) if len(word) > 3}
        judged = []
        for view in views:
            words = list(re.finditer(r"\w+", view.text))
            held = asked & {match[0].lower() for match in (*words, *re.finditer(r"\w+", view.context))}
            new = [match for match in words if match[0].lower() not in asked] or words
            longest = max(new, key=lambda match: len(match[0]), default=None)
            logit = 4 * len(held) / max(len(asked), 1) - 2
            span = Span(*longest.span()) if longest else Span(0, 0)
            judged.append(JointJudgement(logit, logit, span, (0.0, 0.0, 0.0)))
        return judged
