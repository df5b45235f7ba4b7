"""Who made a work and what each did: the lines that sources label with a job, "Editing: Ana Moe"."""

import re
from collections.abc import Iterator

from qa.ask.fitting import DOING
from qa.ask.forms.desk import Desk, finding_at
from qa.ask.forms.series import LABEL, split
from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import stems
from qa.text import PlainText, marks_within
from qa.types import Entry, Finding, Formed, Passage, Query, Reading

ASKED = compiled(
    r"^who(?:['’]s| is| are| was| were) (?:all )?in (?:it|(?:the|this) (?:film|movie|picture|cast|show|play|"
    r"series))\W*$|"
    r"^(?:who(?:['’]s| is| are) )?(?:in )?the cast\W*$|"
    r"\b(?:crew|credits?|cast and crew|film ?makers|people (?:behind|who (?:made|worked)))\b|"
    r"\b(?:everyone|everybody|every(?:one)? person|all (?:the )?(?:people|persons|names)|all those|anyone|who)(?: who)?"
    r"(?: (?:is|are|was|were))?(?: all)? (?:credited|worked|involved|named in the credits)\b",
    re.IGNORECASE,
)
CAST_ASKED = compiled(
    r"^who(?:['’]s| is| are| was| were) (?:all )?in\b|^(?:who(?:['’]s| is| are) )?(?:in )?the cast\W*$", re.IGNORECASE
)
PLAYING = compiled(r"\b(?:narrat|voice|cast|starring|stars?\b|act(?:or|ress)|perform|play)", re.IGNORECASE)
"""The jobs of those who are in a work."""
ONE_ASKED = compiled(r"\bhow many\b|\bcredits? (?:for|as)\b", re.IGNORECASE)
SAME_JOB = 5
"""First letters by which jobs are the same: "director" and "directed by"."""
LONGEST_NAME = 6
"""Words of a name at most."""
FEWEST = 3
"""Labelled lines from which on there are credits."""
CONFIDENCE = 0.7
NOTE = "These are the ones that the sources label with what they did; they may name more."


def credited(query: Query, desk: Desk) -> Formed | None:
    """Everybody that is labelled with a job, by job; None where nobody asks for them all, or there are no credits."""
    if not ASKED.search(query.core or query.text) or ONE_ASKED.search(query.text):
        return None
    items: dict[tuple[str, ...], tuple[str, list[Finding]]] = {}
    ranked = desk.search(query)
    for path in dict.fromkeys(scored.passage.path for scored in ranked):
        for passage in desk.held_to(Within(frozenset({path}))).passages():
            for label, finding in labelled(passage):
                job = tuple(word[:SAME_JOB] for word in stems(label))
                told = items.setdefault(job, (label, []))[1]
                if all(finding.passage.doc_id != other.passage.doc_id for other in told):
                    told.append(finding)
    if CAST_ASKED.search(query.core or query.text):
        items = {job: one for job, one in items.items() if PLAYING.search(one[0])}
    elif len(items) < FEWEST:
        return None
    if not items:
        return None
    found = tuple(Entry(tuple(findings), label=label) for label, findings in items.values())
    return Formed("list", Reading(found[0].findings[:1], CONFIDENCE, None), ranked, found, note=NOTE)


def labelled(passage: Passage) -> Iterator[tuple[str, Finding]]:
    """The lines of a passage that have a job as their label, with their whole value as the answer."""
    for sentence in passage.sentences:
        part = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        plain = PlainText.of(part, sentence.start, marks_within(passage.marks, sentence))
        line = LABEL.match(plain.text.lstrip("-•* "))
        if line is None or not DOING.search(line["label"]) or not _are_names(value := line["value"].rstrip(" .")):
            continue
        start = len(plain.text) - len(plain.text.lstrip("-•* ")) + line.start("value")
        if (span := plain.source(start, start + len(value))) is not None:
            yield line["label"], finding_at(passage, span)


def _are_names(value: str) -> bool:
    """Whether the value of a label is one name or several."""
    names = [BRACKETED.sub("", value[start:end]).split() for start, end in split(value)]
    return all(0 < len(name) <= LONGEST_NAME and name[0][0].isupper() and name[-1][0].isupper() for name in names)


BRACKETED = compiled(r"\([^()]{0,60}\)")
