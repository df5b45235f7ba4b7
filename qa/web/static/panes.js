// The two panes: beside each other with a divider between, or, on a phone, the source over the conversation.

import { byId } from "./dom.js";
import { memorise, recall } from "./memory.js";

const KEPT = "qa.divider";
const STEP = 2;
const [LEAST, MOST] = [25, 75];
const behind = () => document.querySelectorAll(".top, .skip, #chat, #divider");
const narrow = matchMedia("(max-width: 56rem)");
let opener = null;

export const wide = () => !narrow.matches;

/** Open the source; on a phone it covers the rest, which Back, Escape and its button bring again. */
export function openPane(from = null) {
  const pane = byId("source");
  opener = from ?? opener;
  const covered = pane.classList.contains("open") && history.state?.pane;
  pane.classList.add("open");
  if (wide() || covered) return;
  for (const part of behind()) part.inert = true;
  history.pushState({ pane: true }, "");
  byId("source-close").focus();
}

function closed() {
  byId("source").classList.remove("open");
  for (const part of behind()) part.inert = false;
  if (!wide()) (opener?.isConnected ? opener : byId("question")).focus();
}

export function closePane() {
  if (wide() || !byId("source").classList.contains("open")) return;
  if (history.state?.pane) history.back();
  else closed();
}

function setDivider(share) {
  const at = Math.min(MOST, Math.max(LEAST, share));
  byId("panes").style.setProperty("--share", `${at}%`);
  byId("divider").setAttribute("aria-valuenow", String(Math.round(at)));
  byId("divider").setAttribute("aria-valuetext", `The conversation takes ${Math.round(at)} % of the width`);
  memorise(KEPT, String(at));
}

function resetDivider() {
  byId("panes").style.removeProperty("--share");
  memorise(KEPT, null);
  tellDivider();
}

const shareNow = () => (100 * byId("chat").offsetWidth) / Math.max(byId("panes").offsetWidth, 1);
const tellDivider = () => byId("divider").setAttribute("aria-valuenow", String(Math.round(shareNow())));

export function startPanes() {
  if (history.state?.pane) history.replaceState(null, "");
  window.addEventListener("popstate", () => {
    if (!history.state?.pane && byId("source").classList.contains("open")) closed();
  });
  narrow.addEventListener("change", () => {
    for (const part of behind()) part.inert = false;
    byId("source").classList.remove("open");
    tellDivider();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open], :popover-open")) closePane();
  });
  byId("source-close").addEventListener("click", closePane);

  const divider = byId("divider");
  const kept = Number(recall(KEPT));
  if (kept) setDivider(kept);
  else tellDivider();
  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.setPointerCapture(event.pointerId);
    divider.focus();
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = byId("panes").getBoundingClientRect();
    setDivider((100 * (event.clientX - box.left)) / box.width);
  });
  divider.addEventListener("dblclick", resetDivider);
  divider.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: shareNow() - STEP, ArrowRight: shareNow() + STEP, Home: LEAST, End: MOST }[event.key];
    if (event.key === "Enter") resetDivider();
    else if (to !== undefined) setDivider(to);
    else return;
    event.preventDefault();
  });
}
