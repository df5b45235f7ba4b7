"""Find the structure that wording shows: labels and their values, questions and their answers, bare headings."""

import re
from collections import Counter, deque
from collections.abc import Iterator

from qa.ingest.formats.layout import Layout
from qa.patterns import compiled
from qa.text import Span, strip
from qa.types import Block, Element

LABEL_WORDS = 6
PROMPT_WORDS = 45
HEADING_WORDS = 5
INTERVIEW_PROMPTS = 3
LONGEST_HEADING = 200
"""Characters above which a line is no heading."""
WORD = compiled(r"\w+")

BULLET = compiled(r"(?:[-*•–]|\d{1,2}[.)])\s+")
LABEL = compiled(r"([^\W_][^:\n]{0,60}?)\s{0,3}:")
SPEAKER = compiled(r"(?:Q|A|[A-Z][\w.'’-]{0,40}(?: [A-Z][\w.'’-]{0,40}){0,3})\s{0,3}:\s+")
# "See more »" and the like: the links of a page copied from a browser.
CRUMB = compiled(r"(?:\|\s{0,20})?(?:See|Show|Add|Read|View|Edit|Report|Rate|Write|Review|More)\b[^.!?\n]{0,40}»?\Z")
CRUMB_TAIL = compiled(r"\b(?:See|Show|Read|View)\b[^.!?\n»]{0,40}»\Z")
LONGEST_CRUMB = 80
"""Characters at the end of a line in which such a link is looked for, so that the time stays linear."""


WHITE_OR_BAR = " \t\r\n\u00a0|"


def find_blocks(layout: Layout) -> tuple[Block, ...]:
    """The blocks of a document in order. Every word outside headings, labels and crumbs is in one."""
    return tuple(_blocks(layout))


def _words(text: str) -> int:
    return len(text.split())


def is_prompt(content: str) -> bool:
    """Whether a paragraph is what an interviewer says: short and ending in a question."""
    return content.rstrip("*_ ").endswith("?") and _words(content) <= PROMPT_WORDS


def is_bare_heading(content: str) -> bool:
    """Whether a lone line reads as a heading: a few capitalised words without digits or a full stop."""
    words = content.split()
    if not words or len(words) > HEADING_WORDS or not re.fullmatch(r"[^\W\d_](?:[^\W\d_]|[ '’&,/-])*\??", content):
        return False
    return content[0].isupper() and all(word[0].isupper() for word in words if len(word) > 3 and word[0].isalpha())


def label_of(content: str) -> tuple[str, int] | None:
    """A leading ``label:`` of a few words, and the offset behind its colon; None where there is none."""
    match = LABEL.match(content)
    if match is None or _words(match[1]) > LABEL_WORDS or content[match.end() :].startswith("//"):
        return None
    rest = content[match.end() :]
    if rest and not rest[0].isspace():  # 1:56, 16:9
        return None
    return match[1], match.end()


def is_crumb(content: str) -> bool:
    """Whether a line is nothing but a page's links ("Review this title | See all reviews »")."""
    return len(content) <= LONGEST_CRUMB and CRUMB.match(content) is not None and ("»" in content or "|" in content)


def _trim(text: str, span: Span) -> Span | None:
    """The span without bullet and trailing crumb; None where nothing is left of it."""
    content = text[span.start : span.end].rstrip()
    if is_crumb(content):
        return None
    start, end = span
    if bullet := BULLET.match(content):
        start += bullet.end()
    last = max(len(content) - LONGEST_CRUMB, 0)
    if content.endswith("»") and (tail := CRUMB_TAIL.search(content, last)):
        end = span.start + len(content[: tail.start()].rstrip(WHITE_OR_BAR))
    trimmed = strip(text, start, end)
    return trimmed if any(c.isalnum() for c in text[trimmed.start : trimmed.end]) else None


def _lines(text: str, element: Element) -> Iterator[Span]:
    if element.kind != "lines":
        yield element.span
        return
    for match in re.finditer(r"[^\n]+", text[element.span.start : element.span.end]):
        yield strip(text, element.span.start + match.start(), element.span.start + match.end())


def _runs(layout: Layout, element: Element) -> Iterator[tuple[Span, bool]]:
    """The parts of an element that become blocks: each ``label: value`` line alone, other lines together."""
    run: list[Span] = []
    for line in _lines(layout.text, element):
        trimmed = _trim(layout.text, line)
        if trimmed is None:
            continue
        label = label_of(layout.reads(trimmed))
        if label is None:
            run.append(trimmed)
            continue
        if run:
            yield Span(run[0].start, run[-1].end), False
            run = []
        yield trimmed, True
    if run:
        yield Span(run[0].start, run[-1].end), False


def _blocks(layout: Layout) -> Iterator[Block]:
    text, elements = layout.text, layout.elements
    prompts = sum(element.kind == "paragraph" and is_prompt(layout.reads(element.span)) for element in elements)
    interview = prompts >= INTERVIEW_PROMPTS
    title = layout.metadata.get("title") or layout.title or ""
    recurring = _recurring(layout)
    trail: list[tuple[int, str]] = []
    section: str | None = None
    question: str | None = None
    label: str | None = None
    for position, element in enumerate(elements):
        content = layout.reads(element.span)
        if element.kind == "heading":
            trail = [(level, name) for level, name in trail if level < element.level]
            trail.append((element.level, content))
            names = [name for level, name in trail if name and (level > 1 or name not in title) and name != title]
            section, question, label = " › ".join(names) or None, None, None
            continue
        if element.kind == "label":
            label = content.rstrip(":")
            continue
        if element.kind in ("row", "turn", "code"):
            if is_crumb(text[element.span.start : element.span.end]):
                continue
            lines, whole = element.kind == "code", element.kind == "row"
            yield Block(element.span, section, element.cue or label or question, lines, whole)
            label = None
            continue
        if interview and element.kind == "paragraph" and is_prompt(content):
            speaker = SPEAKER.match(content)
            question, label = content[speaker.end() :] if speaker else content, None
            # What is asked is said nowhere else, nor who asks, so it can be quoted as well.
            yield Block(element.span, section, None)
            continue
        following = elements[position + 1] if position + 1 < len(elements) else None
        if interview and question and element.kind == "paragraph" and _is_instruction(layout, content, following):
            question = content
            continue
        lone = element.kind == "paragraph" and "\n" not in text[element.span.start : element.span.end]
        if lone and label is None and not layout.marked and is_bare_heading(content) and content not in recurring:
            # A name that recurs is a value whose label got lost; one that does not may still be, so it can be quoted.
            yield Block(element.span, section, None)
            section, question = content, None
            continue
        pending, label = label, None
        for span, labelled in _runs(layout, element):
            part = layout.reads(span)
            found = label_of(part) if labelled else None
            if found and not part[found[1] :].strip():
                label = found[0]  # its value is the next line or paragraph, if there is one
                continue
            yield Block(span, section, element.cue or label or pending or question, element.kind == "lines")


def _recurring(layout: Layout) -> set[str]:
    """The lone lines like headings that stand elsewhere in the text too, found in one pass over its words."""
    if layout.marked:
        return set()
    lone = [e.span for e in layout.elements if e.kind == "paragraph" and e.span.end - e.span.start <= LONGEST_HEADING]
    names = [content for span in lone if is_bare_heading(content := layout.reads(span))]
    wanted = {tuple(WORD.findall(name)): name for name in names}
    lengths = sorted({len(words) for words in wanted})
    found: Counter[str] = Counter()
    last: deque[str] = deque(maxlen=lengths[-1] if lengths else 1)
    for match in WORD.finditer(layout.text) if wanted else ():
        last.append(match[0])
        tail = tuple(last)
        for length in lengths:
            if name := wanted.get(tail[-length:] if length else ()):
                found[name] += 1
    return {name for name, count in found.items() if count > 1}


def _is_instruction(layout: Layout, content: str, following: Element | None) -> bool:
    """Whether a short paragraph between answers is the interviewer's ("Tell us about the water.")."""
    if following is None or following.kind != "paragraph" or _words(content) > 9 or '"' in content or "“" in content:
        return False
    after = layout.reads(following.span)
    opens = re.match(r"(?:So |And |But )?(?:Tell|Talk|Describe|Explain|Let|Give|Speak|Say)\b", content)
    return opens is not None and not is_prompt(after) and _words(after) > _words(content)
