"""From the kind of a question to the form of its answer, held to the source that it names."""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from msgspec.structs import replace

from qa.ask.asked.words import AUX, WH, WORK
from qa.ask.fitting import IN_PLACE, tells
from qa.ask.forms.byline import is_title, title_means
from qa.ask.forms.desk import Desk, finding_at, read_whole, refused
from qa.ask.forms.mentions import mentions
from qa.ask.forms.paraphrase import paraphrases
from qa.ask.forms.role import FULL_NAME
from qa.ask.forms.scope import sections_of
from qa.ask.forms.speech import INTERVIEWED
from qa.ask.forms.value import value
from qa.ask.reader import text_of
from qa.ask.sources import resolve
from qa.patterns import compiled
from qa.search.store import Within
from qa.types import Finding, Formed, Kind, Query, Reading

Form = Callable[[Query, Desk], Formed]
FORMS: Mapping[Kind, str] = {
    "comparison": "comparison",
    "count": "count",
    "definition": "definition",
    "list": "listing",
    "overview": "overview",
    "reason": "reason",
    "several": "several",
    "superlative": "superlative",
    "yes_no": "yes_no",
}
"""The module of each kind's form, and its function in it; what is not here is answered by a value."""
SCOPED_BY_ITSELF = frozenset({"overview", "comparison", "several"})
SILENT = "That source does not say."
ELSEWHERE = "That source does not say; this is what others say."


def form(query: Query, desk: Desk) -> Formed:
    """The answer to a query in the form of its kind."""
    if (told := mentions(query, desk) or title_means(query, desk)) is not None:
        return told
    if query.kind == "list" and INTERVIEWED.fullmatch(query.core or query.text):
        query = replace(query, kind="value")
    if query.kind == "value" and ALL_OF_THEM.search(query.core or query.text):
        query = replace(query, kind="list", subject="credits")
    if query.kind in ("value", "list") and (name := lower_named(query, desk)):
        query = replace(query, kind="definition", subject=name)
    if query.kind == "value" and (about := OF_A_TITLE.fullmatch(query.core or query.text)):
        query = replace(query, kind="overview") if is_title(about["title"], desk.documents.values()) else query
    make = partial(_made, form_of(query.kind))
    if (held := _of_a_critic(query, desk)) is not None:
        return make(query, held)
    if query.kind in SCOPED_BY_ITSELF or not query.source:
        found = make(query, desk)
        trade = TRADE.fullmatch(query.text) if found.reading.reason is not None else None
        if trade is None:
            return _in_other_words(query, _alone(query, found, desk), desk)
        # Who somebody is says the trade, though the reader did not find it there.
        return form_of("definition")(replace(query, kind="definition", subject=trade[trade.lastgroup or 0]), desk)
    scope = resolve(query.source, desk.documents, partial(sections_of, desk))
    if scope is None or not scope.named:
        return make(query, desk)
    asked = desk.understand(query.core, ())
    asked = replace(asked, kind=query.kind, wants=query.wants, subject=query.subject, unit=query.unit, source="")
    found = make(asked, desk.held_to(scope.within))
    if found.reading.reason is None:
        return found
    # The confidence was fitted over whole corpora; in a few passages the likeliest stands by itself.
    alone = desk.held_to(scope.within).each(asked, found.ranked) if query.kind in ("value", "reason") else []
    if alone and _stands_out([w.probability for w in alone]):
        reading = replace(found.reading, findings=(alone[0].finding,), reason=None, confidence=alone[0].probability)
        return _not_itself(asked, _worldwide(asked, replace(found, reading=reading)), desk)
    if scope.section:
        # A review on a page is one with the page, which tells of it too.
        page = make(asked, desk.held_to(Within(scope.paths)))
        if page.reading.reason is None:
            return page
    others = make(asked, desk)
    if others.reading.reason is None and not scope.section and others.reading.findings[0].passage.path in scope.paths:
        return (
            others  # by what stands around it in all sources, the reader is sure of the place in the one that is named
        )
    if others.reading.reason is not None:
        return found if found.reading.reason == "weak_match" else replace(found, note=SILENT)
    if (own := _told_too(others, desk.held_to(Within(scope.paths)))) is not None:
        return replace(others, reading=replace(others.reading, findings=(own,), rivals=()))
    return replace(found, parts=((asked, others),), note=ELSEWHERE)


def _of_a_critic(query: Query, desk: Desk) -> Desk | None:
    """The desk held to the review whose author is asked about; None where a question asks about none."""
    asked = OF_A_CRITIC.search(query.core or query.text)
    if asked is None or query.source or query.kind not in OF_AN_AUTHOR:
        return None
    scope = resolve(asked["who"], desk.documents, partial(sections_of, desk))
    return desk.held_to(scope.within) if scope is not None and scope.named and scope.section else None


OF_A_CRITIC = compiled(
    rf"(?:^|\b(?:{WH}) (?:[\w'’-]+ ){{0,3}}?)(?:{AUX}) "
    r"(?P<who>(?:the|this|that) (?:[\w'’-]+ )?(?:reviewer|critic))(?= [a-z])",
    re.IGNORECASE,
)
"""What a reviewer did, or is: "Where did the reviewer grow up?"."""
OF_AN_AUTHOR = frozenset(("value", "reason", "yes_no", "list", "count"))


def _alone(query: Query, formed: Formed, desk: Desk) -> Formed:
    """An answer; where there is none, that to the sentence alone that asks, if it is sure.

    What is said before a question may be what it is of, or only why somebody asks, which no source tells.
    """
    if formed.reading.reason is None or query.kind not in READ or not SENTENCES.search(query.text):
        return formed
    core = desk.understand(query.core, ())
    if core.text == query.text or not core.known or OF_NOTHING.match(core.text):
        return formed
    again = form(replace(core, kind=query.kind, subject=query.subject, wants=query.wants, unit=query.unit), desk)
    sure = again.reading.reason is None and again.reading.confidence >= SURE
    return again if sure and (again.kind != "yes_no" or again.verdict) else formed


def _in_other_words(query: Query, formed: Formed, desk: Desk) -> Formed:
    """An answer; where there is none, that to the question in the words that sources have for the same, if it is sure.

    A reader that is not sure of an answer can be so by one word that the sources do not have.
    """
    near = formed.reading.reason is not None and formed.reading.confidence >= NEAR
    if not near or query.kind not in READ:
        return formed
    # Why somebody did a thing is told of others too.
    named = _by_name(query.text, desk) if query.kind != "reason" else ()
    for text in chain(paraphrases(query.text), named):
        asked = desk.understand(text, ())
        if len(asked.unknown) <= len(query.unknown) and not asked.unknown_names and asked.kind == query.kind:
            again = _made(form_of(asked.kind), asked, desk)
            reading = again.reading
            # What is asked may need words of a text that the other words for it do not.
            if reading.reason is None and reading.confidence >= SURE and tells(query.text, _whole(reading)):
                return again
    return formed


def _whole(reading: Reading) -> str:
    """The passage of the first answer of a reading, with its context."""
    return read_whole(reading.findings[0].passage)


def _by_name(text: str, desk: Desk) -> Iterator[str]:
    """A question with the name of whom it calls by a trade that only one has: "the director"."""
    if (called := THE_ONE.search(text)) is not None:
        told = desk.answer(desk.understand(f"Who is {called[0]}?", ()), desk)
        names = {text_of(entry.findings[0]) for entry in told.items} or {text_of(f) for f in told.reading.findings[:1]}
        if told.reading.reason is None and len(names) == 1 and FULL_NAME.fullmatch(name := names.pop()):
            yield f"{text[: called.start()]}{name}{text[called.end() :]}"


THE_ONE = compiled(
    r"\bthe (?:director|author|writer|composer|sculptor|painter|producer|photographer|founder)\b", re.IGNORECASE
)
"""Who has a trade that one alone has in most works."""
ALL_OF_THEM = compiled(
    r"^(?:the )?credits\b|\b(?:whole|full|entire|complete) (?:crew|team|cast|credits)\b", re.IGNORECASE
)
"""Who asks for everybody that made a work."""
READ = frozenset(("value", "list", "reason", "count", "yes_no", "superlative"))
OF_NOTHING = compiled(
    r"(?:what|who)(?:['’]s| is| was| are| were) (?:it|that|this|they|he|she)(?: (?:called|named|about|for|like))?\W*$",
    re.IGNORECASE,
)
"""A sentence that names nothing which it asks of: "What is it called?"."""
SENTENCES = compiled(r"\w\w[.?!…] \w|, (?:so|because|since) (?:i|we|my)\b", re.IGNORECASE)
NEAR = 0.15
"""Confidence from which a word may be what keeps the reader from being sure."""
SURE = 0.6
"""Confidence from which the asking sentence of a question is answered without what stands around it."""


def _made(make: Form, query: Query, desk: Desk) -> Formed:
    """The answer in a form, held to what is asked of the whole world, or of another work."""
    return _not_itself(query, _worldwide(query, make(query, desk)), desk)


def _not_itself(query: Query, formed: Formed, desk: Desk) -> Formed:
    """An answer; none where the work that all is about is read, and another one or a kind of work is asked for."""
    found = formed.reading.findings[:1] if ANOTHER_WORK.match(query.text) else ()
    itself = any(is_title(text_of(one), desk.documents.values()) for one in found)
    return replace(formed, reading=refused(formed.reading), items=()) if itself else formed


ANOTHER_WORK = compiled(
    rf"(?:and |so )?(?:which|what)(?: [\w'’-]+)? {WORK} [^?]*\b(?:los[et]|beat|beaten|remind\w*|compet\w+|resembl\w+|"
    rf"compar\w+|similar|(?:is|was) (?:it|(?:the|this) {WORK}) (?:based|adapted|inspired))\b|"
    r"(?:and |so )?(?:which|what) (?:kind|sort|type|genre)s?\b",
    re.IGNORECASE,
)
"""Which work another one has to do with, or of what kind it is: "Which film did it lose to?"."""


def _worldwide(query: Query, formed: Formed) -> Formed:
    """An answer; none where it is asked of the whole world, or in all, and told of one place."""
    if formed.kind not in ("value", "list", "count") or formed.reading.reason is not None:
        return formed
    part = IN_ALL.search(query.text) and IN_PLACE.search(formed.reading.findings[0].passage.plain.text)
    apart = WORLDWIDE.search(query.text) and not WORLDWIDE.search(_whole(formed.reading))
    return replace(formed, reading=refused(formed.reading)) if part or apart else formed


IN_ALL = compiled(
    r"\bhow much\b[^?]*\b(?:make|made|earn(?:ed)?|gross(?:ed)?|take|took|bring in)\b[^?]*"
    r"\b(?:altogether|in (?:total|all)|overall|all in all|all told)\b",
    re.IGNORECASE,
)
"""How much something earned everywhere: "How much did it make altogether?"."""
WORLDWIDE = compiled(r"\b(?:world ?-?wide|global(?:ly)?|international(?:ly)?|world|all countries)\b", re.IGNORECASE)


def _told_too(formed: Formed, desk: Desk) -> Finding | None:
    """The words that others answer with, where the named source has them as well; None where it has not.

    A single word may stand in any text, and answers nothing by itself.
    """
    told = re.findall(r"\w+", text_of(formed.reading.findings[0])) if formed.kind == "value" else []
    if len(told) < SHORTEST_SAME:
        return None
    said = re.compile(r"\b" + r"[\W_]+".join(told) + r"\b", re.IGNORECASE)
    for passage in desk.passages():
        if (found := said.search(passage.plain.text)) is not None:
            span = passage.plain.source(found.start(), found.end())
            return finding_at(passage, span) if span is not None else None
    return None


SHORTEST_SAME = 2
"""Words of an answer that is found again in another source."""


def lower_named(query: Query, desk: Desk) -> str | None:
    """Whom or what "who is ana ruiz" asks for, where what is found writes it as a name; None where it does not."""
    asked = LOWER_WHO.fullmatch(query.text) or LOWER_WHAT.fullmatch(query.text)
    if asked is None:
        return None
    # "Executive Producers:" is a label, and no name.
    name = re.compile(r"\s+".join(map(re.escape, asked["name"].split())) + r"(?![:\w])", re.IGNORECASE)
    told = (match[0] for scored in desk.search(query) for match in name.finditer(scored.passage.plain.text))
    return next((found for found in told if all(word[0].isupper() for word in found.split())), None)


OF_A_TITLE = compiled(r"what(?: is|['’]s| was) (?P<title>[^?]{2,80}) about\W*", re.IGNORECASE)
TRADE = compiled(
    r"what(?: is|['’]s| was) (?:the )?(?:trade|job|profession|occupation) of (?P<of>(?-i:[A-Z])[\w.'’ -]*\w)\W*|"
    r"what(?: is|['’]s| was) (?P<whose>(?-i:[A-Z])[\w.’ -]*?)['’]s (?:trade|job|profession|occupation)\W*|"
    r"what (?:does|did) (?P<who>(?-i:[A-Z])[\w.'’ -]*?) do for a living\W*",
    re.IGNORECASE,
)
LOWER_WHAT = compiled(
    r"what(?: even| exactly)?(?:['’]s| is| are| was| were)(?: even| exactly)? "
    r"(?:the |a |an )?(?!(?:his|her|its|our|my|your)\b)"
    r"(?P<name>[a-z'’-]+(?: [a-z'’.-]+){1,3})\W*",
    re.IGNORECASE,
)
LOWER_WHO = compiled(
    r"(?:who|whos|who['’]s)(?: is| was| (?:are|were)(?: the)?)? (?!(?:the|an?|his|her|its|our|my|your)\b)"
    r"(?P<name>[a-z'’-]+(?: [a-z'’.-]+){1,3})\W*",
    re.IGNORECASE,
)


def form_of(kind: Kind) -> Form:
    """The form of a kind, imported when a question asks for it."""
    if (name := FORMS.get(kind)) is None:
        return value
    make: Form = getattr(importlib.import_module(f"qa.ask.forms.{name}"), name)
    return make


def _stands_out(probabilities: Sequence[float]) -> bool:
    """Whether the first of some probabilities, best first, is far ahead of the next."""
    second = probabilities[1] if len(probabilities) > 1 else 0.0
    return probabilities[0] >= max(LEAST, AHEAD * second)


LEAST, AHEAD = 0.1, 4
"""Probability, and how many times that of the next, from which a passage of a named source answers."""
