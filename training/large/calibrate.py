"""Choose on dev data how the large reader ranks, how sure it is, and when it abstains; write it into the card.

    python -m training.large.calibrate --large qa/models/weights/large_reader --gold tests/gold/missing-picture.jsonl

Every question of the dev films, of the gold set's dev part and of the folders that no reader was trained on is
retrieved and read as the product does it, by the small reader first. Then, a domain counting by its ``SHARE``: the
weights of the ranking by a listwise logistic model over what either reader could answer (the right ones should have the
whole share); a logistic model of "the first is right", no sign against its meaning; the threshold for a share of false
abstentions; a logistic model of "this candidate is right"; the confidences from which a share of the answers is right.
From yes/no questions on the dev films comes how sure a view must be to say one of them.
What is reported comes from models that the question's own group had no part in.
"""

import argparse
import json
import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import to_builtins
from msgspec.structs import replace
from scipy.optimize import minimize

from qa.ask.forms.desk import CANDIDATES
from qa.ask.joint_reader import Joint, JointReader
from qa.ask.library import Library
from qa.ask.opening import Parts, make_encoder, open_cross_encoder
from qa.ask.reader import SpanReader, text_of, view_of
from qa.ask.text_reader import LargeJudge
from qa.config import Settings
from qa.evaluate.gold import GoldSet, load_gold, write_corpus
from qa.evaluate.measures import Flags, Floats, auroc, calibration_error, token_f1
from qa.models.card import JointCard, Logistic
from qa.models.cross_encoder import CrossEncoder
from qa.models.joint import JointModel, OnnxJointModel
from qa.models.onnx import PACKED_FILE
from qa.search.surroundings import Surroundings
from qa.types import GoldQuestion
from training.calibrate import (
    LOOSE,
    SURE,
    Features,
    fitted,
    fold_of,
    gold_places,
    opened,
    paragraph_model,
    probabilities,
    shares,
    threshold,
)
from training.large.cases import documents_of, with_documents
from training.package import write_card

RANK = ("small_answers", "small_margin", "retrieval", "large_answers", "large_span", "from_small")
"""Features of the ranking."""
FREE = frozenset(("from_small",))
"""The only one of them whose weight may be below 0."""
FOR, AGAINST = ("small_answers", "large_span"), ("unnamed", "unknown_names", "elsewhere")
"""Features of the confidence that may only speak for an answer, or against one.

More was tried: the large reader's share of "none of the views", its second view, how far the next answer is behind,
whether the readers agree, how all passages fare with the small one, the kind of the question. It tells right from
wrong no better, and answerable from unanswerable worse.
"""
CANDIDATE = ("small_answers", "small_margin", "large_answers", "large_span")
"""Features of the probability that a candidate is right."""
FALSE_ABSTENTION = 0.11
"""As in ``training.calibrate``, and more: on other subjects it refuses half of what the documents do not tell."""
PRECISIONS = (0.8, 0.9, 0.95)
VERDICTS = 0.9
"""The share of yes and no that is right."""
RANK_RIDGE = 1.0

log = logging.getLogger("calibrate")


@dataclass(frozen=True)
class Read:
    """One question as both readers read it, and which of what could be answered is cited right, and right."""

    domain: str
    group: str
    answerable: bool
    joint: Joint
    cited: Flags
    right: Flags
    milliseconds: float
    """Retrieving and reading."""
    says: str | None = None
    """Yes or no, where that is the answer."""


@dataclass(frozen=True)
class Both:
    """The models of both readers, and what a library around them is made of."""

    small: CrossEncoder
    large: JointModel
    parts: Parts

    def read_folders(self, domain: str, gold: GoldSet) -> Iterator[Read]:
        """Every question of films or folders, each asked of its own documents."""
        for name in gold.folders:
            part = gold.of_folder(name)
            with tempfile.TemporaryDirectory() as scratch:
                write_corpus(part, Path(scratch) / "corpus")
                library = opened(Path(scratch) / "corpus", Path(scratch) / "index", self.parts)
                yield from self.read(domain, [(name, question) for question in part.questions], library)
            log.info("%s", name)

    def read_gold(self, gold: GoldSet, corpus: Path) -> Iterator[Read]:
        """The questions of a gold set on one corpus; those on one fact fall into one group."""
        with tempfile.TemporaryDirectory() as scratch:
            library = opened(corpus, Path(scratch) / "index", self.parts)
            yield from self.read("gold", [(fold_of(question), question) for question in gold.questions], library)

    def read(self, domain: str, asked: Sequence[tuple[str, GoldQuestion]], library: Library) -> Iterator[Read]:
        """Questions with their groups; one where nothing could be answered is left out."""
        reader = JointReader(self.small, self.large, Surroundings(library.index.store, library.index.documents))
        for group, question in asked:
            began = time.perf_counter()
            query = library.understand(question.question, question.history)
            ranked = library.retriever.retrieve(query, CANDIDATES)
            if not ranked:
                continue
            judged = self.small.judge(query.text, [view_of(s.passage) for s in ranked])
            joint = reader.weigh(query, ranked, judged)
            milliseconds = (time.perf_counter() - began) * 1000
            if joint.candidates:
                cited, right = outcome(question, joint, library)
                says = question.answers[0] if question.kind == "yes_no" and question.answerable else None
                yield Read(domain, group, question.answerable, joint, cited, right, milliseconds, says)


def outcome(question: GoldQuestion, joint: Joint, library: Library) -> tuple[Flags, Flags]:
    """Of every candidate whether its quote is evidence, and whether its answer is then an acceptable one."""
    gold = gold_places(question, library)
    found = [candidate.finding for candidate in joint.candidates]
    cited = [any(f.passage.path == document.path and f.quote.overlaps(span) for document, span in gold) for f in found]
    acceptable = [question.kind in LOOSE or token_f1(text_of(f), question.answers) >= 0.5 for f in found]
    return np.array(cited), np.array(cited) & np.array(acceptable)


# ---------------------------------------------------------------- what is fitted


def fit_rank(rows: Sequence[Read]) -> dict[str, float]:
    """Weights of ``RANK``: the softmax over the candidates of a question gives the right ones the whole share.

    Where none is right, those that are cited right are.
    """
    part = [row for row in rows if row.answerable and row.cited.any()]
    tables = [np.array([[c.features[name] for name in RANK] for c in row.joint.candidates]) for row in part]
    scale = np.concatenate(tables).std(0) + 1e-9
    wanted = [row.right if row.right.any() else row.cited for row in part]
    items = [(table / scale, good, share) for table, good, share in zip(tables, wanted, shares(part), strict=True)]

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = RANK_RIDGE / 2 * float(weights @ weights), RANK_RIDGE * weights
        for table, good, share in items:
            logits = table @ weights
            p = np.exp(logits - logits.max())
            p /= p.sum()
            value -= share * float(np.log(p @ good))
            slope = slope + share * (table.T @ (p - p * good / (p @ good)))
        return value, slope

    bounds = [(None, None) if name in FREE else (0, None) for name in RANK]
    found = minimize(loss, np.full(len(RANK), 0.1), jac=True, method="L-BFGS-B", bounds=bounds).x / scale
    return {name: round(float(weight), 5) for name, weight in zip(RANK, found, strict=True)}


def firsts(rows: Sequence[Read], rank: Mapping[str, float]) -> tuple[list[int], list[Features]]:
    """The first candidate of each question, and the features of its confidence."""
    places = [row.joint.ranking(rank)[0] for row in rows]
    features = [row.joint.candidates[at].features for row, at in zip(rows, places, strict=True)]
    return places, [{name: found[name] for name in (*FOR, *AGAINST)} for found in features]


def fit_confidence(found: Sequence[Features], right: Flags, weight: Floats) -> Logistic:
    """How likely the first candidate is right."""
    held = (*FOR, *AGAINST)
    sign = {name: -1.0 if name in AGAINST else 1.0 for name in found[0]}
    model = fitted([{n: sign[n] * value for n, value in row.items()} for row in found], right, weight, held)
    return replace(model, weights={name: sign[name] * value for name, value in model.weights.items()})


@dataclass(frozen=True)
class LeftOut:
    """By models that its group had no part in, of every question: is the first cited right, right, how sure."""

    cited: Flags
    right: Flags
    sure: Floats


def left_out(rows: Sequence[Read]) -> LeftOut:
    """Rank and confidence fitted once without each group."""
    groups = np.array([row.group for row in rows])
    cited, right, sure = np.zeros(len(rows), bool), np.zeros(len(rows), bool), np.zeros(len(rows))
    for name in dict.fromkeys(groups.tolist()):
        rank, model = fit_first([row for row in rows if row.group != name])
        held = np.flatnonzero(groups == name).tolist()
        places, found = firsts([rows[i] for i in held], rank)
        sure[held] = probabilities(model, found)
        cited[held] = [rows[i].cited[at] for i, at in zip(held, places, strict=True)]
        right[held] = [rows[i].right[at] for i, at in zip(held, places, strict=True)]
    return LeftOut(cited, right, sure)


def fit_first(rows: Sequence[Read]) -> tuple[dict[str, float], Logistic]:
    """The ranking, and the confidence of what it puts first."""
    rank = fit_rank(rows)
    places, found = firsts(rows, rank)
    right = np.array([row.right[at] for row, at in zip(rows, places, strict=True)])
    return rank, fit_confidence(found, right, shares(rows))


def calibrate(card: JointCard, rows: Sequence[Read], without: LeftOut) -> JointCard:
    """The card with what all rows say; its threshold and bars come from the confidences of left-out groups."""
    rank, confidence = fit_first(rows)
    answerable = np.array([row.answerable for row in rows])
    withheld = threshold(without.sure[answerable], shares([row for row in rows if row.answerable]), FALSE_ABSTENTION)
    candidates = [{name: c.features[name] for name in CANDIDATE} for row in rows for c in row.joint.candidates]
    candidate = fitted(candidates, np.concatenate([row.right for row in rows]), held=CANDIDATE)
    return replace(
        card,
        rank=rank,
        confidence=replace(confidence, threshold=withheld),
        candidate=candidate,
        bars=bars(without, shares(rows)),
    )


def bars(without: LeftOut, weight: Floats) -> dict[str, float]:
    """The lowest confidence from which each of ``PRECISIONS`` is reached; the highest of all where none reaches it."""
    order = np.argsort(-without.sure)
    precise = np.cumsum(without.right[order] * weight[order]) / np.cumsum(weight[order])
    last = {precision: max(np.flatnonzero(precise >= precision), default=0) for precision in PRECISIONS}
    return {f"{precision:g}": round(float(without.sure[order][at]), 4) for precision, at in last.items()}


def verdicts(rows: Sequence[Read], card: JointCard) -> tuple[JointCard, dict[str, int]]:
    """The card with the least difference of logits from which ``VERDICTS`` of what is said, yes or no, is right.

    Asked are yes/no questions; what is said of one that is not answered is wrong. Also returns what is reached.
    """
    told: list[tuple[float, bool]] = []
    for row in rows:
        first = row.joint.candidates[row.joint.ranking(card.rank)[0]]
        if card.confidence.probability(first.features) >= card.confidence.threshold:
            told.append((abs(first.polarity), row.says == ("yes" if first.polarity > 0 else "no")))
    told.sort(key=lambda one: -one[0])
    right = np.cumsum([is_right for _, is_right in told])
    enough = [at for at, count in enumerate(right) if count >= VERDICTS * (at + 1)]
    last = max(enough, default=0)
    reached = {"n": len(rows), "answered": len(told), "verdicts": last + 1, "right": int(right[last])}
    return replace(card, verdict=round(told[last][0], 3)), reached


def figures(rows: Sequence[Read], without: LeftOut, threshold: float) -> dict[str, Any]:
    """What is reached on some rows."""
    truth = np.array([row.answerable for row in rows])
    cited, right, sure = without.cited, without.right, without.sure
    risk = 1 - np.cumsum(right[np.argsort(-sure)]) / np.arange(1, len(rows) + 1)
    found = {
        "n": len(rows),
        "answerable": int(truth.sum()),
        "reachable": np.mean([row.right.any() for row in rows if row.answerable]),
        "success_at_1": cited[truth].mean(),
        "right_and_cited": right[truth].mean(),
        "auroc": auroc(sure, truth),
        "auroc_right": auroc(sure, right),
        "expected_calibration_error": calibration_error(sure, right),
        "wrong_and_sure": int(((sure > SURE) & ~right).sum()),
        "sure": int((sure > SURE).sum()),
        "false_abstention": (sure < threshold)[truth].mean(),
        "true_abstention": (sure < threshold)[~truth].mean(),
        "refused_at_8": (sure[~truth] < np.quantile(sure[truth], 0.08)).mean(),
        "refused_at_15": (sure[~truth] < np.quantile(sure[truth], 0.15)).mean(),
        "coverage_at_5": (max(np.flatnonzero(risk <= 0.05), default=-1) + 1) / len(rows),
        "milliseconds_p50": float(np.median([row.milliseconds for row in rows])),
    }
    return {name: round(float(value), 4) if isinstance(value, float) else value for name, value in found.items()}


def main() -> None:
    """Calibrate one large reader's folder, in place."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--large", type=Path, required=True, help="the folder whose card is written")
    parser.add_argument("--gold", type=Path, help="a gold set whose dev questions count as well")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="the corpus of the gold set")
    parser.add_argument("--yes-no", type=Path, help="yes/no questions on the dev films")
    parser.add_argument("--folders", default="6", help="last digits of the folders on other subjects that count")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    small, large = open_cross_encoder(), OnnxJointModel(options.large)
    encoder = make_encoder(Settings.encoder)
    parts = Parts(make_encoder=lambda name: encoder, reader=lambda index: SpanReader(small), card=lambda: small.card)
    both = Both(small, large, parts)
    rows = list(both.read_folders("films", load_gold(options.data / "films" / "dev.json")))
    for path in sorted((options.data / "other").glob("*.json")):
        folders = load_gold(path)
        for name in folders.folders:
            if name.endswith(tuple(options.folders)):
                rows += both.read_folders("other", folders.of_folder(name))
    if options.gold:
        rows += both.read_gold(load_gold(options.gold, "dev"), options.corpus)
    without = left_out(rows)
    paragraph, paragraphs, _ = paragraph_model(
        options.data / "reading" / "dev" / "squad2_articles.jsonl.gz", LargeJudge(large)
    )
    card = calibrate(replace(large.card, paragraph=paragraph), rows, without)
    domains = np.array([row.domain for row in rows])
    dev: dict[str, Any] = {"squad2_articles": paragraphs}
    if options.yes_no:
        films = options.data / "films" / "dev.json"
        with tempfile.TemporaryDirectory() as scratch:
            asked = load_gold(with_documents(options.yes_no, documents_of([films]), Path(scratch)))
        card, dev["yes_no"] = verdicts(list(both.read_folders("yes_no", asked)), card)
    for name in dict.fromkeys(domains.tolist()):
        held = domains == name
        part = LeftOut(without.cited[held], without.right[held], without.sure[held])
        dev[name] = figures([row for row in rows if row.domain == name], part, card.confidence.threshold)
    card = replace(card, encoder_sha256=encoder.sha256, reader_sha256=small.card.files[PACKED_FILE], dev=dev)
    write_card(options.large, card)
    print(json.dumps(to_builtins(card), indent=2))


if __name__ == "__main__":
    main()
