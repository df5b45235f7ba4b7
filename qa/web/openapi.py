"""The OpenAPI document: what FastAPI makes of routes and bodies, with an example for every body and every field.

The examples are one question on the film, so that each of them holds: tests look every quote up in the corpus.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from qa.render import answer_json, passage_json
from qa.text import Span
from qa.types import Answer, Citation, Passage, ScoredPassage

TAGS = [
    {"name": "questions", "description": "Answers, passages and questions to begin with."},
    {"name": "sources", "description": "What is asked."},
    {"name": "openai", "description": "The same answers in OpenAI's shapes."},
    {"name": "server", "description": "Whether it is there and what it does; open to everyone."},
]
QUESTION, WORDS, LINE = "Who composed the music?", "Marc Marder", "Music: Marc Marder"
TITLE, FILE, DOC_ID, START, END = "The Missing Picture", "encyclopaedia.md", "encyclopaedia", 421, 439
VERSION = "32eefb8807d8"
SHA256 = "f089c412c4b3cc86abb6e70faf56519212203dede14a3ab0c56f6c839e5aa811"
CREATED = 1_780_000_000
PAGE = f"http://127.0.0.1:8000/#source={DOC_ID}&start={START}&end={END}&answer_start={START + 7}&answer_end={END}"

CITATION = Citation(DOC_ID, TITLE, FILE, None, START, END, LINE, LINE, START + 7, END, 7, len(LINE), SHA256)
PASSAGE = ScoredPassage(
    Passage(f"{DOC_ID}#text-cabeba", DOC_ID, FILE, TITLE, None, None, START, END, LINE, (Span(START, END),)),
    0.777,
    {"passage_cosine": 0.403, "sentence_cosine": 0.403, "bm25": 2.267, "coverage": 0.5},
    Span(START, END),
)
ANSWER = answer_json(Answer(QUESTION, None, WORDS, None, 0.96, (CITATION,), (), (PASSAGE,), 212.0))
CITED = ANSWER["citations"]
SOURCE = {
    "doc_id": DOC_ID, "title": TITLE, "path": FILE, "kind": "markdown", "genre": "encyclopaedia article",
    "characters": 3548, "words": 570, "passages": 37, "bytes": 3565, "date": "2024-05-01", "address": None,
    "sha256": SHA256, "note": None,
}  # fmt: skip
URL_CITATION = {
    "start_index": 0, "end_index": 11, "start_index_utf16": 0, "end_index_utf16": 11, "title": TITLE, "url": PAGE,
}  # fmt: skip
PLACE = {
    "type": "char_location", "document_index": 0, "document_title": TITLE, "start_char_index": START,
    "end_char_index": END, "start_char_index_utf16": START, "end_char_index_utf16": END, "cited_text": LINE,
}  # fmt: skip
USAGE = {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6}
DETAILS = {"cached_tokens": 0, "cache_write_tokens": 0, "reasoning_tokens": 0}
MESSAGE = {
    "role": "assistant",
    "content": WORDS,
    "refusal": None,
    "annotations": [{"type": "url_citation", "url_citation": URL_CITATION}],
    "citations": [PLACE],
}
CHOICE = {"index": 0, "message": MESSAGE, "logprobs": None, "finish_reason": "stop"}
OUTPUT_TEXT = {
    "type": "output_text",
    "text": WORDS,
    "annotations": [{"type": "url_citation", **URL_CITATION}],
    "logprobs": [],
    "citations": [PLACE],
}
OUTPUT = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [OUTPUT_TEXT]}
RESPONSE_USAGE = {
    "input_tokens": 4, "input_tokens_details": DETAILS,
    "output_tokens": 2, "output_tokens_details": DETAILS, "total_tokens": 6,
}  # fmt: skip
ERROR = {
    "message": "unknown field colour; leave it out",
    "type": "invalid_request_error",
    "param": "colour",
    "code": "unknown_field",
}
RIGHT = {"doc_id": "encyclopaedia", "start": 428, "end": 439}
MODEL = {"id": "qa", "object": "model", "created": CREATED, "owned_by": "qa"}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "Utf16Json": CITED[0]["utf16"],
    "CitationJson": CITED[0],
    "ConflictJson": {"answer": WORDS, "citations": CITED},
    "ItemJson": {"answer": WORDS, "label": None, "citations": CITED, "conflicts": []},
    "PassageJson": passage_json(PASSAGE, explain=True),
    "AnswerJson": ANSWER,
    "BatchBody": {"answers": [ANSWER]},
    "SearchBody": {"query": "the composer", "passages": ANSWER["passages"]},
    "CorpusBody": {"id": "60df66767067", "name": "corpus"},
    "SourceBody": SOURCE,
    "SkippedBody": {"path": "poster.png", "reason": "a picture, not text"},
    "SourceList": {
        "corpus": {"id": "60df66767067", "name": "corpus"},
        "sources": [SOURCE],
        "skipped": [],
        "adding": True,
        "building": False,
        "problem": None,
        "feedback": True,
    },
    "AddedBody": {"path": "lease.pdf"},
    "RightPlace": RIGHT,
    "FeedbackRequest": {"question": QUESTION, "history": [], "right": RIGHT},
    "FeedbackBody": {"id": "feedback-1764446400000000000", "file": "feedback.jsonl"},
    "SourceTextBody": SOURCE
    | {
        "text": "# The Missing Picture\n",
        "marks": [[0, 2, ""]],
        "elements": [["heading", 0, 21, 1]],
        "metadata": {"title": TITLE},
    },
    "Examples": {"questions": [QUESTION]},
    "Ready": {"status": "ready", "index_version": VERSION, "sources": 3, "passages": 101, "problem": None},
    "ErrorDetail": ERROR,
    "ErrorBody": {"error": ERROR},
    "ContentPart": {"type": "text", "text": QUESTION},
    "Message": {"role": "user", "content": QUESTION},
    "StreamOptions": {"include_usage": True},
    "InputItem": {"type": "message", "role": "user", "content": QUESTION},
    "UrlCitation": URL_CITATION,
    "Annotation": {"type": "url_citation", "url_citation": URL_CITATION},
    "CharLocation": PLACE,
    "AssistantMessage": MESSAGE,
    "Choice": CHOICE,
    "Usage": USAGE,
    "Completion": {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": CREATED,
        "model": "qa",
        "system_fingerprint": VERSION,
        "choices": [CHOICE],
        "usage": USAGE,
        "answer": ANSWER,
    },
    "UrlAnnotation": {"type": "url_citation", **URL_CITATION},
    "OutputText": OUTPUT_TEXT,
    "OutputMessage": OUTPUT,
    "TokenDetails": DETAILS,
    "ResponseUsage": RESPONSE_USAGE,
    "Response": {
        "id": "resp_1",
        "object": "response",
        "created_at": CREATED,
        "status": "completed",
        "model": "qa",
        "output": [OUTPUT],
        "usage": RESPONSE_USAGE,
        "answer": ANSWER,
        "index_version": VERSION,
    },
    "Model": MODEL,
    "ModelList": {"object": "list", "data": [MODEL]},
}
"""An example of every body that has none of its own, by the name of its schema."""
BESIDE: Mapping[str, Mapping[str, Any]] = {
    "AnswerJson": {"id": "7", "scores": {"large_span": 13.5}, "notice": "index is stale: the source a.md was changed"},
    "CitationJson": {
        "page": 4,
        "box": [72.0, 640.5, 310.2, 655.0],
        "time": "00:01:06",
        "paragraph": 12,
        "chapter": "The House",
        "row": 3,
    },
    "AskRequest": {"history": ["Who directed it?"], "sources": [DOC_ID], "top_k": 5, "explain": False},
    "SearchRequest": {"explain": False},
    "CompletionRequest": {"stream": False, "stream_options": {"include_usage": True}, "n": 1},
    "ResponseRequest": {"stream": False, "previous_response_id": None},
}
"""Fields that the example of their body has not."""


def describe(app: FastAPI) -> None:
    """Give the application's OpenAPI document its examples."""
    plain = app.openapi

    def with_examples() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            for name, schema in document["components"]["schemas"].items():
                add_examples(name, schema)
            for operation in (operation for path in document["paths"].values() for operation in path.values()):
                for response in operation["responses"].values():
                    add_example(response)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = with_examples  # type: ignore[method-assign]


def add_examples(name: str, schema: dict[str, Any]) -> None:
    """An example for a body, and of it for each of its fields."""
    whole = schema.setdefault("examples", [EXAMPLES[name]] if name in EXAMPLES else [])
    known = {**(whole[0] if whole else {}), **BESIDE.get(name, {})}
    for field, value in schema.get("properties", {}).items():
        if field in known or "default" in value or value.get("type") == "null":
            value["examples"] = [known.get(field, value.get("default"))]


def add_example(response: dict[str, Any]) -> None:
    """The example of its body for a response that has none."""
    for content in response.get("content", {}).values():
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name in EXAMPLES:
            content.setdefault("example", EXAMPLES[name])
        if name == "ErrorBody":  # FastAPI leaves out what is null
            content["example"]["error"].setdefault("param", None)
