"""A folder of files: what becomes a document, what is skipped and named, and in which encoding it is read."""

import os
from pathlib import Path

import pytest

from qa.errors import SourceError, UsageError
from qa.ingest.corpus import load_corpus, source_files
from qa.ingest.formats.encoding import decode

PNG = b"\x89PNG\r\n\x1a\n\x00\x00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_and_without_byte_order_mark(encoding: str) -> None:
    assert decode("Césars – 影\r\n".encode(encoding)) == ("Césars – 影\r\n", None)


def test_a_declared_charset_is_believed_where_the_bytes_are_not_utf_8() -> None:
    assert decode("Łódź".encode("iso-8859-2"), "iso-8859-2") == ("Łódź", None)
    assert decode("Łódź".encode(), "iso-8859-2") == ("Łódź", None)


def test_a_guessed_encoding_is_said() -> None:
    french = "Les césars de l’année ont été remis hier soir à l’Olympia, où l’on s’est beaucoup ennuyé. " * 3
    assert decode(french.encode("cp1252")) == (french, "read as cp1252, which is a guess")
    russian = "Фильм вышел на экраны весной и сразу же получил две награды на фестивале. " * 3
    text, note = decode(russian.encode("cp1251"))
    assert text == russian
    assert note == "read as cp1251, which is a guess"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "Le visa dépend de la durée du séjour ; il est délivré à l'étranger. Présentez-vous à huit heures. " * 6,
            "cp1252",
        ),
        ("Vielä ehdit mukaan. Äiti ja isä lähtivät järvelle yöllä ja näkivät hirven. " * 6, "cp1252"),
        ("Am Morgen gingen wir am Fluß entlang, wo alte Häuser standen; für Schüler fünf Euro. " * 6, "cp1252"),
        ("V neděli ráno jsme šli na procházku kolem řeky, kde stály staré domy a děti si hrály. " * 6, "cp1250"),
        ("Vasárnap reggel sétálni mentünk a folyó mentén, a tűző nap elől őszintén elbújtunk. " * 6, "cp1250"),
        ("W niedzielę rano poszliśmy na spacer wzdłuż rzeki, gdzie stały stare domy. " * 6, "cp1250"),
    ],
)
def test_the_letters_of_one_language_tell_western_from_central_european(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, f"read as {encoding}, which is a guess")


@pytest.mark.parametrize("text", ["A pot of tea at the Étoile costs €3.", "Größe: 5 m² – «gut»", "L’été à 20 °C"])
def test_a_few_western_letters_are_not_left_to_statistics(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


def test_turkish_is_not_taken_for_icelandic() -> None:
    turkish = "Benim adım Abaddon. Başka seçeneğim yoktu, savaşçı korunmalı. " * 4
    assert decode(turkish.encode("cp1254")) == (turkish, "read as cp1254, which is a guess")
    icelandic = "Hann sagði að það væri ekki þörf á því, og þá fór hún heim. " * 4
    assert decode(icelandic.encode("cp1252")).text == icelandic


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03", PNG, bytes(range(256))])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="a binary file"):
        decode(data)


def skipped(folder: Path) -> dict[str, str]:
    return {one.path: one.reason for one in load_corpus(folder).skipped}


def test_a_folder_is_never_refused_for_one_file(corpus: Path, tmp_path: Path) -> None:
    (corpus / "poster.png").write_bytes(PNG)
    (corpus / "notes").write_text("no suffix")
    (corpus / "blob.txt").write_bytes(b"\x00\x01")
    (corpus / "bad.md").write_text("---\na: [\n---\n\nWords.\n")
    (tmp_path / "secret.txt").write_text("elsewhere")
    (corpus / "out.txt").symlink_to(tmp_path / "secret.txt")
    (corpus / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (corpus / "folder").symlink_to(tmp_path)
    os.mkfifo(corpus / "pipe.txt")
    found = load_corpus(corpus)
    assert [document.path for document in found.documents] == ["article.md", "interview.txt"]
    assert {path: reason.partition(":")[0] for path, reason in skipped(corpus).items()} == {
        "bad.md": "front matter is not YAML",
        "blob.txt": "a binary file, not text",
        "folder": "a link to a folder",
        "gone.txt": "a link that leads nowhere",
        "notes": "not a document (no suffix)",
        "out.txt": "a link that leads out of the corpus",
        "pipe.txt": "not a regular file",
        "poster.png": "not a document (.png)",
    }
    with pytest.raises(SourceError, match=r"bad\.md: front matter"):
        load_corpus(corpus, strict=True)


def test_a_link_inside_the_corpus_is_a_document(corpus: Path) -> None:
    (corpus / "again.txt").symlink_to(corpus / "interview.txt")
    assert [document.path for document in load_corpus(corpus).documents][1] == "article.md"
    assert not skipped(corpus)


def test_hidden_files_and_readme_are_not_sources(corpus: Path) -> None:
    (corpus / "README.md").write_text("how to")
    (corpus / ".notes.bin").write_bytes(b"\0")
    (corpus / ".git").mkdir()
    (corpus / ".git" / "x.txt").write_text("x")
    files, others = source_files(corpus)
    assert ([path.name for path in files], others) == (["article.md", "interview.txt"], [])


def test_empty_and_missing_corpus(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no source document; add one"):
        load_corpus(tmp_path)
    (tmp_path / "a.png").write_bytes(PNG)
    with pytest.raises(SourceError, match=r"holds no source document; skipped: a\.png \(not a document"):
        load_corpus(tmp_path)
    with pytest.raises(UsageError, match="no such corpus folder; name one with --corpus"):
        load_corpus(tmp_path / "nowhere")


def test_document_keeps_the_exact_text_and_front_matter(corpus: Path) -> None:
    article, interview = load_corpus(corpus).documents
    assert (article.doc_id, article.title, article.path) == ("article", "The Paper Boat", "article.md")
    assert article.text == (corpus / "article.md").read_text(encoding="utf-8")
    assert interview.doc_id == "interview"


def test_of_one_id_twice_the_second_is_skipped_or_keeps_its_suffix(corpus: Path) -> None:
    (corpus / "copy.md").write_text("---\nid: article\n---\n\nWords.\n")
    (corpus / "interview.md").write_text("# Other words\n")
    assert skipped(corpus) == {"copy.md": "has the id 'article' of article.md; give each its own"}
    ids = {document.path: document.doc_id for document in load_corpus(corpus).documents}
    assert (ids["interview.md"], ids["interview.txt"]) == ("interview", "interview.txt")


@pytest.mark.parametrize("front", ["a: [", "- a\n- b"])
def test_bad_front_matter_is_named(corpus: Path, front: str) -> None:
    (corpus / "bad.md").write_text(f"---\n{front}\n---\n\nWords.\n")
    assert skipped(corpus)["bad.md"].startswith("front matter")
