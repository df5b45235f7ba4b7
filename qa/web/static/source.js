// The source pane: the exact text, line by line, with the quote tinted and the answer marked.

import { get } from "./api.js";
import { byId, codePoints, element } from "./dom.js";

const texts = new Map();
let shown = null;
let wanted = 0;
let unmarked = 0;

export async function fillList() {
  const listed = await get("/v1/sources");
  const { sources } = listed;
  const select = byId("source-select");
  select.replaceChildren(...sources.map((s) => element("option", { value: s.doc_id }, s.title + (
    sources.filter((other) => other.title === s.title).length > 1 ? ` (${s.path})` : ""))));
  return listed;
}

async function textOf(docId, sha256) {
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
  const source = await textOf(docId, place?.sha256);
  if (mine !== wanted) return; // another one was asked for while this one was fetched
  if (marking !== unmarked) place = null;
  const { text, metadata } = source;
  const at = codePoints(text);
  const stale = place?.sha256 && place.sha256 !== source.sha256;
  const span = place && !stale ? [at(place.start), at(place.end)] : null;
  const answer = span && place.answer_start != null ? [at(place.answer_start), at(place.answer_end)] : null;
  byId("source-text").replaceChildren(...lines(text, span, answer));
  const select = byId("source-select");
  if (![...select.options].some((option) => option.value === docId)) await fillList();
  select.value = docId;
  const facts = [metadata.kind, metadata.author, metadata.publisher, metadata.published, source.path].filter(Boolean);
  byId("source-meta").replaceChildren(facts.join(" · "), stale ? " · changed since this answer was given" : "");
  byId("source").classList.add("open");
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
  for (const made of byId("source-text").querySelectorAll("mark, .quoted")) made.replaceWith(made.textContent);
}

export const shownSource = () => shown;

/** One element a line; its kind only changes how it looks, never what it says. */
function* lines(text, span, answer) {
  const front = /^---\r?\n[^]*?\n---\r?(?=\n|$)/.exec(text)?.[0].length ?? 0;
  let start = 0;
  const about = front ? element("details.front", {}, element("summary", {}, "About this document")) : null;
  if (about) yield about;
  for (const line of text.split("\n")) {
    const heading = start >= front && /^#{1,6}\s+/.exec(line);
    const kind = start < front ? "" : heading ? ".heading" : line.trim() ? "" : ".blank";
    const made = element(`div${kind}`);
    if (heading) {
      made.append(element("span.syntax", {}, heading[0]));
    }
    const from = heading ? heading[0].length : 0;
    made.append(...pieces(text, start + from, start + line.length, span, answer));
    if (start < front) about.append(made);
    else yield made;
    start += line.length + 1;
  }
}

/** The text between two places, cut where quote and answer begin and end. */
function* pieces(text, from, to, span, answer) {
  const cuts = [from, ...[...(span ?? []), ...(answer ?? [])].filter((c) => c > from && c < to), to].sort((a, b) => a - b);
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [a, b] = [cuts[i], cuts[i + 1]];
    if (a === b) continue;
    const words = text.slice(a, b);
    const within = (range) => range && a >= range[0] && b <= range[1];
    if (within(answer)) yield element("mark", {}, words);
    else if (within(span)) yield element("span.quoted", {}, words);
    else yield document.createTextNode(words);
  }
}
