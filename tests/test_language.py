"""Questions in other languages than the sources', with the identifier that ships."""

import subprocess
import sys

import pytest

from qa.ask.language import other_language
from qa.search.lexicon import Lexicon
from qa.search.words import words
from qa.types import Document

ENGLISH = (
    "The footbridge at Ollerby is 64 metres long and was opened on 2 May 1958. It was designed by Ruth Penhallow, an "
    "engineer from Truro. Its deck is made of larch. The museum was founded by Odile Carrick; admission is 5 crowns."
)
FRENCH = (
    "Le pont d'Ollerby est long de 64 mètres et a été ouvert le 2 mai 1958. Il a été dessiné par Ruth Penhallow. Qui "
    "veut le traverser paie deux francs ; combien de personnes le font, on ne le sait pas."
)


def language(question: str, *texts: str) -> str | None:
    documents = {str(i): Document(str(i), str(i), "", text, "") for i, text in enumerate(texts)}
    return other_language(question, Lexicon(word for text in texts for word in words(text)), documents)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie lang ist die Fußgängerbrücke in Ollerby?", "German"),
        ("Wann wurde das Museum gegründet?", "German"),
        ("Combien coûte l'entrée du musée ?", "French"),
        ("¿Cuántas personas trabajan en el museo?", "Spanish"),
        ("Quanto costa il biglietto?", "Italian"),
        ("Кто основал музей?", "another language"),
    ],
)
def test_a_question_that_no_source_could_be_asked(question: str, expected: str) -> None:
    assert language(question, ENGLISH) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who founded the museum?",
        "Any parking in Ollerby?",
        "ollerby bridge lenght",
        "Odile Carrick phone",
        "Larch or oak?",
        "intervewer nmae",
        "What is a Weltanschauung?",
        "1958",
        "x y",
    ],
)
def test_english_questions_are_read(question: str) -> None:
    assert language(question, ENGLISH) is None


def test_the_language_of_a_source_is_read() -> None:
    assert language("Quelle est la longueur du pont ?", FRENCH) is None
    assert language("Quelle est la longueur du pont ?", ENGLISH, FRENCH) is None
    assert language("Wie lang ist die Brücke in Ollerby?", FRENCH) == "German"
    assert language("How long is the bridge?", FRENCH) is None


def test_a_plain_question_does_not_load_the_identifier() -> None:
    code = (
        "import sys; from qa.ask.language import other_language; from qa.search.lexicon import Lexicon; "
        "other_language('Who founded the museum?', Lexicon([]), {}); assert 'py3langid' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
