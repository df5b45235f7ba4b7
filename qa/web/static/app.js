// The page put together: what is asked for, shown, kept and exported.

import { KeyNeeded, useKey } from "./api.js";
import * as chat from "./chat.js";
import { bibtex, csl, markdown, plain } from "./citing.js";
import { startComposer } from "./composer.js";
import { byId } from "./dom.js";
import { startDialogs } from "./dialogs.js";
import { closePane, openPane, startPanes, wide } from "./panes.js";
import { forget, previewing, showCitation, showSource, shownSource, sourceOf, startSource, unmark } from "./source.js";
import * as sources from "./sources.js";
import * as store from "./store.js";
import { reportWrong } from "./wrong.js";

function problem(message) {
  byId("problem").textContent = message;
  byId("problem").hidden = !message;
}

function say(message) {
  byId("live").textContent = message;
}

const failed = (error) => (error instanceof KeyNeeded ? askForKey(error.message) : problem(error.message));

window.addEventListener("error", (event) => problem(`The page failed: ${event.message}. Reload it.`));
window.addEventListener("unhandledrejection", (event) => {
  problem(`The page failed: ${event.reason?.message ?? event.reason}. Reload it.`);
});

function askForKey() {
  const dialog = byId("key-dialog");
  dialog.onclose = () => {
    useKey(byId("key").value.trim());
    start().catch(failed);
  };
  dialog.showModal();
}

// --- what a turn can do ---

const linkTo = ({ answer, question }) => {
  const wanted = new URLSearchParams({ q: answer.interpreted_as ?? question });
  return `${location.origin}${location.pathname}#${wanted}`;
};

const COPIES = {
  answer: async ({ answer }) => answer.answer,
  markdown: async (turn) => markdown(turn),
  plain: async (turn) => plain(turn),
  bibtex: async (turn) => bibtex(turn, await knownSources(turn)),
  csl: async (turn) => csl(turn, await knownSources(turn)),
};
const COPIED = { answer: "The answer was copied.", link: "The link was copied." };

async function knownSources({ answer }) {
  const ids = new Set(JSON.stringify(answer).match(/"doc_id":"(?:[^"\\]|\\.)*"/g)?.map((pair) => JSON.parse(`{${pair}}`).doc_id));
  const found = new Map();
  // A source that is gone keeps what the citation itself tells.
  for (const id of ids) found.set(id, await sourceOf(id).catch(() => null));
  return (id) => found.get(id);
}

function wrong(turn) {
  const { turns } = store.conversation();
  const before = turns.slice(0, Math.max(turns.findIndex((other) => other.id === turn.id), 0)).map((other) => other.question);
  const history = turn.answer.interpreted_as ? before.slice(-chat.MAX_HISTORY) : [];
  return reportWrong(turn.question, history, { problem, say: tell });
}

async function copy(text, form) {
  const message = COPIED[form] ?? "The answer was copied with its citation.";
  try {
    await navigator.clipboard.writeText(text);
    tell(message);
  } catch {
    problem("This browser does not let the page copy; use Export instead.");
  }
}

let flashing = 0;
function tell(message) {
  say(message);
  byId("flash").textContent = message;
  byId("flash").hidden = false;
  clearTimeout(flashing);
  flashing = setTimeout(() => { byId("flash").hidden = true; }, 4000);
}

async function openCitation(cited, index, button) {
  const card = button.closest(".near, .sure, .answer");
  const { list } = button.dataset;
  const other = (i) => openCitation(cited, i, card.querySelector(`.cite[data-list="${list}"][data-index="${i}"]`));
  try {
    await showCitation(cited, index, other);
  } catch (error) {
    problem(error.message);
    return;
  }
  for (const other of document.querySelectorAll(".cite[aria-current]")) other.removeAttribute("aria-current");
  button?.setAttribute("aria-current", "true");
  openPane(button);
}

let begun;
/** The conversation is known, and so a question has a place. */
const ready = new Promise((done) => { begun = done; });

chat.startChat({
  ready,
  say,
  problem,
  keyNeeded: askForKey,
  begun: unmark,
  answered(turn, card) {
    const button = card.querySelector(".citations .cite");
    if (wide() && button && !turn.answer.abstained) button.click();
  },
  ask: (question) => chat.send(question, { focus: true }),
  again: (turn) => chat.again(turn),
  literal: (turn) => chat.send(turn.question, { history: [], focus: true }),
  cite: openCitation,
  previewing,
  copy: async (turn, form) => copy(await COPIES[form](turn), form),
  link: (turn) => copy(linkTo(turn), "link"),
  wrong: (turn) => wrong(turn),
  canReport: sources.canReport,
  standing: sources.standing,
  sourceName: sources.nameOf,
  nameOfSource: sources.nameOfId,
});

// --- the conversation as a whole ---

function showConversation(found) {
  chat.forgetUnanswered();
  if (location.hash && found.link !== location.hash) history.replaceState(history.state, "", location.pathname);
  chat.draw();
  sources.showFilter();
  unmark();
  byId("turns").lastElementChild?.scrollIntoView({ block: "start" });
  byId("question").focus();
}

function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
  byId("export-menu").hidePopover();
}

byId("export-markdown").addEventListener("click", () => {
  download("conversation.md", "text/markdown", store.conversation().turns.map(markdown).join("\n\n---\n\n") + "\n");
});
byId("export-json").addEventListener("click", () => {
  const rows = store.conversation().turns.map(({ asked_at, answer }) => ({ asked_at, ...answer }));
  download("conversation.json", "application/json", JSON.stringify(rows, null, 2) + "\n");
});
byId("print").addEventListener("click", () => {
  byId("export-menu").hidePopover();
  window.print();
});
window.addEventListener("beforeprint", () => {
  const { turns } = store.conversation();
  byId("printed").textContent = `${store.nameOf(store.conversation())} · ${sources.corpusName()} · `
    + `${turns.length} ${turns.length === 1 ? "question" : "questions"} · printed on ${new Date().toLocaleDateString()}`;
});
byId("new").addEventListener("click", () => {
  showConversation(store.fresh());
  say("A new conversation began; the one before is kept.");
});
startDialogs({ show: showConversation, say, tell, problem, grown, read: (id, button) => {
  showSource(id).then(() => openPane(button), (error) => problem(error.message));
} });
store.onChange(chat.draw);
startComposer({ send: chat.send, stop: chat.stop, isRunning: chat.isRunning, asked: chat.asked });
startPanes();
startSource(problem);

/** The sources changed: what is known of them is known no more. */
async function grown() {
  forget();
  await sources.load();
  chat.redrawAll();
  await chat.findExamples();
}

// --- beginning ---

/** What the address asks for: #q=… is a question, #source=…&start=…&end=… a place. */
async function follow() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (wanted.has("source")) {
    const number = (name) => (wanted.has(name) ? Number(wanted.get(name)) : null);
    const place = { start: number("start"), end: number("end"), answer_start: number("answer_start"), answer_end: number("answer_end") };
    await showSource(wanted.get("source"), place.end === null ? null : place);
    openPane();
  } else if (wanted.has("q") && store.conversation().link !== location.hash) {
    // A link has a conversation of its own, which a reload goes on with.
    showConversation(store.fresh(location.hash));
    await chat.send(wanted.get("q"), { history: [] });
  }
}

async function start() {
  const listed = await sources.load();
  store.begin(listed.corpus.id);
  begun();
  chat.draw();
  sources.showFilter();
  byId("turns").lastElementChild?.scrollIntoView({ block: "start" });
  const waiting = (tries) => chat.findExamples().then((found) => {
    if (found < 4 && tries) setTimeout(() => waiting(tries - 1).catch(() => {}), 700);
  });
  await waiting(20);
  await follow();
  if (!shownSource() && wide()) await showSource(listed.sources[0].doc_id);
}

window.addEventListener("hashchange", () => follow().catch((error) => problem(error.message)));
start().catch(failed);
