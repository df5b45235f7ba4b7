"""What a work in a document is called, whose it is and of when: the line above "Composed by …" or "3 May | by …"."""

import re
from collections.abc import Iterator

from msgspec import Struct

from qa.ask.forms.desk import Desk, alike, finding_at
from qa.ask.forms.speech import lines_in
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import words
from qa.text import PlainText, Span
from qa.types import Document, Finding, Formed, Passage, Query, Reading, ScoredPassage

MUSIC = r"(?:songs?|tracks?|tunes?|pieces? of music|music|compositions?|melod(?:y|ies)|hymns?|soundtracks?)"
TEXT = r"(?:reviews?|posts?|articles?|poems?|essays?|stor(?:y|ies)|columns?|critiques?)"
PIECE = "pieces?"
"""What a song may be called, and a text too."""
CALLED = r"(?:titles?|headlines?|headings?|names?|called|titled|entitled|headed)"
WHOSE = r"(?:the|this|that|his|her|their)"
TITLE_ASKED = compiled(
    rf"(?:under |by )?(?:what|which|name)\b[^?]*?\b(?:{CALLED}\b[^?]*?\b(?P<of>{MUSIC}|{TEXT}|{PIECE})|"
    rf"(?P<one>{MUSIC}|{TEXT}|{PIECE})\b[^?]*?\b(?:called|titled|entitled|headed))\b[^?]*\W*|"
    rf"(?:{CALLED}) (?:of|for) (?:the |this |that )?(?:[\w'’]+ )?(?P<short>{MUSIC}|{TEXT})\b[^?]*\W*|"
    r"(?:what|which) (?P<piece>songs?|tracks?|tunes?|pieces? of music)"
    r"(?: is| are|['’]s| was| does| can| plays)\b[^?]*\W*",
    re.IGNORECASE,
)
AUTHOR_ASKED = compiled(
    rf"who (?:wrote|posted|published|authored|submitted|signed) {WHOSE} (?:[\w'’]+ ){{0,3}}?(?P<of>{TEXT})\W*|"
    r"(?:who(?: is|['’]s| was)|(?:what(?: is|['’]s| was) )?(?:the )?name of) the (?:\w+ )?(?P<who>reviewer|author of "
    rf"{WHOSE} (?:\w+ )?(?:review|post|article|poem|essay|column))(?: (?:on|in) [^?]+)?\W*|"
    r"what(?: is|['’]s) the (?P<one>reviewer)['’]s name\W*",
    re.IGNORECASE,
)
DATE_ASKED = compiled(
    rf"(?:when|on (?:what|which) (?:day|date)|in (?:what|which) year) (?:was|is) {WHOSE} (?:\w+ )?(?P<of>{TEXT})"
    r"(?: (?:by|of) [^?]+?)? (?:written|posted|published|from)\W*|"
    rf"(?:what(?: is|['’]s) )?the date of {WHOSE} (?:\w+ )?(?P<one>{TEXT})\W*|"
    rf"(?:when|on (?:what|which) (?:date|day))\? \(who (?:wrote|posted|published|submitted) {WHOSE} "
    rf"(?:[\w'’]+ ){{0,3}}?(?P<then>{TEXT})\)\W*|"
    rf"when did (?:\S+ ){{1,3}}(?:write|post|publish) {WHOSE} (?:\w+ )?(?P<own>{TEXT})\W*",
    re.IGNORECASE,
)
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
DATE = rf"(?:\d{{1,2}} {MONTH} \d{{4}}|{MONTH} \d{{1,2}}, \d{{4}}|\d{{4}}-\d\d-\d\d)"
BYLINE = compiled(
    rf"(?:(?P<date>{DATE})[ |·•,–—-]*)?"
    r"(?P<made>composed|performed|sung|music|words|lyrics|arranged|written|posted|reviewed|published|"
    r"review|text|story)?(?: and (?:music|lyrics|sung|performed))? ?\bby "
    r"(?P<name>(?-i:[A-Z])[\w.'’-]*?(?: (?-i:[A-Z])[\w.'’-]*){0,4}?)"
    # A link may be glued to a name: "by AnaMoeSee all".
    rf"(?:[ |·•,–—-]+(?P<late>{DATE})|(?=(?-i:[A-Z][a-z]+ [a-z]))[^|]*)?\W*",
    re.IGNORECASE,
)
OF_MUSIC = frozenset("composed performed sung music words lyrics arranged written".split())
OF_TEXT = frozenset(("written", "posted", "reviewed", "published", "review", "text", "story", ""))
LONGEST = 12
"""Words of a title at most."""
CONFIDENCE = 0.75


class Work(Struct, frozen=True):
    """A work by its lines: where its title, its author and its date stand, and what its author did.

    A title that is a heading is in no passage.
    """

    passage: Passage
    title: Span | None
    name: Span
    date: Span | None
    made: str


def bylined(query: Query, desk: Desk, ranked: list[ScoredPassage]) -> Formed | None:
    """The title, the author or the date of the one song or text that has such lines; None where nobody asks for it.

    ``ranked`` is what a search finds for the question.
    """
    asked = (query.core or query.text).strip()
    for pattern, part in ((AUTHOR_ASKED, "name"), (DATE_ASKED, "date"), (TITLE_ASKED, "title")):
        if (match := pattern.fullmatch(asked)) is not None:
            of = next(group for group in match.groups() if group)
            found = _places(desk, ranked, of, part, _letters(asked))
            return Formed("value", Reading(found[:1], CONFIDENCE, None), ranked) if len(found) == 1 else None
    return None


def _places(desk: Desk, ranked: list[ScoredPassage], of: str, part: str, asked: str) -> tuple[Finding, ...]:
    """The part of every work of some kind, of the documents that were found, by its text once.

    Where ``asked``, the letters of the question, names an author, it is only of that one's works.
    """
    found: dict[str, Finding] = {}
    theirs: dict[str, Finding] = {}
    for path in dict.fromkeys(scored.passage.path for scored in ranked):
        for passage in desk.held_to(Within(frozenset({path}))).passages():
            for work in works(desk.documents[path], passage):
                span = {"title": work.title, "name": work.name, "date": work.date}[part]
                if span is not None and _is_a(of, work):
                    finding = finding_at(passage, span)
                    found.setdefault(text_of(finding), finding)
                    if _letters(passage.reads(work.name)) in asked:
                        theirs.setdefault(text_of(finding), finding)
    return tuple((theirs or found).values())


def _letters(text: str) -> str:
    """The letters of a text alone: a name that is signed in one word is asked for in two."""
    return re.sub(r"[\W_]+", "", text).lower()


def _is_a(of: str, work: Work) -> bool:
    """Whether a work is a song, or a review: what its author did says so, or what stands above it."""
    if re.fullmatch(PIECE, of, re.IGNORECASE):
        return True
    if re.fullmatch(MUSIC, of, re.IGNORECASE):
        return work.made in OF_MUSIC
    kind = of.split()[-1]  # "author of the review"
    above = f"{work.passage.section or ''} {work.passage.context} {work.made}"
    return work.made in OF_TEXT and any(alike(kind, word) for word in words(above))


def works(document: Document, passage: Passage) -> Iterator[Work]:
    """The works of a passage: a line that says by whom it is, below one that is a title, or begins the passage."""
    above: PlainText | None = None
    for line in map(document.plain, lines_in(document, passage.span)):
        match = BYLINE.fullmatch(line.text)
        if match is not None and (above is None or _is_title(above.text)):
            spans = {name: line.source(*match.span(name)) for name in ("name", "date", "late") if match[name]}
            if (name := spans["name"]) is not None:
                title = above.source(0, len(above.text)) if above is not None else None
                date = spans.get("date") or spans.get("late")
                yield Work(passage, title, name, date, (match["made"] or "").lower())
        above = line


def _is_title(text: str) -> bool:
    """Whether a line can be what something is called: a few words, the first with a capital, no label, no sentence."""
    return (
        len(text.split()) <= LONGEST
        and text.lstrip("\"“'‘*")[:1].isupper()
        and not text.endswith((".", ":", ","))
        and ":" not in text
        and BYLINE.fullmatch(text) is None
    )
