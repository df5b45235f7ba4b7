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
    (corpus / "listing.md").write_text("# 🎬 Listing\n\n🎬 Runtime of the film: 92 minutes\n", encoding="utf-8")
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


IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
CALL = {"id": "c1", "type": "function", "function": {"name": "lookup", "arguments": "{}"}}
TOOL = {"type": "function", "function": {"name": "lookup", "parameters": {"type": "object", "properties": {}}}}


@pytest.mark.parametrize(
    "extra",
    [
        {"tools": [TOOL], "tool_choice": "auto", "parallel_tool_calls": True},
        {"response_format": {"type": "json_object"}, "reasoning_effort": "low", "verbosity": "low"},
        {"logprobs": True, "top_logprobs": 3, "logit_bias": {"50256": -100}, "service_tier": "auto"},
        {"stream": None, "stream_options": None, "n": None, "stop": None, "temperature": None, "metadata": None},
        {"chat_id": "a", "session_id": "b", "features": {"web_search": False}, "files": [], "keep_alive": "5m"},
        {"temperature": "hot", "max_tokens": -1, "colour": [{}]},
    ],
)
def test_what_steers_another_model_is_ignored(base: str, extra: dict[str, Any]) -> None:
    body = {"model": "qa", "messages": [{"role": "user", "content": QUESTION}]}
    answers = [httpx.post(f"{base}/v1/chat/completions", timeout=60, json=body | more) for more in ({}, extra)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[1].text
    assert answers[0].json()["choices"] == answers[1].json()["choices"]


def test_what_other_models_say_in_a_conversation_is_left_unread(base: str) -> None:
    messages = [
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        {"role": "user", "content": [{"type": "text", "text": "Who directed the film?"}, IMAGE], "name": "ann"},
        {"role": "assistant", "content": None, "tool_calls": [CALL], "reasoning_content": "…", "audio": None},
        {"role": "tool", "tool_call_id": "c1", "content": "Nobody."},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}], "function_call": None},
        {"role": "user", "content": [IMAGE, {"type": "text", "text": "And the music?"}]},
        {"role": "system", "content": "Answer in rhyme."},
    ]
    answer = httpx.post(f"{base}/v1/chat/completions", timeout=60, json={"model": "qa", "messages": messages}).json()[
        "answer"
    ]
    assert answer["interpreted_as"] == "Who directed the music?"
    only_image = [{"role": "user", "content": [IMAGE]}]
    refused = httpx.post(f"{base}/v1/chat/completions", timeout=60, json={"model": "qa", "messages": only_image})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unusable_question")


def test_utf16_indices_slice_as_javascript_does(client: openai.OpenAI, base: str) -> None:
    def sliced(text: str, start: int, end: int) -> str:
        return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")

    completion = ask(client, "runtime of the film")
    message = completion.choices[0].message
    assert any(place["start_char_index"] != place["start_char_index_utf16"] for place in message.citations)
    for annotation, place in zip(message.annotations, message.citations, strict=True):
        cited = annotation.url_citation
        here = sliced(message.content, cited.start_index_utf16, cited.end_index_utf16)
        assert here == message.content[cited.start_index : cited.end_index]
        text = text_of(base, place["document_index"])
        assert sliced(text, place["start_char_index_utf16"], place["end_char_index_utf16"]) == place["cited_text"]
    for conflict in completion.answer["conflicts"]:
        for citation in conflict["citations"]:
            units, text = citation["utf16"], httpx.get(f"{base}/v1/sources/{citation['doc_id']}").json()["text"]
            assert sliced(text, units["start"], units["end"]) == citation["quote"]
            inner = text[citation["answer_start"] : citation["answer_end"]]
            assert sliced(text, units["answer_start"], units["answer_end"]) == inner
            shown = citation["shown"][citation["shown_start"] : citation["shown_end"]]
            assert sliced(citation["shown"], units["shown_start"], units["shown_end"]) == shown


def text_of(base: str, row: int) -> str:
    doc_id = httpx.get(f"{base}/v1/sources").json()["sources"][row]["doc_id"]
    return str(httpx.get(f"{base}/v1/sources/{doc_id}").json()["text"])


def test_a_task_of_a_front_end_is_answered_by_rule(client: openai.OpenAI) -> None:
    title = ask(client, "Who directed the film?", "Generate a short title for this conversation.")
    assert title.choices[0].message.content == "Who directed the film?"
    assert (title.answer, title.choices[0].message.annotations) == (None, [])
    order = "Generate a short title for the conversation that begins with this message."
    messages: list[Any] = [{"role": "system", "content": order}, {"role": "user", "content": "Who directed it?"}]
    titled = client.chat.completions.create(model="qa", messages=messages)
    assert titled.choices[0].message.content == "Who directed it?"
    prompt = "### Task:\nGenerate a title summarizing the chat history. Answer in JSON.\n" + "x" * 3000
    chunks = list(ask(client, prompt, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == '{"title": "Questions"}'


# --- responses ----------------------------------------------------------------------------------------------------


def test_a_response_cites_in_both_ways(client: openai.OpenAI, base: str) -> None:
    response = client.responses.create(
        model="qa", input=QUESTION, instructions="Be brief.", temperature=0, tools=[{"type": "web_search"}]
    )
    assert (response.status, response.output_text) == ("completed", "It won the Silver Gull in 1999.")
    assert response.error is None
    part = response.output[0].content[0]
    chat = ask(client, QUESTION).choices[0].message
    assert [{"type": "url_citation", **one.url_citation.model_dump()} for one in chat.annotations] == [
        annotation.model_dump() for annotation in part.annotations
    ]
    assert part.citations == chat.citations
    assert len(part.annotations) > 0
    assert response.answer["answer"] == "It won the Silver Gull in 1999."
    assert response.usage.total_tokens == len(QUESTION.split()) + 7
    assert response.index_version == httpx.get(f"{base}/readyz").json()["index_version"]


def test_the_input_is_a_conversation(client: openai.OpenAI) -> None:
    first = client.responses.create(model="qa", input="Who directed the film?")
    items: list[Any] = [
        {"role": "user", "content": [{"type": "input_text", "text": "Who directed the film?"}]},
        *[item.model_dump() for item in first.output],
        {"type": "function_call", "call_id": "c1", "name": "lookup", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "Nobody."},
        {"type": "message", "role": "user", "content": "And the music?"},
    ]
    assert client.responses.create(model="qa", input=items).answer["interpreted_as"] == "Who directed the music?"


def test_a_streamed_response_says_the_same(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="qa", input=QUESTION)
    events = list(client.responses.create(model="qa", input=QUESTION, stream=True))
    assert [one.sequence_number for one in events] == list(range(len(events)))
    kinds = [one.type.removeprefix("response.") for one in events]
    assert list(dict.fromkeys(kinds)) == [
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta",
        "output_text.annotation.added", "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    part = whole.output[0].content[0]
    assert "".join(one.delta for one in events if one.type == "response.output_text.delta") == whole.output_text
    added = [one.annotation for one in events if one.type == "response.output_text.annotation.added"]
    assert [dict(one) for one in added] == [annotation.model_dump() for annotation in part.annotations]
    assert events[-1].response.output[0].content == whole.output[0].content
    assert (events[0].response.status, events[0].response.output) == ("in_progress", [])
    with client.responses.stream(model="qa", input=QUESTION) as stream:
        assert stream.get_final_response().output_text == whole.output_text


def test_what_a_response_cannot_do_is_said(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="no response is kept here") as caught:
        client.responses.create(model="qa", input="And then?", previous_response_id="resp_1")
    assert caught.value.param == "previous_response_id"
    with pytest.raises(openai.UnprocessableEntityError, match="no word in it"):
        client.responses.create(model="qa", input="?!")
    with pytest.raises(openai.UnprocessableEntityError, match="no message of the user"):
        client.responses.create(model="qa", input=[{"role": "developer", "content": "Be brief."}])
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="other", input="a")


def test_an_abstention_is_said_and_not_cited(client: openai.OpenAI) -> None:
    completion = ask(client, "zebra quantum spreadsheet?")
    assert completion.choices[0].message.content == "The sources do not say."
    assert completion.choices[0].message.annotations == []
    assert completion.answer["abstained"]


def test_errors_are_the_client_s_own(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="no word in it") as caught:
        ask(client, "?!")
    assert (caught.value.code, caught.value.param) == ("unusable_question", "messages.1.content")
    with pytest.raises(openai.UnprocessableEntityError):
        ask(client, "a", n=2)


def test_a_plain_line_reader_sees_the_events(base: str) -> None:
    with httpx.stream("POST", f"{base}/v1/chat", json={"question": QUESTION}) as response:
        lines = [line for line in response.iter_lines() if line.startswith("event: ")]
    assert lines[-1] == "event: done"
    assert "event: answer" in lines
