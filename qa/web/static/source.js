// The source pane: the exact text, line by line, with the quote tinted and the answer marked.

import { get } from "./api.js";
import { byId, codePoints, element } from "./dom.js";
import * as sources from "./sources.js";

const texts = new Map();
let shown = null;
let wanted = 0;
let unmarked = 0;

/** A source with its text, fetched once; `sha256` is of the version that is wanted. */
export async function sourceOf(docId, sha256 = null) {
  const known = texts.get(docId);
  if (known && (!sha256 || known.sha256 === sha256)) return known;
  const path = docId.split("/").map(encodeURIComponent).join("/");
  const found = await get(`/v1/sources/${path}`);
  texts.set(docId, found);
  return found;
}

/** Show a document; `place` holds start and end of the quote and, perhaps, answer_start and answer_end. */
export async function showSource(docId, place = null) {
  const mine = (wanted += 1);
  const marking = unmarked;
  shown = docId;
  const source = await sourceOf(docId, place?.sha256);
  if (mine !== wanted) return; // another one was asked for while this one was fetched
  if (marking !== unmarked) place = null;
  const { text, metadata } = source;
  const at = codePoints(text);
  const stale = place?.sha256 && place.sha256 !== source.sha256;
  const span = place && !stale ? [at(place.start), at(place.end)] : null;
  const answer = span && place.answer_start != null ? [at(place.answer_start), at(place.answer_end)] : null;
  const layout = layoutOf(source, at);
  byId("source-text").dataset.kind = source.kind;
  byId("source-text").replaceChildren(...lines(text, span, answer, layout));
  fillOutline(text, layout);
  const select = byId("source-select");
  if (!sources.has(docId)) await sources.load();
  select.value = docId;
  const facts = [metadata.kind, metadata.author, metadata.publisher, metadata.published, source.path].filter(Boolean);
  byId("source-meta").replaceChildren(facts.join(" · "), stale ? " · changed since this answer was given" : "");
  scrollToMark();
}

function scrollToMark() {
  const pane = byId("source-text");
  const mark = pane.querySelector("mark") ?? pane.querySelector(".quoted");
  if (!mark) {
    pane.scrollTop = 0;
    return;
  }
  const folded = mark.closest("details");
  if (folded) folded.open = true;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  mark.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

/** Take the marks of the answer before out of the text. */
export function unmark() {
  unmarked += 1;
  for (const made of byId("source-text").querySelectorAll("mark, .quoted")) made.replaceWith(...made.childNodes);
}

export const shownSource = () => shown;

/** Elements and marks with their places counted as JavaScript counts. */
function layoutOf(source, at) {
  return {
    elements: (source.elements ?? []).map(([kind, start, end, level]) => ({ kind, start: at(start), end: at(end), level })),
    marks: source.marks.map(([start, end, shown]) => ({ start: at(start), end: at(end), shown })),
  };
}

/** How a span of the text reads, for the outline. */
function reads(text, { start, end }, marks) {
  let words = "";
  let from = start;
  for (const mark of marks) {
    if (mark.start < start || mark.end > end) continue;
    words += text.slice(from, mark.start) + mark.shown;
    from = mark.end;
  }
  return (words + text.slice(from, end)).replace(/\s+/g, " ").trim();
}

function fillOutline(text, { elements, marks }) {
  const headings = elements.filter((one) => one.kind === "heading");
  const outline = byId("outline");
  outline.closest("div").hidden = headings.length < 2;
  const blank = element("option", { value: "" }, `${headings.length} headings`);
  outline.replaceChildren(blank, ...headings.map((one) =>
    element("option", { value: one.start }, "\u2003".repeat(Math.max(one.level - 1, 0)) + reads(text, one, marks))));
}

/** Scroll to the heading that was chosen from the outline. */
export function goToHeading(start) {
  const line = byId("source-text").querySelector(`[data-at="${Number(start)}"]`);
  line?.scrollIntoView({ block: "start" });
}

/** One element a line; how the file lays it out only changes how it looks, never what it says. */
function* lines(text, span, answer, { elements, marks }) {
  const front = /^---\r?\n[^]*?\n---\r?(?=\n|$)/.exec(text)?.[0].length ?? 0;
  let start = 0;
  let next = 0;
  let mark = 0;
  const about = front ? element("details.front", {}, element("summary", {}, "About this document")) : null;
  if (about) yield about;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    while (next < elements.length && elements[next].end <= start) next += 1;
    while (mark < marks.length && marks[mark].end < start) mark += 1;
    const here = [];
    for (let i = next; i < elements.length && elements[i].start < end; i += 1) here.push(elements[i]);
    const inside = [];
    for (let i = mark; i < marks.length && marks[i].start <= end; i += 1) inside.push(marks[i]);
    const first = here[0];
    const heading = first?.kind === "heading";
    const begins = first && first.start >= start;
    const kinds = start < front ? "" : first ? `.${first.kind}${begins ? ".begins" : ""}` : line.trim() ? ".apart" : ".blank";
    const made = element(`div${kinds}`, heading && begins ? { "data-at": first.start, "data-level": first.level } : {});
    if (first?.kind === "item") made.style.setProperty("--depth", first.level);
    made.append(...pieces(text, start, end, span, answer, start < front ? null : { elements: here, marks: inside }));
    if (start < front) about.append(made);
    else yield made;
    start = end + 1;
  }
}

/** The text between two places, cut where quote and answer begin and end. */
function* pieces(text, from, to, span, answer, layout) {
  const cuts = [from, ...[...(span ?? []), ...(answer ?? [])].filter((c) => c > from && c < to), to].sort((a, b) => a - b);
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [a, b] = [cuts[i], cuts[i + 1]];
    if (a === b) continue;
    const words = layout ? [...styled(text, a, b, layout)] : [text.slice(a, b)];
    const within = (range) => range && a >= range[0] && b <= range[1];
    if (within(answer)) yield element("mark", {}, ...words);
    else if (within(span)) yield element("span.quoted", {}, ...words);
    else yield* words;
  }
}

const STYLES = { "**": "strong", __: "strong", "*": "em", _: "em", "`": "code" };
const TAGS = { b: "strong", strong: "strong", i: "em", em: "em", cite: "em", code: "code", kbd: "code" };

/** The words between two places: markup in spans of its own, what stands between its signs emphasised. */
function* styled(text, from, to, { elements, marks }) {
  const open = new Set();
  const emphasised = (words) => (open.size ? element(`span.${[...open].join(".")}`, {}, words) : words);
  function* plain(a, b) {
    let at = a;
    for (const one of elements) {
      if (one.end <= at || one.start >= b) continue;
      if (one.start > at) yield element("span.outside", {}, text.slice(at, one.start));
      at = Math.max(at, one.start);
      const stop = Math.min(one.end, b);
      if (stop > at) yield emphasised(text.slice(at, stop));
      at = stop;
    }
    if (at < b) yield element("span.outside", {}, text.slice(at, b));
  }
  let at = from;
  for (const mark of marks) {
    const source = text.slice(mark.start, mark.end);
    const tag = /^<(\/?)([a-z]+)/i.exec(source);
    const style = STYLES[source] ?? (tag && TAGS[tag[2].toLowerCase()]);
    const begins = tag ? !tag[1] : !open.has(style);
    if (mark.start >= from && mark.end <= to) {
      yield* plain(at, mark.start);
      const shown = mark.shown.replace(/\s+/g, " ");
      if (source || shown) yield element("span.syntax", shown ? { "data-shown": shown } : {}, source);
      at = mark.end;
    } else if (mark.end > from && mark.start < to) {
      const [a, b] = [Math.max(mark.start, from, at), Math.min(mark.end, to)];
      yield* plain(at, a);
      yield element("span.syntax", {}, text.slice(a, b));
      at = b;
    }
    if (style && mark.end <= to) open[begins ? "add" : "delete"](style);
  }
  yield* plain(at, to);
}
