"""What cannot be what a question asks for is no answer, whatever a model makes of it."""

import pytest

from qa.ask.fitting import fits, tells


@pytest.mark.parametrize(
    ("question", "answer", "behind", "can_be"),
    [
        ("How wide is the bridge?", "64 metres", " long and was opened in May", False),
        ("How wide is the bridge?", "64 metres", " wide", True),
        ("How wide is the bridge?", "64 metres", ", opened in May", True),
        ("How tall is the mast?", "12 metres", " high", True),
        ("What is the width of the barge?", "38 metres", " (125 feet) long", False),
        ("How deep is the well?", "9 m in length", "", False),
        ("How long did it take?", "two hours", "", True),
        ("In which year was it founded?", "a botanist", "", False),
        ("In which year was it founded?", "nineteen hundred and five", "", True),
        ("How high is it?", "the church", "", False),
        ("How high is it?", "several dozen feet", "", True),
        ("How old is it?", "as old as the church", "", True),
        ("Who came?", "the mayor", " long ago", True),
    ],
)
def test_what_an_answer_can_be(question: str, answer: str, behind: str, can_be: bool) -> None:
    assert fits(question, answer, behind) == can_be


@pytest.mark.parametrize(
    ("question", "told", "can_tell"),
    [
        ("How much money did they sink into making it?", "It only made 300 euros.", False),
        ("How much did they put into the film?", "They put 300 euros into it.", True),
        ("How much did it make?", "It only made 300 euros.", True),
    ],
)
def test_what_came_in_was_not_spent(question: str, told: str, can_tell: bool) -> None:
    assert tells(question, told) == can_tell
