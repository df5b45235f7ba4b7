"""What the title of a work speaks of: how its words are used in the text below it, in small letters."""

import re

from qa.ask.forms.byline import YEAR
from qa.ask.forms.desk import Desk, matched
from qa.patterns import compiled
from qa.types import Formed, Query, Reading

ASKED = compiled(
    r"(?:so |and |but )?what(?: exactly)?(?: is|['’]s| are| was) (?:the )?[\"'“‘]?(?P<term>[\w -]{3,60}?)[\"'”’]? "
    r"(?:that |which )?(?:the|its) (?:film['’]?s? |book['’]?s? )?(?:title|name) "
    r"(?:refers?|referring|speaks?|talks?|alludes?|hints?|points?|means?|is about|stands?)\b[^?]{0,20}\W*|"
    r"(?:so |and |but )?what(?: exactly)? (?:does|do|did) (?:the|its) (?:film['’]?s? |book['’]?s? )?(?:title|name)"
    r"(?: of (?:the|this) \w+)?(?: really| actually)? (?:mean|refer to|stand for|allude to|speak of|point to)\W*|"
    r"(?:so |and |but )?what is meant (?:by|with) (?:the|its) title\W*",
    re.IGNORECASE,
)
CONFIDENCE = 0.6


def meaning(query: Query, desk: Desk) -> Formed | None:
    """What a title speaks of, where a text says what that is; None where nothing such is asked or told."""
    asked = ASKED.fullmatch(query.core or query.text)
    if asked is None:
        return None
    titles = {YEAR.sub("", document.title).strip() for document in desk.documents.values()}
    for term in [asked["term"]] if asked["term"] else sorted(titles):
        bare = re.sub(r"^(?:the|an?) ", "", term, flags=re.IGNORECASE).lower()
        told = re.compile(rf"\b(?:the|an?) {re.escape(bare)}(?::| is| was|,) (?P<what>(?:an?|the) [^.;:…]{{3,160}})")
        for passage in desk.about(term):
            if (found := told.search(passage.text)) is not None:
                return Formed("definition", Reading((matched(passage, found, "what"),), CONFIDENCE, None), ())
    return None
