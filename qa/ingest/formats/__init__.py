"""One module a format, each with ``read(data) -> Layout``; to add one, write its module and name it in ``MODULES``."""

from collections.abc import Callable
from importlib import import_module

from qa.ingest.formats.layout import Layout

MODULES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".html": "html",
    ".htm": "html",
}
"""The module that reads a file, by the file's suffix in lower case."""


def kind_of(suffix: str) -> str | None:
    """The name of a format by a file's suffix; None where it is none."""
    return MODULES.get(suffix.lower())


def reader_of(suffix: str) -> Callable[[bytes], Layout]:
    """What reads the bytes of a file; its module is imported only here, so that asking pays for no format.

    Raises ``KeyError`` for a suffix that is no format's.
    """
    read: Callable[[bytes], Layout] = import_module(f"{__name__}.{MODULES[suffix.lower()]}").read
    return read
