"""Whether a question compares, and what: two things, two sources, or all that speak of something."""

import re

from qa.ask.asked.manner import core_of
from qa.ask.asked.words import DOCUMENTS, SAYS, I, Wording, marked
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
    rf"(?:[?.!,;:–-] ?|(?<!\s)\s(?:because |as |since |when |but )?)(?:(?:(?:the|these|those|your|both|all|my) "
    rf")*{DOCUMENTS} "
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
DIFFERENT_IN = compiled(
    r"^(?:why|how come|how|where|in what way) (?:is|are|was|were|does|do) the (?P<topic>[^,?]{3,80}?) (?:in|on|at|of) "
    r"(?P<one>the [^,?]{3,60}?) (?:so )?(?:different|other|unlike|differ)(?: (?:from|than|to) (?:the one |the |that |"
    r"those )?"
    r"(?:(?:in|on|at|of) )?(?P<two>[^,?]{3,60}?))?\W*$",
    I,
)
"""Why something is told otherwise in one source than in another, which none of them says, but both can be shown."""


def differing(question: str, core: str) -> Wording | None:
    """What sources that differ say of something: "Who made it? The documents differ.", "Why is it other in …?".

    ``core`` is the sentence of the question that asks.
    """
    if (found := DIFFERENT_IN.match(core)) is not None:
        topic = f"the {found['topic']}"
        sides = tuple(found[side].strip() for side in ("one", "two") if found[side])
        return Wording(core, "comparison", subject=topic, sides=sides if len(sides) == 2 else ())
    if (found := WHICH_SAYS.match(question.strip())) is not None:
        asked = f"which {found['topic']}"
        return Wording(f"{asked}?", "comparison", subject=asked, sides=(found["one"], found["two"]))
    if (found := THEY_DIFFER.search(question)) is not None and (asked := question[: found.start()].strip(" ,;:–-")):
        asked = core_of(asked)
        return Wording(marked(asked), "comparison", subject=asked.rstrip(" ?.!"))
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
            groups = {name.rstrip("234"): text for name, text in found.groupdict().items() if text}
            sides = tuple(groups[side] for side in ("one", "two") if side in groups)
            return Wording(core, "comparison", subject=groups.get("topic", "").strip(), sides=sides)
    if IN_COMMON.search(core):
        return None  # what is told of two together is told in one place
    return Wording(core, "comparison")
