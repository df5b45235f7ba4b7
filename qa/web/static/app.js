// The page: what is typed, asked, shown, kept and exported.

import { KeyNeeded, ask, get, useKey } from "./api.js";
import { byId, element } from "./dom.js";
import { fillList, goToHeading, showSource, shownSource, unmark } from "./source.js";
import { markdown, spoken, turnElement } from "./turns.js";

const KEPT = "qa.conversation";
const STEPS = {
  interpreting: "Understanding the question …",
  searching: "Searching the sources …",
  reading: "Reading the nearest passages …",
};
const MAX_HISTORY = 50;
let turns = kept();
let examples = [];
let running = null;

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(found) ? found.filter((turn) => turn?.question && turn?.answer) : [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify(turns.filter((turn) => turn.answer)));
  } catch {
    showProblem("This browser does not let the page keep the conversation; export it before you leave.");
  }
}

function showProblem(message) {
  byId("problem").textContent = message;
  byId("problem").hidden = !message;
}

function say(message) {
  byId("live").textContent = message;
}

function progress(message) {
  byId("progress").textContent = message;
  byId("progress").hidden = !message;
}

window.addEventListener("error", (event) => showProblem(`The page failed: ${event.message}. Reload it.`));
window.addEventListener("unhandledrejection", (event) => {
  showProblem(`The page failed: ${event.reason?.message ?? event.reason}. Reload it.`);
});

// --- asking ---

const handlers = {
  ask: (question) => send(question),
  literal: (turn) => send(turn.question, []),
  cite: (citation, button) => openCitation(citation, button),
  copy: (turn) => copy(markdown(turn), "The answer was copied with its citation."),
  link: (turn) => copy(linkTo(turn.answer.interpreted_as ?? turn.question), "The link was copied."),
};

const linkTo = (question) => `${location.origin}${location.pathname}#q=${encodeURIComponent(question)}`;

async function copy(text, message) {
  try {
    await navigator.clipboard.writeText(text);
    say(message);
    flash(message);
  } catch {
    showProblem("This browser does not let the page copy; use Export instead.");
  }
}

let flashing = 0;
function flash(message) {
  byId("flash").textContent = message;
  byId("flash").hidden = false;
  clearTimeout(flashing);
  flashing = setTimeout(() => { byId("flash").hidden = true; }, 4000);
}

async function send(question, history = turns.filter((t) => t.answer).map((t) => t.question).slice(-MAX_HISTORY)) {
  const asked = question.trim();
  if (!asked || running) return;
  showProblem("");
  const turn = { question: asked, answer: null };
  turns.push(turn);
  render();
  unmark();
  running = new AbortController();
  byId("send").textContent = "Stop";
  progress(STEPS.interpreting);
  const slow = setTimeout(() => say("Still working on the answer."), 3000);
  try {
    const onStep = ({ step, ahead }) => progress(STEPS[step] ?? `Waiting: ${ahead} ahead of you …`);
    turn.answer = await ask(asked, history, onStep, running.signal);
    turn.asked_at = new Date().toISOString();
    if (turn.answer.abstained) {
      await findExamples();
      turn.examples = examples.filter((example) => !turns.some((other) => other.question === example)).slice(0, 3);
    }
    keep();
    render();
    say(spoken(turn.answer));
  } catch (error) {
    turns = turns.filter((other) => other !== turn);
    render();
    if (!byId("question").value) byId("question").value = asked;
    if (error instanceof KeyNeeded) askForKey(error.message);
    else if (error.name !== "AbortError") showProblem(error.message);
  } finally {
    clearTimeout(slow);
    progress("");
    running = null;
    byId("send").textContent = "Ask";
  }
  const first = turn.answer?.citations[0];
  if (first && wide()) await openCitation(first, document.querySelector(".turn:last-child .cite"));
}

function askForKey(message) {
  const dialog = byId("key-dialog");
  dialog.onclose = () => {
    useKey(byId("key").value.trim());
    start().catch((error) => (error instanceof KeyNeeded ? askForKey(error.message) : showProblem(error.message)));
  };
  dialog.showModal();
}

// --- showing ---

const wide = () => matchMedia("(min-width: 56.01rem)").matches;
let opener = null;

async function openCitation(citation, button) {
  try {
    await showSource(citation.doc_id, citation);
  } catch (error) {
    showProblem(error.message);
    return;
  }
  for (const other of document.querySelectorAll(".cite[aria-current]")) other.removeAttribute("aria-current");
  button?.setAttribute("aria-current", "true");
  opener = button;
  if (!wide()) byId("source-close").focus();
}

function closeSource() {
  byId("source").classList.remove("open");
  (opener?.isConnected ? opener : byId("question")).focus();
}

function render() {
  byId("welcome").hidden = turns.length > 0;
  byId("turns").replaceChildren(...turns.map((turn) => turnElement(turn, handlers)));
  const last = byId("turns").lastElementChild;
  last?.scrollIntoView({ block: "start" });
  for (const id of ["clear", "export"]) byId(id).hidden = !turns.some((turn) => turn.answer);
}

async function findExamples() {
  const { questions } = await get("/v1/examples");
  examples = questions;
  byId("starters").replaceChildren(...questions.map((question) =>
    element("li", {}, element("button", { type: "button", onclick: () => send(question) }, question))));
  return questions.length;
}

// --- keeping ---

function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
  byId("export").open = false;
}

const answered = () => turns.filter((turn) => turn.answer);

byId("export-markdown").addEventListener("click", () => {
  download("conversation.md", "text/markdown", answered().map(markdown).join("\n\n---\n\n") + "\n");
});
byId("export-json").addEventListener("click", () => {
  const rows = answered().map(({ asked_at, answer }) => ({ asked_at, ...answer }));
  download("conversation.json", "application/json", JSON.stringify(rows, null, 2) + "\n");
});
byId("clear").addEventListener("click", () => {
  if (!confirm("Forget this conversation? It is kept nowhere else.")) return;
  turns = [];
  localStorage.removeItem(KEPT);
  render();
  say("The conversation was cleared.");
  byId("question").focus();
});

// --- typing ---

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (running) {
    running.abort();
    return;
  }
  const { value } = byId("question");
  byId("question").value = "";
  send(value);
});
byId("question").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!running) byId("ask").requestSubmit();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !wide() && byId("source").classList.contains("open")) closeSource();
});
byId("source-close").addEventListener("click", closeSource);
byId("show-sources").addEventListener("click", (event) => {
  opener = event.currentTarget;
  byId("source").classList.add("open");
  byId("source-close").focus();
  if (!shownSource()) showSource(byId("source-select").value).catch((error) => showProblem(error.message));
});
byId("source-select").addEventListener("change", (event) => {
  showSource(event.target.value).catch((error) => showProblem(error.message));
});

byId("outline").addEventListener("change", (event) => goToHeading(event.target.value));
byId("as-is").addEventListener("change", (event) => {
  byId("source-text").classList.toggle("as-is", event.target.checked);
});

// --- beginning ---

/** What the address asks for: #q=… is a question, #source=…&start=…&end=… a place. */
async function follow() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (wanted.has("source")) {
    const number = (name) => (wanted.has(name) ? Number(wanted.get(name)) : null);
    const place = { start: number("start"), end: number("end"), answer_start: number("answer_start"), answer_end: number("answer_end") };
    await showSource(wanted.get("source"), place.end === null ? null : place);
  } else if (wanted.has("q")) {
    history.replaceState(null, "", location.pathname);
    await send(wanted.get("q"), []);
  }
}

async function start() {
  render();
  const { sources, skipped } = await fillList();
  const titles = [...new Set(sources.map((source) => source.title))];
  byId("about").textContent = `${sources.length} ${sources.length === 1 ? "source" : "sources"}: ${titles.join("; ")}. `
    + "What they say is quoted; what they do not say is not made up."
    + (skipped.length ? ` ${skipped.length} ${skipped.length === 1 ? "file" : "files"} skipped: `
      + `${skipped.slice(0, 5).map((file) => `${file.path} (${file.reason})`).join(", ")}${skipped.length > 5 ? ", …" : ""}.` : "");
  const waiting = (tries) => findExamples().then((found) => {
    if (found < 4 && tries) setTimeout(() => waiting(tries - 1).catch(() => {}), 700);
  });
  await waiting(20);
  await follow();
  if (!shownSource() && wide()) await showSource(sources[0].doc_id);
}

window.addEventListener("hashchange", () => follow().catch((error) => showProblem(error.message)));
start().catch((error) => (error instanceof KeyNeeded ? askForKey(error.message) : showProblem(error.message)));
