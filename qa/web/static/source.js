// The source beside the conversation: its text with the quote tinted and the answer marked, and ways through it.

import { get } from "./api.js";
import { layoutOf, lines, reads } from "./document.js";
import { byId, codePoints, element, placeWords, quoteWithMark } from "./dom.js";
import * as find from "./find.js";
import * as paper from "./paper.js";
import * as sources from "./sources.js";

const texts = new Map();
const PREVIEW_MS = 350;
const AROUND = 400;
let shown = null;
let wanted = 0;
let unmarked = 0;
let cited = { citations: [], index: -1, choose: null };

/** A source with its text, fetched once; `sha256` is of the version that is wanted. */
export async function sourceOf(docId, sha256 = null) {
  const known = texts.get(docId);
  if (known && (!sha256 || known.sha256 === sha256)) return known;
  const path = docId.split("/").map(encodeURIComponent).join("/");
  const found = await get(`/v1/sources/${path}`);
  texts.set(docId, found);
  return found;
}

/** Forget the texts, since the sources changed. */
export const forget = () => texts.clear();

export const shownSource = () => shown;

/** Show one of an answer's citations; `choose(i)` shows another of them. */
export async function showCitation(citations, index, choose) {
  cited = { citations, index, choose };
  await showSource(citations[index].doc_id, citations[index], true);
}

/** Show a document; `place` holds start and end of the quote and, perhaps, answer_start and answer_end. */
export async function showSource(docId, place = null, ofAnswer = false) {
  const mine = (wanted += 1);
  const marking = unmarked;
  shown = docId;
  if (!ofAnswer) cited = { citations: [], index: -1, choose: null };
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
  if (!sources.has(docId)) await sources.load();
  byId("source-select").value = docId;
  const facts = [metadata.kind, metadata.author, metadata.publisher, metadata.published, source.path].filter(Boolean);
  byId("source-meta").replaceChildren(facts.join(" · "), stale ? " · changed since this answer was given" : "");
  showOriginal(source, span && place);
  showSteps();
  paper.offer(docId, place);
  find.restart();
  showTicks(source, at);
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
  cited = { citations: [], index: -1, choose: null };
  showSteps();
  byId("ticks").replaceChildren();
  for (const made of byId("source-text").querySelectorAll("mark, .quoted")) made.replaceWith(...made.childNodes);
}

// --- from citation to citation ---

function showSteps() {
  const { citations, index } = cited;
  byId("cited").hidden = index < 0;
  if (index < 0) return;
  const where = placeWords(citations[index]);
  byId("cited-count").textContent = [`Citation ${index + 1} of ${citations.length}`, ...where].join(" · ");
  byId("cited-back").disabled = index === 0;
  byId("cited-on").disabled = index + 1 === citations.length;
}

/** Where on the scroll bar the citations of the answer stand. */
function showTicks(source, at) {
  const pane = byId("source-text");
  const own = cited.citations.map((citation, i) => [citation, i]).filter(([c]) => c.doc_id === source.doc_id && c.sha256 === source.sha256);
  byId("ticks").replaceChildren(...own.map(([citation, i]) => {
    const top = find.topOf(pane, at(citation.start));
    const tick = element(i === cited.index ? "span.tick.current" : "span.tick", { title: `Citation ${i + 1}`, onclick: () => cited.choose(i) });
    tick.style.setProperty("top", `${(100 * top) / Math.max(pane.scrollHeight, 1)}%`);
    return tick;
  }));
}

/** A link to the original; browsers that know how scroll to the quote. */
function showOriginal({ address }, citation) {
  const made = byId("original");
  made.hidden = !address;
  if (address) made.href = address + (citation?.shown ? fragment(citation.shown) : "");
}

/** "#:~:text=first%20words,last%20words" */
function fragment(quote) {
  const words = quote.split(/\s+/).filter(Boolean);
  const coded = (some) => encodeURIComponent(some.join(" ")).replace(/-/g, "%2D");
  return `#:~:text=${words.length > 10 ? `${coded(words.slice(0, 4))},${coded(words.slice(-4))}` : coded(words)}`;
}

// --- the outline ---

function fillOutline(text, { elements, marks }) {
  const headings = elements.filter((one) => one.kind === "heading");
  const outline = byId("outline");
  outline.closest("div").hidden = headings.length < 2;
  const blank = element("option", { value: "" }, `${headings.length} headings`);
  outline.replaceChildren(blank, ...headings.map((one) =>
    element("option", { value: one.start }, "\u2003".repeat(Math.max(one.level - 1, 0)) + reads(text, one, marks))));
}

/** Scroll to the heading that was chosen from the outline. */
function goToHeading(start) {
  const line = byId("source-text").querySelector(`[data-at="${Number(start)}"]`);
  line?.scrollIntoView({ block: "start" });
}

// --- the paragraph around a citation, while the pointer rests on it ---

let resting = 0;

/** Show what stands around a citation beside its button, for those who point and have room. */
export function previewing(button, citation) {
  const hide = () => {
    clearTimeout(resting);
    if (byId("preview").matches(":popover-open")) byId("preview").hidePopover();
  };
  button.addEventListener("pointerenter", (event) => {
    clearTimeout(resting);
    if (event.pointerType !== "mouse" || button.getAttribute("aria-current")) return;
    resting = setTimeout(() => preview(button, citation).catch(() => {}), PREVIEW_MS);
  });
  for (const leave of ["pointerleave", "click", "keydown"]) button.addEventListener(leave, hide);
}

async function preview(button, citation) {
  const source = await sourceOf(citation.doc_id, citation.sha256);
  if (!button.matches(":hover") || (citation.sha256 && citation.sha256 !== source.sha256)) return;
  const at = codePoints(source.text);
  const { marks } = layoutOf(source, at);
  const [start, end] = [at(citation.start), at(citation.end)];
  const from = Math.max(source.text.lastIndexOf("\n\n", start) + 2, start - AROUND, 0);
  const stop = source.text.indexOf("\n\n", end);
  const to = Math.min(stop < 0 ? source.text.length : stop, end + AROUND);
  const words = (a, b) => reads(source.text, { start: a, end: b }, marks);
  const made = byId("preview");
  made.replaceChildren(element("p.place", {}, sources.nameOf(citation)),
    element("p.quote", {}, words(from, start), " ", element("span.quoted", {}, ...quoteWithMark(citation).slice(1, -1)), " ", words(end, to)));
  made.showPopover();
  const box = button.getBoundingClientRect();
  const below = box.bottom + made.offsetHeight + 8 < innerHeight;
  made.style.setProperty("top", `${below ? box.bottom + 6 : Math.max(8, box.top - made.offsetHeight - 6)}px`);
  made.style.setProperty("left", `${Math.max(8, Math.min(box.left, innerWidth - made.offsetWidth - 8))}px`);
}

export function startSource(problem) {
  const show = (docId) => showSource(docId).catch((error) => problem(error.message));
  byId("source-select").addEventListener("change", (event) => show(event.target.value));
  byId("outline").addEventListener("change", (event) => goToHeading(event.target.value));
  byId("as-is").addEventListener("change", (event) => byId("source-text").classList.toggle("as-is", event.target.checked));
  byId("cited-back").addEventListener("click", () => cited.choose(cited.index - 1));
  byId("cited-on").addEventListener("click", () => cited.choose(cited.index + 1));
  find.start();
  paper.start(problem);
}
