"""The bodies of requests and answers. Our own refuse unknown fields; in OpenAI's shape they are ignored.

Answers have the shape of ``qa.render``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.ask.library import MAX_HISTORY, MAX_QUESTION
from qa.shape import AnswerJson, PassageJson

QuestionText = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
MAX_BATCH = 32
"""Questions of one request."""
Count = Annotated[int, Field(ge=1, le=100)]
Offset = Annotated[int, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """A body whose fields are all known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Lenient(BaseModel):
    """A body of a client that was written for another model: what is not known here has no effect."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)


class AskRequest(Strict):
    """One question, with the earlier questions of the conversation, oldest first."""

    question: QuestionText = Field(description="At most 2,000 code points, with a word in it.")
    history: list[QuestionText] = Field(
        default=[],
        max_length=MAX_HISTORY,
        description="Earlier questions, oldest first. Leave it empty to have the question taken literally.",
    )
    sources: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="Ask only these, by `doc_id`; all where it is left out.",
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


class CorpusBody(Strict):
    """The folder that is served; another folder has another id."""

    id: str
    name: str


class SourceBody(Strict):
    """A source document; ``note`` is what a person should know of how it was read.

    ``kind`` is its format and ``genre`` what its front matter calls it. ``date`` is that of its front matter, else the
    day on which its file was changed; ``bytes`` is the file's size, and ``address`` where the original stands.
    """

    doc_id: str
    title: str
    path: str
    kind: str
    genre: str | None
    characters: int
    words: int
    passages: int
    bytes: int | None
    date: str | None
    address: str | None
    sha256: str
    note: str | None


class SkippedBody(Strict):
    """A file of the corpus that is no document, and why."""

    path: str
    reason: str


class SourceList(Strict):
    """The documents in order of their paths, and the files that were skipped."""

    corpus: CorpusBody
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


class ErrorDetail(Lenient):
    """What went wrong and what to do; ``param`` names the field at fault."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorBody(Lenient):
    """Every error has this shape."""

    error: ErrorDetail


# --- OpenAI's shape -----------------------------------------------------------------------------------------


class ContentPart(Lenient):
    """A piece of a message; only text is read, not images, sound or files."""

    type: str
    """`text`, or in responses `input_text` and `output_text`; others are left unread."""
    text: str | None = None
    """The words of a piece of text."""


class Message(Lenient):
    """A message of a conversation. Only the user's are questions; the others are accepted and left unread."""

    role: str
    """Whose message it is: `user` for a question."""
    content: str | list[ContentPart] | None = None
    """The words, whole or in pieces."""

    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text and part.type.endswith("text"))
        return self.content or ""


class StreamOptions(Lenient):
    """How to stream."""

    include_usage: bool | None = None
    """Whether a last chunk tells the usage."""


class CompletionRequest(Lenient):
    """OpenAI's chat completion. What else it may hold, to steer a generating model, is ignored: answers are quotes."""

    model: str
    """`qa`"""
    messages: list[Message] = Field(min_length=1, max_length=1000)
    """The conversation; the last message of the user is the question, the earlier ones are its history."""
    stream: bool | None = None
    """Whether to answer in chunks, as server-sent events."""
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    """There is one answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "qa", "messages": [{"role": "user", "content": "Who composed the music?"}]}]
        },
    )


class InputItem(Lenient):
    """An item of the input: a message, or another kind, which is left unread."""

    type: str | None = None
    """`message`, or none of a message; others are left unread."""
    role: str | None = None
    """Whose message it is: `user` for a question."""
    content: str | list[ContentPart] | None = None
    """The words, whole or in pieces."""

    def message(self) -> Message:
        """The item as a message; of nobody where it is none."""
        return Message(role=(self.role or "") if self.type in (None, "message") else "", content=self.content)


class ResponseRequest(Lenient):
    """OpenAI's response. What else it may hold, to steer a generating model, is ignored: answers are quotes."""

    model: str
    """`qa`"""
    input: str | Annotated[list[InputItem], Field(min_length=1, max_length=1000)]
    """The question, or the conversation; its last message of the user is the question."""
    stream: bool | None = None
    """Whether to answer in events."""
    previous_response_id: str | None = None
    """Refused: nothing is kept, so send the earlier messages in `input`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"model": "qa", "input": "Who composed the music?"}]},
    )


class UrlCitation(Lenient):
    """``content[start_index:end_index]`` is what the page at ``url`` is cited for; the end is exclusive."""

    start_index: int
    """In code points."""
    end_index: int
    """In code points, exclusive."""
    start_index_utf16: int
    """In UTF-16 code units, in which JavaScript slices."""
    end_index_utf16: int
    """In UTF-16 code units, exclusive."""
    title: str
    """Of the source."""
    url: str
    """The page, opened at the quote."""


class Annotation(Lenient):
    """A citation as OpenAI's clients show it."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class CharLocation(Lenient):
    """A citation as a place: ``cited_text`` is the source's text from start to end, in code points, end exclusive."""

    type: Literal["char_location"]
    document_index: int
    """Row in `GET /v1/sources`, from 0."""
    document_title: str
    start_char_index: int
    """In code points of the source's text."""
    end_char_index: int
    """In code points, exclusive."""
    start_char_index_utf16: int
    """In UTF-16 code units, in which JavaScript slices."""
    end_char_index_utf16: int
    """In UTF-16 code units, exclusive."""
    cited_text: str


class AssistantMessage(Lenient):
    """The answer as a message; ``citations`` are beside OpenAI's own fields."""

    role: Literal["assistant"]
    content: str
    """The answer alone, or every value where the sources differ, or what is said in its place."""
    refusal: None
    annotations: list[Annotation]
    citations: list[CharLocation]
    """The places of the same citations in the sources."""


class Choice(Lenient):
    """The only choice."""

    index: Literal[0]
    message: AssistantMessage
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(Lenient):
    """Counted in words, since nothing here is paid by the token."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(Lenient):
    """OpenAI's chat completion with the whole answer of ``/v1/ask`` in ``answer``; the fingerprint is the index."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: str
    choices: list[Choice]
    usage: Usage
    answer: AnswerJson | None
    """The JSON of `/v1/ask`; null where a chat client asked for a title, tags or the like and not a question."""


class UrlAnnotation(UrlCitation):
    """The same citation as it stands in a response."""

    type: Literal["url_citation"]


class OutputText(Lenient):
    """The words of the answer; ``citations`` are beside OpenAI's own fields."""

    type: Literal["output_text"]
    text: str
    """The answer alone, or every value where the sources differ, or what is said in its place."""
    annotations: list[UrlAnnotation]
    logprobs: list[None]
    citations: list[CharLocation]
    """The places of the same citations in the sources."""


class OutputMessage(Lenient):
    """The only item of the output."""

    type: Literal["message"]
    id: str
    status: Literal["completed", "in_progress"]
    role: Literal["assistant"]
    content: list[OutputText]


class TokenDetails(Lenient):
    """Nothing is cached and nothing is reasoned."""

    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0


class ResponseUsage(Lenient):
    """Counted in words, since nothing here is paid by the token."""

    input_tokens: int
    input_tokens_details: TokenDetails
    output_tokens: int
    output_tokens_details: TokenDetails
    total_tokens: int


class Response(Lenient):
    """OpenAI's response with the whole answer of ``/v1/ask`` in ``answer``. Nothing is kept behind its id."""

    id: str
    object: Literal["response"]
    created_at: int
    status: Literal["completed", "in_progress"]
    model: str
    output: list[OutputMessage]
    usage: ResponseUsage | None
    answer: AnswerJson | None
    """The JSON of `/v1/ask`; null where a chat client asked for a title, tags or the like and not a question."""
    index_version: str
    error: None = None
    incomplete_details: None = None
    instructions: None = None
    metadata: dict[str, str] = {}
    parallel_tool_calls: bool = False
    previous_response_id: None = None
    store: bool = False
    temperature: None = None
    text: dict[str, dict[str, str]] = {"format": {"type": "text"}}
    tool_choice: Literal["none"] = "none"
    tools: list[None] = []
    top_p: None = None
    truncation: Literal["disabled"] = "disabled"


class Model(Lenient):
    """The one model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(Lenient):
    """All models: one."""

    object: Literal["list"]
    data: list[Model]
