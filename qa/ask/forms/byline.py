"""What a work in a document is called, whose it is and of when: the line above "Composed by …" or "3 May | by …"."""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from qa.ask.agreement import normalised
from qa.ask.forms.desk import Desk, alike, finding_at
from qa.ask.forms.rows import row_of
from qa.ask.forms.speech import lines_in
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import content_words, words
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
    rf"what(?: is|['’]s| was) {WHOSE} (?:[\w'’]+ ){{0,2}}?(?P<own>{MUSIC}|{TEXT})['’]s? {CALLED}\W*|"
    r"(?:what|which) (?P<piece>songs?|tracks?|tunes?|pieces? of music)"
    r"(?: is| are|['’]s| was| does| can| plays)\b[^?]*\W*",
    re.IGNORECASE,
)
AUTHOR_ASKED = compiled(
    rf"(?:and |so )?who (?:wrote|posted|published|authored|submitted|signed) {WHOSE} (?:[\w'’]+ ){{0,3}}?(?P<of>{TEXT})"
    r"(?: (?:on|in|at) [\w'’ ]{2,30}?)?(?:,? (?:anyway|again|actually|name|the name))*\W*|"
    r"(?:who(?: is|['’]s| was)|(?:what(?: is|['’]s| was) )?(?:the )?name of) the (?:\w+ )?(?P<who>reviewer|author of "
    rf"{WHOSE} (?:\w+ )?(?:review|post|article|poem|essay|column))(?: (?:on|in) [^?]+)?\W*|"
    r"what(?: is|['’]s) the (?P<one>reviewer)['’]s name\W*|"
    rf"whose (?P<whose>{TEXT}) (?:is|was) (?:it|that|this)\W*|"
    rf"(?:who|by whom)(?: is| was|['’]s) {WHOSE} (?:[\w'’]+ ){{0,3}}?(?P<by>{TEXT})(?: (?:written|posted|signed))?"
    r"(?: by)?\W*|"
    r"(?:who|(?:what(?: is|['’]?s| was) )?(?:the )?(?:user ?)?name of the (?:\w+ ){0,2}?(?:guy|person|man|woman|user|"
    r"viewer|one|fan|critic|fellow|chap|girl|boy|dude|somebody|someone) (?:who|that)) (?P<did>reviewed|reviews) "
    r"(?:it|(?:the|this) \w+)(?: (?:on|in|at|for) [^?]+)?\W*",
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
ITS = (
    r"(?:it|(?:the|this|that) (?:film|movie|picture|documentary|book|novel|album|song|series|show|game|play)|"
    r"(?-i:[A-Z])[\w'’:-]*(?: [\w'’:-]+){0,6})"
)
RATING = (
    r"(?:Not (?:Yet )?Rated|Unrated|TV-(?:MA|PG|G|Y7?|14)|PG-13|NC-17|PG|FSK[- ]?(?:ab )?\d{1,2}|12A|18|15|12|"
    r"16|[GRUXM]|NR)"
)
"""How films are rated for an age: in the USA, on television, in Britain, in Germany."""
BOARDS = (
    (r"(?:US|USA|U\.S\.|American?|MPAA?)", r"(?:Not (?:Yet )?Rated|Unrated|NR|G|PG|PG-13|R|NC-17|X)"),
    (r"(?:UK|U\.K\.|British|Britain|BBFC)", r"(?:U|PG|12A?|15|18)"),
    (r"(?:German|Germany|FSK)", r"FSK.*"),
)
"""Who rates, by what a question may call it, and the ratings it has."""
RATED = r"(?:certificat(?:e|ion)|rating|classification)"
COPYRIGHTED = (
    compiled(
        r"\W{0,9}(?:Copyright(?: ©|:| \([Cc]\))?|©|\([Cc]\))(?: \d{4}(?: ?[-–] ?\d{4})?,?)?(?: by)? "
        r"(?P<told>(?!\d)\w[^|©]{1,60}?\w\)?)(?:[.,;] .*)?(?: \|.*)?\W{0,9}"
    ),
)
STATED = (
    (
        compiled(
            rf"(?:(?:under |with |in )?(?:what|which)(?: is| was|['’]s)? |is there |are there |does (?:it|{ITS}) have |"
            rf"(?:has|was|did) {ITS} (?:been )?(?:given|get|got|have) )?"
            rf"(?:(?:the|an?|any|its|his) )?(?:(?:age|film|movie|cinema|parental|official|us|usa|uk|u\.[sk]\.|american|"
            rf"british|german|mpaa?|bbfc|fsk) ){{1,2}}{RATED}s?(?: (?:of|for|in|on|is|was|does|do|did|has|had|"
            rf"given)\b[^?]*)?\W{{0,9}}|"
            rf"(?:(?:under |with |in )?(?:what|which)(?: is| was|['’]s)? )?(?:(?:the|its) )?certificat(?:e|ion)"
            rf"(?: (?:(?:of|for|is|was|does|do|did|has|had) {ITS})\b[^?]*)?\W{{0,9}}|"
            rf"(?:what|how)(?: is| was|['’]?s) {ITS} (?:rated|classified)(?: (?:in|by|for) [^?]+)?\W{{0,9}}",
            re.IGNORECASE,
        ),
        (
            compiled(
                rf"(?:\W{{0,9}}(?:(?i:age|film|movie|US|UK|USA|MPAA?|BBFC) )?(?i:rated|{RATED})s?(?: "
                rf"\([^)]*\))?\W{{1,3}}|"
                rf"\W{{0,9}})"
                rf"(?P<told>(?<=: ){RATING}|(?!\d|[GRUXM]\b){RATING}|(?:G|R)(?= \|))(?: for [^|]*)?(?: ?\|.*)?\W{{0,9}}"
            ),
            compiled(
                rf".*?\b(?:[Rr]ated|[Cc]ertificate|RATED) (?:an? )?[\"“‘']?(?P<told>{RATING})(?![\w%/]|[.,]\d| out\b).*"
            ),
            compiled(rf".*?\b(?:[Aa]n?) [\"“‘']?(?P<told>{RATING})[\"”’']? (?:certificate|rating)\b.*"),
        ),
    ),
    (
        compiled(
            rf"(?:in |from )?(?:what|which) year(?:(?: is| was|['’]s) {ITS} (?:from|made|produced)| {ITS} (?:is|"
            rf"was) (?:from|made|produced)|(?: does| did) {ITS} "
            rf"(?:date|come|stem) from|(?: is| was|['’]s) {ITS})\W{{0,9}}|{ITS} is from (?:what|which) "
            rf"year\W{{0,9}}|when(?: is|"
            rf" was) {ITS} "
            rf"(?:from|made|produced)\W{{0,9}}|(?:what(?: is| was|['’]s) )?the (?:production )?year (?:of|for) "
            rf"{ITS}\W{{0,9}}",
            re.IGNORECASE,
        ),
        (
            compiled(
                r"(?:The |An? )?[\"“*']?TITLE[\"”*']?(?: \([^)]*\))? (?:is|was) (?:an?|the) (?:[^.]{0,120} "
                r"(?:made|produced|published|written) in )?(?P<told>\d{4})\b.*",
                re.IGNORECASE,
            ),
            compiled(r"\W{0,9}(?:production )?year(?: of production)?\W{1,3}(?P<told>\d{4})\W{0,9}", re.IGNORECASE),
            compiled(r"[\"“*']?TITLE[\"”*']? \((?P<told>\d{4})\)\W{0,9}", re.IGNORECASE),
            compiled(r"\W{0,9}released\W{1,3}(?:\d{1,2} [a-z]+ )?(?P<told>\d{4})(?:-\d\d){0,2}\W{0,9}", re.IGNORECASE),
        ),
    ),
    (
        compiled(
            r"(?:who|which (?:company|firm)|what company)(?: is|['’]s)? (?:has|have|holds?|owns?|owner of|the owner "
            r"of|holder of|"
            r"the holder of|got|gets) (?:the |all )?copyrights?\b[^?]*\W{0,9}|(?:who(?: is|['’]s) )?(?:the )?copyright "
            r"(?:holder|owner)s?\b[^?]*\W{0,9}|who does the copyright\b[^?]* belong to\W{0,9}|whose(?: is)? (?:the "
            r")?copyright\b[^?]*\W{0,9}",
            re.IGNORECASE,
        ),
        COPYRIGHTED,
    ),
)
"""What is asked, and the lines that state it, the surest first."""
OF_MUSIC = frozenset("composed performed sung music words lyrics arranged written".split())
OF_TEXT = frozenset(("written", "posted", "reviewed", "published", "review", "text", "story", ""))
YEAR = compiled(r"\(\d{4}\)")
NAMED_THING = compiled(
    r"(?:so |and |but )?(?:what|which)(?: exactly| literally)?(?: is| was|['’]s)?(?: exactly| literally| meant by)? "
    r"?(?:the |this |that )?"
    r"[\"“'‘]?(?P<thing>[a-z][\w-]*(?:(?: (?:that|which))?(?: is| was|['’]s)?(?: [\w-]+){1,4}?))[\"”'’]?"
    r"(?: (?:is|was) (?:it|that|this|meant))?(?:(?: of| in| from| behind)? (?:the|its) title)?[, ]*(?:exactly|"
    r"literally|really|actually)?\W*",
    re.IGNORECASE,
)
ITS_TITLE = r"(?:the|its) (?:film['’]?s? |book['’]?s? )?(?:title|name)"
TITLE_MEANS = compiled(
    r"(?:so |and |but )?what(?: exactly)?(?: is|['’]s| are| was) (?:the )?[\"'“‘]?(?P<thing>[\w -]{3,60}?)[\"'”’]? "
    rf"(?:that |which )?{ITS_TITLE} "
    r"(?:refers?|referring|speaks?|talks?|alludes?|hints?|points?|means?|is about|stands?)\b[^?]{0,20}\W*|"
    rf"(?:so |and |but )?what(?: exactly)? (?:does|do|did) {ITS_TITLE}(?: of (?:the|this) \w+)?(?: really| actually)? "
    r"(?:mean|refer to|stand for|allude to|speak of|point to)\W*|"
    r"(?:so |and |but )?what is meant (?:by|with) (?:the|its) title\W*",
    re.IGNORECASE,
)
"""How somebody asks what a title speaks of, with its words or without."""
LITERALLY = compiled(
    r"\b(?:exactly|literally|meant by|(?:of|in|behind) (?:the|its) title)\b|^(?:so )?what(?: is|['’]s) (?:the "
    r")?[\"“'‘][a-z]",
    re.IGNORECASE,
)
"""How somebody asks for the thing, and not for what is called after it."""
IS_THIS = (
    r"(?:: |, |,? (?:which|that) (?:is|was) | (?:is|was) )(?P<told>(?:an?|the|one|some) [^.;:!?]{3,200}?)"
    r"(?=[.;:!?]| [–—-] |, (?:and|but|who|which|where|that)\b|$)"
)
CAPITAL = compiled(r"(?<=\w )[A-Z][\w'’]+")
LONGEST = 12
"""Words of a title at most."""
CONFIDENCE = 0.75
MEANT = 0.6
"""Confidence of what a title speaks of."""


class Work(Struct, frozen=True):
    """A work by its lines: where its title, its author and its date stand, and what its author did.

    A title that is a heading is in no passage.
    """

    passage: Passage
    title: Span | None
    name: Span
    date: Span | None
    made: str


def is_title(text: str, documents: Iterable[Document]) -> bool:
    """Whether a text is the title of one of some documents, but for a year behind that."""
    return normalised(text) in {normalised(YEAR.sub("", document.title)) for document in documents}


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
    if (thing := titled(query, desk)) is not None:
        return Formed("value", Reading((thing,), CONFIDENCE, None), ranked)
    forms = next((forms for pattern, forms in STATED if pattern.fullmatch(asked)), None)
    if forms is None or any(not _board(name) for name in query.unknown_names):
        return None
    told = _stated(asked, forms, desk, list(dict.fromkeys(scored.passage.path for scored in ranked)))
    if len({text_of(finding).lower() for finding in told}) != 1:
        return None
    return Formed("value", Reading(tuple(told), CONFIDENCE, None), ranked)


def titled(query: Query, desk: Desk) -> Finding | None:
    """What somebody says that the thing is after which a document is called: "the lost boat: a dinghy without oars".

    It is what stands behind a colon or between commas, where the thing is spoken of and not the title.
    """
    asked = NAMED_THING.fullmatch(query.core or query.text)
    if asked is None or not (query.kind == "value" or LITERALLY.search(query.question)):
        return None
    wanted = set(content_words(asked["thing"]))
    titles = (content_words(YEAR.sub("", document.title)) for document in desk.documents.values())
    title = next((title for title in titles if len(title) > 1 and set(title) == wanted), None)
    return _thing(title, desk) if title is not None else None


def title_means(query: Query, desk: Desk) -> Formed | None:
    """What a title speaks of, where a text says what that is; None where nothing such is asked or told."""
    asked = TITLE_MEANS.fullmatch(query.core or query.text)
    if asked is None:
        return None
    titles = sorted({YEAR.sub("", document.title) for document in desk.documents.values()})
    named = filter(None, map(content_words, [asked["thing"]] if asked["thing"] else titles))
    thing = next(filter(None, (_thing(words, desk) for words in named)), None)
    return Formed("definition", Reading((thing,), MEANT, None), ()) if thing is not None else None


def _thing(title: Sequence[str], desk: Desk) -> Finding | None:
    """What a text says that a thing is, by the words of a title in small letters."""
    told = " ".join(map(re.escape, title))
    that = rf"{re.escape(title[-1])} (?:that|which) (?:is|was) {' '.join(map(re.escape, title[:-1]))}"
    thing = re.compile(rf"\b(?:the|an?|this|that|his|her|its|their|my|our) (?:{told}|{that}){IS_THIS}")
    for passage in desk.about(" ".join(title)):
        if (match := thing.search(passage.plain.text)) and (span := passage.plain.source(*match.span("told"))):
            return finding_at(passage, span)
    return None


def _board(text: str) -> str:
    """The ratings that one who is named in a text gives; empty where nobody is."""
    return next((ratings for who, ratings in BOARDS if re.search(rf"\b{who}(?!\w)", text, re.IGNORECASE)), "")


def _stated(asked: str, forms: Sequence[re.Pattern[str]], desk: Desk, paths: Sequence[str]) -> list[Finding]:
    """The surest line of each document that states something of its work; of the works that are named, if any is."""
    titles = {path: " ".join(words(YEAR.sub("", desk.documents[path].title))) for path in paths}
    named = [path for path in paths if titles[path] and titles[path] in " ".join(words(asked))]
    found = []
    called = {word.lower() for word in CAPITAL.findall(asked) if not _board(word)}
    if not called <= set(" ".join(titles[path] for path in named).split()) and forms is not COPYRIGHTED:
        return []
    for path in named or paths:
        document, title = desk.documents[path], r"\W+".join(map(re.escape, titles[path].split()))
        exact = [re.compile(form.pattern.replace("TITLE", title or "-"), form.flags) for form in forms]
        told = (
            (rank, finding_at(passage, span))
            for passage in desk.held_to(Within(frozenset({path}))).passages()
            if row_of(passage) is None
            for line in map(document.plain, lines_in(document, passage.span))
            for rank, form in enumerate(exact)
            if (match := form.fullmatch(line.text)) and (span := line.source(*match.span("told")))
            if re.fullmatch(_board(asked) or ".*", match["told"])
        )
        if (surest := min(told, key=lambda one: one[0], default=None)) is not None:
            found.append(surest[1])
    return found


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
