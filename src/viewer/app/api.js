/** @import { ChatPiece, ChatRequest } from "../api.js" */

/** @typedef {Record<string, string | number | boolean | null | undefined | string[]>} Query */

/**
 * Asks the server; throws an Error with what it says.
 * @param {string} path
 * @param {Query} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, query = {}, signal) {
  return await answer(await fetch(address(path, query), { signal }));
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function post(path, body, signal) {
  return await answer(await send(path, body, signal));
}

/**
 * The pieces of a checkpoint's reply as they come.
 * @param {ChatRequest} request
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ChatPiece>}
 */
export async function* chat(request, signal) {
  const response = await send("/api/chat", request, signal);
  if (!response.ok || !response.body) await answer(response);
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

/**
 * Follows a subject until `signal` aborts. Browsers allow few connections to a server, so a page that nobody sees has none.
 * @param {Query} query
 * @param {(state: any) => void} tell
 * @param {AbortSignal} signal
 */
export function follow(query, tell, signal) {
  /** @type {EventSource | undefined} */
  let source;
  const open = () => {
    source = new EventSource(address("/api/events", query));
    source.addEventListener("state", (event) => {
      link("live", "Live");
      tell(JSON.parse(event.data));
    });
    source.addEventListener("problem", (event) => link("broken", JSON.parse(event.data).error));
    source.addEventListener("error", () => link("broken", "No connection; trying again"));
  };
  const close = () => {
    source?.close();
    source = undefined;
  };
  const watch = () => {
    if (document.hidden) close();
    else if (!source) open();
  };
  document.addEventListener("visibilitychange", watch, { signal });
  signal.addEventListener("abort", () => {
    close();
    link("", "");
  });
  watch();
}

/**
 * @param {string} state
 * @param {string} words
 */
function link(state, words) {
  const place = document.getElementById("link");
  if (!place || (place.textContent === words && place.dataset.state === state)) return;
  place.dataset.state = state;
  place.textContent = words;
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
function send(path, body, signal) {
  const headers = { "content-type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** @param {Response} response */
async function answer(response) {
  const text = await response.text();
  if (!response.headers.get("content-type")?.includes("json")) throw new Error(text || response.statusText);
  const value = JSON.parse(text);
  if (!response.ok) throw new Error(value.error ?? response.statusText);
  return value;
}

/**
 * @param {string} path
 * @param {Query} query
 */
export function address(path, query) {
  const search = params(query);
  return search.size === 0 ? path : `${path}?${search}`;
}

/** @param {Query} query */
export function params(query) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else if (value !== null && value !== undefined && value !== "" && value !== false)
      search.set(name, String(value));
  }
  return search;
}
