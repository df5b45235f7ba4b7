"""One module a format, each with ``read(data) -> Layout``; to add one, write its module and name it in ``MODULES``."""

import re
from collections.abc import Callable
from importlib import import_module

from qa.ingest.formats.layout import Layout

MODULES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".csv": "csv",
    ".tsv": "csv",
    ".rst": "plain",
    ".log": "plain",
}
"""The module that reads a file, by the file's suffix in lower case."""

CUE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:WEBVTT\b|\d+[ \t]*\r?\n\d{1,2}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->)")
"""How a file of subtitles begins, whatever its name."""


def kind_of(suffix: str, data: bytes = b"") -> str | None:
    """The name of a format by a file's suffix, and of a ``.txt`` by its first bytes too; None where it is none."""
    kind = MODULES.get(suffix.lower())
    return "subtitles" if kind == "plain" and CUE.match(data[:1024]) else kind


def reader_of(suffix: str, data: bytes = b"") -> Callable[[bytes], Layout]:
    """What reads the bytes of a file; its module is imported only here, so that asking pays for no format.

    Raises ``KeyError`` for a suffix that is no format's.
    """
    kind = kind_of(suffix, data)
    if kind is None:
        raise KeyError(suffix)
    read: Callable[[bytes], Layout] = import_module(f"{__name__}.{kind}").read
    return read
