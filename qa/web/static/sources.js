// The sources as a list: their names, cards, whether they are as they were, and which of them are asked.

import { get } from "./api.js";
import { byId, element } from "./dom.js";
import * as store from "./store.js";

const CARDS = 12;
const KINDS = {
  markdown: "Markdown", plain: "Text", html: "Web page", pdf: "PDF", docx: "Word", epub: "Book", subtitles: "Subtitles", csv: "Table",
};
let listed = { corpus: { id: "", name: "" }, sources: [], skipped: [] };
let byDocument = new Map();
let repeated = new Set();

/** Fetch the list and show it where the page begins. */
export async function load() {
  listed = await get("/v1/sources");
  byDocument = new Map(listed.sources.map((source) => [source.doc_id, source]));
  const titles = listed.sources.map((source) => source.title);
  repeated = new Set(titles.filter((title, i) => titles.indexOf(title) !== i));
  byId("source-select").replaceChildren(...listed.sources.map((source) => element("option", { value: source.doc_id }, nameOf(source))));
  showWelcome();
  return listed;
}

export const all = () => listed.sources;
export const skipped = () => listed.skipped;
export const canReport = () => listed.feedback;
export const canAdd = () => listed.adding;
export const corpusName = () => listed.corpus.name;
export const has = (docId) => byDocument.has(docId);

/** A source's title, with its file where another has the same. */
export const nameOf = ({ title, path, doc_id: id }) => {
  const known = title ?? byDocument.get(id)?.title ?? path;
  return repeated.has(known) ? `${known} (${path})` : known;
};
export const nameOfId = (id) => (byDocument.has(id) ? nameOf(byDocument.get(id)) : id);

/** null where a citation's source is as it was when it was quoted, else "changed" or "gone". */
export function standing({ doc_id: id, sha256 }) {
  if (!byDocument.size) return null;
  const source = byDocument.get(id);
  if (!source) return "gone";
  return sha256 && sha256 !== source.sha256 ? "changed" : null;
}

const size = (bytes) => (bytes < 1e3 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const counted = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

/** Kind, length and date of a source, as far as they are known. */
export const facts = (source) => [
  source.genre ?? KINDS[source.kind] ?? source.kind, counted(source.words, "word"),
  source.bytes === null ? null : size(source.bytes), source.date].filter(Boolean);

function showWelcome() {
  const { sources: found, skipped: left } = listed;
  const few = left.slice(0, 5).map((file) => `${file.path} (${file.reason})`).join(", ");
  byId("about").textContent = `${counted(found.length, "source")}. What they say is quoted; what they do not say is not made up.`
    + (left.length ? ` ${counted(left.length, "file")} skipped: ${few}${left.length > 5 ? ", …" : ""}.` : "");
  const cards = found.slice(0, CARDS).map((source) => element("li", {},
    element("button.card", { type: "button", onclick: (event) => reader(source.doc_id, event.currentTarget) },
      element("span.title", {}, nameOf(source)), element("span.place", {}, facts(source).join(" · ")))));
  if (found.length > CARDS) cards.push(element("li.note", {}, `and ${found.length - CARDS} more, below Sources`));
  byId("cards").replaceChildren(...cards);
}

let reader = () => {};
/** Call back with the id of a source that somebody wants to read. */
export const onRead = (call) => { reader = call; };

// --- asking only some ---

/** Say above the box which sources are asked, where not all are. */
export function showFilter() {
  const only = store.conversation().only.filter(has);
  const made = byId("only");
  made.hidden = !only.length;
  if (!only.length) return;
  const names = only.length > 3 ? counted(only.length, "source") : only.map(nameOfId).join(", ");
  made.replaceChildren(`Asking only: ${names} `, element("button.link", { type: "button", onclick: () => ask([]) }, "Ask all"));
}

/** Hold the questions of the conversation to these sources; to none in particular where there are none. */
export function ask(only) {
  store.keep(null, { only });
  showFilter();
  byId("question").focus();
}
