// "Wrong?": what would be right goes into the server's file of feedback, a draft of a gold set.

import { post } from "./api.js";
import { byId, pointsBefore } from "./dom.js";
import { shownSource, sourceOf } from "./source.js";

/** Where the words stand that are selected in the source, as code points of its text; null where none are. */
async function selected() {
  const selection = getSelection();
  const pane = byId("source-text");
  if (!selection.rangeCount || selection.isCollapsed || !pane.contains(selection.getRangeAt(0).commonAncestorContainer)) return null;
  const range = selection.getRangeAt(0);
  const { text } = await sourceOf(shownSource());
  const lines = [...pane.querySelectorAll(".line")];
  const at = (node, offset) => {
    const line = lines.findIndex((one) => one === node || one.contains(node));
    if (line < 0) return null;
    const before = new Range();
    before.selectNodeContents(lines[line]);
    before.setEnd(node, offset);
    return lines.slice(0, line).reduce((sum, one) => sum + one.textContent.length + 1, 0) + before.toString().length;
  };
  const [from, to] = [at(range.startContainer, range.startOffset), at(range.endContainer, range.endOffset)];
  if (from === null || to === null || !text.slice(from, to).trim()) return null;
  return { words: selection.toString().replace(/\s+/g, " ").trim(), right: { doc_id: shownSource(), start: pointsBefore(text, from), end: pointsBefore(text, to) } };
}

/** Ask what is right for a question; `history` are the ones before it. */
export async function reportWrong(question, history, { say, problem }) {
  const chosen = await selected();
  const dialog = byId("wrong-dialog");
  byId("wrong-question").textContent = question;
  byId("wrong-words").textContent = chosen ? `“${chosen.words}”` : "Select them first, then press the flag again.";
  byId("wrong-selected").disabled = !chosen;
  const send = async (right) => {
    dialog.close();
    try {
      const { file } = await post("/v1/feedback", { question, history, right });
      say(`Written into ${file}. Thank you.`);
    } catch (error) {
      problem(error.message);
    }
  };
  byId("wrong-selected").onclick = () => send(chosen.right);
  byId("wrong-nothing").onclick = () => send(null);
  dialog.showModal();
}
