"""The form of the written corpora on disk: compact, and a line for each document and question, so that diffs read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def packed(key: str, items: Sequence[Mapping[str, Any]]) -> str:
    r"""JSON of ``{key: items}`` in which a list of objects has a line for each.

    >>> print(packed("films", [{"film_id": "a01", "questions": [{"id": "a01-q01"}, {"id": "a01-q02"}]}]), end="")
    {"films":[
    {"film_id":"a01","questions":[
    {"id":"a01-q01"},
    {"id":"a01-q02"}]}]}
    """
    return f"{{{_compact(key)}:{_lines([_item(item) for item in items])}}}\n"


def _item(item: Mapping[str, Any]) -> str:
    fields = []
    for name, value in item.items():
        listed = isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)
        fields.append(f"{_compact(name)}:{_lines([_compact(entry) for entry in value]) if listed else _compact(value)}")
    return "{" + ",".join(fields) + "}"


def _lines(entries: Sequence[str]) -> str:
    return "[\n" + ",\n".join(entries) + "]"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
