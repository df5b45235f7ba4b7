"""The same answers in the shape of OpenAI's responses, whole or as its events. Nothing is kept behind an id."""

import time
import uuid
from collections.abc import AsyncGenerator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from fastapi.responses import Response as HttpResponse

from qa.web.api import ERRORS, MISSING, event_stream
from qa.web.errors import ApiError
from qa.web.events import ended, event, failure, stream
from qa.web.models import Response, ResponseRequest
from qa.web.openai import MODEL, TAG, Said, Turn, check_model

routes = APIRouter(prefix="/v1", responses=ERRORS)


@routes.post(
    "/responses",
    summary="Answer in OpenAI's newer shape",
    response_model=Response,
    responses={
        **MISSING,
        **event_stream("A response, or its events with `stream`.", "event: response.output_text.delta\ndata: {}\n\n"),
    },
    tags=TAG,
)
async def respond(request: Request, body: ResponseRequest) -> HttpResponse:
    """Answer the last user message of the input; the earlier ones are the history.

    ``annotations`` hold a ``url_citation`` for each citation with indices into ``text``, ``citations`` the same places
    in the sources.
    """
    check_model(body.model)
    if body.previous_response_id is not None:
        message = "no response is kept here; send the earlier messages in `input`"
        raise ApiError(400, "previous_response_not_found", message, param="previous_response_id")
    turn = Turn(request, body.messages(), "input")
    writer = Writer(turn)
    headers = {"X-Index-Version": turn.library.version}
    if not body.stream:
        said = await turn.said(whole=True)
        return JSONResponse(writer.response(said), headers=headers)
    return stream(ended(writer.events(), turn.leave, writer.failed), headers)


class Writer:
    """Writes one response, or its events with their numbers."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._id, self._item = f"resp_{uuid.uuid4().hex}", f"msg_{uuid.uuid4().hex}"
        self._created = int(time.time())
        self._number = -1

    def response(self, said: Said | None) -> dict[str, Any]:
        """The response; without what is said it is in progress."""
        usage = None
        if said is not None:
            words_in, words_out = self._turn.words(said.content)
            usage = {
                "input_tokens": words_in,
                "input_tokens_details": {},
                "output_tokens": words_out,
                "output_tokens_details": {},
                "total_tokens": words_in + words_out,
            }
        return Response.model_validate(
            {
                "id": self._id,
                "object": "response",
                "created_at": self._created,
                "status": "in_progress" if said is None else "completed",
                "model": MODEL,
                "output": [] if said is None else [self._message(said)],
                "usage": usage,
                "answer": None if said is None else said.answer,
                "index_version": self._turn.library.version,
            }
        ).model_dump(exclude_unset=False)

    def _message(self, said: Said | None) -> dict[str, Any]:
        content = [] if said is None else [self._part(said)]
        status = "in_progress" if said is None else "completed"
        return {"type": "message", "id": self._item, "status": status, "role": "assistant", "content": content}

    def _part(self, said: Said | None) -> dict[str, Any]:
        return {
            "type": "output_text",
            "text": "" if said is None else said.content,
            "annotations": [] if said is None else [{"type": "url_citation", **one} for one in said.annotations],
            "logprobs": [],
            "citations": [] if said is None else said.citations,
        }

    def _event(self, kind: str, **fields: Any) -> bytes:
        self._number += 1
        return event(kind, {"type": kind, "sequence_number": self._number, **fields})

    async def events(self) -> AsyncGenerator[bytes, None]:
        """The events of a response, from its creation to its end."""
        yield self._event("response.created", response=self.response(None))
        yield self._event("response.in_progress", response=self.response(None))
        said = await self._turn.said(whole=False)
        yield self._event("response.output_item.added", output_index=0, item=self._message(None))
        place = {"item_id": self._item, "output_index": 0, "content_index": 0}
        yield self._event("response.content_part.added", **place, part=self._part(None))
        yield self._event("response.output_text.delta", **place, delta=said.content, logprobs=[])
        part = self._part(said)
        for number, annotation in enumerate(part["annotations"]):
            yield self._event(
                "response.output_text.annotation.added", **place, annotation_index=number, annotation=annotation
            )
        yield self._event("response.output_text.done", **place, text=said.content, logprobs=[])
        yield self._event("response.content_part.done", **place, part=part)
        yield self._event("response.output_item.done", output_index=0, item=self._message(said))
        yield self._event("response.completed", response=self.response(said))

    def failed(self, error: Exception) -> bytes:
        """The event of an error that came after the first."""
        told = failure(error)["error"]
        return self._event("error", code=told["code"], message=told["message"], param=told["param"])
