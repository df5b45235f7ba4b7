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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa.ask.conversation import stand_alone
from qa.ask.library import CANDIDATES, make_encoder, rebuild
from qa.ask.reader import WINDOW_TOKENS, SpanReader, logistic
from qa.config import Settings
from qa.evaluate.gold import occurrences
from qa.evaluate.measures import Flags, Floats, auroc, calibration_error, exact_match, token_f1
from qa.models.cross_encoder import CARD_FILE, CrossEncoder, Judgement, OnnxCrossEncoder, View
from qa.models.encoder import OnnxEncoder
from qa.search.index import IndexEncoder, load_index
from qa.search.retriever import HybridRetriever
from qa.types import ScoredPassage
from training.data import read_records
from training.measure_reader import best_threshold, rounded

FALSE_ABSTENTION = 0.04
"""Share of answerable dev questions that may be refused; the threshold follows from it."""
FOLDS = 5
"""Groups into which the facts of a gold set fall."""
Weights = dict[str, float]

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

    def order(self, weights: Mapping[str, float]) -> list[int]:
        """See ``SpanReader.order``."""
        return SpanReader.order(self.ranked, self.judged, weights)

    def best_text(self, at: int) -> str:
        """The best span of a candidate."""
        return self.ranked[at].passage.text[slice(*self.judged[at].span)]


def indexed(corpus: Path, folder: Path, factory: Callable[[str], IndexEncoder]) -> HybridRetriever:
    """The retriever of a corpus, its index built in ``folder``."""
    rebuild(Settings(corpus=corpus, index=folder), encoder_factory=factory)
    index = load_index(folder)
    return HybridRetriever(index, OnnxEncoder(index.encoder_folder))


def judge_films(path: Path, reader: CrossEncoder, factory: Callable[[str], IndexEncoder]) -> list[Judged]:
    """Every question of a file of films, each film indexed on its own."""
    rows = []
    for film in json.loads(path.read_text(encoding="utf-8"))["films"]:
        texts = {document["doc_id"]: document["text"] for document in film["documents"]}
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus"
            corpus.mkdir()
            for doc_id, text in texts.items():
                (corpus / f"{doc_id}.txt").write_text(text, encoding="utf-8", newline="")
            retriever = indexed(corpus, Path(folder) / "index", factory)
            for question in film["questions"]:
                gold = [(e["doc"], *s) for e in question["evidence"] for s in occurrences(e["text"], texts[e["doc"]])]
                rows.append(judge(film["film_id"], question, gold, retriever, reader))
        log.info("%s", film["film_id"])
    return rows


def judge_gold(gold: Path, corpus: Path, reader: CrossEncoder, factory: Callable[[str], IndexEncoder]) -> list[Judged]:
    """The dev questions of a gold set; questions on one fact fall into one of ``FOLDS`` groups."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        retriever = indexed(corpus, Path(folder) / "index", factory)
        for line in gold.read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            if question["split"] != "dev":
                continue
            spans = [(e["doc_id"], e["start"], e["end"]) for e in question["evidence"]]
            fold = int(hashlib.sha256(question["fact"].encode()).hexdigest(), 16) // 2 % FOLDS
            rows.append(judge(f"gold-{fold}", question, spans, retriever, reader))
    return rows


def judge(
    group: str,
    question: Mapping[str, Any],
    gold: Sequence[tuple[str, int, int]],
    retriever: HybridRetriever,
    reader: CrossEncoder,
) -> Judged:
    """One question as the product asks it."""
    query = stand_alone(question["question"], question.get("history", [])) or question["question"]
    began = time.perf_counter()
    ranked = retriever.retrieve(query, CANDIDATES)
    judged = reader.judge(retriever.spelt(query), [View(s.passage.context, s.passage.text) for s in ranked])
    milliseconds = (time.perf_counter() - began) * 1000
    right = [
        any(s.passage.doc_id == doc and s.passage.start < end and start < s.passage.end for doc, start, end in gold)
        for s in ranked
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


def choose_rank(rows: Sequence[Judged]) -> Weights:
    """The weights with which the best passage is right, and its answer too, most often; the simplest of equals.

    The films together count as much as the gold set, whose questions are fewer.
    """
    answerable = [row for row in rows if row.answerable]
    of_gold = np.array([row.group.startswith("gold") for row in answerable])
    parts = [part for part in (of_gold, ~of_gold) if part.any()]
    best, chosen = -1.0, Weights()
    for margin, retrieval in itertools.product((0.0, 0.1, 0.2, 0.3), (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 20.0, 30.0)):
        weights = {"answers": 1.0, "margin": margin, "retrieval": retrieval}
        firsts = [row.order(weights)[0] for row in answerable]
        cited = np.array([row.right[at] for row, at in zip(answerable, firsts, strict=True)])
        right = [token_f1(row.best_text(at), row.answers) >= 0.5 for row, at in zip(answerable, firsts, strict=True)]
        value = float(np.mean([(cited.astype(float) + (cited & right))[part].mean() for part in parts]))
        if value > best + 1e-9:
            best, chosen = value, weights
    return chosen


def fitted(rows: Sequence[Weights], truth: Flags) -> Weights:
    """A logistic model in the units of the features, regularised in standard units; see ``qa.ask.reader.logistic``."""
    features = np.array([list(row.values()) for row in rows])
    mean, deviation = features.mean(0), features.std(0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000).fit((features - mean) / deviation, truth)
    weights = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - (weights * mean).sum())
    return {"intercept": round(intercept, 5)} | {n: round(float(w), 5) for n, w in zip(rows[0], weights, strict=True)}


def probabilities(weights: Weights, rows: Sequence[Weights]) -> Floats:
    """What a logistic model makes of some features."""
    return np.array([logistic(weights, row) for row in rows])


def logits(judgement: Judgement) -> Weights:
    """What one passage's probability is made of."""
    return {"answers": judgement.answers, "margin": judgement.margin}


def calibrate(rows: Sequence[Judged]) -> tuple[dict[str, Any], Floats]:
    """The card's entries, and the confidence of every row from a model that its group had no part in."""
    rank = choose_rank(rows)
    features = [SpanReader.features(row.ranked, row.judged, row.order(rank)) for row in rows]
    truth = np.array([row.answerable for row in rows])
    groups = np.array([row.group for row in rows])
    left_out = np.zeros(len(rows))
    for group in sorted(set(groups)):
        out = groups == group
        model = fitted([f for f, left in zip(features, out, strict=True) if not left], truth[~out])
        left_out[out] = probabilities(model, [f for f, left in zip(features, out, strict=True) if left])
    passages = [logits(judged) for row in rows for judged in row.judged]
    entries = {
        "rank": rank,
        "confidence": fitted(features, truth),
        "threshold": round(float(np.quantile(left_out[truth], FALSE_ABSTENTION)), 4),
        "passage": fitted(passages, np.array([right for row in rows for right in row.right])) | {"threshold": 0.5},
    }
    return entries, left_out


def figures(rows: Sequence[Judged], confidence: Floats, entries: Mapping[str, Any]) -> dict[str, Any]:
    """What the chosen entries reach on some rows, whose left-out confidence is given."""
    truth = np.array([row.answerable for row in rows])
    answerable = [row for row in rows if row.answerable]
    firsts = [row.order(entries["rank"])[0] for row in answerable]
    cited = np.array([row.right[i] for row, i in zip(answerable, firsts, strict=True)])
    right = np.array(
        [token_f1(row.best_text(i), row.answers) >= 0.5 for row, i in zip(answerable, firsts, strict=True)]
    )
    refused = confidence < entries["threshold"]
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


def details(rows: Sequence[Judged], confidence: Floats, entries: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a report draws its curves from: every question with its left-out confidence and what came of it."""
    found = []
    for row, sure in zip(rows, confidence, strict=True):
        first = row.order(entries["rank"])[0]
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


def calibrate_paragraph(path: Path, reader: CrossEncoder) -> tuple[Weights, dict[str, Any], list[dict[str, Any]]]:
    """A paragraph read alone: the probability that it answers, and the threshold of the best SQuAD 2.0 F1."""
    records = read_records(path)
    found = [reader.judge(r.question, [View("", r.paragraph)], max_tokens=WINDOW_TOKENS)[0] for r in records]
    truth = np.array([bool(r.answers) for r in records])
    features = [logits(judgement) for judgement in found]
    gain = np.array(
        [
            token_f1(r.paragraph[slice(*j.span)], [r.paragraph[s:e] for s, e in r.answers]) if r.answers else 0.0
            for r, j in zip(records, found, strict=True)
        ]
    )
    weights = fitted(features, truth)
    probability = probabilities(weights, features)
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
    return weights | {"threshold": round(threshold, 4)}, figures, rows


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
    made = make_encoder(Settings.encoder)
    films = judge_films(options.data / "films" / "dev.json", reader, lambda name: made)
    gold = judge_gold(options.gold, options.corpus, reader, lambda name: made) if options.gold else []
    entries, confidence = calibrate([*films, *gold])
    paragraph, paragraph_figures, paragraph_rows = calibrate_paragraph(
        options.data / "reading/dev/squad2_articles.jsonl.gz", reader
    )
    card = dict(reader.card) | entries | {"paragraph": paragraph}
    card["dev"] = {"films": figures(films, confidence[: len(films)], entries), "squad2_articles": paragraph_figures}
    if gold:
        card["dev"]["gold"] = figures(gold, confidence[len(films) :], entries)
    if options.details:
        drawn = {"films": details(films, confidence[: len(films)], entries), "squad2": paragraph_rows}
        options.details.write_text(json.dumps(drawn | {"card": card}) + "\n", encoding="utf-8")
    (options.reader / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"rank": entries["rank"], "threshold": entries["threshold"], **card["dev"]}, indent=2))


if __name__ == "__main__":
    main()
