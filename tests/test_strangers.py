"""What a stranger sends to a server: slow heads and bodies, wrong keys, false addresses and names; what he is told."""

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import uvicorn
from conftest import fakes
from fastapi import FastAPI
from fastapi.testclient import TestClient
from test_web import asynchronous, exchange, slow, until

from qa.ask.library import Library
from qa.ask.opening import assemble
from qa.cli import cli
from qa.config import Settings
from qa.errors import UsageError
from qa.ingest.corpus import source_files
from qa.search.index import Index
from qa.search.manifest import SourceWatch
from qa.types import Skipped
from qa.web import WebSettings, create_app, server
from qa.web.settings import KeyFile, hosts_of, is_loopback, new_key, read_keys, read_rate

ORIGIN = "https://ours.example"


@pytest.fixture
def app(build: Callable[[], Index], encoder: Any, corpus: Path, tmp_path: Path) -> Callable[..., FastAPI]:
    def make(**web: Any) -> FastAPI:
        settings = Settings(corpus=corpus, index=tmp_path / "index")
        opener: Callable[[], Library] = lambda: assemble(build(), fakes(encoder))  # noqa: E731
        return create_app(settings, WebSettings(**{"poll_seconds": 0.05} | web), library=opener(), opener=opener)

    return make


# --- who may ask ----------------------------------------------------------------------------------------------


def test_a_page_may_read_what_it_is_refused_with(app: Callable[..., FastAPI]) -> None:
    _, digest = new_key()
    with TestClient(app(origins=(ORIGIN,), keys={digest: "ana"}, wrong_keys=read_rate("2/hour"))) as client:
        for path, status in (("/v1/sources", 401), ("/v1/nothing", 401), ("/v1/sources", 429), ("/nowhere", 404)):
            response = client.get(path, headers={"origin": ORIGIN})
            assert (response.status_code, response.headers["access-control-allow-origin"]) == (status, ORIGIN)
    with TestClient(app(origins=(ORIGIN,), hosts=frozenset(("localhost",)))) as client:
        assert client.get("/v1/sources", headers={"origin": ORIGIN}).headers["access-control-allow-origin"] == ORIGIN
    made = app(origins=(ORIGIN,))
    with TestClient(made, raise_server_exceptions=False) as client:

        def fail(*_: Any) -> None:
            raise RuntimeError("broken")

        exchange(made, reader=SimpleNamespace(read=fail))
        response = client.post("/v1/ask", json={"question": "lake"}, headers={"origin": ORIGIN})
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (500, ORIGIN)


def test_wrong_keys_are_limited_and_right_ones_are_not_shut_out(app: Callable[..., FastAPI]) -> None:
    key, digest = new_key()
    with TestClient(app(keys={digest: "ana"}, wrong_keys=read_rate("3/hour"))) as client:
        wrong = [client.get("/v1/sources", headers={"authorization": f"Bearer {i}"}) for i in range(5)]
        assert [response.status_code for response in wrong] == [401, 401, 401, 429, 429]
        assert int(wrong[-1].headers["retry-after"]) > 0
        assert client.get("/v1/sources", headers={"authorization": f"Bearer {key}"}).status_code == 200


def test_a_removed_key_stops_working_and_a_new_one_begins(app: Callable[..., FastAPI], tmp_path: Path) -> None:
    (ana, ana_digest), (bob, bob_digest) = new_key(), new_key()
    file = tmp_path / "keys"
    file.write_text(f"ana {ana_digest}\r\n")
    with TestClient(app(keys=KeyFile(file, seconds=0))) as client:

        def status(key: str) -> int:
            return client.get("/v1/sources", headers={"authorization": f"Bearer {key}"}).status_code

        assert (status(ana), status(bob)) == (200, 401)
        file.write_text(f"bob {bob_digest}\n")
        assert (status(ana), status(bob)) == (401, 200)
        for damage in ("", "nonsense", "bob " + bob_digest[:-1]):
            file.write_text(damage)
            assert status(bob) == 401, damage
        file.unlink()
        assert status(bob) == 401
        file.write_text(f"bob {bob_digest}\n")
        assert status(bob) == 200


def test_a_name_with_another_line_separator_is_no_second_key(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"ana {'0' * 64}\x0cbob {'1' * 64}\n")
    with pytest.raises(UsageError, match=":1: not a name"):
        read_keys(file)


def test_an_address_that_others_reach_asks_for_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    def opened(*_: Any, **__: Any) -> None:
        raise UsageError("opened")

    monkeypatch.setattr("qa.ask.opening.open_with", opened)
    for host in ("0.0.0.0", "::", "192.168.1.2", "example.org"):
        refused = CliRunner().invoke(cli, ["serve", "--host", host])
        assert "can be reached by others" in str(refused.exception), host
        assert str(CliRunner().invoke(cli, ["serve", "--host", host, "--without-keys"]).exception) == "opened"
    for host in ("127.0.0.1", "localhost", "::1", "127.8.8.8"):
        assert str(CliRunner().invoke(cli, ["serve", "--host", host]).exception) == "opened"
        assert is_loopback(host)
    refused = CliRunner().invoke(cli, ["serve", "--proxy", "everyone"])
    assert "no IP address" in str(refused.exception)


def test_a_server_that_others_reach_is_reached_by_address_and_own_names_alone(app: Callable[..., FastAPI]) -> None:
    hosts = hosts_of("0.0.0.0", ("qa.example",))
    with TestClient(app(hosts=hosts, by_address=True)) as client:
        for host in ("192.168.1.2:8000", "[fd00::1]:8000", "QA.example", "localhost", f"{socket.gethostname()}:80"):
            assert client.get("/v1/sources", headers={"host": host}).status_code == 200, host
        for host in ("evil.example", "192.168.1.2.evil.example", "[::1", ""):
            assert client.get("/v1/sources", headers={"host": host}).status_code == 421, host
    with TestClient(app(hosts=hosts_of("127.0.0.1", ()))) as client:
        assert client.get("/v1/sources", headers={"host": "192.168.1.2"}).status_code == 421


def test_one_ipv6_network_is_one_client() -> None:
    from qa.web.gate import client_of

    assert client_of({"client": ("2001:db8::1", 1)}) == client_of({"client": ("2001:db8::ffff:2", 1)})
    assert client_of({"client": ("2001:db8:0:1::1", 1)}) != client_of({"client": ("2001:db8::1", 1)})
    assert client_of({"client": ("::ffff:10.0.0.1", 1)}) != client_of({"client": ("::ffff:10.0.0.2", 1)})
    assert client_of({}) == "unknown"


def test_what_is_asked_for_is_kept_by_no_cache(app: Callable[..., FastAPI]) -> None:
    with TestClient(app()) as client:
        for path in ("/v1/sources", "/v1/sources/article", "/v1/sources/none", "/v1/examples"):
            assert client.get(path).headers["cache-control"] == "no-store"


# --- time -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/ask/batch", "/v1/chat/completions", "/v1/responses"])
def test_a_question_that_takes_too_long_is_given_up_and_so_are_those_behind_it(
    app: Callable[..., FastAPI], path: str
) -> None:
    bodies = {
        "/v1/search": {"query": "lake"},
        "/v1/ask/batch": {"questions": [{"question": "lake"}]},
        "/v1/chat/completions": {"model": "qa", "messages": [{"role": "user", "content": "lake"}]},
        "/v1/responses": {"model": "qa", "input": "lake"},
    }

    async def scenario() -> None:
        made = app(question_seconds=1)
        retriever = slow(made)
        async with asynchronous(made) as client:
            asked = [client.post(path, json=bodies.get(path, {"question": "lake"})) for _ in range(2)]
            for response in await asyncio.gather(*asked):
                assert (response.status_code, response.json()["error"]["code"]) == (503, "too_slow")
                assert int(response.headers["retry-after"]) >= 1
            retriever.go.set()
            await until(lambda: made.state.worker.pending == 0)
            assert (await client.post("/v1/ask", json={"question": "lake"})).status_code == 200

    asyncio.run(scenario())


def test_a_stream_that_takes_too_long_ends_with_the_same_error(app: Callable[..., FastAPI]) -> None:
    async def scenario() -> None:
        made = app(question_seconds=0.3)
        retriever = slow(made)
        async with asynchronous(made) as client:
            response = await client.post("/v1/chat", json={"question": "lake"})
            assert '"code": "too_slow"' in response.text
            response = await client.post("/v1/responses", json={"model": "qa", "input": "lake", "stream": True})
            assert response.text.count("event: error") == 1
            assert '"code": "too_slow"' in response.text
            retriever.go.set()

    asyncio.run(scenario())


@contextmanager
def listening(app: FastAPI, proxies: tuple[str, ...] = ()) -> Iterator[tuple[str, int, uvicorn.Server]]:
    """The address of a server as ``qa serve`` runs it, but for its signals."""
    running = uvicorn.Server(server.configured(app, proxies))
    held = server.listen("127.0.0.1", 0)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [held]})
    thread.start()
    try:
        while not running.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield "127.0.0.1", held.getsockname()[1], running
    finally:
        running.should_exit = True
        thread.join(20)
        held.close()
        assert not thread.is_alive()


def hung_up(client: socket.socket, within: float) -> bytes:
    """All that came until the server hung up."""
    client.settimeout(within)
    got = b""
    while part := client.recv(65536):
        got += part
    return got


HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost: lo", b""),
        (HEAD, b"408"),
        (HEAD + b'{"question": ', b"408"),
        (HEAD.replace(b"POST /v1/ask", b"GET /healthz"), b"200"),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea", b"200"),
        (b"\x16\x03\x01\x02\x00", b""),
    ],
)
def test_a_client_that_does_not_go_on_is_hung_up_on(
    app: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch, sent: bytes, status: bytes
) -> None:
    monkeypatch.setattr(server, "HEAD_S", 0.5)
    with listening(app(body_seconds=0.5)) as (host, port, _):
        with socket.create_connection((host, port)) as client:
            client.sendall(sent)
            got = hung_up(client, 10)
        assert got.partition(b"\r\n")[0].partition(b" ")[2].startswith(status)


def test_a_head_that_comes_letter_by_letter_is_hung_up_on(
    app: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HEAD_S", 0.5)
    with listening(app()) as (host, port, _), socket.create_connection((host, port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nX: ")
        started = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - started < 10:
                client.sendall(b"a")
                time.sleep(0.05)
        assert time.monotonic() - started < 10


def test_an_end_does_not_wait_for_idle_and_slow_clients(app: Callable[..., FastAPI]) -> None:
    with listening(app()) as (host, port, running):
        clients = [socket.create_connection((host, port)) for _ in range(30)]
        for number, client in enumerate(clients):
            client.sendall((b"", b"GET / HT", HEAD)[number % 3])
        assert httpx.get(f"http://{host}:{port}/healthz").text == "ok"
        started = time.monotonic()
        running.should_exit = True
        for client in clients:
            hung_up(client, 5)
            client.close()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("proxies", "statuses"), [((), [200, 200, 429, 429]), (("127.0.0.1",), [200] * 4)])
def test_an_address_that_a_client_claims_is_believed_of_a_named_proxy_alone(
    app: Callable[..., FastAPI], proxies: tuple[str, ...], statuses: list[int]
) -> None:
    with listening(app(rate=read_rate("2/hour")), proxies) as (host, port, _):
        url, claimed = f"http://{host}:{port}/v1/sources", [{"x-forwarded-for": f"1.2.3.{i}"} for i in range(4)]
        assert [httpx.get(url, headers=headers).status_code for headers in claimed] == statuses


# --- sources that change --------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["edited", "same size", "deleted", "added", "touched", "all gone"])
def test_a_changed_source_is_told_in_readyz_and_in_the_answer(
    app: Callable[..., FastAPI], corpus: Path, change: str
) -> None:
    path = corpus / "article.md"
    with TestClient(app()) as client:
        assert "notice" not in client.post("/v1/ask", json={"question": "lake"}).json()
        if change == "edited":
            path.write_text(path.read_text() + "More.\n")
        elif change == "same size":
            found = path.stat()
            path.write_text(path.read_text().replace("Ana", "Eva"))
            os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
        elif change == "deleted":
            path.unlink()
        elif change == "added":
            (corpus / "new.txt").write_text("New words.")
        elif change == "touched":
            path.touch()
        else:
            path.parent.rename(path.parent.with_name("elsewhere"))
        problem = None
        deadline = time.monotonic() + (0.5 if change == "touched" else 20)
        while problem is None and time.monotonic() < deadline:
            problem = client.get("/readyz").json()["problem"]
            time.sleep(0.02)
        answer = client.post("/v1/ask", json={"question": "lake"}).json()
        completion = client.post(
            "/v1/chat/completions", json={"model": "qa", "messages": [{"role": "user", "content": "lake"}]}
        ).json()
        if change == "touched":
            assert (problem, answer.get("notice")) == (None, None)
            return
        assert answer["notice"] == completion["answer"]["notice"] == problem
        expected = {"deleted": "article.md is gone", "added": "new.txt is new", "all gone": "no such corpus folder"}
        assert expected.get(change, "article.md was changed") in problem


def test_files_that_stay_as_they_are_are_not_read_again(
    build: Callable[[], Index], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = build().manifest
    old = time.time() - 60
    for path in corpus.iterdir():
        os.utime(path, (old, old))
    monkeypatch.setattr("qa.search.manifest.SETTLED_NS", 0)
    read: list[Path] = []
    before = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or before(path))
    watch = SourceWatch(corpus)
    assert [watch.difference(manifest) for _ in range(3)] == [None] * 3
    assert len(read) == 2


@pytest.mark.parametrize("listed", [True, False], ids=["listed before", "listed empty"])
def test_a_corpus_that_goes_away_while_it_is_looked_at_is_missing_as_a_whole(
    build: Callable[[], Index], corpus: Path, monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    manifest = build().manifest

    def gone_meanwhile(folder: Path) -> tuple[list[Path], list[Skipped]]:
        files = source_files(folder)
        folder.rename(folder.with_name("elsewhere"))
        return files if listed else ([], [])

    monkeypatch.setattr("qa.search.manifest.source_files", gone_meanwhile)
    problem = SourceWatch(corpus).difference(manifest)
    assert problem is not None
    assert "no such corpus folder" in problem
