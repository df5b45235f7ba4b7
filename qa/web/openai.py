"""The same answers in the shape of OpenAI's chat completions, so that any chat client can ask.

Indices and offsets count Unicode code points, those whose names say so UTF-16 code units; every end is exclusive.
"""

import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from qa.ask.library import MAX_HISTORY, MAX_QUESTION
from qa.render import astral, no_answer, one_line, utf16_json
from qa.shape import AnswerJson
from qa.types import Answer, Citation
from qa.web.api import ERRORS, MISSING, event_stream, recorded, refuse_unusable, shelf_of, told, worker_of
from qa.web.errors import ApiError
from qa.web.events import Asking, ended, event, failure, stream
from qa.web.models import Completion, CompletionRequest, Message, Model, ModelList
from qa.web.tasks import is_title_order, reply, task_of

MODEL = "qa"
TAG: list[str | Enum] = ["openai"]
routes = APIRouter(prefix="/v1", responses=ERRORS)


def content_of(answer: Answer) -> tuple[str, list[tuple[int, int, Citation]]]:
    """The message, and for each citation the slice of the message that it supports.

    The message is the answer alone; where the sources differ, followed by every value in a line; the items of a list,
    an overview or a comparison in a line each; the parts of a compound below their questions.
    """
    content = "\n\n".join(filter(None, (no_answer(answer) if answer.abstained else None, answer.note)))
    supported: list[tuple[int, int, Citation]] = []

    def add(before: str, text: str, citations: Sequence[Citation]) -> None:
        nonlocal content
        start = len(content) + len(before)
        content += before + text
        supported.extend((start, len(content), citation) for citation in citations)

    if answer.parts:
        for part in answer.parts:
            add("\n\n" if content else "", one_line(part.question), ())
            inner, places = content_of(part)
            offset = len(content) + 1
            supported += [(offset + start, offset + end, citation) for start, end, citation in places]
            content += "\n" + inner
    elif answer.items:
        label = None
        for item in answer.items:
            if item.label and item.label != label:
                add("\n\n" if content else "", f"{one_line(item.label)}:", ())
            label = item.label
            add("\n- " if content else "- ", one_line(item.answer), item.citations)
    elif answer.answer is not None:
        said = f"{answer.verdict.capitalize()}. " if answer.verdict else ""
        add(("\n\n" if content else "") + said, one_line(answer.answer), answer.citations)
    if answer.conflicts:
        content += "\n\nThe sources differ:"
        for conflict in answer.conflicts:
            add("\n- ", one_line(conflict.answer), conflict.citations)
    return content, supported


def page_url(base: str, citation: Citation) -> str:
    """The page, opened at the quote. The place is in the fragment, which browsers do not send."""
    place: dict[str, Any] = {"source": citation.doc_id, "start": citation.start, "end": citation.end}
    if citation.answer_start is not None:
        place |= {"answer_start": citation.answer_start, "answer_end": citation.answer_end}
    return f"{base}#{urlencode(place)}"


@dataclass(frozen=True, slots=True)
class Said:
    """What the assistant says: its words, both kinds of citations of them, and the answer; None for a task."""

    content: str
    annotations: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    answer: AnswerJson | None


class Turn:
    """The last message of a user on its way to what is said to it: a question, or a task of the client's own."""

    def __init__(self, request: Request, messages: Sequence[Message], param: str) -> None:
        """Raises ``ApiError`` where nothing is asked; ``param`` names the messages in the request."""
        self._request = request
        self.library = shelf_of(request).library
        asked = [(number, message.text()) for number, message in enumerate(messages) if message.role == "user"]
        if not asked:
            raise ApiError(422, "no_question", "there is no message of the user to answer", param=param)
        number, self._text = asked[-1]
        self.history = [text for _, text in asked[:-1] if len(text) <= MAX_QUESTION and any(map(str.isalnum, text))]
        self.history = self.history[-MAX_HISTORY:]
        self._task, self._order, self._earlier = task_of(self._text), self._text, self.history
        if self._task is None and len(asked) == 1:  # a system message that makes a title of the only other one
            orders = [message.text() for message in messages if message.role in ("system", "developer")]
            if (order := next(filter(is_title_order, orders), None)) is not None:
                self._task, self._order, self._earlier = "title", order, [self._text]
        self._asking: Asking | None = None
        if self._task is None:
            refuse_unusable(self._text, f"{param}.{number}.content")
            request.state.note["question"] = self._text
            self._asking = Asking(worker_of(request), self.library, self._text, self.history)

    async def said(self, *, whole: bool) -> Said:
        """What is said; ``whole`` if it is sent whole, so that a client that hangs up before stops the work."""
        if self._asking is None:
            assert self._task is not None
            self._request.state.note["outcome"] = f"task:{self._task}"
            content = reply(self._task, self._order, self._earlier, shelf_of(self._request).examples)
            return Said(content, [], [], None)
        answer = await (self._asking.answer_unless_left(self._request) if whole else self._asking.answer())
        recorded(self._request, self.library, answer)
        content, supported = content_of(answer)
        base = str(self._request.base_url)
        annotations = [url_citation(content, start, end, citation, base) for start, end, citation in supported]
        rows = {source.doc_id: row for row, source in enumerate(self.library.sources())}
        citations = [char_location(rows[citation.doc_id], citation) for _, _, citation in supported]
        return Said(content, annotations, citations, told(self._request, answer))

    def words(self, content: str) -> tuple[int, int]:
        """Words in and out, in place of tokens."""
        return sum(len(text.split()) for text in (*self.history, self._text)), len(content.split())

    def leave(self) -> None:
        """Stop the work."""
        if self._asking is not None:
            self._asking.leave()


def url_citation(content: str, start: int, end: int, citation: Citation, base: str) -> dict[str, Any]:
    """A citation of ``content[start:end]`` as a link to the page."""
    return {
        "start_index": start,
        "end_index": end,
        "start_index_utf16": start + astral(content[:start]),
        "end_index_utf16": end + astral(content[:end]),
        "title": citation.title,
        "url": page_url(base, citation),
    }


def char_location(row: int, citation: Citation) -> dict[str, Any]:
    """A citation as a place in the source of this row."""
    units = utf16_json(citation)
    return {
        "type": "char_location",
        "document_index": row,
        "document_title": citation.title,
        "start_char_index": citation.start,
        "end_char_index": citation.end,
        "start_char_index_utf16": units["start"],
        "end_char_index_utf16": units["end"],
        "cited_text": citation.quote,
    }


def check_model(name: str) -> None:
    """Refuse a model that there is not."""
    if name != MODEL:
        raise ApiError(404, "model_not_found", f"there is no such model; the only one is {MODEL!r}", param="model")


@routes.post(
    "/chat/completions",
    summary="Answer in OpenAI's shape",
    response_model=Completion,
    responses={
        **MISSING,
        **event_stream("A completion, or its chunks with `stream`.", 'data: {"object": "chat.completion.chunk"}\n\n'),
    },
    tags=TAG,
)
async def complete(request: Request, body: CompletionRequest) -> Response:
    """Answer the last user message; the earlier ones are the history.

    ``annotations`` hold a ``url_citation`` for each citation with indices into ``content``, ``citations`` the same
    places in the sources. What a chat client asks beside questions (a title, tags, what to ask next) is told by its
    wording and answered by rule.
    """
    check_model(body.model)
    turn = Turn(request, body.messages, "messages")
    head: dict[str, Any] = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "model": MODEL,
        "system_fingerprint": turn.library.version,
    }

    def usage(content: str) -> dict[str, int]:
        words_in, words_out = turn.words(content)
        return {"prompt_tokens": words_in, "completion_tokens": words_out, "total_tokens": words_in + words_out}

    def linked(said: Said) -> dict[str, Any]:
        annotations = [{"type": "url_citation", "url_citation": one} for one in said.annotations]
        return {"annotations": annotations, "citations": said.citations}

    headers = {"X-Index-Version": turn.library.version}
    if not body.stream:
        said = await turn.said(whole=True)
        message = {"role": "assistant", "content": said.content, "refusal": None, **linked(said)}
        completion = head | {
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": usage(said.content),
            "answer": said.answer,
        }
        return JSONResponse(completion, headers=headers)
    with_usage = body.stream_options is not None and body.stream_options.include_usage

    async def chunks() -> AsyncGenerator[bytes, None]:
        def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            extra: dict[str, Any] = {"usage": None} if with_usage else {}
            return event(None, head | {"object": "chat.completion.chunk", "choices": [choice]} | extra)

        yield chunk({"role": "assistant", "content": ""})
        said = await turn.said(whole=False)
        yield chunk({"content": said.content})
        yield chunk(linked(said))
        yield chunk({}, "stop")
        if with_usage:
            yield event(None, head | {"object": "chat.completion.chunk", "choices": [], "usage": usage(said.content)})
        yield b"data: [DONE]\n\n"

    return stream(ended(chunks(), turn.leave, lambda error: event(None, failure(error))), headers)


def model_json(request: Request) -> Model:
    """The one model; it was created when the server started."""
    return Model(id=MODEL, object="model", created=request.app.state.started, owned_by="qa")


@routes.get("/models", summary="List the models", response_description="The models.", tags=TAG)
async def models(request: Request) -> ModelList:
    """One model."""
    return ModelList(object="list", data=[model_json(request)])


@routes.get("/models/{name}", summary="One model", responses=MISSING, response_description="The model.", tags=TAG)
async def model(
    request: Request, name: Annotated[str, Path(description="The model's name.", examples=[MODEL])]
) -> Model:
    """The model by its name."""
    check_model(name)
    return model_json(request)
