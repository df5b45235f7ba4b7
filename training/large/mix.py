"""Groups of the main stages: cases of folders and films, public questions among them, twins in one bundle.

Of a question the views are: passages with evidence (one or two), those that the small reader ranks highest without, and
one of the further candidates; each plain or wide. A question that is not answered has only wrong ones, its twin's
evidence first. Some answerable questions are asked a second time with the evidence taken out. A wrong view never says
the answer.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qa.evaluate.gold import occurrences
from qa.text import Span
from training.data import MIX, noisy, public_groups, trimmed
from training.large.cases import Case, CasePassage, CaseQuestion, Gold, Wide, read_cases, wide
from training.large.examples import NEITHER, NO, YES, Bundle, JointExample, JointGroup, from_public
from training.large.swaps import Swapper

FOLDERS_FILE, FURTHER_FILE = "folders.jsonl", "further.jsonl"
"""The cases of other subjects, and of further questions on these and on films."""
FILMS_FILE = "films.jsonl"
"""The cases of films, of whose questions a draw trains."""
LATER = ("asked", "oblique")
"""Questions as people type them, and in other words than the documents', in the order in which they were written: each
has cases of its own, and is the focus of the stage that first learned from it."""
WIDTHS = (0, 0, 80, 80, 110)
"""Most words of a view, drawn for every question; 0 leaves passages as they are."""
CONTEXT = 0.93
"""Share of the questions whose views have their context line."""
NOISY = 0.06
TAKEN_OUT = 0.12
"""Share of the answerable questions that are asked again without their evidence."""
NEAR_MISS, RENAMED = 0.8, 0.25
"""Shares of the answered groups that are asked again of something else, without and with it in the views."""
EVIDENCE_WORDS = range(4, 46)
"""Words of evidence that can be a span by itself, where the answer is told in other words; fewer for yes and no."""
REPHRASED = frozenset(("paraphrase", "why_how", "definition", "follow_up"))
"""Kinds whose answer may not be the document's wording: short evidence stands for it."""
REPHRASED_WORDS = 25
GROUPS_A_RECORD = 1.2
"""Groups that a public record becomes, on average."""
MARGIN, RETRIEVAL = 0.1, 6.0
"""Weights beside the small reader's answers logit, in the order of its candidates."""


def public_bundles(folder: Path, share: float, rng: random.Random) -> list[Bundle]:
    """A share of the mix of public questions, shuffled, every group by itself."""
    groups = public_groups(folder, rng, {name: round(count * share) for name, count in MIX.items()})
    return [(from_public(group),) for group in groups]


def main_bundles(
    cases: Path,
    public: Path,
    rng: random.Random,
    *,
    passes: int,
    films: int,
    public_share: float,
    focus: str = "",
    others: float = 1.0,
) -> list[Bundle]:
    """Passes over all folders and a draw of ``films`` film questions each, public ones among them, shuffled.

    With a ``focus`` the folders have all questions of that kind, and of the ``others`` a share. One of ``LATER`` is no
    kind: its cases are kept whole then, a share of those before it, and none of those after it.
    """
    found: list[Bundle] = []
    folders = folder_cases(cases, focus, others, rng)
    on_films = read_cases(cases / FILMS_FILE)
    for _ in range(passes):
        bundles = case_bundles(folders, rng)
        filmed = case_bundles(on_films, rng)
        bundles += rng.sample(filmed, min(films, len(filmed)))
        wanted = public_share / (1 - public_share) * sum(map(len, bundles))
        bundles += public_bundles(public, wanted / sum(MIX.values()) / GROUPS_A_RECORD, rng)
        swapper = Swapper([group.question for bundle in bundles for group in bundle])
        bundles = [(*bundle, *swapped(bundle, swapper, rng)) for bundle in bundles]
        rng.shuffle(bundles)
        found += bundles
    return found


def folder_cases(cases: Path, focus: str, others: float, rng: random.Random) -> list[Case]:
    """The cases of folders and of further questions that a stage with this focus learns from; see ``main_bundles``."""
    before = LATER[: LATER.index(focus)] if focus in LATER else ()
    files = FOLDERS_FILE, FURTHER_FILE, *(f"{name}.jsonl" for name in before)
    found = [case for file in files for case in read_cases(cases / file)]
    if focus:
        found = [focused(case, focus, others, rng) for case in found]
    return [*found, *read_cases(cases / f"{focus}.jsonl")] if focus in LATER else found


def focused(case: Case, kind: str, others: float, rng: random.Random) -> Case:
    """A case with its questions of one kind, a share of the others, and the twins of all these."""
    kept = {q.id for q in case.questions if q.kind == kind or rng.random() < others}
    kept |= {q.twin for q in case.questions if q.id in kept and q.twin}
    return replace(case, questions=tuple(q for q in case.questions if q.id in kept))


def swapped(bundle: Bundle, swapper: Swapper, rng: random.Random) -> Iterator[JointGroup]:
    """Near misses of a bundle's groups, for a share of them."""
    for group in bundle:
        for share, make in ((NEAR_MISS, swapper.near_miss), (RENAMED, swapper.renamed)):
            if rng.random() < share and (made := make(group, rng)) is not None:
                yield made


def case_bundles(cases: Sequence[Case], rng: random.Random) -> list[Bundle]:
    """The questions of all cases in order, twins together."""
    return [bundle for case in cases for bundle in bundles_of(case, rng)]


def bundles_of(case: Case, rng: random.Random) -> Iterator[Bundle]:
    """The bundles of one case."""
    questions = {question.id: question for question in case.questions}
    done: set[str] = set()
    for question in case.questions:
        if question.id in done:
            continue
        twin = questions.get(question.twin or "")
        pair = [question, twin] if twin and twin.id not in done else [question]
        done.update(q.id for q in pair)
        groups = [g for q in pair if (g := group_of(case, q, questions.get(q.twin or ""), rng))]
        if groups:
            yield tuple(groups)
        if question.answerable and rng.random() < TAKEN_OUT:
            bare = group_of(case, question, None, rng, taken_out=True)
            if bare:
                yield (bare,)


def group_of(
    case: Case, question: CaseQuestion, twin: CaseQuestion | None, rng: random.Random, *, taken_out: bool = False
) -> JointGroup | None:
    """The views of one question; None where no view shows its answer. ``taken_out`` leaves the evidence out."""
    width = rng.choice(WIDTHS)
    with_context = rng.random() < CONTEXT
    used: set[int] = set()
    views: list[JointExample] = []

    def view_at(at: int) -> Wide:
        view = wide(case, at, width, used)
        used.update(range(view.first, view.last + 1))
        return view

    right = [i for i, passage in enumerate(case.passages) if touches(passage, question.gold)]
    if question.answerable and not taken_out:
        for at in rng.sample(right, len(right)):
            if len(views) == 2:
                break
            if at not in used and (made := right_example(view_at(at), question, with_context)) is not None:
                views.append(made)
        if not views:
            return None
    wrong = [at for at in ranked(question) if at not in right]
    if twin is not None:
        gold = [i for i, passage in enumerate(case.passages) if i not in right and touches(passage, twin.gold)]
        near = ([at for at in ranked(twin) if at in gold] or gold)[:1]
        wrong = near + [at for at in wrong if at not in near]
    hard = 2 if question.answerable else 3
    wrong = wrong[:hard] + rng.sample(wrong[hard:12], min(4, len(wrong[hard:12])))
    wanted = len(views) + hard + (1 if width < max(WIDTHS) or taken_out else 0)
    for at in wrong:
        if len(views) == wanted:
            break
        if at in used:
            continue
        view = view_at(at)
        if not view.overlaps(question.gold) and not says_answer(view.text, question):
            views.append(JointExample(view.context if with_context else "", view.text))
    if not views:
        return None
    rng.shuffle(views)
    text = question.question
    if question.kind not in ("typo", "follow_up") and rng.random() < NOISY:
        text = noisy(text, rng)
    return JointGroup(text, tuple(views))


def ranked(question: CaseQuestion) -> list[int]:
    """Places of the candidates as the small reader orders them."""
    found = sorted(question.found, key=lambda f: -(f.answers + MARGIN * f.margin + RETRIEVAL * f.score))
    return [candidate.at for candidate in found]


def touches(passage: CasePassage, gold: Sequence[Gold]) -> bool:
    """Whether a passage overlaps evidence."""
    return any(place.doc == passage.doc and place.span.overlaps(passage.span) for place in gold)


def says_answer(text: str, question: CaseQuestion) -> bool:
    """Whether one of the answers stands in a text word for word; every text says "yes" and "no"."""
    low = " ".join(text.casefold().split())
    return question.kind != "yes_no" and any(len(a) > 3 and a.casefold() in low for a in question.answers)


# ---------------------------------------------------------------- what is right in a view

SAYS = {"yes": YES, "no": NO}


def right_example(view: Wide, question: CaseQuestion, with_context: bool) -> JointExample | None:
    """The view with its targets; None where it touches the evidence and does not hold the answer."""
    evidence = view.overlaps(question.gold)
    spans = answer_spans(view.text, evidence, question)
    if not spans:
        return None
    polarity = SAYS.get(question.answers[0].casefold().strip(" ."), NEITHER) if question.kind == "yes_no" else NEITHER
    context = view.context if with_context else ""
    return JointExample(context, view.text, True, tuple(spans), tuple(evidence), polarity)


def answer_spans(text: str, evidence: Sequence[Span], question: CaseQuestion) -> list[Span]:
    """What may be marked in a view: the answer inside the evidence, a list's items, or the evidence itself."""
    whole = [span for span in evidence if words(text, span) in EVIDENCE_WORDS]
    if question.kind == "yes_no":
        return [span for span in evidence if words(text, span) < EVIDENCE_WORDS.stop]
    found = [inside(text, answer, evidence) for answer in question.answers]
    wording = next((spans for spans in found if spans), [])
    if wording and question.kind != "list":
        length = wording[0].end - wording[0].start
        alike = [span for spans in found for span in spans if abs(span.end - span.start - length) <= 12]
        return sorted({trimmed(text, span) for span in alike})
    if question.items:
        items = [spans[0] for wordings in question.items if (spans := first_inside(text, wordings, evidence))]
        if len(items) >= 2:
            listed = Span(min(span.start for span in items), max(span.end for span in items))
            if words(text, listed) < EVIDENCE_WORDS.stop:
                return [listed]
        return wording or items
    if wording:
        return wording
    return [span for span in whole if words(text, span) <= REPHRASED_WORDS] if question.kind in REPHRASED else []


def words(text: str, span: Span) -> int:
    """Number of white-space separated words in a range."""
    return len(text[span.start : span.end].split())


def first_inside(text: str, wordings: Sequence[str], evidence: Sequence[Span]) -> list[Span]:
    """The places of the first wording that stands in the evidence."""
    return next((spans for wording in wordings if (spans := inside(text, wording, evidence))), [])


def inside(text: str, answer: str, evidence: Sequence[Span]) -> list[Span]:
    """Where an answer stands in the evidence as whole words, white space free; in any case if not as written."""
    found = occurrences(answer, text)
    if not found:
        pattern = r"\s+".join(map(re.escape, answer.split()))
        found = [Span(*m.span()) for m in re.finditer(pattern, text, re.IGNORECASE)] if pattern else []
    return [span for span in found if is_whole(text, span) and any(span.overlaps(place) for place in evidence)]


def is_whole(text: str, span: Span) -> bool:
    """Whether a range cuts no word in two."""
    start, end = span
    cut = (text[start - 1 : start].isalnum() and text[start].isalnum()) or (
        text[end : end + 1].isalnum() and text[end - 1].isalnum()
    )
    return not cut
