"""The application: everything is put together here."""

import asyncio
import contextlib
import importlib.metadata
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from qa.ask.library import Library
from qa.ask.opening import open_with, rebuild
from qa.config import Settings
from qa.errors import UsageError
from qa.render import printable
from qa.search.manifest import SourceWatch, current_build
from qa.web import api, openai, responses
from qa.web.additions import Additions
from qa.web.docs import docs_page
from qa.web.errors import ApiError
from qa.web.feedback import Feedback
from qa.web.gate import Gate
from qa.web.metrics import Metrics
from qa.web.openapi import TAGS, describe
from qa.web.settings import WebSettings
from qa.web.shelf import Shelf, Worker

STATIC = Path(__file__).parent / "static"
CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "body_too_slow",
    413: "body_too_large",
}


def create_app(
    settings: Settings,
    web: WebSettings | None = None,
    *,
    library: Library | None = None,
    opener: Callable[[], Library] | None = None,
    builder: Callable[[], object] | None = None,
) -> FastAPI:
    """The ASGI application over the index that ``settings`` name.

    ``opener`` loads that index and is called again whenever the index folder names another build; ``library`` is
    one that is open already. Without it the first load begins at start-up, and ``/v1`` answers 503 until it is done.
    ``builder`` builds the index behind files that were added.
    """
    web = web or WebSettings()
    metrics = Metrics()
    worker = Worker(web.max_waiting, metrics, web.question_seconds)
    shelf = Shelf(
        opener or (lambda: open_with(settings, build=False)),
        lambda: current_build(settings.index).name,
        lambda: SourceWatch(settings.corpus),
        worker,
        metrics,
        library,
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(shelf.watch(web.poll_seconds))
        try:
            yield
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await asyncio.to_thread(worker.close)

    app = FastAPI(
        title="qa",
        version=importlib.metadata.version("qa"),
        summary="Ask a handful of source documents; every answer is a checked quotation, or an honest no.",
        description="Offsets and indices count Unicode code points; every end is exclusive. Answers of `/v1` name "
        "the index that they came from in the header `X-Index-Version`. Every error is "
        '`{"error": {"message", "type", "param", "code"}}`.',
        docs_url=None,  # Both of its pages load scripts from elsewhere; `docs` does not.
        redoc_url=None,
        openapi_tags=TAGS,
        lifespan=lifespan,
    )
    app.state.shelf, app.state.worker, app.state.metrics = shelf, worker, metrics
    app.state.corpus = settings.corpus
    build = builder or (lambda: rebuild(settings))
    app.state.additions = Additions(settings.corpus, build) if web.allow_add else None
    app.state.feedback = Feedback(web.feedback) if web.feedback else None
    app.state.started = int(time.time())
    app.include_router(api.routes)
    app.include_router(openai.routes)
    app.include_router(responses.routes)
    app.include_router(api.probes)
    app.add_api_route("/", page, include_in_schema=False)
    app.add_api_route("/docs", docs, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(ApiError, on_api_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(UsageError, on_usage_error)
    describe(app)
    app.add_middleware(Gate, settings=web, shelf=shelf, metrics=metrics)
    if web.origins:  # around the gate, so that a page may read what it is refused with
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(web.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["*"],  # clients send some of their own
            expose_headers=["x-index-version", "retry-after"],
        )
    return app


async def page() -> FileResponse:
    """The page for people."""
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


async def docs(request: Request) -> HTMLResponse:
    """The API for people to read."""
    return HTMLResponse(docs_page(request.app.openapi(), str(request.base_url)), headers={"Cache-Control": "no-cache"})


async def on_api_error(request: Request, error: Any) -> JSONResponse:
    """An error that says everything itself."""
    response: JSONResponse = error.response()
    return response


async def on_usage_error(request: Request, error: Any) -> JSONResponse:
    """A value that the library refuses."""
    return ApiError(422, "unusable_question", printable(str(error))).response()


async def on_http_error(request: Request, error: Any) -> JSONResponse:
    """No such path, no such method, a body that cannot be read."""
    code = CODES.get(error.status_code, "http_error")
    message = str(error.detail)
    if error.status_code == 404:
        message = "there is nothing at this path; /openapi.json lists what there is"
    return ApiError(error.status_code, code, printable(message), headers=error.headers).response()


async def on_invalid(request: Request, error: Any) -> JSONResponse:
    """A body or parameter that is not what the OpenAPI document says; the first fault is named."""
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"] if part != "body")
    if fault["type"] == "json_invalid":
        return ApiError(400, "invalid_json", f"the body is not JSON: {printable(fault['msg'])}").response()
    if fault["type"] == "extra_forbidden":
        return ApiError(
            422, "unknown_field", f"unknown field {printable(where)}; leave it out", param=printable(where)
        ).response()
    return ApiError(
        422, "invalid_field", printable(f"{where or 'body'}: {fault['msg']}"), param=printable(where) or None
    ).response()
