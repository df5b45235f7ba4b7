"""The library in use, exchanged when the index is rebuilt, and the bounded queue in front of it."""

import asyncio
import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from qa.ask.library import Library
from qa.errors import StoreError
from qa.search.manifest import SourceWatch
from qa.web.errors import ApiError
from qa.web.examples import candidates, is_answered
from qa.web.metrics import Metrics

log = logging.getLogger("qa.web")
T = TypeVar("T")
WATCH_SHARE = 20
"""Looking at a corpus of very many files takes at most one part in so many of a processor's time."""
EXAMPLES = 6
"""Questions that are offered to a person who does not know what to ask."""


class Worker:
    """Runs questions one after another in a thread of its own, off the event loop.

    One thread, because a question already uses the cores and the tokenizers under it are not for many threads.
    At most ``max_waiting`` calls wait; the next one is refused with 503 and an estimate of the wait. A call that is
    not done after ``max_seconds``, its wait counted in, is given up with 503 too.
    """

    def __init__(self, max_waiting: int, metrics: Metrics, max_seconds: float) -> None:
        self._max_waiting = max_waiting
        self._max_seconds = max_seconds
        self._metrics = metrics
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="qa-worker")
        self._lock = threading.Lock()
        self._pending = 0
        self._seconds = 0.1

    @property
    def pending(self) -> int:
        """Calls that run or wait."""
        return self._pending

    def submit(self, call: Callable[[], T], *, admitted: bool = False) -> "asyncio.Future[T]":
        """The future of ``call``; cancelling it takes a waiting call out of the queue.

        ``admitted`` calls belong to a request that has had its turn at the limit and are not refused.
        """
        with self._lock:
            if self._pending > self._max_waiting and not admitted:
                wait = str(max(1, math.ceil(self._pending * self._seconds)))
                raise ApiError(
                    503,
                    "overloaded",
                    f"too many questions are waiting; ask again in {wait} s",
                    headers={"Retry-After": wait},
                )
            self._pending += 1
            self._metrics.pending.set(self._pending)
        future = self._pool.submit(self._timed, call)
        future.add_done_callback(self._left)
        running = asyncio.wrap_future(future)
        asked: asyncio.Future[T] = running.get_loop().create_future()
        late = running.get_loop().call_later(self._max_seconds, self._give_up, asked)

        def done(_: object) -> None:
            late.cancel()
            running.cancel()
            if not asked.cancelled():
                asked.exception()  # seen, whether or not anybody still waits

        running.add_done_callback(lambda _: _hand_on(running, asked))
        asked.add_done_callback(done)
        return asked

    def _give_up(self, asked: "asyncio.Future[T]") -> None:
        """End the wait for a call. One that runs goes on to its next step, where whoever asked stops it."""
        if not asked.done():
            message = f"no answer within {self._max_seconds:g} s; ask a shorter question, or again later"
            wait = {"Retry-After": str(math.ceil(self._max_seconds))}
            asked.set_exception(ApiError(503, "too_slow", message, headers=wait))

    def _timed(self, call: Callable[[], T]) -> T:
        started = time.perf_counter()
        try:
            return call()
        finally:
            self._seconds += 0.1 * (time.perf_counter() - started - self._seconds)

    def _left(self, future: "Future[T]") -> None:
        with self._lock:
            self._pending -= 1
            self._metrics.pending.set(self._pending)

    def close(self) -> None:
        """Drop what waits and let what runs end."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _hand_on(running: "asyncio.Future[T]", asked: "asyncio.Future[T]") -> None:
    """Give what a call came to to the one who asked, if he still waits."""
    if asked.done():
        return
    if running.cancelled():
        asked.cancel()
    elif isinstance(error := running.exception(), StoreError):
        log.warning("%s", error)  # names the server, which is no business of who asks
        message = "what is searched does not answer; ask again later"
        asked.set_exception(ApiError(503, "store_unavailable", message, headers={"Retry-After": "5"}))
    elif error is not None:
        asked.set_exception(error)
    else:
        asked.set_result(running.result())


class Shelf:
    """Holds the library that requests take. A request keeps the one that it took, so an exchange fails none."""

    def __init__(
        self,
        opener: Callable[[], Library],
        current_version: Callable[[], str],
        watch_sources: Callable[[], SourceWatch],
        worker: Worker,
        metrics: Metrics,
        library: Library | None = None,
    ) -> None:
        self._opener = opener
        self._current_version = current_version
        self._watch_sources = watch_sources
        self._watch: SourceWatch | None = None
        self._worker = worker
        self._metrics = metrics
        self._library: Library | None = None
        self.problem: str | None = "the index is being loaded"
        self.stale: str | None = None
        """What of the sources is no longer as the index in use has it."""
        self.examples: tuple[str, ...] = ()
        if library is not None:
            self.put(library)

    @property
    def library(self) -> Library:
        """The library in use; 503 while there is none."""
        if self._library is None:
            raise ApiError(503, "not_ready", f"not ready: {self.problem}", headers={"Retry-After": "2"})
        return self._library

    @property
    def version(self) -> str | None:
        """The version of the index in use."""
        return None if self._library is None else self._library.version

    def put(self, library: Library) -> None:
        """Give out this library from now on."""
        self._library = library
        self.problem = self.stale = None
        self._metrics.index_version(library.version)

    def refresh(self) -> bool:
        """Load the index anew if the folder names another build; on failure the old one stays. Blocks."""
        try:
            if self._library is not None and self._current_version() == self._library.version:
                self.problem = None
                return False
            library = self._opener()
        except Exception as error:  # whatever a half-written folder or a full disk brings, the old index serves on
            if str(error) != self.problem:
                log.warning("index not loaded: %s", error)
                self._metrics.reloads.labels("failed").inc()
            self.problem = str(error)
            return False
        before = self.version
        self.put(library)
        self._metrics.reloads.labels("loaded").inc()
        log.info("index %s loaded%s", library.version, f" in place of {before}" if before else "")
        return True

    def look_at_sources(self) -> None:
        """Hold the sources to the index in use. Blocks; reads only files that are not as they were at the last look."""
        library = self._library
        if library is None:
            return
        self._watch = self._watch or self._watch_sources()
        stale = self._watch.difference(library.index.manifest)
        if stale != self.stale and library is self._library:
            log.warning("%s", stale or "the sources are again as the index has them")
            self.stale = stale

    async def watch(self, seconds: float) -> None:
        """Keep library and examples as new as the index folder, and know of changed sources, until cancelled."""
        shown: str | None = None
        # A task of its own: it waits for idle moments, and under load a new index must not wait for them too.
        examples: asyncio.Task[None] | None = None
        try:
            while True:
                await asyncio.to_thread(self.refresh)
                started = time.perf_counter()
                await asyncio.to_thread(self.look_at_sources)
                took = time.perf_counter() - started
                if self._library is not None and self.version != shown:
                    shown = self.version
                    if examples is not None:
                        examples.cancel()
                    examples = asyncio.create_task(self._find_examples(self._library))
                await asyncio.sleep(max(seconds, WATCH_SHARE * took))
        finally:
            if examples is not None:
                examples.cancel()

    async def _find_examples(self, library: Library) -> None:
        """Ask what the documents themselves suggest, only while nobody else asks, and keep what is answered."""
        found: list[str] = []
        suggested = await asyncio.to_thread(lambda: list(candidates(list(library.index.store.scan()))))
        for question, passage in suggested:
            while self._worker.pending:
                await asyncio.sleep(0.05)
            try:
                answer = await self._worker.submit(lambda asked=question: library.ask(asked))  # type: ignore[misc]
                if is_answered(answer, passage):
                    found.append(question)
                    self.examples = tuple(found)
            except Exception:  # an example is a courtesy; the person who asks hears of the failure
                log.debug("no example from %r", question, exc_info=True)
            if len(found) == EXAMPLES:
                break
        self.examples = tuple(found)
