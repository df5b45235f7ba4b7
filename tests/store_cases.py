"""What every store keeps to, whatever is behind it: the cases that a file of tests takes in for its own stores.

It gives the fixtures ``store``, empty, and ``words``, whether it knows BM25.
"""

import itertools
import random
from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from qa.models.encoder import HashEncoder
from qa.search.store import Candidate, Entry, LiveStore, MemoryStore, Within
from qa.search.words import stems
from qa.text import Span
from qa.types import Passage

ENCODER = HashEncoder(64)
WORDS = "boat lake gull prize music bottle keeper paper silver".split()
PATHS = ("a.txt", 'b "quoted\\\n.txt', "c.txt")


def entry(name: str, *sentences: str) -> Entry:
    """An entry whose passage stands where the number in its name says."""
    text, start = " ".join(sentences), 1000 * int(name.partition("#")[2])
    ends = list(itertools.accumulate((len(sentence) + 1 for sentence in sentences), initial=start))[1:]
    spans = tuple(Span(end - 1 - len(s), end - 1) for end, s in zip(ends, sentences, strict=True))
    passage = Passage(name, "d", "d.txt", "T", None, None, start, start + len(text), text, spans)
    return Entry(passage, ENCODER.encode([text])[0], ENCODER.encode(sentences), tuple(stems(text)))


ENTRIES = [
    entry(f"d#{i}", f"The {a} of the {b}.", f"A {c}.")
    for i, (a, b, c) in enumerate(itertools.permutations(WORDS[:4], 3))
]


def in_files(entries: Sequence[Entry]) -> list[Entry]:
    """The entries in three documents, in order of path."""
    size = len(entries) // 3
    return [replace(one, passage=replace(one.passage, path=PATHS[min(i // size, 2)])) for i, one in enumerate(entries)]


def names(passages: Sequence[Passage]) -> list[str]:
    return [passage.passage_id for passage in passages]


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
            assert candidate.passage == other.passage


def test_what_is_put_in_is_there(store: LiveStore) -> None:
    store.upsert(ENTRIES)
    assert store.count() == len(ENTRIES)
    assert list(store.scan()) == [e.passage for e in ENTRIES]
    assert names(store.get(["d#3", "d#1"])) == ["d#3", "d#1"]
    with pytest.raises(KeyError):
        store.get(["nothing"])


def test_putting_in_again_changes_nothing_and_replaces(store: LiveStore) -> None:
    store.upsert(ENTRIES)
    store.upsert([*ENTRIES[:5], *ENTRIES[:5]])
    assert store.count() == len(ENTRIES)
    store.upsert([entry("d#3", "Nothing but bottles.")])
    assert store.count() == len(ENTRIES)
    assert store.get(["d#3"])[0].text == "Nothing but bottles."
    found = store.search(ENCODER.encode(["Nothing but bottles."]), ["bottl"], 1)
    assert "d#3" in names([candidate.passage for candidate in found])
    # The second sentence that it had is no more.
    gone = ENTRIES[3].passage.text.split(". ")[1]
    found = store.search(ENCODER.encode([gone]), [], len(ENTRIES))
    assert [c.best_sentence for c in found if c.passage.passage_id == "d#3"] == [0]


def test_what_is_deleted_is_found_no_more(store: LiveStore) -> None:
    store.upsert(ENTRIES)
    store.delete(["d#0", "nothing"])
    assert store.count() == len(ENTRIES) - 1
    found = store.search(ENCODER.encode([ENTRIES[0].passage.text]), list(ENTRIES[0].terms), 50)
    assert "d#0" not in names([candidate.passage for candidate in found])
    store.delete(names([e.passage for e in ENTRIES]))
    assert (store.count(), store.search(ENCODER.encode(["boat"]), ["boat"], 5)) == (0, [])


def test_a_search_finds_what_one_in_memory_finds(store: LiveStore, words: bool) -> None:
    memory = MemoryStore()
    for one in (memory, store):
        one.upsert(in_files(ENTRIES))
    draw = random.Random(7)
    sections = Within(frozenset(PATHS), "a section")
    for within in (None, Within(frozenset(PATHS[1:])), Within(frozenset(PATHS[1:2])), Within(frozenset()), sections):
        assert list(store.scan(within)) == list(memory.scan(within))
        for k in (3, 40):
            asked = " ".join(draw.choices(WORDS, k=draw.randrange(1, 5)))
            vector, terms = ENCODER.encode([asked]), stems(asked)
            same(memory.search(vector, terms if words else [], k, within), store.search(vector, terms, k, within), k)
