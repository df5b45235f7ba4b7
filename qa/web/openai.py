"""The same answers in the shape of OpenAI's chat completions, so that any chat client can ask.

Indices and offsets count Unicode code points; every end is exclusive.
"""

import time
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from qa.ask.library import MAX_HISTORY, MAX_QUESTION, Library
from qa.render import no_answer, one_line
from qa.types import Answer, Citation
from qa.web.api import ERRORS, EVENT_STREAM, MISSING, recorded, refuse_unusable, shelf_of, told, worker_of
from qa.web.errors import ApiError
from qa.web.events import Asking, Left, event, failure, stream
from qa.web.models import Completion, CompletionRequest, Model, ModelList

MODEL = "qa"
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


def message_of(answer: Answer, library: Library, base: str) -> dict[str, Any]:
    """The assistant's message with both kinds of citations."""
    content, supported = content_of(answer)
    rows = {source.doc_id: row for row, source in enumerate(library.sources())}
    return {
        "role": "assistant",
        "content": content,
        "refusal": None,
        "annotations": [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": start,
                    "end_index": end,
                    "title": citation.title,
                    "url": page_url(base, citation),
                },
            }
            for start, end, citation in supported
        ],
        "citations": [
            {
                "type": "char_location",
                "document_index": rows[citation.doc_id],
                "document_title": citation.title,
                "start_char_index": citation.start,
                "end_char_index": citation.end,
                "cited_text": citation.quote,
            }
            for _, _, citation in supported
        ],
    }


def conversation_of(body: CompletionRequest) -> tuple[str, list[str]]:
    """The question and the ones before it; other roles, and questions beyond the limits of history, are left out."""
    if body.messages[-1].role != "user":
        raise ApiError(422, "no_question", "the last message must be the user's question", param="messages")
    asked = [message.text() for message in body.messages if message.role == "user"]
    question = asked[-1]
    refuse_unusable(question, f"messages.{len(body.messages) - 1}.content")
    earlier = [text for text in asked[:-1] if len(text) <= MAX_QUESTION and any(map(str.isalnum, text))]
    return question, earlier[-MAX_HISTORY:]


def usage(asked: Sequence[str], content: str) -> dict[str, int]:
    """Words in and out."""
    words_in, words_out = sum(len(text.split()) for text in asked), len(content.split())
    return {"prompt_tokens": words_in, "completion_tokens": words_out, "total_tokens": words_in + words_out}


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
        200: {"content": EVENT_STREAM[200]["content"], "description": "A completion, or its chunks with `stream`."},
    },
)
async def complete(request: Request, body: CompletionRequest) -> Response:
    """Answer the last user message; the earlier ones are the history.

    ``annotations`` hold a ``url_citation`` for each citation with indices into ``content``, ``citations`` the same
    places in the sources. Indices count Unicode code points, and ``end_index`` and ``end_char_index`` are exclusive.
    """
    check_model(body.model)
    question, history = conversation_of(body)
    request.state.note["question"] = question
    library = shelf_of(request).library
    asking = Asking(worker_of(request), library, question, history)
    base = str(request.base_url)
    head: dict[str, Any] = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "model": MODEL,
        "system_fingerprint": library.version,
    }
    if not body.stream:
        answer = await asking.answer_unless_left(request)
        message = message_of(answer, library, base)
        completion = head | {
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": usage([*history, question], message["content"]),
            "answer": told(request, answer),
        }
        return JSONResponse(completion, headers=recorded(request, library, answer))
    with_usage = body.stream_options is not None and body.stream_options.include_usage

    async def chunks() -> AsyncIterator[bytes]:
        def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            extra: dict[str, Any] = {"usage": None} if with_usage else {}
            return event(None, head | {"object": "chat.completion.chunk", "choices": [choice]} | extra)

        try:
            yield chunk({"role": "assistant", "content": ""})
            answer = await asking.answer()
            recorded(request, library, answer)
            message = message_of(answer, library, base)
            yield chunk({"content": message["content"]})
            yield chunk({"annotations": message["annotations"], "citations": message["citations"]})
            yield chunk({}, "stop")
            if with_usage:
                total = usage([*history, question], message["content"])
                yield event(None, head | {"object": "chat.completion.chunk", "choices": [], "usage": total})
            yield b"data: [DONE]\n\n"
        except Left:
            return
        except Exception as error:
            yield event(None, failure(error))
        finally:
            asking.leave()

    response = stream(chunks())
    response.headers["X-Index-Version"] = library.version
    return response


def model_json(request: Request) -> Model:
    """The one model; it was created when the server started."""
    return Model(id=MODEL, object="model", created=request.app.state.started, owned_by="qa")


@routes.get("/models", summary="List the models")
async def models(request: Request) -> ModelList:
    """One model."""
    return ModelList(object="list", data=[model_json(request)])


@routes.get("/models/{name}", summary="One model", responses=MISSING)
async def model(request: Request, name: str) -> Model:
    """The model by its name."""
    check_model(name)
    return model_json(request)
