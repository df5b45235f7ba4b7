"""Choose on dev data how the reader ranks, how sure it is, and when it abstains; write it into the card.

    python -m training.calibrate --reader qa/models/weights/reader --gold tests/gold/missing-picture.jsonl

Every question of the dev films is retrieved and judged as the product does it. Then: weights of the ranking by
grid, a logistic model of "the sources answer this" (reported by leaving one film out), the threshold for a share
of false abstentions, a logistic model of "this passage answers this", and the same for a whole paragraph read
alone (SQuAD 2.0 dev articles).
"""

import argparse
import hashlib
import itertools
import json
import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa.ask.library import CANDIDATES, Library
from qa.ask.opening import Parts, assemble, make_encoder, rebuild
from qa.ask.reader import SpanReader, features, ranking
from qa.ask.text_reader import WINDOW_TOKENS
from qa.config import Settings
from qa.evaluate.gold import occurrences
from qa.evaluate.measures import Flags, Floats, auroc, calibration_error, exact_match, token_f1
from qa.models.card import Logistic, RankWeights, ReaderCard
from qa.models.cross_encoder import CrossEncoder, Judgement, OnnxCrossEncoder, View
from qa.search.index import load_index
from qa.text import Span
from qa.types import ScoredPassage
from training.data import read_records
from training.measure_reader import best_threshold, rounded
from training.package import write_card

FALSE_ABSTENTION = 0.04
"""Share of answerable dev questions that may be refused; the threshold follows from it."""
FOLDS = 5
"""Groups into which the facts of a gold set fall."""
Features = Mapping[str, float]

log = logging.getLogger("calibrate")


@dataclass(frozen=True)
class Judged:
    """One question with its candidates as the product sees them, and which of them are right."""

    group: str
    answerable: bool
    answers: tuple[str, ...]
    ranked: tuple[ScoredPassage, ...]
    judged: tuple[Judgement, ...]
    right: tuple[bool, ...]
    milliseconds: float
    """Retrieving and reading."""

    def order(self, weights: RankWeights) -> list[int]:
        """Places of the candidates, best first."""
        return ranking(self.ranked, self.judged, weights)

    def best_text(self, at: int) -> str:
        """The best span of a candidate."""
        return self.ranked[at].passage.plain.text[slice(*self.judged[at].span)]


def opened(corpus: Path, folder: Path, parts: Parts) -> Library:
    """The library of a corpus, its index built in ``folder``."""
    rebuild(Settings(corpus=corpus, index=folder), parts=parts)
    return assemble(load_index(folder), parts)


def judge_films(path: Path, reader: CrossEncoder, parts: Parts) -> list[Judged]:
    """Every question of a file of films, each film indexed on its own."""
    rows = []
    for film in json.loads(path.read_text(encoding="utf-8"))["films"]:
        texts = {document["doc_id"]: document["text"] for document in film["documents"]}
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus"
            corpus.mkdir()
            for doc_id, text in texts.items():
                (corpus / f"{doc_id}.txt").write_text(text, encoding="utf-8", newline="")
            library = opened(corpus, Path(folder) / "index", parts)
            for question in film["questions"]:
                gold = [
                    (e["doc"], span) for e in question["evidence"] for span in occurrences(e["text"], texts[e["doc"]])
                ]
                rows.append(judge(film["film_id"], question, gold, library, reader))
        log.info("%s", film["film_id"])
    return rows


def judge_gold(gold: Path, corpus: Path, reader: CrossEncoder, parts: Parts) -> list[Judged]:
    """The dev questions of a gold set; questions on one fact fall into one of ``FOLDS`` groups."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        library = opened(corpus, Path(folder) / "index", parts)
        for line in gold.read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            if question["split"] != "dev":
                continue
            spans = [(e["doc_id"], Span(e["start"], e["end"])) for e in question["evidence"]]
            fold = int(hashlib.sha256(question["fact"].encode()).hexdigest(), 16) // 2 % FOLDS
            rows.append(judge(f"gold-{fold}", question, spans, library, reader))
    return rows


def judge(
    group: str,
    question: Mapping[str, Any],
    gold: Sequence[tuple[str, Span]],
    library: Library,
    reader: CrossEncoder,
) -> Judged:
    """One question as the product asks it."""
    began = time.perf_counter()
    query = library.understand(question["question"], question.get("history", []))
    ranked = library.retriever.retrieve(query, CANDIDATES)
    judged = reader.judge(query.text, [View(s.passage.context, s.passage.plain.text) for s in ranked])
    milliseconds = (time.perf_counter() - began) * 1000
    right = [
        any(scored.passage.doc_id == doc and scored.passage.span.overlaps(span) for doc, span in gold)
        for scored in ranked
    ]
    return Judged(
        group=group,
        answerable=question["answerable"],
        answers=tuple(question["answers"]),
        ranked=tuple(ranked),
        judged=tuple(judged),
        right=tuple(right),
        milliseconds=milliseconds,
    )


def choose_rank(rows: Sequence[Judged]) -> RankWeights:
    """The weights with which the best passage is right, and its answer too, most often; the simplest of equals.

    The films together count as much as the gold set, whose questions are fewer.
    """
    answerable = [row for row in rows if row.answerable]
    of_gold = np.array([row.group.startswith("gold") for row in answerable])
    parts = [part for part in (of_gold, ~of_gold) if part.any()]
    best, chosen = -1.0, RankWeights(1.0, 0.0, 0.0)
    for margin, retrieval in itertools.product((0.0, 0.1, 0.2, 0.3), (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 20.0, 30.0)):
        weights = RankWeights(1.0, margin, retrieval)
        firsts = [row.order(weights)[0] for row in answerable]
        cited = np.array([row.right[at] for row, at in zip(answerable, firsts, strict=True)])
        right = [token_f1(row.best_text(at), row.answers) >= 0.5 for row, at in zip(answerable, firsts, strict=True)]
        value = float(np.mean([(cited.astype(float) + (cited & right))[part].mean() for part in parts]))
        if value > best + 1e-9:
            best, chosen = value, weights
    return chosen


def fitted(rows: Sequence[Features], truth: Flags) -> Logistic:
    """A logistic model in the units of the features, regularised in standard units."""
    matrix = np.array([list(row.values()) for row in rows])
    mean, deviation = matrix.mean(0), matrix.std(0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000).fit((matrix - mean) / deviation, truth)
    weights = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - (weights * mean).sum())
    return Logistic(round(intercept, 5), {n: round(float(w), 5) for n, w in zip(rows[0], weights, strict=True)})


def probabilities(model: Logistic, rows: Sequence[Features]) -> Floats:
    """What a logistic model makes of some features."""
    return np.array([model.probability(row) for row in rows])


def logits(judgement: Judgement) -> Features:
    """What one passage's probability is made of."""
    return {"answers": judgement.answers, "margin": judgement.margin}


def calibrate(card: ReaderCard, rows: Sequence[Judged]) -> tuple[ReaderCard, Floats]:
    """The card for ranked passages, and the confidence of every row from a model that its group had no part in."""
    rank = choose_rank(rows)
    found = [features(row.ranked, row.judged, row.order(rank)) for row in rows]
    truth = np.array([row.answerable for row in rows])
    groups = np.array([row.group for row in rows])
    left_out = np.zeros(len(rows))
    for group in sorted(set(groups)):
        out = groups == group
        model = fitted([f for f, left in zip(found, out, strict=True) if not left], truth[~out])
        left_out[out] = probabilities(model, [f for f, left in zip(found, out, strict=True) if left])
    threshold = round(float(np.quantile(left_out[truth], FALSE_ABSTENTION)), 4)
    passages = [logits(judgement) for row in rows for judgement in row.judged]
    passage = fitted(passages, np.array([right for row in rows for right in row.right]))
    confidence = replace(fitted(found, truth), threshold=threshold)
    return replace(card, rank=rank, confidence=confidence, passage=passage), left_out


def figures(rows: Sequence[Judged], confidence: Floats, card: ReaderCard) -> dict[str, Any]:
    """What a card reaches on some rows, whose left-out confidence is given."""
    truth = np.array([row.answerable for row in rows])
    answerable = [row for row in rows if row.answerable]
    firsts = [row.order(card.rank)[0] for row in answerable]
    cited = np.array([row.right[i] for row, i in zip(answerable, firsts, strict=True)])
    right = np.array(
        [token_f1(row.best_text(i), row.answers) >= 0.5 for row, i in zip(answerable, firsts, strict=True)]
    )
    refused = confidence < card.confidence.threshold
    found = {
        "n": len(rows),
        "answerable": int(truth.sum()),
        "candidates_hold_evidence": np.mean([any(row.right) for row in answerable]),
        "retrieved_first": np.mean([row.right[0] for row in answerable]),
        "success_at_1": cited.mean(),
        "right_and_cited": (cited & right).mean(),
        "auroc": auroc(confidence, truth),
        "expected_calibration_error": calibration_error(confidence, truth),
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
                "exact": bool(row.answers) and exact_match(row.best_text(first), row.answers),
                "f1": token_f1(row.best_text(first), row.answers) if row.answers else 0.0,
                "milliseconds": round(row.milliseconds, 2),
            }
        )
    return found


def calibrate_paragraph(path: Path, reader: CrossEncoder) -> tuple[Logistic, dict[str, Any], list[dict[str, Any]]]:
    """A paragraph read alone: the probability that it answers, and the threshold of the best SQuAD 2.0 F1."""
    records = read_records(path)
    found = [reader.judge(r.question, [View("", r.paragraph)], max_tokens=WINDOW_TOKENS)[0] for r in records]
    truth = np.array([bool(r.answers) for r in records])
    read = [logits(judgement) for judgement in found]
    gain = np.array(
        [
            token_f1(r.paragraph[slice(*j.span)], [r.paragraph[s:e] for s, e in r.answers]) if r.answers else 0.0
            for r, j in zip(records, found, strict=True)
        ]
    )
    model = fitted(read, truth)
    probability = probabilities(model, read)
    best, threshold = best_threshold(probability, gain, truth)
    figures = {
        "n": len(records),
        "f1": round(best, 4),
        "f1_answerable": round(float(gain[truth].mean()), 4),
        "auroc": rounded(auroc(probability, truth)),
    }
    rows = [
        {
            "answerable": bool(answerable),
            "confidence": round(float(sure), 5),
            "exact": bool(r.answers)
            and exact_match(r.paragraph[slice(*j.span)], [r.paragraph[s:e] for s, e in r.answers]),
            "f1": float(gained),
        }
        for r, j, answerable, sure, gained in zip(records, found, truth, probability, gain, strict=True)
    ]
    return replace(model, threshold=round(threshold, 4)), figures, rows


def main() -> None:
    """Calibrate one reader folder, in place."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reader", type=Path, required=True, help="the reader folder whose card is written")
    parser.add_argument("--gold", type=Path, help="a gold set whose dev questions count as well")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="the corpus of the gold set")
    parser.add_argument(
        "--details", type=Path, help="file for every dev question's outcome, from which report.py draws"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    reader = OnnxCrossEncoder(options.reader)
    encoder = make_encoder(Settings.encoder)
    parts = Parts(make_encoder=lambda name: encoder, reader=lambda: SpanReader(reader), card=lambda: reader.card)
    films = judge_films(options.data / "films" / "dev.json", reader, parts)
    gold = judge_gold(options.gold, options.corpus, reader, parts) if options.gold else []
    card, confidence = calibrate(reader.card, [*films, *gold])
    paragraph, paragraph_figures, paragraph_rows = calibrate_paragraph(
        options.data / "reading" / "dev" / "squad2_articles.jsonl.gz", reader
    )
    dev = {"films": figures(films, confidence[: len(films)], card), "squad2_articles": paragraph_figures}
    if gold:
        dev["gold"] = figures(gold, confidence[len(films) :], card)
    card = replace(card, paragraph=paragraph, encoder_sha256=encoder.sha256, dev=dev)
    if options.details:
        drawn = {"films": details(films, confidence[: len(films)], card), "squad2": paragraph_rows}
        options.details.write_text(json.dumps(drawn | {"card": asdict(card)}) + "\n", encoding="utf-8")
    write_card(options.reader, card)
    print(json.dumps({"rank": asdict(card.rank), "threshold": card.confidence.threshold, **dev}, indent=2))


if __name__ == "__main__":
    main()
