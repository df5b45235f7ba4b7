"""Cases: folders with their questions and what the product finds for each; ``training.large.mine`` writes them.

Texts, passages and gold count code points of each document's plain text, which is what the reader reads. A view is a
run of passages of one document and section; its text is the document's between the first one's start and the last one's
end, so that labels, bullets and an interviewer's questions in between are seen. ``qa.search.surroundings`` shows the
product's views; these are narrower where much stands between passages, and are drawn in several widths.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from qa.search.surroundings import LONGEST_LEAD
from qa.text import Span


@dataclass(frozen=True, slots=True)
class CasePassage:
    """A passage in its document's plain text; the passages of a case are in order of documents and places."""

    doc: str
    title: str
    section: str | None
    cue: str | None
    context: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its place."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers."""

    doc: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its place."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate, the passage at the place ``at``, with its retrieval score and the small reader's two logits."""

    at: int
    score: float
    answers: float
    margin: float


@dataclass(frozen=True, slots=True)
class CaseQuestion:
    """A stand-alone question. ``twin`` is the id of its twin; ``items`` are the wordings of each item of a list."""

    id: str
    kind: str
    question: str
    answerable: bool
    answers: tuple[str, ...]
    twin: str | None
    items: tuple[tuple[str, ...], ...]
    gold: tuple[Gold, ...]
    found: tuple[Found, ...]

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The question of its JSON."""
        return cls(
            **{
                **fields,
                "answers": tuple(fields["answers"]),
                "items": tuple(map(tuple, fields["items"])),
                "gold": tuple(Gold(**place) for place in fields["gold"]),
                "found": tuple(Found(**candidate) for candidate in fields["found"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A folder: plain texts by document, passages, questions."""

    name: str
    texts: Mapping[str, str]
    passages: tuple[CasePassage, ...]
    questions: tuple[CaseQuestion, ...]

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The case of its JSON."""
        passages = tuple(CasePassage(**passage) for passage in fields["passages"])
        return cls(fields["name"], fields["texts"], passages, tuple(map(CaseQuestion.from_json, fields["questions"])))

    def to_json(self) -> str:
        """The case as a line."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


def read_cases(path: Path) -> list[Case]:
    """The cases of a file; a last line that is cut off, because mining was stopped, is left out."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [Case.from_json(json.loads(line)) for line in lines[:-1]]


@dataclass(frozen=True, slots=True)
class Wide:
    """The passages from the place ``first`` to ``last``, inclusive, as one view."""

    first: int
    last: int
    doc: str
    span: Span
    context: str
    text: str

    def overlaps(self, gold: Sequence[Gold]) -> list[Span]:
        """The gold ranges of the view, in code points of its text."""
        start, end = self.span
        return [
            Span(max(place.start, start) - start, min(place.end, end) - start)
            for place in gold
            if place.doc == self.doc and place.span.overlaps(self.span)
        ]


def wide(case: Case, at: int, most_words: int, taken: Collection[int] = ()) -> Wide:
    """The passage at a place with the neighbours that fit, before and after in turn; none of ``taken`` is among them.

    A passage that has more than ``most_words`` words by itself stays whole, and alone.
    """
    passages, middle = case.passages, case.passages[at]
    text = case.texts[middle.doc]

    def fits(i: int, low: int, high: int) -> bool:
        if not 0 <= i < len(passages) or i in taken:
            return False
        same = (passages[i].doc, passages[i].section) == (middle.doc, middle.section)
        return same and len(text[passages[low].start : passages[high].end].split()) <= most_words

    first = last = at
    before = after = True
    while before or after:
        before = before and fits(first - 1, first - 1, last)
        first -= before
        after = after and fits(last + 1, first, last + 1)
        last += after
    start, end = passages[first].start, passages[last].end
    context = middle.context
    if len({passage.cue for passage in passages[first : last + 1]}) > 1:
        # Who speaks, or what a value is the value of, stands in the text in front of each but the first.
        context = " – ".join(dict.fromkeys(filter(None, (middle.title, middle.section))))
        began = passages[first - 1].end if first and passages[first - 1].doc == middle.doc else 0
        if passages[first].cue and start - began <= LONGEST_LEAD:
            start = began + len(text[began:start]) - len(text[began:start].lstrip())
    return Wide(first, last, middle.doc, Span(start, end), context, text[start:end])


# ---------------------------------------------------------------- files of folders


def with_documents(path: Path, documents: Mapping[str, Any], scratch: Path) -> Path:
    """A file whose folders all have documents: the file itself, or one in ``scratch`` with those of the same names.

    Raises ``KeyError`` for a folder that has none and whose name ``documents`` does not have.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    if all("documents" in folder for folders in content.values() for folder in folders):
        return path
    for folder in content["sets"]:
        folder["documents"] = documents[folder["set_id"]]
    joined = scratch / path.name
    joined.write_text(json.dumps(content), encoding="utf-8")
    return joined


def documents_of(sources: Sequence[Path]) -> dict[str, Any]:
    """The documents of all folders and films of some files or directories, by name."""
    contents = [json.loads(file.read_text(encoding="utf-8")) for source in sources for file in json_files(source)]
    return {
        folder.get("set_id") or folder["film_id"]: folder["documents"]
        for content in contents
        for folders in content.values()
        for folder in folders
    }


def json_files(source: Path) -> list[Path]:
    """A file, or the JSON files of a directory."""
    return sorted(source.glob("*.json")) if source.is_dir() else [source]
