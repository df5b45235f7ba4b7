// Elements are made here and nowhere else; words only ever go in as text nodes.

/** element("p.note", { title: "…" }, "text", otherElement) */
export function element(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** One of the page's signs; the button around it has the words. */
export function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  made.setAttribute("class", "sign");
  made.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#sign-${name}`);
  made.append(use);
  return made;
}

export const byId = (id) => document.getElementById(id);

/** A function from code point offsets, as the server counts, to offsets of a JavaScript string. */
export function codePoints(text) {
  const wide = [];
  let count = 0;
  for (const character of text) {
    if (character.length === 2) wide.push(count);
    count += 1;
  }
  return (offset) => {
    let [low, high] = [0, wide.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wide[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  };
}

/** How many code points stand before an offset of a JavaScript string. */
export const pointsBefore = (text, offset) => [...text.slice(0, offset)].length;

/** A quote as it reads, as text and mark, with the answer in it marked. */
export function quoteWithMark(citation) {
  // What a browser kept from an earlier version has no shown form.
  const { shown = citation.quote, shown_start: from, shown_end: to } = citation;
  if (from === null || from === undefined) return ["“", shown, "”"];
  const at = codePoints(shown);
  const [a, b] = [at(from), at(to)];
  if (a === 0 && b === shown.length) return ["“", shown, "”"];
  return ["“", shown.slice(0, a), element("mark", {}, shown.slice(a, b)), shown.slice(b), "”"];
}

/** Where in its file a citation stands, for people: "p. 4", "at 00:01:06". */
export function placeWords(citation) {
  const forms = [["page", "p. "], ["time", "at "], ["paragraph", "paragraph "], ["chapter", "chapter "], ["row", "row "]];
  return forms.filter(([key]) => citation[key] !== undefined).map(([key, words]) => words + citation[key]);
}
