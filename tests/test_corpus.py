from pathlib import Path

import pytest

from qa.errors import SourceError, UsageError
from qa.ingest.corpus import decode, load_corpus, source_paths


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_decodes_unicode_with_and_without_byte_order_mark(encoding: str) -> None:
    assert decode("Césars – 影\r\n".encode(encoding), "x") == "Césars – 影\r\n"


def test_refuses_other_encodings_naming_file_and_byte() -> None:
    with pytest.raises(SourceError, match=r"a\.txt: byte 1 is not utf-8; save the file as UTF-8"):
        decode("Césars".encode("latin-1"), "a.txt")


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03", b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(256))])
def test_refuses_binary(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"blob\.txt: "):
        decode(data, "blob.txt")


def test_refuses_a_file_of_another_format(corpus: Path) -> None:
    (corpus / "poster.png").write_bytes(b"\x89PNG")
    with pytest.raises(SourceError, match=r"poster\.png: not a source format"):
        source_paths(corpus)


def test_hidden_files_and_readme_are_not_sources(corpus: Path) -> None:
    (corpus / "README.md").write_text("how to")
    (corpus / ".notes.bin").write_bytes(b"\0")
    (corpus / ".git").mkdir()
    (corpus / ".git" / "x.txt").write_text("x")
    assert [path.name for path in source_paths(corpus)] == ["article.md", "interview.txt"]


def test_empty_and_missing_corpus(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no source document"):
        source_paths(tmp_path)
    with pytest.raises(UsageError, match="no such corpus folder; name one with --corpus"):
        source_paths(tmp_path / "nowhere")


def test_document_keeps_the_exact_text_and_front_matter(corpus: Path) -> None:
    article, interview = load_corpus(corpus)
    assert (article.doc_id, article.title, article.path) == ("article", "The Paper Boat", "article.md")
    assert article.text == (corpus / "article.md").read_text(encoding="utf-8")
    assert interview.doc_id == "interview"


def test_same_id_twice_names_both_files(corpus: Path) -> None:
    (corpus / "copy.md").write_text("---\nid: interview\n---\n\nWords.\n")
    with pytest.raises(SourceError, match=r"interview\.txt: has the id 'interview' of copy\.md"):
        load_corpus(corpus)


@pytest.mark.parametrize("front", ["a: [", "- a\n- b"])
def test_bad_front_matter_names_the_file(corpus: Path, front: str) -> None:
    (corpus / "bad.md").write_text(f"---\n{front}\n---\n\nWords.\n")
    with pytest.raises(SourceError, match=r"bad\.md: front matter"):
        load_corpus(corpus)
