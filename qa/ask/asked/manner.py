"""How a question is put: greeting, lead and thanks around the one sentence that asks."""

import re

from qa.ask.asked.framing import HEARD, unframed
from qa.ask.asked.words import A_NAME, ASKING_WORD, AUX, INSIDE, INTERROGATIVE, WH, I
from qa.patterns import compiled

GREETING = compiled(
    r"^\W*(?:(?:(?:hello|hi|hey|hiya)(?: there| all| everyone)?|good (?:morning|afternoon|evening|day)|dear \w+|"
    r"excuse me|sorry(?! (?:for|if|about|to)\b)|ok|okay|so|well|now|"
    r"and|but|also|please|thanks|thank you|by the way|btw|just|quick question|something else|another question|next "
    r"question|one more (?:thing|question))\b[\s,.!:;–-]*)+",
    I,
)
CLOSING = compiled(
    r"(?<![\s,.!–-])[\s,.!–-]*\b(?:please|pls|plz|thanks|thank you|many thanks|cheers|lol|haha|in advance|by the way|"
    r"btw|"
    r"by any chance|if you know|if that is known|if (?:any|at all)|or what|or something(?: like that)?|or whatever|"
    r"when (?:it|he|she|that)['’]?s at home|or so|though|anyways?|"
    r"if (?:it|that)(?: is|['’]s)(?: no| not too much|n['’]t any) (?:trouble|bother)|if possible|"
    r"(?:that )?(?:you|we|one) (?:can|could) find|if you (?:don['’]t|do not|would not|wouldn['’]t) mind|"
    r"of all things|in the first place|in all|i wonder|i guess|idk|(?:for|of|about) this thing|exactly)[\s,.!]*+"
    r"(?=\W*+$)",
    I,
)
OR_NOT = compiled(
    r"^(?P<asked>.*\w)(?<!\byes)(?<!\btrue)[,?]?(?:(?: yes| true)? or "
    r"(?:not|no|nah|is it not|isn['’]t it)| \(?(?:y/n|yes/no|yes or no|true or false)\)?)\W*$",
    I,
)
"""A question that says itself that it is for yes or no."""
SOME = compiled(
    r",? (?:(?:say|maybe|just|perhaps) )?(?:one|two|three|four|five|\d) or (?:two|three|four|five|six|\d)"
    r"(?: of them| will do)?(?=\W*$)",
    I,
)
"""How many of them are wanted: "…, say two or three?"."""
LIKE_THIS = compiled(r"[,?]\s+like (?:[\w'’-]+ or ){1,4}[\w'’-]+(?=\W*$)", I)
"""Examples of what the answer may be: "…, like PG or R"."""
IN_FEW = compiled(
    r"(?:,|(?<!\s)) in (?:a few|a couple of|one|two|three|\d{1,2}|simple|plain|your own)"
    r" (?:short )?(?:sentences?|words|lines|terms),? (?=\w)",
    I,
)
"""How long an answer shall be, inside a question: "tell me, in a few words, what …"."""
ON_EARTH = compiled(rf"\b({WH}) (?:on earth|in the world|the (?:hell|heck)|ever)\b", I)
"""What only says that one wonders."""
AT_THE_CAMERA = compiled(r"(?<=^who )(?:is|was) behind the camera(?=\W*$)", I)
CREDIT = compiled(
    r"\b(?:gets?|has|have|got|with|receives?) (?:an? |the )?(?P<job>writing|directing|editing|producing) credits?\b",
    I,
)
DONE = {"writing": "wrote it", "directing": "directed it", "editing": "edited it", "producing": "produced it"}
"""What somebody did who has a credit for it."""
MADE = compiled(
    r"(?<=^who )(?:made|has made|is behind|was behind)(?= (?:the|this|that) (?:film|movie|documentary)(?: then)?\W*$)",
    I,
)
"""What the director of a film did, by the word that is said of it."""
IN_CHARGE = compiled(
    r"\b(?:the )?(?:(?:man|woman|person|one|guy|boss) )?(?:(?:who|that) (?:was|is) )?(?:in charge (?:behind the "
    r"camera|on set)|"
    r"calling the shots (?:behind the camera|on set))\b",
    I,
)
"""The director of a film, by where that one stands."""
AGAIN = compiled(r"^(?P<asked>(?:who|what)(?: is| was|s|['’]s| are| were) (?:[\w'’-]+ ){1,3})again(?=\W*$)", I)
"""How somebody asks who has forgotten it: "Who was Pol Pot again?"."""
IF_SO = compiled(
    r"^(?:is|was|are|were|does|did|has|had) (?:there|it|they)(?: have| got| had| been given| given)? (?:an?|any) "
    r"(?P<what>[^,?;]{2,50})[,;]? and,? if (?:so|there is|yes|it does|it has),? what(?: is| was|['’]s) (?:it|"
    r"that)(?=\W*$)",
    I,
)
"""Whether there is something, and what it is then: what it is says both."""
KNOWING = compiled(
    r"(?<=\w), ?(?:would|do|can|could|might) you (?:happen to )?(?:know|say|tell me)(?: that| it)?(?=\W*$)", I
)
"""How a question ends that asks politely: "…, would you know?"."""
LEAD = compiled(
    r"^in (?:a few|a couple of|one|two|three|four|\d{1,2}|simple|plain) (?:short )?"
    r"(?:sentences?|words?|lines?|terms),? (?=(?:what|who|how|why|when|where|does|did|is|was)\b)|"
    r"^(?:would|could) you be so (?:good|kind) as to |"
    r"^(?:(?:(?:can|could|would|will) (?:you|anyone|anybody|somebody|someone)(?: please| kindly| perhaps)?|"
    r"(?:may|might|can|could) i|do you(?: happen to)?|does any(?:one|body)|(?:i(?: would| should|['’]d)|would) "
    r"(?:really )?(?:like|love|want)(?: you)? to|i (?:want|need|wish)(?: you)? to|"
    r"i(?: am|['’]m| was) (?:curious|wondering)|i wonder|"
    r"any idea|let me|please|kindly|help me) ?)?"
    r"(?:(?:please )?(?:tell|show|give)(?: me| us)?(?: please)?|know|ask(?: you)?|find out|look up|check|confirm|"
    r"understand|learn|say|remind me|"
    r"let me know|be told)\s+(?=(?:\w+ ){0,2}?(?:who|whom|whose|what|which|when|where|why|how|if|whether|the|all|"
    r"every|"
    r"each|any|a|an|some|about|more|something|briefly|your)\b)|"
    r"^(?:i(?: am|['’]m| was|['’]ve been) (?:just )?(?:curious|wondering)|i wonder|any idea)[,:]?\s+|"
    r"^(?:[^,.?!]{3,60} (?:and|so|but) )?(?:(?:i|we)(?: would| should|['’]d)?|would|should) (?:really )?"
    r"(?:like|love|want|need) (?=(?:an?|the) (?:\w+ )?list\b|every\b|all\b|each\b)|"
    r"^(?:(?:can|could|would|will) you )?(?:please |kindly )?(?:make|write|get|find|draw up|put together)(?: me| us)? "
    r"(?=(?:an?|the) (?:\w+ )?list\b|every\b|all\b|each\b)|"
    r"^(?:can|could|may|might) i (?:please |kindly )?(?:have|get|see) (?=the\b|all\b|every\b|each\b|"
    r"an? \w* ?list\b)|"
    r"^(?:(?:can|could|would|will) you (?:please |kindly )?|kindly )(?=(?:list|name|enumerate|compare|summari[sz]e|"
    r"describe|explain|"
    r"define|count|outline)\b)",
    I,
)
ASKS_OF = compiled(r"^(?:if|whether)\s+", I)
SENTENCE_END = compiled(r"(?:(?<=[?!])|(?<=\w\w[.;]))\s+(?=[\w\"“'‘])")
NAMELESS = compiled(r"^(?:and |so )?what(?:['’]s| is| was) (?:it|that|this) (?:called|named)\W*$", I)
"""What names nothing that it asks of; the sentence before does."""
A_WORK = compiled(
    r"\b(?:the|an?|some|this|that|one) (?:\w+ )?"
    r"(songs?|tracks?|tunes?|pieces? of music|poems?|reviews?|articles?|books?)\b",
    I,
)
"""What may have a title, in the sentence before: "A song is listed. What's it called?"."""
OF_ONE_NAMED = compiled(
    r"^(?:so |and )?(?P<wh>who|what)(?: exactly| even)?(?P<verb>['’]s| is| was| are| were) "
    r"(?:that|this|it|they|those|these|he|she)(?: exactly| even| then| again)?\W*$",
    I,
)
"""Who or what something is that the sentence before names: "This Ana Vey, never heard of her. Who is she?"."""
NAMES = compiled(INSIDE + A_NAME)
SOMEBODY = compiled(
    r"^(?P<who>who)(?: is|['’]s| was)? (?:this|that|the) (?P<name>[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+){0,3}) "
    r"(?:guy|dude|bloke|fellow|chap|person|man|woman|lady|girl)\W*$",
    I,
)
"""Who a name stands for that was only heard: "who's this Taft guy"."""
WHAT_IT_IS = compiled(
    r"^what (?P<it>(?:it|this|that|(?:the|this|that|these|those) [\w'’ -]{1,40}?)) (?P<verb>is|was|are|were) "
    r"(?:all |really |actually )?about\W*$",
    I,
)
"""What is left of "Can you tell me what this film is about?"."""
WHO_ONE_IS = compiled(
    rf"^(?P<wh>who|what) (?P<name>(?!{AUX}\b)(?:(?!\b(?:do|does|did)\b)[^,?]){{2,60}}?)"
    r"(?<! it)(?<! he)(?<! she)(?<! they) (?P<verb>is|was|are|were)\W*$",
    I,
)
"""What is left of "Tell me who Ana Ruiz is"."""
WHICH_IT_IS = compiled(
    r"^(?P<which>(?:what|which)(?: (?!does\b|do\b|did\b)[\w'’-]+){1,5}) (?P<it>it|he|she|they) "
    r"(?P<verb>is|was|are|were)\W*$",
    I,
)
"""What is left of "Tell me what kind of mill it is"."""
CALLED = compiled(
    r"^(?:and |so )?there(?:['’]s| is| are| was| were) (?P<what>an? [^,.?]{2,60}|(?:some|these|those) [^,.?]{2,60})"
    r"[,.–-]+ (?:so |and |but )?what(?P<verb>['’]s| is| are| was| were) (?:it|they|that|those) "
    r"(?P<called>called|named|for|about)\W*$",
    I,
)
"""What is named first and then asked of: "There's a song in it, what's it called?"."""
NAMED_FIRST = compiled(
    rf"^(?!{WH}\b|{AUX}\b)(?P<name>[\w'’.-]+(?: [\w'’.-]+){{0,4}})(?: ?[?!.,:]+| [–—-]+) (?:and |so )?"
    rf"(?P<asked>(?:what|who) (?:is|are|was|were)) "
    r"(?:that|this|it|they|those|these|he|she)(?: (?:exactly|again|even|then))?\W*$",
    I,
)
"""What is asked about in front of the question: "Ana Vey? Who is she?"."""


CLAIMED = compiled(
    r"^(?:i(?:['’]m| am| was|['’]ve been| have been) told|i (?:gather|hear|understand)|"
    r"(?:(?:some(?:body|one)|a|an|one of|my|our|people|they|everyone|everybody|i|i['’]ve|we|the)\b[^,.?!]{0,40}? )"
    r"(?:says?|said|swears?|swore|claims?|claimed|told (?:me|us)|tells (?:me|us)|insists?|insisted|reckons?|thinks?|"
    r"thought|heard|read|saw))(?: somewhere| once)? (?:that )?"
    r"(?P<what>(?:it|he|she|they|this|that|the|there|his|her|its|(?-i:[A-Z]))[^.?!]{3,120})[.,;?!–-]+ "
    r"(?:(?:is (?:that|it|this) )?(?:true|so|right|correct|really|is (?:that|it)|does it|did (?:it|he|she|they))|"
    r"is there (?:anything|any truth|something) (?:in|to) (?:that|it|this)|am i right)\W*$",
    I,
)
"""What is said to be so, and the question whether it is: "My aunt swears it burnt down. True?"."""


def core_of(question: str) -> str:
    """The one sentence that asks, without greeting, lead and thanks."""
    text = _unclosed(_asking(question))
    if (claimed := CLAIMED.match(text)) is not None:
        return f"is it true that {claimed['what'].strip()}?"
    if (found := NAMED_FIRST.match(text)) is not None:
        return f"{found['asked']} {found['name']}?"
    if (found := CALLED.match(text)) is not None:
        return f"what{found['verb']} {re.sub(r'^an? ', 'the ', found['what'])} {found['called']}?"
    sentences = _sentences(text)
    asking = [
        i for i, s in enumerate(sentences) if s.rstrip().endswith("?") or INTERROGATIVE.match(GREETING.sub("", s))
    ]
    if asking and len(sentences) > 1:
        wanting = [i for i in asking if ASKING_WORD.match(sentences[i])]
        if wanting and len(wanting) < len(asking):  # "It changes, right? What changes?" asks what
            asking = [i for i in asking if i in wanting or not TAGGED.search(sentences[i])]
        marked = [i for i in asking if sentences[i].rstrip().endswith("?")] or asking
        alone = " ".join(sentences[i] for i in marked)
        before = " ".join(sentences[: marked[0]])
        if NAMELESS.match(alone):
            text = f"what is the {named[-1]} called?" if (named := A_WORK.findall(before)) else text
        else:
            text = alone
    for _ in range(3):
        before = text
        text = GREETING.sub("", text) or text
        text = LEAD.sub("", text, count=1)
        text = ASKS_OF.sub("is it true that ", text) if before != text else text
        if text == before:
            break
    if (found := SOMEBODY.match(text)) is not None:
        text = f"{found['who']} is {found['name']}?"
    if (found := OF_ONE_NAMED.match(text)) is not None and len(sentences) > 1:
        names = {name.rstrip(".") for one in sentences[:-1] for name in NAMES.findall(one)}
        text = f"{found['wh']}{found['verb']} {names.pop()}?" if len(names) == 1 else text
    if (found := WHO_ONE_IS.match(text)) is not None:
        text = f"{found['wh']} {found['verb']} {found['name']}?"
    if (found := WHICH_IT_IS.match(text)) is not None:
        text = f"{found['which']} {found['verb']} {found['it']}?"
    if (found := WHAT_IT_IS.match(text)) is not None:
        text = f"what {found['verb']} {found['it']} about?"
    return text.strip() or question


OF_ONESELF = compiled(rf"^(?:hello|hi|hey|dear \w+)?\W*(?:(?:i|we)(?:['’](?:m|ve|re|d))?(?! {HEARD}\b)|my|our)\b", I)
MEANT = compiled(
    r"^(?:i (?:just |only )?mean|i['’](?:m| am) asking|i ask|i need (?:it|this|that)|(?:it|this|that)(?:['’]s| is) "
    r"for)\b",
    I,
)
"""What is said behind a question of what it is for."""
TAGGED = compiled(r",? (?:right|correct|yeah|huh|no)\W*$", I)


def _turned(stated: re.Match[str]) -> str:
    """What is stated and then asked, as a question: "the mill isn't sold, is it?" is "is the mill sold?"."""
    verb = {"'s": "is", "’s": "is", "'re": "are", "’re": "are", "ca": "can", "wo": "will"}.get(
        stated["verb"].strip().lower(), stated["verb"].strip().lower()
    )
    who = DETERMINER.sub(lambda match: match[0].lower(), IT.sub("it", stated["who"].strip()))
    return f"{verb} {who} {stated['rest'].strip()}?"


VERB = r"(?:is|are|was|were|do|does|did|has|have|had|can|ca|could|will|wo|would|must)"
STATED_SO = compiled(
    rf"^(?!{WH}\b|{AUX}\b|(?:[^,]* )?(?:that|which|who|when|where|because|if)\b)(?P<who>[\w'’.-]+(?: "
    rf"[\w'’.-]+){{0,7}}?)"
    rf"(?P<verb>['’]s|['’]re| {VERB})(?:n['’]t| not)? (?P<rest>[^,?]{{2,80}}?),? "
    rf"(?:(?:{AUX}) (?:it|he|she|they|there|you|we|i)|right|correct|yeah)\W*$",
    I,
)
"""A statement with a tag that asks whether it is so."""
IT = compiled(r"^its\b", I)
DETERMINER = compiled(r"^(?:The|An?|This|That|These|Those|His|Her|Its|Their|Every|It|He|She|They|There)\b")


def trimmed(question: str) -> str:
    """A question without greeting, thanks and lead, which say nothing of what is asked.

    >>> trimmed("Hi! Could you tell me who shot it, please?"), trimmed("The mill burnt. Who owned it, by any chance?")
    ('who shot it?', 'The mill burnt. Who owned it?')
    """
    text = _unclosed(_asking(question))
    told = _sentences(text)
    # What the asker says of oneself in front of the question is not asked.
    while len(told) > 1 and OF_ONESELF.match(told[0]) and not told[0].rstrip().endswith("?"):
        if NAMELESS.match(told[-1]):
            break
        told, text = told[1:], text[text.index(told[1]) :]
    while len(told) > 1 and MEANT.match(told[-1]) and told[-2].endswith("?") and not told[-1].endswith("?"):
        told, text = told[:-1], text[: text.rindex(told[-1])].rstrip()
    bare = LEAD.sub("", text, count=1) if len(told) == 1 else text
    text = bare if ASKING_WORD.match(bare) else text
    return text + "?" if question.rstrip().endswith("?") and not text.endswith("?") else text


def _asking(text: str) -> str:
    """A text without greeting and what is said around the question."""
    return unframed(_ungreeted(text))


def _ungreeted(text: str) -> str:
    """A text without greeting; all of it where it is nothing else."""
    stripped = GREETING.sub("", text)
    return stripped if any(c.isalnum() for c in stripped) else text


def _sentences(text: str) -> list[str]:
    """The sentences of a text that have a word in them."""
    return [sentence for sentence in SENTENCE_END.split(text) if any(c.isalnum() for c in sentence)]


def _unclosed(question: str) -> str:
    """A question without what only ends it: thanks, "or what", "again", "…, would you know?"."""
    question = CREDIT.sub(lambda found: DONE.get(found["job"].lower(), found[0]), question)
    question = AT_THE_CAMERA.sub("did the camera", question)
    text = IN_CHARGE.sub("the director", MADE.sub("directed", ON_EARTH.sub(r"\1", question.strip())))
    for _ in range(2):
        text = CLOSING.sub("", KNOWING.sub("", text)).strip()
    text = IN_FEW.sub(" ", LIKE_THIS.sub("", SOME.sub("", text)))
    if (found := STATED_SO.match(GREETING.sub("", text))) is not None:
        text = _turned(found)
    text = IF_SO.sub(r"what is the \g<what>", text)
    if (found := AGAIN.match(text)) is not None:
        text = f"{found['asked'].rstrip()}?"
    if (found := OR_NOT.match(text)) is not None:
        asked = found["asked"].rstrip()
        text = (
            asked if INTERROGATIVE.match(asked) else f"is it {asked}" if len(asked.split()) < 5 else f"{asked}, right"
        )
        text += "?"
    return text
