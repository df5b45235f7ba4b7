"""Every store keeps to the protocol: the same entries, the same candidates, whatever is behind it."""

import itertools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.models.encoder import HashEncoder
from qa.search import segment_store
from qa.search.segment import Segment, write_segment
from qa.search.segment_store import SegmentStore
from qa.search.store import Candidate, Entry, LiveStore, MemoryStore, Within
from qa.search.words import stems
from qa.text import Span
from qa.types import Document, Passage

ENCODER = HashEncoder(64)
WORDS = "boat lake gull prize music bottle keeper paper silver".split()


def entry(name: str, *sentences: str) -> Entry:
    text = " ".join(sentences)
    ends = list(itertools.accumulate(len(sentence) + 1 for sentence in sentences))
    spans = tuple(Span(end - 1 - len(s), end - 1) for end, s in zip(ends, sentences, strict=True))
    passage = Passage(name, "d", "d.txt", "T", None, None, 0, len(text), text, spans)
    return Entry(passage, ENCODER.encode([text])[0], ENCODER.encode(sentences), tuple(stems(text)))


ENTRIES = [
    entry(f"d#{i}", f"The {a} of the {b}.", f"A {c}.")
    for i, (a, b, c) in enumerate(itertools.permutations(WORDS[:4], 3))
]
LIVE: list[Callable[[], LiveStore]] = [MemoryStore]
PATHS = ("a.txt", "b.txt", "c.txt")


def segmented(entries: Sequence[Entry], folder: Path) -> SegmentStore:
    """A store of entries whose paths are those of ``PATHS``, a segment for each but the last two."""
    segments = []
    for number, paths in enumerate((PATHS[:1], PATHS[1:])):
        documents = [Document(path, path, path, "", "0") for path in paths]
        held = [one for path in paths for one in entries if one.passage.path == path]
        write_segment(folder / str(number), documents, held, set())
        segments.append(Segment(folder / str(number)))
    return SegmentStore(segments)


def in_files(entries: Sequence[Entry]) -> list[Entry]:
    """The entries in three documents, in order of path."""
    size = len(entries) // 3
    return [replace(one, passage=replace(one.passage, path=PATHS[min(i // size, 2)])) for i, one in enumerate(entries)]


@pytest.fixture(params=LIVE, ids=["memory"])
def store(request: pytest.FixtureRequest) -> LiveStore:
    made: LiveStore = request.param()
    made.upsert(ENTRIES)
    return made


def names(passages: Sequence[Passage]) -> list[str]:
    return [passage.passage_id for passage in passages]


def test_what_is_put_in_is_there(store: LiveStore) -> None:
    assert store.count() == len(ENTRIES)
    assert list(store.scan()) == [e.passage for e in ENTRIES]
    assert names(store.get(["d#3", "d#1"])) == ["d#3", "d#1"]
    with pytest.raises(KeyError):
        store.get(["nothing"])


def test_putting_in_again_changes_nothing_and_replaces(store: LiveStore) -> None:
    store.upsert(ENTRIES[:5])
    assert store.count() == len(ENTRIES)
    store.upsert([entry("d#3", "Nothing but bottles.")])
    assert store.get(["d#3"])[0].text == "Nothing but bottles."
    found = store.search(ENCODER.encode(["bottles"]), ["bottl"], 1)
    assert "d#3" in names([candidate.passage for candidate in found])


def test_what_is_deleted_is_found_no_more(store: LiveStore) -> None:
    store.delete(["d#0", "nothing"])
    assert store.count() == len(ENTRIES) - 1
    found = store.search(ENCODER.encode([ENTRIES[0].passage.text]), list(ENTRIES[0].terms), 50)
    assert "d#0" not in names([candidate.passage for candidate in found])
    store.delete(names([e.passage for e in ENTRIES]))
    assert (store.count(), store.search(ENCODER.encode(["boat"]), ["boat"], 5)) == (0, [])


def test_what_was_written_is_there(tmp_path: Path) -> None:
    entries = in_files(ENTRIES)
    store = segmented(entries, tmp_path)
    assert store.count() == len(ENTRIES)
    assert list(store.scan()) == [e.passage for e in entries]
    assert names(store.get(["d#3", "d#1"])) == ["d#3", "d#1"]
    with pytest.raises(KeyError):
        store.get(["nothing"])
    held = Within(frozenset(PATHS[1:2]))
    assert list(store.scan(held)) == [e.passage for e in entries if e.passage.path == PATHS[1]]
    assert list(store.scan(held & Within(frozenset(PATHS[:1])))) == []
    assert list(store.scan(Within(frozenset(PATHS), "a section"))) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.integers(1, 9),
    st.sampled_from([None, Within(frozenset(PATHS[1:])), Within(frozenset())]),
)
def test_the_stores_find_the_same(asked: list[str], k: int, within: Within | None) -> None:
    vector, terms = ENCODER.encode([" ".join(asked)]), stems(" ".join(asked))
    memory = MemoryStore()
    memory.upsert(in_files(ENTRIES))
    with tempfile.TemporaryDirectory() as folder:
        mapped = segmented(in_files(ENTRIES), Path(folder))
        same(memory.search(vector, terms, k, within), mapped.search(vector, terms, k, within), k)


def same(ours: Sequence[Candidate], theirs: Sequence[Candidate], k: int) -> None:
    """Hold what two stores found to each other."""
    for candidates in (ours, theirs):
        assert names([c.passage for c in candidates]) == sorted(names([c.passage for c in candidates]))
    assert bool(ours) == bool(theirs)
    for score in ("passage_cosine", "sentence_cosine", "bm25"):
        # Of equal scores either may be among the first k, so the scores are compared and not the ids.
        best = [sorted((round(getattr(c, score), 4) for c in found), reverse=True)[:k] for found in (ours, theirs)]
        np.testing.assert_allclose(best[0][: len(best[1])], best[1][: len(best[0])], atol=1e-4)
    by_id = {c.passage.passage_id: c for c in theirs}
    for candidate in ours:
        if (other := by_id.get(candidate.passage.passage_id)) is not None:
            assert candidate.bm25 == pytest.approx(other.bm25, abs=1e-5)
            assert candidate.sentence_cosine == pytest.approx(other.sentence_cosine, abs=1e-5)


def test_preselected_sentences_are_enough_where_the_best_passages_hold_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = segmented(in_files(ENTRIES), tmp_path)
    vector, terms = ENCODER.encode(["gull"]), ["gull"]
    whole = store.search(vector, terms, 3)
    monkeypatch.setattr(segment_store, "PRESELECTED", 12)
    assert store.search(vector, terms, 3) == whole
