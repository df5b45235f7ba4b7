// A question and its answer as elements.

import { element, icon, placeWords, quoteWithMark } from "./dom.js";
import { FORMS } from "./citing.js";

const REASONS = {
  no_match: "Nothing in them comes near this question.",
  off_topic: "They are about something else.",
  unknown_name: "They never mention a name in this question.",
  weak_match: "Something comes near, but nothing that answers this.",
};
/** Kinds whose confidence was fitted and so means something. */
const MEASURED = new Set(["value", "reason", "yes_no", "list", "count", "superlative"]);
const CERTAINTY = [[0.9, "Very likely"], [0.65, "Likely"], [0, "Weak evidence"]];
const STANDING = {
  gone: "this source is no longer here",
  changed: "this source has changed since; the quote is from before",
};
const LONGEST_HEADLINE = 60;

/**
 * `on` holds what a turn can do: cite(cited, index, button), previewing(button, citation), ask(question), literal(turn), copy(turn, form), link(turn),
 * wrong(turn) where canReport(); and standing(citation), which says whether its source is still as it was, and sourceName(citation).
 */
export function turnElement(turn, on) {
  const made = element("li.turn", { "data-turn": turn.id }, element("h2.asked", { tabindex: "-1" }, turn.question));
  const { answer } = turn;
  if (turn.stopped) made.append(stoppedCard(turn, on));
  else made.append(...(answer ? answerParts(turn, on) : [skeleton()]));
  return made;
}

function skeleton() {
  const bars = [70, 100, 45].map((part) => element(`span.bar.w${part}`, {}));
  return element("div.answer.skeleton", {}, element("p.progress", {}), element("div", { "aria-hidden": "true" }, ...bars));
}

function stoppedCard(turn, on) {
  return element("div.answer", {}, element("p.note", {}, turn.stopped), element("p.actions", {},
    element("button", { type: "button", onclick: () => on.again(turn) }, "Ask again")));
}

function* answerParts(turn, on) {
  const { answer } = turn;
  if (answer.interpreted_as) {
    yield element("p.understood", {}, `Understood as “${answer.interpreted_as}” `,
      element("button.link", { type: "button", onclick: () => on.literal(turn) }, "Ask it literally"));
  }
  if (answer.readings.length) {
    yield element("p.understood", {}, "Or did you mean ", ...answer.readings.flatMap((reading, i) => [i ? " or " : "",
      element("button.link", { type: "button", onclick: () => on.ask(reading) }, reading)]));
  }
  const card = element("article.answer", { "aria-label": "Answer" });
  if (answer.notice) card.append(element("p.note", {}, answer.notice));
  if (turn.only?.length) card.append(element("p.note", {}, `Asked only: ${turn.only.join(", ")}`));
  const places = { on, cited: [], turn };
  card.append(...(answer.abstained ? abstention(answer, places) : given(answer, places)));
  card.append(actions(turn, on));
  yield card;
}

// --- citations ---

/** A citation as a button; its number is its place among all that the card cites. */
function citeButton(citation, places, { lead = false, label = "Citation " } = {}) {
  const { on, cited, list = "answer" } = places;
  const index = cited.push(citation) - 1;
  const standing = on.standing(citation);
  const button = element(`button.cite${lead ? ".lead" : ""}`, { type: "button", "data-index": index, "data-list": list },
    element("span.number", {}, element("span.visually-hidden", {}, label), String(index + 1)),
    element("span.quote", {}, ...quoteWithMark(citation)),
    element("span.place", {}, placeOf(citation, on)),
    standing ? element("span.standing", {}, STANDING[standing]) : null);
  button.addEventListener("click", () => on.cite(cited, index, button));
  on.previewing(button, citation);
  return element("li", {}, button);
}

const placeOf = (citation, on) => [
  on.sourceName(citation) + (citation.section ? ` › ${citation.section}` : ""), ...placeWords(citation), citation.path,
].join(" · ");

function citationList(citations, places, lead = false) {
  return element("ol.citations", { "aria-label": "Citations" },
    ...citations.map((citation, i) => citeButton(citation, places, { lead: lead && !i })));
}

/** Whether an answer says something without its sentence: a name, a number, a date. */
function standsAlone(answer, citation) {
  const words = answer.split(/\s+/).length;
  return answer.length <= LONGEST_HEADLINE && words <= 8 && /^["“'(\p{Lu}\p{N}\p{Sc}]/u.test(answer)
    && answer !== (citation?.shown ?? "").trim();
}

const headline = (answer, citations) => (standsAlone(answer, citations[0]) ? [element("p.value", {}, answer)] : []);

/** Answer and citations: the answer by itself where it says something so, else the quote with the answer in it. */
function* quoted(answer, citations, places) {
  const alone = headline(answer.replace(/\s+/g, " "), citations);
  yield* alone;
  yield citationList(citations, places, !alone.length);
}

// --- forms of answer ---

function* given(answer, places) {
  const { citations, conflicts, items, parts, verdict, note } = answer;
  if (verdict) yield element("p.verdict", {}, verdict === "yes" ? "Yes." : "No.");
  if (note) yield element("p.note", {}, note);
  if (parts.length) {
    yield partList(parts, places);
    return;
  }
  if (items.length) {
    yield itemList(answer, places);
  } else if (conflicts.length) {
    yield element("p.differ", {}, differing(answer, places.on.sourceName));
    yield element("ul.values", { "aria-label": "Values that the sources give" }, ...conflicts.map((conflict) =>
      element("li", {}, ...quoted(conflict.answer, conflict.citations, places))));
  } else {
    yield* quoted(answer.answer, citations, places);
    const agreeing = agreement(answer);
    if (agreeing > 1) yield element("p.badge.agree", {}, `${agreeing} sources agree`);
  }
  if (!conflicts.length) yield* certainty(answer, places);
}

const markedIn = ({ shown, shown_start: from, shown_end: to }) =>
  (from === null || from === undefined ? "" : [...shown].slice(from, to).join(""));
const wordsOf = (text) => text.toLowerCase().match(/\p{N}+|\p{L}+/gu) ?? [];
const sameWord = (a, b) => a === b || (Math.min(a.length, b.length) > 2 && (a.startsWith(b) || b.startsWith(a)));

/** How many sources show the whole answer; one that names a part of it only does not agree. */
export function agreement({ answer, citations }) {
  const asked = wordsOf(answer);
  const whole = citations.filter((citation) => {
    const said = wordsOf(markedIn(citation));
    return asked.every((word) => said.some((other) => sameWord(word, other)));
  });
  return new Set(whole.map((citation) => citation.doc_id)).size;
}

/** "The sources differ: The Missing Picture says 19 May 2013; …" */
export function differing({ conflicts }, sourceName = ({ title }) => title) {
  const says = conflicts.map(({ answer, citations }) => {
    const names = [...new Set(citations.map(sourceName))];
    return `${names.join(" and ")} ${names.length > 1 ? "say" : "says"} ${answer}`;
  });
  return `The sources differ: ${says.join("; ")}.`;
}

/** Each thing of a list, or what each source says below the source's name; a comparison side by side. */
function itemList({ items, kind }, places) {
  const side = kind === "comparison" && items.length > 1;
  let label = null;
  return element(`ul.values${side ? ".sides" : ""}`, { "aria-label": side ? "Side by side" : "What was found" },
    ...items.map((item) => {
      const heading = item.label && item.label !== label ? [element("p.of", {}, item.label)] : [];
      label = item.label;
      return element("li", {}, ...heading, ...quoted(item.answer, item.citations, places));
    }));
}

/** The questions of a compound, each with its answer. */
function partList(parts, places) {
  return element("ol.values", { "aria-label": "Parts of the question" }, ...parts.map((part) => element("li", {},
    element("p.of", {}, part.question), ...(part.abstained ? abstention(part, places) : given(part, places)))));
}

function* certainty({ kind, confidence, runner_up: next }, places) {
  if (!MEASURED.has(kind)) return;
  const [, words] = CERTAINTY.find(([least]) => confidence >= least);
  const known = `Of answers as sure as this one, about ${Math.max(1, Math.min(99, Math.round(confidence * 100)))} in 100 are right.`;
  yield element("details.sure", {}, element("summary", {}, words), element("p.note", {}, known),
    ...(next ? [element("p.note", {}, "The next best:"),
      element("ol.citations", { "aria-label": "The next best" }, citeButton(next, { ...places, cited: [], list: "next" }, { label: "Next best " }))] : []));
}

function* abstention(answer, places) {
  const { reason, passages, message, parts, note } = answer;
  const { on, turn } = places;
  yield element("p.value", {}, message);
  if (note) yield element("p.note", {}, note);
  if (parts.length) {
    yield partList(parts, places);
    return;
  }
  if (REASONS[reason]) yield element("p.note", {}, REASONS[reason]);
  if (passages.length && reason !== "off_topic") {
    const near = { ...places, cited: [], list: "near" };
    yield element("details.near", {},
      element("summary", {}, "Not an answer, but close"),
      element("ol.citations", { "aria-label": "Nearest passages" },
        ...passages.slice(0, 3).map((passage) => citeButton({ title: null, ...passage }, near, { label: "Passage " }))));
  }
  if (turn.examples?.length && answer === turn.answer) {
    yield element("div.offers", {}, element("p.note", {}, "These they do answer:"),
      element("ul.chips", { "aria-label": "Questions that the sources answer" },
        ...turn.examples.map((question) => element("li", {},
          element("button", { type: "button", onclick: () => on.ask(question) }, question)))));
  }
}

// --- what can be done with an answer ---

function actions(turn, on) {
  const button = (name, label, call, more = {}) =>
    element("button.icon", { type: "button", "aria-label": label, title: label, onclick: call, ...more }, icon(name));
  const made = element("div.actions", { role: "group", "aria-label": "This answer" });
  if (!turn.answer.abstained) {
    const id = `copy-${turn.id}`;
    const items = Object.entries(FORMS).map(([form, label]) =>
      element("button", { type: "button", onclick: () => on.copy(turn, form) }, label));
    made.append(
      button("copy", "Copy the answer", () => on.copy(turn, "answer")),
      button("quote", "Copy with citation", null, { popovertarget: id }),
      element("div.menu-items", { id, popover: "auto", role: "group", "aria-label": "Copy with citation as" }, ...items));
  }
  made.append(button("link", "Copy link to this question", () => on.link(turn)));
  if (on.canReport()) made.append(button("flag", "Wrong? Say what is right", () => on.wrong(turn)));
  return made;
}

/** What a screen reader is told when an answer arrives. */
export function spoken(answer) {
  if (answer.abstained) return answer.message;
  if (answer.conflicts.length) return differing(answer);
  if (answer.parts.length) return answer.parts.map((part) => `${part.question} ${spoken(part)}`).join(" ");
  if (answer.items.length) return `${answer.items.length} found: ${answer.items.map((item) => item.answer).join("; ")}.`;
  const count = answer.citations.length;
  const verdict = answer.verdict ? `${answer.verdict === "yes" ? "Yes" : "No"}. ` : "";
  return `${verdict}Answer: ${answer.answer} ${count} ${count === 1 ? "citation" : "citations"}.`;
}
