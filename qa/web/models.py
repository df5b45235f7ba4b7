"""The bodies of requests and answers; unknown fields are refused. Answers have the shape of ``qa.render``."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.ask.library import MAX_HISTORY, MAX_QUESTION
from qa.render import AnswerJson, PassageJson

QuestionText = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
MAX_BATCH = 32
"""Questions of one request."""
Count = Annotated[int, Field(ge=1, le=100)]
Offset = Annotated[int, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """A body whose fields are all known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AskRequest(Strict):
    """One question, with the earlier questions of the conversation, oldest first."""

    question: QuestionText = Field(description="At most 2,000 code points, with a word in it.")
    history: list[QuestionText] = Field(
        default=[],
        max_length=MAX_HISTORY,
        description="Earlier questions, oldest first. Leave it empty to have the question taken literally.",
    )
    top_k: Count | None = Field(default=None, description="How many nearest passages come with the answer.")
    explain: bool = Field(default=False, description="Add the scores behind ranking and decision.")

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"question": "Who composed the music?"},
                {"question": "and in English?", "history": ["Who narrates the French version?"], "top_k": 3},
            ]
        },
    )


class BatchRequest(Strict):
    """Several questions, each with a history of its own."""

    questions: list[AskRequest] = Field(min_length=1, max_length=MAX_BATCH)

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"questions": [{"question": "Who composed the music?"}]}]},
    )


class SearchRequest(Strict):
    """A query for the nearest passages, unread."""

    query: QuestionText
    top_k: Count | None = None
    explain: bool = False

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"query": "clay figures", "top_k": 3}]}
    )


class BatchBody(Strict):
    """The answers in the order of the questions."""

    answers: list[AnswerJson]


class SearchBody(Strict):
    """Passages, nearest first."""

    query: str
    passages: list[PassageJson]


class SourceBody(Strict):
    """A source document; ``note`` is what a person should know of how it was read."""

    doc_id: str
    title: str
    path: str
    kind: str
    characters: int
    passages: int
    sha256: str
    note: str | None


class SkippedBody(Strict):
    """A file of the corpus that is no document, and why."""

    path: str
    reason: str


class SourceList(Strict):
    """The documents in order of their paths, and the files that were skipped."""

    sources: list[SourceBody]
    skipped: list[SkippedBody]


class SourceTextBody(SourceBody):
    """A source document with the text that all offsets count in, its front matter, and what of it is markup.

    ``marks`` are ``[start, end, shown]``: that slice of the text reads as ``shown``. ``elements`` are ``[kind, start,
    end, level]`` in order: headings with their level from 1, items with their depth from 0, rows, paragraphs and so on.
    """

    text: str
    marks: list[tuple[int, int, str]]
    elements: list[tuple[str, int, int, int]]
    metadata: dict[str, str]


class Examples(Strict):
    """Questions that the documents answer."""

    questions: list[str]


class Ready(Strict):
    """The index in use. ``problem`` says why a newer one could not be loaded, or which source was changed since."""

    status: Literal["ready"]
    index_version: str
    sources: int
    passages: int
    problem: str | None


class ErrorDetail(BaseModel):
    """What went wrong and what to do; ``param`` names the field at fault."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorBody(BaseModel):
    """Every error has this shape."""

    error: ErrorDetail


# --- OpenAI's shape -----------------------------------------------------------------------------------------


class TextPart(Strict):
    """A piece of a message."""

    type: Literal["text"]
    text: str


class Message(Strict):
    """A message of a conversation. Only the user's are questions; the others are accepted and left unread."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart] | None = None
    name: str | None = None
    refusal: str | None = None
    annotations: list[Any] | None = None
    citations: list[Any] | None = None

    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(Strict):
    """How to stream."""

    include_usage: bool = False
    include_obfuscation: bool | None = None


class CompletionRequest(Strict):
    """OpenAI's chat completion. What steers a generating model is accepted and has no effect: answers are quotes."""

    model: str
    messages: list[Message] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    user: str | None = None
    store: bool | None = None
    metadata: dict[str, str] | None = None

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"model": "qa", "messages": [{"role": "user", "content": "Who composed the music?"}]}]
        },
    )


class UrlCitation(BaseModel):
    """``content[start_index:end_index]`` is what the page at ``url`` is cited for; the end is exclusive."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    """A citation as OpenAI's clients show it."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class CharLocation(BaseModel):
    """A citation as a place: ``cited_text`` is the source's text from start to end, in code points, end exclusive."""

    type: Literal["char_location"]
    document_index: int = Field(description="Row in `GET /v1/sources`, from 0.")
    document_title: str
    start_char_index: int
    end_char_index: int
    cited_text: str


class AssistantMessage(BaseModel):
    """The answer as a message; ``citations`` are beside OpenAI's own fields."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]
    citations: list[CharLocation]


class Choice(BaseModel):
    """The only choice."""

    index: Literal[0]
    message: AssistantMessage
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """Counted in words, since nothing here is paid by the token."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """OpenAI's chat completion with the whole answer of ``/v1/ask`` in ``answer``; the fingerprint is the index."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: str
    choices: list[Choice]
    usage: Usage
    answer: AnswerJson


class Model(BaseModel):
    """The one model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(BaseModel):
    """All models: one."""

    object: Literal["list"]
    data: list[Model]
