// A page of a PDF as a picture beside its text, the place of the quote on it.

import { blob } from "./api.js";
import { byId } from "./dom.js";
import { memorise, recall } from "./memory.js";

const KEPT = "qa.page";
const ROOM = 850;
let place = null;
let drawn = "";

/** What a person chose last; before that, whether there is room. */
const wanted = () => (recall(KEPT) ?? String(byId("source").offsetWidth > ROOM)) === "true";

/** Offer the page of a citation, where it has one; show it if that is wanted. */
export function offer(docId, citation) {
  place = citation?.page ? { docId, page: citation.page, box: citation.box } : null;
  byId("show-page").hidden = !place;
  if (place) byId("show-page").textContent = `Page ${place.page} as printed`;
  draw().catch(() => { byId("paper").hidden = true; });
}

async function draw() {
  const shown = place !== null && wanted();
  byId("paper").hidden = !shown;
  byId("show-page").setAttribute("aria-pressed", String(shown));
  if (!shown) return;
  const id = place.docId.split("/").map(encodeURIComponent).join("/");
  const address = `/v1/pages/${place.page}/${id}${place.box ? `?box=${place.box.join(",")}` : ""}`;
  if (address !== drawn) {
    drawn = address;
    const picture = await createImageBitmap(await blob(address));
    if (address !== drawn) return;
    const canvas = byId("paper-picture");
    [canvas.width, canvas.height] = [picture.width, picture.height];
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.setAttribute("aria-label", `Page ${place.page} as printed, the quote marked`);
  }
  if (place.box) {
    const [paper, canvas] = [byId("paper"), byId("paper-picture")];
    const down = canvas.offsetHeight - (2 * place.box[3] * canvas.offsetHeight) / canvas.height;
    paper.scrollTop = down - paper.clientHeight / 2;
  }
}

export function start(problem) {
  byId("show-page").addEventListener("click", () => {
    memorise(KEPT, String(!wanted()));
    draw().catch((error) => {
      drawn = "";
      byId("paper").hidden = true;
      problem(error.message);
    });
  });
}
