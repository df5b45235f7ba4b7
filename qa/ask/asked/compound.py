"""Several questions in one, taken apart."""

import re
from collections.abc import Iterator, Sequence

from qa.ask.asked.listing import LIST, is_plural
from qa.ask.asked.words import AUX, INTERROGATIVE, PROPER, WH, I, marked
from qa.patterns import compiled

MORE_OF_THAT = r"(?:and|what about|how about)\s+(?:the|in|on|at|for|from|by|to|of|its|his|her|their)\s"
"""How a second question begins that says only what it asks otherwise than the first: "… And in Japan?"."""
PREP = r"(?:in|at|on|by|for|from|with|to|of|since|until|between|during|under|besides)"
PIECE = compiled(
    rf"(?:[?;]\s+(?:(?:and|also|or|but)\s+)?|(?:,|(?<!\s))\s+(?:and|but|as well as|plus)(?: also)?\s+|,\s+)"
    rf"(?=(?:{PREP} )?{WH}\b|{AUX} (?:it|he|she|they|there|the|this|that|i|you|"
    rf"we|a|an|any|one|its|his|her|their|(?:any|some|every|no)(?:one|body)|others?|people|readers|viewers)\b)|"
    rf"\?\s+(?={MORE_OF_THAT})",
    I,
)
ASKED = compiled(rf"{INTERROGATIVE.pattern}|^{PREP} {WH}\b", I)
AND_ANOTHER = compiled(
    rf"\band\s+(?:{PREP} )?(?:{WH}\b|"
    rf"{AUX} (?:it|he|she|they|there|the|this|(?:any|some|every|no)(?:one|body)|others?|people)\b)",
    I,
)
OF_TIME = r"(?: (?:date|day|month|year))?"
ELLIPTIC = compiled(rf"^(?:{PREP} )?{WH}(?:\s+(?:else|much|many|long|so)|{OF_TIME})\W*$", I)
MORE_OF_IT = compiled(
    rf"^(?P<asked>(?:(?:when|where|why|how|what|who)(?= {AUX}\b)|who\b)[^,?;]{{3,200}}?),? (?:and|or) (?:also )?"
    rf"(?P<wh>(?:{PREP} )?{WH}{OF_TIME})\W*$",
    I,
)
TWO_WH = compiled(rf"^(?!who or what)(?P<one>{WH}) (?:and|or) (?P<two>{WH})\s+(?P<rest>(?:{AUX})\b.+)$", I)
OF_ALL = r"(?P<of>(?: (?:of|for|in|at|on) (?:the |this |that |its |[A-Z])[^,]{1,60})?)"
NOUNS = compiled(
    r"^(?:(?P<ask>who|what|when|where)(?: (?:is|are|was|were)|['’]?s|['’]re) |name |list |)the "
    r"(?P<first>[\w'’-]+(?: [\w'’-]+(?=,))?)(?P<more>(?:, (?:the )?[\w'’-]+(?: [\w'’-]+(?=,))?)*),? and (?:the )?"
    r"(?P<last>[\w'’-]+)" + OF_ALL + r"\W*$",
    I,
)
DOES = compiled(
    rf"^(?P<who>who\b[^,;?]{{3,80}}?),? and what (?:{AUX}) (?:he|she|they|it)"
    rf"(?: (?:do|done|doing|known for|famous for))?\W*$",
    I,
)
"""Who somebody is, asked twice: "Who is … and what did she do?"."""
REPEATED = compiled(r"(?:,\s+(?:and\s+)?|(?<!\s)\s+and\s+)(?=the (?:\w+) )", I)
WHO_ARE = compiled(r"^who (?:are|were) (?P<one>[^,?]{1,60}?),? and (?P<two>[^,?]{1,60}?)\W*$", I)
MOST_PARTS = 6
"""Questions that are answered in one; each costs as much as a question by itself."""


def parts_of(core: str) -> Iterator[str]:
    """The questions of a compound, none if it is one question."""
    if two := TWO_WH.match(core):
        rest = two["rest"].rstrip(" ?")
        yield from (f"{two['one']} {rest}?", f"{two['two']} {rest}?")
        return
    if (nouns := NOUNS.match(core)) and not is_plural(nouns["first"]) and not is_plural(nouns["last"]):
        more = [noun.removeprefix("the ") for noun in nouns["more"].split(", ") if noun]
        ask = (nouns["ask"] or "what").capitalize()
        yield from (
            f"{ask} is the {noun}{nouns['of'].rstrip(' ?.!')}?" for noun in (nouns["first"], *more, nouns["last"])
        )
        return
    if listed := _wanted(core):
        yield from listed
        return
    if (both := WHO_ARE.match(core)) and all(PROPER.match(both[side]) for side in ("one", "two")):
        yield from (f"Who is {both[side]}?" for side in ("one", "two"))
        return
    repeated = [piece.strip(" ?.") for piece in REPEATED.split(core)]
    heads = {re.sub(r"[^\w ]", "", " ".join(piece.split()[:2])).lower() for piece in repeated}
    if len(repeated) > 1 and len(heads) == 1 and heads != {""} and all(p.lower().startswith("the ") for p in repeated):
        yield from (f"What is {piece}?" for piece in repeated)
        return
    asked = YEAR_TOO.sub(r", \g<year> is it from", core if ASKED.match(core) else STATEMENT.sub("", core))
    pieces = [one for piece in _pieces(asked) for one in _two_of_a_kind(piece)]
    if len(pieces) == 1 and (twice := MORE_OF_IT.match(core)):
        yield from (marked(twice["asked"]), _again(twice["asked"], twice["wh"]))
    elif len(pieces) > 1:
        yield from _whole(pieces)


def _whole(pieces: Sequence[str]) -> Iterator[str]:
    """The parts as questions that can be asked alone: in the order of a question, and with what they share.

    >>> list(_whole(["Who built it?", "in which year it was sold?"]))
    ['Who built it?', 'in which year was it sold?']
    >>> list(_whole(["how many rooms?", "how many beds does it have?"]))
    ['how many rooms does it have?', 'how many beds does it have?']
    >>> list(_whole(["how much of it is oak?", "how much elm?"]))
    ['how much of it is oak?', 'how much of it is elm?']
    >>> list(_whole(["What did the critic praise?", "what annoyed him?"]))
    ['What did the critic praise?', 'what annoyed the critic?']
    """
    judge = JUDGE.search(pieces[0])
    pieces = [NAME_OF_WHO.sub("who ", TALKED_OF.sub("?", piece)) for piece in pieces]
    pieces = [DONE_TO_IT.sub(r"\g<wh> was \g<it> \g<verb>ed", piece) for piece in pieces]
    pieces = [INDIRECT.sub(r"\g<wh> \g<verb> \g<who>", piece) for piece in pieces]
    shared, amount = HOW_MANY_OF.match(pieces[-1]), AMOUNT_OF.match(pieces[0])
    for text in pieces:
        if amount and (more := AMOUNT_ALONE.fullmatch(text)):
            yield f"{amount['of']} {more['what']}?"
            continue
        text = OF_JUDGE.sub(lambda found: f"{found['does']} {judge[0]}", text) if judge else text
        alone = shared and re.fullmatch(r"how (?:many|much) [\w'’-]+\?", text, I)
        yield f"{text[:-1]} {shared['rest'].rstrip(' ?')}?" if alone and shared else text


YEAR_TOO = compiled(r"(?<=\w), (?P<year>what year)(?=,? and\b|, (?:what|who|where|how)\b)", I)
"""What is asked of a work in two words between two questions: "who built it, what year, and what is it called?"."""
STATEMENT = compiled(rf"^[^,?]{{3,80}}, (?:so )?(?=(?:{PREP} )?{WH}\b)", I)
"""What is stated before what is asked: "The guide praises its beds, how many …"."""
INDIRECT = compiled(
    rf"^(?P<wh>(?:{PREP} )?{WH}(?: (?!{AUX}\b)[\w'’-]+)?) (?P<who>it|he|she|they) (?P<verb>{AUX})(?= \w)", I
)
NAME_OF_WHO = compiled(
    r"^(?:what(?: is|['’]?s| was) )?the (?:name|handle|user ?name|nick(?:name)?|screen name) of (?:the |that )"
    r"(?:person|man|woman|guy|one|user|reader|viewer|reviewer|somebody|someone) (?:who|that) ",
    I,
)
DONE_TO_IT = compiled(
    r"^(?P<wh>when|where) did (?:he|she|they) (?P<verb>post|publish|print|sign) (?P<it>it|this|that)(?=\W*$)", I
)
TALKED_OF = compiled(r" (?:are|were) (?:we|you) (?:talking|speaking)(?: (?:about|of))?(?: here)?\W*$", I)
AMOUNT_OF = compiled(r"^(?P<of>how (?:many|much) of [^,?]{2,60}? (?:is|are|was|were)) ", I)
AMOUNT_ALONE = compiled(r"how (?:many|much)(?: is| are)? (?!of\b)(?P<what>[\w'’-]+(?: [\w'’-]+)?)\?", I)
"""What is asked for of the same whole: "how much of it is oak, and how much elm?"."""
HOW_MANY_OF = compiled(rf"^how (?:many|much) [\w'’-]+ (?P<rest>{AUX} .+)$", I)
JUDGE = compiled(r"\bthe (?:reviewer|critic)\b", I)
OF_JUDGE = compiled(
    r"\b(?P<does>annoy(?:ed|s)|bother(?:ed|s)|bug(?:ged|s)|disappoint(?:ed|s)|(?:did(?:n['’]t)?|does(?:n['’]t)?)"
    r"(?= he| she)) (?:him|her|he|she)\b",
    I,
)
"""What a critic is the one of: "what annoyed him", "what did he dislike"."""


def needed(question: str) -> list[str]:
    """The questions of somebody who says what is needed and asks nothing.

    >>> needed("I am writing a note and would need the length of the film and the language it is in. Could you help?")
    ['What is the length of the film?', 'What is the language it is in?']
    """
    found = NEEDED.search(question)
    pieces = NEEDED_APART.split(found["what"].strip(" ,.")) if found else []
    if not 2 <= len(pieces) <= MOST_PARTS or any(len(piece.split()) > LONGEST_NEEDED for piece in pieces):
        return []
    asked = [piece.strip(" ,.") for piece in pieces]
    return [f"{piece}?" if ASKED.match(piece) else f"What is {piece}?" for piece in asked]


NEEDED = compiled(
    r"(?:\b(?:i|we)(?:['’]d|['’]m| would| also| just| still| am| are)*|\b(?:and|but|so|as) would(?: also)?)"
    r" (?:need|like|want|require|looking for|interested in)(?: to (?:know|have|find))?:? "
    r"(?P<what>(?:the|its|his|her) [^.?!;:]{3,200})",
    I,
)
NEEDED_APART = compiled(rf",? and (?=(?:the|its|his|her|{WH})\b)|, (?=(?:the|its|his|her|{WH})\b)", I)
LONGEST_NEEDED = 10
"""Words of one thing that is needed."""


def _wanted(core: str) -> list[str]:
    """The questions of a list of what is wanted to know: "release date, running time and language of the film".

    >>> _wanted("USA release? rating? countries?")
    ['USA release?', 'rating?', 'countries?']
    >>> _wanted("release date, length and language of the film")
    ['What is the release date of the film?', 'What is the length of the film?', 'What is the language of the film?']
    """
    if (
        (asked := WANTED_LIST.match(core)) is None
        or ASKS.search(core)
        or INTERROGATIVE.match(core)
        or LIST.search(core)
    ):
        return []
    listed = asked["listed"].strip(" ?.!,")
    pieces = [piece.strip(" ?.!,") for piece in WANTED_APART.split(listed)]
    if not 2 <= len(pieces) <= MOST_PARTS or any(not 1 <= len(piece.split()) <= 4 for piece in pieces):
        return []
    if len(pieces) < 3 and "+" not in listed and "?" not in listed:
        return []
    if len(pieces[-1].split()) > 1 and all(len(piece.split()) == 1 for piece in pieces[:-1]):
        return []  # "bread, milk and egg prices" are all prices
    if "?" in listed:
        return [f"{piece}{asked['of'] or ''}?" for piece in pieces]
    return [f"What is the {re.sub(r'^the ', '', piece)}{asked['of'] or ''}?" for piece in pieces]


WANTED_LIST = compiled(
    r"^(?P<listed>[^.;:!]{3,120}?)(?P<of>(?<=\w) (?:of|for) (?:the |this |that |its |[A-Z])[^,?+]{1,60})?\W*$", I
)
WANTED_APART = compiled(r"\?+ ?(?:and |& )?|,(?: and| &| plus)? |\+| and | & | plus ", I)
ASKS = compiled(rf"\b(?:{WH}|{AUX})\b", I)


def _two_of_a_kind(piece: str) -> Iterator[str]:
    """Two questions of one that asks for the same of two things: "What is the user score and the critic score?"."""
    if two := OF_A_KIND.match(piece):
        yield from (f"{two['ask']} {two[side]}?" for side in ("one", "two"))
    else:
        yield piece


OF_A_KIND = compiled(
    r"^(?P<ask>(?:what|which|who|when|where)(?:['’]s| is| are| was| were)) "
    r"(?P<one>the (?![^?]*\bbetween\b)[^,;?]{1,50}? (?P<noun>[\w-]+)) and "
    r"(?P<two>the [^,;?]{1,50}? (?P=noun))\W*$",
    I,
)


def _again(asked: str, wh: str) -> str:
    """The question before asked for something else.

    >>> _again("When was it opened", "where"), _again("Who built it", "when")
    ('Where was it opened?', 'When? (Who built it)')
    """
    wh = f"{wh[:1].upper()}{wh[1:]}"
    begun = re.match(rf"(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}\s+(?={AUX}\b)", asked, I)
    return f"{wh} {asked[begun.end() :]}?" if begun and " " not in wh else f"{wh}? ({asked})"


def _pieces(core: str) -> list[str]:
    found: list[str] = []
    start = 0
    for cut in PIECE.finditer(core):
        left, right = core[start : cut.start()].strip(), core[cut.end() :]
        following = PIECE.split(right, maxsplit=1)[0]
        # "…, and by whom?" asks for more of the same thing; "who …, where …" within a clause is none of two questions.
        relative = (
            re.search(rf"\S {re.escape(following.split()[0])}(?!\w)", left, I)
            if re.match(r"(?:who|which|whose|where)\b", following, I)
            else None
        )
        alone = not relative and not ELLIPTIC.match(following) and len(following.split()) >= 2
        own = ASKED.match(left) is not None and len(left.split()) >= 2
        # A comma alone may end a clause ("When she came, where …"), or open one; before a last "and" it is a list's.
        comma = not re.search(r"[a-z?;]", cut[0], I) and not AND_ANOTHER.search(right)
        said = re.search(
            rf"\b(?:about|say|says|said|explain|explains|know|whether|if)\s+(?:(?:in|of|to) )?{WH}\b", left, I
        )
        if alone and own and not said and not comma:
            found.append(marked(left))
            start = cut.end()
    last = core[start:].strip()
    return [*found, marked(last)] if last else found
