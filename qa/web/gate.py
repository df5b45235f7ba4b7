"""What every request passes: body limit, keys, rate, security headers, one log line, metrics."""

import asyncio
import ipaddress
import json
import logging
import re
import time
from collections.abc import Mapping

from fastapi import HTTPException
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.errors import ApiError
from qa.web.metrics import Metrics
from qa.web.settings import WebSettings, is_address, key_digest
from qa.web.shelf import Shelf

log = logging.getLogger("qa.web")
SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, settings: WebSettings, shelf: Shelf, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._shelf = shelf
        self._metrics = metrics
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here with an error."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        scope.setdefault("state", {})
        note: dict[str, str] = {}
        scope["state"]["note"] = note
        status = 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
                    if self._shelf.version:
                        headers.setdefault("X-Index-Version", self._shelf.version)
            await send(message)

        try:
            self._admit(scope)
            await self._app(scope, self._limited(scope, receive), send_on)
        except ApiError as error:
            await error.response()(scope, receive, send_on)
        except Exception:
            log.exception("%s %s failed", scope["method"], route_of(scope))
            if status == 0:
                failure = ApiError(500, "internal_error", "the server failed on this request; see its log")
                await failure.response()(scope, receive, send_on)
            else:
                raise
        finally:
            self._record(scope, status, time.perf_counter() - started, note)

    def _admit(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if re.search(r":\d*$", host) else host
        known = name.lower() in self._settings.hosts or (self._settings.by_address and is_address(name))
        if self._settings.hosts and not known:
            raise ApiError(421, "unknown_host", "not served under this name; start `qa serve` with --name for it")
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > self._most(scope)):
            raise self._too_large(scope)
        if not scope["path"].startswith("/v1/") or scope["method"] == "OPTIONS":
            return
        who = client_of(scope)
        if self._settings.keys is not None:
            scheme, _, key = headers.get("authorization", "").partition(" ")
            owner = self._settings.keys.get(key_digest(key.strip())) if scheme.lower() == "bearer" else None
            if owner is None:
                self._count(self._settings.wrong_keys, f"wrong:{who}")
                raise ApiError(
                    401,
                    "invalid_api_key",
                    "no valid API key; send the header `Authorization: Bearer KEY`",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            who = f"key:{owner}"
        if self._settings.rate is not None:
            self._count(self._settings.rate, who)

    def _count(self, rate: RateLimitItem, who: str) -> None:
        """Count a request; raises ``ApiError`` for one too many."""
        if not self._limiter.hit(rate, who):
            wait = max(1, round(self._limiter.get_window_stats(rate, who).reset_time - time.time()))
            raise ApiError(
                429,
                "rate_limited",
                f"more than {rate.amount} requests in {rate.get_expiry()} s; ask again in {wait} s",
                headers={"Retry-After": str(wait)},
            )

    def _most(self, scope: Scope) -> int:
        """The bytes that a request's body may have: more for a file that is added."""
        adds = self._settings.allow_add and scope["path"] == "/v1/sources" and scope["method"] == "POST"
        return self._settings.max_file if adds else self._settings.max_body

    def _too_large(self, scope: Scope) -> ApiError:
        message = f"the body is over {self._most(scope)} bytes; send less"
        return ApiError(413, "body_too_large", message, headers={"Connection": "close"})

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        read, more = 0, True
        until = asyncio.get_running_loop().time() + self._settings.body_seconds

        async def counted() -> Message:
            nonlocal read, more
            try:
                # Behind the body nothing comes but the end of the connection, for which there is no hurry.
                async with asyncio.timeout_at(until if more else None):
                    message = await receive()
            except TimeoutError:
                seconds = f"{self._settings.body_seconds:g} s"
                raise HTTPException(
                    408, f"the body did not come within {seconds}; send it at once", {"Connection": "close"}
                ) from None
            more = bool(message.get("more_body"))
            read += len(message.get("body", b""))
            if read > self._most(scope):
                # FastAPI lets an HTTPException through while it reads a body, and nothing else.
                raise HTTPException(413, self._too_large(scope).message, {"Connection": "close"})
            return message

        return counted

    def _record(self, scope: Scope, status: int, seconds: float, note: Mapping[str, str]) -> None:
        route = route_of(scope)
        self._metrics.requests.labels(scope["method"], route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        parts = [client_of(scope), scope["method"], route, str(status), f"{seconds * 1000:.1f}ms"]
        parts += [f"{key}={value}" for key, value in note.items() if key != "question"]
        if self._settings.log_questions and "question" in note:
            parts.append(json.dumps(note["question"]))
        log.info("%s", " ".join(parts))


def route_of(scope: Scope) -> str:
    """The route's template; ``other`` for what no route takes, so that nobody can fill the metrics."""
    return str(getattr(scope.get("route"), "path", None) or ("/static" if "/static/" in scope["path"] else "other"))


def client_of(scope: Scope) -> str:
    """The address that a request came from; of an IPv6 address its network, since a client has all of that."""
    client = str((scope.get("client") or ("unknown", 0))[0])
    try:
        found = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return client
