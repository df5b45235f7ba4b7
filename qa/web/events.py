"""Server-sent events of a question that is being answered."""

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from qa.ask.library import Library
from qa.errors import QaError
from qa.types import Answer
from qa.web.errors import ApiError
from qa.web.shelf import Worker

log = logging.getLogger("qa.web")
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
CLIENT_CLOSED = 499
"""Nobody receives it; the log and the metrics show it, as those of other servers do."""


class Left(QaError):
    """The client is gone, so nobody needs the answer."""


class Asking:
    """A question on its way: its steps as they begin, then its answer. Leaving it stops the work."""

    def __init__(
        self,
        worker: Worker,
        library: Library,
        question: str,
        history: Sequence[str],
        top_k: int | None = None,
        *,
        sources: Sequence[str] | None = None,
        admitted: bool = False,
    ) -> None:
        self._steps: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._left = threading.Event()
        self.ahead = worker.pending
        self._job = worker.submit(
            lambda: library.ask(question, history, sources=sources, top_k=top_k, on_step=self._step), admitted=admitted
        )
        self._job.add_done_callback(lambda job: self._steps.put_nowait(None))

    def _step(self, step: str) -> None:
        if self._left.is_set():
            raise Left("the client is gone")
        self._loop.call_soon_threadsafe(self._steps.put_nowait, step)

    async def steps(self) -> AsyncIterator[str]:
        """What is being done, each as it begins."""
        while (step := await self._steps.get()) is not None:
            yield step

    async def answer(self) -> Answer:
        """The answer; raises what asking raised."""
        return await self._job

    async def answer_unless_left(self, request: Request) -> Answer:
        """The answer, for a response that is sent whole; a client that hangs up before it stops the work."""
        gone = asyncio.create_task(_hung_up(request))
        try:
            await asyncio.wait((gone, self._job), return_when=asyncio.FIRST_COMPLETED)
            if not self._job.done():
                raise ApiError(CLIENT_CLOSED, "client_closed_request", "the client left before the answer")
            return await self._job
        finally:
            gone.cancel()
            self.leave()

    def leave(self) -> None:
        """Stop: out of the queue, or before the next step."""
        self._left.set()
        self._job.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def event(name: str | None, data: Any) -> bytes:
    """One event; ``data`` as one line of JSON."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def failure(error: Exception) -> dict[str, Any]:
    """The JSON of an error that came after the stream had begun; of one not made on purpose the log has the rest."""
    if isinstance(error, ApiError):
        return error.body()
    log.exception("the question could not be answered", exc_info=error)
    return ApiError(500, "internal_error", "the question could not be answered; see the server's log").body()


async def ended(
    events: AsyncGenerator[bytes, None], leave: Callable[[], None], failed: Callable[[Exception], bytes]
) -> AsyncIterator[bytes]:
    """The events with one more where something fails; ``leave`` is called at the end, whoever ends it."""
    try:
        async with contextlib.aclosing(events):
            async for one in events:
                yield one
    except Left:
        return
    except Exception as error:
        yield failed(error)
    finally:
        leave()


def stream(events: AsyncIterator[bytes], headers: Mapping[str, str]) -> StreamingResponse:
    """The response that sends events as they come."""
    return StreamingResponse(events, media_type="text/event-stream", headers={**HEADERS, **headers})
