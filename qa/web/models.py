"""The bodies of requests and answers; unknown fields are refused. Answers follow ``qa/answer.schema.json``."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.ask.library import MAX_HISTORY, MAX_QUESTION

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


class Citation(Strict):
    """A quote and where it stands: ``quote == text[start:end]`` of the source; ends are exclusive."""

    doc_id: str
    title: str
    path: str
    section: str | None
    start: Offset
    end: Offset
    quote: str
    answer_start: int | None
    answer_end: int | None
    sha256: str


class Conflict(Strict):
    """One of the values that the sources give."""

    answer: str
    citations: list[Citation]


class Passage(Strict):
    """A passage near the question; not an answer."""

    passage_id: str
    doc_id: str
    path: str
    start: Offset
    end: Offset
    text: str
    score: float
    scores: dict[str, float] = Field(default={}, description="With explain: what the score was made of.")


class AnswerBody(Strict):
    """An answer, the same as from ``qa ask --json``. Offsets count Unicode code points; ends are exclusive."""

    question: str
    interpreted_as: str | None = Field(description="The stand-alone question that a follow-up was taken for.")
    answer: str | None = Field(description="A slice of the first citation's quote; null exactly when abstained.")
    abstained: bool
    reason: Literal["no_match", "off_topic", "unknown_name", "weak_match"] | None
    confidence: Probability
    citations: list[Citation]
    conflicts: list[Conflict] = Field(description="Empty unless the sources differ; then every value.")
    passages: list[Passage]
    took_ms: float
    scores: dict[str, float] = Field(default={}, description="With explain: what the decision was made of.")


class BatchBody(Strict):
    """The answers in the order of the questions."""

    answers: list[AnswerBody]


class SearchBody(Strict):
    """Passages, nearest first."""

    query: str
    passages: list[Passage]


class SourceBody(Strict):
    """A source document."""

    doc_id: str
    title: str
    path: str
    passages: int
    sha256: str


class SourceList(Strict):
    """The documents in order of their paths."""

    sources: list[SourceBody]


class SourceTextBody(SourceBody):
    """A source document with the text that all offsets count in, and its front matter."""

    text: str
    metadata: dict[str, str]


class Examples(Strict):
    """Questions that the documents answer."""

    questions: list[str]


class Ready(Strict):
    """The index in use. ``problem`` says why a newer one could not be loaded."""

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
    answer: AnswerBody


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
