"""Answers for machines (the JSON of ``answer.schema.json``) and for people (plain text)."""

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from qa.types import Answer, Citation, ScoredPassage

ABSTENTION = "The sources do not say."
Style = Callable[[str, str], str]
"""style(text, role) for the roles answer, quote, source, note."""


def plain_style(text: str, role: str) -> str:
    """No colour at all."""
    return text


def passage_json(scored: ScoredPassage, *, explain: bool = False) -> dict[str, Any]:
    """A ranked passage; ``explain`` adds the scores that its own was made of."""
    passage = scored.passage
    fields: dict[str, Any] = {
        "passage_id": passage.passage_id,
        "doc_id": passage.doc_id,
        "path": passage.path,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": round(scored.score, 6),
    }
    if explain:
        fields["scores"] = {name: round(value, 6) for name, value in scored.parts.items()}
    return fields


def answer_json(answer: Answer, *, id: str | None = None, explain: bool = False) -> dict[str, Any]:
    """An answer as the JSON that CLI, Python and web share."""
    fields: dict[str, Any] = {} if id is None else {"id": id}
    fields |= {
        "question": answer.question,
        "interpreted_as": answer.interpreted_as,
        "answer": answer.answer,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": round(answer.confidence, 6),
        "citations": [dataclasses.asdict(citation) for citation in answer.citations],
        "conflicts": [
            {"answer": c.answer, "citations": [dataclasses.asdict(citation) for citation in c.citations]}
            for c in answer.conflicts
        ],
        "passages": [passage_json(scored, explain=explain) for scored in answer.passages],
        "took_ms": round(answer.took_ms, 3),
    }
    if explain:
        fields["scores"] = {name: round(value, 6) for name, value in answer.scores.items()}
    return fields


def one_line(text: str) -> str:
    """A quote with its line breaks and wide spaces shown as single spaces."""
    return " ".join(text.split())


def place(citation: Citation) -> str:
    """Where a quote stands, for people."""
    section = f" › {citation.section}" if citation.section else ""
    return f"{citation.title}{section} ({citation.path}:{citation.start}-{citation.end})"


def answer_text(answer: Answer, *, explain: bool = False, style: Style = plain_style) -> str:
    """An answer with its citations, or a plain abstention with the nearest passages."""
    lines: list[str] = []
    if answer.interpreted_as:
        lines.append(style(f"(understood as: {answer.interpreted_as})", "note"))
    if answer.answer is None:
        lines.append(style(ABSTENTION, "answer"))
        if answer.passages:
            lines += ["", style("Nearest passages, not an answer:", "note")]
            for scored in answer.passages[:3]:
                passage = scored.passage
                where = f"{passage.title} ({passage.path}:{passage.start}-{passage.end})"
                lines += [f"  - {one_line(passage.text)}", f"    {style(where, 'source')}"]
    else:
        groups = [(conflict.answer, conflict.citations) for conflict in answer.conflicts]
        if groups:
            lines += [style("The sources differ.", "note"), ""]
        numbers = itertools.count(1)
        for value, citations in groups or [(answer.answer, answer.citations)]:
            lines += [style(one_line(value), "answer"), ""]
            for citation in citations:
                lines.append(f"  [{next(numbers)}] {style('“' + one_line(citation.quote) + '”', 'quote')}")
                lines.append(f"      {style(place(citation), 'source')}")
            agreeing = len({citation.doc_id for citation in citations})
            lines += [f"      {style(f'{agreeing} sources agree', 'note')}"] if agreeing > 1 else []
            lines.append("")
        lines.pop()
    if explain:
        lines += ["", *explanation(answer)]
    return "\n".join(lines)


def explanation(answer: Answer) -> list[str]:
    """Every score behind the decision and the ranking, a line each."""
    scores = ", ".join(f"{name} {value:.3f}" for name, value in answer.scores.items())
    lines = [
        f"confidence {answer.confidence:.3f} ({scores}); reason {answer.reason or 'none'}; {answer.took_ms:.0f} ms"
    ]
    return lines + search_lines(answer.passages, explain=True)


def search_lines(ranked: Sequence[ScoredPassage], *, explain: bool = False, style: Style = plain_style) -> list[str]:
    """Ranked passages, two lines each, the scores' parts behind them if asked."""
    lines = []
    for number, scored in enumerate(ranked, 1):
        passage = scored.passage
        lines.append(f"{number:2}. {scored.score:.3f}  {one_line(passage.text)}")
        parts = "  ".join(f"{name} {value:.3f}" for name, value in scored.parts.items()) if explain else ""
        where = f"{passage.passage_id} ({passage.path}:{passage.start}-{passage.end})"
        lines.append(f"           {style(where, 'source')}{'  ' + parts if parts else ''}")
    return lines
