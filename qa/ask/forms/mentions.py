"""Which sources speak of something: of each that names it the sentence that does."""

import re

from qa.ask.forms.desk import Desk, as_finding, read_whole
from qa.patterns import compiled
from qa.search.words import stems, words
from qa.types import Entry, Finding, Formed, Query, Reading

SOURCES = (
    r"(?:of )?(?:the |these |those |your |our )?(?:sources?|documents?|files?|texts?|papers?|articles?|books?|letters?)"
)
SPEAKS = (
    r"(?:mentions?|names?|discuss(?:es)?|covers?|(?:talks?|speaks?|writes?|tells?|is|are) (?:about|of)|refers? to|"
    r"deals? with|says? (?:something|anything) (?:about|of|on)|has something (?:about|on))"
)
ASKED = (
    compiled(rf"(?:which|what) (?:one |ones )?{SOURCES} {SPEAKS} (?P<what>[^?]*\w)\W*", re.IGNORECASE),
    compiled(
        rf"in (?:which|what) {SOURCES} (?:is|are|was|were) (?P<what>[^?]*?) (?:mentioned|named|discussed|covered|"
        r"talked about|spoken of)\W*",
        re.IGNORECASE,
    ),
)
NAME = compiled(r"\b[A-Z][^\W_]+")
"""A name has no other form: "Arte" is not "artful"."""
CONFIDENCE = 0.8
NONE = "No source names it."


def mentions(query: Query, desk: Desk) -> Formed | None:
    """The sources that name what is asked for, with a sentence each; None where no question asks for sources."""
    match = next((match for pattern in ASKED if (match := pattern.fullmatch(query.core or query.text))), None)
    wanted = set(stems(match["what"])) if match else set()
    if match is None or not wanted:
        return None
    ranked = desk.search(desk.understand(match["what"], ()))
    named = {name.casefold() for name in NAME.findall(match["what"])}
    told: dict[str, list[tuple[int, Finding]]] = {}
    for scored in ranked:
        passage = scored.passage
        whole = read_whole(passage)
        if wanted <= set(stems(whole)) and named <= set(words(whole)):
            said = [(len(wanted & set(stems(passage.reads(s)))), as_finding(scored, s)) for s in passage.sentences]
            told.setdefault(passage.doc_id, []).extend(said)
    # Of each source the sentence that has the most of the words itself, not by what stands above it.
    found = [max(said, key=lambda one: one[0])[1] for said in told.values()]
    if not found:
        return Formed("list", Reading((), 0.0, "weak_match"), ranked, note=NONE)
    items = tuple(Entry((finding,), label=finding.passage.title) for finding in found)
    return Formed("list", Reading(tuple(found[:1]), CONFIDENCE, None), ranked, items)
