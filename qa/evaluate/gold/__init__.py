"""Gold sets: read from our JSONL, a JSON file of folders, SQuAD or BEIR, and proved against their documents.

Each form is one file, which says what it looks like; all but ours bring their documents along.
"""

from qa.evaluate.gold.gold_set import GoldSet, decode_utf8, writable
from qa.evaluate.gold.ground import ground, occurrences, write_corpus
from qa.evaluate.gold.load import load_gold

__all__ = ["GoldSet", "decode_utf8", "ground", "load_gold", "occurrences", "writable", "write_corpus"]
