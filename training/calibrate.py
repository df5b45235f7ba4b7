"""Choose on dev data how the reader ranks, how sure it is, and when it abstains; write it into the card.

    python -m training.calibrate --reader qa/models/weights/reader --gold tests/gold/missing-picture.jsonl

Every question of the dev films, of the gold set's dev part and of folders on other subjects is retrieved and judged
as the product does it. Then, a domain counting by its ``SHARE``: weights of the ranking by grid; a logistic model of
"the sources answer this", its signs held; its logit scaled so that the confidence is the share of answers that are
right (Platt 1999); the threshold for a share of false abstentions; a logistic model of "this passage answers this",
and the same for a whole paragraph read alone (SQuAD 2.0 dev articles). What is reported comes from models that the
question's own group (film, folder, a fifth of the gold facts) had no part in.
"""

import argparse
import hashlib
import itertools
import json
import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from msgspec import to_builtins
from msgspec.structs import replace
from scipy.optimize import minimize

from qa.ask.forms.desk import CANDIDATES
from qa.ask.library import Library
from qa.ask.opening import Parts, assemble, make_encoder, rebuild
from qa.ask.reader import SpanReader, features, found_in, ranking, text_of, view_of
from qa.ask.text_reader import Judge, SmallJudge
from qa.config import Settings
from qa.evaluate.gold import GoldSet, load_gold, occurrences, write_corpus
from qa.evaluate.measures import Flags, Floats, auroc, calibration_error, exact_match, token_f1
from qa.models.card import Logistic, RankWeights, ReaderCard
from qa.models.cross_encoder import CrossEncoder, Judgement, OnnxCrossEncoder
from qa.search.index import load_index
from qa.text import Span
from qa.types import Document, GoldQuestion, ScoredPassage
from training.data import read_records
from training.measure_reader import best_threshold, rounded
from training.package import write_card

FALSE_ABSTENTION = 0.07
"""Share of answerable questions that may be refused, the mean over the domains; the threshold follows from it."""
FOLDS = 5
"""Groups into which the facts of a gold set fall."""
HELD = ("answers", "margin", "retrieval", "sentence_cosine")
"""Features that may only speak for an answer."""
LOOSE = frozenset(("yes_no", "list", "definition", "why_how"))
"""Kinds whose right answer is no short span: right where the evidence is cited."""
SHARE = {"films": 1.0, "gold": 1.0, "other": 2.0}
"""What a domain counts, however many questions it has; other subjects are what most people will ask about."""
RIDGE = 1e-3
SURE = 0.8
Features = Mapping[str, float]

log = logging.getLogger("calibrate")


@dataclass(frozen=True)
class Judged:
    """One question with its candidates as the product sees them, and which of them are right.

    ``right`` says of each candidate's quote that it overlaps evidence, ``f1`` how near its answer is to a gold one.
    """

    domain: str
    group: str
    kind: str
    answerable: bool
    answers: tuple[str, ...]
    ranked: tuple[ScoredPassage, ...]
    judged: tuple[Judgement, ...]
    texts: tuple[str, ...]
    right: tuple[bool, ...]
    f1: tuple[float, ...]
    milliseconds: float
    """Retrieving and reading."""

    def order(self, weights: RankWeights) -> list[int]:
        """Places of the candidates, best first."""
        return ranking(self.ranked, self.judged, weights)

    def is_right(self, at: int) -> bool:
        """Whether a candidate answers: its quote is evidence, and its answer an acceptable one where that is short."""
        return self.answerable and self.right[at] and (self.f1[at] >= 0.5 or self.kind in LOOSE)


def opened(corpus: Path, folder: Path, parts: Parts) -> Library:
    """The library of a corpus, its index built in ``folder``."""
    rebuild(Settings(corpus=corpus, index=folder), parts=parts)
    return assemble(load_index(folder), parts)


def judge_folders(domain: str, gold: GoldSet, reader: CrossEncoder, parts: Parts) -> Iterator[Judged]:
    """Every question of films or folders, each asked of its own documents."""
    for name in gold.folders:
        part = gold.of_folder(name)
        with tempfile.TemporaryDirectory() as scratch:
            write_corpus(part, Path(scratch) / "corpus")
            library = opened(Path(scratch) / "corpus", Path(scratch) / "index", parts)
            for question in part.questions:
                yield judge(domain, name, question, library, reader)
        log.info("%s", name)


def judge_gold(gold: GoldSet, corpus: Path, reader: CrossEncoder, parts: Parts) -> Iterator[Judged]:
    """The questions of a gold set on one corpus; those on one fact fall into one of ``FOLDS`` groups."""
    with tempfile.TemporaryDirectory() as scratch:
        library = opened(corpus, Path(scratch) / "index", parts)
        for question in gold.questions:
            yield judge("gold", fold_of(question), question, library, reader)


def fold_of(question: GoldQuestion) -> str:
    """The group of a gold question: those on one fact are in one of ``FOLDS``."""
    return f"gold-{int(hashlib.sha256(question.fact.encode()).hexdigest(), 16) // 2 % FOLDS}"


def gold_places(question: GoldQuestion, library: Library) -> list[tuple[Document, Span]]:
    """Every place of a question's evidence; that whose words a format leaves out stands nowhere."""
    documents = library.index.documents
    by_id = {document.doc_id: document for document in documents.values()}
    found: list[tuple[Document, Span]] = []
    for evidence in question.evidence:
        name = evidence.doc_id
        document = by_id.get(name) or documents.get(name) or documents.get(f"{name}.txt")
        if document is not None:
            found += [(document, span) for span in occurrences(evidence.quote, document.text)]
    return found


def judge(domain: str, group: str, question: GoldQuestion, library: Library, reader: CrossEncoder) -> Judged:
    """One question as the product asks it."""
    gold = gold_places(question, library)
    began = time.perf_counter()
    query = library.understand(question.question, question.history)
    ranked = library.retriever.retrieve(query, CANDIDATES)
    judged = reader.judge(query.text, [view_of(s.passage) for s in ranked])
    milliseconds = (time.perf_counter() - began) * 1000
    found = [found_in(query, s.passage, j) for s, j in zip(ranked, judged, strict=True)]
    texts = tuple(text_of(finding) if finding else "" for finding in found)
    quotes = [finding.quote if finding else s.passage.span for finding, s in zip(found, ranked, strict=True)]
    return Judged(
        domain=domain,
        group=group,
        kind=question.kind,
        answerable=question.answerable,
        answers=question.answers,
        ranked=tuple(ranked),
        judged=tuple(judged),
        texts=texts,
        right=tuple(
            any(s.passage.path == document.path and quote.overlaps(span) for document, span in gold)
            for s, quote in zip(ranked, quotes, strict=True)
        ),
        f1=tuple(token_f1(text, question.answers) if question.answers else 0.0 for text in texts),
        milliseconds=milliseconds,
    )


class OfDomain(Protocol):
    """Anything that was measured on a question of a domain."""

    @property
    def domain(self) -> str:
        """One of ``SHARE``."""
        ...


def shares(rows: Sequence[OfDomain]) -> Floats:
    """What each question counts: its domain's share over the domain's number of questions; their mean is 1."""
    numbers = {domain: sum(row.domain == domain for row in rows) for domain in SHARE}
    weights = np.array([SHARE[row.domain] / numbers[row.domain] for row in rows])
    return np.asarray(weights / weights.mean(), np.float64)


def choose_rank(rows: Sequence[Judged]) -> RankWeights:
    """The weights with which the first citation is right, and its answer too, most often; the simplest of equals."""
    answerable = [row for row in rows if row.answerable]
    weight = shares(answerable)
    best, chosen = -1.0, RankWeights(1.0, 0.0, 0.0)
    margins, retrievals = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8), (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 20.0, 30.0)
    for margin, retrieval in itertools.product(margins, retrievals):
        weights = RankWeights(1.0, margin, retrieval)
        firsts = [row.order(weights)[0] for row in answerable]
        gains = [row.right[at] + row.is_right(at) for row, at in zip(answerable, firsts, strict=True)]
        value = float(np.mean(weight * np.array(gains)))
        if value > best + 1e-9:
            best, chosen = value, weights
    return chosen


def fitted(
    rows: Sequence[Features], truth: Flags, weight: Floats | None = None, held: Sequence[str] = (), ridge: float = RIDGE
) -> Logistic:
    """A logistic model in the units of the features, regularised in standard units; ``held`` ones have no minus."""
    matrix = np.array([list(row.values()) for row in rows])
    mean, deviation = matrix.mean(0), matrix.std(0) + 1e-9
    scaled = (matrix - mean) / deviation
    counted = np.ones(len(rows)) if weight is None else weight

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logit = scaled @ parameters[1:] + parameters[0]
        error = counted * (1 / (1 + np.exp(-logit)) - truth)
        value = (counted * np.logaddexp(0, np.where(truth, -logit, logit))).sum() / counted.sum()
        slope = np.concatenate([[error.sum()], scaled.T @ error]) / counted.sum()
        penalty = np.concatenate([[0.0], 2 * ridge * parameters[1:]])
        return float(value + ridge * (parameters[1:] ** 2).sum()), slope + penalty

    bounds = [(None, None), *((0.0, None) if name in held else (None, None) for name in rows[0])]
    found = minimize(loss, np.zeros(len(bounds)), jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = found[1:] / deviation
    intercept = float(found[0] - (weights * mean).sum())
    return Logistic(round(intercept, 5), {n: round(float(w), 5) for n, w in zip(rows[0], weights, strict=True)})


def probabilities(model: Logistic, rows: Sequence[Features]) -> Floats:
    """What a logistic model makes of some features."""
    return np.array([model.probability(row) for row in rows])


def logits(judgement: Judgement) -> Features:
    """What one passage's probability is made of."""
    return {"answers": judgement.answers, "margin": judgement.margin}


def left_out(
    rows: Sequence[Judged], found: Sequence[Features], truth: Flags, weight: Floats, held: Sequence[str], ridge: float
) -> Floats:
    """The probability of every row by a model that its group had no part in."""
    groups = np.array([row.group for row in rows])
    result = np.zeros(len(rows))
    for group in sorted(set(groups)):
        out = groups == group
        model = fitted([f for f, o in zip(found, out, strict=True) if not o], truth[~out], weight[~out], held, ridge)
        result[out] = probabilities(model, [f for f, o in zip(found, out, strict=True) if o])
    return result


def log_odds(probability: Floats) -> list[Features]:
    """Probabilities as the one feature of a model that scales them."""
    return [{"logit": float(np.log(p / (1 - p)))} for p in np.clip(probability, 1e-9, 1 - 1e-9)]


def calibrate(card: ReaderCard, rows: Sequence[Judged]) -> tuple[ReaderCard, Floats]:
    """The card for ranked passages, and the confidence of every row from a model that its group had no part in.

    Whether the sources answer orders questions best; how often its answer is right is what a confidence must say. So
    the model is fitted to the first, and its logit is scaled to the second.
    """
    rank = choose_rank(rows)
    orders = [row.order(rank) for row in rows]
    found = [features(row.ranked, row.judged, order) for row, order in zip(rows, orders, strict=True)]
    answerable = np.array([row.answerable for row in rows])
    right = np.array([row.is_right(order[0]) for row, order in zip(rows, orders, strict=True)])
    weight = shares(rows)
    answers = left_out(rows, found, answerable, weight, HELD, RIDGE)
    scale = fitted(log_odds(answers), right, weight, ("logit",), 0.0)
    sure = probabilities(scale, log_odds(answers))
    model = fitted(found, answerable, weight, HELD)
    slope = scale.weights["logit"]
    confidence = Logistic(
        round(scale.intercept + slope * model.intercept, 5),
        {name: round(slope * value, 5) for name, value in model.weights.items()},
        threshold(sure[answerable], shares([row for row in rows if row.answerable])),
    )
    passages = [logits(judgement) for row in rows for judgement in row.judged]
    passage = fitted(passages, np.array([r for row in rows for r in row.right]), held=("answers", "margin"))
    return replace(card, rank=rank, confidence=confidence, passage=passage), sure


def threshold(confidence: Floats, weight: Floats, share: float = FALSE_ABSTENTION) -> float:
    """The confidence below which a ``share`` of the weight lies."""
    order = np.argsort(confidence)
    below = np.cumsum(weight[order]) / weight.sum()
    return round(float(confidence[order][np.searchsorted(below, share)]), 4)


def figures(rows: Sequence[Judged], confidence: Floats, card: ReaderCard) -> dict[str, Any]:
    """What a card reaches on some rows, whose left-out confidence is given."""
    truth = np.array([row.answerable for row in rows])
    answerable = [row for row in rows if row.answerable]
    firsts = [row.order(card.rank)[0] for row in rows]
    cited = np.array([row.right[i] for row, i in zip(rows, firsts, strict=True)])
    right = np.array([row.is_right(i) for row, i in zip(rows, firsts, strict=True)])
    refused = confidence < card.confidence.threshold
    found = {
        "n": len(rows),
        "answerable": int(truth.sum()),
        "candidates_hold_evidence": np.mean([any(row.right) for row in answerable]),
        "retrieved_first": np.mean([row.right[0] for row in answerable]),
        "success_at_1": cited[truth].mean(),
        "right_and_cited": right[truth].mean(),
        "auroc": auroc(confidence, truth),
        "auroc_right": auroc(confidence, right),
        "expected_calibration_error": calibration_error(confidence, right),
        "wrong_and_sure": int(((confidence > SURE) & ~right).sum()),
        "false_abstention": refused[truth].mean(),
        "true_abstention": refused[~truth].mean(),
    }
    return {name: round(float(value), 4) if isinstance(value, float) else value for name, value in found.items()}


def details(rows: Sequence[Judged], confidence: Floats, card: ReaderCard) -> list[dict[str, Any]]:
    """What a report draws its curves from: every question with its left-out confidence and what came of it."""
    found = []
    for row, sure in zip(rows, confidence, strict=True):
        first = row.order(card.rank)[0]
        found.append(
            {
                "answerable": row.answerable,
                "confidence": round(float(sure), 5),
                "retrieved_first": row.right[0],
                "cited": row.right[first],
                "exact": bool(row.answers) and exact_match(row.texts[first], row.answers),
                "f1": row.f1[first],
                "milliseconds": round(row.milliseconds, 2),
            }
        )
    return found


def paragraph_model(path: Path, judge: Judge) -> tuple[Logistic, dict[str, Any], list[dict[str, Any]]]:
    """A paragraph read alone: the probability that it answers, and the threshold of the best SQuAD 2.0 F1.

    The figures are of paragraphs whose article had no part in model and threshold.
    """
    records = read_records(path)
    windows = [[f for f in judge.read(r.question, r.paragraph) if f[1].end > f[1].start] for r in records]
    held = [bool(read) for read in windows]
    records = [r for r, kept in zip(records, held, strict=True) if kept]
    windows = [read for read in windows if read]
    truth = np.array([bool(r.answers) for r in records])
    # Which window is read for its span must not wait for the model that is fitted here: the surest answer is.
    best = [max(read, key=lambda f: f[0]["answers"]) for read in windows]
    read = [said for said, _ in best]
    gain = np.array(
        [
            token_f1(r.paragraph[slice(*span)], [r.paragraph[s:e] for s, e in r.answers]) if r.answers else 0.0
            for r, (_, span) in zip(records, best, strict=True)
        ]
    )
    articles = np.array([r.title for r in records])
    reached = np.zeros(len(records))
    for article in dict.fromkeys(articles.tolist()):
        inside = articles == article
        part = fitted([read[i] for i in np.flatnonzero(~inside)], truth[~inside])
        _, bar = best_threshold(
            probabilities(part, [read[i] for i in np.flatnonzero(~inside)]), gain[~inside], truth[~inside]
        )
        sure = probabilities(part, [read[i] for i in np.flatnonzero(inside)])
        reached[inside] = np.where(sure >= bar, gain[inside], ~truth[inside])
    model = fitted(read, truth)
    probability = probabilities(model, read)
    _, threshold = best_threshold(probability, gain, truth)
    figures = {
        "n": len(records),
        "f1": round(float(reached.mean()), 4),
        "f1_answerable": round(float(gain[truth].mean()), 4),
        "auroc": rounded(auroc(probability, truth)),
    }
    rows = [
        {
            "answerable": bool(answerable),
            "confidence": round(float(sure), 5),
            "exact": bool(r.answers)
            and exact_match(r.paragraph[slice(*span)], [r.paragraph[s:e] for s, e in r.answers]),
            "f1": float(gained),
        }
        for r, (_, span), answerable, sure, gained in zip(records, best, truth, probability, gain, strict=True)
    ]
    return replace(model, threshold=round(threshold, 4)), figures, rows


def main() -> None:
    """Calibrate one reader folder, in place."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reader", type=Path, required=True, help="the reader folder whose card is written")
    parser.add_argument("--gold", type=Path, help="a gold set whose dev questions count as well")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="the corpus of the gold set")
    parser.add_argument("--folders", default="16", help="last digits of the folders on other subjects that count")
    parser.add_argument(
        "--details", type=Path, help="file for every dev question's outcome, from which report.py draws"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    reader = OnnxCrossEncoder(options.reader)
    encoder = make_encoder(Settings.encoder)
    parts = Parts(make_encoder=lambda name: encoder, reader=lambda index: SpanReader(reader), card=lambda: reader.card)
    rows = list(judge_folders("films", load_gold(options.data / "films" / "dev.json"), reader, parts))
    for path in sorted((options.data / "other").glob("*.json")):
        folders = load_gold(path)
        chosen = [name for name in folders.folders if name.endswith(tuple(options.folders))]
        for name in chosen:
            rows += judge_folders("other", folders.of_folder(name), reader, parts)
    if options.gold:
        rows += judge_gold(load_gold(options.gold, "dev"), options.corpus, reader, parts)
    card, confidence = calibrate(reader.card, rows)
    paragraph, paragraph_figures, paragraph_rows = paragraph_model(
        options.data / "reading" / "dev" / "squad2_articles.jsonl.gz", SmallJudge(reader)
    )
    domain = np.array([row.domain for row in rows])
    dev: dict[str, Any] = {"squad2_articles": paragraph_figures}
    for name in dict.fromkeys(domain.tolist()):
        dev[name] = figures([row for row in rows if row.domain == name], confidence[domain == name], card)
    card = replace(card, paragraph=paragraph, encoder_sha256=encoder.sha256, dev=dev)
    if options.details:
        films = [row for row in rows if row.domain == "films"]
        drawn = {"films": details(films, confidence[domain == "films"], card), "squad2": paragraph_rows}
        options.details.write_text(json.dumps(drawn | {"card": to_builtins(card)}) + "\n", encoding="utf-8")
    write_card(options.reader, card)
    print(json.dumps({"rank": to_builtins(card.rank), "threshold": card.confidence.threshold, **dev}, indent=2))


if __name__ == "__main__":
    main()
