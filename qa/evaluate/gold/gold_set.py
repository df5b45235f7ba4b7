"""A gold set as a value, and what its readers share."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from qa.errors import GoldError
from qa.types import GoldQuestion

UNPLACED = -1
"""Start and end of evidence whose quote is yet to be found in its document."""


class GoldSet(Struct, frozen=True):
    """Questions with what answers them, and the documents of the set where it brings its own.

    ``texts`` are those documents by folder and file name; a set of one corpus has the folder ``""``, and without any
    the questions are about the user's corpus. ``names`` gives a document's name in the set by its ``doc_id``.
    ``unit`` is what retrieval is judged by.
    """

    name: str
    form: Literal["qa", "folders", "squad", "beir"]
    sha256: str
    questions: tuple[GoldQuestion, ...]
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    unit: Literal["passage", "document"] = "passage"

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that its questions are asked of, in the order of the questions."""
        return tuple(dict.fromkeys(question.folder for question in self.questions))

    def of_folder(self, folder: str) -> "GoldSet":
        """The questions that are asked of one folder, and its documents."""
        texts = {name: files for name, files in self.texts.items() if name == folder}
        return replace(self, questions=tuple(q for q in self.questions if q.folder == folder), texts=texts)

    def sample(self, most: int, seed: int) -> "GoldSet":
        """At most so many of its questions, drawn by the seed and left in their order."""
        if most >= len(self.questions):
            return self
        rows = np.random.default_rng(seed).choice(len(self.questions), most, replace=False)
        return replace(self, questions=tuple(self.questions[row] for row in sorted(rows)))


def decode_utf8(path: Path, data: bytes) -> str:
    """The text of a gold file."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GoldError([f"{path}: byte {error.start} is not UTF-8; save it as UTF-8"]) from error


def objects(holder: object, key: str, where: str, problems: list[str]) -> list[dict[str, Any]]:
    """The list of objects under a key; where there is none, that is noted as a problem."""
    found = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        problems.append(f"{where}: {key} must be a list of objects")
        return []
    return found


def file_slug(name: str) -> str:
    """A file name for people, at most 40 ASCII characters; the number before it makes it unique."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "text"


def writable(text: str) -> str:
    """The text with characters that no source file may hold exchanged, one for one."""
    return re.sub("[\0\ufeff\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)
