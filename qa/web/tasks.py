"""What chat front ends ask a model beside questions: a title, tags, what to ask next. Answered by rule, never searched.

They send it as a message of the user, the conversation inside it or before it. Open WebUI, LibreChat, LobeChat and
NextChat word it in ways of their own; common to all is that something of a fixed list is to be made of a conversation.
"""

import json
import re
from collections.abc import Sequence
from typing import Literal

Task = Literal["title", "tags", "follow_ups", "queries", "text"]
NAMES = r"(?:chat|conversation|discussion|dialogue)(?![^\W_])"
CHAT = re.compile(rf"(?<![^\W_]){NAMES}", re.IGNORECASE)
THIS_CHAT = re.compile(
    rf"\b(?:for|of|on|about|summari[sz]\w+|sums? up)\s+(?:this|our|the|above|following)\s+{NAMES}"
    r"(?!\s+(?:with|between|of|about|in|on)\b)|<chat_history>|\A\W*task\b",
    re.IGNORECASE,
)
"""A conversation that is at hand, and not one that a source may tell of."""
ORDER = re.compile(
    r"(?:\A|[\n.:,-]\s{0,3})(?:please |now |task: |you will |you must |your task is to )?(?:generate|create|provide|"
    r"suggest|write|summari[sz]e|analy[sz]e|propose|come up with|you are an autocompletion)\b(?P<what>[^\n]{0,200})",
    re.IGNORECASE,
)
WHAT: dict[Task, re.Pattern[str]] = {
    "follow_ups": re.compile(r"\bfollow-?\s?ups?\b|\bnext questions\b", re.IGNORECASE),
    "queries": re.compile(r"\bquer(?:y|ies)\b", re.IGNORECASE),
    "tags": re.compile(r"\b(?:tags|categories)\b", re.IGNORECASE),
    "title": re.compile(r"\btitles?\b", re.IGNORECASE),
    "text": re.compile(r"\A system\b", re.IGNORECASE),
}
"""By the name of the field that the answer has where JSON is asked for; the first that fits is meant."""
HEAD = 1000
"""Characters at the beginning in which a task is set."""
SAID = re.compile(r"^\W{0,4}(?:user|human)\W{0,4}:\W{0,4}(?P<words>\w[^\n]*)", re.IGNORECASE | re.MULTILINE)
TITLE = 48
"""Characters of a title."""
FOLLOW_UPS = 3
UNTAGGED = "General"


def task_of(text: str) -> Task | None:
    """The task that a message sets; None for everything else, questions above all.

    >>> task_of("Generate a concise, 5-word-or-less title for the conversation.")
    'title'
    >>> task_of("Which title has the film?")
    """
    if not (THIS_CHAT.search(text) or SAID.search(text)):
        return None
    return _ordered(text)


def is_title_order(text: str) -> bool:
    """Whether a system message says no more than that the message of the user is to become a title."""
    return CHAT.search(text) is not None and _ordered(text) == "title"


def _ordered(text: str) -> Task | None:
    orders = [order["what"] for order in ORDER.finditer(text[:HEAD])]
    return next((task for order in orders for task, what in WHAT.items() if what.search(order)), None)


def reply(task: Task, text: str, earlier: Sequence[str], examples: Sequence[str]) -> str:
    """What is said to it: words of the user, or questions that the sources answer, as JSON where that is asked for.

    ``earlier`` are the messages of the user before it, ``examples`` questions that the sources answer.
    """
    asked = [match["words"].strip("\"'") for match in SAID.finditer(text)] or list(earlier)
    value: str | list[str]
    if task == "title":
        value = title_of(asked[0]) if asked else "Questions"
    elif task == "follow_ups":
        value = [example for example in examples if example not in asked][:FOLLOW_UPS]
    else:
        value = "" if task == "text" else [UNTAGGED] if task == "tags" else []
    if "json" in text.lower():
        return json.dumps({task: value}, ensure_ascii=False)
    return value if isinstance(value, str) else "\n".join(value)


def title_of(question: str) -> str:
    """The beginning of a question as a title, whole words.

    >>> title_of("Who composed the music of the film, and who played it on which instruments?")
    'Who composed the music of the film, and who…'
    """
    words = " ".join(question.split())
    if len(words) <= TITLE:
        return words
    return words[: words.rfind(" ", 0, TITLE) if " " in words[:TITLE] else TITLE].rstrip(" ,;:") + "…"
