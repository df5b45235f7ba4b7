"""From ranked passages to answers: which span answers, what agrees with it, what differs, and whether to abstain."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from qa.ask.agreement import comparable, has_number, normalised, of_another, parallel, same_answer
from qa.ask.fitting import comes_from, fits, is_person, may_be_paid, modifiers, portion, tells
from qa.models.card import RankWeights, ReaderCard
from qa.models.cross_encoder import CrossEncoder, Judgement, View
from qa.patterns import compiled
from qa.search.words import stem, stems, words
from qa.text import Mark, PlainText, Span, marks_within
from qa.types import Finding, Passage, Query, Reading, Reason, ScoredPassage, Weighed

MAX_CITATIONS = 3


class Reader(Protocol):
    """Reads ranked passages: which spans answer, how sure that is, and whether to abstain."""

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """``reason`` is None when the reader stands by its first answer, else why it abstains."""
        ...

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """What each passage answers by itself, likeliest first; passages without an answer are left out."""
        ...


class SpanReader:
    """Reads every passage with the cross-encoder; ranks, merges what agrees, sets apart what differs.

    The card of the model holds what was chosen on dev data: how logits and retrieval score rank passages
    (``rank``), the model of the confidence with the threshold below which it abstains (``confidence``), and the
    model of a single passage's probability (``passage``).
    """

    def __init__(self, cross_encoder: CrossEncoder) -> None:
        self._cross_encoder = cross_encoder
        self._card = cross_encoder.card

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``; reasons are ``no_match``, ``off_topic``, ``unknown_name`` and ``weak_match``."""
        if not ranked:
            return Reading((), 0.0, "no_match")
        judged = self._judged(query, ranked)
        if is_small_talk(query, ranked, judged, self._card):
            return Reading((), 0.0, "off_topic")
        order = ranking(ranked, judged, self._card.rank)
        best = order[0]
        found = features(ranked, judged, order)
        confidence = self._card.confidence.probability(found)
        finding = found_in(query, ranked[best].passage, judged[best])
        if finding is None:
            return Reading((), 0.0, "no_match")
        others = self._others(query, ranked, judged, order)
        findings, rivals = compared(query, finding, others, self._card.passage.threshold, self._card.number_bar)
        reason = None if confidence >= self._card.confidence.threshold else reason_of(query, ranked[best], self._card)
        return Reading(tuple(findings), confidence, reason, tuple(rivals), found, runner_up(finding, others))

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """See ``Reader``."""
        return each_by(self._cross_encoder, query, ranked)

    def _judged(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Judgement]:
        """Judgements of the first passages, of all unless one is surely the best before.

        That is: it is sure enough to be answered with, and what no passage so far behind has been read as would not
        bring the next one before it.
        """
        views, card = [view_of(s.passage) for s in ranked], self._card
        judged = self._cross_encoder.judge(query.text, views[:READ_FIRST])
        while len(judged) < len(views):
            order = ranking(ranked, judged, card.rank)
            ahead = rank_score(ranked[order[0]], judged[order[0]], card.rank)
            bound = card.unread + card.rank.retrieval * ranked[len(judged)].score
            if (
                ahead > bound
                and card.confidence.probability(features(ranked, judged, order)) >= card.confidence.threshold
            ):
                break
            judged += self._cross_encoder.judge(query.text, [views[len(judged)]])
        return judged

    def _others(
        self, query: Query, ranked: Sequence[ScoredPassage], judged: Sequence[Judgement], order: Sequence[int]
    ) -> list[tuple[Finding, float]]:
        """What the passages after the best one say, each with the probability that it answers."""
        return [
            (finding, self._card.passage.probability({"answers": judged[i].answers, "margin": judged[i].margin}))
            for i in order[1:]
            if (finding := found_in(query, ranked[i].passage, judged[i]))
        ]


def each_by(cross_encoder: CrossEncoder, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
    """What each passage answers by itself to one cross-encoder, likeliest first."""
    judged = cross_encoder.judge(query.text, [view_of(s.passage) for s in ranked])
    model, found = cross_encoder.card.passage, list[Weighed]()
    for scored, judgement in zip(ranked, judged, strict=True):
        finding = found_in(query, scored.passage, judgement)
        if finding is not None:
            probability = model.probability({"answers": judgement.answers, "margin": judgement.margin})
            found.append(Weighed(finding, probability, probability >= model.threshold))
    return sorted(found, key=lambda w: (-round(w.probability, 6), w.finding.passage.passage_id))


def is_small_talk(query: Query, ranked: Sequence[ScoredPassage], judged: Sequence[Judgement], card: ReaderCard) -> bool:
    """Whether a question leads nowhere ("hello", "who are you?"), whatever the confidence makes of it.

    It has few content words, no sentence is near, and no passage answers by itself; or it is one word, "why".
    """
    if not query.known and not query.unknown and len(words(query.text)) == 1:
        return True
    near = any(scored.parts["sentence_cosine"] >= card.off_topic_cosine for scored in ranked)
    few = len(query.known) + len(query.unknown) <= FEW_WORDS
    return few and not near and all(judgement.answers < 0 for judgement in judged)


def reason_of(query: Query, best: ScoredPassage, card: ReaderCard) -> Reason:
    """Why an answer is withheld that was not sure enough."""
    if best.parts["sentence_cosine"] < card.off_topic_cosine:
        return "off_topic"
    return "unknown_name" if query.unknown_names else "weak_match"


def runner_up(best: Finding, others: Sequence[tuple[Finding, float]]) -> Finding | None:
    """The first of the further findings that says something else than the best one, in other words of the sources."""
    text = text_of(best)
    for finding, _ in others:
        beside = finding.passage.path == best.passage.path and finding.answer.overlaps(best.answer)
        if not beside and not same_answer(text_of(finding), text):
            return finding
    return None


def compared(
    query: Query, best: Finding, others: Sequence[tuple[Finding, float]], threshold: float, number_bar: float
) -> tuple[list[Finding], list[tuple[Finding, ...]]]:
    """Findings that agree with the best one, and groups of those that contradict it.

    ``others`` are the further findings, best first, with the probability of each that it answers. Below ``threshold``
    none counts; where the answer is a number the lower of it and ``number_bar`` decides.
    """
    agreeing, rivals = [best], list[list[Finding]]()
    several = query.kind in ("list", "reason")
    one_number = has_number(text_of(best)) and not several
    one_value = one_number or (query.wants is not None and not several)
    bar = min(threshold, number_bar) if one_number else threshold
    for finding, probability in others:
        if probability < bar:
            continue
        text = text_of(finding)
        group = next((g for g in (agreeing, *rivals) if same_answer(text_of(g[0]), text)), None)
        if group is not None:
            if all(finding.passage.doc_id != other.passage.doc_id for other in group) and len(group) < MAX_CITATIONS:
                group.append(finding)
        elif all(contradicts(query, g[0], finding, one_value) for g in (agreeing, *rivals)):
            rivals.append([finding])
    return agreeing, [tuple(group) for group in rivals]


NAMES_ALONE = compiled(r"[^\W\d_a-z][\w.'’-]*(?:,? [^\W\d_a-z][\w.'’-]*){1,12}")
"""Names and nothing else, as credits have them: "Ana Moe Ana Moe"."""


def _tells_both(one: Finding, other: Finding) -> bool:
    """Whether one answer's sentence has the other too, which then says something else, or it has all its names."""
    text = text_of(other)
    if len(text) > 3 and normalised(text) in normalised(sentence_of(one)):
        return True
    named = NAMES_ALONE.fullmatch(text) is not None
    return named and set(words(text)) <= set(words(text_of(one)))


def contradicts(query: Query, one: Finding, other: Finding, one_value: bool) -> bool:
    """Whether two different answers, each of its own document, cannot both be right.

    Unless the question's wording asks for one value, they contradict each other only in sentences that are alike.
    """
    if one.passage.doc_id == other.passage.doc_id or not comparable(text_of(one), text_of(other)):
        return False
    if of_another(query.text, one.passage, other.passage) or _tells_both(one, other) or _tells_both(other, one):
        return False
    if one_value:
        return True
    several = query.kind in ("list", "reason")
    return not several and parallel(query.text, sentence_of(one), text_of(one), sentence_of(other), text_of(other))


def sentence_of(finding: Finding) -> str:
    """How the sentences read that an answer touches."""
    passage = finding.passage
    touched = [sentence for sentence in passage.sentences if sentence.overlaps(finding.answer)]
    return " ".join(passage.reads(sentence) for sentence in touched)


FEW_WORDS = 2


READ_FIRST = 4
"""Passages that are read before it is asked whether the rest must be."""


def ranking(ranked: Sequence[ScoredPassage], judged: Sequence[Judgement], weights: RankWeights) -> list[int]:
    """Places of the passages that were judged, best first, by ``rank_score``."""
    scores = [rank_score(scored, judgement, weights) for scored, judgement in zip(ranked, judged, strict=False)]
    return sorted(range(len(scores)), key=lambda i: (-round(scores[i], 5), ranked[i].passage.passage_id))


def rank_score(scored: ScoredPassage, judgement: Judgement, weights: RankWeights) -> float:
    """The weighted sum of a passage's logits and its retrieval score."""
    read = weights.answers * judgement.answers + weights.margin * judgement.margin
    return float(read + weights.retrieval * scored.score)


def features(ranked: Sequence[ScoredPassage], judged: Sequence[Judgement], order: Sequence[int]) -> dict[str, float]:
    """What the confidence is made of.

    The best passage's logits and retrieval scores, the runner-up's logit, and how all the passages fare together:
    a question whose passages all seem to answer is rather one of a kind that the reader takes too lightly. Passages
    behind those judged count as the least of these. What words the corpus lacks is no part of it: people paraphrase.
    """
    best = order[0]
    answers = [judgement.answers for judgement in judged]
    unread = len(ranked) - len(judged)
    return {
        "answers": judged[best].answers,
        "margin": judged[best].margin,
        "second": judged[order[1]].answers if len(order) > 1 else -10.0,
        "mean": (sum(answers) + unread * min(answers)) / len(ranked),
        "retrieval": ranked[best].score,
        "sentence_cosine": ranked[best].parts["sentence_cosine"],
    }


SHORT_QUOTE = 300
"""Characters below which a quote takes in neighbouring sentences: "It won there, too." proves nothing by itself."""


def sentences_around(passage: Passage, answer: Span) -> Span:
    """The sentences of a passage that an answer touches; those before, then those after, while the quote is short."""
    sentences = passage.sentences
    touched = [i for i, sentence in enumerate(sentences) if sentence.overlaps(answer)]
    if not touched:
        return answer
    first, last = touched[0], touched[-1]
    while sentences[last].end - sentences[first].start < SHORT_QUOTE and (first > 0 or last + 1 < len(sentences)):
        first, last = (first - 1, last) if first > 0 else (first, last + 1)
    # What is read before the first sentence, such as a label, may be a part of the answer.
    return Span(min(sentences[first].start, answer.start), max(sentences[last].end, answer.end))


def told(passage: Passage) -> PlainText:
    """How a passage is told to the reader: as it reads, but the row of a table in sentences.

    The model has read more prose than tables. Of thirty questions about rows it answers 25 so, and 20 from
    "Ship: Aurora; Built: 1974".

    >>> row = Passage("t#1", "t", "t.md", "T", None, None, 0, 11, "Aurora|1974", (Span(0, 11),),
    ...               (Mark(0, 0, "Ship: ", True), Mark(6, 7, "; Built: ", True)))
    >>> told(row).text
    'Ship is Aurora. Built is 1974'
    """
    return PlainText.of(passage.text, passage.start, [_in_prose(mark) for mark in passage.marks])


def _in_prose(mark: Mark) -> Mark:
    """What is shown between two cells, or in front of one, as in a sentence; other marks as they are."""
    if mark.shown == "; ":
        return mark._replace(shown=". ")
    if not mark.added or not mark.shown.endswith(": ") or len(mark.shown) == 2:
        return mark
    words = mark.shown[:-2]
    between = "; " if words.startswith("; ") else ""
    return mark._replace(shown=f"{'. ' if between else ''}{words[len(between) :]} is ")


def view_of(passage: Passage) -> View:
    """A passage as the reader sees it."""
    return View(passage.context, told(passage).text)


def found_in(query: Query, passage: Passage, judgement: Judgement) -> Finding | None:
    """What a judgement of a ``view_of`` a passage found; see ``finding_of``.

    In a table's row a question that names both the row and a column is answered by the cell where they meet: "From
    which platform does the train to Dunsel leave?" by the one below "Platform", whatever else may be left.
    """
    finding = finding_of(query, passage, judgement, told(passage))
    if finding is None or (cell := _cell_asked_for(query, passage, finding.answer)) is None:
        return finding
    return Finding(passage, sentences_around(passage, cell), cell)


def _cell_asked_for(query: Query, passage: Passage, answer: Span) -> Span | None:
    """The cell below the head that a question names, where it names another cell of the row and not what was found."""
    cells = list(_cells(passage))
    asked = set(stems(query.text))
    read = [(set(stems(head)), set(stems(_own_words(passage, span))), span) for head, span in cells]
    noun = stem(match[1]) if (match := ASKED_NOUN.search(query.text.lower())) else None
    named = [len(head) if head and head <= asked else 0 for head, _, _ in read]
    if any(noun in head for head, _, _ in read):
        named = [int(noun in head) for head, _, _ in read]
    most = max(named, default=0)
    if not most or named.count(most) > 1:
        return None
    place = named.index(most)
    span = read[place][2]
    if ASKS_WHO.search(query.text) and has_number(_own_words(passage, span)):
        return None
    row_named = any(words and words <= asked for i, (_, words, _) in enumerate(read) if i != place)
    return span if row_named and not read[place][1] <= asked and not span.overlaps(answer) else None


ASKED_NOUN = compiled(r"\b(?:which|what) (\w+)")
ASKS_WHO = compiled(r"\bwho(?:m|se)?\b", re.IGNORECASE)


def _cells(passage: Passage) -> Iterator[tuple[str, Span]]:
    """The heads and cells of a table's row, in order; nothing where a passage is no row with heads."""
    heads = [mark for mark in passage.marks if mark.added and mark.shown.endswith(": ") and len(mark.shown) > 2]
    for i, mark in enumerate(heads):
        end = heads[i + 1].start if i + 1 < len(heads) else passage.end
        between = [m.start for m in passage.marks if m.start >= mark.end and m.end == end and m.shown == "; "]
        text = passage.text[mark.end - passage.start : min([end, *between]) - passage.start]
        if text.strip():
            start = mark.end + len(text) - len(text.lstrip())
            yield mark.shown[:-2].rpartition("; ")[2], Span(start, mark.end + len(text.rstrip()))


def finding_of(query: Query, passage: Passage, judgement: Judgement, plain: PlainText | None = None) -> Finding | None:
    """What a judgement found, as spans of the document; None where it found nothing.

    ``plain`` is what was judged, how the passage reads unless given.
    Only a question for several things is answered over the end of a line that ends a sentence, and none by what
    cannot be what it asks for.
    """
    shown = plain or passage.plain
    begin, end = judgement.span
    end = begin + len(shown.text[begin:end].rstrip(SEPARATORS))
    answer = shown.source(begin, end)
    if answer is None:
        return None
    before = shown.text[max(begin - FOLLOWING, 0) : begin]
    if front := modifiers(query.text, before):
        answer = shown.source(begin - front, end) or answer
    if (
        is_person(query.text, before)
        or comes_from(query.text, before)
        or not tells(query.text, f"{passage.context} {shown.text}")
    ):
        return None
    if query.kind != "yes_no":
        first, last = portion(query.text, shown.text[max(begin - CLAUSE, 0) : begin], shown.text[begin:end])
        if last - first < end - begin and (answer := shown.source(begin + first, begin + last)) is None:
            return None
    line_end = passage.text.find("\n", answer.start - passage.start, answer.end - passage.start)
    hard = line_end >= 0 and any(sentence.end == passage.start + line_end for sentence in passage.sentences)
    if hard and query.kind != "list":
        kept = passage.text[answer.start - passage.start : line_end].rstrip()
        answer = Span(answer.start, answer.start + len(kept))
    if answer.end <= answer.start:
        return None
    touched = [(head, cell) for head, cell in _cells(passage) if cell.overlaps(answer)]
    if len(touched) == 1:  # what parts it from the next cell is no part of it
        answer = Span(answer.start, min(answer.end, max(touched[0][1].end, answer.start + 1)))
    after = Span(answer.end, min(answer.end + FOLLOWING, passage.end))
    told, heads = _own_words(passage, answer), [head for head, _ in touched]
    unit = next((f" {match[1]}" for head in heads if (match := UNIT.search(head))), "")
    if heads and not may_be_paid(query.text, f"{passage.context} {heads[0]} {told}"):
        return None
    if not fits(query.text, told, f"{unit} {_own_words(passage, after)}"):
        return None
    return Finding(passage, sentences_around(passage, answer), answer)


SEPARATORS = " ;|"
"""What stands between two cells and ends none."""
UNIT = compiled(r"\(([^()]{1,20})\)")
"""The unit in the head of a column: "Mirror (cm)"."""
FOLLOWING = 60
"""Characters behind an answer that may say what it measures, and in front of it that may say what it is."""
CLAUSE = 200
"""Characters in front of an answer in which stands what happened to it."""


def text_of(finding: Finding) -> str:
    """How the answer of a finding reads, without what is added to the source."""
    return _own_words(finding.passage, finding.answer)


def _own_words(passage: Passage, span: Span) -> str:
    marks = [mark for mark in marks_within(passage.marks, span) if not mark.added]
    part = passage.text[span.start - passage.start : span.end - passage.start]
    return PlainText.of(part, span.start, marks).text
