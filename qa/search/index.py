"""A build that is open: its manifest, the documents as they were read, the words, the store.

::

    manifest.json           see ``qa.search.manifest``
    documents.jsonl         every document with its text, marks, places and layout, one a line
    words.txt               the words of the corpus, one a line
    encoder/                the query encoder as ONNX with its tokenizer
    passages.jsonl …        see ``qa.search.faiss_store``
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexUnusable
from qa.search.faiss_store import FaissStore
from qa.search.manifest import Manifest, current_build, read_manifest, verify_files
from qa.search.store import FolderStore
from qa.text import Mark, Span
from qa.types import Document, Element, Place

DOCUMENTS = "documents.jsonl"
WORDS = "words.txt"
ENCODER = "encoder"
STORE: type[FolderStore] = FaissStore
"""What a build is searched with; another kind of store goes here."""


@dataclass(frozen=True, slots=True)
class Index:
    """A build in use; ``documents`` are by path, in order."""

    folder: Path
    manifest: Manifest
    documents: Mapping[str, Document]
    vocabulary: tuple[str, ...]
    store: FolderStore

    @property
    def version(self) -> str:
        """The build's name: it changes with the sources, the settings and the encoder, and with nothing else."""
        return self.folder.name

    @property
    def encoder_folder(self) -> Path:
        """Where the query encoder of this build lies."""
        return self.folder / ENCODER


def load_index(folder: Path) -> Index:
    """The build in use, every file verified against its manifest."""
    build = current_build(folder)
    manifest = read_manifest(build)
    verify_files(build, manifest)
    try:
        with (build / DOCUMENTS).open(encoding="utf-8", newline="\n") as lines:
            documents = {document.path: document for document in map(read_kept, lines)}
        vocabulary = (build / WORDS).read_text(encoding="utf-8").split("\n")[:-1]
        store = STORE.load(build)
    except Exception as error:  # only another version of a library can get here: the bytes are those written
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise IndexUnusable(f"{build}: cannot be loaded: {reason}; run `qa index`") from error
    return Index(build, manifest, documents, tuple(vocabulary), store)


def read_kept(line: str) -> Document:
    """A document from its line of ``documents.jsonl``; its blocks became passages and are not kept."""
    fields = json.loads(line)
    return Document(
        **fields
        | {
            "blocks": (),
            "elements": tuple(Element(**entry | {"span": Span(*entry["span"])}) for entry in fields["elements"]),
            "marks": tuple(Mark(*entry) for entry in fields["marks"]),
            "places": tuple(Place(*entry) for entry in fields["places"]),
        }
    )
