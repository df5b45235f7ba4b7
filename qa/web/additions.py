"""Files that are added while serving, and the building of the index that follows them."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from qa.errors import QaError
from qa.ingest.manage import Added, add_bytes

log = logging.getLogger("qa.web")


class Additions:
    """Stores files in the corpus and has the index rebuilt behind them: once for all that came meanwhile."""

    def __init__(self, corpus: Path, rebuild: Callable[[], object]) -> None:
        self._corpus = corpus
        self._rebuild = rebuild
        self._task: asyncio.Task[None] | None = None
        self._more = False
        self.problem: str | None = None

    @property
    def building(self) -> bool:
        """Whether the index is being built."""
        return self._task is not None and not self._task.done()

    async def add(self, name: str, data: bytes) -> Added:
        """Store a file under a name, unless it is no document or another has the name."""
        added = await asyncio.to_thread(add_bytes, name, data, self._corpus)
        if added.path is not None:
            self._more = True
            if not self.building:
                self._task = asyncio.create_task(self._build())
        return added

    async def _build(self) -> None:
        while self._more:
            self._more = False
            try:
                await asyncio.to_thread(self._rebuild)
                self.problem = None
            except (QaError, OSError) as error:
                self.problem = str(error)
                log.warning("index not built: %s", error)
