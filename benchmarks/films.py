"""Retrieval on the invented films: is a passage that overlaps the gold evidence first, among five, among 24?

    python benchmarks/films.py ../shared/data/films/dev.json

Each film's documents are indexed on their own, as a user's corpus is, and every answerable question is asked.
Prints success@k with a 95 % bootstrap interval over films' questions (seed 0), overall and by kind.
"""

import argparse
import collections
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from qa.ask.library import make_encoder, rebuild
from qa.config import PACKAGED_ENCODER, Settings
from qa.evaluate.gold import occurrences
from qa.models.encoder import OnnxEncoder
from qa.search.index import IndexEncoder, load_index
from qa.search.retriever import FusionWeights, HybridRetriever

CUTS = (1, 5, 24)
VARIANTS = {
    "hybrid": FusionWeights(),
    "passage vectors": FusionWeights(1, 0, 0),
    "sentence vectors": FusionWeights(0, 1, 0),
    "BM25": FusionWeights(0, 0, 1),
}


def ranks(film: dict, folder: Path, encoder: IndexEncoder) -> dict[str, list[tuple[str, int]]]:
    """For each variant (kind, rank of the first passage that overlaps the evidence) of each answerable question."""
    corpus = folder / "corpus"
    corpus.mkdir()
    texts = {document["doc_id"]: document["text"] for document in film["documents"]}
    for doc_id, text in texts.items():
        (corpus / f"{doc_id}.txt").write_text(text, encoding="utf-8", newline="")
    settings = Settings(corpus=corpus, index=folder / "index")
    rebuild(settings, encoder_factory=lambda name: encoder)
    index = load_index(settings.index)
    query_encoder = OnnxEncoder(index.encoder_folder)
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in VARIANTS}
    for question in film["questions"]:
        if not question["answerable"]:
            continue
        gold = [(e["doc"], *span) for e in question["evidence"] for span in occurrences(e["text"], texts[e["doc"]])]
        for name, weights in VARIANTS.items():
            ranked = HybridRetriever(index, query_encoder, weights).retrieve(question["question"], len(index.passages))
            rank = next(
                rank
                for rank, scored in enumerate(ranked, 1)
                for doc, start, end in gold
                if scored.passage.doc_id == doc and scored.passage.start < end and start < scored.passage.end
            )
            found[name].append((question["kind"], rank))
    return found


def interval(hits: np.ndarray) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    means = rng.choice(hits, (2000, len(hits))).mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("films", type=Path)
    parser.add_argument("--encoder", default=PACKAGED_ENCODER)
    parser.add_argument("--most", type=int, help="only the first films")
    options = parser.parse_args()
    films = json.loads(options.films.read_text(encoding="utf-8"))["films"][: options.most]
    encoder = make_encoder(options.encoder)
    total: dict[str, list[tuple[str, int]]] = collections.defaultdict(list)
    for number, film in enumerate(films, 1):
        with tempfile.TemporaryDirectory() as folder:
            for name, found in ranks(film, Path(folder), encoder).items():
                total[name] += found
        print(f"\r{number}/{len(films)} films", end="", file=sys.stderr)
    print(file=sys.stderr)
    for name, found in total.items():
        row = []
        for cut in CUTS:
            hits = np.array([rank <= cut for _, rank in found])
            low, high = interval(hits)
            row.append(f"success@{cut} {hits.mean():.3f} [{low:.3f}, {high:.3f}]")
        print(f"{name:<17} n={len(found)}  " + "  ".join(row))
    kinds = sorted({kind for kind, _ in total["hybrid"]})
    for kind in kinds:
        hits = [rank == 1 for k, rank in total["hybrid"] if k == kind]
        print(f"  hybrid, {kind:<11} n={len(hits):<4} success@1 {np.mean(hits):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
