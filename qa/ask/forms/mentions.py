"""Which sources speak of something: of each that names it the sentence that does."""

import re

from qa.ask.forms.desk import Desk, as_finding, read_whole
from qa.search.words import stems
from qa.types import Entry, Finding, Formed, Query, Reading

SOURCES = (
    r"(?:of )?(?:the |these |those |your |our )?(?:sources?|documents?|files?|texts?|papers?|articles?|books?|letters?)"
)
SPEAKS = (
    r"(?:mentions?|names?|discuss(?:es)?|covers?|(?:talks?|speaks?|writes?|tells?|is|are) (?:about|of)|refers? to|"
    r"deals? with|says? (?:something|anything) (?:about|of|on)|has something (?:about|on))"
)
ASKED = (
    re.compile(rf"(?:which|what) (?:one |ones )?{SOURCES} {SPEAKS} (?P<what>[^?]*\w)\W*", re.IGNORECASE),
    re.compile(
        rf"in (?:which|what) {SOURCES} (?:is|are|was|were) (?P<what>[^?]*?) (?:mentioned|named|discussed|covered|"
        r"talked about|spoken of)\W*",
        re.IGNORECASE,
    ),
)
CONFIDENCE = 0.8
NONE = "No source names it."


def mentions(query: Query, desk: Desk) -> Formed | None:
    """The sources that name what is asked for, with a sentence each; None where no question asks for sources."""
    match = next((match for pattern in ASKED if (match := pattern.fullmatch(query.core or query.text))), None)
    wanted = set(stems(match["what"])) if match else set()
    if match is None or not wanted:
        return None
    ranked = desk.search(desk.understand(match["what"], ()))
    found: dict[str, Finding] = {}
    for scored in ranked:
        passage = scored.passage
        said = [s for s in passage.sentences if wanted <= set(stems(passage.reads(s)))]
        if said or wanted <= set(stems(read_whole(passage))):
            found.setdefault(passage.doc_id, as_finding(scored, *said[:1]))
    if not found:
        return Formed("list", Reading((), 0.0, "weak_match"), ranked, note=NONE)
    findings = tuple(found.values())
    items = tuple(Entry((finding,), label=finding.passage.title) for finding in findings)
    return Formed("list", Reading(findings[:1], CONFIDENCE, None), ranked, items)
