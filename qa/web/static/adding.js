// Files are dropped on the page, or chosen, and become sources.

import { addFile, get } from "./api.js";
import { byId } from "./dom.js";
import * as sources from "./sources.js";

const POLL_MS = 700;
const files = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** `page` tells, names problems, and hears when the sources have grown. */
export function startAdding(page) {
  byId("files").addEventListener("change", (event) => {
    add([...event.target.files], page).finally(() => { event.target.value = ""; });
  });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!files(event)) return;
      event.preventDefault();
      document.body.classList.toggle("dropping", sources.canAdd());
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault(); // A browser would leave the page for the file.
    document.body.classList.remove("dropping");
    if (sources.canAdd()) add([...event.dataTransfer.files], page);
    else page.problem("This server takes no files; start it with --allow-add.");
  });
}

async function add(chosen, page) {
  const problems = [];
  let added = 0;
  page.problem("");
  for (const file of chosen) {
    page.tell(`Adding ${file.name} …`);
    try {
      await addFile(file);
      added += 1;
    } catch (error) {
      problems.push(error.message);
    }
  }
  if (added) {
    page.tell("Reading what was added …");
    const problem = await built();
    if (problem) problems.push(problem);
    await page.grown();
    page.tell(`${added} ${added === 1 ? "file was" : "files were"} added.`);
  }
  page.problem(problems.join(" "));
}

/** Wait until the index holds what was added; what went wrong, if anything did. */
async function built() {
  const { index_version: before } = await get("/readyz");
  for (let tries = 0; ; tries += 1) {
    await new Promise((done) => { setTimeout(done, POLL_MS); });
    const { building, problem } = await get("/v1/sources");
    if (problem) return problem;
    // The same files as before make the same index, and then no other comes.
    if (!building && (tries > 5 || (await get("/readyz")).index_version !== before)) return "";
  }
}
