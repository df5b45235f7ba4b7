// Calls to the server. Every failure becomes an Error whose message says what to do.

let key = sessionStorage.getItem("qa.key");

export class KeyNeeded extends Error {}

export function useKey(value) {
  key = value;
  sessionStorage.setItem("qa.key", value);
}

async function call(path, options = {}) {
  const headers = { ...(options.headers ?? {}) };
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached. Is it still running? Ask again when it is.");
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  const message = body?.error?.message ?? `the server answered ${response.status}`;
  if (response.status === 401) throw new KeyNeeded(message);
  throw new Error(message[0].toUpperCase() + message.slice(1) + ".");
}

export const get = async (path) => (await call(path)).json();

const posting = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const post = async (path, body) => (await call(path, posting(body))).json();

export const blob = async (path) => (await call(path)).blob();

/** Add a file to the sources. */
export const addFile = async (file) => (await call(`/v1/sources?name=${encodeURIComponent(file.name)}`, {
  method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
})).json();

/** Ask with events: onStep(status) for each step; returns the answer. */
export async function ask(body, onStep, signal) {
  const response = await call("/v1/chat", { ...posting(body), signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The connection ended before the answer did. Ask again.");
    text += value;
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const [name, data] = text.slice(0, end).split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
      text = text.slice(end + 2);
      const content = JSON.parse(data);
      if (name === "status") onStep(content);
      else if (name === "error") throw new Error(content.error.message);
      else if (name === "done") return content.answer;
    }
  }
}
