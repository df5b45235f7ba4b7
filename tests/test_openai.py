"""The official ``openai`` client against a real server on loopback, with a corpus whose sources differ."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import openai
import pytest
from conftest import fakes
from serving import served

from qa.ask.opening import assemble
from qa.ask.sentence_reader import SentenceReader
from qa.config import Settings
from qa.search.index import Index
from qa.types import Query, Reading
from qa.web import create_app

QUESTION = "Which prize did the film win in 1999, the Silver Gull?"


class DifferingReader(SentenceReader):
    """Sets the second finding apart as another value when the question asks how long the film is."""

    def read(self, query: Query, ranked: Any) -> Reading:
        reading = super().read(query, ranked)
        if "runtime" not in query.text:
            return reading
        findings = super().read(query, ranked[:1]).findings + super().read(query, ranked[1:]).findings[:1]
        return Reading(findings[:1], 0.9, None, (findings[1:],))


@pytest.fixture
def base(corpus: Path, build: Callable[[], Index], encoder: Any, tmp_path: Path) -> Iterator[str]:
    (corpus / "listing.md").write_text("# Listing\n\n🎬 Runtime of the film: 92 minutes\n", encoding="utf-8")
    library = assemble(build(), fakes(encoder, DifferingReader()))
    settings = Settings(corpus=corpus, index=tmp_path / "index")
    with served(create_app(settings, library=library)) as address:
        yield address


@pytest.fixture
def client(base: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{base}/v1", api_key="unused", max_retries=0) as client:
        yield client


def ask(client: openai.OpenAI, *questions: str, **options: Any) -> Any:
    messages: list[Any] = [{"role": "system", "content": "Be brief."}]
    for question in questions:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": "…"}]
    return client.chat.completions.create(model="qa", messages=messages[:-1], **options)


def test_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["qa"]
    assert client.models.retrieve("qa").owned_by == "qa"
    with pytest.raises(openai.NotFoundError, match="no such model"):
        client.models.retrieve("other")


def test_a_completion_cites_in_both_ways(client: openai.OpenAI, base: str) -> None:
    completion = ask(client, QUESTION, temperature=0)
    message = completion.choices[0].message
    assert message.content == "It won the Silver Gull in 1999."
    assert completion.choices[0].finish_reason == "stop"
    assert completion.system_fingerprint == httpx.get(f"{base}/readyz").json()["index_version"]
    sources = httpx.get(f"{base}/v1/sources").json()["sources"]
    assert len(message.annotations) == len(message.citations) > 0
    for annotation, place in zip(message.annotations, message.citations, strict=True):
        cited = annotation.url_citation
        assert message.content[cited.start_index : cited.end_index] == message.content
        doc_id = sources[place["document_index"]]["doc_id"]
        text = httpx.get(f"{base}/v1/sources/{doc_id}").json()["text"]
        assert text[place["start_char_index"] : place["end_char_index"]] == place["cited_text"]
        fragment = parse_qs(urlsplit(cited.url).fragment)
        assert fragment["source"] == [doc_id]
        assert fragment["start"] == [str(place["start_char_index"])]
        assert cited.url.startswith(base)


def test_streaming_says_the_same(client: openai.OpenAI) -> None:
    whole = ask(client, QUESTION)
    content, annotations, citations, finish, usage = "", [], [], None, None
    for chunk in ask(client, QUESTION, stream=True, stream_options={"include_usage": True}):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            content += choice.delta.content or ""
            annotations += getattr(choice.delta, "annotations", None) or []
            citations += getattr(choice.delta, "citations", None) or []
            finish = choice.finish_reason or finish
    assert content == whole.choices[0].message.content
    assert citations == whole.choices[0].message.citations
    assert annotations == [annotation.model_dump() for annotation in whole.choices[0].message.annotations]
    assert (finish, usage) == ("stop", whole.usage)


def test_conflicting_values_are_each_cited(client: openai.OpenAI) -> None:
    completion = ask(client, "runtime of the film")
    message = completion.choices[0].message
    assert len(completion.answer["conflicts"]) == 2
    assert "The sources differ:" in message.content
    values = {message.content[a.url_citation.start_index : a.url_citation.end_index] for a in message.annotations}
    assert {" ".join(conflict["answer"].split()) for conflict in completion.answer["conflicts"]} == values


def test_earlier_questions_are_the_history(client: openai.OpenAI) -> None:
    completion = ask(client, "Who directed the film?", "And the music?")
    assert completion.answer["interpreted_as"] == "Who directed the music?"


def test_an_abstention_is_said_and_not_cited(client: openai.OpenAI) -> None:
    completion = ask(client, "zebra quantum spreadsheet?")
    assert completion.choices[0].message.content == "The sources do not say."
    assert completion.choices[0].message.annotations == []
    assert completion.answer["abstained"]


def test_errors_are_the_client_s_own(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="no word in it") as caught:
        ask(client, "?!")
    assert (caught.value.code, caught.value.param) == ("unusable_question", "messages.1.content")
    with pytest.raises(openai.UnprocessableEntityError, match="unknown field"):
        ask(client, "a", extra_body={"colour": 1})
    with pytest.raises(openai.UnprocessableEntityError):
        ask(client, "a", n=2)


def test_a_plain_line_reader_sees_the_events(base: str) -> None:
    with httpx.stream("POST", f"{base}/v1/chat", json={"question": QUESTION}) as response:
        lines = [line for line in response.iter_lines() if line.startswith("event: ")]
    assert lines[-1] == "event: done"
    assert "event: answer" in lines
