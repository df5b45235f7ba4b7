"""A follow-up is taken in the way that is answered surest, and the others are told."""

from unittest.mock import ANY

import pytest

from qa.ask.library import Library
from qa.ask.opening import open_library

TALE = """\
The ferry at Holm

The ferry at Holm was built by Ellen Strand in 1931. Ellen Strand was born in Tromsø and was 26 years old in 1931. The
ferry carries eight cars. The captain is Bror Dahl, who has a wooden leg.

The lighthouse at Vik was built in 1887. It is 31 metres high.

The mayor is 46 years old.

The ferry opened to people in Norway on 3 May 1931.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    corpus = tmp_path_factory.mktemp("tales")
    (corpus / "ferry.txt").write_text(TALE, encoding="utf-8")
    return open_library(corpus, tmp_path_factory.mktemp("index") / "index")


@pytest.mark.real
@pytest.mark.parametrize(
    ("history", "question", "answer", "taken_for"),
    [
        (["Who built the ferry at Holm?"], "Where was she born?", "Tromsø", "Where was Ellen Strand born?"),
        (["Who built the ferry at Holm?"], "How old was she in 1931?", "26", "How old was Ellen Strand in 1931?"),
        (["How many cars does the ferry carry?"], "How high is the lighthouse at Vik?", "31 metres", None),
        (["Who built the ferry and how many cars does it carry?"], "Where was it painted?", None, ANY),
        (["When did the ferry open in Norway?"], "and in Vik?", None, "When did the ferry open in Vik?"),
        (["Who is the captain?"], "How old is he?", None, "How old is Bror Dahl?"),
        (
            ["Who built the ferry at Holm?", "Where was she born?"],
            "How old was she in 1931?",
            "26",
            "How old was Ellen Strand in 1931?",
        ),
        (["Who built the ferry at Holm?"], "Which of the two won a prize?", None, ANY),
        (["Who wrote the review?", "When?"], "Would he recommend it?", None, "Would the reviewer recommend it?"),
        (["Who is the mayor of Holm?"], "Where was he born?", None, "Where was he born? (Who is the mayor of Holm)"),
    ],
)
def test_a_follow_up(
    library: Library, history: list[str], question: str, answer: str | None, taken_for: str | None
) -> None:
    found = library.ask(question, history)
    assert (found.answer or "").startswith(answer or "")
    assert found.abstained is (answer is None)
    assert found.interpreted_as == taken_for
    assert found.question == question
