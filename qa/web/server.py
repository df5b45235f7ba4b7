"""A server process: a listening socket, logs, signals, uvicorn."""

import json
import logging
import os
import signal
import socket
from collections.abc import Callable

import uvicorn

from qa.ask.library import Library
from qa.config import Settings
from qa.errors import UsageError
from qa.web.app import create_app
from qa.web.settings import WebSettings

SHUTDOWN_S = 30


def serve(
    settings: Settings,
    web: WebSettings,
    library: Library,
    *,
    host: str,
    port: int,
    json_log: bool = False,
    on_listening: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve the page and the API until a signal ends it; ``on_listening`` hears the address.

    Port 0 takes a free one. Raises ``UsageError`` where the address cannot be listened on.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if json_log else logging.Formatter("%(asctime)s %(message)s"))
    for name in ("qa.web", "uvicorn.error"):
        logging.getLogger(name).addHandler(handler)
    logging.getLogger("qa.web").setLevel(logging.INFO)
    app = create_app(settings, web, library=library)
    listening = listen(host, port)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=SHUTDOWN_S
    )
    shown = f"[{host}]" if ":" in host else host
    on_listening(f"http://{shown}:{listening.getsockname()[1]}/")
    # uvicorn hands the signal on when it has finished what is in flight; that is a clean end and no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and message."""
        fields = {"time": self.formatTime(record), "level": record.levelname, "message": record.getMessage()}
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


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
