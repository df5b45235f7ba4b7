"""What the sources deny: that there is what a question takes for granted, or that anybody did what it speaks of."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from qa.ask.forms.desk import Desk, finding_at, sentences_of
from qa.patterns import compiled
from qa.search.words import content_words, stem
from qa.types import Finding, Query, Reading, ScoredPassage

DENIED = compiled(
    r"\b(?:has|have|had|is|are|was|were|(?:does|do|did) not have|(?:doesn|don|didn)['’]t have|never had)"
    r" (?:no|any|an?) (?P<what>(?:[\w'’-]+ ){0,2}[\w'’-]+)(?=\s*[.;!]|, (?:and|but|so)\b| (?:and|but|so)\b|$)",
    re.IGNORECASE,
)
HAS_NO = compiled(r"\b(?:no|not|never)\b|n['’]t\b", re.IGNORECASE)
NOBODY = compiled(r"\b(?:nobody|no one|none|nothing|nowhere|never)\b", re.IGNORECASE)
READ = 8
"""Passages in which a denial is looked for."""
UNSURE = 0.7
"""Confidence up to which what the sources deny counts for more than what the reader found."""
LEAST = 0.02
"""Probability from which a sentence with the question's own negation may answer it."""
CONFIDENCE = 0.6


def denied(query: Query, desk: Desk, ranked: Sequence[ScoredPassage], reading: Reading) -> Reading:
    """The reading, or a sentence instead that denies what is asked about.

    It counts for more where the reader is not sure, or found a passage without the question's own negation.
    """
    negation = NOBODY.search(query.text)
    told = reading.findings[0].passage.plain.text.lower() if reading.findings else ""
    unlike = negation is not None and negation[0].lower() not in told
    if reading.reason is None and reading.confidence > UNSURE and not unlike:
        return reading
    found = _without(query, ranked) or _nobody(query, desk, ranked)
    if found is None:
        return reading
    confidence = max(CONFIDENCE, reading.confidence)
    return replace(reading, findings=(found,), confidence=confidence, reason=None, rivals=())


def _without(query: Query, ranked: Sequence[ScoredPassage]) -> Finding | None:
    """A sentence that says without a condition that there is none of what the question names first."""
    if NOBODY.search(query.text) or HAS_NO.search(query.text):
        return None
    asked = [stem(word) for word in content_words(query.core or query.text)]
    for scored in ranked[:READ]:
        for single in sentences_of(scored):
            for match in DENIED.finditer(single.passage.plain.text):
                what = [stem(word) for word in content_words(match["what"])]
                if what and HAS_NO.search(match[0]) and all(word in asked for word in what):
                    return finding_at(scored.passage, single.passage.span)
    return None


def _nobody(query: Query, desk: Desk, ranked: Sequence[ScoredPassage]) -> Finding | None:
    """The one sentence near a question that has its negation: "On which day did nobody come?" and "Nobody came."."""
    negation = NOBODY.search(query.text)
    if negation is None:
        return None
    singles = [single for scored in ranked[:READ] for single in sentences_of(scored)]
    alike = [single for single in singles if negation[0].lower() in single.passage.plain.text.lower().split()]
    if len(alike) != 1:
        return None
    weighed = desk.reader.each(query, alike)
    return finding_at(alike[0].passage, alike[0].passage.span) if weighed[0].probability >= LEAST else None
