"""The form of an answer for each kind of question: its rules alone, and the whole path on small folders."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from serving import ScriptedReader
from test_pipeline import SCHEMA

from qa.ask.forms.count import asked_by_name
from qa.ask.forms.definition import as_written, sayings
from qa.ask.forms.desk import finding_at
from qa.ask.forms.listing import MOST, entries, names_listed
from qa.ask.forms.polarity import verdict
from qa.ask.forms.rows import number_of
from qa.ask.forms.series import items_of, split
from qa.ask.forms.superlative import most_of
from qa.ask.forms.value import quantity_in
from qa.ask.forms.yes_no import SURE
from qa.ask.library import Library
from qa.ask.opening import open_library
from qa.ask.reader import Reader, text_of
from qa.ask.sources import resolve
from qa.ingest.corpus import document_of
from qa.lines import answer_text
from qa.render import answer_json
from qa.search.store import Store, Within
from qa.text import Span
from qa.types import Answer, Citation, Document, Finding, Item, Passage, Query, Reading, ScoredPassage
from qa.web.openai import content_of


def passage(text: str) -> Passage:
    """One sentence as a passage."""
    return Passage("a#1", "a", "a.txt", "A", None, None, 0, len(text), text, (Span(0, len(text)),))


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Is the pool heated in May?", "In May the pool is not heated.", "no"),
        ("Is the pool heated in May?", "The pool is heated in May.", "yes"),
        ("Is the pool open in May?", "In May the pool is closed.", "no"),
        ("Is the pool closed in May?", "In May the pool is closed.", "yes"),
        ("Does the cabin have a stove?", "The cabin has no stove.", "no"),
        ("Are fires allowed?", "Fires: forbidden", "no"),
        ("Does the choir sing on Fridays?", "The choir sings every day but Friday.", "no"),
        ("Is the lift not working?", "The lift is not working.", "yes"),
        # What no rule can be sure of is left open.
        ("Is the pool heated in May?", "The pool is heated in June.", None),
        ("Is the pool heated in May?", "The pool may be heated in May if it is cold.", None),
        ("Is the pool heated?", "The pool belongs to the town.", None),
        ("May I earn more if I work at night?", "There is no limit for work at night.", None),
        ("Does the choir sing on Mondays?", "The choir sings every day but Friday.", None),
    ],
)
def test_polarity(question: str, sentence: str, said: str | None) -> None:
    assert verdict(question, sentence) == said


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Ivy, Tobias and Hulda", ["Ivy", "Tobias", "Hulda"]),
        ("Salt and Sand, Boosey and Hawkes", ["Salt and Sand", "Boosey", "Hawkes"]),
        ("oak | ash | elm", ["oak", "ash", "elm"]),
        ("4,000 euros", ["4,000 euros"]),
        ("May 3, 1999", ["May 3, 1999"]),
        ("oil, wax, and his voice to call up the sea as it was between 1975 and 1979", ["oil", "wax", "his voice"]),
        ("a blend of oil, wax and tin", ["oil", "wax", "tin"]),
        (
            "stripped of bread and salt, led away and given a number",
            ["stripped of bread and salt", "led away", "given a number"],
        ),
        (
            "their coats grow thin, their wheels rust, as well as letting their ears fall off",
            ["their coats grow thin", "their wheels rust", "their ears fall off"],
        ),
        ("Ode to a Goat and Blue Ladder", ["Ode to a Goat", "Blue Ladder"]),
    ],
)
def test_an_enumeration_is_split(text: str, pieces: list[str]) -> None:
    assert [text[a:b] for a, b in split(text)] == pieces


@given(st.text(alphabet="ab ,;|and.", max_size=60))
def test_pieces_are_places_in_order(text: str) -> None:
    pieces = split(text)
    assert all(0 <= a <= b <= len(text) for a, b in pieces)
    assert pieces == sorted(pieces)


def test_a_list_of_thousands_is_made_in_time() -> None:
    text = ". ".join(f"item number {i} {'x' * (i % 7)}" for i in range(20_000))
    whole = passage(text)
    places = [Span(m.start(), m.end()) for m in re.finditer(r"item[^.]*", text)]
    started = time.process_time()
    items = entries([finding_at(whole, place) for place in places])
    assert time.process_time() - started < 5
    assert len(items) == MOST
    assert len(entries([finding_at(whole, places[0])] * 5_000)) == 1


def test_an_answer_grows_to_its_enumeration() -> None:
    text = "The oars were cut by Ana Ruiz, Bo Lind and Cy Orr."
    one = passage(text)
    at = text.index("Bo Lind")
    found = items_of(Finding(one, one.span, Span(at, at + 7)))
    assert [text_of(item) for item in found] == ["Ana Ruiz", "Bo Lind", "Cy Orr"]
    assert all(one.text[item.answer.start : item.answer.end] == text_of(item) for item in found)


def test_things_that_change_are_told_to_the_last_of_them() -> None:
    text = "He bent them, having their coats grow thin, their wheels rust, as well as letting their ears fall off."
    one = passage(text)
    said = "their coats grow thin, their wheels rust"
    at = text.index(said)
    found = items_of(Finding(one, one.span, Span(at, at + len(said))))
    assert [text_of(item) for item in found] == ["their coats grow thin", "their wheels rust", "their ears fall off"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("£11.50", 11.5),
        ("8,200", 8200),
        ("1.234,5", 1234.5),
        ("3 million marks", 3e6),
        ("06:52", 6 * 3600 + 52 * 60),
        ("–", None),
        ("free", None),
    ],
)
def test_the_number_of_a_cell(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_dates_of_a_column_are_in_their_order() -> None:
    told = ["3 May 1999", "June 2, 1999", "1999-06-03", "1 January 2000"]
    numbers = [number_of(text) for text in told]
    assert None not in numbers
    assert numbers == sorted(number for number in numbers if number is not None)


@pytest.mark.parametrize(
    ("question", "noun", "greatest"),
    [
        ("Which hut has the highest price?", "price", True),
        ("Which place has the smallest mirror?", "mirror", False),
        ("What is the least expensive room?", "room", False),
        ("Which train departs first?", "", False),
        ("Which had the most visitors?", "visitors", True),
    ],
)
def test_what_a_superlative_is_of(question: str, noun: str, greatest: bool) -> None:
    most = most_of(question)
    assert most is not None
    assert (most.noun, most.greatest) == (noun, greatest)


@pytest.mark.parametrize(
    ("unit", "text", "found"),
    [
        ("feet", "38 metres (125 feet) long", "125 feet"),
        ("dollars", "only about $3,500 in all", "about $3,500"),
        ("euros", "6 million marks, about 3.1 million euros.", "about 3.1 million euros"),
        ("kilometres an hour", "12 knots, or 22 km/h", "22 km/h"),
        ("metres", "3 kilometres or 3,000 metres", "3,000 metres"),
        ("kilos", "20 tonnes", None),
        ("days", "within sixty (60) days of it", "sixty (60) days"),
    ],
)
def test_a_quantity_in_a_unit(unit: str, text: str, found: str | None) -> None:
    match = quantity_in(unit).search(text)
    assert (match[0].removeprefix("only ") if match else None) == found


@pytest.mark.parametrize(
    ("subject", "sentence", "what"),
    [
        ("haar", "A haar is a cold sea fog.", "a cold sea fog"),
        ("Bo Lind", "It was planned by Bo Lind, an engineer from Lund, in 1950.", "an engineer from Lund"),
        ("Bo Lind", "The bridge of the engineer Bo Lind stands.", "the engineer"),
        ("Bo Lind", "Oars: Bo Lind, Cy Orr", "Oars"),
        ("Bo Lind", "Her deputy was Bo Lind.", "Her deputy"),
        ("ALC", "automatic level control", None),
        ("ALC", "ALC stands for automatic level control.", "automatic level control"),
        ("ana ruiz", "Ana Ruiz: keeper of the light", "keeper of the light"),
        ("Ana Ruiz", "- Ana Ruiz as the keeper (stage version)", "the keeper (stage version)"),
        ("Ana Ruiz", "Ana Ruiz Ana Ruiz ... Keeper (voice)", "Keeper (voice)"),
        ("Ana Ruiz", "It told of a baker by the name of Ana Ruiz, who fled.", "a baker"),
        (
            "Low Tide",
            "It ran in the Low Tide section at the Holm festival, where it won.",
            "section at the Holm festival",
        ),
        ("Low Tide", "He fled from the Low Tide prize.", "He fled from the Low Tide prize."),
        (
            "Khmer Rouge",
            "He fled when the Khmer Rouge seized the city.",
            "He fled when the Khmer Rouge seized the city.",
        ),
    ],
)
def test_what_a_sentence_says_that_a_term_is(subject: str, sentence: str, what: str | None) -> None:
    found = list(sayings(subject, passage(sentence)))
    assert (text_of(found[0].finding) if found else None) == what


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("anna-maria fou", "Anna-Maria Phou"),
        ("Piet Okonja", "Piet Okonjo"),
        ("Jan Okonjo", None),
        ("piet okonjo", None),
        ("Vera Blum", None),
        ("Okonja", None),
    ],
)
def test_a_misspelt_name_is_written_as_a_source_writes_it(name: str, written: str | None) -> None:
    assert as_written(name, [passage("The vet Piet Okonjo lives with Anna-Maria Phou.")]) == written


def test_a_name_does_not_define_itself() -> None:
    assert all(text_of(s.finding) != "Bo Lind" for s in sayings("Bo Lind", passage("Bo Lind, Cy Orr")))


def test_how_many_becomes_which() -> None:
    assert asked_by_name("How many people sing?") == "Who sings?"
    assert asked_by_name("In all, how many boats sank?") == "In all, Which boats sank?"


def document(path: str, title: str, text: str = "", **metadata: str) -> Document:
    return Document(path.partition(".")[0], path, title, text, "0", metadata=metadata)


SHELF = {
    d.path: d
    for d in (
        document("harbour.md", "The old harbour", kind="encyclopaedia article", publisher="Wikipedia"),
        document("talk.md", "Ana Ruiz on boats", kind="interview"),
        document("fees.txt", "Fees 2024", "This paper lists what a berth costs."),
    )
}


@pytest.mark.parametrize(
    ("phrase", "paths"),
    [
        ("the interview", {"talk.md"}),
        ("Wikipedia", {"harbour.md"}),
        ("IMDb", None),
        ("fees.txt", {"fees.txt"}),
        ("the paper", {"fees.txt"}),
        ("the article about the harbour", {"harbour.md"}),
        ("the encyclopedia", {"harbour.md"}),
        ("these pages", None),
        ("Ana in conversation", {"talk.md"}),
        ("the mayor", None),
        ("", None),
    ],
)
def test_which_documents_a_phrase_means(phrase: str, paths: set[str] | None) -> None:
    scope = resolve(phrase, SHELF)
    assert (set(scope.paths) if scope and scope.named else None) == paths


def test_a_talk_is_an_interview_though_it_does_not_say_so() -> None:
    told = "Why boats?\n\nThey last.\n\nWho taught you?\n\nMy aunt.\n\nAnd where?\n\nOn the quay.\n"
    shelf = {d.path: d for d in (document_of(told.encode(), "a.txt"), document("b.md", "Boats", "Boats last."))}
    scope = resolve("the interview", shelf)
    assert scope is not None
    assert scope.paths == {"a.txt"}


def test_a_site_that_no_document_is_named_after_is_the_one_that_looks_like_its_pages() -> None:
    page = "The Ferry\n\nDirector:\n\nAna Ruiz\n\nCountry:\n\nNorway\n\nColour\n\n88 min\n"
    shelf = {d.path: d for d in (document_of(page.encode(), "a.txt"), document("b.md", "Boats", "Boats last."))}
    scope = resolve("IMDb", shelf)
    assert scope is not None
    assert scope.paths == {"a.txt"}


def test_one_of_two_talks_is_meant_with_whom_it_is() -> None:
    told = "Why boats?\n\nThe keeper likes them.\n\nWho taught you?\n\nMy aunt.\n\nAnd where?\n\nOn the quay.\n"
    boats = document("b.md", "Boats", "Boats last. The keeper says so.")
    shelf = {d.path: d for d in (document_of(told.encode(), "a.txt"), boats)}
    scope = resolve("the interview with the keeper", shelf)
    assert scope is not None
    assert scope.paths == {"a.txt"}


def test_a_phrase_for_all_documents_names_none() -> None:
    scope = resolve("both documents", SHELF)
    assert scope is not None
    assert not scope.named
    assert scope.paths == SHELF.keys()


HARBOUR: Mapping[str, str] = {
    "harbour.md": """---
title: The old harbour
kind: encyclopaedia article
---

# The old harbour

The old harbour of Velm is a fishing port on the north shore. It was dug in 1794 by the engineer Ruben Aasen. The
harbour masters were Greta Holm, Isak Brun and Mona Dahl. The mole is 210 metres (690 feet) long. Nobody is allowed to
swim in the basin. The slipway is not used in winter, because it freezes.

## Fish sold

- cod
- ling
- wolf fish
""",
    "talk.md": """---
title: Mona Dahl on her harbour
kind: interview
---

# Mona Dahl on her harbour

**How long is the mole?**

Mona Dahl: We measured 214 metres last spring.

**What is the slipway for?**

Mona Dahl: We haul the boats up there to paint them.
""",
    "boats.csv": """Boat,Built,Length (m),Skipper,Crew
Tern,1961,11,Olga Pym,3
Puffin,1988,14.5,Ivar Nes,5
Skua,1949,9,Pia Roth,2
Gannet,2004,18,Ben Moe,6
""",
}
SHOP: Mapping[str, str] = {
    "rules.txt": """Rules of the reading room

The reading room is closed on Mondays. Bags may not be taken in. The room has a lift. Coffee is sold in the hall.
The rules were written by Vera Lund, a librarian from Horten, in 2011.
""",
    "prices.md": """# Prices

| Service | Price |
|---|---|
| Copy | 0.20 euros |
| Scan | 0.50 euros |
| Poster | 12 euros |
""",
    "history.md": """# History of the reading room

This leaflet tells how the room was saved from the fire of 1902. The first librarian was Otto Grieg. Its founders were
Ada Prytz and Nils Foss.
""",
}
MILL: Mapping[str, str] = {
    "mill.txt": """The mill at Rode

The mill at Rode was closed in 1931 because its wheel had rotted through. The miller moved to his sister's.
""",
    "letter.txt": """A letter from Rode

We closed the mill because nobody bought our flour any more. The geese are well.
""",
}
REEL: Mapping[str, str] = {
    "reel.txt": """The Tin Horse

The Tin Horse is a film about a horse of tin. It was shown at the festival of Holm, where it won the Silver Oar. It
was also shown at the festival of Vik, where it won the Glass Gull. It won Best Sound at the Norland Awards and was
nominated for Best Music at the Skerry Prizes as well as for Best Picture at the Gannet Prizes.

Editing: Ulla Brandt

The director, Jon Ask, a 61-year-old who fled to Bergen as a child of 9, lives in Oslo.
""",
    "talk.txt": """A talk about a horse

Mia Lie: Why a horse of tin?

Jon Ask: Tin is light. My uncle worked in tin all his life.

Mia Lie: And the music?

Jon Ask: The music came from an old organ that stood in a barn.
""",
}
PAGE: Mapping[str, str] = {
    "page.txt": """The Tin Horse (1998)

7 user 12 critic

Rider on a Roof
Composed by Ulla Brandt
© Gannet Sound

User Reviews

A ride worth taking
3 May 1999 | by TomReedSee all my reviews

The Tin Horse is about a horse that nobody can sell. Reed's aunt had such a horse. If it has one fault, it is the organ,
which drones in every scene. Even so this is a lovely film that I would gladly see again.
""",
    "talk.txt": """A talk with Jon Ask

Jon Ask has made films about toys for thirty years.

Mia Lie: Why did you make the horse of tin?

Jon Ask: I grew up in a small town. My uncle sold lamps. I wanted tin for the horse because tin rings when you ride it.

Mia Lie: Was the music hard to record?

Jon Ask: Yes, very. We carried an organ into a barn and recorded the music by night. It was cold there.

Mia Lie: What do children say to it?

Jon Ask: Some of them laugh. Most children ask me where the horse sleeps at night.
""",
}
LOAVES = {
    "talk.txt": """A talk with a baker

Mia Lie: Why do you write your plays like a baker?

Bo Nes: I write like a baker because dough has to rest. You knead it before the sun is up, you leave it alone under a
cloth for hours, you look at it again and again and must not touch it, you go out and feed the hens and come back with
flour on your boots, and little by little, while nobody looks at it, it doubles. I guess that is how plays are made, you
wait and they grow.
"""
}
LAMPS = {
    "lamps.txt": """The lamps of Vik

It was important to her that the lamps burn. She wanted sailors to see the reef. The oil came from Holm.
"""
}
CREWED = {
    "film.txt": """The Wet Coat

The Wet Coat is a film with the Gull Brothers. The Gull Brothers are three clowns from Holm.

Executive Producers: Ana Moe, Bo Lind

Editor: Ulla Brandt
"""
}
TALLY = {
    "page.txt": "The Tin Horse\n\nAwards: 1 Oscar nomination; another 13 wins and 15 nominations\n\nReviews: 100\n"
}
SCORES = {"scores.txt": "The Tin Horse\n\nOn Metacritic it scores 87 out of 100 from 23 critics.\n"}
TITLED = {
    "talk.md": "# Jon Ask on The Tin Horse\n\nHe made a film of tin.\n\n**Mia Lie: Why a horse of tin?**\n\n"
    "Jon Ask: Tin is light, and so is this film.\n\n**And the music?**\n\nIt came from an old organ in a barn.\n"
}
FIRE = "This leaflet tells how the room was saved from the fire of 1902."
FILM = {"film.md": "# The Tin Horse\n\n- Runtime: 92 minutes\n- Piece: Tin Song\n- Composed by: Ulla Brandt\n"}
SIGN = {
    "clock.txt": "The town clock\n\nThe clock was mended in the spring of 1931 by the two brothers Anton and Jens "
    "Prytz of Horten, who asked for a fee of nine crowns. The face is painted in a deep bottle green, and the hands "
    "were gilded by a travelling sign painter called Wenna Coe.\n"
}
CATCH = {
    "catch.md": """# Fish landed at Velm, by kind

| Kind | 2019 | 2020 |
|---|---|---|
| Cod | 1,204 | 1,118 |
| Ling | 310 | 296 |
| Haddock | 88 | 71 |
"""
}
NOMINATED = ["Best Music at the Skerry Prizes", "Best Picture at the Gannet Prizes"]
CREDITED = {
    "page.txt": "The Tin Horse\n\n- Director: Jon Ask, Ulla Brandt\n- Music: Ida Lie\n- Narrator: Per Dahl\n- Runtime: "
    "92 minutes\n\n"
    "Narrator: For years I looked for a horse in the snow.\n",
    "list.txt": "Directed by: Jon Ask, Ulla Brandt.\n",
}
FIGURES = {
    "article.txt": "The Tin Horse\n\nThe Tin Horse is a film by Jon Ask of 2011. The figures were carved by Ulla "
    "Brandt.\n\n"
    "Country: Norway, Denmark\n\nLanguage: Norwegian\n\nRuntime: 92 minutes\n",
    "talk.txt": "Mia Lie: Is it a film with puppets?\n\nJon Ask: My cousin Rolf carved all the figures, in one "
    "winter.\n\n"
    "Mia Lie: And who lent the barn?\n\nJon Ask: A farmer from Vik lent it, for nothing.\n\n"
    "Mia Lie: How did it end?\n\nJon Ask: With rain.\n",
}
WON = ["Best Sound at the Norland Awards", "the Glass Gull", "the Silver Oar"]
PLAYBILL = {
    "bill.txt": "The Grey Mill\n\n- Director: Jon Ask\n- Music: Ida Lie\n- Narrator: Per Dahl\n\nThe Grey Mill is a "
    "play "
    "about a mill, with scenery by painter Wenna Coe. It was shown at the 1998 Holm Stage Festival where it won the "
    "main "
    "prize. It was nominated for Best Song at the 7th Academy Awards.\n",
    "talk.txt": "Ida Lie talks of her play, which was nominated for the Best Song Oscar.\n",
}
PAGED = {
    "page.txt": "The Grey Mill\n\nIda Lie\n\nNominated for 2 Gulls. Another 9 wins & 12 nominations.\n\n4 user 30 "
    "critic\n\n"
    "User Reviews\n\nA mill worth seeing\n3 May 1999 | by TomReedSee all my reviews\n\nMany, including myself, have "
    "never "
    "seen a mill. The sails of this one turn all night.\n\n3 of 8 people found this review helpful.\n\n"
    "Review this title | See all 4 user reviews\n\nSee more on IMDbPro\n"
}
MADE_IN = {
    "film.txt": "The Tin Mill\n\nDirector: Ana Vey\nCountry: Norway, France\nLanguage: Norwegian\nRuntime: 91 minutes"
}
RATED = {
    "film.txt": "The Tin Mill\n\nThe Tin Mill is a film on a mill. It has an approval rating of 91% on the site "
    "Lantern, based on 12 reviews, and an average rating of 7.5/10.\n\nIt won the Silver Oar at the 3rd Holm Boats "
    "and was nominated for the Golden Net at the Velm Nights.",
}
TOLD = {
    "mill.txt": "The mill of Holm\n\nThe film was screened in the New Eyes section at the Holm Film Festival. It "
    "was also "
    "screened at the Velm Film Festival, where it rained.\n\nIn that winter the millers were driven out, all "
    "being led into "
    "the salt mine, stripped of their boots and coats and given a number as a name. The keeper shares his memories of "
    "a quiet childhood in Holm, the shock of the night when the soldiers came to the mill and took all of them "
    "away, and the "
    "three years in the mine.\n"
}
NAMES = {
    "guide.txt": "A guide to the mill\n\nLa Roue Grise (on the sign)\n\nIt took about 900 crowns in Norway.\n",
    "letter.txt": "A letter\n\nThe old name of the Grey Wheel mill was La Roue Grise.\n",
}
MIXED = {
    "film.txt": "The Tin Toys\n\nThe film tells of a flood using a blend of oil paint, old maps, and tin toys by Ulla "
    "Brandt.\n\nAs the flood rises, the film changes the toys little by little, having their coats grow thin, their "
    "wheels rust, as well as letting their ears fall off.\n",
    "list.txt": "Jon Ask uses tin toys, old maps, and his voice to call up the flood.\n\nIt has dust and rain.\n",
    "talk.txt": "Whether mending nets in a storm, telling the lives of millers, or walking with a family of "
    "clowns, Jon Ask has always been kind.\n\n"
    "Jon Ask: I looked for an organ in vain in the attics of Holm, in barns, in the church.\n",
}
Open = Callable[[Mapping[str, str]], Library]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """A library over files, built once for each set of them."""
    libraries: dict[int, Library] = {}

    def run(files: Mapping[str, str]) -> Library:
        if id(files) not in libraries:
            folder = tmp_path_factory.mktemp("corpus")
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")
            libraries[id(files)] = open_library(folder, tmp_path_factory.mktemp("index") / "index")
        return libraries[id(files)]

    return run


def told(answer: Answer) -> list[str]:
    """What an answer says, item by item and part by part."""
    found = [item.answer for item in answer.items] or [answer.answer or ""]
    return [text for part in answer.parts for text in told(part)] or found


CREDITS = {
    "page.txt": "The Tin Horse (L'etain) is a film about a horse of tin.\n\nIts colours make The Tin Horse a joy.\n",
    "list.txt": "Jon Ask, Ulla Brandt (commentary)\n",
    "roles.txt": "Writer: Jon Ask, Ulla Brandt\n",
}
ORPHAN = {
    "letter.txt": "A letter from Holm\n\nAda Vey came to Holm as a child. She carved a boat in memory of her deceased "
    "parents, Ada Vey's neighbours say. The boat hangs in the church.\n"
}
CREW = {"crew.csv": "name,age,town\nAna Moe,81,Vik\nBo Nes,19,Horten\nPer Dahl,45,Vik\nIda Lie,33,Moss\n"}

CASES = [
    (HARBOUR, "Who were the harbour masters?", "list", ["Greta Holm", "Isak Brun", "Mona Dahl"]),
    (HARBOUR, "List the skippers", "list", ["Olga Pym", "Ivar Nes", "Pia Roth", "Ben Moe"]),
    (HARBOUR, "Which fish are sold?", "list", ["cod", "ling", "wolf fish"]),
    (HARBOUR, "How many boats are there?", "count", ["Tern", "Puffin", "Skua", "Gannet"]),
    (HARBOUR, "How many harbour masters were there?", "count", ["Greta Holm", "Isak Brun", "Mona Dahl"]),
    (HARBOUR, "Which boat is the oldest?", "superlative", ["Skua"]),
    (HARBOUR, "Who is the skipper of the longest boat?", "superlative", ["Ben Moe"]),
    (HARBOUR, "Which boat has the smallest crew?", "superlative", ["Skua"]),
    (HARBOUR, "Who was Ruben Aasen?", "definition", ["the engineer"]),
    (HARBOUR, "How long is the mole in feet?", "value", ["690 feet"]),
    (HARBOUR, "According to the interview, how long is the mole?", "value", ["214 metres"]),
    (HARBOUR, "When was the harbour dug and who is the skipper of the Tern?", "several", ["1794", "Olga Pym"]),
    (HARBOUR, "Which boat was built in 1949?", "value", ["Skua"]),
    (HARBOUR, "Which boat has a crew of 6?", "value", ["Gannet"]),
    (HARBOUR, "Which boat has Olga Pym as its skipper?", "value", ["Tern"]),
    (HARBOUR, "Who is the skipper of the boat built in 1988?", "value", ["Ivar Nes"]),
    (RATED, "What is its score on Lantern?", "value", ["91%"]),
    (RATED, "What is the average rating on Lantern?", "value", ["7.5/10"]),
    (SHOP, "Which service costs 12 euros?", "value", ["Poster"]),
    (
        SHOP,
        "Which documents mention the reading room?",
        "list",
        ["The reading room is closed on Mondays.", "This leaflet tells how the room was saved from the fire of 1902."],
    ),
    (SHOP, "Which source talks about aeroplanes?", "list", [""]),
    (HARBOUR, "who is olga pym", "definition", ["Tern"]),
    (HARBOUR, "Who are Ruben Aasen and Olga Pym?", "several", ["the engineer", "Tern"]),
    (
        HARBOUR,
        "Difference between Ruben Aasen and Olga Pym?",
        "comparison",
        ["the engineer", "Tern"],
    ),
    (
        MILL,
        "Why was the mill closed?",
        "reason",
        ["because its wheel had rotted through", "because nobody bought our flour any more"],
    ),
    (SHOP, "What is the most expensive service?", "superlative", ["Poster"]),
    (SHOP, "What is the cheapest service?", "superlative", ["Copy"]),
    (CREDITS, "What is The Tin Horse?", "definition", ["a film about a horse of tin"]),
    (CREDITS, "What is the original title of the film?", "value", ["L'etain"]),
    (CREDITS, "Who's handling the writing?", "value", ["Jon Ask, Ulla Brandt"]),
    (CREDITS, "How many writers did it have?", "count", ["Jon Ask", "Ulla Brandt"]),
    (REEL, "How many editors does the film have?", "count", ["Ulla Brandt"]),
    (CREDITS, "Who is Ulla Brandt?", "definition", ["commentary", "Writer"]),
    (CREW, "Who was the oldest member?", "superlative", ["Ana Moe"]),
    (CREW, "Which member is the youngest?", "superlative", ["Bo Nes"]),
    (SHOP, "Who is Vera Lund?", "definition", ["a librarian from Horten"]),
    (SHOP, "Who was the first librarian, and who wrote the rules?", "several", ["Otto Grieg", "Vera Lund"]),
    (SHOP, "Who were the founders?", "list", ["Ada Prytz", "Nils Foss"]),
    (REEL, "Which awards did the film win?", "list", WON),
    (REEL, "How many awards did it win?", "count", WON),
    (
        REEL,
        "Which awards was it nominated for but didn't win?",
        "list",
        ["Best Music at the Skerry Prizes", "Best Picture at the Gannet Prizes"],
    ),
    (REEL, "What prizes did it take at Vik?", "list", ["the Glass Gull"]),
    (REEL, "all awards and nominations please", "list", [*WON, *NOMINATED]),
    (REEL, "List all the awards", "list", WON),
    (REEL, "every prize this film brought home, each with its festival or ceremony", "list", WON),
    (REEL, "Which awards honoured it as the top sound?", "list", ["Best Sound at the Norland Awards"]),
    (REEL, "Which awards was it in the running for without its being said that it won?", "list", NOMINATED),
    (MIXED, "Which materials is the film built from?", "list", ["oil paint", "old maps", "tin toys", "his voice"]),
    (
        MIXED,
        "For my class: enumerate the subjects his other films have taken up",
        "list",
        ["mending nets in a storm", "telling the lives of millers", "walking with a family of clowns"],
    ),
    (REEL, "List the topics of his other films", "list", [""]),
    (MIXED, "From which attics was the organ obtained?", "list", [""]),
    (CREDITED, "list everybody in the crew with their job", "list", ["Jon Ask, Ulla Brandt", "Ida Lie", "Per Dahl"]),
    (
        CREDITED,
        "names of the whole team with what each of them did",
        "list",
        ["Jon Ask, Ulla Brandt", "Ida Lie", "Per Dahl"],
    ),
    (CREDITED, "who's in it", "list", ["Per Dahl"]),
    (CREDITED, "Give me the names of all who lend their voice", "list", ["Per Dahl"]),
    (CREDITED, "All persons responsible for the music, please", "list", ["Ida Lie"]),
    (CREDITED, "everyone who directed or narrated the film", "list", ["Jon Ask", "Ulla Brandt", "Per Dahl"]),
    (CREDITED, "How many people share the directing credit?", "count", ["Jon Ask", "Ulla Brandt"]),
    (PLAYBILL, "the full crew with their jobs", "list", ["Jon Ask", "Ida Lie", "Per Dahl", "Wenna Coe"]),
    (PLAYBILL, "Which prizes did it win?", "list", ["1998 Holm Stage Festival where it won the main prize"]),
    (PLAYBILL, "what prizes was it only up for but didnt get", "list", ["Best Song at the 7th Academy Awards"]),
    (PLAYBILL, "how many academy awards it got", "count", [""]),
    (CREDITED, "who was it directed by", "value", ["Jon Ask, Ulla Brandt"]),
    (REEL, "How many Norland awards did it win?", "count", ["Best Sound at the Norland Awards"]),
    (FIGURES, "isnt it in english", "yes_no", ["Language: Norwegian"]),
    (FIGURES, "isn't it an american movie?", "yes_no", ["Country: Norway, Denmark"]),
    (FIGURES, "was it made by Norway alone?", "yes_no", ["Country: Norway, Denmark"]),
    (FIGURES, "is it longer then 2 hours", "yes_no", ["Runtime: 92 minutes"]),
    (FIGURES, "Who carved the figures? The documents differ.", "comparison", ["Ulla Brandt", "My cousin Rolf"]),
    (FIGURES, "does the article say who lent the barn?", "value", ["A farmer from Vik"]),
    (REEL, "Where was Jon Ask born?", "value", [""]),
    (REEL, "Who edited it and who shot it?", "several", ["Ulla Brandt", ""]),
    (REEL, "How old is Jon Ask?", "value", ["61-year-old"]),
    (
        REEL,
        "What did Jon Ask say about tin?",
        "overview",
        ["Jon Ask: Tin is light.", "My uncle worked in tin all his life."],
    ),
    (REEL, "What did Jon Ask say about the smell of tin?", "overview", [""]),
    (REEL, "What does the talk say about boats?", "overview", [""]),
    (HARBOUR, "What does the article say about the fish sold?", "overview", ["cod", "ling", "wolf fish"]),
    (SHOP, "Who was the first librarian? And the founders?", "several", ["Otto Grieg", "Ada Prytz and Nils Foss"]),
    (PAGE, "What is the title of the song?", "value", ["Rider on a Roof"]),
    (PAGE, "what piece of music is on the soundtrack", "value", ["Rider on a Roof"]),
    (PAGE, "What headline did the IMDb user give their review?", "value", ["A ride worth taking"]),
    (PAGE, "Who wrote the user review?", "value", ["TomReed"]),
    (PAGE, "What headline did Tom Reed give his piece?", "value", ["A ride worth taking"]),
    (PAGE, "What is the title of the piece by Ulla Brandt?", "value", ["Rider on a Roof"]),
    (PAGE, "Who posted the featured user review, and on what date?", "several", ["TomReed", "3 May 1999"]),
    (PAGE, "when was the review posted", "value", ["3 May 1999"]),
    (PAGE, "What is the title of the poem?", "value", [""]),
    (
        PAGE,
        "On what grounds does the reviewer find fault with the organ?",
        "overview",
        ["If it has one fault, it is the organ, which drones in every scene."],
    ),
    (PAGE, "Why does the reviewer moan about the costumes?", "overview", [""]),
    (PAGE, "How many user reviews are there on IMDb?", "count", ["7"]),
    (PAGE, "is there any hard music?", "yes_no", ["Mia Lie: Was the music hard to record?"]),
    (
        LOAVES,
        "Why does Bo Nes write like a baker?",
        "reason",
        ["dough has to rest", "I guess that is how plays are made, you wait and they grow."],
    ),
    (LAMPS, "Why were the lamps so important?", "reason", ["She wanted sailors to see the reef"]),
    (CREWED, "who are the executive producers", "list", ["Ana Moe", "Bo Lind"]),
    (CREWED, "who are the gull brothers", "definition", ["three clowns from Holm"]),
    (SHOP, "Which documents mention Rea?", "list", [""]),
    (SHOP, "Who were the founders besides Ada Prytz?", "list", ["Nils Foss"]),
    (SHOP, "Give me some quotes about the fire", "overview", [FIRE]),
    (REEL, "How many prizes did it win in all?", "count", WON),
    (TALLY, "How many awards did it win?", "count", ["13"]),
    (TALLY, "How many awards has it won altogether?", "count", ["13"]),
    (TALLY, "How many nominations did it get?", "count", ["15"]),
    (TALLY, "how many wins and nominations altogether", "count", ["13 wins and 15 nominations"]),
    (MIXED, "how many wheels did they make altogether", "count", [""]),
    (
        TOLD,
        "Which festivals has it played, as far as you can tell?",
        "list",
        ["Holm Film Festival", "the Velm Film Festival"],
    ),
    (
        TOLD,
        "What things did they do to the millers?",
        "list",
        ["driven out", "led into the salt mine", "stripped of their boots and coats", "given a number as a name"],
    ),
    (
        TOLD,
        "Which memories does the keeper share?",
        "list",
        [
            "a quiet childhood in Holm",
            "the shock of the night when the soldiers came to the mill and took all of them away",
            "the three years in the mine",
        ],
    ),
    (TALLY, "total number of wins + noms", "count", ["13 wins and 15 nominations"]),
    (TALLY, "what's the overall tally of wins and nominations?", "count", ["13 wins and 15 nominations"]),
    (PAGED, "how many awards did it win all together", "count", ["9"]),
    (PAGED, "how many gulls it got", "count", ["Nominated for 2 Gulls"]),
    (PAGED, "How many viewer write-ups does it have on its IMDb page?", "count", ["4"]),
    (PAGED, "how many ordinary people have posted a review of it on imdb?", "count", ["4"]),
    (PAGED, "How many user reviews does its IMDb page count?", "count", ["4"]),
    (PAGED, "How many people said they found Mr Reed's review of use?", "count", ["3 of 8"]),
    (PAGED, "How many people found Mr Brandt's review helpful?", "count", [""]),
    (
        TOLD,
        "Where was the film screened besides Holm, and did the cook get anything there?",
        "several",
        ["", ""],
    ),
    (NAMES, "its old name as given by the guide?", "value", ["La Roue Grise"]),
    (NAMES, "how much did it take worldwide?", "value", [""]),
    (SHOP, "Who owns the reading room?", "value", [""]),
    (SIGN, "What was the trade of Wenna Coe?", "value", ["travelling sign painter"]),
    (HARBOUR, "How old was Ruben Aasen, in years?", "value", [""]),
    (TALLY, "How many prizes has the cook won?", "count", [""]),
    (MILL, "why?", "reason", [""]),
    (HARBOUR, "How many boats were built in 1949?", "count", ["Skua"]),
    (CATCH, "How many fish were landed in Iceland?", "count", [""]),
    (TITLED, "What did Jon Ask say about tin?", "overview", ["Jon Ask: Tin is light, and so is this film."]),
]


@pytest.mark.real
@pytest.mark.parametrize(("files", "question", "kind", "says"), CASES, ids=[case[1] for case in CASES])
def test_form(opened: Open, files: Mapping[str, str], question: str, kind: str, says: list[str]) -> None:
    answer = opened(files).ask(question)
    assert answer.kind == kind
    assert sorted(told(answer)) == sorted(says)
    held(answer, opened(files))


@pytest.mark.real
@pytest.mark.parametrize(
    ("files", "question", "verdict"),
    [
        (RATED, "Did it win anything at the Holm Boats?", "yes"),
        (RATED, "Did it win anything at the Velm Nights?", None),
        (MADE_IN, "Is it a purely Norwegian film?", "no"),
        (MADE_IN, "Is it purely a Norwegian production?", "no"),
        (MADE_IN, "Is it a Norwegian film?", "yes"),
    ],
)
def test_a_verdict_of_prizes_and_countries(
    opened: Open, files: Mapping[str, str], question: str, verdict: str | None
) -> None:
    assert opened(files).ask(question).verdict == verdict


@pytest.mark.real
def test_a_sentence_that_leaves_it_open_is_no_surer_than_it_takes_to_tell_it(opened: Open) -> None:
    answer = opened(RATED).ask("Did it win anything at the Velm Nights?")
    assert answer.verdict is None
    assert answer.confidence <= SURE


def held(answer: Answer, library: Library) -> None:
    """Every quote is a slice of its source and holds what it is cited for."""
    jsonschema.validate(answer_json(answer), SCHEMA)
    texts = {d.doc_id: d.text for d in library.index.documents.values()}
    groups = [answer.citations, *(item.citations for item in answer.items)]
    for citation in (c for group in groups for c in group):
        assert citation.quote == texts[citation.doc_id][citation.start : citation.end]
    for item in answer.items:
        assert item.answer in item.citations[0].shown
    for part in answer.parts:
        held(part, library)


@pytest.mark.real
@pytest.mark.parametrize(
    ("files", "question", "said"),
    [
        (SHOP, "Is the reading room open on Mondays?", "no"),
        (SHOP, "Is the reading room closed on Mondays?", "yes"),
        (HARBOUR, "Is the slipway used in winter?", "no"),
        (SHOP, "Does a poster cost more than 10 euros?", "yes"),
        (SHOP, "Were the rules written before 2005?", "no"),
        (SHOP, "Was the fire after 1900?", "yes"),
        (SCORES, "Is the score on Metacritic higher than 80?", "yes"),
        (PAGE, "Was it hard to record the music?", "yes"),
        (CREDITS, "Was Ulla Brandt one of the writers?", "yes"),
        (CREDITS, "Did Jon Ask also help to write his own film?", "yes"),
        (REEL, "did jon ask edit the film himself?", "no"),
        (ORPHAN, "Are Ada Vey's mother and father still alive?", "no"),
    ],
)
def test_a_verdict_comes_with_its_sentence(opened: Open, files: Mapping[str, str], question: str, said: str) -> None:
    answer = opened(files).ask(question)
    assert answer.verdict == said
    assert answer.answer
    assert answer_text(answer).startswith(said.capitalize())


@pytest.mark.parametrize(
    ("confidence", "places"), [(0.4, ["Because the sea was too loud", "My father folded one"]), (0.9, [])]
)
def test_an_unsure_reason_shows_the_next_place_too(library: Library, confidence: float, places: Sequence[str]) -> None:
    asked = "Why was it filmed on a lake?"
    script = {asked: [[("interview.txt", "the sea was too loud")]]}
    next_best = {asked: ("interview.txt", "My father folded one")}
    reader = ScriptedReader(list(library.index.store.scan()), script, next_best=next_best, confidence=confidence)
    answer = replace(library, reader=reader).ask(asked)
    assert answer.answer == "the sea was too loud"
    assert len(answer.items) == len(places)
    assert all(place in item.answer for item, place in zip(answer.items, places, strict=True))
    assert all(item.answer == item.citations[0].quote for item in answer.items)


@pytest.mark.real
def test_what_a_title_is_about_is_an_overview_in_small_letters_too(opened: Open) -> None:
    assert opened(REEL).ask("what is the tin horse about").kind == "overview"
    assert opened(REEL).ask("what is the horse about").kind == "value"


@pytest.mark.real
@pytest.mark.parametrize("question", ["What are these documents about?", "Summarise all the texts", "tl;dr"])
def test_an_overview_quotes_every_source(opened: Open, question: str) -> None:
    answer = opened(SHOP).ask(question)
    assert answer.kind == "overview"
    assert {item.citations[0].path for item in answer.items} >= {"rules.txt", "history.md"}
    assert answer.note


class Sparing:
    """A store that does not let every passage be read."""

    def __init__(self, store: Store) -> None:
        self.search, self.get, self.count = store.search, store.get, store.count
        self._store = store

    def scan(self, within: Within | None = None) -> Iterator[Passage]:
        assert within is not None
        return self._store.scan(within)


@pytest.mark.real
@pytest.mark.parametrize("question", ["Who is Vera Lund?", "tl;dr"])
def test_a_form_does_not_read_every_passage(opened: Open, question: str) -> None:
    library = opened(SHOP)
    sparing = replace(library, index=replace(library.index, store=Sparing(library.index.store)))
    assert sparing.ask(question).answer == library.ask(question).answer is not None


FERRY = {
    "ferry.txt": """The Blue Boat

Director: Ana Ruiz of Holm and Bo Lind

Length: about ninety minutes or a little more

The Blue Boat is a film about a ferry that never leaves its quay. The people of Holm wait on board for a whole winter. A
cook, a priest and a child tell each other what they left behind. In spring the ice breaks and the ferry sails.

He built the model of the ferry himself from old doors.
"""
}


@pytest.mark.real
def test_an_overview_has_sentences_that_stand_by_themselves(opened: Open) -> None:
    items = [item.answer for item in opened(FERRY).ask("What is it about?").items]
    assert items[0] == "The Blue Boat is a film about a ferry that never leaves its quay."
    assert len(items) == 4
    assert all(item.endswith(".") and not item.startswith("He ") for item in items)


@pytest.mark.real
def test_an_overview_is_held_to_the_source_that_is_named(opened: Open) -> None:
    answer = opened(SHOP).ask("What is the leaflet on the history about?")
    assert {item.citations[0].path for item in answer.items} == {"history.md"}


@pytest.mark.real
def test_what_asks_for_an_overview_is_not_misspelt(opened: Open) -> None:
    assert opened(SHOP).ask("give me the gist of the leaflet").kind == "overview"


@pytest.mark.real
def test_an_overview_of_a_talk_has_something_of_every_answer(opened: Open) -> None:
    items = [item.answer for item in opened(PAGE).ask("Sum up the talk").items]
    assert items == [
        "Jon Ask has made films about toys for thirty years.",
        "Jon Ask: I grew up in a small town.",
        "I wanted tin for the horse because tin rings when you ride it.",
        "We carried an organ into a barn and recorded the music by night.",
        "Most children ask me where the horse sleeps at night.",
    ]


@pytest.mark.real
@pytest.mark.parametrize("question", ["Summarise the user review", "What did the reviewer think of the film overall?"])
def test_an_overview_of_a_review_has_what_it_thinks(opened: Open, question: str) -> None:
    items = {item.answer for item in opened(PAGE).ask(question).items}
    assert "If it has one fault, it is the organ, which drones in every scene." in items


@pytest.mark.real
@pytest.mark.parametrize(
    "question", ["Give me the gist of the TomReed write-up", "gist of that long user review on IMDb", "did he like it"]
)
def test_a_review_on_a_page_is_told_without_the_page(opened: Open, question: str) -> None:
    items = {item.answer for item in opened(PAGE).ask(question).items}
    assert "If it has one fault, it is the organ, which drones in every scene." in items
    assert not any("Jon Ask" in item or "Composed" in item for item in items)


@pytest.mark.real
def test_whether_somebody_liked_it_is_an_overview_of_what_reviewers_say_alone(opened: Open) -> None:
    assert opened(PAGE).ask("What is TomReed's verdict?").kind == "overview"
    assert opened(PAGE).ask("Did Jon Ask like it?").kind == "yes_no"
    assert opened(PAGE).ask("What did Jon Ask think of it?").kind == "value"


@pytest.mark.real
def test_an_overview_in_one_line_has_one_of_each_source(opened: Open) -> None:
    items = [item.answer for item in opened(FERRY).ask("whats this film about, one line").items]
    assert items == ["The Blue Boat is a film about a ferry that never leaves its quay."]


KILN = {
    "talk.txt": """A talk with Ida Lie

Ida Lie has fired tiles for forty years in the kiln at Rode.

Bo Nes: How did you come to work with tiles?

Ida Lie: Tiles came to me when the brickworks closed and nobody wanted its kiln. And I asked him for the key to the old
kiln, he laughed and gave it to me.

And they are not just tiles, they are letters.

How so?

Yes, if you saw them on a wall, you might take them for tiles and nothing else. Every tile has a name scratched in its
back.

Is it hard to fire them?

Oh yes, at first. So I would sit beside him while he fired them and count the hours. The hours in front of the
kiln are long and hot.
"""
}


@pytest.mark.real
def test_an_overview_of_a_talk_has_answers_that_stand_by_themselves(opened: Open) -> None:
    assert [item.answer for item in opened(KILN).ask("tl;dr of the talk").items] == [
        "Ida Lie has fired tiles for forty years in the kiln at Rode.",
        "Ida Lie: Tiles came to me when the brickworks closed and nobody wanted its kiln.",
        "And they are not just tiles, they are letters.",
        "Every tile has a name scratched in its back.",
        "The hours in front of the kiln are long and hot.",
    ]


@pytest.mark.real
@pytest.mark.parametrize(
    "question", ["Summarise the introduction to the interview", "Main points before the questions begin?"]
)
def test_an_overview_may_be_of_what_stands_before_a_talk(opened: Open, question: str) -> None:
    items = {item.answer for item in opened(KILN).ask(question).items}
    assert "Ida Lie has fired tiles for forty years in the kiln at Rode." in items
    assert not any(item.startswith("Ida Lie:") for item in items)


@pytest.mark.real
def test_a_talk_is_told_by_another_word_for_it(opened: Open) -> None:
    items = opened(PAGE).ask("Give me the gist of the conversation with Jon Ask").items
    assert {item.citations[0].path for item in items} == {"talk.txt"}


BOAT = {
    "page.txt": """The Lost Boat (1998)

PG-13 | Drama | 3 May 1999 (USA)

Narrator: All my life I have looked for the lost boat: a dinghy that my father built in 1911 without a plan.

Blue Quay
Composed by Ulla Brandt
© Gannet Sound

A ride worth taking
3 May 1999 | by TomReed

The Lost Boat is about the winters from 1911 to 1915 in Rode, and it is a lovely film to see.
""",
}
FOG = {"fog.txt": "The Fog\n\nThe Fog is a 1987 film about the winter of 1911. It came out with a 15 certificate.\n"}
DINGHY = "a dinghy that my father built in 1911 without a plan"


@pytest.mark.real
@pytest.mark.parametrize(
    ("files", "question", "answer"),
    [
        (BOAT, "what age rating does this have", "PG-13"),
        (BOAT, "Is there an age certificate, and if so what is it?", "PG-13"),
        (BOAT, "what certificate does The Lost Boat have", "PG-13"),
        (BOAT, "Has it been given an age certificate?", "PG-13"),
        (BOAT, "UK certificate?", None),
        (FOG, "UK certificate?", "15"),
        (BOAT, "what year is this film from", "1998"),
        (FOG, "In what year was it made?", "1987"),
        (BOAT, 'Who has the copyright for the song "Blue Quay"?', "Gannet Sound"),
        (BOAT, "What is the boat that's lost, exactly?", DINGHY),
        (BOAT, "what is the 'lost boat' of the title, literally?", DINGHY),
        (BOAT, "who is TomReed?", "A ride worth taking 3 May 1999 | by TomReed"),
    ],
)
def test_what_a_page_states_of_its_work(
    opened: Open, files: Mapping[str, str], question: str, answer: str | None
) -> None:
    assert opened(files).ask(question).answer == answer


@pytest.mark.real
def test_a_comparison_stands_side_by_side(opened: Open) -> None:
    answer = opened(HARBOUR).ask("Compare what the article and the interview say about the length of the mole")
    assert answer.kind == "comparison"
    assert {item.citations[0].path for item in answer.items} == {"harbour.md", "talk.md"}
    assert answer.note


CUPS = {
    "guide.txt": "The tin cup\n\nThe Tin Cup is a prize of the town of Velm. The harbour play won the 12th Tin Cup.\n\n"
    "Reception\n\nThe critics of Velm praised the harbour play as a bold and lovely work.\n",
    "page.txt": "The Harbour Play (1998)\n\nFirst night: 3 May 1998\n\nUser Reviews\n\nA wet evening\n3 May 1999 | by "
    "TomReed\n\nThe harbour play, which won the 13th Tin Cup, has one fault: the organ drones, and that is boring.\n",
    "talk.txt": "Mia Lie: Did you carve the boats?\n\nJon Ask: My aunt carved the boats, from old doors.\n\n"
    "Mia Lie: And the bell?\n\nJon Ask: The bell is from Holm.\n\nMia Lie: Was it loud?\n\nJon Ask: It was.\n",
}


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "says", "note"),
    [
        (
            "Is there any disagreement between your sources about which Tin Cup the play won?",
            {"12th", "13th"},
            "Side by side: they differ.",
        ),
        (
            "Do the talk and the review say the same about the organ?",
            {"The harbour play, which won the 13th Tin Cup, has one fault: the organ drones, and that is boring."},
            "Only one side says something of it. Nothing found on it: the talk.",
        ),
        (
            "What do Tom Reed and the critics each think of the play?",
            {
                "The harbour play, which won the 13th Tin Cup, has one fault: the organ drones, and that is boring.",
                "The critics of Velm praised the harbour play as a bold and lovely work.",
            },
            "Side by side; whether they agree is left to the reader.",
        ),
    ],
)
def test_each_side_says_its_own_or_is_said_to_say_nothing(
    opened: Open, question: str, says: set[str], note: str
) -> None:
    answer = opened(CUPS).ask(question)
    assert answer.kind == "comparison"
    assert {item.answer.removesuffix(" Tin Cup") for item in answer.items} == says
    assert answer.note == note


CAPTION = {
    "article.txt": "The Wet Coat\n\nThe Wet Coat is a film. Its narrator is Ana Moe.\n",
    "listing.txt": "Cast\n\nNarrator: Ana Moe\n\nColour: grey\n",
    "talk.txt": "Bo Lind\n\nBo Lind\n\nMia Lie: Why a coat?\n\nBo Lind: It rained all week.\n",
}


@pytest.mark.real
def test_a_caption_is_no_side_of_a_comparison(opened: Open) -> None:
    answer = opened(CAPTION).ask("Do the documents agree on who narrates?")
    assert answer.kind == "comparison"
    assert "Bo Lind" not in {item.answer for item in answer.items}


@pytest.mark.real
def test_two_sources_that_are_compared_as_wholes_say_what_carries_each(opened: Open) -> None:
    answer = opened(HARBOUR).ask("How do the article and the interview differ?")
    assert answer.kind == "comparison"
    assert {item.label for item in answer.items} == {"the article", "the interview"}
    assert "The old harbour of Velm is a fishing port on the north shore." in {item.answer for item in answer.items}


@pytest.mark.real
def test_questions_on_two_sides_are_compared_one_by_one(opened: Open) -> None:
    answer = opened(CUPS).ask("Do the guide and the page agree on who won the Tin Cup and which Tin Cup it was?")
    assert [part.kind for part in answer.parts] == ["comparison", "comparison"]


@pytest.mark.real
def test_a_source_that_does_not_say_is_named(opened: Open) -> None:
    answer = opened(HARBOUR).ask("According to the interview, when was the harbour dug?")
    assert answer.abstained
    assert answer.note
    assert [part.answer for part in answer.parts] in ([], ["1794"])


class Unsure:
    """A reader that is sure of nothing that it finds."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self.each = reader, reader.each

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        found = self._reader.read(query, ranked)
        return Reading(found.findings, 0.1, "weak_match", (), found.scores)


@pytest.mark.real
def test_the_only_quantity_in_a_unit_is_the_answer_where_what_is_named_has_it(opened: Open) -> None:
    library = opened(FILM)
    unsure = replace(library, reader=Unsure(library.reader))
    assert unsure.ask("How long is the film, in minutes?").answer == "92 minutes"
    assert unsure.ask("How long is Tin Song, in minutes?").abstained


RIDES = {
    "first.txt": "The ride\n\nPrams may be taken along. It runs on Friday.\n",
    "second.txt": "The ride\n\nPrams may not be taken along. It runs on Sunday.\n",
}


PAINTER = {
    "painter.txt": "Ada Vey, painter\n\nAda Vey painted boats: the hulls, the sails that made them quick, other rigs "
    "that stood by, and films of oil on the water.\n"
}


LEFT = {"letter.txt": "A letter\n\nThey were all sent away from the house by the quay in 1951.\n"}


@pytest.mark.real
def test_what_was_says_nothing_of_what_still_is(opened: Open) -> None:
    assert opened(LEFT).ask("Is the house by the quay still there?").verdict is None


@pytest.mark.real
def test_words_of_several_clauses_say_no_yes(opened: Open) -> None:
    assert opened(PAINTER).ask("Has Ada Vey made other films?").verdict is None
    assert opened(PAGE).ask("is there any hard music?").verdict is None  # "Yes, very." answers how hard it was


@pytest.mark.real
def test_sources_that_say_yes_and_no_differ(opened: Open) -> None:
    answer = opened(RIDES).ask("May prams be taken along?")
    assert answer.verdict is None
    assert len(answer.conflicts) == 2


@pytest.mark.real
def test_a_list_is_held_to_its_day(opened: Open) -> None:
    assert opened(HARBOUR).ask("Which boats sail on Tuesday?").abstained


@pytest.mark.real
def test_an_unanswered_part_is_named(opened: Open) -> None:
    answer = opened(SHOP).ask("Who was the first librarian and what did the poster of 1950 show?")
    assert [part.abstained for part in answer.parts] == [False, True]
    assert answer.answer == "Otto Grieg"
    assert answer.note


def test_a_form_has_the_path_of_any_question_with_fakes(library: Library, corpus: Path) -> None:
    for question in ("List the prizes", "Who is Ana Ruiz?", "What is it about?", "Is it loud?", "Compare the texts"):
        held(library.ask(question), library)
    steps: list[str] = []
    library.ask("Who directed it and who made the music?", on_step=steps.append)
    assert steps[:2] == ["interpreting", "searching"]
    assert "reading" in steps


def cited(quote: str) -> Citation:
    """A citation whose quote is its answer."""
    place = (0, len(quote), quote, quote, 0, len(quote), 0, len(quote))
    return Citation("a", "A", "a.txt", None, *place, sha256="0")


def formed(answer: str, **fields: Any) -> Answer:
    return Answer("Which?", None, answer, None, 0.9, [cited(answer)], [], [], 1.0, **fields)


def test_a_completion_says_every_item_and_every_part_with_its_slice() -> None:
    items = [Item(text, [cited(text)], (), label) for text, label in (("oak", "A"), ("ash", "A"), ("elm", "B"))]
    listed = formed("oak", kind="list", items=items, note="All there are.")
    content, supported = content_of(listed)
    assert content == "All there are.\n\nA:\n- oak\n- ash\n\nB:\n- elm"
    assert [content[start:end] for start, end, _ in supported] == ["oak", "ash", "elm"]

    content, supported = content_of(formed("oak", kind="several", parts=[listed, formed("yew", verdict="no")]))
    assert content.endswith("\n\nWhich?\nNo. yew")
    assert [content[start:end] for start, end, _ in supported] == ["oak", "ash", "elm", "yew"]
    assert [citation.quote for _, _, citation in supported] == ["oak", "ash", "elm", "yew"]


MILL = {
    "article.txt": "The Mill at Rode\n\nThe Mill at Rode is a 2009 Danish film directed by Ida Holm. "
    "The puppets are by the carver Per Lund. Ida Holm lived through the flood as a child and later moved to Oslo.\n\n"
    "It won the Silver Bell at the Lund Festival and was nominated for the Amber Prize at the Vigo Days.\n\n"
    "Reception\n\nThe film has a score of 71% of 40 reviews.\n",
    "page.txt": "Vandmøllen (original title)\n\nNot Rated\n\nUser Reviews\n\nA wet night\n3 May 2010 | by TomReed\n\n"
    "I liked the beautiful puppets that stand for her deceased brothers; they are great work. The play has one fault: "
    "the organ drones, and that is boring.\n",
    "talk.txt": "Ana Moe: How did you come to use puppets?\n\nIda Holm: I asked a friend to build me the house in "
    "card. He said no, he would carve it. As a carver he is good, and he is young, he was not born when the flood "
    "came.\n\n"
    "Ana Moe: Was it hard?\n\nIda Holm: I sat beside him and told him what people wore.\n\n"
    "Ana Moe: And the organ?\n\nIda Holm: The organ is from the church of Rode.\n",
}


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "kind", "says", "verdict", "note"),
    [
        ("What is the original title?", "value", "Vandmøllen", None, None),
        ("My aunt wants to know who carved the puppets", "value", "Per Lund", None, None),
        ("Did her brothers survive?", "yes_no", "her deceased brothers", "no", None),
        ("Was it in the running for anything at the Vigo Days?", "yes_no", "Amber Prize", "yes", None),
        (
            "Did it win the Amber Prize or was it only nominated?",
            "yes_no",
            "Amber Prize",
            None,
            "of a win nothing is said",
        ),
        ("Did it get anything at the Vigo Days?", "yes_no", "Amber Prize", None, "of a win nothing is said"),
        ("Did the person who carved the puppets live through the flood too?", "yes_no", "not born", None, ""),
        ("Who is Ana Moe?", "definition", "Ana Moe", None, "Who asks the questions there"),
        ("Who is the user review by?", "value", "TomReed", None, None),
        ("What is the age rating, can I show it to my class?", "yes_no", "Not Rated", None, ""),
        ("Which parts did the reviewer praise?", "overview", "I liked the beautiful puppets", None, ""),
        ("What genre is it?", "value", "2009 Danish", None, None),
    ],
)
def test_what_is_asked_is_told_of_what_it_is_asked_of(
    opened: Open, question: str, kind: str, says: str, verdict: str | None, note: str | None
) -> None:
    answer = opened(MILL).ask(question)
    assert answer.kind == kind
    assert says in (answer.answer or "")
    assert answer.verdict == verdict
    assert (note or "") in (answer.note or "")


@pytest.mark.real
@pytest.mark.parametrize("question", ["How did Ida Holm get away from the flood?", "What other films has she made?"])
def test_that_somebody_went_is_no_way_and_the_work_itself_no_other(opened: Open, question: str) -> None:
    assert opened(MILL).ask(question).answer is None


@pytest.mark.real
def test_an_overview_of_one_source_has_something_of_each_part(opened: Open) -> None:
    answer = opened(MILL).ask("Sum up the article for my class, please")
    quoted = " ".join(item.answer for item in answer.items)
    assert all(told in quoted for told in ("2009 Danish film", "Silver Bell", "71%"))
    talk = opened(MILL).ask("Sum up the interview")
    assert "How did you come to use puppets?" in {item.label for item in talk.items}


@pytest.mark.real
def test_three_sources_stand_side_by_side(opened: Open) -> None:
    answer = opened(MILL).ask("Who made the puppets - what do the article, the review and the interview each say?")
    assert (answer.kind, [item.label for item in answer.items][:1]) == ("comparison", ["the article"])
    assert len(answer.items) > 1


@pytest.mark.real
@pytest.mark.parametrize("history", [["Who carved the puppets?"], ["Who is Per Lund?"]])
def test_whom_the_question_before_names_is_not_taken_for_another(opened: Open, history: Sequence[str]) -> None:
    answer = opened(MILL).ask("And did he live through the flood himself?", history)
    assert answer.interpreted_as == "And did Per Lund live through the flood himself?"
    assert "Ida Holm lived" not in (answer.answer or "")


@pytest.mark.real
def test_which_source_says_which_of_what_was_noted_is_a_comparison(opened: Open) -> None:
    answer = opened(CUPS).ask(
        "I've got two numbers for which Tin Cup the play won, one of them wrong. Which page says what?"
    )
    assert {item.answer.removesuffix(" Tin Cup") for item in answer.items} == {"12th", "13th"}


def test_a_line_of_another_thing_decides_nothing(opened: Open) -> None:
    assert verdict("Was Ida Holm born in Norway?", "He was not born then.", "Ida Holm") is None


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "kind", "says"),
    [
        ("What was the title in Danish?", "value", "Vandmøllen"),
        ("Who made The Mill at Rode?", "value", "Ida Holm"),
        ("so did it get anything at the Vigo Days in the end?", "yes_no", "Amber Prize"),
        ("what bothered the guy who wrote the review", "overview", "the organ drones"),
        ("what should I know beforehand?", "overview", "2009 Danish film"),
        ("Who's the lady that interviewed her", "value", "Ana Moe"),
        ("And who wrote that customer review anyway, name?", "value", "TomReed"),
    ],
)
def test_what_people_call_otherwise_is_found(opened: Open, question: str, kind: str, says: str) -> None:
    files = {
        **MILL,
        "facts.txt": "The Mill at Rode\n\nDirector: Ida Holm\n\nDistributor: Nord Film\n\nLanguage: Danish\n",
    }
    answer = opened(files).ask(question)
    assert answer.kind == kind
    assert says in " ".join([answer.answer or "", *(item.answer for item in answer.items)])


@pytest.mark.real
def test_what_was_only_up_for_a_prize_has_not_won_it(opened: Open) -> None:
    assert opened(MILL).ask("What did it win at the Vigo Days?").answer is None


@pytest.mark.real
def test_a_name_is_found_in_the_longer_one_that_it_is_a_part_of(opened: Open) -> None:
    files = {"a.txt": "The play won the Cork Cup at the Cinelisboa and the Tin Cup at the Norland Days.\n"}
    assert opened(files).ask("What did it win in Lisboa?").answer == "the Cork Cup"


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "said"), [("Was Ida Holm the only writer?", "no"), ("Was Ida Holm one of the writers?", "yes")]
)
def test_one_of_two_is_not_the_only_one(opened: Open, question: str, said: str) -> None:
    files = {"facts.txt": "The Mill at Rode\n\nDirector: Ida Holm\n\nWriter: Ida Holm, Per Lund\n"}
    assert opened(files).ask(question).verdict == said


@pytest.mark.real
def test_what_is_said_to_you_is_not_said_of_the_author(opened: Open) -> None:
    text = "User Reviews\n\nA wet night\n3 May 2010 | by TomReed\n\nYou may know of Rode from school, or forgot it.\n"
    answer = opened({"page.txt": text}).ask("Did the reviewer know of Rode from school?")
    assert answer.verdict is None
    assert answer.answer is None


@pytest.mark.real
def test_a_side_of_a_comparison_has_every_line_of_a_cast(opened: Open) -> None:
    files = {
        "article.txt": "The Mill at Rode\n\nNarrator: Ida Holm, Per Lund\n",
        "listing.txt": "The Mill at Rode (2009)\n\nComplete credited cast:\nIda Holm Ida Holm ... Narrator (voice)\n"
        "Per Lund Per Lund ... Narrator (voice)\n",
    }
    answer = opened(files).ask("Do the article and the listing agree on the narrators?")
    assert all("Ida Holm" in item.answer and "Per Lund" in item.answer for item in answer.items)


BELL = {
    "page.txt": "The Tin Bell (2009)\n\nIda Holm, Per Lund (verse)\n\nNominated for 1 Oscar. Another 4 wins & 6 "
    "nominations.\n\nTagline: For years I have looked for the tin bell: a cup that the keeper hid in the flood of 1911 "
    "under the mill.\n\nThe flood came in spring, by deliberate opening of the locks by the Vesper Guild.\n",
    "article.txt": "The Tin Bell\n\nCountry: Denmark, Norway\n\nThe Tin Bell (Tinklokken) is a 2009 film by Ida Holm. "
    "She worked with Ulla Brandt, a journalist from Lund.\n\nDirector: Ida Holm\n",
}


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("How many Academy Award nominations?", "1"),
        ("How many wins and nominations in all?", "Nominated for 1 Oscar. Another 4 wins & 6 nominations"),
        (
            "What is 'the tin bell' the title refers to?",
            "a cup that the keeper hid in the flood of 1911 under the mill",
        ),
        ("Which countries produced it?", "Denmark, Norway"),
    ],
)
def test_what_other_words_ask_is_found(opened: Open, question: str, says: str) -> None:
    assert opened(BELL).ask(question).answer == says


@pytest.mark.real
def test_other_words_do_not_lift_what_an_answer_needs(opened: Open) -> None:
    files = {**BELL, "money.txt": "The Tin Bell\n\nIt made approximately 3,500 crowns in Norway.\n"}
    assert opened(files).ask("What did the film cost to make?").answer is None


@pytest.mark.real
def test_a_name_that_ends_like_a_trade_is_none(opened: Open) -> None:
    answer = opened(BELL).ask("Did the Vesper Guild open the locks on purpose?")
    assert "deliberate opening" in (answer.answer or "")


@pytest.mark.real
def test_what_each_of_two_says_is_set_beside_each_other(opened: Open) -> None:
    answer = opened(CUPS).ask("is it the 12th or 13th Tin Cup? I've read both")
    assert answer.kind == "comparison"
    assert all(any(number in item.answer for item in answer.items) for number in ("12th", "13th"))


@pytest.mark.real
def test_what_stands_behind_a_title_is_not_taken_for_it(opened: Open) -> None:
    files = {"page.txt": "The Mill at Rode (2009)\n\nVandmøllen (original title)\n"}
    assert opened(files).ask("What's the proper Danish title?").answer != "original title"


@pytest.mark.real
def test_what_was_asked_before_names_nothing_that_is_counted(opened: Open) -> None:
    files = {"ferry.txt": "The Pelican\n\nThe Pelican is allowed 120 passengers and 22 cars.\n"}
    assert opened(files).ask("And how many cars?", ["How many passengers is the Pelican allowed?"]).answer == "22"


FOOTAGE = {
    "article.txt": "The Tin Bell\n\nNarrator: Per Lund, Bo Vey\n\nThe Tin Bell is a 2009 documentary by Ida "
    "Holm. About half of it is news and documentary footage, while the other half uses wooden puppets to tell of the "
    "flood.\n\nCast\n- Per Lund as the narrator (original Danish version)\n- Bo Vey (Czech version)\n",
    "talk.txt": "The Tin Bell\n\nAna Moe: How did you make the puppets?\n\nIda Holm: I asked a man from my crew to "
    "carve them out of oak.\n\nWas that hard?\n\nOh yes, at first. As a carver he is very gifted, but he’s also young, "
    "he wasn’t born yet when it happened.\n",
    "trailer.txt": "The Tin Bell\n\nTrailer: For years I have looked for the tin bell, a cup that was hidden in the "
    "flood between 1911 and 1912. Nobody has seen it since.\n",
}


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Is it Per Lund that I hear in the Czech version?", "no"),
        ("Is it Bo Vey that I hear in the Czech version?", "yes"),
        ("Is the narrator Holm herself?", "no"),
    ],
)
def test_who_is_heard_is_told_of_the_version_that_is_asked_for(opened: Open, question: str, said: str) -> None:
    assert opened(FOOTAGE).ask(question).verdict == said


@pytest.mark.real
def test_what_somebody_says_of_another_is_not_said_of_the_speaker(opened: Open) -> None:
    assert "born" not in (opened(FOOTAGE).ask("Was Holm young when it happened?").answer or "")


@pytest.mark.real
def test_whether_there_is_something_is_told_by_what_names_it(opened: Open) -> None:
    files = {
        **FOOTAGE,
        "trailer.txt": "The Tin Bell\n\nTrailer: For years I have looked for a real old picture: a photograph taken "
        "in the flood of 1911, which must be missing too.\n",
    }
    assert "footage" in (opened(files).ask("Is there real old footage in it too?").answer or "")


@pytest.mark.real
@pytest.mark.parametrize("question", ["Which book is the film based on?", "Which film is it based on?"])
def test_who_made_a_work_is_not_what_it_is_based_on(opened: Open, question: str) -> None:
    assert opened(FOOTAGE).ask(question).answer is None


@pytest.mark.real
def test_when_something_began_it_did_not_end(opened: Open) -> None:
    files = {"war.txt": "It was on 3 April 1911 that the Guild seized Rode, the capital of Holm.\n"}
    assert opened(files).ask("When did the rule of the Guild over Rode end?").answer is None


@pytest.mark.real
def test_two_texts_that_are_named_in_front_stand_side_by_side(opened: Open) -> None:
    files = {
        "article.txt": "The Tin Bell\n\nThe Tin Bell was nominated for Best Film at the 13th Tin Cups.\n",
        "page.txt": "The Tin Bell (2009)\n\nUser Reviews\n\nA wet night\n3 May 2010 | by TomReed\n\nNorway's entry to "
        "the 12th Tin Cups, the film concerns a flood.\n",
    }
    answer = opened(files).ask("Reviewer and article: same Tin Cups?")
    assert answer.kind == "comparison"
    assert all(any(number in item.answer for item in answer.items) for number in ("12th", "13th"))


@pytest.mark.real
def test_what_the_author_of_a_review_learned_is_told_by_who_says_i(opened: Open) -> None:
    text = (
        "User Reviews\n\nA wet night\n3 May 2010 | by TomReed\n\nNorway's entry to the cups, The Tin Bell, concerns a "
        "dark topic of history you probably didn't learn about in your high school world history course.\n"
    )
    assert opened({"page.txt": text}).ask("What did the reviewer learn in high school?").answer is None


@pytest.mark.real
def test_a_name_is_known_by_its_sound_and_one_of_a_list_says_not_who_another_is(opened: Open) -> None:
    files = {
        "facts.txt": "The Tin Bell\n\nEditing: Rithe Panth, Marie-Anne Rouge\n",
        "talk.txt": "The Danish filmmaker Rithe Panth has made nine films.\n",
    }
    answer = opened(files).ask("who is riti panth")
    assert "filmmaker" in (answer.answer or "")


@pytest.mark.parametrize(
    ("label", "asked", "is_named"),
    [
        ("Country", "Which countries were behind the production?", True),
        ("Production", "Which countries were behind the production?", False),
        ("Editing", "who edited it", True),
    ],
)
def test_a_label_names_what_is_listed(label: str, asked: str, is_named: bool) -> None:
    query = Query(asked, None, asked, (), (), (), subject=asked)
    assert names_listed(label, query) is is_named


@pytest.mark.real
def test_who_wrote_on_killings_is_not_dead(opened: Open) -> None:
    files = {
        "talk.txt": "The Danish filmmaker Ida Holm has devoted her life and career to the flood -- not just the mass "
        "killings themselves but also the hatred that made them possible.\n"
    }
    assert opened(files).ask("Is Ida Holm still alive?").verdict is None


@pytest.mark.real
def test_what_was_earned_in_one_country_is_not_all_of_it(opened: Open) -> None:
    files = {
        "page.txt": "The Tin Bell\n\nThe lowest grossing film in Norway in 2014. It only made some 3,500 crowns.\n"
    }
    library = opened(files)
    assert library.ask("How much money did the film make in Norway?").answer is not None
    assert library.ask("How much money did the film make altogether?").answer is None


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "kind", "says"),
    [
        ("What's the review's title?", "value", "A wet night"),
        ("Did any critics dislike it?", "overview", "the organ drones"),
        ("What is the reviewer's favourite part?", "overview", ""),
    ],
)
def test_what_is_asked_of_a_review_in_other_words_is_found(opened: Open, question: str, kind: str, says: str) -> None:
    answer = opened(MILL).ask(question)
    assert answer.kind == kind
    assert says in " ".join([answer.answer or "", *(item.answer for item in answer.items)])


@pytest.mark.real
def test_all_behind_the_camera_are_the_crew(opened: Open) -> None:
    files = {"facts.txt": "The Tin Bell\n\nDirector: Ida Holm\n\nCinematography: Per Lund\n\nEditing: Bo Vey\n"}
    library = opened(files)
    told = [item.answer for item in library.ask("Name all the people behind the camera").items]
    assert {"Ida Holm", "Per Lund", "Bo Vey"} <= set(told)
    assert library.ask("What camera did they use?").answer is None


@pytest.mark.real
def test_why_something_was_important_is_not_that_it_was(opened: Open) -> None:
    text = "It was very important that the sails be red. I wanted everybody to see them from the harbour.\n"
    answer = opened({"talk.txt": text}).ask("Why was it so important to her that the sails had a colour?")
    assert "harbour" in (answer.answer or "harbour")
    assert "important" not in (answer.answer or "")


@pytest.mark.real
def test_of_a_review_its_author_and_title_are_asked(opened: Open) -> None:
    parts = opened(MILL).ask("who wrote the user review, did they like it and what's the title of it").parts
    assert [part.question for part in parts][1:] == ["did the reviewer like it?", "what's the title of the review?"]


@pytest.mark.real
def test_what_a_speaker_did_not_know_another_may_have_known(opened: Open) -> None:
    files = {
        "talk.txt": "Mill on the Hill\n\nAna Moe: Who made the boats?\n\nIda Holm: I asked one of my crew for a boat "
        "of oak. That he was a carver I did not know at all.\n\nDid that help?\n\nYes.\n"
    }
    assert opened(files).ask("Did the carver know the time that he carved?").verdict is None
