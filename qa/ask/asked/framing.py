"""What people say around a question that asks nothing: why they ask, what they think of it, how short it shall be.

It is the one who asks that such words speak of, so no source holds them; a reader that is given them looks for them.
What somebody has heard or read is no such thing: the question may rest on it.
"""

from qa.ask.asked.words import AUX, WH, I
from qa.patterns import compiled

KNOWS = r"(?:know|ask|hear|learn|check|confirm|find out|be told|see|understand|have)"
WISHES = rf"(?:(?:i|we)(?: would| should|['’]d)?|would|should) (?:really )?(?:need|like|love|want) to {KNOWS}\b"
ASKED = (
    rf"(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}(?:['’]s|['’]re|s)?\b|{AUX} (?!not\b)\w|"
    rf"(?:please )?(?:tell|give|show|list|name|compare|summari[sz]e|explain|describe)\b|{WISHES}"
)
HEARD = (
    r"(?:have |['’]ve )?(?:heard|read|gather|saw|seen|know|knew|thought|think|believe|understand|understood|mean|meant)"
)
OF_ONESELF = (
    rf"(?!{WISHES}|i(?: am| was|['’]m)? wonder)(?:(?:i|we)(?:['’](?:m|ve|d|ll|re))?(?! {HEARD}\b)|my|our|"
    rf"as an? [\w -]{{2,30}}?(?=,| i\b)|for (?:an?|my|our|the) "
    rf"[\w’' -]{{2,40}}?(?=:)|(?:i )?(?:have )?never heard of|(?:i )?haven['’]?t (?:seen|read|watched|heard)|"
    r"not sure|no idea|(?:fresh |straight |just )?out of|"
    r"honestly|"
    rf"(?:a )?quick one|(?:two|three|four|a few|a couple of|some|several) (?:quick |small |short )?"
    rf"(?:things|questions)|sorry (?:for|if|about|to)|(?:a |this (?:is|may be|might be) a )?(?:silly|dumb|stupid|basic|"
    r"odd|weird) question|forgive|pardon)\b"
)
IN_FRONT = compiled(
    rf"^(?:\W*{OF_ONESELF})[^?.!:]{{0,160}}?(?:\s*[:–—]\s*|\s+-+\s+|"
    rf",\s+(?!(?:which|who|whose|where|when)\b[^?]*$)(?:and |but |so |then )?|\s+(?:but|so)\s+|"
    rf"\s+and\s+(?={WISHES})|(?<=\w)\s(?={WISHES}))(?={ASKED})",
    I,
)
"""Of whom a question is, and why it is asked: "My son has a project on this, who …", "Sorry for asking but what …"."""
FOR_ANOTHER = compiled(
    rf"^\W*(?:my|our) [\w’' -]{{2,30}}? (?:wants?|wanted|would (?:like|love)|is (?:dying|asking|curious)|asks?|asked|"
    rf"wonders?|keeps? asking)(?: me| us)?(?: to {KNOWS})?[,:]? (?=(?:if|whether)\b|{ASKED})",
    I,
)
"""Who else would like to know it: "My aunt wants to know who …"."""
COMMENT = (
    r"(?:(?:i|we)(?:['’](?:m|ve|d|ll|re))?(?! mean)\b|(?:im|ive|id) |my\b|our\b|(?:it|he|she|they|that|this)(?:['’]s)? "
    r"(?:should|could|would|was|were|is|are|looks?|looked|sounds?|sounded|seems?|seemed)\b(?![^?]*\?)|"
    r"(?:i )?(?:have )?never heard\b|need (?:it|this|that)\b|kinda\b|kind of (?:weird|odd|strange|sad)|"
    r"deadline\b|asap\b|"
    r"(?:an?|one) (?:short )?(?:line|word|sentence|bullet)s? (?:for )?(?:each|every|will|would|is|are|per)\b|"
    r"for (?:the|my|our|an?) [\w'’ -]{2,30}(?=\W*$)|bullet points\b|"
    r"explain (?:it )?(?:to me )?(?:like|as if) (?:i|i['’]?m)\b|"
    r"writing (?:an?|my)\b|one at a time\b|(?:just |only )?(?:one|a single|a short) (?:line|word|sentence)s?\b|"
    r"(?:in )?(?:one|two|three|a few|a couple of) (?:short )?(?:lines?|words|sentences)\b|"
    r"(?:keep it |in )?(?:short|brief)(?:ly)?\b(?= *(?:,|please|$))|"
    r"quick(?:ly)?\b(?= *(?:,|please|$))|"
    r"if (?:you|that|it|there)\b(?! (?:was|were|had)\b)|you know(?: it| that)?\b)"
)
BEHIND = compiled(rf"(?<=[\w)\]”\"'’]{{2}})(?:[?!]+|,|[.;]|\s+[–—-]+)\s+{COMMENT}(?:[^?]*|\W*)$", I)
"""What is said when the question is asked: "…? I thought it was beautiful", "…, deadline in ten minutes"."""
PURPOSE = compiled(
    r"(?<=\w\w),?\s+(?:before|because|so(?: that)?|that|which) (?:i|we)(?:['’](?:m|ve|d|ll)| (?:can|could|will|may|"
    r"might|must|need|have to|want|sit|go|watch|see|read|buy|decide))\b[^?]*(?=\W*$)|"
    r"(?<=\w\w),?\s+for (?:an?|the|my|our|his|her|their|this) (?:\w+ )?(?:handout|class|lesson|lecture|leaflet|"
    r"brochure|programme|blog|homework|essay|presentation|quiz(?: card)?|newsletter|poster|catalogue|"
    r"(?:press|programme) note|label|students?|pupils|kids|readers)(?=\W*$)",
    I,
)
"""What the answer is needed for: "… before I sit down to it", "… that I can read out"."""
LEFT = 2
"""Words that a question has without what stands around it."""


def unframed(text: str) -> str:
    """A question without what is said around it of the one who asks.

    >>> unframed("My son has a project on this, who composed the score? I quite liked it")
    'who composed the score?'
    >>> unframed("My aunt wants to know who built it")
    'who built it'
    >>> unframed("who is Ana Ruiz, id never heard of her"), unframed("I have read of a fire. When was it?")
    ('who is Ana Ruiz', 'I have read of a fire. When was it?')
    """
    in_front = (FOR_ANOTHER, IN_FRONT, IN_FRONT)  # two may stand there: "As a teacher I'd like …, so …"
    for pattern in (*in_front, BEHIND, PURPOSE):
        found = pattern.search(text)
        if found is None:
            continue
        mark = "?" if "?" in text[found.start() :] else ""
        left = text[found.end() :] if pattern in in_front else f"{text[: found.start()].rstrip()}{mark}"
        if len(left.split()) >= LEFT:
            text = left
    return text
