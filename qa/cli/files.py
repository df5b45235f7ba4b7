"""What commands read: a file or standard input, questions a line each, saved answers."""

import sys
from pathlib import Path
from typing import Any

from qa.errors import UsageError
from qa.jsonl import json_lines, parse


def read_input(name: str) -> str:
    """The text of a file, or of stdin for ``-``; both are UTF-8, whatever the terminal's letters are."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"not UTF-8: {error.reason}"
        raise UsageError(f"{name}: cannot be read: {reason}") from error


def read_batch(name: str, keys: set[str]) -> list[dict[str, Any]]:
    """The questions of a JSONL file, every line checked; the first bad one is named by file and line."""
    from qa.ask.library import check_letters, check_question

    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for where, row in json_lines(name, read_input(name)):
        if unknown := row.keys() - keys:
            raise UsageError(f"{where}: unknown key {min(unknown)!r}; known are {', '.join(sorted(keys))}")
        if not is_id(row.get("id", "")):
            raise UsageError(f"{where}: id must be a string or a number")
        row |= {"id": str(row.get("id", where.rpartition(":")[2])), "question": row.get("question")}
        row |= {"history": row.get("history") or []} if "history" in keys else {"context": row.get("context")}
        if not isinstance(row["question"], str):
            raise UsageError(f"{where}: question must be a string")
        if "context" in row and not isinstance(row["context"], str):
            raise UsageError(f"{where}: context must be a string")
        history = row.get("history", [])
        if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
            raise UsageError(f"{where}: history must be a list of strings")
        if row["id"] in seen:
            raise UsageError(f"{where}: the id {row['id']!r} is there twice")
        seen.add(row["id"])
        try:
            for asked in (*history, row["question"]):
                check_question(asked)
            check_letters("the context", row.get("context", ""))
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from error
        rows.append(row)
    return rows


def read_answers(name: str) -> list[dict[str, Any]]:
    """Saved answers: one JSON object, a list of them, or one a line."""
    text = read_input(name)
    try:
        loaded = parse(text)
    except ValueError:
        loaded = [row for _, row in json_lines(name, text)]
    found = loaded if isinstance(loaded, list) else [loaded]
    for number, answer in enumerate(found, 1):
        if not (
            isinstance(answer, dict)
            and isinstance(answer.get("citations"), list)
            and isinstance(answer.get("question"), str)
            and is_id(answer.get("id", ""))
        ):
            raise UsageError(
                f"{name}: answer {number} has no question or no citations; give what `qa ask --json` prints"
            )
    return found


def is_id(value: object) -> bool:
    """Whether a value of JSON can be the id of a question."""
    return isinstance(value, str | int | float)
