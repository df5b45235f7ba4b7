"""What can be measured: a ``Library``, an HTTP endpoint, saved answers; all speak ``answer.schema.json``."""

import http.client
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from qa.ask.library import MAX_QUESTION, Library
from qa.errors import GoldError, QaError, UsageError
from qa.evaluate.gold import GoldSet, decode_utf8
from qa.evaluate.response import Response, Retrieved, read_response
from qa.evaluate.statistics import DEPTH
from qa.jsonl import json_lines, parse
from qa.render import answer_json, passage_json
from qa.types import GoldQuestion

PASSAGES_A_DOCUMENT = 5
"""Where documents are judged, so many passages are searched for each, since a document has several."""
TIMEOUT_S = 120.0


class LibraryAnswerer:
    """This library. A question longer than it reads is cut; one without a word in it counts as abstained."""

    def __init__(self, library: Library, gold: GoldSet, depth: int = DEPTH) -> None:
        self._library = library
        self._depth = depth
        self._deeper = depth * PASSAGES_A_DOCUMENT if gold.unit == "document" else None
        self.name = f"library, index {library.version}"

    def passages(self) -> Sequence[Retrieved]:
        """See ``Answerer``."""
        return [Retrieved(p.doc_id, p.start, p.end, p.passage_id) for p in self._library.index.store.scan()]

    def answer(self, question: GoldQuestion) -> Response:
        """See ``Answerer``."""
        text = question.question[:MAX_QUESTION]
        try:
            found = self._library.ask(text, question.history, top_k=self._depth)
            data: dict[str, Any] = {**answer_json(found)}
            if self._deeper is not None:
                ranked = self._library.search(found.interpreted_as or text, top_k=self._deeper)
                data["passages"] = [passage_json(scored) for scored in ranked]
        except UsageError:
            data = {"question": text, "answer": None, "reason": "unusable question", "confidence": 0.0, "citations": []}
        return read_response(data)


class HttpAnswerer:
    """An endpoint that takes ``{"question", "history", "top_k"}`` at POST /v1/ask and answers with our JSON."""

    def __init__(self, url: str, depth: int = DEPTH) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{url}: not an address; give one such as http://127.0.0.1:8000")
        self.name = url
        self._depth = depth
        self._parts = parts
        self._path = parts.path.rstrip("/").removesuffix("/v1/ask") + "/v1/ask"

    def passages(self) -> None:
        """Unknown."""
        return

    def answer(self, question: GoldQuestion) -> Response:
        """See ``Answerer``; raises ``QaError`` when the endpoint fails or speaks otherwise."""
        body = {"question": question.question[:MAX_QUESTION], "history": list(question.history), "top_k": self._depth}
        connect = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        connection = connect(str(self._parts.hostname), self._parts.port, timeout=TIMEOUT_S)
        started = time.perf_counter()
        try:
            connection.request("POST", self._path, json.dumps(body), {"Content-Type": "application/json"})
            reply = connection.getresponse()
            data = reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise QaError(f"{self.name}: cannot be asked: {error}") from error
        finally:
            connection.close()
        took_ms = (time.perf_counter() - started) * 1000
        if reply.status != 200:
            said = data[:200].decode("utf-8", "replace")
            raise QaError(f"{self.name}{self._path}: status {reply.status} on question {question.id}: {said}")
        try:
            response = read_response(parse(data.decode()))
        except ValueError as error:
            raise QaError(f"{self.name}{self._path}: on question {question.id}: {error}") from error
        return replace(response, took_ms=took_ms)


class SavedAnswers:
    """A JSONL file of answers with ids, as `qa ask --batch FILE --json` prints and `qa eval` saves them."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        self._found: dict[str, Response] = {}
        problems: list[str] = []
        try:
            text = decode_utf8(path, path.read_bytes())
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
        for where, row in json_lines(str(path), text, problems.append):
            try:
                if not isinstance(row.get("id"), str) or row["id"] in self._found:
                    raise ValueError(f"an answer must have an id of its own, not {row.get('id')!r}")
                self._found[row["id"]] = read_response(row)
            except ValueError as error:
                problems.append(f"{where}: {error}")
        if problems:
            raise GoldError(problems)

    def passages(self) -> None:
        """Unknown."""
        return

    def answer(self, question: GoldQuestion) -> Response:
        """See ``Answerer``; raises ``UsageError`` where the file has no such answer, or one to another question."""
        if question.id not in self._found:
            raise UsageError(f"{self._path}: no answer with the id {question.id!r}; answer the whole gold set")
        response = self._found[question.id]
        asked = response.raw.get("question", question.question)
        if asked != question.question:
            raise UsageError(f"{self._path}: {question.id!r} answers {asked!r}, the gold asks {question.question!r}")
        return response
