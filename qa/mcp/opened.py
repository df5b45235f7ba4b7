"""The library that a long-running server asks, as new as its index folder."""

import threading
from collections.abc import Callable
from typing import TypeVar

from qa.ask.library import Library
from qa.ask.opening import open_with
from qa.config import Settings
from qa.errors import IndexUnusable, StoreError
from qa.search.manifest import SourceWatch, current_build

T = TypeVar("T")


class Opened:
    """Calls one after another, since a question already uses the cores; each of the library that is then the newest."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self._library = library
        self._watch = SourceWatch(settings.corpus)
        self._lock = threading.Lock()

    def call(self, made: Callable[[Library], T]) -> T:
        """What is made of the library."""
        with self._lock:
            try:
                if current_build(self._settings.index).name != self._library.version:
                    self._library = open_with(self._settings, build=False)
            except (IndexUnusable, StoreError):  # while it is rebuilt: what is open answers on
                pass
            return made(self._library)

    def notice(self) -> str | None:
        """In what the sources are no longer as the library has them, in a line."""
        with self._lock:
            return self._watch.difference(self._library.index.manifest)
