"""Near misses made from questions that are answered: one word of the question becomes another one of its kind.

A reader that goes by the shape of a sentence answers "How wide is the bridge?" with its length and "Who keeps Harnley
Bottom?" with the keeper of Harnley Top. So a question is asked again with one name, number or thing exchanged for one
that its views do not hold, and nothing answers it; and again with the same word exchanged in the views as well, and the
same place answers it, for a name by itself must say nothing.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from msgspec.structs import replace

from qa.text import Span
from training.large.examples import NEITHER, JointExample, JointGroup

KINDS = tuple(
    frozenset(line.split())
    for line in """
length width height depth weight age thickness speed
wider longer heavier older deeper faster
brother sister mother father son daughter husband wife uncle aunt nephew niece cousin
director producer editor composer writer narrator designer cinematographer translator
directed produced edited composed narrated translated financed photographed
chairman treasurer secretary president vice-president caretaker
born married buried baptised
founded closed demolished restored sold renamed flooded
built painted repaired insured
opens closes
arrive depart
arrives departs
arrived departed
begin end
begins ends
began ended
buy rent borrow
library archive museum church school theatre hospital chapel prison brewery
kitchen bathroom bedroom cellar attic garage
bus train tram ferry plane taxi
car lorry bicycle motorbike tractor van
cats dogs horses cows sheep goats pigs hens rabbits geese ducks
cat dog horse cow goat pig hen rabbit goose duck donkey
apple pear plum cherry peach lemon orange
apples pears plums cherries peaches lemons oranges grapes
oak elm birch pine beech willow ash maple
flour sugar butter salt rice oats yeast honey
tea coffee beer wine milk cider
red blue green yellow black white brown grey
wood stone brick steel glass copper clay concrete wool cotton
gold silver bronze
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
spring summer autumn winter
morning afternoon evening night
breakfast lunch dinner
adults children students pensioners members
adult child student pensioner member
nurse doctor dentist vet pharmacist
teacher pupil headmaster librarian
north south east west
first second third fourth fifth last
minimum maximum
least most
cheapest dearest
largest smallest
french german spanish italian english russian dutch polish
france germany spain italy england russia poland portugal
paris london berlin rome madrid vienna lisbon
price colour size warranty voltage capacity
budget runtime rating
violin piano cello guitar flute trumpet
""".strip().split("\n")
)
"""Words of which each is another thing than the others: never two that may mean the same."""
HOW = frozenset("long wide high deep heavy old thick fast".split())
"""The same after "how"."""
QUESTION_WORDS = frozenset(
    """
who what when where why how which whose whom is are was were do does did can could has have had in on at by for of to
from according with after before during the a an and or all any if should will would must may name list tell give i
this that these those it its he she his her they their
""".split()
)
NEAREST = 0.6
"""Names that are more alike may be misspellings of one another."""
WHOLE_NAME = 0.3
"""Share of the names of several words of which all are exchanged."""
WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Swap:
    """A word or name of a question, and what stands for it."""

    old: str
    new: str


class Swapper:
    """Makes near misses with the names and numbers of the questions that it is made with."""

    def __init__(self, questions: Sequence[str]) -> None:
        pools: dict[str, set[str]] = {}
        for question in questions:
            for name in names(question):
                pools.setdefault(shape(name), set()).add(name)
        self._pools = {key: sorted(pool) for key, pool in pools.items()}

    def near_miss(self, group: JointGroup, rng: random.Random) -> JointGroup | None:
        """The question about something else, which none of its views answers; None where no word can be exchanged."""
        swap = self._swap(group, rng)
        if swap is None:
            return None
        wrong = (JointExample(view.context, view.text) for view in group.views)
        return JointGroup(exchanged(group.question, swap), tuple(wrong))

    def renamed(self, group: JointGroup, rng: random.Random) -> JointGroup | None:
        """Question and views about something else, with the same answers; None where no word can be exchanged."""
        swap = self._swap(group, rng)
        if swap is None:
            return None
        return JointGroup(exchanged(group.question, swap), tuple(renamed_view(view, swap) for view in group.views))

    def _swap(self, group: JointGroup, rng: random.Random) -> Swap | None:
        """A word of the question that a view with the answer holds outside of the answer, for one that none holds."""
        said = " ".join(f"{view.context} {view.text}" for view in group.views)
        right = [view for view in group.views if view.answers]
        if not right or any(view.polarity != NEITHER for view in right):
            return None
        answers = " ".join(view.text[span.start : span.end] for view in right for span in view.spans)
        shown = f"{right[0].context} {right[0].text}"
        swaps = []
        for old, news in self._choices(group.question, rng):
            if holds(shown, old) and not holds(answers, old):
                fresh = [new for new in news if not holds(said, new) and not holds(group.question, new)]
                if fresh:
                    swaps.append(Swap(old, rng.choice(fresh)))
        return rng.choice(swaps) if swaps else None

    def _choices(self, question: str, rng: random.Random) -> Iterator[tuple[str, list[str]]]:
        """Words that can be exchanged with some that may stand for them."""
        for match in WORD.finditer(question):
            word = match[0]
            after_how = question[: match.start()].lower().endswith("how ")
            for kind in (*KINDS, HOW) if after_how else KINDS:
                if word.lower() in kind:
                    news = [other for other in sorted(kind) if other != word.lower()]
                    yield word, [new.capitalize() if word[0].isupper() and match.start() else new for new in news]
        for name in names(question):
            whole = " " in name and rng.random() < WHOLE_NAME
            old = name if whole else rng.choice(name.split())
            pool = self._pools.get(shape(name), [])
            drawn = [other if whole else rng.choice(other.split()) for other in rng.sample(pool, min(12, len(pool)))]
            yield old, [new for new in drawn if shape(new) == shape(old) and unlike(old, new)]


def names(question: str) -> list[str]:
    """Runs of capitalised words and words with digits, without what only begins the question."""
    found: list[str] = []
    end = -1
    for match in WORD.finditer(question):
        word = re.sub(r"['’]s$", "", match[0])
        named = word[0].isupper() or any(c.isdigit() for c in word)
        if (
            not named
            or word.lower() in QUESTION_WORDS
            or (word == word.capitalize() and any(word.lower() in k for k in KINDS))
        ):
            continue
        if found and match.start() == end + 1 and question[end] == " ":
            found[-1] += f" {word}"
        else:
            found.append(word)
        end = match.start() + len(word)
    return found


def shape(name: str) -> str:
    """What a name looks like: digits and their number, capitals, one word or several."""
    word = name.split()[-1]
    if word.isdigit():
        return f"{len(word)} digits"
    return "mixed" if any(c.isdigit() for c in word) else "capitals" if word.isupper() else "name"


def unlike(old: str, new: str) -> bool:
    """Whether nobody would take one for a misspelling of the other; numbers are what they are."""
    low = old.casefold(), new.casefold()
    return low[0] != low[1] and (old.isdigit() or SequenceMatcher(None, *low).ratio() < NEAREST)


def pattern_of(word: str) -> re.Pattern[str]:
    """A word by itself, in any case."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def holds(text: str, word: str) -> bool:
    """Whether a text has a word by itself."""
    return pattern_of(word).search(text) is not None


def exchanged(text: str, swap: Swap) -> str:
    """The text with every ``old`` as ``new``."""
    return pattern_of(swap.old).sub(lambda _: swap.new, text)


def renamed_view(view: JointExample, swap: Swap) -> JointExample:
    """The view with every ``old`` as ``new``, its ranges where they belong then."""
    places = [Span(*match.span()) for match in pattern_of(swap.old).finditer(view.text)]
    by = len(swap.new) - len(swap.old)

    def moved(at: int, is_end: bool) -> int:
        # A range that begins or ends inside of what is exchanged holds all of it.
        for i, place in enumerate(places):
            if place.start < at < place.end:
                return place.end + (i + 1) * by if is_end else place.start + i * by
        return at + by * sum(place.end <= at for place in places)

    def there(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(Span(moved(span.start, False), moved(span.end, True)) for span in spans)

    evidence = None if view.evidence is None else there(view.evidence)
    return replace(
        view,
        context=exchanged(view.context, swap),
        text=exchanged(view.text, swap),
        spans=there(view.spans),
        evidence=evidence,
    )
