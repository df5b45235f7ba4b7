"""The source that a question names: "According to the interview, …", "What does the review say of …"."""

import re

from qa.ask.asked.words import AUX, SAYS, WH, I, marked
from qa.patterns import compiled

# A named source, at the beginning, at the end, or as the one who says it.
SOURCE_WORDS = (
    r"(?:according to|going by|judging by|as per|as told (?:in|by)|to go by|by the words of|as (?:stated|said|"
    r"given|written|reported) (?:in|by))"
)
SOURCE_FIRST = compiled(
    rf"^(?:only )?(?P<how>{SOURCE_WORDS}|in|from|on|per)\s+(?P<source>[^,:?]{{2,80}}?)(?: (?:only|alone))?[,:]\s*"
    r"(?=\S)",
    I,
)
SOURCE_LAST = compiled(rf"(?:,|(?<!\s))\s+(?P<how>{SOURCE_WORDS}|in|from|on)\s++(?P<source>[^,?]{{2,80}}?)\s*\??$", I)
SOURCE_WITHIN = compiled(
    rf"^(?P<wh>{WH}(?: [\w'’-]+){{0,2}}?), (?:{SOURCE_WORDS}|in|from|by) (?P<source>[^,?]{{2,60}}?)"
    r"(?:['’]s? (?:own )?(?:account|words|telling|version|report))?, (?P<rest>\S.*)$",
    I,
)
"""A source between commas: "What, by the keeper's account, was found?"."""
SOURCE_STATES = compiled(
    rf"^(?P<source>(?:(?:the|this|that) )?[\w'’.-]+(?: [\w'’-]+){{0,3}}?) "
    rf"(?:{SAYS}|brags|boasts|raves|speaks|talks|goes on)"
    rf"(?:(?: [^,?]{{1,60}})?, (?:so |and )?(?P<rest>(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}\b"
    rf"(?!.*\b(?:others?|{SAYS})\b).*)|"
    rf"(?: that)? (?P<stated>(?:it|he|she|they|there) [^,?]*\b{WH}\b.*))$",
    I,
)
"""What a source states in front of what is asked, or with it: "The guide praises its beds, how many are there?"."""
THEY_GIVE = compiled(
    r"^(?:what|which) (?P<what>[\w'’-]+(?: [\w'’-]+)?) (?:do|does|did|is|are) (?:it|they|he|she|you|we|one) "
    r"(?:give|gives|state|name|list|show|have|quote)n? (?:for|of|as) (?P<of>[^?]+?)"
    r"(?:,? (?:at|back at|by) (?:the|that) time|,? (?:back )?then)?\W*$",
    I,
)
"""What a named source gives of something: "In the letter, what age do they give for him?"."""
SITE = r"(?:imdb|wikipedia)"
ON_A_SITE = compiled(
    rf"(?<!\s)\s+(?:on|in|at|from) (?:the )?(?P<on>{SITE})(?:['’]s)?(?: (?:page|site|website|listing|entry|article))?"
    rf"(?=\W*$|\s)|"
    rf"\b(?P<of>{SITE})(?:['’]s)? (?=(?:user['’]?s? |reader['’]?s? |critic['’]?s? )?"
    r"(?:reviews?|reviewers?|users?|critics?|ratings?|score|trivia|faq)\b)",
    I,
)
"""A site by its name within a question: "How many reviews does it have on IMDb?", "the IMDb reviewer"."""
REVIEWED = compiled(
    r"\b(?:the|that|this) (?:long |short |big |one )?((?:user['’]?s? |reader['’]?s? )?(?:reviews?|reviewers?))\b", I
)
CLAUSE = compiled(r"\b(?:when|where|while|who|which|if|because|he|she|it|they|we|i|you)\b", I)
"""What no name of a source has, but what is said beside it: "in Rome when he gave the interview"."""
SHORTEST = 12
"""Letters that a question has without its site: "Is it on IMDb?" asks for the site itself."""
SOURCE_SAYS = compiled(
    rf"^(?P<wh>(?:{WH}|in which \w+|on which \w+)(?: (?!does|do|did\b)[\w'’-]+){{0,6}}?) (?:do|does|did) "
    rf"(?P<source>(?:the |this |that |[A-Z])[^,?]{{1,60}}?)(?<! the) {SAYS}(?! {SAYS}\b)(?: us| me)?(?: that)?"
    rf"(?: (?P<about>about|of|on|regarding))?"
    rf"(?:\s+(?P<rest>[^?]+))?\??$",
    I,
)
IN_ALL = compiled(r"overall|in general|generally|on the whole|all in all|in short|in sum|altogether", I)
"""How something is told, and not what of: "What did the review say overall?"."""
AGREED = compiled(r"\b(?:consensus|verdict|motto|slogan|tagline|sign|label|inscription)\W*$", I)
"""What says something and is no source: "What does the consensus on Rotten Tomatoes say?"."""
DOES_SAY = compiled(
    rf"^(?:do|does|did) (?P<source>(?:the |this |that |[A-Z])[^,?]{{1,60}}?) (?:even |actually |also |ever )?{SAYS}"
    rf"(?: us| me)? (?:(?P<asked>(?:(?:in|at|on|by|for|from|with|to|of) )?{WH} [^?]+)|"
    r"(?:(?:if|whether|that) |(?=(?:it|he|she|they|there) ))(?P<stated>[^?]+)|"
    r"(?P<attribute>(?:the|his|her|its|their) (?:[\w’'-]+['’]s? )?(?:name|title|date|year|place|price|age|number|"
    r"reason|length|budget)\b"
    r"[^?]*))\??$",
    I,
)
"""A question whether a source says something: "Does the interview say who composed the music?"."""
WRITTEN = compiled(
    r"\b(?:interviews?|articles?|reports?|reviews?|papers?|essays?|documents?|files?|database|listing|encyclop\w+|"
    r"guide|manual|"
    r"letters?|e-?mails?|memos?|transcripts?|newspapers?|gazette|leaflets?|brochures?|handbook|"
    r"(?:wikipedia|imdb|database|film|movie)(?: (?:page|site|entry|listing|article))|wikipedia|imdb|"
    r"\w+\.\w{2,4})\W*$",
    I,
)


SITE_FIRST = compiled(
    rf"^{SOURCE_WORDS} (?P<source>(?:the |this |that )?(?:{SITE}|interview|article|review|listing|database|letter|"
    rf"report)(?: (?:page|review|reviewer|article|listing))?) (?=(?:(?:in|at|on|by|for|from|with|to|of) )?"
    rf"(?:{WH}\b|{AUX} ))",
    I,
)
"""A source in front of a question without a comma: "according to imdb how many reviews are there"."""
SAYS_LAST = compiled(
    rf"^(?P<asked>[^?]{{8,200}}?)[,?–-]+\s+(?:do|does|did) (?P<source>(?:the |this |that )?[\w'’ ]{{2,40}}?) "
    rf"(?:even |actually |also )?{SAYS}(?: (?:so|that|it|anything|something|(?:anything |something )?about "
    r"(?:it|that|this)))?\W*$",
    I,
)
"""A question with the source behind it that is asked whether it says so: "How did it end, does the letter say?"."""

SOURCE_DESCRIBES = compiled(
    r"^(?:and |so |but )?(?:how|what|why) (?:do|does|did) (?P<source>(?:the|this|that) [^,?]{2,40}?) "
    r"(?:describe|portray|depict|characteri[sz]e|present|explain|call|put|treat|show|picture|sum up)\b [^?]+\??$",
    I,
)
"""A source as what describes something: "How does the guide describe the path?"."""
SOURCE_GIVES = compiled(
    rf"^(?P<asked>{WH}\b[^?,]{{6,160}}?) (?:do|does|did) (?P<source>(?:the |this |that )[^,?]{{2,40}}?) "
    r"(?:give|list|show|name|have|mention|report|state|count|record|note|hold)\W*$",
    I,
)
"""A source at the end as what gives the answer: "How many beds does the guide give?"."""


def source_of(core: str) -> tuple[str, str]:
    """The question without the source that it names, and the source."""
    if says := SOURCE_SAYS.match(core):
        rest = (says["rest"] or "").strip()
        if rest and not IN_ALL.fullmatch(rest) and not AGREED.search(says["source"]):
            return embedded(says["wh"], rest, about=bool(says["about"])), says["source"].strip()
    if (says := DOES_SAY.match(core)) and WRITTEN.search(says["source"]):
        asked = (
            says["asked"] or (says["stated"] and f"is it true that {says['stated']}") or f"what is {says['attribute']}"
        )
        return marked(asked), says["source"].strip()
    if (first := SITE_FIRST.match(core)) is not None:
        return core[first.end() :], first["source"]
    if (gives := SOURCE_GIVES.match(core)) and WRITTEN.search(gives["source"]):
        return marked(gives["asked"]), gives["source"].strip()
    if (told := SOURCE_DESCRIBES.match(core)) and WRITTEN.search(told["source"]):
        return core, told["source"].strip()
    if (says := SAYS_LAST.match(core)) and WRITTEN.search(says["source"]):
        return marked(says["asked"]), says["source"].strip()
    if (found := ON_A_SITE.search(core)) and len(rest := f"{core[: found.start()]}{core[found.end() :]}") > SHORTEST:
        # Its reviews are a part of the site's page.
        within = REVIEWED.search(rest)
        return rest, within[0] if within else found["on"] or found["of"]
    for pattern in (SOURCE_FIRST, SOURCE_LAST):
        if found := pattern.search(core):
            rest = core[found.end() :] if pattern is SOURCE_FIRST else core[: found.start()] + "?"
            # "in" and "from" open many a phrase that names no source; only what is named one is.
            named = (
                WRITTEN.search(found["source"]) and not CLAUSE.search(found["source"]) and len(rest.strip()) > SHORTEST
            )
            if found["how"].lower() in ("in", "from", "on", "per") and not named:
                continue
            gives = THEY_GIVE.match(rest.strip())
            return f"what is the {gives['what']} of {gives['of']}?" if gives else rest.strip(), found["source"].strip()
    if (found := SOURCE_STATES.match(core)) and WRITTEN.search(found["source"]):
        return found["rest"] or found["stated"], found["source"].strip()
    if (found := SOURCE_WITHIN.match(core)) is not None:
        return f"{found['wh']} {found['rest']}", found["source"].strip()
    return core, ""


def embedded(wh: str, rest: str, *, about: bool) -> str:
    """The question that a source is asked: ("what", "when it opened") is "when it opened?"."""
    rest = rest.strip(" ?")
    if re.match(rf"(?:(?:in|on|at|by|from|to) )?{WH}\b", rest, I):
        return f"{rest}?"
    if about and wh.lower() == "what":
        return f"What about {rest}?" if rest else ""
    rest = IT_IS.sub(r"\g<be> \g<it>", rest)
    return f"{wh} {rest}?"


IT_IS = compiled(r"^(?P<it>it|he|she|they) (?P<be>is|was|are|were)(?=$| )", I)
"""The words of a question that is asked of a source, in the order of a sentence: "What does it say it is?"."""
