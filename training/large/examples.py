"""What the large reader learns from: a question with several views, and such groups that belong together."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from tokenizers import Tokenizer

from qa.models.cross_encoder import View
from qa.text import Span
from training.data import Group

LONGEST_QUESTION = 400
"""Characters of a question that are read."""
NEITHER, YES, NO = range(3)
"""What a view says to a yes/no question: the classes of the polarity head."""


class JointExample(View, frozen=True):
    """A view with what the reader is to make of it. ``spans`` are all the right answers in it, any of them right.

    A view that answers without a marked span (its wording is not in the text) leaves its group out of the span loss.
    ``evidence`` holds the ranges that answer, or None where nobody marked them.
    """

    answers: bool = False
    spans: tuple[Span, ...] = ()
    evidence: tuple[Span, ...] | None = ()
    polarity: int = NEITHER


class JointGroup(Struct, frozen=True):
    """A question and its views, normalised together."""

    question: str
    views: tuple[JointExample, ...]


Bundle = tuple[JointGroup, ...]
"""Groups that go into one step, as a question and its twin."""


def from_public(group: Group) -> JointGroup:
    """A group of public questions; what answers in one is not marked beyond its span."""
    return JointGroup(
        group.question,
        tuple(
            JointExample(
                view.context,
                view.text,
                view.answers_question,
                (view.span,) if view.span else (),
                None if view.answers_question else (),
            )
            for view in group.views
        ),
    )


def steps(bundles: Sequence[Bundle], views_a_step: int) -> Iterator[list[JointGroup]]:
    """Consecutive bundles with about ``views_a_step`` views together."""
    step: list[JointGroup] = []
    for bundle in bundles:
        step += bundle
        if sum(len(group.views) for group in step) >= views_a_step:
            yield step
            step = []
    if step:
        yield step


class Encoded(Struct, frozen=True):
    """A question with one view as tokens; the view's text is the tokens from ``first`` to ``last``, exclusive.

    ``spans`` and ``evidence`` count tokens from ``first``, ends exclusive.
    """

    ids: list[int]
    first: int
    last: int
    answers: bool
    spans: tuple[Span, ...]
    evidence: tuple[Span, ...] | None
    polarity: int


def encode(tokenizer: Tokenizer, question: str, view: JointExample) -> Encoded:
    """Tokens and targets of a question and a view; what is beyond the tokenizer's length is cut off its text."""
    lead = len(view.lead)
    pair = tokenizer.encode(question[:LONGEST_QUESTION], view.lead + view.text)
    inside = [
        i
        for i, (part, (begins, _)) in enumerate(zip(pair.sequence_ids, pair.offsets, strict=True))
        if part == 1 and begins >= lead
    ]
    first, last = (inside[0], inside[-1] + 1) if inside else (0, 0)
    offsets = [Span(s - lead, e - lead) for s, e in pair.offsets[first:last]]
    evidence = None if view.evidence is None else token_spans(offsets, view.evidence)
    return Encoded(pair.ids, first, last, view.answers, token_spans(offsets, view.spans), evidence, view.polarity)


def token_spans(offsets: Sequence[Span], spans: Sequence[Span]) -> tuple[Span, ...]:
    """The tokens that each range of code points touches; one that is cut off is left out."""
    touched = [[i for i, token in enumerate(offsets) if token.overlaps(span)] for span in spans]
    return tuple(Span(places[0], places[-1] + 1) for places in touched if places)
