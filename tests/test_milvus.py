"""A build that is searched on Milvus: brought there whole, held to its kept text, every failure told in a line."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ExportingHashEncoder, fakes
from msgspec.structs import replace
from store_cases import ENCODER, ENTRIES, entry

from qa.ask.opening import index_state, open_library, open_with, rebuild
from qa.config import Server, Settings
from qa.errors import IndexUnusable, StoreError, UsageError
from qa.search import milvus_store
from qa.search.kept_store import KeptStore
from qa.search.milvus_store import MilvusStore

QUESTIONS = ("Who directed the film?", "What did it win?", "How long is it?", "Why was it filmed on a lake?", "bottles")


@pytest.fixture
def settings(corpus: Path, tmp_path: Path) -> Settings:
    return Settings(corpus, tmp_path / "index", "hash", store=f"milvus+file://{tmp_path}/store.db")


@pytest.fixture
def server(settings: Settings) -> Server:
    assert settings.server is not None
    return dataclasses.replace(settings.server, consistency="Strong")


@pytest.fixture
def open_store(server: Server) -> Iterator[Callable[..., MilvusStore]]:
    """Open the store, or one that differs in part; files are let go in the end."""
    opened: list[MilvusStore] = []

    def run(dimension: int = ExportingHashEncoder().dimension, **other: object) -> MilvusStore:
        opened.append(MilvusStore(dataclasses.replace(server, **other), dimension, wait=0.2))
        return opened[-1]

    yield run
    for store in opened:
        store.close()


def holds_the_build(settings: Settings, store: MilvusStore) -> bool:
    """Whether the server holds the passages of the build, each once, and the sentences of these alone."""
    kept = open_with(
        dataclasses.replace(settings, store=""), build=False, parts=fakes(ExportingHashEncoder())
    ).index.store
    passages = list(kept.scan())
    assert store._counted(f"{store.server.collection}_sentences") == sum(len(one.sentences) for one in passages)
    return (store.count(), list(store.scan())) == (len(passages), passages)


def test_the_same_is_answered_from_there(
    settings: Settings, encoder: ExportingHashEncoder, open_store: Callable[..., MilvusStore]
) -> None:
    ours = open_with(dataclasses.replace(settings, store=""), parts=fakes(encoder))
    theirs = open_with(settings, parts=fakes(encoder))
    assert isinstance(theirs.index.store, KeptStore)
    for question in QUESTIONS:
        here, there = ours.ask(question), theirs.ask(question)
        assert replace(here, took_ms=0, passages=(), scores={}) == replace(there, took_ms=0, passages=(), scores={})
        assert [one.passage for one in here.passages] == [one.passage for one in there.passages]
        only = ours.ask(question, sources={"interview"}), theirs.ask(question, sources={"interview"})
        assert [one.passage for one in only[0].passages] == [one.passage for one in only[1].passages]
    assert holds_the_build(settings, open_store())


def test_what_changed_is_put_in_and_what_is_gone_is_taken_out(
    settings: Settings, encoder: ExportingHashEncoder, open_store: Callable[..., MilvusStore]
) -> None:
    rebuild(settings, parts=fakes(encoder))
    article = settings.corpus / "article.md"
    article.write_text(article.read_text().replace("It won the Silver Gull in 1999.", "It won a Golden Carp."))
    (settings.corpus / "interview.txt").unlink()
    (settings.corpus / "more.txt").write_text("The lens came from Paris. It cost nine thousand dollars.")
    assert "stale" in str(index_state(settings))
    rebuild(settings, parts=fakes(encoder))
    assert index_state(settings) is None
    assert holds_the_build(settings, open_store())
    answer = open_with(settings, build=False, parts=fakes(encoder)).ask("What did it win, a Golden Carp?")
    assert "Golden Carp" in answer.citations[0].quote


@pytest.mark.parametrize("reverted", [False, True], ids=["again", "reverted"])
@pytest.mark.parametrize("calls", [2, 3, 4, 6, 7, 8], ids=lambda calls: f"before-{calls}")
def test_a_push_that_was_stopped_leaves_nothing_lost_or_doubled(
    settings: Settings,
    encoder: ExportingHashEncoder,
    open_store: Callable[..., MilvusStore],
    monkeypatch: pytest.MonkeyPatch,
    calls: int,
    reverted: bool,
) -> None:
    rebuild(settings, parts=fakes(encoder))
    article, interview = settings.corpus / "article.md", settings.corpus / "interview.txt"
    before, said = article.read_text(), interview.read_text()
    article.write_text(before.replace("## Prizes\n", "## Prizes\n\nA first line moves all the others.\n"))
    interview.unlink()
    written, call = 0, MilvusStore._call

    def stopping(self: MilvusStore, method: str, *given: object, **named: object) -> object:
        nonlocal written
        written += method in ("upsert", "delete")
        if written == calls:
            raise StoreError("stopped")
        return call(self, method, *given, **named)

    monkeypatch.setattr(MilvusStore, "_call", stopping)
    with pytest.raises(StoreError, match="stopped"):
        rebuild(settings, parts=fakes(encoder))
    monkeypatch.undo()
    if reverted:
        article.write_text(before)
        interview.write_text(said)
    with pytest.raises(IndexUnusable, match="is stale"):
        open_with(settings, build=False, parts=fakes(encoder))
    library = open_with(settings, parts=fakes(encoder))
    assert library.built
    assert holds_the_build(settings, open_store())


def test_a_passage_that_is_not_the_kept_one_is_never_quoted(
    settings: Settings, encoder: ExportingHashEncoder, open_store: Callable[..., MilvusStore]
) -> None:
    library = open_with(settings, parts=fakes(encoder))
    store = open_store()
    wrong = [p for p in store.scan() if "Silver Gull" in p.text]
    assert wrong
    for passage in wrong:
        text = passage.text.replace("Silver", "Golden")
        vectors = encoder.encode([text[s.start - passage.start : s.end - passage.start] for s in passage.sentences])
        store.upsert(
            [
                replace(
                    ENTRIES[0],
                    passage=replace(passage, text=text),
                    sentence_vectors=vectors,
                    vector=encoder.encode([text])[0],
                    terms=("golden", "gull"),
                )
            ]
        )
    for question in ("What did it win in 1999?", "Who won a Golden Gull?"):
        answer = library.ask(question)
        documents = library.index.documents
        assert all("Gull" not in one.passage.text for one in answer.passages)
        for citation in answer.citations:
            assert documents[citation.path].text[citation.start : citation.end] == citation.quote
    store.upsert(
        [
            replace(
                ENTRIES[0],
                passage=replace(p, start=p.start + 1),
                vector=encoder.encode([p.text])[0],
                sentence_vectors=encoder.encode(["a"] * len(p.sentences)),
            )
            for p in store.scan()
        ]
    )
    with pytest.raises(StoreError, match="none is as the index has it; run `qa index`"):
        library.ask("Who directed the film?")


def test_passages_of_another_corpus_are_replaced_only_by_force(
    settings: Settings, encoder: ExportingHashEncoder, tmp_path: Path, open_store: Callable[..., MilvusStore]
) -> None:
    rebuild(settings, parts=fakes(encoder))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("The lens came from Paris.")
    other = dataclasses.replace(settings, corpus=tmp_path / "other", index=tmp_path / "other-index")
    with pytest.raises(UsageError, match=r"holds the passages of .*corpus, not of .*other; name another"):
        rebuild(other, parts=fakes(encoder))
    assert holds_the_build(settings, open_store())
    rebuild(other, parts=fakes(encoder), force=True)
    assert holds_the_build(other, open_store())


def test_without_full_text_search_is_refused_unless_asked_for(
    settings: Settings, encoder: ExportingHashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_store.MilvusClient, "get_server_version", lambda *args, **named: "v2.4.17")
    with pytest.raises(StoreError, match=r"v2\.4\.17 has no full-text search.*store_dense_only = true"):
        rebuild(settings, parts=fakes(encoder))
    library = open_with(dataclasses.replace(settings, store_dense_only=True), parts=fakes(encoder))
    assert any("without BM25" in notice for notice in library.notices)
    assert {one.parts["bm25"] for one in library.search("Silver Gull")} == {0.0}
    monkeypatch.undo()
    with pytest.raises(StoreError, match="lacks words"):
        open_with(settings, build=False, parts=fakes(encoder))


@pytest.mark.parametrize(
    ("other", "dimension", "message"),
    [
        ({"uri": "http://127.0.0.1:9"}, 64, r"http://127\.0\.0\.1:9: no answer in 0\.2 s; .*without a token"),
        ({"uri": "http://127.0.0.1:9", "token": "secret"}, 64, "refuses the token that it was given"),
        ({"uri": "/nowhere/x.db"}, 64, "/nowhere/x.db: no such folder"),
        ({}, 8, "vectors of 64 numbers, the encoder gives 8: it is of another encoder; name another"),
        ({"dense_only": True}, 64, "has words, as store_dense_only forbids"),
        ({"collection": "qa_parts"}, 64, "qa_parts is no collection of qa"),
    ],
)
def test_failures_are_told_in_a_line(
    open_store: Callable[..., MilvusStore], other: dict[str, object], dimension: int, message: str
) -> None:
    store = open_store(64)
    store.upsert(ENTRIES[:1])
    for name in ("qa_parts_sentences", "qa_parts_parts"):
        store._create(name, 2, [], [])
    with pytest.raises(StoreError, match=message) as caught:
        open_store(dimension, **other)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_failures_while_it_is_asked_are_told_in_a_line(open_store: Callable[..., MilvusStore]) -> None:
    store = open_store(64)
    with pytest.raises(StoreError, match="d#1: its passage take 70"):
        store.upsert([entry("d#1", "x" * 70_000)])
    store.upsert(ENTRIES)
    store._client.drop_collection("qa")
    for failing in (
        store.count,
        lambda: store.search(ENCODER.encode(["boat"]), ["boat"], 3),
        lambda: list(store.scan()),
    ):
        with pytest.raises(StoreError, match=r"store\.db: [a-z ]+ in qa failed: .*; see to the server") as caught:
            failing()
        assert "\n" not in str(caught.value)


def test_a_file_that_is_no_store_is_told_in_a_line(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("no")
    assert settings.server is not None
    with pytest.raises(StoreError, match="cannot be opened"):
        MilvusStore(settings.server, 64, wait=0.2)


def test_the_store_is_a_setting(
    corpus: Path,
    tmp_path: Path,
    encoder: ExportingHashEncoder,
    monkeypatch: pytest.MonkeyPatch,
    open_store: Callable[..., MilvusStore],
) -> None:
    monkeypatch.setenv("QA_STORE", f"milvus+file://{tmp_path}/store.db")
    library = open_library(corpus, tmp_path / "index", encoder="hash", parts=fakes(encoder))
    assert isinstance(library.index.store, KeptStore)
    open_store()
