"""A question as people type it in a chat, in the words of a text: "whats", "didnt", "ppl", "how'd".

What a corpus has as a word of its own stays as it is.
"""

import re
from collections.abc import Callable

from qa.patterns import compiled

NOT = "is are was were do does did has have had ca could wo would should must need".split()
NOT_SO = {f"{verb}nt": f"{verb}n't" for verb in NOT} | {"aint": "isn't"}
IS_SO = {f"{word}s": f"{word}'s" for word in "what who how where when why that there he she".split()}
DID = {f"{word}'d": f"{word} did" for word in "how where what why when".split()}
ABBREVIATED = """
im=I'm | ive=I've | theyre=they're | youre=you're | ppl=people | u=you | ur=your | wat=what | wut=what | wht=what |
bc=because | cuz=because | coz=because | gonna=going to | wanna=want to | abt=about | bout=about | tho=though |
thru=through | sth=something | smth=something | yr=year | yrs=years | mins=minutes | doc=document | docs=documents |
govt=government | bday=birthday | approx=about | w/=with | w/o=without | pls=please | plz=please | thx=thanks |
rly=really | em=them | n=and | diff=different | teh=the | hte=the | dat=that | acc=according | nr=number | nrs=numbers |
mnay=many | manny=many | lil=little | fav=favourite | noms=nominations | nom=nomination | pic=picture
"""
SHORT = {short: meant for short, _, meant in (pair.strip().partition("=") for pair in ABBREVIATED.split("|"))}
WRITTEN: dict[str, str] = NOT_SO | IS_SO | DID | SHORT
STANDS_FOR = {
    "rt": "Rotten Tomatoes",
    "mc": "Metacritic",
    "uk": "United Kingdom",
    "nyc": "New York City",
    "ww2": "World War II",
}
"""What letters stand for where the corpus has all of its words."""
WORD = compiled(r"(?<![\w'’/.-])(?:w/o?(?=\s)|[a-z]{1,8}(?:['’]d)?)(?![\w'’/-]|\.\w)", re.IGNORECASE)
ARE = compiled(r"\b(?:(?P<wh>who|what|where|how|why|when) r|r (?P<them>u|you|they|there|the|we))\b", re.IGNORECASE)
"""What "r" is "are" beside; elsewhere it may be a letter: "rated R"."""

ITS = compiled(r"^its(?= (?:a|an|the|not|in|on|at|about|\w+er than|\w+(?:ed|ing))\b)", re.IGNORECASE)
"""What begins a statement, and owns nothing: "its longer than two hours"."""
THAN = compiled(
    r"\b(?P<more>(?!other\b|over\b|after\b|ever\b|never\b|her\b)[a-z]{2,12}er|more|less) then(?= (?:\d|an?\b|one\b|"
    r"two\b|that\b|the\b))",
    re.IGNORECASE,
)


COUPLE = compiled(
    r"\b(?:(?P<one>mother|mum|mom|mummy|father|dad|daddy) and (?P<two>mother|mum|mom|mummy|father|dad|daddy)|"
    r"(?P<siblings>brothers? (?:and|or) sisters?|sisters? (?:and|or) brothers?))\b",
    re.IGNORECASE,
)
"""Two by what each of them is, which a text may call by one word."""


AND = re.compile(r"(?<=\s)&(?=\s+(?:who|what|which|when|where|why|how)\b)", re.IGNORECASE)


def spelled_out(text: str, knows: Callable[[str], bool] = lambda word: False) -> str:
    """A text with what is short for other words in a chat as these; ``knows`` says what is a word of the corpus.

    >>> spelled_out("whats it abt and why wasnt it shown? how'd ppl like it")
    "what's it about and why wasn't it shown? how did people like it"
    """
    text = ARE.sub(lambda match: f"{match['wh']} are" if match["wh"] else f"are {match['them']}", text)
    text = AND.sub("and", ITS.sub("it's", text))
    text = COUPLE.sub(lambda match: _by_one_word(match, knows), text)
    text = THAN.sub(lambda match: f"{match['more']} than", text)
    return WORD.sub(lambda match: _spelled_out(match[0], knows), text)


def _by_one_word(match: re.Match[str], knows: Callable[[str], bool]) -> str:
    """ "parents" for a mother and a father, where the corpus has that word and not theirs."""
    one = "siblings" if match["siblings"] else "parents"
    said = [word for word in match[0].lower().split() if word not in ("and", "or")]
    return one if knows(one) and not any(map(knows, said)) else match[0]


def _spelled_out(word: str, knows: Callable[[str], bool]) -> str:
    lower = word.lower().replace("’", "'")
    meant = WRITTEN.get(lower)
    if meant is None and lower in STANDS_FOR and all(map(knows, STANDS_FOR[lower].lower().split())):
        return STANDS_FOR[lower]
    if meant is None or word.isupper() or (lower in SHORT and knows(lower)):
        return word
    return meant[0].upper() + meant[1:] if word[0].isupper() else meant
