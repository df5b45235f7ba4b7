"""What kind of question a wording is, told from its words alone: kind, what it wants, its parts, what it names.

``wording`` is one pass from the lead ("Could you tell me …") over the named source and the parts of a compound to the
kind. Nothing here knows the corpus; ``qa.ask.questions`` puts both together.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from qa.patterns import compiled
from qa.types import Kind, Wants

I = re.IGNORECASE  # noqa: E741


class Wording(Struct, frozen=True):
    """A question by its wording.

    ``core`` is the question without greeting, lead and named source. ``subject`` is what a definition or an overview
    is of, what a list or a count is a list of; ``source`` what was named as the source, if something was; ``sides``
    what is compared; ``unit`` the unit that the answer shall have. ``parts`` are the questions of a compound, each
    with the named source.
    """

    core: str
    kind: Kind = "value"
    wants: Wants | None = None
    subject: str = ""
    source: str = ""
    sides: tuple[str, ...] = ()
    unit: str = ""
    parts: tuple[str, ...] = ()


WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
AUX = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would|isn['’]t|"
    r"aren['’]t|"
    r"wasn['’]t|weren['’]t|don['’]t|doesn['’]t|didn['’]t|hasn['’]t|haven['’]t|hadn['’]t|can['’]t|couldn['’]t|"
    r"won['’]t|"
    r"wouldn['’]t|shouldn['’]t|mustn['’]t)"
)
GREETING = compiled(
    r"^\W*(?:(?:(?:hello|hi|hey|hiya)(?: there| all| everyone)?|good (?:morning|afternoon|evening|day)|dear \w+|"
    r"excuse me|sorry|ok|okay|so|well|now|"
    r"and|but|also|please|thanks|thank you|by the way|btw|just|quick question|something else|another question|next "
    r"question|one more (?:thing|question))\b[\s,.!:;–-]*)+",
    I,
)
CLOSING = compiled(
    r"(?<![\s,.!–-])[\s,.!–-]*\b(?:please|pls|plz|thanks|thank you|many thanks|cheers|lol|haha|in advance|by the way|"
    r"btw|"
    r"by any chance|if you know|if that is known|or what|or something(?: like that)?|or whatever|or so|though|anyways?|"
    r"of all things|in the first place|i wonder|i guess|idk|(?:for|of|about) this thing|exactly)[\s,.!]*+"
    r"(?=\W*+$)",
    I,
)
OR_NOT = compiled(
    r"^(?P<asked>.*\w)[,?]?(?: or (?:not|no|nah|is it not|isn['’]t it)| \(?(?:y/n|yes/no|yes or no|true or "
    r"false)\)?)\W*$",
    I,
)
"""A question that says itself that it is for yes or no."""
LIKE_THIS = compiled(r",\s+like (?:[\w'’-]+ or ){1,4}[\w'’-]+(?=\W*$)", I)
"""Examples of what the answer may be: "…, like PG or R"."""
AGAIN = compiled(r"^(?P<asked>(?:who|what)(?: is| was|s|['’]s| are| were) (?:[\w'’-]+ ){1,3})again(?=\W*$)", I)
"""How somebody asks who has forgotten it: "Who was Pol Pot again?"."""
KNOWING = compiled(
    r"(?<=\w), ?(?:would|do|can|could|might) you (?:happen to )?(?:know|say|tell me)(?: that| it)?(?=\W*$)", I
)
"""How a question ends that asks politely: "…, would you know?"."""
LEAD = compiled(
    r"^(?:(?:(?:can|could|would|will) (?:you|anyone|anybody|somebody|someone)(?: please| kindly| perhaps)?|"
    r"(?:may|might|can|could) i|do you(?: happen to)?|does any(?:one|body)|i(?: would|['’]d) (?:really )?"
    r"(?:like|love|want)(?: you)? to|i (?:want|need|wish)(?: you)? to|i(?: am|['’]m| was) (?:curious|wondering)|i "
    r"wonder|"
    r"any idea|let me|please|kindly|help me) ?)?"
    r"(?:(?:please )?(?:tell|show|give)(?: me| us)?(?: please)?|know|ask(?: you)?|find out|look up|check|"
    r"understand|learn|say|remind me|"
    r"let me know|be told)\s+(?=(?:\w+ ){0,2}?(?:who|whom|whose|what|which|when|where|why|how|if|whether|the|all|"
    r"every|"
    r"each|any|a|an|some|about|more|something|briefly|your)\b)|"
    r"^(?:i(?: am|['’]m| was|['’]ve been) (?:just )?(?:curious|wondering)|i wonder|any idea)[,:]?\s+|"
    r"^(?:can|could|would|will) you (?:please |kindly )?(?=(?:list|name|compare|summari[sz]e|describe|explain|"
    r"define|count|outline)\b)",
    I,
)
ASKS_OF = compiled(r"^(?:if|whether)\s+", I)
SENTENCE_END = compiled(r"(?:(?<=[?!])|(?<=\w\w[.;]))\s+(?=[\w\"“'‘])")
INTERROGATIVE = compiled(
    rf"^(?:(?:and|but|also|or|then)\s+)?(?:(?:in|at|on|by|for|from|with|to|of|about|after|under|during|since|"
    rf"until) )?"
    rf"(?:{WH}(?:['’]s|['’]re|s)?|{AUX}|list|name|compare|summari[sz]e|describe|define|explain|enumerate)\b",
    I,
)

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
SOURCE_LAST = compiled(rf"(?:,|(?<!\s))\s+(?P<how>{SOURCE_WORDS}|in|from)\s++(?P<source>[^,?]{{2,80}}?)\s*\??$", I)
SAYS = r"(?:say|says|said|tell|tells|state|states|mention|mentions|report|reports|write|writes|claim|claims)"
SOURCE_SAYS = compiled(
    rf"^(?P<wh>(?:{WH}|in which \w+|on which \w+)(?: (?!does|do|did\b)[\w'’-]+){{0,3}}?) (?:do|does|did) "
    rf"(?P<source>(?:the |this |that |[A-Z])[^,?]{{1,60}}?) {SAYS}(?! {SAYS}\b)(?: us| me)?(?: that)?"
    rf"(?: (?P<about>about|of|on|regarding))?"
    rf"(?:\s+(?P<rest>[^?]+))?\??$",
    I,
)

DOES_SAY = compiled(
    rf"^(?:do|does|did) (?P<source>(?:the |this |that |[A-Z])[^,?]{{1,60}}?) (?:even |actually |also |ever )?{SAYS}"
    rf"(?: us| me)? (?:(?P<asked>(?:(?:in|at|on|by|for|from|with|to|of) )?{WH} [^?]+)|"
    r"(?:if|whether|that) (?P<stated>[^?]+)|"
    r"(?P<attribute>(?:the|his|her|its|their) (?:[\w’'-]+['’]s? )?(?:name|title|date|year|place|price|age|number|"
    r"reason|length|budget)\b"
    r"[^?]*))\??$",
    I,
)
"""A question whether a source says something: "Does the interview say who composed the music?"."""
WRITTEN = compiled(
    r"\b(?:interviews?|articles?|reports?|reviews?|papers?|essays?|documents?|files?|database|listing|encyclop\w+|"
    r"guide|manual|"
    r"letters?|e-?mails?|memos?|transcripts?|newspapers?|gazette|leaflets?|brochures?|handbook|wikipedia|"
    r"\w+\.\w{2,4})\W*$",
    I,
)

MORE_OF_THAT = r"(?:and|what about|how about)\s+(?:the|in|on|at|for|from|by|to|of|its|his|her|their)\s"
"""How a second question begins that says only what it asks otherwise than the first: "… And in Japan?"."""
PIECE = compiled(
    rf"(?:[?;]\s+(?:(?:and|also|or|but)\s+)?|(?:,|(?<!\s))\s+(?:and|but|as well as|plus)(?: also)?\s+|,\s+)"
    rf"(?=(?:(?:in|at|on|by|for|from|with|to|of|since|until) )?{WH}\b|{AUX} (?:it|he|she|they|there|the|this|that|"
    rf"i|you|"
    rf"we|a|an|any|one|its|his|her|their)\b)|"
    rf"\?\s+(?={MORE_OF_THAT})",
    I,
)
ELLIPTIC = compiled(
    rf"^(?:(?:in|at|on|by|for|from|with|to|of|since|until) )?{WH}(?:\s+(?:else|much|many|long|so))?\W*$", I
)
MORE_OF_IT = compiled(
    rf"^(?P<asked>(?:(?:when|where|why|how|what|who)(?= {AUX}\b)|who\b)[^,?;]{{3,200}}?),? (?:and|or) (?:also )?"
    rf"(?P<wh>(?:(?:in|at|on|by|for|from|with|to|of|since|until) )?{WH})\W*$",
    I,
)
TWO_WH = compiled(rf"^(?!who or what)(?P<one>{WH}) (?:and|or) (?P<two>{WH})\s+(?P<rest>(?:{AUX})\b.+)$", I)
OF_ALL = r"(?P<of>(?: (?:of|for|in|at|on) (?:the |this |that |its |[A-Z])[^,]{1,60})?)"
NOUNS = compiled(
    r"^(?:(?P<ask>who|what|when|where)(?: (?:is|are|was|were)|['’]s|['’]re) |name |list |)the (?P<first>[\w'’-]+)"
    r"(?P<more>(?:, (?:the )?[\w'’-]+)*),? and (?:the )?(?P<last>[\w'’-]+)" + OF_ALL + r"\W*$",
    I,
)
DOES = compiled(
    rf"^(?P<who>who\b[^,;?]{{3,80}}?),? and what (?:{AUX}) (?:he|she|they|it)"
    rf"(?: (?:do|done|doing|known for|famous for))?\W*$",
    I,
)
"""Who somebody is, asked twice: "Who is … and what did she do?"."""
REPEATED = compiled(r"(?:,\s+(?:and\s+)?|(?<!\s)\s+and\s+)(?=the (?:\w+) )", I)

NUMERAL = r"(?:two|three|four|five|six|seven|eight|nine|ten|both|\d+)"
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
SINGULAR_DET = r"(?:a|an|one|this|that|another)"
COUNTED_UNITS = compiled(
    r"^(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|decades?|centuries|euros?|dollars?|pounds?|"
    r"cents?|pence|"
    r"crowns|francs|marks|yen|rupees|kron(?:or|er|a)|metres?|meters?|miles?|kilometres?|kilometers?|km|feet|foot|"
    r"inches|yards?|"
    r"litres?|liters?|gallons?|pints?|tonnes?|tons?|kilos?|kilograms?|grams?|degrees?|percent|per cent|knots|"
    r"hectares?|acres?|"
    r"watts?|kilowatts?|volts?|amps?|calories|square \w+|cubic \w+|kg|cm|mm|ml|mph)\b",
    I,
)
UNIT = compiled(
    r"\b(?:in|as)\s+(?P<unit>(?:square |cubic )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|euros?|"
    r"dollars?|US dollars?|"
    r"pounds?|cents?|pence|crowns|francs|marks|yen|rupees|kron(?:or|er|a)|met(?:re|er)s?|miles?|kilomet(?:re|er)s?|"
    r"km|feet|inches|"
    r"yards?|lit(?:re|er)s?|gallons?|pints?|tonnes?|tons?|kilos?|kilograms?|grams?|celsius|fahrenheit|per ?cent|"
    r"percent|knots|"
    r"hectares?|acres?|kilowatts?|watts?|cent[a-z]*s|millimet(?:re|er)s?|centimet(?:re|er)s?|kg|cm|mm|ml|mph)"
    r"(?: (?:an?|per) (?:hour|second|minute|day|year|night|person))?)\s*\??$",
    I,
)

WORK = (
    r"(?:films?|movies?|books?|texts?|documents?|docs?|articles?|papers?|essays?|reports?|pages?|stor(?:y|ies)|"
    r"plays?|reviews?|"
    r"interviews?|sources?|files?|letters?|novels?|talks?|podcasts?|chapters?|sections?|folders?|corpus|series|"
    r"episodes?|study|"
    r"studies|memos?|emails?|e-mails?|notes?|minutes|transcripts?|speech|speeches|presentations?|contracts?|"
    r"manuals?|guides?|"
    r"leaflets?|brochures?|newsletters?|diary|diaries|poems?|documentary|documentaries|material|collection|posts?|"
    r"blog|database|listing|website|article)"
)
DOCUMENT = r"(?:sources?|documents?|files?|texts?|papers?)"
OVERVIEW = compiled(
    rf"\b(?:summari[sz]e|summary|summaries|tl;?\s?dr|gist|in a nutshell|synopsis|sum up|recap|"
    rf"(?:main|key|central|most important|essential) (?:points?|ideas?|messages?|facts|arguments?|themes?|topics?|"
    rf"takeaways?|statements?)|"
    rf"(?:short|brief|quick) (?:version|overview|outline)|overview|outline of|the essence)\b|"
    rf"^what (?:do|does) (?:(?:these|those|all|both|each)|(?:these|those|the|this|that|all|both|each)"
    rf"(?: [\w'’-]+){{0,2}}? {WORK}(?: (?:with|by|of|on|from) [\w'’ -]{{1,40}}?)?) "
    rf"(?:tell|say|talk|speak|deal|treat|cover|contain|discuss)"
    rf"(?: (?:about|of|with|us|me))*\W*$|"
    rf"^(?:please )?(?:list|show|name)(?: me)? (?:(?:all|of|the|your|these|every|each) ){{1,3}}{DOCUMENT}\W*$|"
    rf"^(?:what|which) {DOCUMENT} (?:do|can|did) (?:you|we|i) (?:have|know|use|read|search|ask|draw on)\W*$|"
    rf"^(?:what|which) (?:are )?(?:the |your )?{DOCUMENT}(?: are (?:there|these))?\W*$|"
    rf"\b(?:facts|things) about (?:the|this|these) (?:[\w'’-]+ )?{WORK}\W*$|"
    rf"\bwhat (?:each|every) (?:[\w'’-]+ )?{WORK} (?:says|tells|covers|is about|deals with)|"
    rf"^what(?: is|['’]s| stands) (?:on|in) (?:the|this) (?:[\w'’-]+ ){{0,2}}?{WORK}(?:, (?:in short|briefly|in "
    rf"brief))?\W*$|"
    rf"^(?:the )?(?:plot|storyline|synopsis|story)\W*$|"
    rf"^what (?:happens|goes on) in (?:the|this) {WORK}\W*$|^what(?: is|['’]s) (?:the )?(?:plot|storyline|content|"
    rf"contents|subject|topic)"
    rf"(?: of (?:the|this|these) (?:[\w'’-]+ )?{WORK})?\W*$|^describe (?:the|this|these) (?:[\w'’-]+ )?{WORK}\W*$",
    I,
)
ABOUT = compiled(
    r"^what(?: is|['’]s|s| was| are|['’]re| were) (?P<subject>.+?) (?:all )?about\W*$|"
    r"^what (?:do|does|did) (?P<subject2>.+?) (?:deal with|tell about|talk about|treat of|treat|discuss|cover)\W*$",
    I,
)
TOLD_OF = compiled(r"^(?P<what>(?:what|how|why) (?!is\b|are\b|was\b|were\b)[\w'’-]+ .+)$", I)
"""What an overview may be of that is no document: "what critics thought of it"."""
THESE = r"(?:the|this|that|these|those|each|every|all|both)"
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
QUOTES = compiled(
    r"^(?:(?:give|show|find|list|quote|cite)(?: me| us)? )?"
    r"(?:(?:some|all|a few|the|any|every|\d{1,2}|two|three|four|five|ten) )?"
    r"(?:quotes?|quotations?|passages?|sentences?|excerpts?|lines|statements|mentions) (?:about|on|regarding|of) "
    r"(?P<subject>[^?]*\w)\W*$",
    I,
)
"""A question for what is said of something."""
A_THING = compiled(r"^(?:the|this|that|these|those|his|her|its|their) ", I)

DOCUMENTS = r"(?:sources|documents|texts|papers|articles|files|reports|accounts|authors|reviews|two|both|they)"
COMPARISON = compiled(
    rf"^(?:compare|contrast)\b|\bcomparison (?:of|between)\b|\bdifferences? (?:between|in how|are there)\b|\bin "
    rf"common\b|"
    rf"^(?:how|where|in what(?: way| respects?)?|on what|do|does|did) .*\b(?:differ|disagree|agree|contradict|"
    rf"compare)\b|"
    rf"^(?:do|are|is) .*\b(?:{DOCUMENTS})\b.*\b(?:agree|disagree|contradict|the same|consistent|differ)\b",
    I,
)
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
    rf"(?:[?.!,;:–-] ?|(?<!\s)\s(?:because |as |since |when |but )?)(?:(?:the|these|those|your|both|all|my) "
    rf")*{DOCUMENTS} "
    r"(?:(?:all|both|each|seem(?:s|ed)? to|appear(?:s|ed)? to|don['’]t|do not) ){0,2}"
    r"(?:differ|disagree|agree|contradict (?:each other|one another|themselves)|"
    r"(?:say|tell|give|claim|have|name|mention)s? (?:something |some |two |several )?"
    r"(?:diff?e?r[ea]?nt|other|contradict\w+|conflicting)(?: [\w'’-]+){0,2})(?: (?:on|about) (?:this|that|it))?\W*$",
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
REASON = compiled(
    rf"^(?:so )?(?:why|how come)\b|\bwhy\b(?! not$)|\bfor (?:what|which) reasons?\b|^what(?: is|['’]s| was| were| "
    rf"are)? (?:the )?(?:\w+ )?(?:reasons?|purpose|cause|"
    rf"point|idea behind)\b|^what (?:made|makes|caused|causes|led|moved|brought|drove)\b|\bwhat for\b|"
    rf"^what(?:['’]s| (?:{AUX}))\b.* for\W*$|\bhow come\b|"
    rf"^(?:and )?how (?:{AUX}|to|exactly|so)\b(?! .*\b(?:called|spelt|spelled|related|old|pronounced)\b)|\bin what "
    rf"way\b|\bby what means\b",
    I,
)
EXPLAIN = compiled(r"^(?:please )?explain (?P<what>.+)$", I)

SUPERLATIVE = compiled(
    r"\b(?:most|least|fewest|(?!(?:interest|request|quest|forest|harvest|honest|west|rest|test|guest|arrest|"
    r"protest|contest|"
    r"invest|nest|best|chest|modest|conquest|suggest|priest|latest news|manifest|northwest|southwest|crest|pest|"
    r"vest|digest)\b)"
    r"\w{2,}est|first|last|best|worst|maximum|minimum|max|min)\b",
    I,
)
SUPERLATIVE_ASKED = compiled(
    r"^(?:on |in |at |by |for |from |to )?(?:which|what|who|whose|when|where|how|name|tell|give|list|the)\b", I
)

HOW_MANY = compiled(r"^(?:(?:from|in|of|on|to|by|with|for|at|about|and|over|since) )?how many\s+(?P<what>.+)$", I)
NUMBER_OF = compiled(r"^(?:what(?: is|['’]s| was)? )?(?:the )?(?:total )?(?:number|count) of (?P<what>.+)$", I)
COUNT = compiled(r"^count (?:up )?(?:the |all )", I)

EXCEPT = (
    r"(?:besides|beside|apart from|other than|except(?: for)?) (?P<but>(?-i:[A-Z])[\w'’-]*(?: (?-i:[A-Z])[\w'’-]*)*)"
)
"""What a list leaves out: "besides Panh"."""
LIST = compiled(
    rf"^(?:please )?(?:list|enumerate)\b(?! price)|\bnames of (?:all|the|those|every)|^(?:give|show)(?: me| us)? "
    rf"(?:all|every|each|a list|the list|the names)\b|"
    rf"\b(?:everyone|everybody|all those|all of (?:the|them)|all the|all \w+s)\b|^who all\b|"
    rf"^who (?:are|were)(?: (?:all )?the| all| its| their| his| her| your)\b|"
    rf"^who (?:else )?(?:plays|acts|stars|appears|performs|sings) in\b|^who (?:all |else )?(?:worked on|(?:is|are|was|"
    rf"were) credited)\b|"
    rf"^any (?:other |more )?[\w'’-]+s\W*$|^who(?:['’]s| is| are| was| were) (?:all )?in (?:it|(?:the|this) (?:film|"
    rf"movie|picture|cast|show|play|series))\W*$|"
    rf"\b(?:every|all) (?:person|people)\b|^(?:full |all (?:the )?)?(?:cast|crew|credits)(?: and (?:cast|crew))?\W*$|"
    rf"^(?:what|which) (?:are|were) (?:the|its|their|his|her|all|some|these|those|your)\b|^(?:which|what) of "
    rf"(?:the|these|those|them|its|his|her)\b|"
    rf"^(?:what|which|who|where) else\b|\bone by one\b|^(?:what|which)(?: are)? all\b|^a list of\b|"
    rf"^(?:what|which) (?:kinds?|sorts?|types?) of (?!\w+ (?:is|was)\b)|^(?:in |on |at |from |to |by |for |under |"
    rf"into |of |with |besides |between )?(?:which|what) {NUMERAL}\b|"
    rf"^(?:besides|apart from|other than) .*,\s*(?:what|which|who)\b|^(?:who|what|which)\b.* {EXCEPT}",
    I,
)
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
AUX_WORD = compiled(AUX, I)
PREPOSITIONS = frozenset("in on at for from to as by under behind over with of about into like that who else".split())
AFTER_VERB = frozenset(
    "the a an it its his her their this that where when if up out off down away back what how most more least "
    "first last "
    "only no not best".split()
)

DEFINE = compiled(
    r"^define\s+(?P<a>.*\w)\W*$|\bwhat(?: do(?:es)?| did)? (?P<b>.+?) (?:mean|means|stand for|stands for|refer to|"
    r"signify)(?: .{0,30})?\W*$|"
    r"^(?P<c>.+?) stands for what\W*$|^what(?: is|['’]s| was) (?:the )?(?:meaning|definition) of (?P<d>.*\w)\W*$|"
    r"^what(?: is|['’]s| was) meant by (?P<e>.*\w)\W*$|^(?P<j>[^,;:?–—]{2,40}?) what(?: is|['’]s) (?:that|this|it)\W*$|"
    r"^(?P<f>.{2,40}?)\s*(?:[-–—:,?]+\s*(?:what(?: is|['’]s| are| was| were) "
    r"(?:that|it|this|they|these|those)|meaning|what does (?:that|it) mean|"
    r"what do the letters stand for)|meaning)(?: .{0,20})?\W*$|^who or what (?:is|was|are|were) (?P<g>.*\w)\W*$|"
    r"^(?:meaning|definition) of (?P<h>.*\w)\W*$|"
    r"^what (?:sort|kind) of (?:a |an )?(?:thing|person|place|animal|plant) (?:is|was) (?P<i>.*\w)\W*$",
    I,
)
WHO_IS = compiled(r"^(?:who|whos)(?: is|['’]s| was|s| are| were) (?P<subject>.*\w)\W*$", I)
SOMEBODY = compiled(
    r"^(?P<who>who)(?: is|['’]s| was)? (?:this|that|the) (?P<name>[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+){0,3}) "
    r"(?:guy|dude|bloke|fellow|chap|person|man|woman|lady|girl)\W*$",
    I,
)
"""Who a name stands for that was only heard: "who's this Taft guy"."""
WHAT_IS = compiled(
    r"^(?:what|whats)(?: exactly)?(?: is|['’]s| was|s| are| were)(?: exactly)? (?P<article>an? |the "
    r")?(?P<subject>.*\w)\W*$",
    I,
)
WHO_ARE = compiled(r"^who (?:are|were) (?P<one>[^,?]{1,60}?),? and (?P<two>[^,?]{1,60}?)\W*$", I)
TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Doctor|Sir|Lady|Lord|Captain|Saint|St|King|Queen|Father|Sister|Brother|"
    r"Aunt|Uncle)\.?"
)
NAME_WORD = r"(?:[^\W\d_a-z][\w.'’-]*|de|da|di|do|du|van|von|der|den|la|le|al|bin|ibn|of|the|and|y|\d+)"
PROPER = compiled(rf"^(?:{TITLE} )?[^\W\d_a-z][\w.'’-]*(?: {NAME_WORD})*$")
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
POSSESSIVE = compiled(r"['’]s\b|s['’] ", I)
PREPOSITION = compiled(
    r"\b(?:of|in|on|at|for|from|with|by|to|behind|during|after|before|under|that|who|which|when)\b", I
)

YES_NO = compiled(rf"^(?:{AUX})\s+\S|^any(?:one|body)?\s+\S|^(?!.*\b{WH}\b)[^,]+,\s+{AUX}\s+(?!not\b)\w", I)
OR = compiled(r"\bor\b", I)
ANY_OF_THEM = compiled(r"^any (?:other |more )?(?P<noun>[\w'’-]+s)\W*$", I)
"""Those that there are, where a single plural is asked for: "any awards?"."""
ANY_OF = compiled(r"\b(?:any|either|no)(?: of)? (?:[\w'’-]+ ){1,3}or\b", I)
"""A choice that is none: "any of his brothers or sisters"."""
TAG = compiled(
    rf",\s+(?:{AUX}|right|correct|no|yes|yeah)(?:\s+(?:it|he|she|they|there|you|we|i|one))?(?:\s+not)?\s*\?\W*$|"
    rf"^(?!{WH}\b|{AUX}\b)(?:\S+ ){{3,30}}(?:right|correct)\W*$",
    I,
)
"""How a statement ends that is asked: "…, isn't it?", "the house is still there right"."""
STATED = compiled(
    rf"^(?:(?:it|he|she|they|there|this|that|these|those|we|i)(?:['’](?:s|re|ve|m)\b| {AUX}\b)|"
    rf"(?:the|his|her|its|their|this|that|all|every|no|any|some) (?:[\w'’-]+ "
    rf"){{1,3}}?{AUX}\b)(?!.*\b{WH}\b)[^?]*\?\W*$",
    I,
)
"""A statement with a question mark: "he is still alive?"."""
IS_THAT = compiled(
    r"[;:,–—]\s*(?:so )?(?:is|are|was|were|does|do|can|may|will|would|could) (?:that|it|this|they|he|she|i|you|we|"
    r"there)\b[^,;]*\?\W*$",
    I,
)
TRUE = compiled(r"^(?:is it (?:true|so|the case|right|correct)(?: that)?|(?:is|was) it that)\b", I)


NAMED_FIRST = compiled(
    rf"^(?!{WH}\b|{AUX}\b)(?P<name>[\w'’.-]+(?: [\w'’.-]+){{0,4}}) ?[?!.,]+ (?:and |so )?(?P<asked>(?:what|who) (?:is|"
    rf"are|was|were)) "
    r"(?:that|this|it|they|those|these|he|she)\W*$",
    I,
)
"""What is asked about in front of the question: "Ana Vey? Who is she?"."""


def wording(question: str) -> Wording:
    """A question, white space single, by its wording.

    >>> found = wording("Hello! Could you tell me who all the nurses are?")
    >>> found.kind, found.wants
    ('list', 'person')
    >>> wording("When was it built and who built it?").parts
    ('When was it built?', 'who built it?')
    """
    if (differing := _differing(question)) is not None:
        return differing
    core = _core(question)
    source = ""
    two = SAY_TWO.match(core)
    if two:
        topic = _embedded(two["wh"], two["rest"])
        return Wording(topic or core, "comparison", subject=two["rest"].strip(), sides=(two["one"], two["two"]))
    if not COMPARISON.search(core):
        core, source = _source(core)
    if (twice := DOES.match(core)) and WHO_IS.match(twice["who"]):
        core = _marked(twice["who"])
    parts = tuple(dict.fromkeys(_parts(core)))
    if 1 < len(parts) <= MOST_PARTS:
        named = [f"According to {source}, {part}" if source else part for part in parts]
        return Wording(core, "several", source=source, parts=tuple(named))
    return _of_kind(core, source)


def _core(question: str) -> str:
    """The one sentence that asks, without greeting, lead and thanks."""
    text = _unclosed(question)
    stripped = GREETING.sub("", text)
    text = stripped if any(c.isalnum() for c in stripped) else text
    if (found := NAMED_FIRST.match(text)) is not None:
        return f"{found['asked']} {found['name']}?"
    sentences = [s for s in SENTENCE_END.split(text) if any(c.isalnum() for c in s)]
    asking = [
        i for i, s in enumerate(sentences) if s.rstrip().endswith("?") or INTERROGATIVE.match(GREETING.sub("", s))
    ]
    if asking and len(sentences) > 1:
        marked = [i for i in asking if sentences[i].rstrip().endswith("?")] or asking
        text = " ".join(sentences[i] for i in marked)
    for _ in range(3):
        before = text
        text = GREETING.sub("", text) or text
        text = LEAD.sub("", text, count=1)
        text = ASKS_OF.sub("is it true that ", text) if before != text else text
        if text == before:
            break
    if (found := SOMEBODY.match(text)) is not None:
        text = f"{found['who']} is {found['name']}?"
    return text.strip() or question


def trimmed(question: str) -> str:
    """A question without greeting, thanks and lead, which say nothing of what is asked.

    >>> trimmed("Hi! Could you tell me who shot it, please?"), trimmed("The mill burnt. Who owned it, by any chance?")
    ('who shot it?', 'The mill burnt. Who owned it?')
    """
    text = _unclosed(question)
    stripped = GREETING.sub("", text)
    text = stripped if any(c.isalnum() for c in stripped) else text
    alone = len([s for s in SENTENCE_END.split(text) if any(c.isalnum() for c in s)]) == 1
    bare = LEAD.sub("", text, count=1) if alone else text
    text = bare if ASKING_WORD.match(bare) else text
    return text + "?" if question.rstrip().endswith("?") and not text.endswith("?") else text


ASKING_WORD = compiled(rf"^(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}\b|^{AUX}\b", I)


def _unclosed(question: str) -> str:
    """A question without what only ends it: thanks, "or what", "again", "…, would you know?"."""
    text = question.strip()
    for _ in range(2):
        text = CLOSING.sub("", KNOWING.sub("", text)).strip()
    text = LIKE_THIS.sub("", text)
    if (found := AGAIN.match(text)) is not None:
        text = f"{found['asked'].rstrip()}?"
    if (found := OR_NOT.match(text)) is not None:
        asked = found["asked"].rstrip()
        text = (
            asked if INTERROGATIVE.match(asked) else f"is it {asked}" if len(asked.split()) < 5 else f"{asked}, right"
        )
        text += "?"
    return text


def _source(core: str) -> tuple[str, str]:
    """The question without the source that it names, and the source."""
    if says := SOURCE_SAYS.match(core):
        rest = (says["rest"] or "").strip()
        if rest:
            return _embedded(says["wh"], rest, about=bool(says["about"])), says["source"].strip()
    if (says := DOES_SAY.match(core)) and WRITTEN.search(says["source"]):
        asked = (
            says["asked"] or (says["stated"] and f"is it true that {says['stated']}") or f"what is {says['attribute']}"
        )
        return _marked(asked), says["source"].strip()
    for pattern in (SOURCE_FIRST, SOURCE_LAST):
        if found := pattern.search(core):
            rest = core[found.end() :] if pattern is SOURCE_FIRST else core[: found.start()] + "?"
            # "in" and "from" open many a phrase that names no source; only what is named one is.
            if found["how"].lower() in ("in", "from", "on", "per") and not WRITTEN.search(found["source"]):
                continue
            return rest.strip(), found["source"].strip()
    return core, ""


def _embedded(wh: str, rest: str, about: bool = True) -> str:
    """The question that a source is asked: ("what", "when it opened") is "when it opened?"."""
    rest = rest.strip(" ?")
    if re.match(rf"(?:(?:in|on|at|by|from|to) )?{WH}\b", rest, I):
        return f"{rest}?"
    if about and wh.lower() == "what":
        return f"What about {rest}?" if rest else ""
    return f"{wh} {rest}?"


MOST_PARTS = 6
"""Questions that are answered in one; each costs as much as a question by itself."""


def _parts(core: str) -> Iterator[str]:
    """The questions of a compound, none if it is one question."""
    if two := TWO_WH.match(core):
        rest = two["rest"].rstrip(" ?")
        yield from (f"{two['one']} {rest}?", f"{two['two']} {rest}?")
        return
    if (nouns := NOUNS.match(core)) and not _is_plural(nouns["first"]) and not _is_plural(nouns["last"]):
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
    pieces = [one for piece in _pieces(core) for one in _two_of_a_kind(piece)]
    if len(pieces) == 1 and (twice := MORE_OF_IT.match(core)):
        yield from (_marked(twice["asked"]), _again(twice["asked"], twice["wh"]))
    elif len(pieces) > 1:
        yield from pieces


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
        own = INTERROGATIVE.match(left) is not None and len(left.split()) >= 2
        # A comma alone may end a clause ("When she came, where …"), or open one; before a last "and" it is a list's.
        comma = not re.search(r"[a-z?;]", cut[0], I) and not re.search(r"\band\s+" + WH, right, I)
        said = re.search(
            rf"\b(?:about|say|says|said|explain|explains|know|whether|if)\s+(?:(?:in|of|to) )?{WH}\b", left, I
        )
        if alone and own and not said and not comma:
            found.append(_marked(left))
            start = cut.end()
    last = core[start:].strip()
    return [*found, _marked(last)] if last else found


def _marked(part: str) -> str:
    return part.strip(" ,;?.!") + "?"


def _of_kind(core: str, source: str) -> Wording:
    """The kind of one question; the order is part of the rules: what is told by more words comes first."""
    wants = _wants(core)
    unit = found["unit"] if (found := UNIT.search(core)) else ""
    plain = core.rstrip(" ?.!")
    if compared := _comparison(core):
        return compared
    if OVERVIEW.search(core) or (core.lower().startswith("what about ") and source):
        topic = core[len("what about ") :].rstrip(" ?") if core.lower().startswith("what about ") else ""
        of = "" if topic else _of(core)
        if told := TOLD_OF.match(of) or (IN_SHORT.match(core) and THING.match(of)):
            return Wording(core, "overview", subject=told["what"], source=source)
        return Wording(core, "overview", subject=topic, source=source or of)
    if about := ABOUT.match(core):
        subject = about["subject"] or about["subject2"]
        work = re.search(rf"\b{WORK}\b", subject, I) or re.fullmatch(r"it|this|these|that|those|they", subject, I)
        if work or PROPER.match(subject) or subject[:1] in "\"“'‘*":
            return Wording(core, "overview", source=source or subject)
    if defined := DEFINE.search(core):
        subject = next(group for group in defined.groups() if group)
        if not re.match(rf"{WH}\b|(?:the|a) \w+ (?:of|in)\b", subject, I) or len(subject.split()) <= 2:
            return Wording(core, "definition", subject=_bare(subject), source=source)
    if tell := TELL_ABOUT.match(core):
        subject = tell["subject"]
        if re.search(rf"\b{WORK}\b", subject, I):
            return Wording(core, "overview", source=source or subject)
        # A name is defined; of a thing that everybody knows, what is told of it.
        kind: Kind = "overview" if A_THING.match(subject) and not PROPER.match(_bare(subject)) else "definition"
        return Wording(core, kind, subject=_bare(subject), source=source or ("" if kind == "overview" else subject))
    if quotes := QUOTES.match(core):
        return Wording(core, "overview", subject=quotes["subject"], source=source)
    if explain := EXPLAIN.match(core):
        return _of_kind(explain["what"], source)
    if count := HOW_MANY.match(core) or NUMBER_OF.match(core):
        what = count["what"].rstrip(" ?")
        if measured := COUNTED_UNITS.match(what):
            return Wording(core, "value", "number", source=source, unit=measured[0] if what != measured[0] else unit)
        if SUPERLATIVE.search(what) and not re.match(r"(?:most|first|last)\b", what, I):
            return Wording(core, "superlative", "number", source=source, unit=unit)
        return Wording(core, "count", "number", _counted(what), source)
    if COUNT.match(core):
        return Wording(core, "count", "number", core[COUNT.match(core).end() :].rstrip(" ?"), source)  # type: ignore[union-attr]
    if TAG.search(core) or TRUE.match(core) or IS_THAT.search(core) or STATED.match(core):
        return Wording(core, "yes_no", source=source)
    if ANY_OF_THEM.match(core):
        return Wording(core, "list", wants, _listed(core), source)
    if YES_NO.match(core):
        tail = core[core.lower().find(" ") :]
        alternative = OR.search(ANY_OF.sub("", tail)) and not re.search(
            r"\bor (?:not|no|so|more|less|other|any|later|over|under|above)\b", tail, I
        )
        return Wording(core, "value" if alternative else "yes_no", source=source)
    if REASON.search(core):
        return Wording(core, "reason", source=source)
    subject = _defined(core)
    if subject and PROPER.match(subject):
        return Wording(core, "definition", subject=subject, source=source)
    listed = _lists(core)
    if SUPERLATIVE.search(plain) and SUPERLATIVE_ASKED.match(core) and not (listed and LIST.search(core)):
        return Wording(core, "superlative", wants, source=source, unit=unit)
    if listed:
        return Wording(core, "list", wants, _listed(core), source)
    if subject:
        return Wording(core, "definition", subject=subject, source=source)
    return Wording(core, "value", wants, source=source, unit=unit)


def _differing(question: str) -> Wording | None:
    """What sources that differ say of something: "Who made it? The documents differ.", "Why is it other in …?"."""
    if (found := DIFFERENT_IN.match(_core(question))) is not None:
        topic = f"the {found['topic']}"
        sides = tuple(found[side].strip() for side in ("one", "two") if found[side])
        return Wording(_core(question), "comparison", subject=topic, sides=sides if len(sides) == 2 else ())
    if (found := THEY_DIFFER.search(question)) is not None and (asked := question[: found.start()].strip(" ,;:–-")):
        asked = _core(asked)
        return Wording(_marked(asked), "comparison", subject=asked.rstrip(" ?.!"))
    return None


def _comparison(core: str) -> Wording | None:
    if found := WHICH_OF_TWO.match(core):
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
    return Wording(core, "comparison")


def _of(core: str) -> str:
    """What an overview is of: "the gist of the forest essay"; nothing where it does not say."""
    found = re.search(
        r"\b(?:of|from|in|for|summari[sz]e|sum up|recap|outline|describe|tl;?\s?dr:?)\s+(?!a (?:nutshell|few)|"
        r"short|brief|(?:one|two|three|four|five|six|ten|\d+) [a-z]+\W*$)(?P<what>[^?.!]+)",
        core,
        I,
    )
    if told := ON_A_PAGE.match(core):
        return told["what"].strip()
    if (told := IN_SHORT.match(core)) and not re.match(
        rf"(?:about |of )?{THESE} (?:[\w'’-]+ ){{0,2}}?{WORK}\b", told["what"], I
    ):
        return told["what"].strip()
    each = re.search(rf"\b(?:each|every|both|these|those|this|the|all)(?: [\w'’-]+){{0,2}}? {WORK}\b", core, I)
    what = found["what"] if found else each[0] if each else ""
    return re.sub(r"(?<!\s)\s+in (?:a nutshell|short|brief|(?:a few|one|two|three|\d+) \w+)$", "", what.strip(" ,"))


def _bare(subject: str) -> str:
    """A term without article, quotes and what it was seen in."""
    subject = re.sub(
        r"^(?:the (?:word|term|name|letters?|abbreviation|expression) |an? |the )", "", subject.strip(), flags=I
    )
    return subject.strip(" \"“”'‘’*?.!,:")


def _is_plural(word: str) -> bool:
    lower = word.lower()
    if lower in PLURALS:
        return True
    return (
        lower.endswith("s")
        and len(lower) > 3
        and lower not in NOT_PLURAL
        and not lower.endswith(("ss", "us", "'s", "’s", "is"))
    )


def _lists(core: str) -> bool:
    if LIST.search(core):
        return True
    if named := NAME_SEVERAL.match(core):
        noun = named["noun"]
        return noun is None or (any(_is_plural(word) for word in noun.split()[:3]) and not noun.startswith("of "))
    if ARE.match(core):
        return True
    asked = ASKED_NOUN.match(core)
    words = asked["words"].split() if asked else []
    if words and words[0].lower() in ("the", "a", "an", "his", "her", "its", "their", "this", "that"):
        return False  # "What the figures add to the story?" has its subject before its verb
    for i, word in enumerate(words[:4]):
        if AUX_WORD.fullmatch(word) or word.lower() in PREPOSITIONS:
            return False
        if _is_plural(word):
            return _is_asked_noun(word, words[i + 1 :], first=i == 0, what=core.lower().startswith("what"))
    return False


def _is_asked_noun(word: str, following: list[str], *, first: bool, what: bool) -> bool:
    """Whether a word in -s is what is asked for: no verb ("Which boat carries the mail?"), no part of a noun."""
    behind = [word.lower() for word in following[:2]]
    if not behind:
        return not (first and what) or _is_noun(word)
    if AUX_WORD.fullmatch(behind[0]):
        return True
    if len(behind) > 1 and AUX_WORD.fullmatch(behind[1]) and not first and not behind[0].endswith("ed"):
        return False  # "Which Texas Instruments chip is …"
    verb = behind[0] in AFTER_VERB or (behind[0] in PREPOSITIONS and (what or not first))
    return not verb or _is_noun(word)


def _is_noun(word: str) -> bool:
    """Whether a word in -s has an ending that verbs have not."""
    return word.lower().endswith(("ities", "tions", "ments", "ings", "ers", "ors", "isms", "ists"))


def _listed(core: str) -> str:
    """What a list is of."""
    text = re.sub(r"^(?:please )?(?:list|enumerate|name|give|show)(?: me| us)?\s+", "", core, flags=I)
    text = re.sub(r"^(?:who|what|which) (?:are|were)\s+", "", text, flags=I)
    text = re.sub(r"^any (?:other |more )?", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:(?:all|both|the|of|every|each|names|a|list|titles)\s+)+", "", text, flags=I)
    return text.strip(" ?.!")


def _counted(what: str) -> str:
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
        if _is_plural(word) and len(words) > 0:
            break
    return " ".join(words) or what


def _defined(core: str) -> str:
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


def _wants(core: str) -> Wants | None:
    """What a question wants, where its wording tells it."""
    for wants, pattern in WANTED.items():
        if pattern.search(core):
            return wants
    return None


WANTED: dict[Wants, re.Pattern[str]] = {
    "number": compiled(
        r"\bhow (?:many|much|old|long|big|tall|far|high|large|wide|deep|heavy|fast|often|late|early|strong|thick|"
        r"hot|cold|"
        r"expensive)\b|\bwhat (?:number|age|percentage|share|price|is the (?:budget|runtime|length|age|score|"
        r"rating|price|"
        r"number|size|height|width|weight|cost|fee|fare|distance))\b|\bnumber of\b",
        I,
    ),
    "date": compiled(
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time|season)\b|\bsince when\b", I
    ),
    "place": compiled(
        r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|village|street|river|region|state|island|"
        r"building)\b",
        I,
    ),
    "person": compiled(r"\bwho(?:m|se)?\b", I),
    "name": compiled(r"\bwhat is the (?:name|title)\b|\bwhat name\b|\bwhich (?:edition|festival|award)\b", I),
}
