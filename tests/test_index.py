"""Build, verify, load: what changes, what is reused, what is refused, and what a stopped build leaves."""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import ExportingHashEncoder

from qa.errors import IndexUnusable, SourceError
from qa.ingest.splitter import SplitterSettings
from qa.models.encoder import CARD_FILE
from qa.search.index import (
    CURRENT,
    DECIDING,
    MANIFEST,
    Index,
    IndexSettings,
    build_index,
    check_fresh,
    code_sha256,
    current_build,
    load_index,
    read_manifest,
)

SETTINGS = IndexSettings("hash")


def test_layout_and_manifest(build: Callable[[], Index], tmp_path: Path) -> None:
    index = build()
    assert (tmp_path / "index" / CURRENT).read_text().strip() == index.version == index.folder.name
    assert set(index.manifest["sources"]) == {"article.md", "interview.txt"}
    assert index.manifest["counts"]["passages"] == len(index.passages)
    listed = set(index.manifest["files"])
    there = {path.relative_to(index.folder).as_posix() for path in index.folder.rglob("*") if path.is_file()}
    assert there == listed | {MANIFEST}
    assert not [name for name in there if name.endswith((".pkl", ".pickle"))]


def test_same_sources_give_the_same_bytes(build: Callable[[], Index], corpus: Path, tmp_path: Path) -> None:
    first = build()
    second = build_index(corpus, tmp_path / "other", SETTINGS, lambda name: ExportingHashEncoder())
    assert second.name == first.version


def test_scores_are_cosines_in_order_of_passages(build: Callable[[], Index], encoder: ExportingHashEncoder) -> None:
    index = build()
    query = encoder.encode(["Silver Gull"])
    rows = np.stack([index._passage_vectors.reconstruct(i) for i in range(len(index.passages))])
    np.testing.assert_allclose(index.passage_scores(query), (rows @ query[0]), atol=1e-6)
    best, which = index.sentence_scores(query)
    at = next(i for i, p in enumerate(index.passages) if "Silver Gull" in p.text)
    assert int(np.argmax(best)) == at
    assert "Silver Gull" in index.passages[at].sentence_text(index.passages[at].sentences[which[at]])


def test_only_changed_texts_are_encoded_again(
    build: Callable[[], Index], corpus: Path, encoder: ExportingHashEncoder
) -> None:
    build()
    encoder.encoded.clear()
    path = corpus / "article.md"
    path.write_text(path.read_text().replace("It won the Silver Gull in 1999.", "It won the Golden Carp."))
    build()
    assert encoder.encoded
    assert all("Golden Carp" in text for text in encoder.encoded)


def test_a_deleted_source_leaves_nothing_behind(build: Callable[[], Index], corpus: Path) -> None:
    old = build()
    (corpus / "interview.txt").unlink()
    new = build()
    assert not old.folder.exists()
    for path in new.folder.rglob("*"):
        assert path.is_dir() or b"interview" not in path.read_bytes()
    assert "okri" in new.lexical.vocabulary  # still in the article
    assert "bottles" not in new.lexical.vocabulary


@pytest.mark.parametrize("change", ["edited", "deleted", "renamed", "added"])
def test_every_change_of_the_sources_is_named(build: Callable[[], Index], corpus: Path, change: str) -> None:
    manifest = build().manifest
    check_fresh(corpus, manifest, SETTINGS)
    path = corpus / "interview.txt"
    if change == "edited":
        path.write_text(path.read_text() + "\n")
    elif change == "deleted":
        path.unlink()
    elif change == "renamed":
        path.rename(corpus / "talk.txt")
    else:
        (corpus / "new.txt").write_text("New words.")
    expected = {"edited": "interview.txt was changed", "deleted": "interview.txt is gone"}
    expected |= {"renamed": "interview.txt is gone", "added": "new.txt is new"}
    with pytest.raises(IndexUnusable, match=f"stale: the source {expected[change]}; run `qa index`"):
        check_fresh(corpus, manifest, SETTINGS)


def test_a_new_packaged_encoder_makes_an_index_stale(tmp_path: Path) -> None:
    for name in DECIDING:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    before = code_sha256(tmp_path)
    assert before == code_sha256(tmp_path)
    (tmp_path / "models" / "weights" / "encoder" / CARD_FILE).write_text("trained anew")
    assert code_sha256(tmp_path) != before


def test_other_settings_make_an_index_stale(build: Callable[[], Index], corpus: Path) -> None:
    manifest = build().manifest
    with pytest.raises(IndexUnusable, match="encoder hash, not other"):
        check_fresh(corpus, manifest, IndexSettings("other"))
    with pytest.raises(IndexUnusable, match="another version of qa"):
        check_fresh(corpus, manifest | {"code_sha256": "0"}, SETTINGS)
    with pytest.raises(IndexUnusable, match="other splitter settings"):
        check_fresh(corpus, manifest, dataclasses.replace(SETTINGS, splitter=SplitterSettings(max_words=9)))


FILES = ["passages.jsonl", "passages.faiss", "sentences.faiss", "bm25/vocab.index.json", "encoder/encoder.json"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["truncated", "flipped", "missing"])
def test_every_damage_is_named(build: Callable[[], Index], tmp_path: Path, name: str, damage: str) -> None:
    path = build().folder / name
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if damage == "truncated" else bytes([data[0] ^ 1]) + data[1:])
    with pytest.raises(IndexUnusable, match=rf"{name}.*run `qa index`"):
        load_index(tmp_path / "index")


def test_damaged_manifest_pointer_and_schema(build: Callable[[], Index], tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with pytest.raises(IndexUnusable, match="no index here; run `qa index`"):
        load_index(folder)
    index = build()
    manifest = index.folder / MANIFEST
    good = manifest.read_text()
    manifest.write_text(good.replace('"documents": 2', '"documents": 3'))
    with pytest.raises(IndexUnusable, match="was changed after the build"):
        load_index(folder)
    manifest.write_text(json.dumps(json.loads(good) | {"schema_version": 99}))
    with pytest.raises(IndexUnusable, match="schema 99"):
        load_index(folder)
    old = json.loads(good)
    del old["code_sha256"]
    data = json.dumps(old).encode()
    renamed = index.folder.rename(folder / hashlib.sha256(data).hexdigest()[:12])
    (renamed / MANIFEST).write_bytes(data)
    with pytest.raises(IndexUnusable, match="has no 'code_sha256'"):
        read_manifest(renamed)
    renamed.rename(index.folder)
    manifest.write_text(good[:-9])
    with pytest.raises(IndexUnusable, match="cannot be read"):
        load_index(folder)
    (folder / CURRENT).write_text("nonsense\n")
    with pytest.raises(IndexUnusable, match="names the build 'nonsense'"):
        current_build(folder)


def test_a_build_mends_a_damaged_one_of_the_same_version(build: Callable[[], Index]) -> None:
    first = build()
    (first.folder / "passages.jsonl").write_text("")
    assert build().version == first.version


def test_a_failing_build_leaves_the_old_index_usable(build: Callable[[], Index], corpus: Path, tmp_path: Path) -> None:
    old = build()
    (corpus / "blob.txt").write_bytes(b"\x00\x01")
    with pytest.raises(SourceError, match=r"blob\.txt"):
        build()

    class Dying(ExportingHashEncoder):
        def export(self, folder: Path) -> None:
            raise KeyboardInterrupt

    (corpus / "blob.txt").write_text("Words.")
    with pytest.raises(KeyboardInterrupt):
        build_index(corpus, tmp_path / "index", SETTINGS, lambda name: Dying(32))
    assert load_index(tmp_path / "index").version == old.version
    assert not list((tmp_path / "index").glob(".build-*"))


def test_what_a_killed_build_left_is_cleared(build: Callable[[], Index], tmp_path: Path) -> None:
    left = tmp_path / "index" / ".build-abc"
    left.mkdir(parents=True)
    (left / "passages.jsonl").write_text("half")
    index = build()
    assert not left.exists()
    assert read_manifest(index.folder)["counts"]["documents"] == 2


def test_a_corpus_without_words_is_refused(corpus: Path, build: Callable[[], Index]) -> None:
    for path in corpus.iterdir():
        path.write_text("\n\n***\n")
    with pytest.raises(SourceError, match="no text that could be cited"):
        build()
