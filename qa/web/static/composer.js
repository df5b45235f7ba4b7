// Where questions are typed: Enter asks, the arrow recalls, a slash comes back here.

import { byId } from "./dom.js";

const TYPED_IN = "input, textarea, select, [contenteditable]";

export function startComposer({ send, stop, isRunning, asked }) {
  const box = byId("question");
  let recalled = null; // how far back, and what was typed before
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    if (isRunning()) {
      stop();
      return;
    }
    const { value } = box;
    box.value = "";
    recalled = null;
    send(value);
  });
  box.addEventListener("input", () => { recalled = null; });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!isRunning()) byId("ask").requestSubmit();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") recall(event);
  });

  function recall(event) {
    const up = event.key === "ArrowUp";
    if (recalled === null && (!up || box.value.includes("\n") || box.selectionStart !== box.selectionEnd)) return;
    const questions = asked();
    const back = Math.min((recalled?.back ?? 0) + (up ? 1 : -1), questions.length);
    if (back === (recalled?.back ?? 0)) return;
    event.preventDefault();
    const typed = recalled?.typed ?? box.value;
    box.value = back ? questions[questions.length - back] : typed;
    recalled = back ? { back, typed } : null;
  }

  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // The address stays what it is: a question's link, perhaps.
    box.focus();
  });
  document.addEventListener("keydown", (event) => {
    const elsewhere = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!elsewhere || event.target.closest(TYPED_IN) || document.querySelector("dialog[open]") || byId("chat").inert) return;
    event.preventDefault();
    box.focus();
  });
}
