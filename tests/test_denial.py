"""What the sources deny is the answer to a question that takes it for granted."""

import pytest

from qa.ask.library import Library
from qa.ask.opening import open_library

FILES = {
    "hut.md": "# The hut on the ridge\n\nThe hut has twelve beds and no telephone. There is no shower. Guests cook for "
    "themselves.\n\n## 5 March\n\nHeavy snow. Nobody slept there. The warden mended the stove.\n\n## 6 March\n\nSun. "
    "Nine guests slept there. They left at dawn.\n",
    "inn.md": "# The inn in the valley\n\nThe inn has no bus on Sundays, and dinner is at seven. Its telephone is in "
    "the hall.\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("denials")
    (folder / "corpus").mkdir()
    for name, text in FILES.items():
        (folder / "corpus" / name).write_text(text)
    return open_library(folder / "corpus", folder / "index")


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("When is the shower open?", "There is no shower."),
        ("Which showers can be used?", "There is no shower."),
        ("On which day did nobody sleep there?", "Nobody slept there."),
        ("When is dinner at the inn?", "dinner is at seven"),
        ("How many beds are in the hut?", "twelve beds"),
    ],
)
def test_a_denial_answers(library: Library, question: str, quoted: str) -> None:
    answer = library.ask(question)
    assert answer.answer is not None
    assert quoted in answer.citations[0].quote


@pytest.mark.real
def test_a_denial_with_a_condition_denies_nothing_else(library: Library) -> None:
    answer = library.ask("When does the bus leave?")
    assert answer.answer is None or "no bus" not in answer.answer
