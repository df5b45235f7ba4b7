// Conversations, kept in this browser: those of the corpus that is served, one of them current in each tab.

import { memorise, names, recall } from "./memory.js";

const PREFIX = "qa.conversation";
let corpus = "";

const keyOf = (id) => `${PREFIX}.${corpus}.${id}`;
const tabKey = () => `qa.current.${corpus}`;

/** A name that no other tab gives: the time and a random part. */
export const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 8);

const empty = (link = null) => ({ id: newId(), name: "", link, only: [], turns: [] });
let current = empty();

function load(id) {
  try {
    const found = JSON.parse(recall(keyOf(id)));
    if (!Array.isArray(found?.turns)) return null;
    return { ...empty(), ...found, turns: found.turns.filter((turn) => turn?.id && turn.question && turn.answer) };
  } catch {
    return null;
  }
}

function setCurrent(found) {
  current = found;
  memorise(tabKey(), current.id, "sessionStorage");
  return current;
}

/** Begin with a corpus: go on with what this tab had open there, else with an empty conversation. */
export function begin(corpusId) {
  corpus = corpusId;
  const id = recall(tabKey(), "sessionStorage");
  return setCurrent((id && load(id)) || empty());
}

export const conversation = () => current;

/** An empty conversation; `link` is the address that opened it. */
export const fresh = (link = null) => setCurrent(empty(link));

/** Make a kept conversation the current one; an empty one where it is gone. */
export const reopen = (id) => setCurrent(load(id) ?? empty());

/** Keep the current conversation with a turn that was answered and with changed fields; false where that fails. */
export function keep(turn = null, fields = {}) {
  // Another tab may have the same conversation open: what it has added stays.
  const turns = load(current.id)?.turns ?? [...current.turns];
  if (turn) turns.push(turn);
  Object.assign(current, fields, { turns, changed: new Date().toISOString() });
  return !turns.length || memorise(keyOf(current.id), JSON.stringify(current));
}

/** The kept conversations of this corpus, the latest first. */
export function all() {
  const start = keyOf("");
  return names().filter((key) => key.startsWith(start)).map((key) => load(key.slice(start.length)))
    .filter(Boolean).sort((a, b) => (a.changed < b.changed ? 1 : -1));
}

export function rename(id, name) {
  if (id === current.id) current.name = name;
  const found = load(id);
  if (found) memorise(keyOf(id), JSON.stringify({ ...found, name }));
}

export function remove(id) {
  memorise(keyOf(id), null);
  if (id === current.id) fresh();
}

export const nameOf = ({ name, turns }) => name || turns[0]?.question || "New conversation";

/** Call back when another tab has changed the conversations. */
export function onChange(call) {
  window.addEventListener("storage", ({ key }) => {
    if (key === keyOf(current.id)) current = load(current.id) ?? { ...current, turns: [] };
    if (key === null || key.startsWith(keyOf(""))) call();
  });
}
