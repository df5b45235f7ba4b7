"""Which form a gold set has, told from what is at its path."""

from pathlib import Path

from msgspec.structs import replace

from qa.errors import GoldError, UsageError
from qa.evaluate.gold.beir import read_beir
from qa.evaluate.gold.folders import FOLDER_KINDS, read_folders
from qa.evaluate.gold.gold_set import GoldSet
from qa.evaluate.gold.ours import read_ours
from qa.evaluate.gold.squad import read_squad
from qa.jsonl import parse


def load_gold(path: Path, split: str | None = None) -> GoldSet:
    """Read a gold set; ``split`` keeps one part of it (in a BEIR folder it names the qrels file, default test).

    Raises ``GoldError`` with a line for each malformed line, and ``UsageError`` for a path or split that is not there.
    """
    if path.is_dir():
        gold = read_beir(path, split)
    elif path.is_file():
        data = path.read_bytes()
        gold = _read_json(path, data) or read_ours(path, data)
        if split is not None:
            splits = sorted({q.split for q in gold.questions if q.split is not None})
            if split not in splits:
                there = f"it has {', '.join(splits)}" if splits else "it has no splits"
                raise UsageError(f"{path}: no split {split!r}; {there}")
            gold = replace(gold, questions=tuple(q for q in gold.questions if q.split == split))
    else:
        raise UsageError(
            f"{path}: no such gold set; name a JSONL file, a JSON file of folders or of SQuAD, or a BEIR folder"
        )
    if not gold.questions:
        raise GoldError([f"{path}: holds no question"])
    return gold


def _read_json(path: Path, data: bytes) -> GoldSet | None:
    """A set that is one JSON object, told by its key; None for any other file. A line of our form has no such key."""
    try:
        loaded = parse(data.decode("utf-8-sig"))
    except ValueError:
        return None
    if not isinstance(loaded, dict):
        return None
    if "data" in loaded:
        return read_squad(path, data, loaded)
    kind = next((kind for kind in FOLDER_KINDS if kind in loaded), None)
    return None if kind is None else read_folders(path, data, loaded, kind)
