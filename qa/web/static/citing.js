// An answer with its citations in the forms that people paste elsewhere.

import { placeWords } from "./dom.js";

export const FORMS = { markdown: "Markdown", plain: "Plain text", bibtex: "BibTeX", csl: "CSL-JSON" };

const whereIs = (c) =>
  `${c.title}${c.section ? ` › ${c.section}` : ""}${placeWords(c).map((words) => `, ${words}`).join("")} (${c.path}:${c.start}-${c.end})`;

/** Every citation that an answer shows, in order. */
export function citationsOf(answer) {
  if (answer.parts.length) return answer.parts.flatMap(citationsOf);
  if (answer.abstained) return [];
  if (answer.items.length) return answer.items.flatMap((item) => item.citations);
  if (answer.conflicts.length) return answer.conflicts.flatMap((value) => value.citations);
  return answer.citations;
}

/** The lines of an answer by its form; `strong`, `cite` and `note` say how question, citation and remark look. */
function told(answer, { strong, cite, note }) {
  const one = (part) => [
    ...(part.abstained ? [part.message] : []), ...(part.note ? [note(part.note)] : []), ...found(part)];
  const found = (part) => {
    if (part.parts.length) return part.parts.flatMap((each) => [strong(each.question), ...one(each)]);
    if (part.abstained) return [];
    if (part.items.length) {
      return part.items.flatMap((item) => [`- ${item.label ? `${item.label}: ` : ""}${item.answer}`, ...item.citations.map(cite)]);
    }
    if (part.conflicts.length) {
      return ["The sources differ:", ...part.conflicts.flatMap((value) => [value.answer, ...value.citations.map(cite)])];
    }
    const verdict = part.verdict ? [part.verdict === "yes" ? "Yes." : "No."] : [];
    return [...verdict, part.answer, ...part.citations.map(cite)];
  };
  return one(answer);
}

/** A turn as Markdown, with its citations. */
export function markdown({ question, answer }) {
  const forms = {
    strong: (text) => `**${text}**`,
    note: (text) => `_${text}_`,
    cite: (c) => `> ${c.shown.replace(/\s+/g, " ")}\n>\n> — ${whereIs(c)}`,
  };
  const understood = answer.interpreted_as ? [`_Understood as: ${answer.interpreted_as}_`] : [];
  return [forms.strong(question), ...understood, ...told(answer, forms)].join("\n\n");
}

/** A turn as plain text, with its citations. */
export function plain({ question, answer }) {
  const same = (text) => text;
  const cite = (c) => `“${c.shown.replace(/\s+/g, " ")}” — ${whereIs(c)}`;
  return [question, ...told(answer, { strong: same, note: same, cite })].join("\n");
}

// --- references: one for each source, with what is quoted from it ---

function referred(answer) {
  const by = new Map();
  for (const c of citationsOf(answer)) by.set(c.doc_id, [...(by.get(c.doc_id) ?? []), c]);
  return [...by.values()];
}

const keyOf = (docId) => docId.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "") || "source";
const noteOf = (citations) => citations.map((c) => `“${c.shown.replace(/\s+/g, " ")}”, ${whereIs(c)}`).join("; ");
const yearIn = (text) => /\b\d{4}\b/.exec(text ?? "")?.[0];
const ESCAPES = { "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
const escaped = (text) => text.replace(/[\\{}~^#$%&_]/g, (sign) => ESCAPES[sign] ?? `\\${sign}`);

/** BibTeX entries; `sourceOf(id)` gives a source's `metadata` and `address`. */
export function bibtex({ answer }, sourceOf) {
  return referred(answer).map((citations) => {
    const [{ doc_id: id, title }] = citations;
    const { metadata = {}, address } = sourceOf(id) ?? {};
    const fields = {
      title, author: metadata.author, publisher: metadata.publisher, year: yearIn(metadata.published),
      howpublished: metadata.kind, note: noteOf(citations),
    };
    const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${escaped(value)}}`);
    if (address) lines.push(`  url = {${address.replace(/[{}\\]/g, encodeURIComponent)}}`);
    return `@misc{${keyOf(id)},\n${lines.join(",\n")}\n}`;
  }).join("\n\n");
}

/** CSL-JSON, as Zotero and pandoc read it. */
export function csl({ answer }, sourceOf) {
  return JSON.stringify(referred(answer).map((citations) => {
    const [{ doc_id: id, title }] = citations;
    const { metadata = {}, address } = sourceOf(id) ?? {};
    return {
      id: keyOf(id), type: address ? "webpage" : "document", title,
      ...(metadata.author && { author: [{ literal: metadata.author }] }),
      ...(metadata.publisher && { publisher: metadata.publisher }),
      ...(yearIn(metadata.published) && { issued: { "date-parts": [[Number(yearIn(metadata.published))]] } }),
      ...(address && { URL: address }),
      note: noteOf(citations),
    };
  }), null, 2);
}
