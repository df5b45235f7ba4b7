"""The SDK's own client against the MCP server: in one process with fakes, over stdio and over HTTP with the models."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from conftest import ARTICLE, ROOT
from mcp import Client, MCPError, StdioServerParameters, stdio_client

from qa.ask.library import Library
from qa.config import Settings
from qa.mcp.opened import Opened
from qa.mcp.server import LONGEST_READ, make_server
from qa.search.index import Index

QUESTION = "Which prize did the film win in 1999, the Silver Gull?"
SCHEMA = json.loads((ROOT / "qa" / "answer.schema.json").read_text())
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def server(library: Library, corpus: Path, tmp_path: Path) -> Any:
    return make_server(Settings(corpus=corpus, index=tmp_path / "index", encoder="hash"), library, "1")


def with_client(server: Any, talk: Talk) -> Any:
    async def run() -> Any:
        async with Client(server) as client:
            return await talk(client)

    return asyncio.run(run())


def called(server: Any, tool: str, **arguments: Any) -> Any:
    return with_client(server, lambda client: client.call_tool(tool, arguments))


def test_the_tools_say_what_they_take_and_give(server: Any) -> None:
    tools = {tool.name: tool for tool in with_client(server, lambda client: client.list_tools()).tools}
    assert tools.keys() == {"ask", "search", "read_source", "verify"}
    for tool in tools.values():
        assert tool.description
        assert tool.annotations.read_only_hint
        assert all("description" in value for value in tool.input_schema["properties"].values()), tool.name
        assert tool.output_schema["type"] == "object" or "$ref" in tool.output_schema
    assert "do not answer from elsewhere" in with_client(server, instructions)


async def instructions(client: Client) -> str:
    return client.instructions or ""


def test_an_answer_has_citations_that_hold(server: Any, corpus: Path) -> None:
    result = called(server, "ask", question=QUESTION)
    answer = result.structured_content
    jsonschema.validate(answer, SCHEMA)
    assert not result.is_error
    assert result.content[0].text.startswith("It won the Silver Gull in 1999.\n\n  [1] “")
    for citation in answer["citations"]:
        text = called(server, "read_source", doc_id=citation["doc_id"]).structured_content["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    verified = called(server, "verify", citations=answer["citations"]).structured_content
    assert verified["unchanged"]
    assert [one["status"] for one in verified["citations"]] == ["unchanged"] * len(answer["citations"])
    (corpus / "article.md").write_text(ARTICLE + "More.", encoding="utf-8")
    changed = called(server, "verify", citations=answer["citations"]).structured_content
    assert not changed["unchanged"]
    again = called(server, "ask", question=QUESTION)
    assert "the source article.md was changed" in again.structured_content["notice"]
    assert "the source article.md was changed" in again.content[0].text


def test_an_abstention_and_a_follow_up(server: Any) -> None:
    assert called(server, "ask", question="zebra quantum spreadsheet?").structured_content["answer"] is None
    followed = called(server, "ask", question="And the music?", history=["Who directed the film?"], top_k=1)
    assert followed.structured_content["interpreted_as"] == "Who directed the music?"
    assert len(followed.structured_content["passages"]) == 1
    held = called(server, "ask", question=QUESTION, sources=["interview"], top_k=5).structured_content
    assert {passage["doc_id"] for passage in held["passages"]} == {"interview"}


def test_passages_and_slices(server: Any) -> None:
    found = called(server, "search", query="lake", top_k=2).structured_content["passages"]
    assert len(found) == 2
    part = called(server, "read_source", doc_id=found[0]["doc_id"], start=found[0]["start"], end=found[0]["end"])
    assert part.structured_content["text"] == part.content[0].text == found[0]["text"]
    beyond = called(server, "read_source", doc_id="article", start=10**6).structured_content
    assert (beyond["text"], beyond["start"], beyond["end"]) == ("", len(ARTICLE), len(ARTICLE))


def test_a_long_source_is_read_in_slices(build: Callable[[], Index], corpus: Path, library: Library) -> None:
    (corpus / "long.txt").write_text("A line of the lake.\n" * 3000, encoding="utf-8")
    build()
    from msgspec.structs import replace

    server = make_server(Settings(corpus=corpus), replace(library, index=build()), "1")
    part = called(server, "read_source", doc_id="long").structured_content
    assert (part["start"], part["end"], part["characters"]) == (0, LONGEST_READ, 60_000)


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("ask", {"question": "?!"}, "has no word in it"),
        ("ask", {"question": "x" * 3000}, "at most 2000 are read"),
        ("ask", {"question": "a", "history": ["?"]}, "has no word in it"),
        ("ask", {}, "question"),
        ("ask", {"question": "a", "top_k": 0}, "top_k"),
        ("ask", {"question": "a", "sources": ["nope"]}, "no source has the id 'nope'"),
        ("search", {"query": ""}, "has no word in it"),
        ("read_source", {"doc_id": "nope"}, "no source has the id 'nope'; known are article, interview"),
        ("verify", {"citations": [{"path": "a"}]}, "citations"),
    ],
)
def test_what_cannot_be_used_is_said(server: Any, tool: str, arguments: dict[str, Any], message: str) -> None:
    result = called(server, tool, **arguments)
    assert result.is_error
    assert message in result.content[0].text


def test_sources_are_resources(server: Any, library: Library) -> None:
    listed = with_client(server, lambda client: client.list_resources()).resources
    assert [(one.uri, one.name) for one in listed] == [
        ("qa://sources/article", "article"),
        ("qa://sources/interview", "interview"),
    ]
    for one in listed:
        read = with_client(server, lambda client, uri=one.uri: client.read_resource(uri)).contents[0]
        assert read.text == library.source(one.name).text
        assert one.description == f"{library.source(one.name).path}, {len(read.text):,} characters"

    async def missing(client: Client) -> None:
        with pytest.raises(MCPError, match="no source has the id 'nope'"):
            await client.read_resource("qa://sources/nope")

    with_client(server, missing)


def test_resources_are_listed_without_reading_a_text(
    server: Any, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(library.index.documents), "__getitem__", None)
    assert len(with_client(server, lambda client: client.list_resources()).resources) == 2


def test_a_source_of_any_name_can_be_read(build: Callable[[], Index], corpus: Path, library: Library) -> None:
    from msgspec.structs import replace

    (corpus / "a b").mkdir()
    (corpus / "a b" / "é#?%41.txt").write_text("The lake was calm.", encoding="utf-8")
    server = make_server(Settings(corpus=corpus), replace(library, index=build()), "1")
    uris = [one.uri for one in with_client(server, lambda client: client.list_resources()).resources]
    read = [with_client(server, lambda client, uri=uri: client.read_resource(uri)).contents[0].text for uri in uris]
    assert "The lake was calm." in read


def test_a_new_index_is_taken_up(
    library: Library, corpus: Path, build: Callable[[], Index], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from msgspec.structs import replace

    monkeypatch.setattr("qa.mcp.opened.open_with", lambda settings, build: replace(library, index=newer))
    opened = Opened(Settings(corpus=corpus, index=tmp_path / "index"), library)
    assert opened.call(lambda one: one.version) == library.version
    (corpus / "more.txt").write_text("The lake froze.")
    newer = build()
    assert opened.call(lambda one: one.version) == newer.version != library.version
    (tmp_path / "index" / "CURRENT").unlink()
    assert opened.call(lambda one: one.version) == newer.version


# --- both transports, as processes with the real models -------------------------------------------------------------


async def ask_of_both(client: Client) -> None:
    assert {tool.name for tool in (await client.list_tools()).tools} >= {"ask", "verify"}
    answer = (await client.call_tool("ask", {"question": "Who composed the music?"})).structured_content
    assert answer is not None
    assert answer["answer"] == "Marc Marder"
    verified = (await client.call_tool("verify", {"citations": answer["citations"]})).structured_content
    assert verified is not None
    assert verified["unchanged"]
    first = answer["citations"][0]
    uris = [resource.uri for resource in (await client.list_resources()).resources]
    uri = next(uri for uri in uris if uri.endswith(first["doc_id"]))
    text = (await client.read_resource(uri)).contents[0].text  # type: ignore[union-attr]
    assert text[first["start"] : first["end"]] == first["quote"]


@pytest.mark.real
def test_stdio(real_index: Path) -> None:
    arguments = ["-m", "qa", "mcp", "--corpus", str(ROOT / "corpus"), "--index", str(real_index)]
    started = stdio_client(StdioServerParameters(command=sys.executable, args=arguments, cwd=ROOT))
    with_client(started, ask_of_both)


@contextmanager
def http_server(real_index: Path, log: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "qa", "mcp", "--http", "--port", "0"]
    command += ["--corpus", str(ROOT / "corpus"), "--index", str(real_index)]
    with log.open("w") as err:
        process = subprocess.Popen(command, stderr=err, cwd=ROOT)
    try:
        for _ in range(1200):
            if found := re.search(r"http://127\.0\.0\.1:\d+/mcp", log.read_text()):
                break
            assert process.poll() is None, log.read_text()
            asyncio.run(asyncio.sleep(0.1))
        assert found
        yield found[0]
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.real
def test_http(real_index: Path, tmp_path: Path) -> None:
    with http_server(real_index, tmp_path / "log") as address:
        with_client(address, ask_of_both)
        foreign = httpx.post(address, headers={"host": "elsewhere.example"}, json={})
        assert foreign.status_code in (403, 421)
        foreign = httpx.post(address, headers={"origin": "https://elsewhere.example"}, json={})
        assert foreign.status_code == 403


def test_without_the_package_it_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from qa.cli import main

    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    monkeypatch.delitem(sys.modules, "qa.mcp.server", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["mcp"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "qa: MCP takes one more package; install it with `pip install 'qa[mcp]'`\n"
