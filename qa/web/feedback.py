"""What people say is right, as lines of a gold set: a draft that ``qa eval`` reads."""

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from qa.text import Span
from qa.types import Document

MOST_BYTES = 10_000_000
"""A file of feedback that grew to this takes no more."""


class Feedback:
    """A file to which a line is added for every answer that somebody says is wrong. Raises ``OSError``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, question: str, history: Sequence[str], right: tuple[Document, Span] | None) -> str:
        """Write a line and return its id; ``right`` is where the right answer stands, None where no source tells."""
        evidence, answers = [], []
        if right is not None:
            document, span = right
            quote = document.text[span.start : span.end]
            evidence.append({"doc_id": document.doc_id, "start": span.start, "end": span.end, "quote": quote})
            answers.append(document.plain(span).text)
        with self._lock:
            if self.path.exists() and self.path.stat().st_size > MOST_BYTES:
                raise OSError(f"{self.path} is full; move it away")
            line = {
                "id": f"feedback-{time.time_ns()}",
                "kind": "feedback",
                "question": question,
                "history": list(history),
                "answerable": right is not None,
                "answers": answers,
                "evidence": evidence,
            }
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return str(line["id"])
