"""Answers in lines for people: as text, with a hanging indent under every lead, and as Markdown.

What is said is decided once, in ``paragraphs``; a ``Layout`` decides how each line of it looks.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from qa.render import no_answer
from qa.types import Answer, Citation, Item, ScoredPassage

Role = Literal["answer", "mark", "quote", "source", "note"]
"""What a piece of text is: the answer, the answer inside its quote, the rest of the quote, its place, what we add."""


class Style(Protocol):
    """Colours a piece of text by its role; ``path`` is the source's file below the corpus folder, for a link."""

    def __call__(self, text: str, role: Role, path: str | None = None) -> str:
        """The text as it is to be printed."""


def plain_style(text: str, role: Role, path: str | None = None) -> str:
    """No colour at all."""
    return text


class Layout(Protocol):
    """How the lines of an answer look; each method gives the lines of one thing."""

    def said(self, text: str) -> list[str]:
        """An answer, a verdict, or what is said in place of one."""

    def note(self, text: str) -> list[str]:
        """A fixed sentence of ours."""

    def heading(self, text: str) -> list[str]:
        """A question of several, or what the items below it are of."""

    def item(self, text: str) -> list[str]:
        """One of several answers."""

    def citation(self, number: int, citation: Citation) -> list[str]:
        """A quote with its place."""

    def item_citation(self, number: int, citation: Citation, quoted: bool) -> list[str]:
        """The place of an item, with the quote where that says more."""

    def agreeing(self, sources: int) -> list[str]:
        """How many sources say the same, below their citations."""

    def passage(self, scored: ScoredPassage) -> list[str]:
        """A passage that is no answer, with its place."""


class Text(Struct, frozen=True):
    """Text for a terminal or a pipe; long lines are left to who prints them."""

    style: Style = plain_style

    def said(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [self.style(text, "answer")]

    def note(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [self.style(text, "note")]

    def heading(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [self.style(text, "source")]

    def item(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [f"- {self.style(text, 'answer')}"]

    def citation(self, number: int, citation: Citation) -> list[str]:
        """See ``Layout``."""
        return [f"  [{number}] {self._quote(citation)}", f"      {self._place(citation)}"]

    def item_citation(self, number: int, citation: Citation, quoted: bool) -> list[str]:
        """See ``Layout``."""
        return [f"  [{number}] {self._quote(citation) + ' ' if quoted else ''}{self._place(citation)}"]

    def agreeing(self, sources: int) -> list[str]:
        """See ``Layout``."""
        return [f"      {self.style(f'{sources} sources agree', 'note')}"]

    def passage(self, scored: ScoredPassage) -> list[str]:
        """See ``Layout``."""
        passage = scored.passage
        return [f"  - {passage.plain.text}", f"    {self.style(near(scored), 'source', passage.path)}"]

    def _quote(self, citation: Citation) -> str:
        before, answer, after = around(citation)
        marked = self.style(answer, "mark") if answer else ""
        return f"{self.style('“' + before, 'quote')}{marked}{self.style(after + '”', 'quote')}"

    def _place(self, citation: Citation) -> str:
        return self.style(place(citation), "source", citation.path)


class Markdown:
    """Markdown whose words read as in the source: what would be markup is escaped."""

    def said(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [f"**{escaped(text)}**"]

    def note(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [f"*{escaped(text)}*"]

    def heading(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [f"### {escaped(text)}"]

    def item(self, text: str) -> list[str]:
        """See ``Layout``."""
        return [f"- {escaped(text)}"]

    def citation(self, number: int, citation: Citation) -> list[str]:
        """See ``Layout``."""
        return [f"{number}. {self._quote(citation)} — {escaped(place(citation))}"]

    def item_citation(self, number: int, citation: Citation, quoted: bool) -> list[str]:
        """See ``Layout``."""
        return [f"  - {self._quote(citation) + ' — ' if quoted else ''}{escaped(place(citation))}"]

    def agreeing(self, sources: int) -> list[str]:
        """See ``Layout``."""
        return ["", f"*{sources} sources agree*"]

    def passage(self, scored: ScoredPassage) -> list[str]:
        """See ``Layout``."""
        return [f"- {escaped(scored.passage.plain.text)} — {escaped(near(scored))}"]

    def _quote(self, citation: Citation) -> str:
        before, answer, after = around(citation)
        # Stars beside other signs than letters and digits may be read as stars.
        bold = "**" if answer and answer[0].isalnum() and answer[-1].isalnum() else ""
        return f"“{escaped(before)}{bold}{escaped(answer)}{bold}{escaped(after)}”"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, in one line.

    >>> print(escaped("1. a*b <i>"))
    1\\. a\\*b \\<i\\>
    """
    line = re.sub(r"[\\`*_\[\]<>&~|$]", r"\\\g<0>", re.sub(r"\s", " ", text))
    return re.sub(r"^(\s*)(?:([-+#=:])|(\d+)([.)]))", lambda m: f"{m[1]}{m[3] or ''}\\{m[2] or m[4]}", line)


def around(citation: Citation) -> tuple[str, str, str]:
    """A quote as it reads: what is before the answer, the answer, what is behind it."""
    start, end = citation.shown_start, citation.shown_end
    if start is None or end is None:
        return citation.shown, "", ""
    return citation.shown[:start], citation.shown[start:end], citation.shown[end:]


def place(citation: Citation) -> str:
    """Where a quote stands, for people."""
    section = f" › {citation.section}" if citation.section else ""
    at = "".join(f", {words}" for words in place_words(citation.place))
    return f"{citation.title}{section}{at} ({citation.path}:{citation.start}-{citation.end})"


def place_words(place: Mapping[str, object]) -> list[str]:
    """A place in a file for people: ``p. 4``, ``at 00:01:06``."""
    forms = {"page": "p. {}", "time": "at {}", "paragraph": "paragraph {}", "chapter": "chapter {}", "row": "row {}"}
    return [form.format(place[key]) for key, form in forms.items() if key in place]


def near(scored: ScoredPassage) -> str:
    """Where a passage stands, for people."""
    passage = scored.passage
    return f"{passage.title} ({passage.path}:{passage.start}-{passage.end})"


def answer_text(answer: Answer, *, explain: bool = False, style: Style = plain_style) -> str:
    """An answer in its form with its citations, or a plain abstention with the nearest passages."""
    text = _joined(answer, Text(style))
    return "\n".join([text, "", *explanation(answer, style)]) if explain else text


def answer_markdown(answer: Answer, *, explain: bool = False) -> str:
    """The same as Markdown; the explanation stands in a block of code."""
    text = _joined(answer, Markdown())
    return "\n".join([text, "", "```", *explanation(answer), "```"]) if explain else text


def _joined(answer: Answer, layout: Layout) -> str:
    found = paragraphs(answer, layout)
    if answer.interpreted_as:
        found[0] = layout.note(f"(understood as: {answer.interpreted_as})") + found[0]
    return "\n\n".join("\n".join(lines) for lines in found)


def paragraphs(answer: Answer, layout: Layout, numbers: Iterator[int] | None = None) -> list[list[str]]:
    """An answer by its form, in paragraphs of lines; ``numbers`` count the citations on through several questions."""
    numbers = numbers or itertools.count(1)
    note = layout.note(answer.note) if answer.note else []
    if answer.parts:
        found = [note] if note else []
        for part in answer.parts:
            first, *rest = paragraphs(part, layout, numbers)
            found += [layout.heading(part.question) + first, *rest]
        return found
    if answer.answer is None:
        said = [layout.said(no_answer(answer)) + note]
        return [*said, nearest(answer.passages, layout)] if answer.passages else said
    found = [layout.said(f"{answer.verdict.capitalize()}.")] if answer.verdict else []
    found += [note] if note else []
    if answer.items:
        return found + items(answer.items, layout, numbers)
    groups = [(conflict.answer, conflict.citations) for conflict in answer.conflicts]
    found += [layout.note("The sources differ.")] if groups else []
    for value, citations in groups or [(answer.answer, answer.citations)]:
        found += [layout.said(value), cited(citations, layout, numbers)]
    return found


def items(found: Sequence[Item], layout: Layout, numbers: Iterator[int]) -> list[list[str]]:
    """Each thing of a list with its places; what each source says below the source's name."""
    grouped: list[list[str]] = []
    label: str | None = None
    for item in found:
        if not grouped or (item.label and item.label != label):
            grouped.append(layout.heading(item.label) if item.label else [])
        label = item.label
        grouped[-1] += layout.item(item.answer)
        quoted = item.answer != item.citations[0].shown
        for citation in item.citations:
            grouped[-1] += layout.item_citation(next(numbers), citation, quoted)
    return grouped


def cited(citations: Sequence[Citation], layout: Layout, numbers: Iterator[int]) -> list[str]:
    """Quotes with their places, and how many sources agree where several do."""
    lines = [line for citation in citations for line in layout.citation(next(numbers), citation)]
    sources = agreeing(citations)
    return lines + (layout.agreeing(sources) if sources > 1 else [])


def agreeing(citations: Sequence[Citation]) -> int:
    """How many sources show the whole answer of the first citation; one that names a part of it does not agree."""
    marked = [set(re.findall(r"\d+|[^\W\d_]+", around(citation)[1].lower())) for citation in citations]

    def holds(words: set[str]) -> bool:
        return all(any(_same_word(word, other) for other in words) for word in marked[0])

    return len({citation.doc_id for citation, words in zip(citations, marked, strict=True) if holds(words)})


def _same_word(one: str, other: str) -> bool:
    """Whether two words are the same, or one is short for the other: "min" and "minutes"."""
    return one == other or (min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one)))


def nearest(passages: Sequence[ScoredPassage], layout: Layout) -> list[str]:
    """The passages near a question that is not answered, named as no answer."""
    return [
        *layout.note("Nearest passages, not an answer:"),
        *(line for scored in passages[:3] for line in layout.passage(scored)),
    ]


SCORES = {
    "small_answers": "small reader: the passage answers",
    "large_span": "large reader: the span rather than none",
    "mean": "small reader: all passages on average",
    "unnamed": "names and numbers that the passages read lack",
    "unknown_names": "names that no source has",
    "elsewhere": "names that stand in another sentence",
    "answers": "the passage answers",
    "margin": "the span rather than none",
    "second": "the next passage answers",
    "retrieval": "search score of the passage",
    "passage_cosine": "meaning of the passage (cosine)",
    "sentence_cosine": "meaning of its best sentence (cosine)",
    "bm25": "words (BM25)",
    "coverage": "share of the question's words",
}
"""What the numbers behind a decision and a ranking are, in words."""
PARTS = {"passage_cosine": "passage", "sentence_cosine": "sentence", "bm25": "words", "coverage": "shared"}
"""The heads of a passage's scores."""
WIDEST = max(map(len, SCORES.values()))


def explanation(answer: Answer, style: Style = plain_style) -> list[str]:
    """Every number behind the decision and the ranking, in tables."""
    decided = {"confidence": answer.confidence, **{SCORES.get(k, k): value for k, value in answer.scores.items()}}
    return [
        style("What decided", "note"),
        *(f"  {what:<{WIDEST}}  {value:8.3f}" for what, value in decided.items()),
        f"  {'reason for no answer':<{WIDEST}}  {answer.reason or 'none':>8}",
        f"  {'time':<{WIDEST}}  {answer.took_ms:5.0f} ms",
        "",
        *search_lines(answer.passages, explain=True, style=style),
    ]


def search_lines(ranked: Sequence[ScoredPassage], *, explain: bool = False, style: Style = plain_style) -> list[str]:
    """Ranked passages, two lines each; ``explain`` puts what each score was made of in columns before the place."""
    names = [name for name in PARTS if any(name in scored.parts for scored in ranked)] if explain else []
    lines = [style("     score" + "".join(f"{PARTS[name]:>10}" for name in names), "note")] if names else []
    for number, scored in enumerate(ranked, 1):
        passage = scored.passage
        parts = "".join(f"{scored.parts[name]:10.3f}" for name in names)
        where = style(f"{passage.passage_id} ({passage.path}:{passage.start}-{passage.end})", "source", passage.path)
        lines += [f"{number:2}. {scored.score:6.3f}{parts}  {where}", f"    {passage.plain.text}"]
    return lines


def search_markdown(ranked: Sequence[ScoredPassage]) -> str:
    """Ranked passages as a numbered list."""
    return "\n".join(
        f"{number}. {escaped(scored.passage.plain.text)} — {escaped(near(scored))}"
        for number, scored in enumerate(ranked, 1)
    )
