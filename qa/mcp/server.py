"""The tools and resources of the MCP server, and both of its transports.

Every tool gives text for a reader and, as structured content, the JSON of ``qa.shape`` or of a shape said here.
"""

import json
import signal
import socket
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

import uvicorn
from annotated_types import Ge, Le, MaxLen
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.types import CallToolResult, Resource, TextContent, ToolAnnotations
from pydantic import Field
from typing_extensions import TypedDict

from qa.ask.citation import Status, check
from qa.ask.library import MAX_HISTORY, Library
from qa.config import Settings
from qa.errors import StoreError, UsageError
from qa.lines import answer_text, search_lines
from qa.mcp.opened import Opened
from qa.render import answer_json, passage_json, printable
from qa.shape import AnswerJson, Offset, PassageJson
from qa.types import Answer, Document

INSTRUCTIONS = """\
Answers about a folder of documents. Every answer is a quotation of them with its place, or none: where `answer` is
null the documents do not say, so say that and do not answer from elsewhere. Quote exactly; cite `path`, `start`, `end`.
`ask` answers one question; `search` gives passages unread; `read_source` gives the text around a place; `verify` holds
citations to the files as they are now."""
READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
URI = "qa://sources/"
LONGEST_READ = 20_000
"""Characters of a source that are read at once."""
TopK = Annotated[int, Ge(1), Le(100), Field(description="How many passages.")]


class SearchJson(TypedDict):
    """Passages, nearest first; none of them is an answer."""

    passages: list[PassageJson]


class ReadJson(TypedDict):
    """A slice of a source: ``text`` is its text from ``start`` to ``end``, in code points, end exclusive."""

    doc_id: str
    title: str
    path: str
    sha256: str
    characters: int
    start: Offset
    end: Offset
    text: str


class CitationToVerify(TypedDict):
    """Of a citation what it is verified by."""

    path: str
    start: Offset
    end: Offset
    quote: str
    sha256: str


class VerifiedJson(TypedDict):
    """How a citation stands to its file."""

    path: str
    start: Offset
    end: Offset
    status: Status


class VerifyJson(TypedDict):
    """Each citation in order, and whether all are unchanged."""

    unchanged: bool
    citations: list[VerifiedJson]


def told(text: str, structured: Mapping[str, Any]) -> CallToolResult:
    """A result as text and as structured content."""
    return CallToolResult(
        content=[TextContent(type="text", text=printable(text))], structured_content=json.loads(json.dumps(structured))
    )


class Server(MCPServer):
    """A server whose resources are the sources of the library in use."""

    def __init__(self, opened: Opened, version: str) -> None:
        super().__init__("qa", title="qa", instructions=INSTRUCTIONS, version=version, log_level="WARNING")
        self._opened = opened

    async def list_resources(self) -> list[Resource]:
        """The sources in order of their paths, as the index lists them: no text is read for its bytes to be counted."""
        sources = self._opened.call(lambda library: library.index.sources)
        return [
            Resource(
                uri=URI + quote(source.doc_id),
                name=source.doc_id,
                title=source.title,
                description=f"{source.path}, {source.characters:,} characters",
                mime_type="text/plain",
            )
            for source in sources
        ]


def make_server(settings: Settings, library: Library, version: str) -> MCPServer:
    """A server over an open library; ``settings`` name the folders that it is renewed from."""
    opened = Opened(settings, library)
    server = Server(opened, version)

    def document(doc_id: str) -> Document:
        return opened.call(lambda library: library.source(doc_id))

    @server.tool(title="Ask the sources", annotations=READ_ONLY)
    def ask(
        question: Annotated[str, Field(description="One question in the language of the sources.")],
        history: Annotated[
            list[str],
            MaxLen(MAX_HISTORY),
            Field(description="The earlier questions of the conversation, oldest first."),
        ] = [],  # noqa: B006
        sources: Annotated[
            list[str] | None, Field(description="Ask only these, by `doc_id`; all where it is left out.")
        ] = None,
        top_k: TopK = 5,
    ) -> Annotated[CallToolResult, AnswerJson]:
        """Answer a question with quotations and their places, or say that the sources do not."""

        def asked(library: Library) -> Answer:
            return library.ask(question, history, sources=sources or None, top_k=top_k)

        try:
            answer = opened.call(asked)
        except (UsageError, StoreError) as error:
            raise ToolError(printable(str(error))) from error
        fields, text = answer_json(answer), answer_text(answer)
        if (stale := opened.notice()) is not None:
            fields["notice"] = printable(stale)
            text += f"\n\n({stale})"
        return told(text, fields)

    @server.tool(title="Search the sources", annotations=READ_ONLY)
    def search(
        query: Annotated[str, Field(description="Words or a question.")], top_k: TopK = 5
    ) -> Annotated[CallToolResult, SearchJson]:
        """Find the passages nearest to a query, without reading them; none of them is an answer."""
        try:
            found = opened.call(lambda library: library.search(query, top_k=top_k))
        except (UsageError, StoreError) as error:
            raise ToolError(printable(str(error))) from error
        return told("\n".join(search_lines(found)), SearchJson(passages=[passage_json(one) for one in found]))

    @server.tool(title="Read a source", annotations=READ_ONLY)
    def read_source(
        doc_id: Annotated[str, Field(description="The id of a source, as citations and resources have it.")],
        start: Annotated[int, Ge(0), Field(description="The first code point.")] = 0,
        end: Annotated[int | None, Field(description="Behind the last code point; at most 20,000 are read.")] = None,
    ) -> Annotated[CallToolResult, ReadJson]:
        """Read the text of a source, or a slice of it, in which all offsets count."""
        try:
            found = document(doc_id)
        except UsageError as error:
            raise ToolError(printable(str(error))) from error
        last = min(len(found.text), start + LONGEST_READ, len(found.text) if end is None else end)
        first = min(start, last)
        fields = ReadJson(
            doc_id=found.doc_id,
            title=found.title,
            path=found.path,
            sha256=found.sha256,
            characters=len(found.text),
            start=first,
            end=last,
            text=found.text[first:last],
        )
        return told(fields["text"], fields)

    @server.tool(title="Verify citations", annotations=READ_ONLY)
    def verify(
        citations: Annotated[list[CitationToVerify], Field(description="Citations as `ask` gives them.")],
    ) -> Annotated[CallToolResult, VerifyJson]:
        """Hold citations to the files as they are now: unchanged, changed since, another quote, or missing."""
        found = [
            VerifiedJson(path=one["path"], start=one["start"], end=one["end"], status=check(one, settings.corpus))
            for one in citations
        ]
        lines = [f"{one['status']}: {one['path']}:{one['start']}-{one['end']}" for one in found]
        unchanged = all(one["status"] == "unchanged" for one in found)
        return told("\n".join(lines) or "no citations", VerifyJson(unchanged=unchanged, citations=found))

    @server.resource(URI + "{+doc_id}", name="source", title="A source", mime_type="text/plain")
    def source(doc_id: str) -> str:
        """The text of a source, in which all offsets count."""
        try:
            return document(doc_id).text
        except UsageError as error:
            raise ResourceNotFoundError(printable(str(error))) from error

    return server


def serve_http(server: MCPServer, listening: socket.socket) -> None:
    """Serve streamable HTTP at ``/mcp`` until a signal ends it; only requests that name this machine are answered."""
    app = server.streamable_http_app(stateless_http=True, host="127.0.0.1")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10)
    uvicorn.Server(config).run(sockets=[listening])
