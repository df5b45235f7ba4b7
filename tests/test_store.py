"""Every store keeps to the protocol: the same entries, the same candidates, whatever is behind it."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import (
    ENCODER,
    ENTRIES,
    PATHS,
    WORDS,
    in_files,
    names,
    same,
    test_a_search_finds_what_one_in_memory_finds,  # noqa: F401
    test_putting_in_again_changes_nothing_and_replaces,  # noqa: F401
    test_what_is_deleted_is_found_no_more,  # noqa: F401
    test_what_is_put_in_is_there,  # noqa: F401
)

from qa.config import Server
from qa.search import segment_store
from qa.search.milvus_store import MilvusStore
from qa.search.segment import Segment, write_segment
from qa.search.segment_store import SegmentStore
from qa.search.store import Entry, LiveStore, MemoryStore, Within
from qa.search.words import stems
from qa.types import Document


@pytest.fixture(params=["memory", "milvus-lite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LiveStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    lite = MilvusStore(Server(str(tmp_path / "store.db"), "qa", consistency="Strong"), ENCODER.dimension)
    yield lite
    lite.close()


@pytest.fixture
def words() -> bool:
    return True


def segmented(entries: Sequence[Entry], folder: Path) -> SegmentStore:
    """A store of entries whose paths are those of ``PATHS``, a segment for each but the last two."""
    segments = []
    for number, paths in enumerate((PATHS[:1], PATHS[1:])):
        documents = [Document(path, path, path, "", "0") for path in paths]
        held = [one for path in paths for one in entries if one.passage.path == path]
        write_segment(folder / str(number), documents, held, set())
        segments.append(Segment(folder / str(number)))
    return SegmentStore(segments)


def test_what_was_written_is_there(tmp_path: Path) -> None:
    entries = in_files(ENTRIES)
    store = segmented(entries, tmp_path)
    assert store.count() == len(ENTRIES)
    assert list(store.scan()) == [e.passage for e in entries]
    assert [store.find(e.passage.path, e.passage.start) for e in entries] == [e.passage for e in entries]
    assert store.find(PATHS[0], 1) is store.find(PATHS[0], 10**6) is store.find("nothing", 0) is None
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


def test_preselected_sentences_are_enough_where_the_best_passages_hold_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = segmented(in_files(ENTRIES), tmp_path)
    vector, terms = ENCODER.encode(["gull"]), ["gull"]
    whole = store.search(vector, terms, 3)
    monkeypatch.setattr(segment_store, "PRESELECTED", 12)
    assert store.search(vector, terms, 3) == whole
