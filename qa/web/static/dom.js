// Elements are made here and nowhere else; words only ever go in as text nodes.

/** element("p.note", { title: "…" }, "text", otherElement) */
export function element(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
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
  return (offset) => offset + wide.filter((place) => place < offset).length;
}

/** A quote on one line, as text and mark, with the answer in it marked. */
export function quoteWithMark(citation) {
  const { quote, start, answer_start: from, answer_end: to } = citation;
  const line = (text) => text.replace(/\s+/g, " ");
  if (from === null || from === undefined) return ["“", line(quote).trim(), "”"];
  const at = codePoints(quote);
  const [a, b] = [at(from - start), at(to - start)];
  if (a === 0 && b === quote.length) return ["“", line(quote), "”"];
  return ["“", line(quote.slice(0, a)), element("mark", {}, line(quote.slice(a, b))), line(quote.slice(b)), "”"];
}
