// The conversation as it is shown: asking, stopping, and drawing no more than what changed.

import { KeyNeeded, ask, get } from "./api.js";
import { spoken, turnElement } from "./card.js";
import { byId, element } from "./dom.js";
import * as store from "./store.js";

const STEPS = {
  interpreting: "Understanding the question …",
  searching: "Searching the sources …",
  reading: "Reading the nearest passages …",
};
export const MAX_HISTORY = 50;
const drawn = new Map();
let page = null;
let examples = [];
let running = null;
let unkept = [];

export const isRunning = () => running !== null;
export const stop = () => running?.controller.abort();

/** `from` holds what a turn can do (see card.js), say, problem, keyNeeded, begun, answered, and the promise `ready`. */
export function startChat(from) {
  page = from;
}

/** The turns of the conversation, and those that have no answer: under way, or stopped. */
const shownTurns = () => [...store.conversation().turns, ...unkept];

/** Make the list of turns what the conversation is; what is there already stays as it is, opened details and all. */
export function draw() {
  const list = byId("turns");
  const turns = shownTurns();
  const wanted = new Set(turns.map((turn) => turn.id));
  for (const [id, made] of drawn) {
    if (wanted.has(id)) continue;
    made.remove();
    drawn.delete(id);
  }
  turns.forEach((turn, i) => {
    if (!drawn.has(turn.id)) drawn.set(turn.id, turnElement(turn, page));
    const made = drawn.get(turn.id);
    if (list.children[i] !== made) list.insertBefore(made, list.children[i] ?? null);
  });
  byId("welcome").hidden = turns.length > 0;
  byId("export").disabled = byId("new").disabled = !store.conversation().turns.length;
}

/** Draw one turn again, since it changed. */
function redraw(turn) {
  const old = drawn.get(turn.id);
  const made = turnElement(turn, page);
  drawn.set(turn.id, made);
  old?.replaceWith(made);
  return made;
}

/** Draw every turn again, since what is known of the sources changed. */
export function redrawAll() {
  for (const turn of shownTurns()) if (turn.answer) redraw(turn);
}

export function forgetUnanswered() {
  stop();
  unkept = [];
}

const answeredQuestions = () => store.conversation().turns.map((turn) => turn.question);
/** Every question of the conversation, for calling back; also those without an answer. */
export const asked = () => shownTurns().map((turn) => turn.question);

/** Ask; `focus` says that whoever asked loses the place of the keyboard, which then goes to the question. */
export async function send(question, { history = answeredQuestions().slice(-MAX_HISTORY), focus = false } = {}) {
  const words = question.trim();
  if (!words || running) return;
  await page.ready;
  if (running) { // Another was waiting, too.
    byId("question").value ||= words;
    return;
  }
  page.problem("");
  const { id: conversationId, only } = store.conversation();
  const turn = { id: store.newId(), question: words, answer: null, only: only.map(page.nameOfSource) };
  unkept = unkept.filter((other) => other.question !== words);
  unkept.push(turn);
  draw();
  const made = drawn.get(turn.id);
  made.scrollIntoView({ block: "start" });
  if (focus) made.querySelector(".asked").focus({ preventScroll: true });
  page.begun();
  running = { controller: new AbortController(), turn };
  byId("send").textContent = "Stop";
  const progress = (message) => { made.querySelector(".progress").textContent = message; };
  progress(STEPS.interpreting);
  const slow = setTimeout(() => page.say("Still working on the answer."), 3000);
  try {
    const onStep = ({ step, ahead }) => progress(STEPS[step] ?? `Waiting: ${ahead} ahead of you …`);
    turn.answer = await ask({ question: words, history, ...(only.length && { sources: only }) }, onStep, running.controller.signal);
    turn.asked_at = new Date().toISOString();
    if (turn.answer.abstained) {
      await findExamples();
      const known = new Set(asked());
      turn.examples = examples.filter((example) => !known.has(example)).slice(0, 3);
    }
  } catch (error) {
    unanswered(turn, error);
  } finally {
    clearTimeout(slow);
    running = null;
    byId("send").textContent = "Ask";
  }
  if (!turn.answer || store.conversation().id !== conversationId) return;
  unkept = unkept.filter((other) => other !== turn);
  if (!store.keep(turn)) page.problem("This browser does not let the page keep the conversation; export it before you leave.");
  const hadFocus = made.contains(document.activeElement);
  const card = redraw(turn);
  if (hadFocus) card.querySelector(".asked").focus({ preventScroll: true });
  draw();
  card.scrollIntoView({ block: "start" });
  page.say(spoken(turn.answer));
  page.answered(turn, card);
}

/** A question that was stopped or failed goes back into the box, or, where something else was typed, can be asked again. */
function unanswered(turn, error) {
  const box = byId("question");
  const stopped = error.name === "AbortError";
  if (box.value.trim()) {
    turn.stopped = stopped ? "Stopped." : "Not answered.";
    if (drawn.has(turn.id)) redraw(turn);
  } else {
    unkept = unkept.filter((other) => other !== turn);
    const within = drawn.get(turn.id)?.contains(document.activeElement);
    draw();
    box.value = turn.question;
    if (within) box.focus();
  }
  if (error instanceof KeyNeeded) page.keyNeeded(error.message);
  else if (!stopped) page.problem(error.message);
}

/** Ask a stopped question again. */
export function again(turn) {
  unkept = unkept.filter((other) => other !== turn);
  return send(turn.question, { focus: true });
}

export async function findExamples() {
  const { questions } = await get("/v1/examples");
  if (questions.join() === examples.join() && byId("starters").children.length) return questions.length;
  examples = questions;
  byId("starters").replaceChildren(...questions.map((question) => element("li", {},
    element("button", { type: "button", onclick: () => send(question, { focus: true }) }, question))));
  return questions.length;
}
