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
  const head = { status, headers: plain(headers) };
  if (headers["content-type"]?.startsWith("text/event-stream"))
    return new Response(Readable.toWeb(response) as ReadableStream, head);
  return new TextResponse(await textOf(response), head);
}

/** A response whose whole text is here: the built-in one would make a stream of it and read that again. */
class TextResponse extends Response {
  override readonly text: () => Promise<string>;
  override readonly json: () => Promise<unknown>;

  constructor(text: string, init: ResponseInit) {
    super(null, init);
    this.text = async () => text;
    this.json = async () => JSON.parse(text) as unknown;
  }
}

/** Sends a request; resolves once the head of the response is there. An abort ends it at any time. */
function send(url: URL, { method, headers, body, signal }: RequestInit): Promise<IncomingMessage> {
  const text = body ? String(body) : "";
  const secure = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: {
        ...Object.fromEntries(headers instanceof Headers ? headers : new Headers(headers)),
        "content-length": Buffer.byteLength(text),
      },
      signal: signal ?? undefined,
    };
    const request: ClientRequest = secure
      ? httpsRequest(url, { ...options, agent: https }, resolve)
      : httpRequest(url, { ...options, agent: http }, resolve);
    request.on("error", reject);
    request.end(text);
  });
}

function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let text = "";
  return new Promise((resolve, reject) => {
    response.on("data", (piece: string) => {
      text += piece;
    });
    response.on("end", () => resolve(text));
    response.on("error", reject);
  });
}

function plain(headers: IncomingMessage["headers"]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [value].flat().map((one) => [name, one]),
  );
}
