"""Running text in lines: whether line ends are an editor's, which hyphens at them are, and what is not seen at all."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise

from qa.patterns import compiled
from qa.text import Mark, Span

NARROWEST, WIDEST = 24, 130
"""Characters of the longest line of text that an editor wrapped at 30 to 120 columns, with some grace."""
RAGGED = range(45, 121)
# Words after which no line ends that stands for itself.
OPEN_ENDS = frozenset(
    "a an the of to in on at by for from with and or but nor as than that which who whose is was are were be been has "
    "had have it its his her their our your my this these those into over under after before between when while if "
    "not".split()
)


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether the line ends of a paragraph are those of an editor, so that sentences go on over them.

    An editor breaks where the next word would not fit; people break where a thought ends. Three signs are taken: the
    next line goes on in lower case or the line ends on a word like "of"; the next word had no room; the lines are
    long and about equal.
    """
    lines = [line.strip() for line in lines]
    if len(lines) < 2 or not all(lines):
        return False
    longest = max(map(len, lines))
    joins = list(pairwise(lines))
    broken = sum(_ends_in_hyphen(line, following) for line, following in joins)
    if 3 * broken >= len(joins):
        return True
    if longest not in range(NARROWEST, WIDEST + 1):
        # One very long line is a paragraph by itself; two of them may still be one sentence.
        return longest > WIDEST and all(_goes_on(*join) for join in joins)
    goes_on = sum(_goes_on(line, following) for line, following in joins)
    full = sum(len(line) + 1 + len(following.split()[0]) > longest for line, following in joins)
    words = sum(len(line.split()) for line in lines) / len(lines)
    if 2 * goes_on >= len(joins) and words >= 4:
        return True
    if full >= 0.85 * len(joins) and 3 * goes_on >= len(joins) and words >= 3:
        return True
    body = lines[:-1]
    mid_sentence = sum(line[-1:] not in ".!?:;»" for line in body)
    return longest in RAGGED and min(map(len, body)) > 0.6 * longest and 2 * mid_sentence >= len(body)


def is_paragraph(lines: Sequence[str], hard: bool) -> bool:
    """Whether the lines of a paragraph whose format joins them are read as one; ``hard`` if it marks ends of lines.

    People still write lists so and see them as such in their editor: lines of which none goes on in the next.
    """
    if len(lines) == 1 or is_wrapped(lines):
        return True
    return not hard and any(_goes_on(line.strip(), following.strip()) for line, following in pairwise(lines))


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence goes on over a line end."""
    if not line or not following or line[-1] in ".!?:;":
        return False
    return following[0].islower() or line[-1] == "," or line.split()[-1].lower() in OPEN_ENDS


def _ends_in_hyphen(line: str, following: str) -> bool:
    return line[-1] in "-\u00ad\u2010" and line[-2:-1].isalpha() and following[0].islower()


LINE_END = r"[ \t]{0,200}\r?\n[ \t]{0,200}(?:[>#/;%]{1,4}[ \t]{0,4}){0,4}"
"""With the signs of quotes and remarks before the next line."""
BROKEN = compiled(rf"(?<=[^\W\d_])(?P<hyphen>[-\u2010\u00ad]){LINE_END}(?=[^\W\d_])")
WORD = compiled(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
HALF = compiled(r"[^\W\d_]+")
# First and second halves of compounds that keep their hyphen wherever a line ends.
FIRST_HALVES = frozenset(
    "twenty thirty forty fifty sixty seventy eighty ninety one two three four five six seven eight nine ten eleven "
    "twelve self well ill half mid non semi ex all long short high low full part far near old new mother father son "
    "daughter brother sister cross first second third north south east west vice ready hand home world".split()
)
SECOND_HALVES = frozenset(
    "year years old time term based like free made known sized mile miles hour hours day days week weeks month foot "
    "feet inch inches pound pounds metre metres meter storey story seat seater in at by up off out down law of the and "
    "to hand handed eyed haired built grown shaped".split()
)


HALVES = compiled(r"(?<![^\W\d_])[^\W\d_]{1,40}[-\u2010\u00ad]" + LINE_END + r"[^\W\d_]{1,40}")


def words_of(text: str) -> frozenset[str]:
    """The words of a text in lower case, but for the halves of those that a line end breaks; none where it breaks none.

    They are only asked for to tell what a word broken at a line end was.
    """
    if BROKEN.search(text) is None:
        return frozenset()
    whole = HALVES.sub("\n", text)
    return frozenset(match[0].lower() for match in WORD.finditer(whole))


def line_marks(text: str, span: Span, words: Set[str]) -> Iterator[Mark]:
    """Words broken at line ends read as one; soft hyphens and other signs without width read as nothing.

    ``words`` are those of the document, which decide whether a hyphen belongs to the word or to the line end.
    """
    for match in SIGNS.finditer(text, *span):
        broken = BROKEN.match(text, match.start(), span.end) if match.start() > span.start else None
        if match[0] in INVISIBLE:
            yield Mark(match.start(), broken.end() if broken else match.end())
        elif broken is not None:
            keeps = _keeps_hyphen(text, broken, words)
            yield Mark(broken.start() + keeps, broken.end())


INVISIBLE = "\u00ad\u200b\u200c\u2060\ufeff"
SIGNS = compiled(rf"[{INVISIBLE}]|[-\u2010](?=[ \t]{{0,200}}\r?\n)")
LONGEST_HALF = 40
ADVERB = 4
"""Letters above which a first half that ends in "ly" is taken for an adverb, not for "fly" or "only"."""


def _keeps_hyphen(text: str, broken: re.Match[str], words: Set[str]) -> bool:
    before = re.search(r"(?<![^\W\d_])[^\W\d_]+\Z", text[max(0, broken.start() - LONGEST_HALF) : broken.start()])
    after = HALF.match(text, broken.end())
    if before is None or after is None or not after[0][0].islower() or not before[0][-1].islower():
        return True
    if text[after.end() : after.end() + 1] == "-" and (before[0] + after[0]).lower() not in words:
        return True
    return is_compound(before[0].lower(), after[0].lower(), words)


def is_compound(first: str, second: str, words: Set[str]) -> bool:
    """Whether two halves in lower case, parted by a hyphen at a line end, are written with one, by ``words_of`` all."""
    if first + second in words:
        return False
    if f"{first}-{second}" in words or first in FIRST_HALVES or (first.endswith("ly") and len(first) > ADVERB):
        return True
    return first in words and (second in words or second in SECOND_HALVES)


def apart(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks in order; of two that overlap the earlier is kept."""
    kept: list[Mark] = []
    for mark in sorted(marks):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)


LONGEST_LEAD = 200
"""Characters above which words are no context for what they lead to."""


def explained(before: str | None) -> str | None:
    """What a footnote explains, of the words before its sign: their last sentence."""
    if before is None:
        return None
    words = before.rstrip(".!?… ")
    cut = max(words.rfind(sign) for sign in (". ", "! ", "? "))
    return words[cut + 2 :][-LONGEST_LEAD:].strip() if cut >= 0 else words[-LONGEST_LEAD:].strip() or None
