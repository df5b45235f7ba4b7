"""The kind model: what kind of question is asked, from the encoder's vector and what the wording's rules say.

    python -m training.kind --out qa/models/weights/kind

Every file of ``training/kinds`` was written by another hand, on other subjects, in wordings that no rule foresees.
Beside them stand the questions of the readers' training, most of them plain, whose kinds follow from what the gold
says of them. The model is fitted on all (multinomial logistic regression). What is reported, and from which
probability on the model may say another kind than the wording, comes from models that lacked the question's file.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from msgspec import Struct
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from qa.ask.opening import make_encoder
from qa.ask.wording import wording
from qa.config import Settings
from qa.evaluate.measures import Floats
from qa.models.kind import WEIGHTS_FILE, KindCard, decided, kind_features
from qa.models.onnx import file_sha256
from qa.types import Kind
from training.package import write_card

WRITTEN = Path(__file__).parent / "kinds"
WORDED: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "talk")
KINDS: tuple[Kind, ...] = tuple(kind for kind in WORDED if kind != "superlative")
"""A superlative is a value to a writer; which rows it is the most of, only the wording says."""
RIDGE, STEPS = 0.1, 300
BARS, PRECISION = (0.5, 0.6, 0.7, 0.8, 0.9), 0.9
UNREAD = frozenset(("overview", "comparison"))
"""Kinds whose forms leave aside what the reader would answer; it takes more to say one of them."""
PLAIN_FOLDERS = ("films", "folders", "further", "oblique", "asked")
PLAIN, PLAIN_WEIGHT = 1300, 0.5
"""Questions of each of them, and what one counts beside one that was written for its kind."""
AS_GOLD: Mapping[str, Kind] = {
    **dict.fromkeys(
        "paraphrase factoid typo fact number quotation near_attribute near_entity unanswerable table conflict".split(),
        "value",
    ),
    "why_how": "reason",
    "yes_no": "yes_no",
    "list": "list",
    "definition": "definition",
}


class Asked(Struct, frozen=True):
    """Questions of one file: their features, a row each, the kinds of their wordings, and their kinds.

    ``weight`` is what one of them counts.
    """

    name: str
    features: Floats
    worded: Sequence[Kind]
    kinds: Sequence[Kind]
    weight: float

    @property
    def places(self) -> Floats:
        """Shape (n,): the places of the kinds in ``KINDS``."""
        return np.array([KINDS.index(kind) for kind in self.kinds])


def written(folder: Path) -> Iterator[tuple[str, list[tuple[str, Kind]]]]:
    """The questions of each file with their kinds; raises ``ValueError`` for a kind that is none, or told twice."""
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        rows: list[tuple[str, Kind]] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            question, kind = " ".join(row["question"].split()), row["kind"]
            if kind not in KINDS:
                raise ValueError(f"{path.name}: {question!r} is of the kind {kind!r}; known are {', '.join(KINDS)}")
            if seen.setdefault(question.lower(), kind) != kind:
                raise ValueError(f"{path.name}: {question!r} is of the kind {kind!r}, and before of another one")
            rows.append((question, kind))
        yield path.stem, rows


def as_written(worded: Kind) -> Kind:
    """The kind of a wording as a writer says it."""
    return "value" if worded == "superlative" else worded


def plain(folder: Path) -> list[tuple[str, Kind]]:
    """The questions of a folder of films or folders, without those that follow on others, with their kinds.

    A question after a fact is one for a value only where its wording says so: the gold does not tell "how many" apart.
    """
    rows: list[tuple[str, Kind]] = []
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        for question in (one for group in told.get("films") or told["sets"] for one in group["questions"]):
            text = " ".join(question["question"].split())
            kind = AS_GOLD.get(question["kind"])
            if kind is None or question.get("history") or (kind == "value" != as_written(wording(text).kind)):
                continue
            rows.append((text, kind))
    return rows[:: max(1, len(rows) // PLAIN)]


def fitted(files: Sequence[Asked]) -> LogisticRegression:
    """The model of some files."""
    features, places = np.concatenate([f.features for f in files]), np.concatenate([f.places for f in files])
    weights = np.concatenate([np.full(len(f.kinds), f.weight) for f in files])
    return LogisticRegression(C=1 / RIDGE, max_iter=STEPS).fit(csr_matrix(features), places, weights)


def left_out(files: Sequence[Asked]) -> Iterator[tuple[Asked, Floats]]:
    """Each file with the probabilities of a model that lacked it, shape (n, kinds)."""
    for held in files:
        model = fitted([one for one in files if one is not held])
        yield held, model.predict_proba(csr_matrix(held.features))


def sure_of(kind: Kind, told: Sequence[tuple[Asked, Floats]]) -> float:
    """The least probability from which ``PRECISION`` of what is then said to be of a kind, and not by wording, is."""
    at = KINDS.index(kind)
    rows = [
        (float(row[at]), truth == kind)
        for held, shares in told
        for row, worded, truth in zip(shares, held.worded, held.kinds, strict=True)
        if row.argmax() == at and as_written(worded) != kind
    ]
    for bar in BARS if kind not in UNREAD else BARS[2:]:
        right = [is_right for share, is_right in rows if share >= bar]
        if right and np.mean(right) >= PRECISION:
            return bar
    return 1.0


def said(held: Asked, shares: Floats, sure: Mapping[Kind, float]) -> list[Kind]:
    """The kind that is said of each question of a file."""
    likeliest = [KINDS[at] for at in shares.argmax(axis=1)]
    return [
        as_written(decided(kind, float(share), worded, sure))
        for kind, share, worded in zip(likeliest, shares.max(axis=1), held.worded, strict=True)
    ]


def accuracy(told: Sequence[tuple[Asked, Sequence[Kind]]], kind: Kind | None = None) -> float:
    """The share of the questions, or of those of one kind, whose kind is said right."""
    pairs = [pair for held, kinds in told for pair in zip(kinds, held.kinds, strict=True)]
    return round(float(np.mean([one == other for one, other in pairs if kind in (None, other)])), 3)


def measured(shares: Sequence[tuple[Asked, Floats]], sure: Mapping[Kind, float]) -> dict[str, Any]:
    """What wordings reach alone and with the model, by left-out files: of all, by kind, by file."""
    alone = [(held, [as_written(worded) for worded in held.worded]) for held, _ in shares]
    both = [(held, said(held, row, sure)) for held, row in shares]
    present = {kind for held, _ in shares for kind in held.kinds}
    return {
        "n": sum(len(held.kinds) for held, _ in shares),
        "files": len(shares),
        "wording": accuracy(alone),
        "model": accuracy(both),
        "kinds": {kind: [accuracy(alone, kind), accuracy(both, kind)] for kind in KINDS if kind in present},
        "by_file": {one[0].name: [accuracy([one]), accuracy([two])] for one, two in zip(alone, both, strict=True)},
    }


def main() -> None:
    """Fit the kind model on all that is written, measure it by left-out files, and write its folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--written", type=Path, default=WRITTEN, help="the folder with the questions")
    parser.add_argument("--out", type=Path, required=True, help="the folder that is written")
    options = parser.parse_args()
    encoder = make_encoder(Settings.encoder)

    def asked(name: str, rows: Sequence[tuple[str, Kind]], weight: float) -> Asked:
        questions, kinds = [question for question, _ in rows], [kind for _, kind in rows]
        worded = [wording(question).kind for question in questions]
        features = kind_features(encoder.encode(questions), questions, worded, WORDED)
        return Asked(name, features.astype(np.float64), worded, kinds, weight)

    hands = [asked(name, rows, 1.0) for name, rows in written(options.written)]
    files = hands + [asked(name, plain(Path(__file__).parent / name), PLAIN_WEIGHT) for name in PLAIN_FOLDERS]
    shares = list(left_out(files))
    sure = {kind: sure_of(kind, shares[: len(hands)]) for kind in KINDS}
    dev = {"written": measured(shares[: len(hands)], sure), "plain": measured(shares[len(hands) :], sure)}
    model = fitted(files)
    weights = np.vstack([model.coef_.T, model.intercept_])
    options.out.mkdir(parents=True, exist_ok=True)
    np.save(options.out / WEIGHTS_FILE, weights.astype(np.float16))
    card = KindCard(
        name="qa-kind",
        precision="fp16",
        files={WEIGHTS_FILE: file_sha256(options.out / WEIGHTS_FILE)},
        dev=dev,
        encoder_sha256=encoder.sha256,
        kinds=KINDS,
        worded=WORDED,
        sure=sure,
    )
    write_card(options.out, card)
    print(card.to_json())


if __name__ == "__main__":
    main()
