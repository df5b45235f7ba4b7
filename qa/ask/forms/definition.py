"""A definition: the sentence that says what somebody or something is, from each source that has one."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from qa.ask.agreement import same_answer
from qa.ask.asked.words import untitled
from qa.ask.forms.byline import OF_TEXT, titled, works
from qa.ask.forms.desk import Desk, read_whole, refused
from qa.ask.forms.rows import row_of
from qa.ask.forms.series import LABEL, split
from qa.ask.forms.speech import puts_the_questions
from qa.ask.reader import sentences_around, text_of
from qa.patterns import compiled
from qa.search.lexicon import heard_alike, spelt_alike
from qa.search.words import content_words, stem, words
from qa.text import PlainText, Span, marks_within
from qa.types import Entry, Finding, Formed, Passage, Query, Reading

DETERMINER = r"(?:an?|the|one of|his|her|its|their|our|my|some|any|another)"
BE = r"(?:is|was|are|were|means?|stands? for|refers to|denotes|became)"
END = (
    r"(?=[.;:!?)]|, (?:and|but|who|which|whose|where|that|in|at|on)\b|,? (?:and|but) (?:he|she|it|they)\b|"
    r"\s(?:[–—-]|--)\s|$)"
)
ROLE = r"(?:[\w'’-]+ ){0,3}[\w'’-]+"
IN_PASSING = compiled(r"\b(?:when|while|before|after|until|if)\b", re.IGNORECASE)
"""What makes a copula tell an episode: "was a child when the war began"."""
ASKER = "Who asks the questions there; more is not said of this name."
SURE = 3
"""Strength from which a pattern defines whatever the reader makes of it."""
MOST = 4
"""Sources with a definition each, at most."""
SIGNED = 5
"""Letters at least of what a text is signed with."""
LONGEST_ROLE = 9
"""Words of what somebody does, behind the name and a colon."""
LONGEST = 5
"""Words of a name at most."""


class Said(Struct, frozen=True):
    """What a sentence says that a term is, and how surely its form does."""

    strength: int
    finding: Finding
    opens: bool = False
    """Whether the sentence begins with the term."""


def definition(query: Query, desk: Desk) -> Formed:
    """What each source says that the subject is; the surest of them is the headline."""
    if (thing := titled(query, desk)) is not None:
        return Formed("definition", Reading((thing,), CONFIDENCE[SURE], None), desk.search(query))
    query = replace(query, subject=untitled(query.subject))
    about = desk.about(query.subject) if words(query.subject) else []
    if name := as_written(query.subject, about):
        query = replace(query, subject=name, text=f"Who is {name}?", unknown=(), unknown_names=())
    ranked = desk.search(query)
    reading = desk.read(query, ranked)
    near = {scored.passage.passage_id: scored.passage for scored in ranked}
    wanted = {stem(word) for word in words(query.subject)}
    for passage in about:
        if wanted <= {stem(word) for word in words(f"{passage.text} {passage.cue or ''}")}:
            near.setdefault(passage.passage_id, passage)
    said = sorted(
        (s for p in near.values() for s in (*sayings(query.subject, p), *_signed(query.subject, p, desk))), key=_told
    )
    read = reading.findings[0] if reading.reason is None and reading.findings else None
    if read is not None and (
        _is_name(text_of(read), query.subject)
        or _own(text_of(read))
        or _is_listed(read)
        or not _speaks_of(read.passage, wanted)
    ):
        read = None
    if said and said[0].strength < SURE:
        spoken = dict.fromkeys(one.finding.passage.path for one in said)
        if puts_the_questions(query.subject, (desk.documents[path] for path in spoken)):
            told = Reading((said[0].finding,), CONFIDENCE[SURE], None, (), reading.scores)
            return Formed("definition", told, ranked, note=ASKER)
    if not said or (said[0].strength < SURE and read is not None):
        if read is None and reading.reason is None:
            reading = refused(reading)
        return Formed("definition", replace(reading, rivals=()), ranked)
    best: dict[str, Said] = {}
    for one in said:
        best.setdefault(one.finding.passage.doc_id, one)
    chosen = [s for s in best.values() if s.strength >= min(SURE, said[0].strength)][:MOST]
    items = tuple(Entry((s.finding,), label=s.finding.passage.title) for s in chosen)
    confidence = max(reading.confidence, CONFIDENCE[said[0].strength])
    told = Reading((said[0].finding,), confidence, None, (), reading.scores)
    return Formed("definition", told, ranked, items if len(items) > 1 else ())


def as_written(name: str, passages: Sequence[Passage]) -> str | None:
    """How a name of more words than one is written that is misspelt; None where it is not, or none is like it.

    One word of it must be right, and the others alike, as they are heard: "Fou" is "Phou".
    """
    itself = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    asked = [word.replace("ph", "f") for word in words(name)]
    if not 2 <= len(asked) <= LONGEST or any(itself.search(passage.plain.text) for passage in passages):
        return None
    word = r"[^\W\d_a-z][\w'’]*"
    like = re.compile(rf"(?=(?<!\w)({word}(?:[ -]{word}){{{len(asked) - 1}}})(?!\w))")
    found = Counter(match[1] for passage in passages for match in like.finditer(passage.plain.text))
    for other, _ in found.most_common():
        pairs = list(zip(asked, (heard.replace("ph", "f") for heard in words(other)), strict=False))
        if any(one == two for one, two in pairs) and all(spelt_alike(*pair) or heard_alike(*pair) for pair in pairs):
            return other
    return None


def _signed(name: str, passage: Passage, desk: Desk) -> Iterator[Said]:
    """The text that is signed with a name: its title, the date and the name are all that is known of its author."""
    letters = "".join(words(name))
    for work in works(desk.documents[passage.path], passage):
        if (
            work.made in OF_TEXT
            and work.title
            and len(letters) >= SIGNED
            and "".join(words(passage.reads(work.name))).startswith(letters)
        ):
            line = Span(work.title.start, work.name.end)
            yield Said(SURE, Finding(passage, line, line))


def _told(said: Said) -> tuple[int, bool, bool, int]:
    """The surest first, what is said of the term itself; of "director" and "the Cambodian director" what tells more.

    "Directed by" says what somebody did, and not who it is.
    """
    what = text_of(said.finding)
    return -said.strength, not said.opens, what.endswith(" by"), -min(len(what.split()), 4)


CONFIDENCE = {5: 0.8, 4: 0.7, 3: 0.6, 2: 0.4, 1: 0.3}
"""By the strength of the form: a copula says more than a mention."""


def _speaks_of(passage: Passage, wanted: set[str]) -> bool:
    """Whether a passage, or what stands above it, has a word of what is defined."""
    return not wanted or not wanted.isdisjoint(stem(word) for word in words(read_whole(passage)))


def _is_name(answer: str, subject: str) -> bool:
    return same_answer(answer, subject) and len(words(answer)) <= len(words(subject)) + 1


def _is_listed(read: Finding) -> bool:
    """Whether an answer is one of several names behind a label, of which none says who another is."""
    line = LABEL.match(read.passage.plain.text)
    names = [line["value"][a:b] for a, b in split(line["value"])] if line is not None else []
    return len(names) > 1 and any(text_of(read) in name for name in names)


def sayings(subject: str, passage: Passage) -> Iterator[Said]:
    """What the sentences of a passage say that the subject is."""
    if (row := row_of(passage)) and any(_is_name(row.reads(head), subject) for head in row.heads[1:]):
        yield Said(SURE, row.finding(row.heads[0]))
        return
    for sentence in passage.sentences:
        part = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        plain = PlainText.of(part, sentence.start, marks_within(passage.marks, sentence))
        for strength, start, end, opens in _forms(subject, plain.text):
            span = plain.source(start, end)
            if span is not None and not _is_name(plain.text[start:end], subject) and not _speaks(passage, span):
                quote = sentences_around(passage, span) if strength < SURE else sentence
                whole = Span(min(quote.start, span.start), max(quote.end, span.end))
                yield Said(strength, Finding(passage, whole, span), opens)
                break


def _speaks(passage: Passage, said: Span) -> bool:
    """Whether what follows a name and a colon is a question, or long enough to be what that person says."""
    before = passage.text[: said.start - passage.start].rstrip()
    told = passage.text[said.start - passage.start : said.end - passage.start]
    return before.endswith(":") and (told.rstrip().endswith("?") or len(told.split()) > LONGEST_ROLE)


def _forms(subject: str, text: str) -> Iterator[tuple[int, int, int, bool]]:
    """(strength, start, end, whether it begins so) of what a sentence says of the subject, the surest form first."""
    name = r"\s+".join(re.escape(word) for word in subject.split())
    if not re.search(rf"(?<!\w){name}(?!\w)", text, re.IGNORECASE):
        return
    for strength, pattern in PATTERNS:
        flags = 0 if strength == 3 else re.IGNORECASE
        match = re.search(pattern.replace("NAME", f"(?i:{name})"), text, flags)
        if match and match["what"].strip() and content_words(match["what"]) and not _own(match["what"]):
            start, end = match.span("what")
            strength = 1 if strength > SURE and IN_PASSING.search(match["what"]) else strength
            credited = " " in subject and text[end : end + 1] == ")" and len(match["what"].split()) < 3
            strength = min(strength, SURE) if credited else strength  # "Ana Moe (music)" is a line of credits
            opens = re.match(rf"(?:an? |the )?{QUOTED}{name}(?!\w)", text, re.IGNORECASE) is not None
            yield strength, start, start + len(text[start:end].rstrip(" ,")), opens
    if re.match(rf"(?i:{DETERMINER} )?(?i:{name})(?!\w)['’]?(?!s\b)", text, re.IGNORECASE) and len(text.split()) > 2:
        yield 2, 0, len(text.rstrip()), True
    elif len(text.split()) > 2:
        yield 1, 0, len(text.rstrip()), False


def _own(what: str) -> bool:
    """Whether a phrase only says whose or of what manner something is: "his own", "the merciless"."""
    return OWN.fullmatch(what.strip()) is not None


OWN = compiled(
    r"(?:his|her|its|their|our|my) own|(?:an?|the|his|her|its|their|our|my|[\w-]+(?: [\w-]+){0,2}['’]s) "
    r"[\w-]{1,20}(?:less|ous|ful|able|ible|ive|ical)",
    re.IGNORECASE,
)


SMALL = (
    r"(?:the|an?|of|in|on|at|by|and|or|is|was|are|were|has|had|to|for|with|from|that|which|who|whom|whose|where|when|"
    r"while|as|if|because|than|but|so|called|named)\b"
)
NOUNS = rf"(?:(?!(?i:{SMALL}))[\w'’-]+ ){{0,3}}(?!(?i:{SMALL}))[\w'’-]*[a-z]"
NAMED = rf"(?P<what>\b(?:[Aa]n?|[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[A-Z][\w-]+['’]s) {NOUNS})"
GENUS = (
    r"(?:section|prize|award|medal|festival|competition|programme|program|series|category|method|river|lake|mountain|"
    r"valley|district|region|province|village|town|city|island|school|college|university|company|group|party|museum|"
    r"theatre|theater|house|street|bridge|church|movement|regime|act|law|treaty|war|battle|people|tribe|family|"
    r"language|species|disease|syndrome|effect|theorem|protocol|format|system|model|project|camp)s?\b"
)
"""What kind of thing a name is told to be of that stands in front of it."""
QUOTED = r"[\"“”*'‘’]?"
PATTERNS = (
    # "A haar is a sea fog", "Taklub means …"
    (
        5,
        rf"(?:^|[.,;:] |\b(?:An?|The|that|and) ){QUOTED}NAME{QUOTED}(?: \([^)]*\))? {BE} (?P<what>{DETERMINER} "
        rf".+?){END}",
    ),
    (5, rf"(?<!\w)NAME{QUOTED} (?:means?|stands? for|refers to|denotes) {QUOTED}(?P<what>.+?){QUOTED}{END}"),
    # "automatic level control (ALC)", "ALC (automatic level control)"
    (5, r"(?<!\w)NAME \((?P<what>[^)\d]{4,80})\)"),
    # "Ruth Penhallow, an engineer from Truro,"
    (4, r"(?<!\w)NAME(?: \([^)]*\))?, (?P<what>(?:an?|the|one of|his|her|its|their) .+?)(?=[.,;:!?)]|\s[–—-]\s|$)"),
    # "Jean-Baptiste Phou: narrator of …", "Randal Douc ... Narrator"
    (4, r"^(?:[-*•] )?(?:NAME )?NAME(?: \([^)]*\))?\s*(?::|\.{2,}|…|\s[–—-]\s|=)\s*(?P<what>[^.;]+)"),
    # "Randal Douc as the narrator (French version)"
    (4, rf"^(?:[-*•] )?NAME as (?P<what>{DETERMINER} [^.;,]+)"),
    # "Cambodian filmmaker Rithy Panh", without an article as newspapers write
    (
        3,
        rf"(?:^|[.,;] |\b(?:by|with|of|and|from|to) )(?P<what>(?:[A-Z][\w-]+ )?(?:[a-z][\w-]+ ){{0,2}}"
        rf"[a-z]\w*(?:er|or|ist|ian|man|woman|chief|head|poet|cook|nurse|king|queen)) {QUOTED}NAME(?!\w)",
    ),
    # "the engineer Josiah Trent", "Basil's wife Rosalind"
    (
        3,
        rf"{NAMED} (?:called |named |by the name of |known as )?(?:(?!The\b)[A-Z][\w.]* )?"
        rf"{QUOTED}NAME{QUOTED}(?=[.,;:!?)]| (?!{BE} {DETERMINER})|$)",
    ),
    # "Her partner, Dr Piet Okonjo,", but not "… category of the Awards, Ana Moe, …"
    (
        3,
        rf"(?<!\bof )(?<!\bin )(?<!\bat )(?<!\bto )(?<!\bfor )(?<!\bon ){NAMED}, (?:[A-Z][\w.]* )?"
        rf"{QUOTED}NAME{QUOTED}(?=[.,;:!?)]| (?!{BE} {DETERMINER})|$)",
    ),
    (
        3,
        rf"(?:^|[.,;] )(?P<what>(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|My) {ROLE}) (?:is|was) "
        rf"(?:[A-Z][\w.]* )?NAME(?!\w)",
    ),
    # "the Un Certain Regard section at the Cannes festival"
    (
        3,
        rf"\b[Tt]he {QUOTED}NAME{QUOTED} (?P<what>{GENUS} (?:at|of|in|for|on) (?:the )?\w[\w'’ -]{{1,60}}?)"
        r"(?=[.,;:!?)]| (?:where|which|that|and|but|when|is|was|has|had)\b|$)",
    ),
    (
        3,
        r"\b(?P<what>(?:Dr|Doctor|Professor|Captain|Sir|Lady|Lord|Father|Sister|Bishop|King|Queen|President|"
        r"Mayor)\.?) NAME(?!\w)",
    ),
    # "Cinematography: Prum Mesa", "Writer: Rithy Panh, Christophe Bataille"
    (3, r"^(?:[-*•] )?(?P<what>[^\W\d_][^:.!?]{1,50}):\s+(?:[^:.;!?]*[,;|] )?NAME(?= ?[,;|(]| and |\.?$)"),
)
