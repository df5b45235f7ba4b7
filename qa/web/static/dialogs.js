// The lists that open over the page: conversations, and sources.

import { startAdding } from "./adding.js";
import { byId, element } from "./dom.js";
import * as sources from "./sources.js";
import * as store from "./store.js";

/** `page` shows a conversation, opens a source to read, says things and names problems. */
export function startDialogs(page) {
  sources.onRead(page.read);
  startAdding({ ...page, grown: async () => {
    await page.grown();
    if (byId("sources-dialog").open) fillSources(page);
  } });
  byId("show-conversations").addEventListener("click", () => {
    fillConversations(page);
    byId("conversations-dialog").showModal();
  });
  byId("conversations-new").addEventListener("click", () => {
    byId("conversations-dialog").close();
    page.show(store.fresh());
  });
  byId("show-sources").addEventListener("click", () => {
    fillSources(page);
    byId("sources-dialog").showModal();
  });
  byId("sources-only").addEventListener("click", () => {
    const chosen = [...byId("sources-list").querySelectorAll("input:checked")].map((box) => box.value);
    sources.ask(chosen.length === sources.all().length ? [] : chosen);
    byId("sources-dialog").close();
  });
}

// --- conversations ---

function fillConversations(page) {
  const rows = store.all().map((kept) => conversationRow(kept, page));
  byId("conversations").replaceChildren(...(rows.length ? rows : [element("li.note", {}, "None yet.")]));
}

function conversationRow(kept, page) {
  const name = store.nameOf(kept);
  const current = kept.id === store.conversation().id;
  const when = new Date(kept.changed).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const count = `${kept.turns.length} ${kept.turns.length === 1 ? "question" : "questions"}`;
  const row = element("li", {},
    element("button.row-name", { type: "button", "aria-current": current ? "true" : null, onclick: () => {
      byId("conversations-dialog").close();
      page.show(store.reopen(kept.id));
    } }, element("span.title", {}, name), element("span.place", {}, `${count} · ${when}`)),
    element("button", { type: "button", "aria-label": `Rename ${name}`, onclick: () => edit(row, kept, page) }, "Rename"),
    element("button", { type: "button", "aria-label": `Delete ${name}`, onclick: () => {
      if (!confirm(`Delete “${name}”? It is kept nowhere else.`)) return;
      store.remove(kept.id);
      if (current) page.show(store.conversation());
      page.say("The conversation was deleted.");
      fillConversations(page);
      (byId("conversations").querySelector("button") ?? byId("conversations-new")).focus();
    } }, "Delete"));
  return row;
}

function edit(row, kept, page) {
  const box = element("input", { type: "text", "aria-label": "Name of the conversation", maxlength: "120", value: store.nameOf(kept) });
  const done = (name) => {
    if (name !== null) store.rename(kept.id, name.trim());
    fillConversations(page);
    [...byId("conversations").querySelectorAll("button")].find((button) => button.ariaLabel === `Rename ${store.nameOf({ ...kept, name: name?.trim() || kept.name })}`)?.focus();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    done(event.key === "Enter" ? box.value : null);
  });
  row.replaceChildren(box, element("button", { type: "button", onclick: () => done(box.value) }, "Keep this name"));
  box.select();
}

// --- sources ---

function fillSources(page) {
  const only = new Set(store.conversation().only.length ? store.conversation().only : sources.all().map((source) => source.doc_id));
  byId("sources-list").replaceChildren(...sources.all().map((source) => {
    const name = sources.nameOf(source);
    const box = element("input", { type: "checkbox", value: source.doc_id, "aria-label": `Ask ${name}` });
    box.checked = only.has(source.doc_id);
    return element("li", {}, box,
      element("button.row-name", { type: "button", onclick: () => {
        byId("sources-dialog").close();
        page.read(source.doc_id, byId("show-sources"));
      } }, element("span.title", {}, name), element("span.place", {}, [source.path, ...sources.facts(source)].join(" · ")),
      source.note ? element("span.standing", {}, source.note) : null));
  }));
  byId("drop").hidden = !sources.canAdd();
  const left = sources.skipped();
  byId("sources-skipped").hidden = !left.length;
  byId("sources-skipped-count").textContent = `${left.length} ${left.length === 1 ? "file" : "files"} skipped`;
  byId("sources-skipped-list").replaceChildren(...left.map((file) => element("li", {}, `${file.path}: ${file.reason}`)));
}
