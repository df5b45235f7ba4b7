"""A question in other words that say the same, which its sources may have: "the takings" for "the gross"."""

import re
from collections.abc import Iterator

from qa.patterns import compiled

SAME = [
    group.split("|")
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
]
"""Words of one meaning in whatever a question asks; near ones ("wide" and "long") are no such words."""
PAIR = 2
OTHERS = {
    word.lower(): [other for other in (group if len(group) == PAIR else group[:1]) if other != word]
    for group in SAME
    for word in group
}
"""What a word is put into: of more than two the first, which is the one that most texts have."""
ANY = compiled(rf"\b(?:{'|'.join(sorted(OTHERS, key=len, reverse=True))})\b", re.IGNORECASE)


def paraphrases(text: str) -> Iterator[str]:
    """A question with one of its words put in another word of the same meaning, one by one.

    >>> list(paraphrases("How many Academy Awards did the movie get?"))
    ['How many Oscars did the movie get?', 'How many Academy Awards did the film get?']
    """
    for found in ANY.finditer(text):
        for word in OTHERS[found[0].lower()]:
            yield f"{text[: found.start()]}{word}{text[found.end() :]}"
