"""Whether a question asks for an overview, and of what."""

import re

from qa.ask.asked.words import DOCUMENT, THESE, WORK, I
from qa.patterns import compiled

OVERVIEW = compiled(
    rf"\b(?:summari[sz]e|summary|summaries|tl[;:]?\s?dr|gist|in a nutshell|synopsis|sum up|recap|condense|"
    rf"(?:main|key|central|core|big|major|most important|essential|underlying) "
    rf"(?:points?|things|ideas?|messages?|facts|arguments?|themes?|topics?|takeaways?|statements?)|"
    rf"(?:short|brief|quick) (?:version|overview|outline)|overview|outline of|rundown|the essence)\b|"
    # As a French or a Spanish speaker may say "summarise".
    rf"^(?:(?:can|could|would|will) you )?(?:please )?resum[eé](?: for (?:me|us)| me| us)? {THESE} "
    rf"(?:[\w'’-]+ ){{0,3}}?{WORK}\b|\br[eé]sum[eé] of {THESE} (?:[\w'’-]+ ){{0,3}}?{WORK}\b|"
    rf"^what (?:do|does|did) (?:(?:these|those|all|both|each)|(?:these|those|the|this|that|all|both|each)"
    rf"(?: [\w'’-]+){{0,2}}? {WORK}(?: (?:with|by|of|on|from) [\w'’ -]{{1,40}}?)?) "
    rf"(?:tell|say|talk|speak|deal|treat|cover|contain|discuss)"
    rf"(?: (?:about|of|with|us|me))*(?:,? (?:overall|in general|generally|on the whole|all in all|altogether|"
    rf"in short|briefly|in brief))?\W*$|"
    rf"^(?:please )?(?:list|show|name)(?: me)? (?:(?:all|of|the|your|these|every|each) ){{1,3}}{DOCUMENT}\W*$|"
    rf"^(?:what|which) {DOCUMENT} (?:do|can|did) (?:you|we|i) (?:have|know|use|read|search|ask|draw on)\W*$|"
    rf"^(?:what|which) (?:are )?(?:the |your )?{DOCUMENT}(?: are (?:there|these))?\W*$|"
    rf"\b(?:facts|things) about (?:the|this|these) (?:[\w'’-]+ )?{WORK}\W*$|"
    rf"\bwhat (?:each|every) (?:[\w'’-]+ )?{WORK} (?:says|tells|covers|is about|deals with)|"
    rf"^what(?: is|['’]s| stands) (?:on|in) (?:the|this) (?:[\w'’-]+ ){{0,2}}?{WORK}(?:, (?:in short|briefly|in "
    rf"brief|roughly|basically|mainly|mostly|more or less))?\W*$|"
    rf"^(?:the )?(?:plot|storyline|synopsis|story)\W*$|"
    rf"^(?:what|which)(?: are| were)?(?: the)? (?:[\w'’-]+ )?themes\b(?:[^?]* (?:in|of) {THESE} {WORK})?\b"
    rf"(?![^?]* (?:other|earlier|previous|past) )|"
    rf"\b(?:important|essential|key) (?:stuff|things?|facts?)(?: (?:i|we|they|you|one|people|guests|my \w+))?"
    rf"(?: should| must| need| ought)?(?: to)? know\b|"
    rf"^(?:[^?]{{3,60}}, )?what(?:['’]s| is| are| should| do| must)? [^?]{{0,40}}\bknow (?:beforehand|going in|before "
    rf"(?:i|we|they|you|the|it|one|seeing|watching|going))\b|"
    rf"^what (?:happens|goes on) in (?:the|this) {WORK}\W*$|^what(?: is|['’]s) (?:the )?(?:plot|storyline|content|"
    rf"contents|subject|topic)"
    rf"(?: of (?:the|this|these) (?:[\w'’-]+ )?{WORK})?\W*$|^describe (?:the|this|these) (?:[\w'’-]+ )?{WORK}\W*$",
    I,
)
SAYS_ALL = compiled(
    r"^what (?P<who>the [\w'’-]+|he|she|they|it|(?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*){0,3}) "
    r"(?:says?|said|tells?|told|explains?|explained|has to say)(?: us| me| there)?"
    r"(?: (?:in|during|on) (?P<source>(?:the|this|that|his|her) [\w'’ -]{3,40}?))?[;,.]?\W*$",
    I,
)
"""All that somebody says, or that is said in a text: "what the keeper says in the letter"."""
SHORTLY = (
    r"(?:,? (?:just |only |and |please )*(?:(?:in |within |as )?(?:just |only |about )*(?:an?|one|two|three|\d|a few|"
    r"a couple of|simple|plain|short|your own) (?:[\w'’-]+ )?(?:lines?|sentences?|words?|terms|english)|briefly|"
    r"shortly|in short|in brief|in a nutshell|basically))"
)
"""How long or how plain an answer shall be: ", in one line", " in simple words"."""
SAYING_WHY = r"(?:,? (?:before|because|since|so(?: that)?|as|if|when) (?:i|i['’]\w+|we|we['’]\w+|my|our)\b[^?]*)"
ABOUT = compiled(
    r"^(?:[^?,]{3,80}, (?=(?:can|could|would|will) you\b))?(?:(?:(?:can|could|would|will) you )?(?:tell|explain|say)"
    rf"(?: to)?(?: me| us)?{SHORTLY}*,? |in (?:[\w'’-]+ ){{1,2}}(?:words?|terms|lines?|sentences?|english),? )?"
    rf"what(?: exactly| even| actually| really)?(?P<be> is|['’]s|s| was| are|['’]re| were)? (?P<subject>.+?)"
    rf"(?(be)| (?:is|was|are|were))"
    rf"(?: (?:all|even|really|actually|exactly|supposed to be|meant to be))* about{SHORTLY}*{SAYING_WHY}?\W*$|"
    r"^what (?:do|does|did) (?P<subject2>.+?) (?:deal with|tell about|talk about|treat of|treat|discuss|cover)\W*$",
    I,
)
TOLD_OF = compiled(r"^(?P<what>(?:what|how|why) (?!is\b|are\b|was\b|were\b)[\w'’-]+ .+)$", I)
"""What an overview may be of that is no document: "what critics thought of it"."""
IT = rf"(?:it|them|(?:the|this) {WORK}|the whole(?: thing)?)"
THINKS_OF_IT = compiled(
    rf"^what (?:(?:that|the|this) )?(?P<who>[\w.'’-]+(?: [\w.'’-]+){{0,2}}?)(?: (?:fellow|guy|chap|man|woman|person))? "
    rf"(?:thinks?|thought|makes?|made)(?: (?:of|about) {IT})?\W*$",
    I,
)
"""What somebody thinks of a work, as it is summed up."""
JUDGE = (
    r"(?:the|this|that) (?:[\w'’]+ )?(?:reviewers?|critics?)|"
    r"(?:the|this|that) (?:man|woman|person|guy|one|user|viewer) "
    rf"(?:who|that) (?:reviewed|wrote|posted) (?:it|(?:the|this|that|a) (?:[\w'’]+ ){{0,2}}?{WORK})"
    r"(?: (?:on|at|in) [\w'’]+)?|"
    r"(?:he|she|(?-i:[A-Z])[\w.-]*(?: (?-i:[A-Z])[\w.-]*){0,2})(?=['’]s\b| (?:think|feel) (?:of|about)\b|"
    r" (?:(?:really|actually|even) )?(?:like|love|enjoy|hate|dislike|recommend)(?:e?d)?\b|"
    r" (?:complain|moan|grumble|gripe|whine|object|find fault|take issue)\b)|"
    r"(?!(?:it|this|that|they|you|we|the|an?|his|her|its|their|your|my|our)\b)[\w.-]{3,}(?=['’]s\b)"
)
"""Who may judge a work; whether a name is of one who does, only the sources tell."""
LIKED = r"(?:like|love|enjoy|praise|admire)(?:e?d|s)?"
DISLIKED = (
    r"(?:(?:do|does|did)(?:n['’]?t| not)(?: like)?|(?:dislike|hate|criticise|criticize)(?:d|s)?|(?:bug(?:ged|s)|"
    r"annoye?[ds]|bother(?:ed|s)|irritate[ds]|disappoint(?:ed|s))(?: (?:him|her|them))?|"
    r"(?:complain|moan)(?:ed|s)? about|"
    r"(?:find|found|finds) fault with)"
)
THINKS = compiled(
    r"^(?:so |and |but )?(?:(?:(?:list|name|say|tell me|show me) )?what(?= .*\b(?:and|or|but|what)\b)|"
    r"(?:(?:what|how) )?(?:do|does|did|would)|(?:what|how)(?: is|['’]s| was| were| are)|is|was|are|"
    rf"were|(?:tell|give) (?:me|us)) (?P<who>{JUDGE})"
    rf"(?: (?:think|say|make|feel|conclude)(?: (?:of|about) {IT})?|"
    rf" (?:(?:really|actually|even) )?(?:like|love|enjoy|hate|dislike|recommend) {IT}|"
    rf" (?:like|love|enjoy|praise|admire)(?: (?:most|best))?(?: (?:about|in) {IT})?|"
    rf" {LIKED}(?: (?:about|in|of) {IT})?(?:,| and| or| but)+ (?:what )?(?:(?:he|she|they) )?{DISLIKED}"
    rf"(?: (?:about|in|of) {IT})?|"
    rf"['’]s? (?:(?:overall|final|general|main|personal) )?(?:verdict|opinion|judge?ment|impressions?|thoughts)"
    rf"(?: (?:of|about|on) {IT})?|"
    r" (?:impressed|happy|pleased|positive|negative|enthusiastic|keen|disappointed|convinced)"
    rf"(?: (?:by|with|of|about|on) {IT})?)"
    rf"(?:,? (?:overall|in general|on the whole|all in all|in the end)|{SHORTLY})?\W*$",
    I,
)
"""What one who judges a work thinks of it, all in all."""
PRAISED = compiled(
    rf"^(?:which|what) (?:parts?|things?|aspects?|sides?|elements?) (?:of {IT} )?(?:do|does|did) (?P<who>{JUDGE}) "
    rf"(?:like|love|enjoy|praise|admire|single out)(?: (?:most|best))?(?: (?:about|in) {IT})?\W*$|"
    rf"^what(?: is|['’]s| was) (?P<whose>(?:the|this|that) (?:[\w'’]+ )?(?:reviewer|critic))['’]s favou?rite "
    rf"(?:part|thing|bit|aspect|side|element)(?: (?:of|about|in) {IT})?\W*$|"
    rf"^(?:is|was|were) there (?:something|anything|things?) (?:that )?(?P<one>(?:the|this|that) (?:[\w'’]+ )?"
    rf"(?:reviewer|critic)) {LIKED}(?: (?:about|in) {IT})?(?:,? (?:then|though|too|as well|at all))?\W*$",
    I,
)
"""What of a work one who judges it praises."""
THOUGHT = "what reviewers think"
"""What an overview of verdicts is of."""
FAULTS = "what is wrong with it"
"""What an overview of complaints is of."""
SOMEBODY = r"(?:the|this|that) (?:guy|man|woman|person|one|user|viewer|poster|dude|lady)(?: (?:on|at|from) [\w'’]+)?"
"""Who has told what is thought of a work, by no name."""
COMPLAINS = compiled(
    r"^(?:(?:so |and )?what (?:else )?(?:(?:do|does|did)(?:n['’]t| not) (?P<whose_not>the (?:[\w'’]+ )?"
    r"(?:reviewers?|critics?)) (?:like|love|enjoy|care for)|"
    r"(?:do|does|did) (?P<who>the (?:[\w'’]+ )?(?:reviewers?|critics?)) "
    r"(?:not like|dislike|hate|critici[sz]e|complain|find fault|object|not care for|have against|mind)|"
    r"(?:bug(?:s|ged)|annoys|bothers|disappoints|annoyed|bothered|disappointed) "
    r"(?P<whom>the (?:[\w'’]+ )?(?:reviewers?|critics?)))"
    rf"(?: (?:about|of|with|to|in|most|at all|it|(?:the|this) {WORK}))*|"
    r"(?:so |and |but )?what (?:is|was|are|were) "
    r"(?P<whose>the (?:[\w'’]+ )?(?:reviewer|critic)(?=['’])|his|her|their)(?:['’]s?)? (?:\w+ )?"
    rf"(?:complaints?|criticisms?|gripes?|objections?)(?: (?:about|of|with|to) (?:it|(?:the|this) {WORK}))?|"
    rf"(?:(?:so |and |but )?(?:why|what|how come|(?:on|for) what (?:grounds?|reasons?)) (?:do|does|did|would) "
    rf"(?P<by>{JUDGE}|{SOMEBODY}) (?:not like|dislike|hate|criticise|criticize|(?:complain|moan|grumble|gripe|whine)"
    rf"(?: about| at)?|find fault with|object to|have against|take issue with)|what(?: is|['’]s| was| are| were) "
    rf"(?P<of_whom>{JUDGE}|{SOMEBODY})['’]s? (?:\w+ )?"
    r"(?:problems?|issues?|trouble|quarrel|complaints?|criticisms?|gripes?|objections?)"
    rf"(?: about| with| to)) (?!{IT}\b)(?P<with>(?:the|its|his|her|their) [\w'’ -]{{2,40}}?))\W*$",
    I,
)
"""What one who judges a work finds fault with."""
RECEIVED = compiled(
    rf"^what (?:do|does|did) (?:the |all |most |other )?(?:people|critics|reviewers|audiences|viewers|everyone|"
    rf"everybody|others|they|the press) (?:(?:generally|mostly) )?(?:think|say|make) (?:of|about) (?P<thought>it|{IT})"
    rf"(?:,? (?:overall|generally|in general|on the whole|all in all))?\W*$|"
    rf"^how (?:well |badly )?(?:was|is|were|has|did) (?P<what>it|they|(?:the|this) {WORK})(?: been| get| do with)? "
    r"(?:received|reviewed|critics|reviewers|audiences)"
    r"(?:,? (?:overall|generally|in general|on the whole|all in all))?\W*$|"
    rf"^(?:what|how) (?:do|does|did) (?:the |all |most |other )?(?P<by>critics|reviewers|audiences|the press) "
    rf"(?:(?:generally|mostly) )?(?:react|respond|praise|admire|criticise|criticize)(?: to| about)?(?: {IT})?"
    rf"(?:,? (?:overall|generally|in general|on the whole|most))?\W*$|"
    rf"^(?:do|does|did) (?:the |most |other |any )?(?:critics|reviewers|audiences|the press) (?:really |actually )?"
    rf"(?:like|love|enjoy|hate|dislike) (?P<liked>{IT})(?: overall| in general)?\W*$|"
    rf"^how (?:well |badly )?(?P<told>it|they|(?:the|this) {WORK}) (?:was|is|were|has been) (?:received|reviewed)\W*$",
    I,
)
NAMED_FIRST = compiled(rf"^(?P<what>{THESE} [^:?,]{{3,60}}): (?=\w)", I)
"""What an overview is of, in front of it: "The letter on the mill: what are its main points?"."""
ON_A_PAGE = compiled(rf"^what(?: is|['’]s| stands) (?:on|in) (?P<what>{THESE} [^,?]{{3,60}})", I)
THING = compiled(r"^(?P<what>.+)$")
TELL_ABOUT = compiled(
    r"^(?:(?:tell|say)(?: me| us)? |what (?:can|could|do|would) (?:you|we|i|they) (?:tell|say|know|learn|find out|find)"
    r"(?: me| us)? )?(?:more |something |a bit |a little |all )?about (?!how\b|what\b|which\b)(?P<subject>.*\w)\W*$",
    I,
)
IN_SHORT = compiled(
    r"^(?:tell|give|say)(?: me| us)? (?P<what>(?!a\b|an\b)[^?,]{3,80}?),? (?:in a nutshell|in short|in brief|briefly|"
    r"in a few words)\W*$",
    I,
)
"""What is told in short: "tell me her life story in a nutshell"."""
BOTH_SIDES = compiled(
    r"^(?:what (?:are|were) |list |name |give (?:me |us )?)?(?:the |its )?(?:main )?"
    r"(?:strengths?|merits|strong points|good points|good sides?|positives?|pros|plus points)"
    r"(?:,? and |,? | ?/ ?)(?:the |its )?(?:main )?"
    r"(?:weaknesses|weakness|faults|flaws|weak points|bad points|bad sides?|negatives?|cons|minus points)"
    rf"(?: (?:of|in|with) {IT})?\W*$",
    I,
)
"""What is good and bad about a work, by those who judge it."""
QUOTES = compiled(
    r"^(?:(?:give|show|find|list|quote|cite|tell|name)(?: me| us)? )?"
    r"(?:(?:some|all|a few|the|any|every|\d{1,2}|two|three|four|five|ten) )?"
    r"(?:(?:interesting|basic|short|quick) )?"
    r"(?:(?:quotes?|quotations?|passages?|sentences?|excerpts?|lines|statements|mentions) (?:about|on|regarding|of) |"
    r"(?:facts|things) about |"
    r"everything (?:that (?:is|['’]s) |that(?: we)? )?(?:known?|said|told|there is) (?:about|of|on) )"
    r"(?P<subject>[^?]*\w)\W*$",
    I,
)
"""A question for what is said of something."""
A_THING = compiled(r"^(?:the|this|that|these|those|his|her|its|their) ", I)


AROUND = compiled(
    r",? (?:that|which) (?:i|we|you) (?:can|could|may|might|will|need|want|have to|should)\b|"
    r",? (?:before|because|since|so(?: that)?|as|if|when|but|could|can|while) (?:i|i['’]\w+|we|you|my|our|it)\b|"
    r",? (?:i|we) (?:do|don['’]t|didn['’]t|have|haven['’]t|need|want|can|can['’]t|could|am|must)\b|"
    r", (?:i['’]\w+|need|just|only|please|no|not|nothing|but|did|does|is|was|in|for|because|so|thanks?)\b|"
    r" to (?:read|use|tell|show|give|put|send|share|post|present|hand|quote)\b|"
    r" for (?:me|us|my|our|class|school|homework|(?:a|the) (?:class|lesson|kids|children|pupils|students))\b|"
    r" (?:as|in|with) (?:a (?:handful|list|couple|set|few) (?:of )?)?(?:[\w-]+ )?(?:bullets?|keywords|bullet points)\b|"
    r",? please\b| (?:in|into|within|with|using) (?:a nutshell|short|brief|(?:just |only |about |under )?"
    r"(?:a few|a couple of|one|two|three|four|five|six|ten|\d+) \w+|(?:simple|plain|your own) \w+)"
    r"(?=\W*$|,| (?:that|which|for|to|please)\b)|"
    r"(?<=\w) (?:on|about|for|of) (?:this|that|it)(?: one)?\W*$",
    I,
)
"""What stands behind the name of what an overview is of: how long it shall be, what for, why."""
PURPOSE = compiled(r"^for (?:an?|the|my|our) [^,:?!.]{2,40}[:,]\s+", I)
"""What for, in front of the question: "For a programme note: what …"."""


POINTS_OF = compiled(
    r"^(?:the )?(?:(?:main|key|central|most important|essential) )?(?:points?|ideas?|facts|arguments?|themes?|topics?|"
    r"takeaways?|content|contents|gist|essence) (?:of|from|in) ",
    I,
)
"""What is said of a text to be summarised: "summarise the main points of | the letter"."""


def gist_of(core: str) -> str:
    """What an overview is of: "the gist of the forest essay"; nothing where it does not say.

    >>> gist_of("For my class: the main points of the report, I have no time to read it")
    'the report'
    >>> gist_of("Sum up the letter in two lines that I can read out")
    'the letter'
    >>> gist_of("summarise the main points of the letter for me.")
    'the letter'
    """
    core = PURPOSE.sub("", core)
    found = re.search(
        r"\b(?:of|from|in|for|on|summari[sz]e|sum up|recap|condense|outline|describe|resum[eé]|"
        r"tl[;:]?\s?dr:?(?: of| for| on)?)\s+(?!a (?:nutshell|few)|short|brief|"
        r"(?:one|two|three|four|five|six|ten|\d+) [a-z]+\W*$)(?P<what>[^?.!]+)",
        re.sub(r"(?<=resum[eé]) (?:for )?(?:me|us)\b", "", core, flags=I),
        I,
    )
    if told := NAMED_FIRST.match(core):
        return told["what"].strip()
    if told := ON_A_PAGE.match(core):
        return told["what"].strip()
    if (told := IN_SHORT.match(core)) and not re.match(
        rf"(?:about |of )?{THESE} (?:[\w'’-]+ ){{0,2}}?{WORK}\b", told["what"], I
    ):
        return told["what"].strip()
    each = re.search(rf"\b(?:each|every|both|these|those|this|the|all)(?: [\w'’-]+){{0,2}}? {WORK}\b", core, I)
    what = found["what"] if found else each[0] if each else ""
    what = POINTS_OF.sub("", what.strip())
    return AROUND.split(f" {what}", maxsplit=1)[0].strip(" ,")
