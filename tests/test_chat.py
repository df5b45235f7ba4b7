"""Questions as people type them in a chat, spelled out."""

import pytest

from qa.ask.chat import spelled_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("whats it about", "what's it about"),
        ("isnt it in english", "isn't it in english"),
        ("Didnt they win?", "Didn't they win?"),
        ("how'd he come up with it", "how did he come up with it"),
        ("ppl n dogs", "people and dogs"),
        ("who r they", "who are they"),
        ("r there any boats", "are there any boats"),
        ("is it longer then 2 hours", "is it longer than 2 hours"),
        ("what happened later then", "what happened later then"),
        ("rated R", "rated R"),
        ("its longer than two hours", "it's longer than two hours"),
        ("its colours are bright", "its colours are bright"),
        ("rated r", "rated r"),
        ("w/ whom", "with whom"),
        ("and/or", "and/or"),
        ("Ur was a city", "Your was a city"),
        ("UR was a city", "UR was a city"),
        ("notes.doc", "notes.doc"),
        ("well, shell and its", "well, shell and its"),
    ],
)
def test_short_forms_are_spelled_out(typed: str, meant: str) -> None:
    assert spelled_out(typed) == meant


def test_a_word_of_the_corpus_stays() -> None:
    assert spelled_out("what is ur", lambda word: word == "ur") == "what is ur"


def test_letters_stand_for_a_name_that_the_corpus_has() -> None:
    assert spelled_out("rt score") == "rt score"
    assert spelled_out("rt score", lambda word: word in ("rotten", "tomatoes")) == "Rotten Tomatoes score"


def test_two_are_called_by_one_word_where_the_corpus_has_only_that() -> None:
    asked = "are her mum and dad alive, and her brothers or sisters?"
    assert spelled_out(asked, {"parents", "siblings"}.__contains__) == "are her parents alive, and her siblings?"
    assert spelled_out(asked, {"parents", "mum"}.__contains__) == asked
