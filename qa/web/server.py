"""A server process: a listening socket, logs, signals, uvicorn."""

import asyncio
import json
import logging
import os
import signal
import socket
from collections.abc import Callable, Sequence

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.ask.library import Library
from qa.config import Settings
from qa.errors import UsageError
from qa.render import printable
from qa.web.app import create_app
from qa.web.settings import WebSettings

SHUTDOWN_S = 10
"""How long what is in flight may take to end once a signal came."""
HEAD_S = 10.0
"""How long a connection may take to send the head of a request, from its beginning or from the answer before."""


def serve(
    settings: Settings,
    web: WebSettings,
    library: Library,
    *,
    host: str,
    port: int,
    proxies: Sequence[str] = (),
    json_log: bool = False,
    on_listening: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve the page and the API until a signal ends it; ``on_listening`` hears the address.

    ``proxies`` are the addresses of those whose ``X-Forwarded-For`` is believed; nobody else's is.
    Port 0 takes a free one. Raises ``UsageError`` where the address cannot be listened on.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if json_log else Lines("%(asctime)s %(message)s"))
    for name in ("qa.web", "uvicorn.error"):
        logging.getLogger(name).addHandler(handler)
    logging.getLogger("qa.web").setLevel(logging.INFO)
    app = create_app(settings, web, library=library)
    listening = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    on_listening(f"http://{shown}:{listening.getsockname()[1]}/")
    # uvicorn hands the signal on when it has finished what is in flight; that is a clean end and no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(configured(app, proxies)).run(sockets=[listening])


def configured(app: FastAPI, proxies: Sequence[str] = ()) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        app,
        http=PromptProtocol,
        ws="none",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )


class PromptProtocol(H11Protocol):
    """HTTP/1.1 that hangs up on a client which does not send the head of a request, and at once at the end."""

    _waiting: asyncio.TimerHandle | None = None

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(HEAD_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client connected."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """A client is gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A client sent something; a whole head begins another request."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before and not self.cycle.response_complete:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """An answer was sent; the rest of a body that nobody read has no more time than a head."""
        answered = self.cycle
        super().on_response_complete()
        if self.cycle is answered and not self.transport.is_closing():
            self._wait_for_head()

    def shutdown(self) -> None:
        """The server ends: what is answered is answered to its end, a body that is still to come is not awaited."""
        if self.cycle is not None and self.cycle.more_body and not self.cycle.response_started:
            self.transport.close()
        else:
            super().shutdown()


class Lines(logging.Formatter):
    """A log record as lines that no terminal obeys."""

    def format(self, record: logging.LogRecord) -> str:
        """Time and message."""
        return printable(super().format(record))


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and message."""
        fields = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return printable(json.dumps(fields, ensure_ascii=False))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises ``UsageError`` where it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else "no such host"
        raise UsageError(f"{host}:{port} cannot be listened on: {reason}; give another --host or --port") from error
    # Connections inherit it; without it every answer in two pieces waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
