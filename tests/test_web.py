"""The web endpoint over the fake encoder: answers, errors, limits, the queue, keys, events, a new index under load."""

import asyncio
import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import jsonschema
import pytest
from conftest import ROOT, fakes
from fastapi import FastAPI
from fastapi.testclient import TestClient
from files import Paper
from msgspec.structs import replace
from PIL import Image, ImageChops

from qa import UsageError
from qa.ask.library import Library
from qa.ask.opening import assemble
from qa.config import Settings
from qa.errors import StoreError
from qa.evaluate.gold.load import load_gold
from qa.ingest.corpus import document_of
from qa.ingest.splitter import split
from qa.search.index import Index
from qa.search.store import MemoryStore
from qa.types import Query
from qa.web import WebSettings, create_app
from qa.web.examples import candidates
from qa.web.settings import new_key, read_keys, read_rate

SCHEMA = json.loads((ROOT / "qa" / "answer.schema.json").read_text())
GULL = "Which prize did the film win in 1999, the Silver Gull?"
Connect = Callable[..., TestClient]


@pytest.fixture
def opener(build: Callable[[], Index], encoder: Any) -> Callable[[], Library]:
    """What a server calls to load the index in the index folder."""
    return lambda: assemble(build(), fakes(encoder))


@pytest.fixture
def app(opener: Callable[[], Library], corpus: Path, tmp_path: Path) -> Callable[..., FastAPI]:
    def make(**web: Any) -> FastAPI:
        settings = Settings(corpus=corpus, index=tmp_path / "index")
        web = {"poll_seconds": 0.05} | web
        return create_app(settings, WebSettings(**web), library=opener(), opener=opener, builder=opener)

    return make


@pytest.fixture
def client(app: Callable[..., FastAPI]) -> Iterator[TestClient]:
    with TestClient(app()) as client:
        yield client


class FailingStore(MemoryStore):
    """A store whose server is down."""

    def search(self, *asked: Any) -> Any:
        raise StoreError("http://10.0.0.7:19530: no answer")


def test_a_store_that_does_not_answer_is_a_503(app: Callable[..., FastAPI], opener: Callable[[], Library]) -> None:
    library = opener()
    down = replace(library, retriever=replace(library.retriever, store=FailingStore()))
    made = create_app(Settings(), WebSettings(), library=down, opener=lambda: down)
    with TestClient(made) as client:
        for path, body in (("ask", {"question": GULL}), ("search", {"query": GULL})):
            response = client.post(f"/v1/{path}", json=body)
            assert (response.status_code, response.json()["error"]["code"]) == (503, "store_unavailable")
            assert "10.0.0.7" not in response.text
        assert events_of(client.post("/v1/chat", json={"question": GULL}).text)[-1][1]["error"]["code"] == (
            "store_unavailable"
        )


def waiting(seconds: float = 20) -> Iterator[None]:
    """Turns of a loop that waits for a server: as many as fit into ``seconds``, however fast it answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.005)


def events_of(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_ask_gives_the_json_of_the_command_line(client: TestClient, corpus: Path) -> None:
    response = client.post("/v1/ask", json={"question": GULL, "top_k": 2, "explain": True})
    answer = response.json()
    jsonschema.validate(answer, SCHEMA)
    assert answer["answer"] == "It won the Silver Gull in 1999."
    assert len(answer["passages"]) == 2
    assert response.headers["x-index-version"] == client.get("/readyz").json()["index_version"]
    citation = answer["citations"][0]
    source = client.get(f"/v1/sources/{citation['doc_id']}").json()
    assert source["text"] == (corpus / citation["path"]).read_text(encoding="utf-8")
    assert source["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert source["metadata"]["title"] == "The Paper Boat"
    kind, start, end, level = source["elements"][0]
    assert (kind, level, source["text"][start:end]) == ("heading", 1, "The Paper Boat")


def test_a_follow_up_is_shown_as_understood_and_can_be_literal(client: TestClient) -> None:
    history = ["Who directed the film?"]
    understood = client.post("/v1/ask", json={"question": "And the music?", "history": history}).json()
    literal = client.post("/v1/ask", json={"question": "And the music?"}).json()
    assert understood["interpreted_as"] == "Who directed the music?"
    assert literal["interpreted_as"] is None


def test_openapi_describes_the_answer_as_the_schema_does(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for name, described in {"AnswerJson": SCHEMA, **SCHEMA["$defs"]}.items():
        assert document["components"]["schemas"][name]["properties"].keys() == described["properties"].keys()
        assert set(document["components"]["schemas"][name]["required"]) == set(described["required"])
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
    assert document["components"]["schemas"]["AskRequest"]["examples"]


def test_search_and_sources(client: TestClient) -> None:
    found = client.post("/v1/search", json={"query": "lake", "top_k": 2}).json()
    assert len(found["passages"]) == 2
    assert "Lake" in found["passages"][0]["text"] or "lake" in found["passages"][0]["text"]
    assert [source["doc_id"] for source in client.get("/v1/sources").json()["sources"]] == ["article", "interview"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "param"),
    [
        ("POST", "/v1/ask", {"question": "x" * 2001}, 422, "invalid_field", "question"),
        ("POST", "/v1/ask", {"question": "?!"}, 422, "unusable_question", "question"),
        ("POST", "/v1/ask", {"question": "a", "history": ["fine", "?"]}, 422, "unusable_question", "history.1"),
        ("POST", "/v1/ask", {"question": "a", "history": ["b"] * 51}, 422, "invalid_field", "history"),
        ("POST", "/v1/ask", {"question": "a", "top_k": 0}, 422, "invalid_field", "top_k"),
        ("POST", "/v1/ask", {"question": "a", "colour": 1}, 422, "unknown_field", "colour"),
        ("POST", "/v1/ask", {"question": "a\ud800"}, 422, "invalid_field", "question"),
        ("POST", "/v1/ask", {"question": "a", "\ud800": 1}, 422, "invalid_field", None),
        ("POST", "/v1/ask", b"{", 400, "invalid_json", None),
        ("POST", "/v1/ask/batch", {"questions": [{"question": "a"}] * 33}, 422, "invalid_field", "questions"),
        ("POST", "/v1/ask/batch", {"questions": []}, 422, "invalid_field", "questions"),
        ("POST", "/v1/ask/batch", {"questions": [{"question": "a"}, {"question": "?"}]}, 422, "unusable_question",
         "questions.1.question"),
        ("POST", "/v1/search", {}, 422, "invalid_field", "query"),
        ("GET", "/v1/sources/none", None, 404, "no_such_source", "doc_id"),
        ("GET", "/v1/ask", None, 405, "method_not_allowed", None),
        ("GET", "/nowhere", None, 404, "not_found", None),
        ("GET", "/static/%2e%2e/app.py", None, 404, "not_found", None),
        ("POST", "/v1/ask", {"question": "a" * 1_000_001}, 413, "body_too_large", None),
        ("POST", "/v1/chat/completions", {"model": "other", "messages": [{"role": "user", "content": "a"}]}, 404,
         "model_not_found", "model"),
        ("POST", "/v1/chat/completions", {"model": "qa", "messages": [{"role": "system", "content": "a"}]}, 422,
         "no_question", "messages"),
    ],
)  # fmt: skip
def test_every_error_has_one_shape(
    client: TestClient, method: str, path: str, body: Any, status: int, code: str, param: str | None
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = client.request(method, path, content=content, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert response.json().keys() == {"error"}
    error = response.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert (error["code"], error["param"]) == (code, param)
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_body_without_a_length_is_limited_too(app: Callable[..., FastAPI]) -> None:
    with TestClient(app(max_body=100)) as client:
        response = client.post("/v1/ask", content=(b"x" * 60 for _ in range(3)))
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")


def test_a_length_of_thousands_of_digits_is_too_large(client: TestClient) -> None:
    response = client.post("/v1/ask", content=b"{}", headers={"content-length": "9" * 5000})
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")


def test_security_headers_and_no_foreign_origin(client: TestClient) -> None:
    response = client.get("/", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", response.text)


def test_a_name_that_is_not_ours_is_refused(app: Callable[..., FastAPI]) -> None:
    with TestClient(app(hosts=frozenset(("localhost", "[::1]")))) as client:
        for host in ("localhost", "LOCALHOST:8000", "[::1]", "[::1]:8000"):
            assert client.get("/v1/sources", headers={"host": host}).status_code == 200
        for host in ("evil.example", "evil.example:8000", "localhost.evil.example", ""):
            refused = client.get("/", headers={"host": host})
            assert (refused.status_code, refused.json()["error"]["code"]) == (421, "unknown_host")


def test_cors_is_for_the_named_origins(app: Callable[..., FastAPI]) -> None:
    with TestClient(app(origins=("https://ours.example",))) as client:
        asked = {"origin": "https://ours.example", "access-control-request-method": "POST"}
        asked["access-control-request-headers"] = "authorization, content-type, x-stainless-lang"
        allowed = client.options("/v1/ask", headers=asked).headers
        assert allowed["access-control-allow-origin"] == asked["origin"]
        assert "x-stainless-lang" in allowed["access-control-allow-headers"]
        assert "access-control-allow-origin" not in client.get("/", headers={"origin": "https://no.example"}).headers


def test_chat_tells_what_happens_then_answers_then_cites(client: TestClient) -> None:
    response = client.post("/v1/chat", json={"question": GULL})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert [data["step"] for name, data in events if name == "status" and data["step"] != "waiting"] == [
        "interpreting",
        "searching",
        "reading",
    ]
    done = events[-1][1]
    jsonschema.validate(done["answer"], SCHEMA)
    assert names[-len(done["answer"]["citations"]) - 2 :] == [
        "answer",
        *["citation"] * len(done["answer"]["citations"]),
        "done",
    ]
    assert done["index_version"] == response.headers["x-index-version"]


def test_a_failure_inside_the_stream_is_an_event(app: Callable[..., FastAPI], caplog: pytest.LogCaptureFixture) -> None:
    made = app()

    def fail(*_: Any) -> None:
        raise RuntimeError("broken")

    with TestClient(made, raise_server_exceptions=False) as client:
        exchange(made, reader=SimpleNamespace(read=fail))
        events = events_of(client.post("/v1/chat", json={"question": "a b"}).text)
        assert events[-1][0] == "error"
        assert events[-1][1]["error"]["code"] == "internal_error"
        assert "broken" in caplog.text
        response = client.post("/v1/ask", json={"question": "a b"})
    assert (response.status_code, response.json()["error"]["code"]) == (500, "internal_error")


class SlowRetriever:
    """Waits until it is let go; counts how often it was asked."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.asked = inner, 0
        self.go = threading.Event()
        self.begun = threading.Event()

    def retrieve(self, query: Query, top_k: int, within: Any = None) -> Any:
        self.asked += 1
        self.begun.set()
        assert self.go.wait(20)
        return self.inner.retrieve(query, top_k, within)


def exchange(made: FastAPI, **parts: Any) -> None:
    """Put a library with other parts on the application's shelf."""
    shelf = made.state.shelf
    shelf.put(replace(shelf.library, **parts))


def slow(made: FastAPI) -> SlowRetriever:
    retriever = SlowRetriever(made.state.shelf.library.retriever)
    exchange(made, retriever=retriever)
    return retriever


def asynchronous(made: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=made), base_url="http://qa.test")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_full_queue_refuses_at_once_and_answers_the_rest(app: Callable[..., FastAPI]) -> None:
    async def scenario() -> None:
        made = app(max_waiting=1)
        retriever = slow(made)
        async with asynchronous(made) as client:
            first = asyncio.create_task(client.post("/v1/ask", json={"question": "lake"}))
            second = asyncio.create_task(client.post("/v1/ask", json={"question": "music"}))
            await until(lambda: made.state.worker.pending == 2)
            refused = await client.post("/v1/ask", json={"question": "boat"})
            assert refused.status_code == 503
            assert refused.json()["error"]["code"] == "overloaded"
            assert int(refused.headers["retry-after"]) >= 1
            assert (await client.get("/healthz")).text == "ok"
            retriever.go.set()
            assert [(await first).status_code, (await second).status_code] == [200, 200]
            await until(lambda: made.state.worker.pending == 0)

    asyncio.run(scenario())


COMPLETION = {"model": "qa", "messages": [{"role": "user", "content": "lake"}]}


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/chat", {"question": "lake"}),
        ("/v1/ask", {"question": "lake"}),
        ("/v1/ask/batch", {"questions": [{"question": "lake"}, {"question": "boat"}]}),
        ("/v1/chat/completions", COMPLETION),
        ("/v1/chat/completions", COMPLETION | {"stream": True}),
        ("/v1/responses", {"model": "qa", "input": "lake"}),
        ("/v1/responses", {"model": "qa", "input": "lake", "stream": True}),
    ],
)
def test_a_client_that_leaves_stops_the_work(
    app: Callable[..., FastAPI], path: str, asked: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Over plain ASGI, because a test client cannot hang up."""

    async def scenario() -> None:
        made = app()
        retriever = slow(made)
        reads: list[str] = []
        exchange(made, reader=SimpleNamespace(read=lambda *a: reads.append("read")))
        body = json.dumps(asked).encode()
        gone = asyncio.Event()
        inbox = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if inbox:
                return inbox.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            pass

        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
            "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http", "root_path": "",
            "headers": [(b"content-type", b"application/json"), (b"host", b"qa")], "client": ("127.0.0.1", 1),
            "server": ("qa", 80),
        }  # fmt: skip
        running = asyncio.create_task(made(scope, receive, send))
        await asyncio.to_thread(retriever.begun.wait, 10)
        gone.set()
        await asyncio.wait_for(running, 10)
        retriever.go.set()
        await until(lambda: made.state.worker.pending == 0)
        assert (retriever.asked, reads) == (1, [])

    asyncio.run(scenario())
    assert "Traceback" not in caplog.text


def test_a_batch_is_answered_in_its_order(client: TestClient) -> None:
    questions = [{"question": GULL, "explain": True}, {"question": "And the music?", "history": ["Who made the film?"]}]
    response = client.post("/v1/ask/batch", json={"questions": questions})
    answers = response.json()["answers"]
    for asked, answer in zip(questions, answers, strict=True):
        jsonschema.validate(answer, SCHEMA)
        alone = client.post("/v1/ask", json=asked).json()
        assert {**alone, "took_ms": 0} == {**answer, "took_ms": 0}
    assert response.headers["x-index-version"]


def test_a_batch_is_refused_whole_at_a_full_queue_and_never_half_way(app: Callable[..., FastAPI]) -> None:
    async def scenario() -> None:
        made = app(max_waiting=0)
        retriever = slow(made)
        async with asynchronous(made) as client:
            batch = {"questions": [{"question": "lake"}, {"question": "boat"}]}
            first = asyncio.create_task(client.post("/v1/ask/batch", json=batch))
            await until(lambda: made.state.worker.pending == 1)
            assert (await client.post("/v1/ask/batch", json=batch)).status_code == 503
            retriever.go.set()
            answered = await first
            assert (answered.status_code, len(answered.json()["answers"])) == (200, 2)

    asyncio.run(scenario())


def test_a_new_index_is_picked_up_under_load_without_a_failed_request(
    app: Callable[..., FastAPI], corpus: Path, build: Callable[[], Index]
) -> None:
    with TestClient(app()) as client:
        before = client.get("/readyz").json()["index_version"]
        (corpus / "note.md").write_text("# Note\n\nThe keeper's lamp burned whale oil until 1971.\n", encoding="utf-8")
        build()
        versions, statuses = [], []
        for _ in waiting():
            response = client.post("/v1/ask", json={"question": "whale oil lamp keeper"})
            statuses.append(response.status_code)
            versions.append(response.headers["x-index-version"])
            if versions[-1] != before and len(set(versions[-3:])) == 1:
                break
        assert set(statuses) == {200}
        assert versions[-1] != before
        assert "whale oil" in response.json()["answer"]
        assert client.get("/v1/sources/note").status_code == 200
        assert f'qa_index_info{{version="{versions[-1]}"}} 1.0' in client.get("/metrics").text


def test_a_damaged_new_index_leaves_the_old_one_in_use(app: Callable[..., FastAPI], tmp_path: Path) -> None:
    made = app()
    with TestClient(made) as client:
        (tmp_path / "index" / "CURRENT").write_text("gone\n")
        ready: dict[str, Any] = {}
        for _ in waiting():
            ready = client.get("/readyz").json()
            if ready["problem"]:
                break
        assert "which is not there" in ready["problem"]
        assert client.post("/v1/ask", json={"question": GULL}).status_code == 200


def test_before_the_first_load_the_server_says_so(corpus: Path, tmp_path: Path) -> None:
    made = create_app(Settings(corpus=corpus, index=tmp_path / "none"))
    with TestClient(made) as client:
        assert client.get("/healthz").text == "ok"
        for path in ("/readyz", "/v1/sources"):
            response = client.get(path)
            assert (response.status_code, response.json()["error"]["code"]) == (503, "not_ready")
            assert response.headers["retry-after"]


def test_keys_are_asked_for_and_kept_hashed(app: Callable[..., FastAPI], tmp_path: Path) -> None:
    key, digest = new_key()
    file = tmp_path / "keys"
    file.write_text(f"# ours\n\nana {digest}\n")
    assert key not in file.read_text()
    with TestClient(app(keys=read_keys(file))) as client:
        assert client.get("/").status_code == client.get("/healthz").status_code == 200
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": key}):
            refused = client.get("/v1/sources", headers=headers)
            assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")
        assert client.get("/v1/sources", headers={"authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.parametrize(
    ("text", "message"), [("", "holds no key"), ("ana", ":1: not a name"), ("a b c\n", ":1: not a name")]
)
def test_unusable_key_files(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    with pytest.raises(UsageError, match=message):
        read_keys(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read_keys(tmp_path / "none")


def test_the_rate_is_held_and_says_when_to_return(app: Callable[..., FastAPI]) -> None:
    with TestClient(app(rate=read_rate("2/hour"))) as client:
        assert [client.get("/v1/sources").status_code for _ in range(3)] == [200, 200, 429]
        refused = client.get("/v1/sources")
        assert refused.json()["error"]["type"] == "rate_limit_error"
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert client.get("/healthz").status_code == 200
    with pytest.raises(UsageError, match="'often' is not understood"):
        read_rate("often")


def test_one_log_line_a_request_without_the_question(
    app: Callable[..., FastAPI], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "qa.web")
    with TestClient(app()) as client:
        client.post("/v1/ask", json={"question": "secret lake"})
        lines = [record.getMessage() for record in caplog.records if "/v1/ask" in record.getMessage()]
    assert len(lines) == 1
    assert re.search(r"^testclient POST /v1/ask 200 [\d.]+ms outcome=\w+ index=[0-9a-f]{12}$", lines[0])
    with TestClient(app(log_questions=True)) as client:
        client.post("/v1/ask", json={"question": "secret lake"})
    assert caplog.records[-1].getMessage().endswith('"secret lake"')


def test_metrics_count_requests_and_outcomes(client: TestClient) -> None:
    client.post("/v1/ask", json={"question": GULL})
    client.post("/v1/ask", json={"question": "zebra quantum spreadsheet?"})
    client.get("/a/made/up/path")
    text = client.get("/metrics").text
    assert 'qa_requests_total{method="POST",route="/v1/ask",status="200"} 2.0' in text
    assert 'qa_requests_total{method="GET",route="other",status="404"} 1.0' in text
    assert re.search(r'qa_answers_total\{outcome="off_topic"\} [1-9]', text)


def test_examples_are_taken_from_labels_and_questions_of_the_sources(library: Library) -> None:
    found = {question: passage.path for question, passage in candidates(list(library.index.store.scan()))}
    assert found["Who directed The Paper Boat?"] == "article.md"
    assert found["Why did you film on a lake?"] == "interview.txt"
    assert "And the music?" not in found


HARBOUR = """# Boats for hire

| Boat | Price |
|---|---|
| Canoe | 12 euros |
| Kayak | 15 euros |

## Opening hours

- Telephone: 555 2714

The Mole is a wall of granite that was built in 1874 by the town.
"""


def test_examples_of_different_kinds_are_drawn_from_any_document() -> None:
    passages = split(document_of(HARBOUR.encode(), "boats.md"))
    found = [question for question, _ in candidates(passages)]
    assert {
        "What is the Price of Canoe?",
        "Which boat has the highest price?",
        "What is the telephone?",
        "What is the Mole?",
        "What do the sources say about Opening hours?",
        "What happened in 1874?",
    } <= set(found)
    assert len({question.partition(" ")[0] for question in found[:3]}) > 1


def test_examples_begin_in_many_ways_where_the_labels_allow_it(library: Library) -> None:
    drawn = [question for question, _ in candidates(list(library.index.store.scan()))]
    assert len(drawn) == len(set(drawn))
    assert len({question.partition(" ")[0] for question in drawn[:3]}) > 1


def test_examples_are_questions_that_the_sources_answer(client: TestClient) -> None:
    deadline = time.monotonic() + 10
    while not (questions := client.get("/v1/examples").json()["questions"]) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert questions
    for question in questions:
        assert not client.post("/v1/ask", json={"question": question}).json()["abstained"]


# --- what the page adds: pages, files, feedback ---


def test_a_page_of_a_pdf_is_a_picture_with_the_box_of_a_citation(app: Callable[..., FastAPI], corpus: Path) -> None:
    paper = Paper("")
    paper.add_page()
    paper.say(20, 100, "The lighthouse was built in 1747 by Philip de Lange, who came from the Netherlands.")
    (corpus / "light.pdf").write_bytes(paper.bytes())
    with TestClient(app()) as client:
        source = client.get("/v1/sources/light").json()
        assert source["kind"] == "pdf"
        box = "56,540,200,560"
        pictures = [
            Image.open(io.BytesIO(client.get(f"/v1/pages/1/light{query}").content)) for query in ("", f"?box={box}")
        ]
        changed = ImageChops.difference(*pictures).getbbox()
        assert pictures[0].size == (1191, 1684)
        # 842 points are 1684 pixels, from the top: the box lies between 2 * (842 - 560) and 2 * (842 - 540).
        assert changed == pytest.approx((112, 564, 400, 604), abs=8)
        assert client.get("/v1/pages/2/light").json()["error"]["code"] == "no_such_page"
        assert client.get("/v1/pages/1/article").status_code == 404
        assert client.get("/v1/pages/1/light?box=1,2").json()["error"]["param"] == "box"
        (corpus / "light.pdf").write_bytes(b"another")
        assert client.get("/v1/pages/1/light").json()["error"]["code"] == "source_changed"


def test_files_are_added_only_where_that_is_allowed_and_the_index_follows(
    app: Callable[..., FastAPI], corpus: Path, tmp_path: Path
) -> None:
    octets = {"content-type": "application/octet-stream"}
    text = b"# Ferry\n\nThe ferry to Skagen leaves at nine o'clock.\n"
    with TestClient(app()) as client:
        refused = client.post("/v1/sources?name=ferry.md", content=text, headers=octets)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "adding_not_allowed")
    assert not (corpus / "ferry.md").exists()
    with TestClient(app(allow_add=True, max_body=200, max_file=1000)) as client:
        before = client.get("/readyz").json()["index_version"]
        plain = client.post("/v1/sources?name=ferry.md", content=text, headers={"content-type": "text/plain"})
        assert plain.status_code == 415
        added = client.post("/v1/sources?name=..%2F..%2Fferry.md", content=text + b"\n" * 300, headers=octets)
        assert (added.status_code, added.json()) == (202, {"path": "ferry.md"})
        assert client.post("/v1/sources?name=big.md", content=b"x" * 1001, headers=octets).status_code == 413
        picture = client.post("/v1/sources?name=a.png", content=b"\x89PNG", headers=octets)
        assert picture.json()["error"]["message"] == "a.png was not added: not a document (.png)"
        other = client.post("/v1/sources?name=ferry.md", content=b"# Another\n\nText.\n", headers=octets)
        assert "another ferry.md is in the corpus" in other.json()["error"]["message"]
        assert not (tmp_path.parent / "ferry.md").exists()
        wait_until(lambda: client.get("/readyz").json()["index_version"] != before)
        wait_until(lambda: not client.get("/v1/sources").json()["building"])
        assert "ferry" in [source["doc_id"] for source in client.get("/v1/sources").json()["sources"]]


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_feedback_is_gold_that_can_be_evaluated(app: Callable[..., FastAPI], tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    with TestClient(app()) as client:
        refused = client.post("/v1/feedback", json={"question": GULL, "right": None})
        assert refused.json()["error"]["code"] == "no_feedback"
    with TestClient(app(feedback=file)) as client:
        doc = next(s["doc_id"] for s in client.get("/v1/sources").json()["sources"] if s["path"] == "article.md")
        text = client.get(f"/v1/sources/{doc}").json()["text"]
        start = text.index("Silver Gull")
        right = {"doc_id": doc, "start": start, "end": start + len("Silver Gull")}
        for body in ({"question": GULL, "right": right}, {"question": "Why?", "history": ["Who?"], "right": None}):
            assert client.post("/v1/feedback", json=body).json()["file"] == "feedback.jsonl"
        empty = right | {"end": start}
        assert client.post("/v1/feedback", json={"question": GULL, "right": empty}).status_code == 422
    gold = load_gold(file)
    assert [question.answerable for question in gold.questions] == [True, False]
    assert gold.questions[0].answers == ("Silver Gull",)
    assert gold.questions[0].evidence[0].quote == "Silver Gull"
