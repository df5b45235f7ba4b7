"""The routes of questions, passages and sources."""

import asyncio
from collections.abc import AsyncGenerator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathField
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from qa.ask.library import Library, check_question
from qa.errors import SourceError, UsageError
from qa.ingest.corpus import sha256
from qa.ingest.formats.pdf import page_image
from qa.render import answer_json, passage_json, printable
from qa.shape import AnswerJson
from qa.text import Span
from qa.types import Answer, Document
from qa.web.additions import Additions
from qa.web.errors import ApiError
from qa.web.events import Asking, ended, event, failure, stream
from qa.web.feedback import Feedback
from qa.web.listing import corpus_body, source_body
from qa.web.metrics import Metrics
from qa.web.models import (
    AddedBody,
    AskRequest,
    BatchBody,
    BatchRequest,
    ErrorBody,
    Examples,
    FeedbackBody,
    FeedbackRequest,
    Ready,
    SearchBody,
    SearchRequest,
    SkippedBody,
    SourceList,
    SourceTextBody,
)
from qa.web.shelf import Shelf, Worker


def refusal(status: int, code: str, message: str, description: str, param: str | None = None) -> dict[str, Any]:
    """How a refusal stands in the OpenAPI document."""
    example = ApiError(status, code, message, param=param).body()
    return {"model": ErrorBody, "description": description, "content": {"application/json": {"example": example}}}


ERRORS: dict[int | str, dict[str, Any]] = {
    400: refusal(400, "invalid_json", "the body is not JSON: Expecting value", "The body is not JSON."),
    401: refusal(
        401,
        "invalid_api_key",
        "no valid API key; send the header `Authorization: Bearer KEY`",
        "Keys are asked for and none that is known was sent.",
    ),
    408: refusal(
        408, "body_too_slow", "the body did not come within 20 s; send it at once", "The body came too slowly."
    ),
    413: refusal(413, "body_too_large", "the body is over 1000000 bytes; send less", "The body is too large."),
    422: refusal(
        422,
        "unknown_field",
        "unknown field colour; leave it out",
        "A field is missing, unknown or beyond its limits.",
        "colour",
    ),
    429: refusal(
        429, "rate_limited", "more than 60 requests in 60 s; ask again in 9 s", "Over the rate; see Retry-After."
    ),
    503: refusal(
        503,
        "overloaded",
        "too many questions are waiting; ask again in 4 s",
        "Too many questions wait, one took too long, no index, no answer from a store elsewhere; see Retry-After.",
    ),
}
MISSING: dict[int | str, dict[str, Any]] = {
    404: refusal(
        404, "not_found", "there is nothing at this path; /openapi.json lists what there is", "There is no such thing."
    )
}


REFUSED: dict[int | str, dict[str, Any]] = {
    403: refusal(
        403,
        "no_feedback",
        "feedback is kept only where `qa serve` was given --feedback FILE",
        "The server was not started so that it takes this.",
    )
}
FILE_TYPE = "application/octet-stream"
WRONG_TYPE: dict[int | str, dict[str, Any]] = {
    415: refusal(415, "wrong_type", f"send the file's bytes as {FILE_TYPE}", "Not the bytes of a file.")
}
PNG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}, "example": "\x89PNG"}}}
}


def event_stream(description: str, example: str) -> dict[int | str, dict[str, Any]]:
    """How a stream of events stands in the OpenAPI document."""
    fields = {
        "event": {"type": "string", "description": "What the event is.", "examples": ["status"]},
        "data": {"type": "string", "description": "JSON, in one line.", "examples": ['{"step": "reading"}']},
    }
    schema = {"type": "object", "required": ["data"], "properties": fields}
    return {200: {"description": description, "content": {"text/event-stream": {"schema": schema, "example": example}}}}


EVENTS = event_stream(
    "`status` events with the step (waiting, interpreting, searching, reading), then `answer`, a `citation` for each, "
    "and `done` with the whole answer and the index version; or `error`.",
    'event: status\ndata: {"step": "reading"}\n\n',
)
QUESTIONS: list[str | Enum] = ["questions"]
SOURCES: list[str | Enum] = ["sources"]
SERVER: list[str | Enum] = ["server"]
routes = APIRouter(prefix="/v1", responses=ERRORS)
probes = APIRouter()


def plain_text(example: str) -> dict[int | str, dict[str, Any]]:
    """How a text stands in the OpenAPI document."""
    return {200: {"description": "A text.", "content": {"text/plain": {"example": example}}}}


def shelf_of(request: Request) -> Shelf:
    """The application's shelf."""
    shelf: Shelf = request.app.state.shelf
    return shelf


def worker_of(request: Request) -> Worker:
    """The application's queue."""
    worker: Worker = request.app.state.worker
    return worker


def recorded(request: Request, library: Library, answer: Answer) -> dict[str, str]:
    """Count an answer, note it for the log, and give the headers that say which index it came from."""
    metrics: Metrics = request.app.state.metrics
    request.state.note["outcome"] = metrics.answered(answer)
    request.state.note["index"] = library.version
    return {"X-Index-Version": library.version}


def told(request: Request, answer: Answer, *, explain: bool = False) -> AnswerJson:
    """The JSON of an answer, with what a person should know of the sources behind it."""
    fields = answer_json(answer, explain=explain)
    if (stale := shelf_of(request).stale) is not None:
        fields["notice"] = printable(stale)
    return fields


def refuse_unusable(question: str, param: str) -> None:
    """Refuse a question without a word before it takes a place in the queue."""
    try:
        check_question(question)
    except UsageError as error:
        raise ApiError(422, "unusable_question", printable(str(error)), param=param) from error


def check_request(request: Request, body: AskRequest, param: str = "") -> None:
    """Refuse what cannot be asked; note the question for the log."""
    request.state.note["question"] = body.question
    refuse_unusable(body.question, f"{param}question")
    for number, earlier in enumerate(body.history):
        refuse_unusable(earlier, f"{param}history.{number}")
    known = {source.doc_id for source in shelf_of(request).library.sources()} if body.sources else set()
    for number, doc_id in enumerate(body.sources or ()):
        if doc_id not in known:
            message = f"no source has the id {printable(doc_id[:80])!r}; GET /v1/sources lists them"
            raise ApiError(422, "no_such_source", message, param=f"{param}sources.{number}")


@routes.post(
    "/ask",
    summary="Answer one question",
    response_model=AnswerJson,
    response_model_exclude_unset=True,
    response_description="The answer, or an abstention.",
    tags=QUESTIONS,
)
async def ask(request: Request, body: AskRequest) -> JSONResponse:
    """Answer with quotations, or abstain; the JSON is that of ``qa ask --json``."""
    check_request(request, body)
    library = shelf_of(request).library
    asking = Asking(worker_of(request), library, body.question, body.history, body.top_k, sources=body.sources)
    answer = await asking.answer_unless_left(request)
    return JSONResponse(told(request, answer, explain=body.explain), headers=recorded(request, library, answer))


@routes.post(
    "/ask/batch",
    summary="Answer many",
    response_model=BatchBody,
    response_model_exclude_unset=True,
    response_description="The answers.",
    tags=QUESTIONS,
)
async def ask_batch(request: Request, body: BatchRequest) -> JSONResponse:
    """Answer up to 32 questions in their order, all from one index. Other clients' questions come in between."""
    for number, asked in enumerate(body.questions):
        check_request(request, asked, f"questions.{number}.")
    library = shelf_of(request).library
    answers, headers = [], dict[str, str]()
    for number, asked in enumerate(body.questions):
        asking = Asking(
            worker_of(request),
            library,
            asked.question,
            asked.history,
            asked.top_k,
            sources=asked.sources,
            admitted=number > 0,
        )
        answer = await asking.answer_unless_left(request)
        headers = recorded(request, library, answer)
        answers.append(told(request, answer, explain=asked.explain))
    request.state.note["outcome"] = f"batch:{len(answers)}"
    return JSONResponse({"answers": answers}, headers=headers)


@routes.post(
    "/search",
    summary="Find the nearest passages",
    response_model=SearchBody,
    response_description="The passages.",
    tags=QUESTIONS,
)
async def search(request: Request, body: SearchRequest) -> JSONResponse:
    """The nearest passages, unread."""
    refuse_unusable(body.query, "query")
    library = shelf_of(request).library
    found = await worker_of(request).submit(lambda: library.search(body.query, top_k=body.top_k))
    passages = [passage_json(scored, explain=body.explain) for scored in found]
    return JSONResponse({"query": body.query, "passages": passages}, headers={"X-Index-Version": library.version})


@routes.post("/chat", summary="Answer with events", response_class=StreamingResponse, responses=EVENTS, tags=QUESTIONS)
async def chat(request: Request, body: AskRequest) -> StreamingResponse:
    """Answer one question as server-sent events. A client that leaves stops the work."""
    check_request(request, body)
    library = shelf_of(request).library
    asking = Asking(worker_of(request), library, body.question, body.history, body.top_k, sources=body.sources)

    async def events() -> AsyncGenerator[bytes, None]:
        if asking.ahead:
            yield event("status", {"step": "waiting", "ahead": asking.ahead})
        async for step in asking.steps():
            yield event("status", {"step": step})
        answer = await asking.answer()
        recorded(request, library, answer)
        fields = told(request, answer, explain=body.explain)
        short = ("question", "interpreted_as", "answer", "abstained", "reason", "confidence", "notice")
        yield event("answer", {key: value for key, value in fields.items() if key in short})
        for number, citation in enumerate(fields["citations"], 1):
            yield event("citation", {"number": number, **citation})
        yield event("done", {"answer": fields, "index_version": library.version})

    told_of = ended(events(), asking.leave, lambda error: event("error", failure(error)))
    return stream(told_of, {"X-Index-Version": library.version})


def additions_of(request: Request) -> Additions | None:
    """What stores added files, where that is allowed."""
    additions: Additions | None = request.app.state.additions
    return additions


def document_of(request: Request, doc_id: str, param: str) -> Document:
    """A document by its id; 404 where there is none."""
    for document in shelf_of(request).library.index.documents.values():
        if document.doc_id == doc_id:
            return document
    raise ApiError(404, "no_such_source", "no source has this id; GET /v1/sources lists them", param=param)


def corpus_of(request: Request) -> Path:
    """The folder of the sources."""
    corpus: Path = request.app.state.corpus
    return corpus


@routes.get("/sources", summary="List the sources", response_description="The sources.", tags=SOURCES)
async def sources(request: Request) -> SourceList:
    """The documents in order of their paths."""
    library, corpus, additions = shelf_of(request).library, corpus_of(request), additions_of(request)
    documents = library.index.documents
    return SourceList(
        corpus=corpus_body(corpus),
        sources=await asyncio.to_thread(
            lambda: [source_body(source, documents[source.path], corpus) for source in library.sources()]
        ),
        skipped=[SkippedBody(path=one.path, reason=one.reason) for one in library.skipped],
        adding=additions is not None,
        building=additions is not None and additions.building,
        problem=printable(additions.problem) if additions and additions.problem else None,
        feedback=request.app.state.feedback is not None,
    )


@routes.post(
    "/sources",
    summary="Add a file to the sources",
    response_description="It was stored; the index follows.",
    tags=SOURCES,
    status_code=202,
    responses=REFUSED | WRONG_TYPE,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The bytes of the file.",
            "content": {FILE_TYPE: {"schema": {"type": "string", "format": "binary"}, "example": "# Boats"}},
        }
    },
)
async def add_source(
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=200, description="The name of the file.", examples=["a.md"])],
) -> AddedBody:
    """Store the body as a file of the corpus, where the server was started with ``--allow-add``.

    The index is built behind it; ``GET /v1/sources`` says when that is done. Nothing is overwritten.
    """
    additions = additions_of(request)
    if additions is None:
        raise ApiError(403, "adding_not_allowed", "files are added only where `qa serve` was given --allow-add")
    # A type that a page of another site may not send without asking first.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FILE_TYPE:
        raise ApiError(415, "wrong_type", f"send the file's bytes as {FILE_TYPE}")
    added = await additions.add(name, await request.body())
    if added.path is None:
        raise ApiError(422, "not_added", printable(f"{added.source} was not added: {added.reason}"), param="name")
    return AddedBody(path=added.path)


@routes.post(
    "/feedback",
    summary="Say that an answer was wrong",
    response_description="The line that was written.",
    responses=REFUSED | MISSING,
    tags=QUESTIONS,
)
async def feedback(request: Request, body: FeedbackRequest) -> FeedbackBody:
    """Write a line of a gold set, where the server was started with ``--feedback``."""
    kept: Feedback | None = request.app.state.feedback
    if kept is None:
        raise ApiError(403, "no_feedback", "feedback is kept only where `qa serve` was given --feedback FILE")
    refuse_unusable(body.question, "question")
    right = None
    if body.right is not None:
        document = document_of(request, body.right.doc_id, "right.doc_id")
        right = document, Span(body.right.start, body.right.end)
        if not document.text[right[1].start : right[1].end].strip():
            raise ApiError(422, "no_words", "there are no words at this place", param="right")
    try:
        written = await asyncio.to_thread(kept.add, body.question, body.history, right)
    except OSError as error:
        raise ApiError(503, "not_written", printable(f"the feedback could not be written: {error}")) from error
    return FeedbackBody(id=written, file=kept.path.name)


@routes.get(
    "/pages/{number}/{doc_id:path}",
    summary="A page of a PDF as a picture",
    response_class=Response,
    response_description="The page.",
    responses=MISSING | PNG,
    tags=SOURCES,
)
async def page_picture(
    request: Request,
    number: Annotated[int, PathField(ge=1, le=100_000, description="The page, from 1.", examples=[4])],
    doc_id: Annotated[str, PathField(description="The id of a source.", examples=["lighthouse"])],
    box: Annotated[
        str | None, Query(description="Left, bottom, right and top in points.", examples=["56.9,726.3,228.8,735.3"])
    ] = None,
) -> Response:
    """The page as PNG; ``box`` is a citation's, ``left,bottom,right,top`` in points, and tinted."""
    document = document_of(request, doc_id, "doc_id")
    corners = None if box is None else numbers_of(box)
    if document.kind != "pdf":
        raise ApiError(404, "no_pages", "this source is no PDF; its text is at /v1/sources", param="doc_id")

    def drawn() -> bytes:
        data = (corpus_of(request) / document.path).read_bytes()
        if sha256(data) != document.sha256:
            raise ApiError(404, "source_changed", "the file was changed since it was read", param="doc_id")
        return page_image(data, number, corners)

    try:
        return Response(await asyncio.to_thread(drawn), media_type="image/png")
    except (OSError, SourceError) as error:
        raise ApiError(404, "no_such_page", printable(f"the page cannot be shown: {error}"), param="number") from error


def numbers_of(box: str) -> tuple[float, ...]:
    """The corners of a box as it stands in a query."""
    try:
        corners = tuple(float(corner) for corner in box.split(","))
    except ValueError:
        corners = ()
    if len(corners) != 4 or not all(abs(corner) < 1e6 for corner in corners):
        raise ApiError(422, "invalid_field", "box must be left,bottom,right,top in points", param="box")
    return corners


@routes.get(
    "/sources/{doc_id:path}",
    summary="One source with its text",
    response_model=SourceTextBody,
    responses=MISSING,
    response_description="The source.",
    tags=SOURCES,
)
async def source(
    request: Request, doc_id: Annotated[str, PathField(description="The id of a source.", examples=["encyclopaedia"])]
) -> JSONResponse:
    """The exact text that offsets count in, and the front matter."""
    library = shelf_of(request).library
    document = document_of(request, doc_id, "doc_id")
    listed = next(source for source in library.sources() if source.doc_id == doc_id)
    body = await asyncio.to_thread(source_body, listed, document, corpus_of(request))
    fields = body.model_dump() | {
        "text": document.text,
        "marks": [[mark.start, mark.end, mark.shown] for mark in document.marks],
        "elements": [[e.kind, e.span.start, e.span.end, e.level] for e in document.elements],
        "metadata": dict(document.metadata),
    }
    return JSONResponse(fields, headers={"X-Index-Version": library.version})


@routes.get("/examples", summary="Questions to begin with", response_description="The questions.", tags=QUESTIONS)
async def examples(request: Request) -> Examples:
    """Questions that these documents answer; empty until they are found, soon after an index is loaded."""
    return Examples(questions=list(shelf_of(request).examples))


@probes.get(
    "/healthz", summary="The process lives", response_class=PlainTextResponse, responses=plain_text("ok"), tags=SERVER
)
async def healthz() -> str:
    """Always ``ok``; it does nothing else, so that it measures the server alone."""
    return "ok"


@probes.get(
    "/readyz",
    summary="The index is loaded and verified",
    response_description="It is.",
    responses={503: ERRORS[503]},
    tags=SERVER,
)
async def readyz(request: Request) -> Ready:
    """503 until an index is loaded; ``problem`` says why a newer one could not be, or which source changed."""
    shelf = shelf_of(request)
    library = shelf.library
    return Ready(
        status="ready",
        index_version=library.version,
        sources=len(library.sources()),
        passages=library.index.store.count(),
        problem=shelf.problem or shelf.stale,
    )


@probes.get(
    "/metrics",
    summary="Counters for Prometheus",
    response_class=PlainTextResponse,
    responses=plain_text('qa_answers_total{outcome="answered"} 3.0'),
    tags=SERVER,
)
async def metrics(request: Request) -> PlainTextResponse:
    """Requests, latency, answers and abstentions, the queue, the index version."""
    counted: Metrics = request.app.state.metrics
    return PlainTextResponse(counted.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
