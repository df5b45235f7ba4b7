// A source's text as elements: laid out as a document, every character of it kept and in order.

import { element } from "./dom.js";

/** Elements and marks with their places counted as JavaScript counts; signs of emphasis that stand together are one. */
export function layoutOf(source, at) {
  const marks = [];
  for (const [start, end, shown] of source.marks) {
    const mark = { start: at(start), end: at(end), shown };
    const before = marks.at(-1);
    const sign = source.text.slice(mark.start, mark.end);
    if (before?.end === mark.start && !shown && !before.shown && "*_".includes(sign) && sign
      && source.text.slice(before.start, before.end) === sign) before.end = mark.end;
    else marks.push(mark);
  }
  return {
    elements: (source.elements ?? []).map(([kind, start, end, level]) => ({ kind, start: at(start), end: at(end), level })),
    marks,
  };
}

/** How a span of the text reads, markup resolved. */
export function reads(text, { start, end }, marks) {
  let words = "";
  let from = start;
  for (const mark of marks) {
    if (mark.start < start || mark.end > end) continue;
    words += text.slice(from, mark.start) + mark.shown;
    from = mark.end;
  }
  return (words + text.slice(from, end)).replace(/\s+/g, " ").trim();
}

/** One element a line; how the file lays it out only changes how it looks, never what it says. */
export function* lines(text, span, answer, { elements, marks }) {
  const front = /^---\r?\n[^]*?\n---\r?(?=\n|$)/.exec(text)?.[0].length ?? 0;
  let start = 0;
  let next = 0;
  let mark = 0;
  let table = null;
  const about = front ? element("details.front", {}, element("summary", {}, "About this document")) : null;
  if (about) yield about;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    while (next < elements.length && elements[next].end <= start) next += 1;
    while (mark < marks.length && marks[mark].end < start) mark += 1;
    const here = [];
    for (let i = next; i < elements.length && elements[i].start < end; i += 1) here.push(elements[i]);
    const inside = [];
    for (let i = mark; i < marks.length && marks[i].start <= end; i += 1) inside.push(marks[i]);
    const first = here[0];
    const heading = first?.kind === "heading";
    const begins = first && first.start >= start;
    const kinds = start < front ? "" : first ? `.${first.kind}${begins ? ".begins" : ""}` : line.trim() ? ".apart" : ".blank";
    const made = element(`div.line${kinds}`, heading && begins ? { "data-at": first.start, "data-level": first.level } : {});
    if (first?.kind === "item") made.style.setProperty("--depth", first.level);
    const cells = first?.kind === "row" && here.length === 1 && begins && first.end <= end ? cellsOf(first, inside) : [];
    const part = (from, to) => pieces(text, from, to, span, answer, start < front ? null : { elements: here, marks: inside });
    if (cells.length > 1) {
      made.setAttribute("role", "row");
      cells.forEach((cell, i) => made.append(element("span.cell", { role: "cell" },
        ...part(i ? cell.start : start, i + 1 < cells.length ? cells[i + 1].start : end))));
      const heads = cells.map((cell) => cell.head);
      if (!table || table.heads.join("\n") !== heads.join("\n")) {
        table = { heads, made: element("div.table", { role: "table", "aria-label": "Table" }) };
        if (heads.some(Boolean)) table.made.append(element("div.heads", { role: "row" }, ...heads.map((head) => element("span.cell", { role: "columnheader" }, head))));
        yield table.made;
      }
      table.made.append(made);
    } else {
      table = null;
      made.append(...part(start, end));
      if (start < front) about.append(made);
      else yield made;
    }
    start = end + 1;
  }
}

/** Where the cells of a table's row begin, with the heads of their columns, as the marks between them tell. */
function cellsOf(row, marks) {
  const cells = [{ start: row.start, head: "" }];
  let after = row.start;
  for (const mark of marks) {
    if (mark.start < row.start || mark.end > row.end || !/^; |: $/.test(mark.shown)) continue;
    if (mark.start > after) cells.push({ start: mark.start, head: "" });
    const head = mark.shown.replace(/^; /, "").replace(/: $/, "");
    if (head) cells.at(-1).head = head;
    after = mark.end;
  }
  return cells;
}

/** The text between two places, cut where quote and answer begin and end. */
function* pieces(text, from, to, span, answer, layout) {
  const cuts = [from, ...[...(span ?? []), ...(answer ?? [])].filter((c) => c > from && c < to), to].sort((a, b) => a - b);
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [a, b] = [cuts[i], cuts[i + 1]];
    if (a === b) continue;
    const words = layout ? styled(text, a, b, layout) : [text.slice(a, b)];
    const within = (range) => range && a >= range[0] && b <= range[1];
    if (within(answer)) yield element("mark", {}, ...words);
    else if (within(span)) yield element("span.quoted", {}, ...words);
    else yield* words;
  }
}

const STYLES = { "**": "strong", __: "strong", "*": "em", _: "em", "`": "code" };
const TAGS = { b: "strong", strong: "strong", i: "em", em: "em", cite: "em", code: "code", kbd: "code" };

const link = (address, ...words) =>
  element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...words);
const ADDRESS = /https?:\/\/[^\s<>"'`|]*[^\s<>"'`|.,;:!?)\]]/gi;

/** Words in which web addresses can be followed. */
function* linked(words) {
  let at = 0;
  for (const found of words.matchAll(ADDRESS)) {
    if (found.index > at) yield words.slice(at, found.index);
    yield link(found[0], found[0]);
    at = found.index + found[0].length;
  }
  if (at < words.length) yield words.slice(at);
}

/** Where a link leads that ends with this markup (Markdown) or begins with it (HTML); null for other markup. */
function target(source) {
  const found = /^\]\(<?(https?:\/\/[^\s<>]+?)>?(?:\s[^]*)?\)$/i.exec(source) ?? /^<a\s[^]*?href\s*=\s*["']?(https?:\/\/[^\s"'>]+)/i.exec(source);
  return found ? found[1].replaceAll("&amp;", "&") : null;
}

/** The words between two places: markup in spans of its own, what stands between its signs emphasised or a link. */
function styled(text, from, to, { elements, marks }) {
  const open = new Set();
  const made = [];
  let linkBegins = -1;
  let address = null;
  const emphasised = (words) => (open.size ? [element(`span.${[...open].join(".")}`, {}, ...linked(words))] : [...linked(words)]);
  function plain(a, b) {
    let at = a;
    for (const one of elements) {
      if (one.end <= at || one.start >= b) continue;
      if (one.start > at) made.push(element("span.outside", {}, text.slice(at, one.start)));
      at = Math.max(at, one.start);
      const stop = Math.min(one.end, b);
      if (stop > at) made.push(...emphasised(text.slice(at, stop)));
      at = stop;
    }
    if (at < b) made.push(element("span.outside", {}, text.slice(at, b)));
  }
  function closeLink(to) {
    if (linkBegins < 0 || !to) return;
    // Addresses among the words are part of the link and no links of their own.
    const words = made.splice(linkBegins).map((node) => (node.tagName === "A" ? node.textContent : node));
    made.push(link(to, ...words));
    linkBegins = -1;
  }
  let at = from;
  for (const mark of marks) {
    const source = text.slice(mark.start, mark.end);
    const tag = /^<(\/?)([a-z]+)/i.exec(source);
    const style = STYLES[source] ?? (tag && TAGS[tag[2].toLowerCase()]);
    const begins = tag ? !tag[1] : !open.has(style);
    if (mark.start >= from && mark.end <= to) {
      plain(at, mark.start);
      if (source.startsWith("](")) closeLink(target(source));
      else if (/^<\/a\b/i.test(source)) closeLink(address);
      const shown = mark.shown.replace(/\s+/g, " ");
      if (source || shown) made.push(element("span.syntax", shown ? { "data-shown": shown } : {}, source));
      if (source === "[") [linkBegins, address] = [made.length, null];
      else if (/^<a\b/i.test(source)) [linkBegins, address] = [made.length, target(source)];
      at = mark.end;
    } else if (mark.end > from && mark.start < to) {
      const [a, b] = [Math.max(mark.start, from, at), Math.min(mark.end, to)];
      plain(at, a);
      made.push(element("span.syntax", {}, text.slice(a, b)));
      at = b;
    }
    if (style && mark.end <= to) open[begins ? "add" : "delete"](style);
  }
  plain(at, to);
  return made;
}
