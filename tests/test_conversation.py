import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ask.conversation import stand_alone


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["When was it released in France?"], "and in Japan?", "When was it released in Japan?"),
        (["Who narrates the original version?"], "And in English?", "Who narrates the original version in English?"),
        (["Who speaks in the English version?"], "and the French one?", "Who speaks in the French version?"),
        (["Who narrates the English version?"], "and in the French one", "Who narrates the French version?"),
        (
            ["Whose voice do I hear if I pick the English version?"],
            "and the original?",
            "Whose voice do I hear if I pick the original version?",
        ),
        (["Who wrote the script?"], "what about the music?", "Who wrote the music?"),
        (["How heavy is the Osprey 7 boat?"], "sorry, I meant the Osprey 9", "How heavy is the Osprey 9 boat?"),
        (["When was the town chapel built?"], "no, not the chapel, the mill", "When was the town mill built?"),
        (["Who feeds goats and geese?"], "I mean pigs and hens", "Who feeds pigs and hens?"),
        (["Who cleans the Leigh pump?"], "oops, the Dale one", "Who cleans the Dale pump?"),
        (["How deep is the lake in metres?"], "sorry, in feet", "How deep is the lake in feet?"),
        (["When is the pool open on Monday?"], "no, on Friday", "When is the pool open on Friday?"),
        (["How long does the tram take?"], "actually the bus, not the tram", "How long does the bus take?"),
        (["Where did Karl train?"], "not Karl but Ida", "Where did Ida train?"),
        (["What did it take in 2013?"], "wait, 2014", "What did it take in 2014?"),
        (["Who composed the music?"], "no, I meant the narrator", "Who is the narrator?"),
        (["How much is a wash for the Falcon 3?"], "and a new tyre?", "How much is a new tyre for the Falcon 3?"),
        (["When was the Tarn mill built?"], "What about the Dale one?", "When was the Dale mill built?"),
        (["Where is the weir?"], "sorry, when was it opened?", "when was it opened? (Where is the weir)"),
        (["What was the heaviest load?"], "And the smallest payment?", "What was the smallest payment?"),
        (["How long does the film last?"], "and the trailer?", "How long does the trailer last?"),
        (["What does it score on Rotten Tomatoes?"], "and metacritic?", "What does it score on metacritic?"),
        (["what's its filmbase number"], "and on grey owl?", "what's its score on grey owl?"),
        (["What is its Filmbase score?"], "And at Grey Owl?", "What is its score at Grey Owl?"),
        (["What is its average score?"], "and on Filmbase?", "What is its average score on Filmbase?"),
        (["when could people in Norway first see it?"], "and in Peru?", "when could people in Peru first see it?"),
        (["how much did it take in the states in all?"], "and worldwide?", "how much did it take worldwide in all?"),
        (["how much did it take in Norway?"], "and down under?", "how much did it take in Australia?"),
        (["How old is Rithy Panh?"], "and Marc Marder?", "How old is Marc Marder?"),
        (["Who plays Ana, the eldest?"], "And the other one?", "And the other one? (Who plays Ana, the eldest)"),
        (
            ["Did the film win anything at Cannes?"],
            "What about the Lumières?",
            "Did the film win anything at the Lumières?",
        ),
        (
            ["Who won the top prize at Cannes"],
            "When was that?",
            "When was that? (Who won the top prize at Cannes)",
        ),
        (["Where is the boat?"], "is it no longer shown?", "is it no longer shown? (Where is the boat)"),
        (["What are the figures?"], "who made them", "who made them (What are the figures)"),
        (["Who wrote it?"], "Why?", "Why? (Who wrote it)"),
        (["Who sings in the Danish version?"], "and in the Norse one?", "Who sings in the Norse version?"),
        (["What is the score?"], "out of how many readers", "out of how many readers (What is the score)"),
        (["What is the score?"], "of which readers does the club consist", None),
        (["Who made the figures?", "And the music?"], "Where?", "Where? (Who made the music)"),
        (["Who cut it?", "Where?", "Why?"], "Since when?", "Since when? (Why, Where, Who cut it)"),
    ],
)
def test_follow_ups(history: list[str], question: str, expected: str) -> None:
    assert stand_alone(question, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who composed the music?",
        "How long is the film?",
        "What did Rithy Panh say about his childhood?",
        "Which prizes did the documentary win at festivals?",
        "How did the sculptor Sarith Mang make his figures?",
        "What does the reviewer say of his school?",
        "OK, something else: who conducted the interview with Rithy Panh?",
        "cannes prize un certain regard",
        "How do I bake bread?",
    ],
)
def test_a_new_topic_stands_alone(question: str) -> None:
    assert stand_alone(question, ["When was it released in France?"]) is None


def test_nothing_before_nothing_to_resolve() -> None:
    assert stand_alone("And in Japan?", []) is None


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_any_words_are_handled(question: str, history: list[str]) -> None:
    assert stand_alone(question, history) != ""
