"""Who said it: turns with their speakers in chats, printed talks and plays, and the whole path to the name."""

import pytest

from qa.ask.forms.speech import units
from qa.ask.library import Library
from qa.ask.opening import open_library
from qa.ingest.corpus import document_of

CHAT = """\
[12:01] Nadia: did anyone feed the parrots this morning?
[12:04] Osman: I did, at seven
[12:06] Nadia: thanks. the blue one still limps, I will call the vet
[12:09] Greta: the vet's number is on the fridge, under the magnet
[12:15] Osman: who can drive me to the airport on Thursday?
[12:17] Greta: me, but only before noon
[12:20] Pavel: the heating engineer comes on Friday, somebody has to be at home
[12:22] Nadia: Friday is fine for me
[12:30] Pavel: why is the kitchen window taped up?
[12:31] Greta: a pigeon flew into it. the glazier is booked for Monday
"""
TALK = """\
# Talk with the beekeeper

**Lena Krol: How many hives have you lost?**

Anton Vey: Eleven of thirty, all in the second winter. The mites were not to blame; the damp was.

**Lena Krol: And what will you change?**

Anton Vey: The floor. I am building the new hives on slate, which stays dry.

**Lena Krol: Does the town help?**

Anton Vey: The mayor promised a subsidy of 400 euros, but I have not seen a cent.
"""
PLAY = """\
               THE LAST FERRY

INT. HARBOUR OFFICE - NIGHT

DORA counts tickets. MILO leans in the door.

               DORA
     The last ferry is cancelled. The captain
     has a fever.

               MILO
     Then I shall row. My sister is waiting on
     the other side.

               DORA
     Nobody rows in November. The current
     took two men last year.

               MILO
     Where do you keep the oars?

               DORA
     Behind the ice machine.
"""
PRINTED = """\
A talk with the keeper

Ida Roos: How long have you kept the light?

Jan Hol: For nineteen winters. The lamp was electric from the first day.

Do you miss the company?

No. The gulls talk more than most people do.
"""


@pytest.mark.parametrize(
    ("name", "text", "speakers"),
    [
        ("chat.txt", CHAT, ["Nadia", "Osman", "Nadia", "Greta", "Osman", "Greta", "Pavel", "Nadia", "Pavel", "Greta"]),
        ("talk.md", TALK, ["Lena Krol", "Anton Vey"] * 3),
        ("play.txt", PLAY, ["DORA", "MILO", "DORA", "MILO", "DORA"]),
        ("printed.txt", PRINTED, ["Ida Roos", "Jan Hol", "Ida Roos", "Jan Hol"]),
        ("prices.txt", "Price: 4 euros\n\nOpen: daily\n\nNote: no dogs\n", []),
    ],
)
def test_every_turn_has_its_speaker_at_a_place_of_the_text(name: str, text: str, speakers: list[str]) -> None:
    document = document_of(text.encode(), name)
    found = list(units(document))
    assert [unit.speaker for unit in found] == speakers
    assert all(document.text[unit.name.start : unit.name.end] == unit.speaker for unit in found)
    assert all(unit.words and not unit.words.startswith(unit.speaker) for unit in found)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("talks")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (("chat.txt", CHAT), ("talk.md", TALK), ("play.txt", PLAY), ("printed.txt", PRINTED)):
        (corpus / name).write_text(text)
    return open_library(corpus, folder / "index")


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Who says that the blue parrot limps?", "Nadia"),
        ("Who did feed the parrots this morning?", "Osman"),
        ("Who can drive Osman to the airport?", "Greta"),
        ("Who asked about the kitchen window?", "Pavel"),
        ("Who told us that a pigeon flew into the window?", "Greta"),
        ("Who interviewed Anton Vey?", "Lena Krol"),
        ("Who talked with Anton Vey about the town?", "Lena Krol"),
        ("What is the name of the journalist who conducted the interview with Anton Vey?", "Lena Krol"),
        ("Who asked whether the town helps?", "Lena Krol"),
        ("Who says that his sister is waiting?", "MILO"),
        ("Who wants to know where the oars are kept?", "MILO"),
        ("Who says that gulls talk more than people?", "Jan Hol"),
        ("Who says that the red parrot can talk?", None),
        ("Who asked about the lifeboat?", None),
        ("Who interviewed the mayor?", None),
        ("Who was putting the questions to Anton Vey?", "Lena Krol"),
        ("who put the questions to vey", "Lena Krol"),
        ("who's doing the interview with Anton Vey?", "Lena Krol"),
        ("Who was the person putting the questions to Anton Vey?", "Lena Krol"),
        ("whats the name of the person asking Vey the questions in that interview", "Lena Krol"),
        ("Who asked Vey the questions in the talk?", "Lena Krol"),
        ("who is the journalist that interviewed Anton Vey", "Lena Krol"),
        ("Which journalist conducted the interview with Anton Vey?", "Lena Krol"),
        ("what reporter spoke with Vey", "Lena Krol"),
    ],
)
def test_the_speaker_is_cited_with_what_was_said(library: Library, question: str, speaker: str | None) -> None:
    answer = library.ask(question)
    assert answer.answer == speaker
    for citation in answer.citations:
        text = library.source(citation.doc_id).text
        assert citation.quote == text[citation.start : citation.end]
