"""A whole run: from a gold set's path and what is to be measured to the evaluation. Prints and writes nothing."""

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from qa.ask.library import Library
from qa.config import Settings
from qa.errors import GoldError, UsageError
from qa.evaluate.ablation import ablation
from qa.evaluate.answerer import HttpAnswerer, LibraryAnswerer, SavedAnswers
from qa.evaluate.baseline import compare, gate
from qa.evaluate.catalogue import MEASURES, Measure, choose
from qa.evaluate.evaluation import Evaluation, load_baseline
from qa.evaluate.gold import GoldSet, ground, load_gold, write_corpus
from qa.evaluate.judge import Judged, ask
from qa.evaluate.response import Answerer
from qa.evaluate.statistics import Conditions
from qa.evaluate.summary import summarise
from qa.types import Document

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is, and how much there is."""
OpenLibrary = Callable[[Settings], Library]
Ablation = Callable[[Settings, Path], Iterator[tuple[str, Library]]]


class Plan(Struct, frozen=True):
    """What is asked and measured.

    ``split`` and ``sample`` keep a part of the gold set. Asked are the endpoint at ``url``, the saved ``answers``, or
    else this library. ``metrics`` are names of measures, all of them where there is none. ``against`` is an earlier
    evaluation's file. ``workdir`` keeps the corpus and the index of a set that brings its documents.
    """

    gold: Path
    split: str | None = None
    sample: int | None = None
    url: str | None = None
    answers: Path | None = None
    metrics: tuple[str, ...] = ()
    against: Path | None = None
    latency: bool = False
    workdir: Path | None = None
    conditions: Conditions = field(default_factory=Conditions)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of ``metrics``; raises ``UsageError`` for a name that is none."""
        return choose(self.metrics, self.conditions.depth) if self.metrics else MEASURES


class Corpus(Struct, frozen=True):
    """The questions that are asked of one corpus, with their evidence proved on its documents."""

    gold: GoldSet
    documents: Mapping[str, Document]
    settings: Settings


class Run(Struct, frozen=True):
    """An evaluation with the judged answers that it was made from."""

    evaluation: Evaluation
    judged: tuple[Judged, ...]

    @property
    def below(self) -> list[str]:
        """Why it is below what it was compared with, a line a reason; nothing where it was compared with nothing."""
        return gate(self.evaluation, self.evaluation.against) if self.evaluation.against else []


def load(plan: Plan) -> GoldSet:
    """The part of the gold set that is asked."""
    gold = load_gold(plan.gold, plan.split)
    return gold if plan.sample is None else gold.sample(plan.sample, plan.conditions.seed)


def prove(plan: Plan, settings: Settings) -> GoldSet:
    """The gold set with every span proved, and nothing asked; raises ``GoldError`` with every problem."""
    gold = load(plan)
    with tempfile.TemporaryDirectory() as scratch:
        corpora = _corpora(gold, settings, plan.workdir or Path(scratch))
        return replace(gold, questions=tuple(question for corpus in corpora for question in corpus.gold.questions))


def evaluate(plan: Plan, settings: Settings, open_library: OpenLibrary, progress: Progress = lambda *_: None) -> Run:
    """Ask every question of its corpus, and measure the answers together."""
    measures = plan.measures
    baseline = load_baseline(plan.against) if plan.against else None
    gold = load(plan)
    with tempfile.TemporaryDirectory() as scratch:
        corpora = _corpora(gold, settings, plan.workdir or Path(scratch))
        answerer_of = _answerers(plan, len(corpora), open_library)
        count = _Count(progress, len(gold.questions))
        judged: list[Judged] = []
        names: list[str] = []
        for corpus in corpora:
            answerer = answerer_of(corpus)
            names.append(answerer.name)
            judged += ask(corpus.gold, corpus.documents, answerer, plan.conditions.depth, count)
    name = names[0] if len(set(names)) == 1 else f"library, {len(names)} indexes"
    evaluation = summarise(gold, name, judged, plan.conditions, measures=measures, latency=plan.latency)
    if baseline is not None and plan.against is not None:
        evaluation = replace(evaluation, against=compare(evaluation, baseline, plan.against.name))
    return Run(evaluation, tuple(judged))


def ablate(
    plan: Plan, settings: Settings, progress: Progress = lambda *_: None, steps: Ablation | None = None
) -> list[tuple[str, Evaluation]]:
    """The library with one part after the other put in, each step compared with the one before it."""
    measures = plan.measures
    gold = load(plan)
    judged: dict[str, list[Judged]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        corpora = _corpora(gold, settings, plan.workdir or Path(scratch))
        for number, corpus in enumerate(corpora):
            bare = Path(scratch) / "bare" / str(number)
            found = steps(corpus.settings, bare) if steps else ablation(corpus.settings, bare, progress=progress)
            for step, library in found:
                answerer = LibraryAnswerer(library, corpus.gold, plan.conditions.depth)
                count = _Count(progress, len(corpus.gold.questions))
                judged.setdefault(step, []).extend(
                    ask(corpus.gold, corpus.documents, answerer, plan.conditions.depth, count)
                )
    evaluations: list[tuple[str, Evaluation]] = []
    for step, answers in judged.items():
        evaluation = summarise(gold, step, answers, plan.conditions, measures=measures, latency=plan.latency)
        if evaluations:
            before, earlier = evaluations[-1]
            evaluation = replace(evaluation, against=compare(evaluation, earlier, before))
        evaluations.append((step, evaluation))
    return evaluations


class _Count:
    """Questions asked so far, told to ``progress``."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def __call__(self) -> None:
        self._done += 1
        self._progress("questions", self._done, self._total)


def _corpora(gold: GoldSet, settings: Settings, made: Path) -> list[Corpus]:
    """Every corpus that is asked; those that the set brings are written below ``made``, one folder each."""
    found: list[Corpus] = []
    problems: list[str] = []
    for folder in gold.folders:
        part, here = gold.of_folder(folder), settings
        if gold.texts:
            here = dataclasses.replace(settings, corpus=made / folder / "corpus", index=made / folder / "index")
            write_corpus(part, here.corpus)
        try:
            part, documents = ground(part, here.corpus)
        except GoldError as error:
            problems += error.problems
        else:
            found.append(Corpus(part, documents, here))
    if problems:
        raise GoldError(problems)
    return found


def _answerers(plan: Plan, corpora: int, open_library: OpenLibrary) -> Callable[[Corpus], Answerer]:
    """What is asked about a corpus."""
    if plan.url:
        if corpora > 1:
            raise UsageError(f"{plan.gold}: has {corpora} folders of documents, and {plan.url} answers from one")
        endpoint = HttpAnswerer(plan.url, plan.conditions.depth)
        return lambda corpus: endpoint
    if plan.answers:
        saved = SavedAnswers(plan.answers)
        return lambda corpus: saved
    return lambda corpus: LibraryAnswerer(open_library(corpus.settings), corpus.gold, plan.conditions.depth)
