"""The large reader's model: reads the best few views of a question together, in one scale.

The protocol, the ONNX model that ships with the package, and a fake for tests. The model reads ``<s> question </s></s>
context : text </s>`` and gives a start, an end and an evidence logit for every token, and of each view a logit that it
answers, and three for what it says to a yes/no question. It was trained with one softmax over the starts (ends, views)
of all views of a question and a constant 0 for "none of them" (shared normalisation, Clark & Gardner 2018), so a span
whose two logits sum to less than 0 is rather no answer. A view runs by itself, so that its logits are the same in any
company.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from qa.models.card import Enough, JointCard, Logistic
from qa.models.cross_encoder import OUTSIDE, View, best_span, overlap, tokens_inside
from qa.models.onnx import Tokens, file_sha256, open_model, processors
from qa.text import Span


class JointJudgement(Struct, frozen=True):
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
    """A folder with ``model.onnx`` or ``model.ort``, ``tokenizer.json`` and ``card.json`` with the files' SHA-256.

    ``sha256`` hashes a file, or knows its hash.

    It is opened in a thread, which the first ``judge`` waits for, while what comes before is done. A damaged file is
    told there, as ``ModelError``.
    """

    def __init__(self, folder: Path, sha256: Callable[[Path], str] = file_sha256) -> None:
        self.card = JointCard.load(folder)
        opener = ThreadPoolExecutor(1)
        ours, threads = self.card.precision == "int8", min(4, processors())
        self._opened = opener.submit(open_model, folder, self.card, threads=threads, sha256=sha256, ours=ours)
        opener.shutdown(wait=False)

    def judge(self, question: str, views: Sequence[View]) -> list[JointJudgement]:
        """See ``JointModel``."""
        # A question may fill the model by itself; half of it at most leaves room for the view.
        tokenizer, session = self._opened.result()
        asked = tokenizer.cut(question, self.card.max_tokens // 2)
        pairs = [tokenizer.encode(asked, view.lead + view.text, most=self.card.max_tokens) for view in views]
        judged = []
        for view, pair in zip(views, pairs, strict=True):
            # Each by itself: no padding is computed, and no sum has another order than the view has alone.
            ids = np.array([pair.ids], np.int64)
            tokens, heads = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
            judged.append(joint_judgement(pair, view, tokens[0], heads[0]))
        return judged


def joint_judgement(
    pair: Tokens, view: View, tokens: NDArray[np.float32], heads: NDArray[np.float32]
) -> JointJudgement:
    """The best span of at most ``LONGEST_ANSWER`` tokens in the view's text, grown to whole words.

    ``pair`` is the question with the view's lead and text; ``tokens`` has start, end and evidence logits for each of
    its tokens; ``heads`` are four.
    """
    neither, yes, no = (float(logit) for logit in heads[1:4])
    inside = tokens_inside(pair, view)
    if not inside:  # the context line filled the model
        return JointJudgement(OUTSIDE, OUTSIDE, Span(0, 0), (neither, yes, no))
    score, span = best_span(pair, view, inside, tokens[:, 0], tokens[:, 1])
    return JointJudgement(float(heads[0]), float(score), span, (neither, yes, no))


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
        paragraph=Logistic(0.0, {"answers": 1.0}, threshold=0.5),
        bars={"0.9": 0.9},
        enough=Enough(passages=8, views=2, ahead=1.0, unjudged=2.0, hopeless=0.0),
        verdict=1.0,
    )

    def judge(self, question: str, views: Sequence[View]) -> list[JointJudgement]:
        """See ``JointModel``; logits are 4 × shared share − 2."""
        overlaps = [overlap(question, view) for view in views]
        return [JointJudgement(logit, logit, span, (0.0, 0.0, 0.0)) for logit, span in overlaps]
