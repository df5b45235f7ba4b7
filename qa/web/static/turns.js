// A question and its answer as elements.

import { element, placeWords, quoteWithMark } from "./dom.js";

const REASONS = {
  no_match: "Nothing in them comes near this question.",
  off_topic: "They are about something else.",
  unknown_name: "They never mention a name in this question.",
  weak_match: "Something comes near, but nothing that answers this.",
};

/** `on` holds the handlers: cite(place), ask(question), literal(turn), copy(turn), link(turn). */
export function turnElement(turn, on) {
  const made = element("li.turn", {});
  made.append(element("h2.asked", {}, turn.question));
  const { answer } = turn;
  if (!answer) return made;
  if (answer.interpreted_as) {
    made.append(element("p.understood", {},
      `Understood as “${answer.interpreted_as}” `,
      element("button.link", { type: "button", onclick: () => on.literal(turn) }, "Ask it literally")));
  }
  if (answer.readings.length) {
    made.append(element("p.understood", {}, "Or did you mean ",
      ...answer.readings.flatMap((reading, i) => [i ? " or " : "",
        element("button.link", { type: "button", onclick: () => on.ask(reading) }, reading)])));
  }
  const card = element("article.answer", { "aria-label": "Answer" });
  if (turn.answer.notice) card.append(element("p.note", {}, turn.answer.notice));
  card.append(...(answer.abstained ? abstention(turn, on) : given(turn, on)));
  card.append(element("p.actions", {},
    answer.abstained ? null : element("button.link", { type: "button", onclick: () => on.copy(turn) }, "Copy with citation"),
    element("button.link", { type: "button", onclick: () => on.link(turn) }, "Copy link to this question")));
  made.append(card);
  return made;
}

function citeButton(number, citation, on, place) {
  const button = element("button.cite", { type: "button" },
    element("span.number", {}, element("span.visually-hidden", {}, "Citation "), String(number)),
    element("span.quote", {}, ...quoteWithMark(citation)),
    element("span.place", {}, place));
  button.addEventListener("click", () => on.cite(citation, button));
  return element("li", {}, button);
}

const placeOf = (citation) => [
  citation.title + (citation.section ? ` › ${citation.section}` : ""), ...placeWords(citation), citation.path].join(" · ");

function citationList(citations, on, first = 1) {
  return element("ol.citations", { "aria-label": "Citations" },
    ...citations.map((citation, i) => citeButton(first + i, citation, on, placeOf(citation))));
}

function valueElement(text) {
  return element(text.length > 120 ? "p.value.long" : "p.value", {}, text.replace(/\s+/g, " "));
}

function* given(turn, on) {
  const { answer, citations, conflicts, items, parts, verdict, note } = turn.answer;
  if (verdict) yield element("p.badge", {}, verdict === "yes" ? "Yes" : "No");
  if (note) yield element("p.note", {}, note);
  if (parts.length) {
    yield partList(parts, on);
    return;
  }
  if (items.length) {
    yield itemList(items, on);
    return;
  }
  if (conflicts.length) {
    yield element("p.badge.differ", {}, `The sources differ: ${conflicts.length} values`);
    const values = element("ul.values", { "aria-label": "Values that the sources give" });
    let number = 1;
    for (const conflict of conflicts) {
      values.append(element("li", {}, valueElement(conflict.answer), citationList(conflict.citations, on, number)));
      number += conflict.citations.length;
    }
    yield values;
    return;
  }
  yield valueElement(answer);
  const sources = new Set(citations.map((citation) => citation.doc_id)).size;
  if (sources > 1) yield element("p.badge.agree", {}, `${sources} sources agree`);
  yield citationList(citations, on);
}

/** Each thing of a list, or what each source says below the source's name. */
function itemList(items, on) {
  let number = 1;
  return element("ul.values", { "aria-label": "What was found" }, ...items.map((item) => {
    const first = number;
    number += item.citations.length;
    return element("li", {},
      ...(item.label ? [element("p.note", {}, item.label)] : []),
      valueElement(item.answer), citationList(item.citations, on, first));
  }));
}

/** The questions of a compound, each with its answer. */
function partList(parts, on) {
  return element("ol.values", { "aria-label": "Parts of the question" }, ...parts.map((part) =>
    element("li", {}, element("p.note", {}, part.question),
      ...(part.abstained ? abstention({ answer: part }, on) : given({ answer: part }, on)))));
}

function* abstention(turn, on) {
  const { reason, passages, message, parts, note } = turn.answer;
  yield element("p.value", {}, message);
  if (note) yield element("p.note", {}, note);
  if (parts.length) {
    yield partList(parts, on);
    return;
  }
  if (REASONS[reason]) yield element("p.note", {}, REASONS[reason]);
  if (passages.length && reason !== "off_topic") {
    yield element("details.near", {},
      element("summary", {}, "Not an answer, but close"),
      element("ol.citations", { "aria-label": "Nearest passages" },
        ...passages.slice(0, 3).map((p, i) => citeButton(i + 1, p, on, p.path))));
  }
  if (turn.examples?.length) {
    yield element("p.note", {}, "These they do answer:");
    yield element("ul.chips", { "aria-label": "Questions that the sources answer" },
      ...turn.examples.map((question) => element("li", {},
        element("button", { type: "button", onclick: () => on.ask(question) }, question))));
  }
}

/** What a screen reader is told when an answer arrives. */
export function spoken(answer) {
  if (answer.abstained) return answer.message;
  if (answer.conflicts.length) {
    return `The sources differ: ${answer.conflicts.map((c) => `${c.answer}, says ${c.citations[0].title}`).join("; ")}.`;
  }
  if (answer.parts.length) return answer.parts.map((part) => `${part.question} ${spoken(part)}`).join(" ");
  if (answer.items.length) return `${answer.items.length} found: ${answer.items.map((item) => item.answer).join("; ")}.`;
  const count = answer.citations.length;
  const verdict = answer.verdict ? `${answer.verdict === "yes" ? "Yes" : "No"}. ` : "";
  return `${verdict}Answer: ${answer.answer} ${count} ${count === 1 ? "citation" : "citations"}.`;
}

/** A turn as Markdown, with its citations. */
export function markdown(turn) {
  const { answer } = turn;
  const parts = [`**${turn.question}**`];
  if (answer.interpreted_as) parts.push(`_Understood as: ${answer.interpreted_as}_`);
  const cited = (citations) => citations.map((c) =>
    `> ${c.shown}\n>\n> — ${c.title}${c.section ? ` › ${c.section}` : ""}${placeWords(c).map((words) => `, ${words}`).join("")} (${c.path}:${c.start}-${c.end})`);
  const told = (one) => [
    ...(one.abstained ? [one.message] : []), ...(one.note ? [`_${one.note}_`] : []), ...found(one)];
  const found = (one) => {
    if (one.parts.length) return one.parts.flatMap((part) => [`**${part.question}**`, ...told(part)]);
    if (one.abstained) return [];
    if (one.items.length) {
      return one.items.flatMap((item) => [`- ${item.label ? `${item.label}: ` : ""}${item.answer}`, ...cited(item.citations)]);
    }
    if (one.conflicts.length) {
      return ["The sources differ:", ...one.conflicts.flatMap((value) => [value.answer, ...cited(value.citations)])];
    }
    const verdict = one.verdict ? [one.verdict === "yes" ? "Yes." : "No."] : [];
    return [...verdict, one.answer, ...cited(one.citations)];
  };
  return [...parts, ...told(answer)].join("\n\n");
}
