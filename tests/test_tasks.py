"""Prompts that chat front ends send beside questions are told from questions, and answered without a search."""

import json

import pytest

from qa.web.tasks import is_title_order, reply, task_of

HISTORY = '<chat_history>\nUSER: "Who composed the music of the film?"\nASSISTANT: Tom Okri\n</chat_history>'
PROMPTS = {
    "title": [
        f'### Task:\nMake up nothing.\nGenerate a title for the chat history, as JSON: {{"title": "…"}}\n{HISTORY}',
        "Please generate a title of four or five words that sums up our conversation, without quotation marks.",
        f"Provide a concise title for the conversation, five words or less.\n\nConversation:\n{HISTORY}",
        "Here is a conversation.\nUser: Hi\nAI: Hello\n\nSummarize it in a title, in the language of the chat.",
    ],
    "tags": [f'### Task:\nGenerate 1-3 broad tags for the chat history. JSON format: {{"tags": []}}\n{HISTORY}'],
    "follow_ups": [
        f"### Task:\nSuggest 3-5 relevant follow-up questions that the user might ask, as JSON.\n{HISTORY}",
        "Suggest three follow up questions for this conversation.",
    ],
    "queries": [f"### Task:\nAnalyze the chat history and decide whether search queries are needed; JSON.\n{HISTORY}"],
    "text": ["### Task:\nYou are an autocompletion system. Continue the text in `<text>`. JSON."],
}


@pytest.mark.parametrize(("task", "prompt"), [(task, prompt) for task, each in PROMPTS.items() for prompt in each])
def test_a_task_is_told_by_its_wording(task: str, prompt: str) -> None:
    assert task_of(prompt) == task
    said = reply(task, prompt, ["How long is it?"], ["Who directed the film?", "How long is it?"])
    if "JSON" in prompt:
        assert json.loads(said).keys() == {task}


@pytest.mark.parametrize(
    "question",
    [
        "What is the title of the film?",
        "Who provided the title of the discussion?",
        "Which tags did the chat have?",
        "What conversation follows the title?",
        "Did the crew suggest a title in the conversation?",
        "What follow-up questions did the audience ask in the discussion?",
        "Write a title for the film",
        "In the conversation with the director, provide the title of his first film",
        "Provide the title of the discussion between Ana and Tom",
        "Please summarize the discussion of the title",
        "Suggest, if the sources do, follow-up questions to the discussion with the crew",
        "How did they generate the figures?",
        "",
    ],
)
def test_a_question_is_none(question: str) -> None:
    assert task_of(question) is None


def test_a_system_message_may_order_a_title() -> None:
    assert is_title_order("- you will generate a short title of the first message that begins a conversation")
    assert is_title_order("You summarize conversations.\nGenerate a title for the conversation below.")
    assert not is_title_order("You answer questions in a chat. Be brief, and name the title of each source.")
    assert not is_title_order("Suggest three follow-up questions after each answer of this chat.")


def test_a_title_is_the_first_question() -> None:
    first = PROMPTS["title"]
    assert json.loads(reply("title", first[0], [], []))["title"] == "Who composed the music of the film?"
    assert reply("title", first[1], ["How long is it?", "And who?"], []) == "How long is it?"
    assert reply("title", first[1], ["word " * 40], []) == "word word word word word word word word word…"
    assert reply("title", first[1], ["x" * 100], []) == "x" * 48 + "…"
    assert reply("title", first[1], [], []) == "Questions"


def test_follow_ups_are_questions_that_the_sources_answer_and_were_not_asked() -> None:
    examples = ["How long is it?", "Who?", "When?", "Where?", "Why?"]
    assert reply("follow_ups", PROMPTS["follow_ups"][1], ["How long is it?"], examples) == "Who?\nWhen?\nWhere?"
