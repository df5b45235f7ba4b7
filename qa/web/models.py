"""The bodies of requests and answers. Our own refuse unknown fields; in OpenAI's shape they are ignored.

Answers have the shape of ``qa.shape``. The words under a field describe it in the OpenAPI document.
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

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Lenient(BaseModel):
    """A body of a client that was written for another model: what is not known here has no effect."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)


class AskRequest(Strict):
    """One question, with the earlier questions of the conversation, oldest first."""

    question: QuestionText
    """At most 2,000 code points, with a word in it."""
    history: list[QuestionText] = Field(default=[], max_length=MAX_HISTORY)
    """Earlier questions, oldest first. Leave it empty to have the question taken literally."""
    sources: list[str] | None = Field(default=None, min_length=1, max_length=1000)
    """Ask only these, by `doc_id`; all where it is left out."""
    top_k: Count | None = None
    """How many nearest passages come with the answer."""
    explain: bool = False
    """Whether to add the scores behind ranking and decision."""

    model_config = ConfigDict(
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
    """The questions."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"questions": [{"question": "Who composed the music?"}]}]},
    )


class SearchRequest(Strict):
    """A query for the nearest passages, unread."""

    query: QuestionText
    """Words or a question."""
    top_k: Count | None = None
    """How many passages."""
    explain: bool = False
    """Whether to add what each score was made of."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": "clay figures", "top_k": 3}]})


class BatchBody(Strict):
    """The answers in the order of the questions."""

    answers: list[AnswerJson]
    """An answer for each question."""


class SearchBody(Strict):
    """Passages, nearest first."""

    query: str
    """The query as it was given."""
    passages: list[PassageJson]
    """The passages; none of them is an answer."""


class CorpusBody(Strict):
    """The folder that is served; another folder has another id."""

    id: str
    """Twelve hex digits."""
    name: str
    """The folder's name."""


class SourceBody(Strict):
    """A source document; ``note`` is what a person should know of how it was read.

    ``kind`` is its format and ``genre`` what its front matter calls it. ``date`` is that of its front matter, else the
    day on which its file was changed; ``bytes`` is the file's size, and ``address`` where the original stands.
    """

    doc_id: str
    """The id that citations name it by."""
    title: str
    """Its title."""
    path: str
    """Its file, relative to the corpus folder."""
    kind: str
    """Its format."""
    genre: str | None
    """What its front matter calls it."""
    characters: int
    """Code points of its text."""
    words: int
    """Words of its text."""
    passages: int
    """Passages that it was split into."""
    bytes: int | None
    """The size of its file; null where it is gone."""
    date: str | None
    """Of its front matter, else the day on which its file was changed."""
    address: str | None
    """Where the original stands on the web."""
    sha256: str
    """Of its file's bytes."""
    note: str | None
    """What a person should know of how it was read."""


class SkippedBody(Strict):
    """A file of the corpus that is no document, and why."""

    path: str
    """The file, relative to the corpus folder."""
    reason: str
    """Why it is no document."""


class SourceList(Strict):
    """The documents in order of their paths, and the files that were skipped."""

    corpus: CorpusBody
    """The folder."""
    sources: list[SourceBody]
    """Its documents."""
    skipped: list[SkippedBody]
    """The files that are no documents."""
    adding: bool
    """Whether files can be added."""
    building: bool
    """Whether the index is being built behind files that were added."""
    problem: str | None
    """Why it could not be built."""
    feedback: bool
    """Whether wrong answers can be reported."""


class AddedBody(Strict):
    """Where in the corpus a file was stored."""

    path: str
    """The file, relative to the corpus folder."""


class RightPlace(Strict):
    """Where a right answer stands: code points of the source's text, the end exclusive."""

    doc_id: str
    """The source."""
    start: Offset
    """Where it begins."""
    end: Offset
    """Where it ends."""


class FeedbackRequest(Strict):
    """A question whose answer was wrong, and where the right one stands; null where no source tells it."""

    question: QuestionText
    """The question."""
    history: list[QuestionText] = Field(default=[], max_length=MAX_HISTORY)
    """Earlier questions, oldest first."""
    right: RightPlace | None
    """Where the right answer stands; null where no source tells it."""


class FeedbackBody(Strict):
    """The id of the line that was written, and the name of the file."""

    id: str
    """The id of the line."""
    file: str
    """The name of the file."""


class SourceTextBody(SourceBody):
    """A source document with the text that all offsets count in, its front matter, and what of it is markup.

    ``marks`` are ``[start, end, shown]``: that slice of the text reads as ``shown``. ``elements`` are ``[kind, start,
    end, level]`` in order: headings with their level from 1, items with their depth from 0, rows, paragraphs and so on.
    """

    text: str
    """The text that all offsets count in."""
    marks: list[tuple[int, int, str]]
    """`[start, end, shown]`: that slice reads as `shown`."""
    elements: list[tuple[str, int, int, int]]
    """`[kind, start, end, level]`, in order."""
    metadata: dict[str, str]
    """The front matter."""


class Examples(Strict):
    """Questions that the documents answer."""

    questions: list[str]
    """At most six; empty until they are found, soon after an index is loaded."""


class Ready(Strict):
    """The index in use. ``problem`` says why a newer one could not be loaded, or which source was changed since."""

    status: Literal["ready"]
    """The server answers."""
    index_version: str
    """The version of the index in use."""
    sources: int
    """Documents in it."""
    passages: int
    """Passages in it."""
    problem: str | None
    """Why a newer index could not be loaded, or which source was changed since."""


class ErrorDetail(Lenient):
    """What went wrong and what to do; ``param`` names the field at fault."""

    message: str
    """One line for a person, with what to do."""
    type: str
    """The kind of error, as OpenAI names it."""
    param: str | None
    """The field at fault."""
    code: str
    """The error, for a program."""


class ErrorBody(Lenient):
    """Every error has this shape."""

    error: ErrorDetail
    """The error."""


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
    """How to stream."""
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

    def messages(self) -> list[Message]:
        """The input as messages."""
        if isinstance(self.input, str):
            return [Message(role="user", content=self.input)]
        return [item.message() for item in self.input]


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
    """The only kind."""
    url_citation: UrlCitation
    """The citation."""


class CharLocation(Lenient):
    """A citation as a place: ``cited_text`` is the source's text from start to end, in code points, end exclusive."""

    type: Literal["char_location"]
    """The only kind."""
    document_index: int
    """Row in `GET /v1/sources`, from 0."""
    document_title: str
    """The source's title."""
    start_char_index: int
    """In code points of the source's text."""
    end_char_index: int
    """In code points, exclusive."""
    start_char_index_utf16: int
    """In UTF-16 code units, in which JavaScript slices."""
    end_char_index_utf16: int
    """In UTF-16 code units, exclusive."""
    cited_text: str
    """The quote, letter by letter."""


class AssistantMessage(Lenient):
    """The answer as a message; ``citations`` are beside OpenAI's own fields."""

    role: Literal["assistant"]
    """The assistant's."""
    content: str
    """The answer alone, or every value where the sources differ, or what is said in its place."""
    refusal: None
    """There is none: an abstention is said in `content`."""
    annotations: list[Annotation]
    """A link for each citation."""
    citations: list[CharLocation]
    """The places of the same citations in the sources."""


class Choice(Lenient):
    """The only choice."""

    index: Literal[0]
    """The first."""
    message: AssistantMessage
    """The answer."""
    logprobs: None
    """There are none."""
    finish_reason: Literal["stop"]
    """It is whole."""


class Usage(Lenient):
    """Counted in words, since nothing here is paid by the token."""

    prompt_tokens: int
    """Words of the user's messages."""
    completion_tokens: int
    """Words of the answer."""
    total_tokens: int
    """Both."""


class Completion(Lenient):
    """OpenAI's chat completion with the whole answer of ``/v1/ask`` in ``answer``; the fingerprint is the index."""

    id: str
    """Of this completion; nothing is kept behind it."""
    object: Literal["chat.completion"]
    """What this is."""
    created: int
    """When, in seconds since 1970."""
    model: str
    """The only one."""
    system_fingerprint: str
    """The version of the index."""
    choices: list[Choice]
    """The only one."""
    usage: Usage
    """How much was said."""
    answer: AnswerJson | None
    """The JSON of `/v1/ask`; null where a chat client asked for a title, tags or the like and not a question."""


class UrlAnnotation(UrlCitation):
    """The same citation as it stands in a response."""

    type: Literal["url_citation"]
    """The only kind."""


class OutputText(Lenient):
    """The words of the answer; ``citations`` are beside OpenAI's own fields."""

    type: Literal["output_text"]
    """The only kind."""
    text: str
    """The answer alone, or every value where the sources differ, or what is said in its place."""
    annotations: list[UrlAnnotation]
    """A link for each citation."""
    logprobs: list[None]
    """There are none."""
    citations: list[CharLocation]
    """The places of the same citations in the sources."""


class OutputMessage(Lenient):
    """The only item of the output."""

    type: Literal["message"]
    """The only kind."""
    id: str
    """Of this message; nothing is kept behind it."""
    status: Literal["completed", "in_progress"]
    """Whether it is whole."""
    role: Literal["assistant"]
    """The assistant's."""
    content: list[OutputText]
    """The only piece; none while it is in progress."""


class TokenDetails(Lenient):
    """Nothing is cached and nothing is reasoned."""

    cached_tokens: int = 0
    """None."""
    cache_write_tokens: int = 0
    """None."""
    reasoning_tokens: int = 0
    """None."""


class ResponseUsage(Lenient):
    """Counted in words, since nothing here is paid by the token."""

    input_tokens: int
    """Words of the user's messages."""
    input_tokens_details: TokenDetails
    """Of which kinds."""
    output_tokens: int
    """Words of the answer."""
    output_tokens_details: TokenDetails
    """Of which kinds."""
    total_tokens: int
    """Both."""


class Response(Lenient):
    """OpenAI's response with the whole answer of ``/v1/ask`` in ``answer``. Nothing is kept behind its id."""

    id: str
    """Of this response; nothing is kept behind it."""
    object: Literal["response"]
    """What this is."""
    created_at: int
    """When, in seconds since 1970."""
    status: Literal["completed", "in_progress"]
    """Whether it is whole."""
    model: str
    """The only one."""
    output: list[OutputMessage]
    """The message; none while it is in progress."""
    usage: ResponseUsage | None
    """How much was said; null while it is in progress."""
    answer: AnswerJson | None
    """The JSON of `/v1/ask`; null where a chat client asked for a title, tags or the like and not a question."""
    index_version: str
    """The version of the index."""
    error: None = None
    """None; an error has a status of its own."""
    incomplete_details: None = None
    """None."""
    instructions: None = None
    """None are followed."""
    metadata: dict[str, str] = {}
    """None is kept."""
    parallel_tool_calls: bool = False
    """No tool is called."""
    previous_response_id: None = None
    """None is kept."""
    store: bool = False
    """Nothing is kept."""
    temperature: None = None
    """Nothing is drawn."""
    text: dict[str, dict[str, str]] = {"format": {"type": "text"}}
    """Plain text."""
    tool_choice: Literal["none"] = "none"
    """No tool is called."""
    tools: list[None] = []
    """No tool is called."""
    top_p: None = None
    """Nothing is drawn."""
    truncation: Literal["disabled"] = "disabled"
    """Nothing is cut."""


class Model(Lenient):
    """The one model."""

    id: str
    """Its name."""
    object: Literal["model"]
    """What this is."""
    created: int
    """When the server started, in seconds since 1970."""
    owned_by: str
    """The program."""


class ModelList(Lenient):
    """All models: one."""

    object: Literal["list"]
    """What this is."""
    data: list[Model]
    """The models."""
