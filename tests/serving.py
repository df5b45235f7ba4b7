"""A real server on a free port of loopback, and a reader that knows its answers, for tests of the whole page."""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

import uvicorn
from fastapi import FastAPI

from qa.ask.reader import sentences_around
from qa.text import Span
from qa.types import Finding, Passage, Query, Reading, ScoredPassage, Weighed


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of a running server, ended afterwards."""
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        socket.close()


class ScriptedReader:
    """Answers the questions of a script; abstains from all others.

    ``script`` maps a question to groups of (path, words): the first group agrees on the answer, the others differ.
    ``next_best`` maps a question to what else could have been answered.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        script: Mapping[str, Sequence[Sequence[tuple[str, str]]]],
        delay: float = 0.0,
        next_best: Mapping[str, tuple[str, str]] | None = None,
        confidence: float = 0.9,
    ) -> None:
        self._passages = passages
        self._script = script
        self.delay = delay
        self._next_best = next_best or {}
        self._confidence = confidence

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """See ``qa.ask.reader.Reader``; a script says nothing of single passages."""
        return []

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``qa.ask.reader.Reader``."""
        time.sleep(self.delay)
        groups = [
            tuple(self._finding(*place) for place in group)
            for group in self._script.get(query.stand_alone or query.question, ())
        ]
        if not groups:
            return Reading((), 0.1, "weak_match")
        second = self._next_best.get(query.question)
        runner_up = self._finding(*second) if second else None
        return Reading(groups[0], self._confidence, None, tuple(groups[1:]), runner_up=runner_up)

    def _finding(self, path: str, words: str) -> Finding:
        passage = next(p for p in self._passages if p.path == path and words in p.text)
        start = passage.start + passage.text.index(words)
        answer = Span(start, start + len(words))
        return Finding(passage, sentences_around(passage, answer), answer)
