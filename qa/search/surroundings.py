"""A passage inside its neighbours: what a reader that can read more than a passage is shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from qa.search.store import Store, Within
from qa.text import Span, marks_within
from qa.types import Document, Passage

LONGEST_LEAD = 300
"""Characters in front of a wide passage that may be its first one's cue: a label, who speaks, what was asked."""

KEPT = 64
"""Documents whose passages are kept in order."""


class Surroundings:
    """The passages of a store in order of the text of their ``documents``, which are by path."""

    def __init__(self, store: Store, documents: Mapping[str, Document]) -> None:
        self._store, self._documents = store, documents
        self._known: dict[str, Sequence[Passage]] = {}

    def _in_order(self, path: str) -> Sequence[Passage]:
        """The passages of a document; those of the last few documents are kept."""
        if path not in self._known:
            if len(self._known) >= KEPT:
                self._known.pop(next(iter(self._known)))
            found = self._store.scan(Within(frozenset({path})))
            self._known[path] = sorted(found, key=lambda passage: passage.start)
        return self._known[path]

    def wide(self, passages: Iterable[Passage], count: int, words: int) -> list[tuple[Passage, tuple[Passage, ...]]]:
        """The first ``count`` wide passages along an order of passages, each with the passages that it holds.

        A passage takes in those before and after it in turn, of the same section, while all have at most ``words``
        words; what one wide passage holds is in no other.
        """
        found: list[tuple[Passage, tuple[Passage, ...]]] = []
        taken: set[str] = set()
        for passage in passages:
            if len(found) == count:
                break
            if passage.passage_id not in taken:
                run = _run(self._in_order(passage.path), passage, words, taken)
                taken.update(held.passage_id for held in run)
                found.append((self._joined(run, passage), run))
        return found

    def _joined(self, run: tuple[Passage, ...], middle: Passage) -> Passage:
        """One passage over a run of them."""
        if len(run) == 1:
            return middle
        document = self._documents[middle.path]
        start, cue = run[0].start, middle.cue
        if len({passage.cue for passage in run}) > 1:
            # Who speaks, or what a value is the value of, stands in the text in front of each but the first.
            cue = None
            start = self._lead(document, run[0])
        span = Span(start, run[-1].end)
        return replace(
            middle,
            cue=cue,
            start=span.start,
            end=span.end,
            text=document.text[span.start : span.end],
            sentences=tuple(sentence for passage in run for sentence in passage.sentences),
            marks=marks_within(document.marks, span),
        )

    def _lead(self, document: Document, first: Passage) -> int:
        """Where the cue of a passage begins in the text in front of it; its own start if it has none."""
        passages = self._in_order(document.path)
        place = _place(passages, first)
        began = passages[place - 1].end if place else 0
        between = document.text[began : first.start]
        read = document.plain(Span(began, first.start)).text
        if first.cue is None or len(read) > LONGEST_LEAD or not read:
            return first.start
        return began + len(between) - len(between.lstrip())


def _place(passages: Sequence[Passage], passage: Passage) -> int:
    return next(i for i, other in enumerate(passages) if other.passage_id == passage.passage_id)


def _length(passage: Passage) -> int:
    """Words as a passage reads: a row of comma-separated values is one word of its file."""
    return len(passage.plain.text.split())


def _run(passages: Sequence[Passage], middle: Passage, most_words: int, taken: Collection[str]) -> tuple[Passage, ...]:
    """The passages around one that fit with it, in order."""
    first = last = _place(passages, middle)
    counted = _length(middle)

    def fits(i: int) -> bool:
        if not 0 <= i < len(passages) or passages[i].passage_id in taken or passages[i].section != middle.section:
            return False
        return counted + _length(passages[i]) <= most_words

    before = after = True
    while before or after:
        if before := before and fits(first - 1):
            first -= 1
            counted += _length(passages[first])
        if after := after and fits(last + 1):
            last += 1
            counted += _length(passages[last])
    return tuple(passages[first : last + 1])
