"""Hold an evaluation to an earlier one: paired differences with their p, the questions that changed, and the gate."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import UsageError
from qa.evaluate import measures as metrics
from qa.evaluate.run import SCHEMA_VERSION, entry, tidy

INVARIANTS = ("quotes_equal", "answers_quoted")
GATED = ("headline", "ndcg@10", "first_citation", "citation_precision", "citation_recall")
YES_NO = ("right", "exact", "exact_answerable", "exact_unanswerable", "first_citation", "refusal_recall")
SIGNIFICANT = 0.05
BASELINE_PARTS = ("schema_version", "gold", "answerer", "settings", "metrics")
BASELINE_KEYS = ("id", "fact", "question", "gold_sha256", "answer")


def baseline_json(evaluation: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an evaluation that later ones are held to: small enough to be committed."""
    questions = []
    for question in evaluation["questions"]:
        measured = {name: value for name, value in question["values"].items() if value is not None}
        questions.append({key: question[key] for key in BASELINE_KEYS} | {"values": measured})
    return {key: evaluation[key] for key in BASELINE_PARTS} | {"questions": questions}


def load_baseline(path: Path) -> dict[str, Any]:
    """An evaluation's JSON, as `qa eval --json` or `--write-baseline` wrote it."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded["schema_version"] != SCHEMA_VERSION:
            raise UsageError(f"{path}: has schema {loaded['schema_version']}, this version reads {SCHEMA_VERSION}")
        {(q["id"], q["gold_sha256"], q["values"].get("headline"), q["answer"]) for q in loaded["questions"]}
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not an evaluation as `qa eval --write-baseline` writes it ({error})") from error
    return dict(loaded)


def compare(evaluation: Mapping[str, Any], baseline: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Paired differences from an earlier evaluation of the same questions, and the questions that changed.

    Raises ``UsageError`` when the two did not ask the same questions.
    """
    now = {q["id"]: q for q in evaluation["questions"]}
    then = {q["id"]: q for q in baseline["questions"]}
    if strangers := sorted(now.keys() ^ then.keys()):
        where = "only the gold set" if strangers[0] in now else f"only {name}"
        raise UsageError(f"{where} has the question {strangers[0]!r} ({len(strangers)} such); measure {name} anew")
    for key in now:
        if now[key]["gold_sha256"] != then[key]["gold_sha256"]:
            raise UsageError(f"{name}: the gold of {key!r} was changed since; measure {name} anew")
    seed, rounds = evaluation["settings"]["seed"], evaluation["settings"]["rounds"]
    found = {}
    for metric in evaluation["metrics"]:
        pairs = [
            (value, before, now[key]["fact"])
            for key in now
            if (value := now[key]["values"].get(metric)) is not None
            and (before := then[key]["values"].get(metric)) is not None
        ]
        if not pairs:
            continue
        facts = [fact for *_, fact in pairs]
        differences = np.array([a - b for a, b, _ in pairs], np.float64)
        interval = metrics.bootstrap_mean(differences, facts, rounds, seed)
        yes_no = metrics.mcnemar([a == 1 for a, *_ in pairs], [b == 1 for _, b, _ in pairs])
        found[metric] = entry(float(differences.mean()), interval, len(pairs)) | {
            "p": tidy(metrics.randomisation_test(differences, facts, rounds, seed)),
            "mcnemar_p": tidy(yes_no) if metric in YES_NO or metric.startswith("success@") else None,
        }
    changed = []
    for key in now:
        answers = [side[key]["answer"] for side in (then, now)]
        points = [side[key]["values"].get("headline") for side in (then, now)]
        if answers[0] != answers[1] or points[0] != points[1]:
            changed.append(
                {
                    "id": key,
                    "question": now[key]["question"],
                    "was": answers[0],
                    "now": answers[1],
                    "points_was": points[0],
                    "points_now": points[1],
                }
            )
    changed.sort(key=lambda c: ((c["points_now"] or 0) - (c["points_was"] or 0), c["id"]))
    return {"baseline": name, "differences": found, "changed": changed}


def gate(evaluation: Mapping[str, Any], comparison: Mapping[str, Any]) -> list[str]:
    """Why the evaluation must not pass, a line a reason: a broken citation, or a significant fall."""
    reasons = []
    for name in INVARIANTS:
        share = evaluation["metrics"][name]["value"]
        if share is not None and share < 1:
            reasons.append(f"{name} is {share:.4f}, and must be 1")
    for name in GATED:
        if (change := comparison["differences"].get(name)) and change["value"] < 0 and change["p"] < SIGNIFICANT:
            low, high = change["low"], change["high"]
            reasons.append(f"{name} fell by {-change['value']:.3f} [{low:+.3f}, {high:+.3f}], p = {change['p']:.4f}")
    if evaluation["metrics"]["headline"]["value"] is None:
        reasons.append("headline was not measured; the gate needs a gold set with answers")
    return reasons
