import { type ClientResponse, hc } from "hono/client";
import type { ChatPiece, ChatRequest } from "../../api.js";
import type { Api } from "../../server/routes/index.js";
import { chatPiece, errorIn } from "./checked.js";

/** The server's API, typed from its routes. */
export const { api } = hc<Api>("/");

/** A request's value. Throws an Error with what the server says, or with what to do where it does not answer. */
export async function answer<T>(asked: Promise<ClientResponse<T, number, "json">>): Promise<T> {
  const response = await unlessGone(asked);
  if (!response.ok) throw new Error(await reason(response));
  return await response.json();
}

/** What ends a request early. */
export function until(signal: AbortSignal): { init: { signal: AbortSignal } } {
  return { init: { signal } };
}

/** The pieces of a checkpoint's reply as they come. */
export async function* chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatPiece> {
  const response = await unlessGone(api.chat.$post({ json: request }, until(signal)));
  if (!response.ok || !response.body) throw new Error(await reason(response));
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield chatPiece(line);
  }
}

/** Browsers say no more than "Failed to fetch" where nobody answers. */
async function unlessGone<T>(asked: Promise<T>): Promise<T> {
  return await asked.catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error;
    throw new Error("The server does not answer. Is candor view still running?", { cause: error });
  });
}

type Answered = { headers: Headers; statusText: string; text: () => Promise<string> };

async function reason(response: Answered): Promise<string> {
  const text = await response.text();
  if (!response.headers.get("content-type")?.includes("json")) return text || response.statusText;
  return errorIn(text) ?? response.statusText;
}
