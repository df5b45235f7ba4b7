"""Whether a question asks who or what something is."""

import re

from qa.ask.asked.words import AUX, POSSESSIVE, PREPOSITION, PROPER, WH, I
from qa.patterns import compiled

DEFINE = compiled(
    r"^define\s+(?P<a>.*\w)\W*$|\bwhat(?: do(?:es)?| did)? (?P<b>.+?) (?:mean|means|stand for|stands for|refer to|"
    r"signify)(?: .{0,30})?\W*$|"
    rf"^(?!(?:{WH}|{AUX}|the|an?|this|that|his|her|its|their|my|our|your)\b)"
    r"(?P<k>\w[\w.'’-]{0,40}(?: \w[\w.'’-]{0,40}){0,3}) ?[?!,:–—-]{1,3} (?:and |so )?(?:who|what)"
    r"(?:(?: is|['’]s|s| was) (?:(?:this|that) (?:man|woman|person|guy|girl|lady|boy|one)|"
    r"(?:he|she|it|this|that) doing)|(?: does| did) (?:he|she|it|this|that) do)"
    r"(?: (?:in|for|on|at|with) [^?]{2,40})?\W*$|"
    r"^(?P<c>.+?) stands for what\W*$|^what(?: is|['’]s| was) (?:the )?(?:meaning|definition) of (?P<d>.*\w)\W*$|"
    r"^what(?: is|['’]s| was) meant by (?P<e>.*\w)\W*$|^(?P<j>[^,;:?–—]{2,40}?) (?:what|who)(?: is|['’]s|s) (?:that|"
    r"this|it|he|she)\W*$|"
    r"^(?P<f>.{2,40}?)\s*(?:[-–—:,?]+\s*(?:what(?: is|['’]s| are| was| were) "
    r"(?:that|it|this|they|these|those)|meaning|what does (?:that|it) mean|"
    r"what do the letters stand for)|meaning)(?: .{0,20})?\W*$|^who or what (?:is|was|are|were) (?P<g>.*\w)\W*$|"
    r"^(?:meaning|definition) of (?P<h>.*\w)\W*$|"
    r"^what (?:does|did|has|have) (?P<l>[^?]{3,40}?) (?:have |got )?to do with (?:it|this|that|(?:the|this) \w+)\W*$|"
    r"^what (?:sort|kind) of (?:a |an )?(?:thing|person|place|animal|plant) (?:is|was) (?P<i>.*\w)\W*$",
    I,
)
EVEN = r"(?: even| actually| exactly| really)?"
WHO_IS = compiled(
    rf"^(?:who|whos){EVEN}(?P<be> is|['’]s| was|s| are| were)?{EVEN} (?P<this>(?:this|that) (?=(?-i:[A-Z])))?"
    rf"(?(be)|(?!(?:{AUX}|else|all)\b))(?P<subject>.*\w)(?(be)| (?:is|was|are|were))\W*$",
    I,
)
"""Also as a part of another sentence: "who Ana Ruiz is"."""
WHAT_IS = compiled(
    rf"^(?:what|whats){EVEN}(?: is|['’]s| was|s| are| were){EVEN} (?P<article>an? |the )?(?P<subject>.*\w)\W*$",
    I,
)
LOWER_NAME = compiled(
    r"^(?!(?:the|a|an|in|on|at|behind|against|responsible|your|my|our|their|his|her|its|it|he|she|they|you|this|"
    r"that|there|"
    r"these|those|to|for|not|said|called|named|coming|going|who|allowed|by)\b)[^\W\d_][\w.’'-]*(?: "
    r"[^\W\d_][\w.’'-]*){0,3}$"
)
ROLE_ENDING = compiled(
    r"(?:or|er|ist|man|woman|ian|boss|chief|head|lead|guest|host|chair|star|contact|ary|eer|nurse|cook|clerk|guard|"
    r"guide|president|agent|expert|winner|minister|king|queen)s?$",
    I,
)
DOING = compiled(r"\w+(?:ing|ed) (?:the|an?|his|her|its|our|my|your|their|this|that|all|some|any|it|them|me|us)\b", I)


def defined(core: str) -> str:
    """What a "who is X" or "what is X" asks the definition of; nothing where it asks for a value."""
    if who := WHO_IS.match(core):
        subject = who["subject"].strip()
        if re.search(r"\b(?:is|was|did|does|has|had|made|wrote)\b", subject):
            return ""
        if POSSESSIVE.search(subject) or re.match(
            r"(?:the|a|an|this|that|in|on|at|behind|to|responsible|your|my|our|you|he|she|it|they)\b", subject, I
        ):
            bare = re.sub(r"^the ", "", subject, flags=I)
            return bare if re.match(r"the ", subject, I) and PROPER.match(bare) and " of " not in bare else ""
        if PROPER.match(subject):
            return subject
        if (
            LOWER_NAME.match(subject)
            and not re.match(r"\w+ing \w", subject)  # "Who's handling sales?"; a name is found by its letters
            and not PREPOSITION.search(subject)
            and not ROLE_ENDING.search(subject.split()[-1])
            and not DOING.match(subject)
        ):
            return subject
        return ""
    if what := WHAT_IS.match(core):
        subject, article = what["subject"].strip(), (what["article"] or "").strip().lower()
        if POSSESSIVE.search(subject) and not PROPER.match(subject):
            return ""
        if re.match(
            r"(?:it|this|that|there|his|her|its|their|your|my|our|he|she|they|you|on|in|at|to|for|under|needed|"
            r"meant|called|known|so|being|going|not)\b",
            subject,
            I,
        ):
            return ""
        if article in ("a", "an") and not PREPOSITION.search(subject):
            return subject
        if article == "the":
            return subject if PROPER.match(subject) and " of " not in subject else ""
        if PROPER.match(subject):
            return subject
        if (
            len(subject.split()) <= 2
            and not PREPOSITION.search(subject)
            and not re.search(r"(?:ed|ing|able)$", subject)
        ):
            return subject
    return ""
