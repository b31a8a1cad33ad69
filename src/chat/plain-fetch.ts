import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";

// Connections are kept and shared by all models.
const http = new HttpAgent({ keepAlive: true });
const https = new HttpsAgent({ keepAlive: true });

/**
 * `fetch` as the OpenAI client uses it, on Node's own HTTP: a fifth of the processor time of the built-in one, which at a
 * thousand calls a second decides how many a process can make (`npm run bench -- traffic`). Bodies are texts, and no redirect is
 * followed: a call goes to the host that is named, or fails.
 */
export async function plainFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const response = await send(url, init);
  const { statusCode: status = 0, headers } = response;
  if (status >= 300 && status < 400) {
    response.resume();
    throw new TypeError(`${url.origin} answers with a redirect (HTTP ${status}), which is not followed`);
  }
  const body = headers["content-type"]?.startsWith("text/event-stream")
    ? (Readable.toWeb(response) as ReadableStream)
    : await textOf(response);
  return new Response([204, 205, 304].includes(status) ? null : body, { status, headers: plain(headers) });
}

/** Sends a request; resolves once the head of the response is there. An abort ends it at any time. */
function send(url: URL, { method, headers, body, signal }: RequestInit): Promise<IncomingMessage> {
  const text = body ? String(body) : "";
  const secure = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { ...Object.fromEntries(new Headers(headers)), "content-length": Buffer.byteLength(text) },
      signal: signal ?? undefined,
    };
    const request: ClientRequest = secure
      ? httpsRequest(url, { ...options, agent: https }, resolve)
      : httpRequest(url, { ...options, agent: http }, resolve);
    request.on("error", reject);
    request.end(text);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let text = "";
  for await (const piece of response) text += piece;
  return text;
}

function plain(headers: IncomingMessage["headers"]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [value].flat().map((one) => [name, one]),
  );
}
