"""Questions to begin with, taken from the documents: the questions in them, and their labels put as questions."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from qa.search.words import content_words
from qa.types import Answer, Passage

TEMPLATES = {
    "director": "Who directed {title}?",
    "directed by": "Who directed {title}?",
    "producer": "Who produced {title}?",
    "writer": "Who wrote {title}?",
    "music": "Who composed the music of {title}?",
    "composed by": "Who composed the music?",
    "narrator": "Who narrates {title}?",
    "cinematography": "Who was the cinematographer of {title}?",
    "runtime": "How long is {title}?",
    "released": "When was {title} released?",
    "release": "When was {title} released?",
    "country": "Which countries produced {title}?",
    "awards": "Which awards did {title} win?",
}
"""The labels that film pages use; a corpus without them offers the questions that its texts ask."""
LABEL = re.compile(r"^[ \t*-]*([A-Z][\w ]{2,30}):\s", re.MULTILINE)
LONGEST = 70
"""Characters of a question in a document that is offered, and of a title that a label is asked with."""


def candidates(passages: Sequence[Passage]) -> Iterator[tuple[str, Passage]]:
    """Questions that may be worth asking, each with the passage that should answer it; labels and questions in turn."""
    labels: dict[str, Passage] = {}
    questions: dict[str, Passage] = {}
    for passage in passages:
        cue = (passage.cue or "").strip()
        title = without_bracket(passage.title)
        for label in (cue, *LABEL.findall(passage.text)):
            if len(title) <= LONGEST and (template := TEMPLATES.get(label.lower().rstrip(":"))):
                labels.setdefault(template.format(title=title), passage)
        if cue.endswith("?") and len(cue) <= LONGEST and len(content_words(cue)) > 1:
            # "Sheerly Avni: What gave you the idea?": who asks is not part of the question.
            asked = re.sub(r"^[^:?]{1,40}:\s+", "", cue).strip("* ")
            questions.setdefault(asked, passage)
    for pair in zip_longest(labels.items(), questions.items()):
        yield from (entry for entry in pair if entry is not None)


def without_bracket(title: str) -> str:
    """A title without the bracket at its end.

    >>> without_bracket("The Missing Picture (2013)")
    'The Missing Picture'
    """
    bare = title.partition("(")[0].rstrip()
    return bare if bare and title.endswith(")") else title


def is_answered(answer: Answer, passage: Passage) -> bool:
    """Whether one of the citations lies in the passage, or the answer is one that sources agree on."""
    return any(
        citation.path == passage.path and citation.start < passage.end and passage.start < citation.end
        for citation in answer.citations
    )
