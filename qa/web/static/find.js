// Find in the source: every place of the words is tinted, one after another is gone to.

import { byId } from "./dom.js";

let found = [];
let current = -1;
const pane = () => byId("source-text");

/** The text nodes of what can be seen, in order. */
function* seen() {
  const asIs = pane().classList.contains("as-is");
  const walker = document.createTreeWalker(pane(), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (asIs || !node.parentElement.closest(".syntax, .outside, .apart, summary")) yield node;
  }
}

/** How far below the top of the whole text a place of the text stands, in pixels. */
export function topOf(scroller, offset) {
  let at = 0;
  for (const line of scroller.querySelectorAll(".line")) {
    const length = line.textContent.length;
    if (offset <= at + length) return line.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    at += length + 1;
  }
  return 0;
}

function search(words) {
  const nodes = [...seen()];
  const starts = [];
  let text = "";
  for (const node of nodes) {
    starts.push(text.length);
    text += node.data.replace(/\s/g, " ");
  }
  const at = (offset, ending) => {
    let i = starts.findLastIndex((start) => (ending ? start < offset : start <= offset));
    i = Math.max(i, 0);
    return [nodes[i], offset - starts[i]];
  };
  const pattern = words.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(" +");
  return [...text.matchAll(new RegExp(pattern, "giu"))].map((match) => {
    const range = new Range();
    range.setStart(...at(match.index, false));
    range.setEnd(...at(match.index + match[0].length, true));
    return range;
  });
}

function show() {
  const highlights = globalThis.CSS?.highlights;
  if (highlights) {
    highlights.set("found", new Highlight(...found));
    highlights.set("found-now", new Highlight(...(found[current] ? [found[current]] : [])));
  }
  const words = byId("find").value.trim();
  byId("find-count").textContent = words ? (found.length ? `${current + 1} of ${found.length}` : "not found") : "";
  for (const id of ["find-back", "find-on"]) byId(id).disabled = found.length < 2;
  const place = found[current]?.startContainer.parentElement;
  if (!place) return;
  const folded = place.closest("details");
  if (folded) folded.open = true;
  place.scrollIntoView({ block: "center" });
}

/** Look anew: other words, or another text, in which nothing is gone to by itself. */
function look(goes) {
  const words = byId("find").value;
  found = words.trim() ? search(words) : [];
  current = found.length && goes ? 0 : -1;
  show();
}

export const restart = () => look(false);

function step(by) {
  if (!found.length) return;
  current = (current + by + found.length) % found.length;
  show();
}

export function start() {
  byId("find").addEventListener("input", () => look(true));
  byId("find").addEventListener("keydown", (event) => {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && byId("find").value) {
      event.stopPropagation();
      byId("find").value = "";
      look(false);
    } else return;
    event.preventDefault();
  });
  byId("find-back").addEventListener("click", () => step(-1));
  byId("find-on").addEventListener("click", () => step(1));
  byId("as-is").addEventListener("change", restart);
}
