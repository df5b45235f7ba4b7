"""Whether a question asks for an overview, and of what."""

import re

from qa.ask.asked.words import DOCUMENT, THESE, WORK, I
from qa.patterns import compiled

OVERVIEW = compiled(
    rf"\b(?:summari[sz]e|summary|summaries|tl;?\s?dr|gist|in a nutshell|synopsis|sum up|recap|"
    rf"(?:main|key|central|most important|essential) (?:points?|ideas?|messages?|facts|arguments?|themes?|topics?|"
    rf"takeaways?|statements?)|"
    rf"(?:short|brief|quick) (?:version|overview|outline)|overview|outline of|rundown|the essence)\b|"
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
THINKS = compiled(
    r"^what (?:do|does|did) (?P<who>the (?:[\w'’]+ )?(?:reviewers?|critics?)) (?:think|say|make|feel|conclude)"
    rf"(?: (?:of|about) (?:it|(?:the|this) {WORK}|the whole(?: thing)?))?"
    r"(?: (?:overall|in general|on the whole|all in all))?\W*$",
    I,
)
"""What one who judges a work thinks of it, all in all."""
FAULTS = "what is wrong with it"
"""What an overview of complaints is of."""
COMPLAINS = compiled(
    r"^(?:(?:so |and )?what (?:else )?(?:(?:do|does|did)(?:n['’]t| not) (?P<whose_not>the (?:[\w'’]+ )?"
    r"(?:reviewers?|critics?)) (?:like|love|enjoy|care for)|"
    r"(?:do|does|did) (?P<who>the (?:[\w'’]+ )?(?:reviewers?|critics?)) "
    r"(?:not like|dislike|hate|critici[sz]e|complain|find fault|object|not care for|have against|mind)|"
    r"(?:bugs|annoys|bothers|disappoints|annoyed|bothered|disappointed) "
    r"(?P<whom>the (?:[\w'’]+ )?(?:reviewers?|critics?)))"
    rf"(?: (?:about|of|with|to|in|most|at all|it|(?:the|this) {WORK}))*|"
    r"what (?:is|was|are|were) (?P<whose>the (?:[\w'’]+ )?(?:reviewer|critic))['’]s? (?:\w+ )?"
    rf"(?:complaints?|criticisms?|gripes?|objections?)(?: (?:about|of|with|to) (?:it|(?:the|this) {WORK}))?)\W*$",
    I,
)
"""What one who judges a work finds fault with."""
RECEIVED = compiled(
    rf"^how (?:well |badly )?(?:was|is|were|has|did) (?P<what>it|they|(?:the|this) {WORK})(?: been| get| do with)? "
    r"(?:received|reviewed|critics|reviewers|audiences)\W*$|"
    rf"^how (?:well |badly )?(?P<told>it|they|(?:the|this) {WORK}) (?:was|is|were|has been) (?:received|reviewed)\W*$",
    I,
)
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


def gist_of(core: str) -> str:
    """What an overview is of: "the gist of the forest essay"; nothing where it does not say."""
    found = re.search(
        r"\b(?:of|from|in|for|on|summari[sz]e|sum up|recap|outline|describe|tl;?\s?dr:?)\s+(?!a (?:nutshell|few)|"
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
    what = re.sub(r"(?<!\s)\s+for (?:me|us)\b", "", what.strip(" ,"))
    short = r"(?:a nutshell|short|brief|(?:a few|a couple of|one|two|three|\d+) \w+)"
    return re.sub(rf"(?<!\s)\s+in {short}$", "", what.strip(" ,"))
