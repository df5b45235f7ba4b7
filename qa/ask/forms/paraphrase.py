"""A question in other words that say the same, which its sources may have: "the takings" for "the gross"."""

import re
from collections.abc import Iterator

from qa.patterns import compiled

SAME = tuple(
    tuple(group.split("|"))
    for group in (
        "Academy Awards|Oscars",
        "Academy Award|Oscar",
        "film|movie|picture",
        "films|movies|pictures",
        "takings|gross|box office",
        "screened|shown",
        "came out|was released",
        "come out|be released",
        "the States|the USA|America",
        "American|US",
        "British|UK",
        "children|kids",
        "fee|price",
        "car|vehicle",
        "doctor|physician",
        "job|profession|occupation",
        "wage|salary",
        "photos|photographs",
        "photo|photograph",
        "purchase|buy",
        "purchased|bought",
        "purpose|aim",
        "countries produced|countries made",
    )
)
"""Words of one meaning in whatever a question asks; near ones ("wide" and "long") are no such words."""
ANY = compiled(rf"\b(?:{'|'.join(sorted({word for group in SAME for word in group}, key=len, reverse=True))})\b", re.I)


def paraphrases(text: str) -> Iterator[str]:
    """A question with one of its words put in another word of the same meaning, one by one.

    Of more than two such words the first is the one that most texts have.

    >>> list(paraphrases("How many Academy Awards did the movie get?"))
    ['How many Oscars did the movie get?', 'How many Academy Awards did the film get?']
    """
    for found in ANY.finditer(text):
        said = found[0].lower()
        for group in SAME:
            if said in map(str.lower, group):
                others = [word for word in (group if len(group) == PAIR else group[:1]) if word.lower() != said]
                yield from (f"{text[: found.start()]}{word}{text[found.end() :]}" for word in others)


PAIR = 2
