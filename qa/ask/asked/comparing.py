"""Whether a question compares, and what: two things, two sources, or all that speak of something."""

import re

from qa.ask.asked.manner import core_of
from qa.ask.asked.naming import SOURCE_WORDS, WRITTEN
from qa.ask.asked.words import DOCUMENTS, SAYS, WH, WORK, I, Wording, marked, past
from qa.patterns import compiled

COMPARISON = compiled(
    rf"^(?:compare|contrast)\b|\bcomparison (?:of|between)\b|\bdifferences? (?:between|in how|are there)\b|\bin "
    rf"common\b|"
    rf"^(?:how|where|in what(?: way| respects?)?|on what|do|does|did) .*\b(?:differ|disagree|agree|contradict|"
    rf"compare)\b|"
    rf"^(?:do|are|is) .*\b(?:{DOCUMENTS})\b.*\b(?:agree|disagree|contradict|the same|consistent|differ)\b",
    I,
)
IN_COMMON = compiled(r"\bin common\b", I)
WHICH_OF_TWO = compiled(
    r"^(?:which|who|what)(?: one| of (?:the two|them|both))?(?: [\w'’-]+){0,3}? (?:is|was|are|were|has|had|costs?|"
    r"opened|came|lasts?|"
    r"weighs|holds|seats) .*?\b(?:\w+er|more|less|fewer|first|better|worse|earlier|later|longer|older)\b[^,:]*[,:–-]\s*"
    r"(?P<one>[^,?]+?),? or (?P<two>[^,?]*\w)\W*$",
    I,
)
SAY_TWO = compiled(
    rf"^(?P<wh>what|how|when|where|who) (?:do|did) (?P<one>(?:the |[A-Z])[^,?]{{1,50}}?) and (?P<two>(?:the |"
    rf"[A-Z])[^,?]{{1,50}}?) (?:each |both |respectively )?{SAYS}"
    rf"(?: (?:about|of|on|regarding))?\s*(?P<rest>[^?]*)\??$",
    I,
)
COMPARED = compiled(
    r"^(?:compare|contrast)\s+(?:what|how)\s+(?P<one>.+?) (?:and|with|to) (?P<two>.+?) (?:says?|tells?|states?|"
    r"reports?|describes?|write|writes|put|see)"
    r"(?: (?:about|of|on|regarding))?\s*(?P<topic>.*?)\W*$|"
    r"^(?:compare|contrast)\s+(?P<topic2>the [\w'’ -]+?) (?:of|in|at|between|for) (?P<one2>.+?) (?:and|with|to) "
    r"(?P<two2>.*\w)\W*$|"
    r"^(?:compare|contrast)\s+(?P<one3>.+?) (?:and|with|to) (?P<two3>.+?)(?: (?:on|about|as to|in terms of|with "
    r"regard to|by) (?P<topic3>.+?))?\W*$|"
    r"^(?:compare|contrast)\s+(?P<topic4>.*\w)\W*$",
    I,
)
HOW_SOMEBODY_DOES = compiled(
    r"^(?:how|to what) (?:do|does|did) (?:he|she|they|the \w+|(?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])[\w'’-]+)*|[a-z]+ "
    r"[a-z]+) "
    r"(?:compare|liken|contrast) (?!with\b|to\b)",
    I,
)
WHICH_GOT = compiled(
    r"^(?:which|who|what)(?: one)? (?:got|gets|has|had|received|scored|earned) (?:the |a )?"
    r"(?:better|higher|lower|worse|best|highest|lowest|more|fewer) (?:score|rating|grade|price|reviews?|votes?)[,:–-]? "
    r"(?P<one>[^,?]{2,60}?),? or (?P<two>[^,?]{1,60}\w)\W*$",
    I,
)
WHICH_SAYS = compiled(
    rf"^(?P<one>the [\w'’ ]{{2,40}}?) (?:{SAYS}|has|gives?) (?:it(?: is|['’]s| was) )?(?:the )?\d[\w.]* "
    rf"(?P<topic>[^?]{{3,80}}?),? "
    rf"(?:but|and|while|whereas) (?P<two>the [\w'’ ]{{2,40}}?) (?:{SAYS}|has|gives?) [^?]{{1,80}}\?*,? ?"
    r"(?:so )?(?:which|what|who)(?: one)?(?: is|['’]s| was)(?: it| right| true| correct| the right one)?\W*$",
    I,
)
"""What two sources tell otherwise, and the question which of them is right."""
VERSUS = compiled(
    r"^(?P<one>(?:the )?[\w'’ -]{2,40}?) (?:vs\.?|versus|against) (?P<two>(?:the )?[\w'’ -]{2,40}?) ?[,:;–-] "
    r"?(?P<topic>[^?]+?)"
    r"(?: or (?:not|no)|, right)?\W*$",
    I,
)
"""Two sides with what they are asked: "article vs database: same narrator?"."""
EACH_TEXT = compiled(
    rf"(?:each|every one|all)(?: (?:one )?of)? (?:(?:the|these|those|your) )?(?:[\w'’-]+ )?{DOCUMENTS}", I
)
"""A source that is each of them: "Who made them, according to each of the three texts?"."""
OTHERS_SAY = compiled(
    rf"^(?:(?:the |this |in the )?[\w'’ ]{{2,40}}? (?:{SAYS}|has|have|gives?)(?: that)? "
    rf")?(?P<topic>[^?]{{3,200}}?)[,.;?–-]+ "
    r"(?:and |but )?what (?:do|does|about) (?:the )?others?(?: (?:documents?|sources?|texts?|ones?|papers?|files?))?"
    rf"(?: {SAYS}(?: (?:about|of) (?:it|that|this))?)?\W*$",
    I,
)
"""What one source says, and the question for what the others do."""
BETWEEN = compiled(
    r"^(?:(?:what|where)(?: is|['’]s| are|['’]re) )?(?:the )?differences? between (?P<one>.+?) and (?P<two>.+?)"
    r"(?: (?:on|about|as to|in terms of|in|regarding) (?P<topic>.+?))?\W*$",
    I,
)
SIDES_DIFFER = compiled(
    r"^(?:(?:how|where|on what|in what(?: way| respects?)?) )?(?:do|does|did) (?P<one>(?:the |[A-Z])[^,?]{1,50}?) and "
    r"(?P<two>(?:the |[A-Z])[^,?]{1,50}?) (?:differ|disagree|agree|contradict)(?: (?:each|one an)other)?"
    r"(?: (?:on|about|in|over|as to|regarding)(?: their view of)? (?P<topic>.+?))?\W*$",
    I,
)
AGREE = compiled(
    r"^(?:how|where|do|does|did)\b.*?\b(?:differ|disagree|agree|contradict(?: (?:one another|each other))?)\b"
    r"(?: (?:on|about|in|over|as to|regarding)(?: their view of)? (?P<topic>.+?))?\W*$",
    I,
)
THEY_DIFFER = compiled(
    rf"(?:[?.!,;:–-] ?|(?<!\s)\s(?:because |as |since |when |but )?)"
    rf"(?:(?:it |to me it )?(?:looks|seems|sounds)(?: to me)? (?:like|as if|as though|that) )?"
    rf"(?:(?:(?:the|these|those|your|both|all|my) )*{DOCUMENTS} "
    r"(?:(?:all|both|each|seem(?:s|ed)? to|appear(?:s|ed)? to|don['’]t|do not) ){0,2}"
    r"(?:differ|disagree|agree|contradict (?:each other|one another|themselves)|"
    r"(?:say|tell|give|claim|have|name|mention)s? (?:something |some |two |several )?"
    r"(?:diff?e?r[ea]?nt|other|contradict\w+|conflicting)(?: [\w'’-]+){0,2})(?: (?:on|about) (?:this|that|it))?|"
    r"(?:i(?:['’]ve| have)? (?:keep )?(?:see|seeing|saw|seen|find|found|read|get|got)|there (?:are|seem to be)) "
    r"(?:two |several |some |three )?(?:different|conflicting|contradict\w+) [\w'’-]+"
    r"(?: (?:for|of|on) (?:it|this|that))?)"
    r"\W*$",
    I,
)
"""What says beside a question that its answers differ: "…? The documents seem to say different things"."""
WHO_SAYS_WHAT = compiled(
    rf"(?<![.;:!?,–-])[.;:!?,–-]{{1,3}} (?:so |and )?(?:which|what) "
    rf"(?:one|{DOCUMENTS}|page|text|source|document|article) (?:{SAYS}|has|gives?) (?:what|which)(?: one)?\W*$|"
    r"(?<![.;:!?,–-])[.;:!?,–-]{1,3} (?:so |and )?who(?: is|['’]s)? (?:says|saying) what\W*$",
    I,
)
"""What asks which source tells which of several things that were noted in front of it."""
ONE_AND_ANOTHER = compiled(r",? (?:one|the first|once)\b.*$", I)
DIFFERENT_IN = compiled(
    r"^(?:why|how come|how|where|in what way) (?:is|are|was|were|does|do) the (?P<topic>[^,?]{3,80}?) (?:in|on|at|of) "
    r"(?P<one>the [^,?]{3,60}?) (?:so )?(?:different|other|unlike|differ)(?: (?:from|than|to) (?:the one |the |that |"
    r"those )?"
    r"(?:(?:in|on|at|of) )?(?P<two>[^,?]{3,60}?))?\W*$",
    I,
)
"""Why something is told otherwise in one source than in another, which none of them says, but both can be shown."""


ALL_OF_THEM = (
    r"(?:(?:any|all|both|each|the|these|those|this|your|my|our|of|other|two|three|four|five|\d+) )*"
    rf"(?:{DOCUMENTS}|others)"
)
SIDE = rf"(?:(?:the|this|that|your|my) )?[\w.'’&-]+(?: (?!(?:and|or|about|do|does|did|is|{SAYS})\b)[\w.'’&-]+){{0,6}}?"
BOTH_SIDES = rf"(?:(?P<one>{SIDE}) and (?P<two>{SIDE})|{ALL_OF_THEM})"
TOLD = rf"(?:{SAYS}|gives?|names?|lists?|shows?|credits?)"
TELLS = rf"(?:{TOLD}|(?P<has>has|have))"
ON = r"(?:about|on|of|for|over|in|as to|as regards|regarding|concerning|in terms of|when it comes to)"
TOPIC = rf"(?: {ON} (?P<topic>[^?]+?))?"
SAME_SAID = compiled(
    rf"^(?:do|does|did) {BOTH_SIDES} (?:(?:all|both|each|really|actually) )*"
    rf"(?:{TELLS}(?: us)?|(?P<feel>think|feel)) "
    r"(?:exactly |much |roughly )?(?:the same|different|alike)(?: (?:things?|story|way|one|ones)\b)?"
    rf"(?: (?P<noun>(?!{ON}\b)[\w'’ -]{{2,40}}?))?{TOPIC}\W*$",
    I,
)
"""Whether sides say the same: "Do the article and the talk give the same date for the fire?"."""
OF_ONE_MIND = compiled(
    rf"^(?:(?:do|does|did) (?P<one>{SIDE}) (?:{TELLS} (?:exactly )?(?:the same|something (?:else|different|other)|"
    rf"different(?:ly)?)(?: things?| story)? (?:as|than|from|to)|(?:dis)?agree with|match|contradict|differ from) "
    rf"(?P<two>{SIDE})|(?:are|is) (?:(?P<one2>{SIDE}) and (?P<two2>{SIDE})|{ALL_OF_THEM}) (?:all |both )?"
    rf"(?:at odds|in agreement|consistent|agreed|of one mind)(?: with (?:each|one another))?){TOPIC}\W*$",
    I,
)
"""Whether one side says what the other does: "Does the talk contradict the article about the fire?"."""
THINK_OF = compiled(
    r"^(?:what|how) (?:do|does|did) (?P<one>(?:the |[A-Z])[^,?]{1,50}?) and (?P<two>(?:the |[A-Z])[^,?]{1,50}?) "
    r"(?:(?:each|both|respectively) )?(?:think|feel|make) (?:of|about) (?P<topic>[^?]+?)\W*$",
    I,
)
"""What two who judge it think of a thing."""
OF_THE_WORK = compiled(rf"(?:it|(?:the|this) {WORK})(?: overall| in general| on the whole)?", I)
THOUGHT = "what they think of it"
"""What is compared where opinions of a whole work are."""
NOT_THE_SAME = compiled(
    r"^(?:(?:what|where)(?: is|['’]?s| are|['’]re| was) |(?:is|are) there )?"
    r"(?:(?:the|an?|any|some|anything|something) )?"
    r"(?:differences?|different|disagreements?|discrepanc(?:y|ies)|contradictions?|conflicts?|mismatch(?:es)?) "
    rf"(?:between|among|across|in) (?:what )?{BOTH_SIDES}(?: {SAYS})?"
    rf"(?:,? (?:{ON}|when (?:they|each) (?:{SAYS}|explain|describe|(?:talk|speak) (?:about|of))) (?P<topic>.+?))?\W*$",
    I,
)
"""Where sides do not say the same: "Is there any disagreement between the papers about who built it?"."""
AND_THE_OTHER = compiled(
    rf"^what (?:do|does|did) (?P<one>{SIDE}) {TOLD} (?:(?:about|of|on|for|as) )?(?P<topic>[^?]+?)[,?;]? (?:and |but )?"
    rf"(?:(?:what|how) about (?P<two2>{SIDE})|what (?:do|does|did) (?P<two3>{SIDE}) {TOLD}(?: (?:for|as|about|of) "
    rf"(?:it|that|this))?|(?:do|does|did) (?P<two>{SIDE}) "
    r"(?:agree|disagree|say (?:the same|otherwise|something else)|see it (?:the same way|differently)))\W*$",
    I,
)
"""What one source says, and whether the other agrees."""
VERSUS_LAST = compiled(
    rf"^(?P<topic>[^?:;]{{3,80}}?) ?(?:[:;–]| -) ?(?P<one>{SIDE}) (?:vs\.?|versus|against) (?P<two>{SIDE})"
    r"(?: ?[,:;.?–-]+ ?(?:(?:is|are|do) (?:it|they|these|both) )?(?:the )?(?:same|different|agree|differ|match)"
    r"(?: or (?:not|no|different|the same))?)?\W*$",
    I,
)
"""What two sides are asked in front of them: "age of the mill: poster vs guide, same?"."""
SAY_AGAINST = compiled(
    rf"^(?P<topic>(?!what (?:do|does|did) [^?,]{{1,50}} {SAYS}\b)[^?]{{6,200}}?)[?.;:,–-]+ (?:and |so |but |now )?"
    rf"(?:what|how) (?:do|does|did) (?P<one>{SIDE})(?: {SAYS}(?: (?:about|of|on|to) (?:it|that|this))?)?,? "
    rf"(?:vs\.?|versus|against|compared (?:to|with)|as opposed to|and(?: what (?:do|does|did))?) (?P<two>{SIDE})"
    rf"(?: (?:each|both))?(?: {SAYS})?(?: (?:about|of|on|to) (?:it|that|this))?\W*$",
    I,
)
"""A question, and of whom it is asked: "Who built it? What does the letter say vs the talk?"."""
ACCORDING_TO_EACH = compiled(
    rf"^(?P<topic>{WH}\b[^?]{{3,200}}?),? {SOURCE_WORDS} (?P<one>{SIDE}),? (?:and|but) "
    rf"(?:(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}(?: [\w'’-]+){{0,4}}? )?{SOURCE_WORDS} (?P<two>{SIDE})\W*$",
    I,
)
"""What each of two is the source of: "Who built it according to the letter, and who according to the talk?"."""
THE_SAME_ONE = compiled(
    rf"^(?P<before>[^?]{{10,200}}?)[.;!,–-]+ (?:so |and |but )?(?:do|does|did) {BOTH_SIDES} (?:(?:all|both|each) )*"
    rf"(?:{TELLS}|agree)(?: (?:about|on|with))?(?: (?:the|same|one|it|this|that|them))*(?: or (?:not|other ones))?\W*$",
    I,
)
"""What was noted, and whether the sources have it so: "I have two dates for when it burnt. Do they give the same?"."""
NOTED = compiled(
    rf"^[^?]*?\b(?P<asked>{WH} .+)$|"
    r"^[^?]*?\b(?:two|three|several|different|some) (?P<noun>[\w'’-]+)s (?:[\w'’-]+ ){0,3}?(?:for|of) (?P<of>.+)$|"
    rf"^(?:(?:the |this |that |my )?[\w'’ ]{{2,40}}? {SAYS}(?: that)? )?(?P<stated>.+)$",
    I,
)
EACH_ASKED = compiled(
    rf"^(?:compare|contrast) (?P<first>{WH} [^?]+?),? (?:and|with|to|against) (?P<second>{WH} [^?]+?)\W*$", I
)
"""What two sources are asked, each in its own words: "Compare who the letter blames and what the paper says of it"."""
TOLD_BY = compiled(
    rf"^(?P<wh>{WH}(?: [\w'’-]+){{0,3}}?) (?P<source>(?:the|this|that) [^,?]{{1,40}}?|imdb|wikipedia|"
    r"(?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*)*) "
    rf"(?:(?P<says>{SAYS}|thinks?|believes?|explains?)(?: that)?|(?P<names>credits|names|lists|gives|describes|calls|"
    rf"blames|shows))\b(?P<about> (?:about|of|on))? ?(?P<rest>[^?]*)$",
    I,
)
IS_NAMED = {"gives": "given", "shows": "shown"}
CHOICE = compiled(r",\s(?:(?:the|an?) )?[\w'’ -]{1,30}? or (?:the |an? )?[\w'’ -]{1,30}(?:,|$)", I)
"""The answers that there may be, in a question: "which year, 1901 or 1902, it burnt"."""
ONESELF = compiled(
    r"^(?:did|does|do|has|have|(?P<told>whether|if)) [^?]{2,40}? (?P<verb>\w+) "
    r"(?P<what>(?:the|an?|his|her|its|their|all|every|these|those|"
    r"this|that|it|them)\b[^?]{0,60}?) (?:all )?(?:by )?(?:himself|herself|themselves|alone|on (?:his|her|their) own)"
    r"(?:,? or (?:was it |did |by |with )?(?:some|any)?(?:one|body|other|another|help)\b.*)?\W*$",
    I,
)
"""Whether somebody did a thing alone, which asks who did it."""
MAKING = compiled(
    r"^(?P<who>who(?: (?:actually|really|first))?) (?P<verb>made|built|shaped|crafted|carved|sculpted|moulded|molded|"
    r"modelled|modeled|fashioned|constructed) (?P<what>[^?]+)$",
    I,
)
"""Who made a thing with the hands, which each source says with another verb."""
CONFUSED = compiled(
    r"^(?:(?:ok|so|hm+|well)[, ]+)?i(?:['’]?m| am) (?:a bit |so |really |just )?"
    r"(?:confused|puzzled|lost|not sure|unsure)\b[^,.;:?–-]{0,20}[,.;:–-]+ ?",
    I,
)


def _asked(topic: str) -> str:
    """What sides are asked of a topic: without the answers that it offers, and who did what one may have done alone."""
    topic = CHOICE.sub("", topic.strip(" ,;?.!"))
    if (alone := ONESELF.match(topic)) is not None:
        verb = alone["verb"].lower()
        done = verb if alone["told"] else past(verb)
        topic = f"who {done} {alone['what']}"
    if (making := MAKING.match(topic)) is not None:
        verbs = dict.fromkeys((making["verb"].lower(), "made", "built"))
        return f"{making['who']} {', '.join(list(verbs)[:-1])} or {list(verbs)[-1]} {making['what']}"
    return topic


WITH_DOING = compiled(r"the (?:person|people|man|woman|name|one) (?:with|for|behind) (?P<what>.+)", I)
THEY_DO = compiled(
    rf"^(?P<one>{SIDE}) and (?P<two>{SIDE}) ?[:,–-] ?(?P<does>do|does|did) (?:they|these|both|the two) (?P<rest>[^?]+)",
    I,
)
"""Two sides in front of what they are asked: "The letter and the talk: do they name the same miller?"."""


def _beside(question: str, core: str) -> Wording | None:
    """The sides of a question that says in other words than "compare" that they are to be set side by side."""
    question, core = (CONFUSED.sub("", text.strip()) for text in (question, core))
    core = THEY_DO.sub(r"\g<does> \g<one> and \g<two> \g<rest>", core)
    if (each := EACH_ASKED.match(core)) is not None:
        told = [TOLD_BY.match(each[one]) for one in ("first", "second")]
        if told[0] is not None and told[1] is not None:
            asked = tuple(_told(one) for one in told if one is not None)
            asked = tuple(one or other for one, other in zip(asked, reversed(asked), strict=True))
            return Wording(core, "comparison", sides=(told[0]["source"], told[1]["source"]), parts=asked)
    found = SAY_AGAINST.match(question) or ACCORDING_TO_EACH.match(core)
    if found is not None and any(WRITTEN.search(found[side]) for side in ("one", "two")):
        topic = _asked(core_of(found["topic"]))
        return Wording(marked(topic), "comparison", subject=topic, sides=(found["one"], found["two"]))
    if (found := THE_SAME_ONE.match(question)) is not None and (noted := NOTED.match(found["before"])):
        topic = noted["asked"] or noted["stated"] or f"the {noted['noun']} of {noted['of']}"
        return Wording(marked(topic), "comparison", subject=_asked(topic), sides=_pair(found))
    for pattern in (SAME_SAID, OF_ONE_MIND, THINK_OF, NOT_THE_SAME, AND_THE_OTHER, VERSUS_LAST):
        if (found := pattern.match(question if pattern is VERSUS_LAST else core)) is not None:
            groups = _groups(found)
            if "has" in groups and "one" in groups and not WRITTEN.search(groups["one"]):
                return None  # two that have the same of something are told of, and do not tell
            topic = _asked(groups.get("topic", ""))
            if noun := groups.get("noun"):
                topic = f"the {noun} of {topic}" if topic else f"the {noun}"
                if (doing := WITH_DOING.match(topic)) is not None:
                    topic = f"who is credited with {doing['what']}"
            if (pattern is THINK_OF or groups.get("feel")) and OF_THE_WORK.fullmatch(topic or "it"):
                topic = THOUGHT
            return _compared(core, topic, _pair(found))
    if (found := SIDES_DIFFER.match(core) or AGREE.match(core)) and AND_ASKS.search(_groups(found).get("topic", "")):
        return _compared(core, _groups(found)["topic"], _pair(found))
    return None


def _compared(core: str, topic: str, sides: tuple[str, ...]) -> Wording:
    """Sides and what they are compared in; of two questions, each is compared by itself."""
    asked = [one.strip(" ,") for one in AND_ASKS.split(topic)]
    if len(asked) == 1:
        return Wording(core, "comparison", subject=topic, sides=sides)
    who = " and ".join(sides) or "the sources"
    return Wording(core, "several", parts=tuple(f"Do {who} agree on {one}?" for one in asked))


AND_ASKS = compiled(rf",? and (?:also )?(?:about |of |on )?(?=(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}\b \w)", I)


def _groups(found: re.Match[str]) -> dict[str, str]:
    """The groups of a match that matched, by their names without the number that tells alternatives apart."""
    return {name.rstrip("234"): text for name, text in found.groupdict().items() if text}


def _pair(found: re.Match[str]) -> tuple[str, ...]:
    groups = _groups(found)
    return tuple(re.sub(r"^both ", "", groups[side], flags=I) for side in ("one", "two") if side in groups)


def _told(found: re.Match[str]) -> str:
    """What a source is asked: of "who the letter names as its keeper" who is named as its keeper."""
    if names := found["names"]:
        done = IS_NAMED.get(names.lower()) or f"{names.lower().removesuffix('s').removesuffix('e')}ed"
        return f"{found['wh']} is {done} {found['rest']}".strip() + "?"
    if not found["rest"] or found["rest"].lower() in ("it", "this", "that", "them"):
        return ""
    plain = found["about"] or found["wh"].lower() in ("what", "how")
    return found["rest"] if plain else f"{found['wh']} {found['rest']}?"


def differing(question: str, core: str) -> Wording | None:
    """What sources that differ say of something: "Who made it? The documents differ.", "Why is it other in …?".

    ``core`` is the sentence of the question that asks.
    """
    if (found := DIFFERENT_IN.match(core)) is not None and WRITTEN.search(found["one"]):
        topic = f"the {found['topic']}"
        sides = tuple(found[side].strip() for side in ("one", "two") if found[side])
        return Wording(core, "comparison", subject=topic, sides=sides if len(sides) == 2 else ())
    if (found := WHICH_SAYS.match(question.strip())) is not None:
        asked = f"which {found['topic']}"
        return Wording(f"{asked}?", "comparison", subject=asked, sides=(found["one"], found["two"]))
    if (beside := _beside(question, core)) is not None:
        return beside
    if (found := WHO_SAYS_WHAT.search(question)) is not None and (noted := NOTED.match(question[: found.start()])):
        topic = noted["asked"] or (f"the {noted['noun']} of {noted['of']}" if noted["noun"] else "")
        topic = ONE_AND_ANOTHER.sub("", topic)
        return Wording(marked(topic), "comparison", subject=_asked(topic)) if topic else None
    if (found := THEY_DIFFER.search(question)) is not None and (asked := question[: found.start()].strip(" ,;:–-")):
        asked = core_of(asked)
        return Wording(marked(asked), "comparison", subject=CHOICE.sub("", asked.rstrip(" ?.!")))
    return None


def comparison(core: str) -> Wording | None:
    """What a question compares: its sides, and what they are asked; None for one that compares nothing."""
    if found := WHICH_OF_TWO.match(core):
        return Wording(core, "comparison", sides=(found["one"], found["two"]))
    if HOW_SOMEBODY_DOES.match(core):
        return None  # what somebody likens is told by that person, not by the sources side by side
    if found := WHICH_GOT.match(core):
        return Wording(core, "comparison", sides=(found["one"], found["two"]))
    if found := VERSUS.match(core):
        topic = re.sub(r"^(?:(?:is|are|do|does) (?:it|they|there) |(?:the )?same )+", "", found["topic"], flags=I)
        return Wording(core, "comparison", subject=topic, sides=(found["one"], found["two"]))
    if found := OTHERS_SAY.match(core):
        return Wording(core, "comparison", subject=found["topic"])
    if not COMPARISON.search(core):
        return None
    for pattern in (COMPARED, BETWEEN, SIDES_DIFFER, AGREE):
        if found := pattern.match(core):
            return Wording(core, "comparison", subject=_asked(_groups(found).get("topic", "")), sides=_pair(found))
    if IN_COMMON.search(core):
        return None  # what is told of two together is told in one place
    return Wording(core, "comparison")
