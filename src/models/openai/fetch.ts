import { Readable } from "node:stream";
import { type Answer, type RawAnswer, readAnswer } from "./answer.js";
import type { Answered } from "./answered.js";
import { plain, readPieces, readWhole, send } from "./http.js";

/**
 * `fetch` as the OpenAI client uses it, for one server: every answer that the client sees is a chat completion or a refusal in
 * OpenAI's form, whatever the server sent (`readAnswer`). `query` is put at the end of each address. Without a key none is sent.
 * `answered` sees each completion first.
 */
export function openAIFetch({
  query,
  keyed,
  answered = () => {},
}: {
  query: string;
  keyed: boolean;
  answered?: Answered;
}): typeof fetch {
  return async (input, init = {}) => {
    const address = `${input instanceof Request ? input.url : String(input)}${query}`;
    const headers = Object.fromEntries(
      init.headers instanceof Headers ? init.headers : new Headers(init.headers),
    );
    if (!keyed) delete headers.authorization;
    const body = typeof init.body === "string" ? init.body : "";
    const response = await send(address, {
      method: init.method ?? "GET",
      headers,
      body,
      signal: init.signal ?? undefined,
    });
    const { statusCode: status = 0 } = response;
    const streamed =
      response.headers["content-type"]?.startsWith("text/event-stream") && body.includes(STREAMS);
    if (streamed && status === 200)
      return new Response(Readable.toWeb(readPieces(response)) as ReadableStream, {
        status,
        headers: plain(response.headers),
      });
    const raw = await readWhole(response);
    const answer = readAnswer(raw);
    if (answer.status >= 200 && answer.status < 300) answered(answer.json);
    return new ReadResponse(answer, raw);
  };
}

/** Only a call for a stream has it outside of a string, where the marks of quotation would be escaped. */
const STREAMS = '"stream":true';

/** A response that has been read: the built-in one would make a stream of it and read that again. */
class ReadResponse extends Response {
  override readonly text: () => Promise<string>;
  override readonly json: () => Promise<unknown>;

  constructor({ status, json }: Answer, { headers }: RawAnswer) {
    const told = headers.filter(([name]) => name.startsWith("retry-after"));
    super(null, { status, headers: [...told, ["content-type", "application/json"]] });
    this.text = async () => JSON.stringify(json);
    this.json = async () => json;
  }
}
