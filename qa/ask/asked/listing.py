"""Whether a question asks for several, and of what; what is counted."""

import re

from qa.ask.asked.words import AUX, AUX_WORD, NUMERAL, PREPOSITIONS, I
from qa.patterns import compiled

NOT_PLURAL = frozenset(
    "is was does has this his its us as plus less process status class bus gas boss business address bonus basis "
    "focus "
    "glass dress press mess access success progress series species means news campus census virus analysis kiss loss "
    "pass cross grass mass princess actress illness witness happiness various famous previous other's lens "
    "kudos".split()
)
PLURALS = frozenset(
    "people men women children persons folk everybody everyone criteria data mice feet geese police".split()
)
EXCEPT = (
    r"(?:besides|beside|apart from|other than|except(?: for)?) (?P<but>(?-i:[A-Z])[\w'’-]*(?: (?-i:[A-Z])[\w'’-]*)*)"
)
"""What a list leaves out: "besides Panh"."""
OTHERS = compiled(
    r"\b(?:other|earlier|previous|past) (?:films?|movies?|works?|books?|documentaries|plays?|novels?)\b", I
)
"""Works beside the one that documents are about."""
LIST = compiled(
    rf"^(?:please |for [^,:?!.]{{2,40}}[:,] )?(?:list|enumerate)\b(?! price)|^(?:subjects|topics|themes) of\b|"
    rf"\bnames of (?:all|the|those|every)|^(?:give|show)(?: me| us)? "
    rf"(?:all|every|each|a list|the list|the names)\b|"
    rf"\b(?:everyone|everybody|all those|all of (?:the|them)|all the|all \w+s)\b|^(?:who all|everything)\b|"
    rf"^who (?:are|were)(?: (?:all )?the| all| its| their| his| her| your)\b|"
    rf"^who (?:else )?(?:plays|acts|stars|appears|performs|sings) in\b|^who (?:all |else )?(?:worked on|(?:is|are|was|"
    rf"were) credited)\b|"
    rf"^(?:every|all(?: the)?) (?!other\b|day|night|morning|year|time|week|month)[\w'’-]+ "
    rf"(?:that |which |who )?(?:it|he|she|they|we|you|i|the|this|that|"
    rf"these|those|in|of|at|on|from|for|by|responsible|behind)\b|"
    rf"^any (?:other |more )?[\w'’-]+s\W*$|^who(?:['’]s| is| are| was| were) (?:all )?in (?:it|(?:the|this) (?:film|"
    rf"movie|picture|cast|show|play|series))\W*$|"
    rf"\b(?:every|all) (?:person|people)\b|^(?:full |all (?:the )?)?(?:cast|crew|credits)(?: and (?:cast|crew))?\W*$|"
    rf"^(?:the )?(?:full|whole|complete|entire) (?:cast|crew|team|staff|credits?|list)\b|^(?:the )?(?:cast|crew|"
    rf"credits?|"
    rf"team) (?:and (?:cast|crew)|list|with)\b|\b(?:win|won|award|prize|honou?r)s?,? ?(?:and|&|\+|plus|or) ?(?:the |"
    rf"all "
    rf"|its )?nom(?:s|ination)|, (?:(?:as |in )?an? )?(?:\w+ )?list\W*$|"
    rf"^(?:what|which) (?:are|were) (?:the|its|their|his|her|all|some|these|those|your)\b|^(?:which|what) of "
    rf"(?:the|these|those|them|its|his|her)\b|"
    rf"^(?:what|which|who|where) else\b|\bone by one\b|^(?:what|which)(?: are)? all\b|^a list of\b|\b(?:give me|make|"
    rf"as|in) a list\W*$|"
    rf"^(?:what|which) (?:kinds?|sorts?|types?) of (?!\w+ (?:is|was)\b)|^(?:in |on |at |from |to |by |for |under |"
    rf"into |of |with |besides |between )?(?:which|what) {NUMERAL}\b|"
    rf"^(?:and |so )?(?:what|which) (?:else )?(?:is|was|were|are|has|have|did) (?:it|they|(?:the|this) \w+) "
    rf"(?:been |get )?(?:nominated|shortlisted) for\W*$|"
    rf"^(?:besides|apart from|other than) .*,\s*(?:what|which|who)\b|^(?:who|what|which)\b.* {EXCEPT}",
    I,
)
ALL_OF_IT = compiled(
    r"^(?:and |so )?who (?!all\b|are\b|were\b)(?:has |had |have )?[\w'’-]+ all (?:the|those|these|of)\b", I
)
"""Who did all of something, which asks for one as well: "Who made all those boats?"."""
NAME_SEVERAL = compiled(
    rf"^name (?:the |all |me )*(?:{NUMERAL}\b|all\b|every|each|some|those\b|(?P<noun>(?:[\w'’-]+ "
    rf"){{0,3}}?[\w'’-]+))",
    I,
)
ASKED_NOUN = compiled(
    r"^(?:(?:in|on|at|from|to|by|for|under|into|of|with|after|since|during|about|against|through) )?(?:which|what)\s+"
    r"(?P<words>[\w'’ -]+)",
    I,
)
COLLECTIVES = r"(?:fish|sheep|deer|staff|crew|fruit|cattle|poultry|game|aircraft|offspring|furniture)"
ARE = compiled(rf"^(?:which|what) (?:\w+ )?{COLLECTIVES} (?:are|were)\b", I)
AFTER_VERB = frozenset(
    "the a an it its his her their this that where when if up out off down away back what how most more least "
    "first last "
    "only no not best".split()
)


def is_plural(word: str) -> bool:
    """Whether a word may be a plural."""
    lower = word.lower()
    if lower in PLURALS:
        return True
    return (
        lower.endswith("s")
        and len(lower) > 3
        and lower not in NOT_PLURAL
        and not lower.endswith(("ss", "us", "'s", "’s", "is"))
    )


def is_list(core: str) -> bool:
    """Whether a question asks for several things of a kind."""
    if LIST.search(core) and not ALL_OF_IT.match(core):
        return True
    if named := NAME_SEVERAL.match(core):
        noun = named["noun"]
        return noun is None or (any(is_plural(word) for word in noun.split()[:3]) and not noun.startswith("of "))
    if ARE.match(core):
        return True
    asked = ASKED_NOUN.match(core)
    words = asked["words"].split() if asked else []
    if words and words[0].lower() in ("the", "a", "an", "his", "her", "its", "their", "this", "that"):
        return False  # "What the figures add to the story?" has its subject before its verb
    for i, word in enumerate(words[:4]):
        if AUX_WORD.fullmatch(word) or word.lower() in PREPOSITIONS:
            return False
        if is_plural(word):
            following = words[i + 1] if words[i + 1 :] else ""
            if i and words[i - 1][0].isupper() and word[0].islower() and not AUX_WORD.fullmatch(following):
                return False  # "What Ana thinks"
            return _is_asked_noun(word, words[i + 1 :], first=i == 0, what=core.lower().startswith("what"))
    return False


def _is_asked_noun(word: str, following: list[str], *, first: bool, what: bool) -> bool:
    """Whether a word in -s is what is asked for: no verb ("Which boat carries the mail?"), no part of a noun."""
    behind = [word.lower() for word in following[:2]]
    if not behind:
        return not (first and what) or _is_noun(word)
    if AUX_WORD.fullmatch(behind[0]):
        return True
    if first and what:
        return _is_noun(word)  # "What stands there now?"
    if len(behind) > 1 and AUX_WORD.fullmatch(behind[1]) and not first and not behind[0].endswith("ed"):
        return False  # "Which Texas Instruments chip is …"
    verb = behind[0] in AFTER_VERB or (behind[0] in PREPOSITIONS and (what or not first))
    return not verb or _is_noun(word)


def _is_noun(word: str) -> bool:
    """Whether a word in -s has an ending that verbs have not."""
    return word.lower().endswith(("ities", "tions", "ments", "ings", "ers", "ors", "isms", "ists"))


def listed(core: str) -> str:
    """What a list is of."""
    text = re.sub(r"^(?:please )?(?:list|enumerate|name|give|show)(?: me| us)?\s+", "", core, flags=I)
    text = re.sub(r"^(?:who|what|which) (?:are|were)\s+", "", text, flags=I)
    text = re.sub(r"^any (?:other |more )?", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:(?:all|both|the|of|every|each|names|a|list|titles)\s+)+", "", text, flags=I)
    return text.strip(" ?.!")


def counted(what: str) -> str:
    """The noun phrase that is counted: "user reviews does the film have" → "user reviews"."""
    words: list[str] = []
    for word in what.split():
        if re.fullmatch(AUX, word.strip("?,."), I) or word.lower() in (
            "that",
            "who",
            "which",
            "in",
            "on",
            "at",
            "from",
            "to",
            "by",
        ):
            break
        words.append(word)
        if is_plural(word) and len(words) > 0:
            break
    return " ".join(words) or what
