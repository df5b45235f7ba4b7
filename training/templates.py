"""Questions without an answer, written by template from ``questions.json``: what the invented films ask too seldom.

``questions.json`` holds the fields of a film's listing and the words that people ask for them with; names and titles
from outside the films; and questions that no film answers.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.invented import Film, FilmQuestion

TABLE: Mapping[str, Any] = json.loads(Path(__file__).with_name("questions.json").read_text(encoding="utf-8"))
NAME = re.compile(r"(?<=[\w,’'] )[A-Z][\w’'-]{2,}(?: [A-Z][\w’'-]+)*")


MOST_ABSENT_FIELDS = 4
MOST_OF_ANOTHER_SORT = 3


def with_templates(films: Sequence[Film], rng: random.Random) -> list[Film]:
    """The films, each with its further questions: four at most of absent fields, three of each other sort."""
    names = sorted({name for film in films for question in film.questions for name in NAME.findall(question.text)})
    names += TABLE["other_people"]
    result = []
    for film in films:
        drawn = [
            *sample(absent_fields(film, rng), MOST_ABSENT_FIELDS, rng),
            *sample(other_titles(film, films, rng), MOST_OF_ANOTHER_SORT, rng),
            *sample(other_names(film, names, rng), MOST_OF_ANOTHER_SORT, rng),
            *sample(off_topic(film, rng), MOST_OF_ANOTHER_SORT, rng),
        ]
        result.append(replace(film, questions=(*film.questions, *drawn)))
    return result


def sample(questions: Iterator[FilmQuestion], most: int, rng: random.Random) -> list[FilmQuestion]:
    """At most ``most`` of them, by lot."""
    found = list(questions)
    return rng.sample(found, min(most, len(found)))


def absent_fields(film: Film, rng: random.Random) -> Iterator[FilmQuestion]:
    """A question for every field that no word of the documents speaks of."""
    said = words_of(film)
    for field in TABLE["fields"]:
        if not re.search("|".join(rf"\b{words}" for words in field["said"]), said, re.IGNORECASE):
            yield unanswerable(film, asked(field, film, rng), "absent_field")


def other_titles(film: Film, films: Sequence[Film], rng: random.Random) -> Iterator[FilmQuestion]:
    """A field of another film, one that the documents do not name."""
    said = words_of(film)
    asks = [ask for field in TABLE["fields"] for ask in field["asks"] if "{film}" in ask]
    for title in [*rng.sample(TABLE["other_films"], 3), rng.choice(films).title]:
        if title not in said:
            yield unanswerable(film, rng.choice(asks).format(film=title), "other_title")


def other_names(film: Film, names: Sequence[str], rng: random.Random) -> Iterator[FilmQuestion]:
    """An answerable question in which a name that the documents do not know takes the place of one they know."""
    said = words_of(film)
    for question in film.questions:
        found = [m for m in NAME.finditer(question.text) if m.group() in said and m.group() not in film.title]
        if question.answerable and found:
            match, name = rng.choice(found), rng.choice(names)
            if not any(part in said for part in name.split()):
                text = question.text[: match.start()] + name + question.text[match.end() :]
                yield unanswerable(film, text, "other_name")


def off_topic(film: Film, rng: random.Random) -> Iterator[FilmQuestion]:
    """Orders, small talk, general knowledge and people who have nothing to do with the film."""
    said = words_of(film)
    for ask in TABLE["off_topic"]:
        person = rng.choice(TABLE["other_people"])
        if person not in said:
            yield unanswerable(film, ask.format(film=named(film, rng), person=person), "off_topic")


def asked(field: Mapping[str, Any], film: Film, rng: random.Random) -> str:
    """One of the ways to ask for a field."""
    ask: str = rng.choice(field["asks"])
    return ask.format(film=named(film, rng))


def named(film: Film, rng: random.Random) -> str:
    """What a person calls the film."""
    return rng.choice(("the film", "the movie", "this film", film.title))


def words_of(film: Film) -> str:
    """All that the documents say, labels and headings included."""
    return "\n".join(f"{passage.context}\n{passage.plain.text}" for passage in film.passages)


def unanswerable(film: Film, text: str, kind: str) -> FilmQuestion:
    """A question that the film's documents do not answer."""
    return FilmQuestion(f"{film.film_id}-{kind}", text, kind, False, (), {})
