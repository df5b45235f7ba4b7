"""Enumerations in running text: "Ivy Marlow, Tobias Frey and Hulda Stern", the value of a label, cells of a line."""

import re
from collections.abc import Sequence

from qa.patterns import compiled
from qa.text import PlainText, Span, marks_within
from qa.types import Finding, Passage

SEPARATOR = compiled(r"(?<!\s)\s*(?:;|\||•|, (?:and|or|as well as) |,(?!\d)| and | or | as well as | – )\s*")
COMMA = compiled(r"(?<!\s)\s*(?:;|\||, ?(?:and|or) |,(?!\d))\s*")
LABEL = compiled(r"^(?P<label>[^\W_][^:.!?;]{0,60}):\s+(?P<value>\S(?:.*\S)?)\s*$", re.DOTALL)
NAME = (
    r"[A-Z][\w'’.-]*+(?:,? (?:of|the|de|da|di|van|von|der|to|a|an|in|&|for|on|at|[A-Z][\w'’.-]*+|\d++)"
    r"(?![\w'’.-])){0,40}+"
)
"""A name, or names with commas between; every word is taken once and whole, and not too many of them."""
NAMES = compiled(rf"(?<![\w'’.-]){NAME},? (?:and|or|as well as) {NAME}")
BETWEEN = compiled(r"\bbetween [^,;]*$", re.IGNORECASE)
"""What makes an "and" part of one thing: "between 1975 and 1979"."""
THING = r"(?:the|an?|his|her|its|their|our|my)"
BLEND = compiled(r"(?:an? )?(?:blend|mix|mixture|combination|range|variety|number|series) of ", re.IGNORECASE)
AGAIN = rf"(?:(?:and|or|as well as)\s+)?(?:(?:for|by|with|to|at|in)\s+|[a-z]+ing (?={THING} ))?"
"""What stands in front of a piece that is not the first."""
MADE_OF = compiled(
    rf"\b(?:(?:uses?|using|used|combin(?:es|ed|ing)|mix(?:es|ed|ing)|blend(?:s|ed|ing)|employ(?:s|ed|ing)|built from|"
    rf"made (?:of|from|with)|consist(?:s|ed|ing) of|composed of) (?:both )?|{BLEND.pattern})"
    rf"(?P<what>(?:(?!(?:to|that|which|who)\b)[\w'’-]+ ){{0,3}}[\w'’-]+(?:, (?!(?:and|or|which|who|but|while|as) )"
    r"(?:[\w'’-]+ ){0,3}[\w'’-]+)+,? (?:and|or) (?:(?!(?:by|from|to|that|which|who|in|of|for)\b)[\w'’-]+ ?){1,4})",
    re.IGNORECASE,
)
"""What something is made of, told as a series: "using oil, wax and tin"."""
PURPOSE = compiled(r" (?:in order )?to [a-z]+ ")
"""What follows the last thing of a series and says what for: "oil, wax and his voice to call up the sea"."""
SHORT_THING, LONG_TAIL = 5, 6
LONGEST_ITEM = 14
"""Words above which a piece is a clause and no item."""


def items_of(finding: Finding) -> list[Finding]:
    """The single items of an answer that enumerates them, or the answer alone.

    The answer is grown to the enumeration that it is a piece of: names beside names, the whole value of a label.
    """
    whole = grown(finding)
    passage = finding.passage
    part = passage.text[whole.start - passage.start : whole.end - passage.start]
    plain = PlainText.of(part, whole.start, [m for m in marks_within(passage.marks, whole) if not m.added])
    pieces = split(plain.text)
    if len(pieces) < 2:
        return [finding._replace(answer=whole, quote=_quote(finding, whole))]
    found = []
    for piece in pieces:
        span = plain.source(*piece)
        if span is not None:
            found.append(Finding(passage, _quote(finding, whole), span))
    return found


def _quote(finding: Finding, answer: Span) -> Span:
    return Span(min(finding.quote.start, answer.start), max(finding.quote.end, answer.end))


def grown(finding: Finding) -> Span:
    """The enumeration that an answer is a piece of, inside its sentence."""
    passage, answer = finding.passage, finding.answer
    sentence = next((s for s in passage.sentences if s.holds(answer)), None)
    if sentence is None:
        return answer
    part = passage.text[sentence.start - passage.start : sentence.end - passage.start]
    plain = PlainText.of(part, sentence.start, marks_within(passage.marks, sentence))
    shown = plain.shows(answer)
    if shown is None:
        return answer
    text = plain.text
    for match in NAMES.finditer(text):
        if match.start() <= shown.start and shown.end <= match.end() + 1:
            return plain.source(*match.span()) or answer
    for match in MADE_OF.finditer(text):
        if match.start() <= shown.start <= match.end():
            start, end = match.span("what")
            return plain.source(start, len(text[:end].rstrip())) or answer
    if (told := _of_one_form(text, shown)) != shown:
        return plain.source(told.start, told.end) or answer
    labelled = LABEL.match(text)
    if labelled and len(text.split()) <= 40 and labelled.start("value") <= shown.start:
        value = labelled["value"].rstrip(".")
        if len(split(value)) > 1:
            start = labelled.start("value")
            return plain.source(start, start + len(value)) or answer
    return answer


def made_of(passage: Passage) -> list[Span]:
    """What a passage tells of what something is made of, each as one series."""
    spans = (passage.plain.source(*match.span("what")) for match in MADE_OF.finditer(passage.plain.text))
    return [span for span in spans if span]


PARTICIPLE = (
    r"(?:[a-z]{2,}ed|led|given|taken|made|sent|driven|beaten|torn|shot|held|kept|put|sold|burnt|bound|hung|thrown|shown|told|"
    r"built|broken|cut)\b(?! (?:by|and)\b)"
)
DONE = compiled(rf"(?:,? and |, )(?:(?:then|all|both) )?(?:being )?(?={PARTICIPLE})")
DONE_FIRST = compiled(rf"(?:(?:all|both|then) )?(?:(?:being|having been) )?(?={PARTICIPLE})")
DONE_BEFORE = compiled(rf"\b(?:being |was |were |been )?(?P<done>{PARTICIPLE} [^,;.:]{{2,80}}), $")
THING_FIRST = compiled(THING + r"\b", re.IGNORECASE)
THING_LAST = compiled(rf",? (?:and|as well as)(?: [a-z]+ing)? {THING} [^,;.:]{{2,120}}?(?=[,;.:]|$)")
LONGEST_THING = 24
"""Words of a piece at most where every piece is a thing with an article."""


def _of_one_form(text: str, shown: Span) -> Span:
    """An answer with what stands beside it in the same form: things done, "led away, stripped of …", or things."""
    start, end = shown.start, shown.end
    said = text[start:end]
    if DONE_FIRST.match(said):
        while before := DONE_BEFORE.search(text[:start]):
            start = before.start("done")
        if (more := DONE.match(text, end)) and (piece := re.match(r"[^,;.:]+", text[more.end() :])):
            end = more.end() + piece.end()
    elif len(pieces := split(said)) > 1 and all(THING_FIRST.match(said, a) for a, _ in pieces):
        more = THING_LAST.match(text, end)
        end = more.end() if more else end
    return Span(start, end)


def split(text: str) -> list[tuple[int, int]]:
    """The pieces of an enumeration as places in it; one piece where it is none.

    >>> [("Ivy, Tobias and Hulda")[a:b] for a, b in split("Ivy, Tobias and Hulda")]
    ['Ivy', 'Tobias', 'Hulda']
    """
    text = text.rstrip(" .")
    if (begun := DONE_FIRST.match(text)) and (done := [m.span() for m in DONE.finditer(text)]):
        starts, ends = [begun.end(), *(b for _, b in done)], [*(a for a, _ in done), len(text)]
        return list(zip(starts, ends, strict=True))
    first = COMMA.search(text)
    cuts = [m.span() for m in (COMMA if first else SEPARATOR).finditer(text)]
    cuts = [(a, b) for a, b in cuts if not BETWEEN.search(text[:a])]
    if first and cuts:
        # Only the last comma's piece may hold the "and" of the series.
        last = cuts[-1][1]
        tail = re.search(r"(?<!\s)\s+(?:and|or|as well as)\s+", text[last:])
        if tail and not BETWEEN.search(text[: last + tail.start()]):
            cuts.append((last + tail.start(), last + tail.end()))
    pieces, start = list[tuple[int, int]](), 0
    for a, b in (*cuts, (len(text), len(text))):
        piece = text[start:a]
        lead = re.match(r"(?:and|or)\s+" if not pieces else AGAIN, piece)
        begin = start + (lead.end() if lead else 0)
        if (blend := BLEND.match(text, begin, a)) and blend.end() < a:
            begin = blend.end()
        if text[begin:a].strip():
            pieces.append((begin, a))
        start = b
    if len(pieces) > 2 and all(len(text[a:b].split()) <= SHORT_THING for a, b in pieces[:-1]):
        a, b = pieces[-1]
        if len(text[a:b].split()) > LONG_TAIL and (purpose := PURPOSE.search(text, a, b)):
            pieces[-1] = (a, purpose.start())
    longest = LONGEST_THING if all(THING_FIRST.match(text, a) for a, _ in pieces) and len(pieces) > 1 else LONGEST_ITEM
    clauses = any(len(text[a:b].split()) > longest for a, b in pieces)
    return [(0, len(text))] if clauses or not pieces or _is_number(text, pieces) else pieces


def _is_number(text: str, pieces: Sequence[tuple[int, int]]) -> bool:
    """Whether what looks like a series is one date or address: "May 3, 1999"."""
    return len(pieces) == 2 and re.fullmatch(r"\d{4}", text[pieces[1][0] : pieces[1][1]]) is not None
