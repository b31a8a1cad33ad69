import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { complete, type Message, openTraffic, resolveChatModel } from "../../../src/models/index.js";
import { LONGEST_ANSWER } from "../../../src/models/openai/http.js";
import { type BadServer, badServer, completion, say } from "../../fakes/bad-server.js";
import { FakeModel } from "../../fakes/model.js";

// What becomes of an answer, whatever a server sends: it is used, asked for again, fails its call alone, or stops the work.

const hello: Message[] = [{ role: "user", content: "is the boat safe" }];

type Reply = (response: ServerResponse) => void;
type Fate =
  | { used: string; finish?: string; cut?: boolean; usage?: null }
  /** Asked again; the message says this where it never gets better. */
  | { retried: RegExp }
  | { failed: RegExp }
  | { stops: RegExp };

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  text(JSON.stringify(body), status, { "content-type": "application/json", ...headers });

function text(body: string | Buffer, status = 200, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

const fine = completion("fine");
const choice = (more: object, message: object = {}) => ({
  ...fine,
  choices: [{ ...fine.choices[0], message: { role: "assistant", content: "fine", ...message }, ...more }],
});
const choiceOf = (index: number) => ({
  index,
  finish_reason: index === 0 ? "stop" : "length",
  message: { role: "assistant", content: String(index) },
});
const page =
  "<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>back soon</h1></body></html>";
const html = { "content-type": "text/html" };
const packed = (bytes: Buffer, encoding: string): Reply =>
  text(bytes, 200, { "content-type": "application/json", "content-encoding": encoding });
const whole = Buffer.from(JSON.stringify(fine));

/** Sends for ever, as fast as the other side reads. */
const endless: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const piece = "x".repeat(2 ** 20);
  const go = (): void => {
    while (!response.destroyed) if (!response.write(piece)) return void response.once("drain", go);
  };
  response.write('{"choices": "');
  go();
};

/** A letter now and then: never idle, never done. */
const dripping: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(timer));
};

const silent: Reply = () => {};

const raw =
  (bytes: string): Reply =>
  (response) => {
    response.socket!.end(bytes);
  };

const TABLE: [string, Reply, Fate][] = [
  // Replies.
  ["a plain reply", json(fine), { used: "fine", finish: "stop", cut: false }],
  ["a reply cut at max_tokens", json(choice({ finish_reason: "length" })), { used: "fine", cut: true }],
  ["a reply cut by a filter", json(choice({ finish_reason: "content_filter" })), { used: "fine", cut: true }],
  [
    "several choices, of which that of index 0 stands last",
    json({ ...fine, choices: [1, 0].map((index) => choiceOf(index)) }),
    { used: "0", finish: "stop", cut: false },
  ],
  ["content in parts", json(choice({}, { content: [{ type: "text", text: "fine" }] })), { used: "fine" }],
  ["no content", json(choice({}, { content: null })), { used: "" }],
  ["a message without its role", json(choice({}, { role: undefined })), { used: "fine" }],
  ["half of a letter", json(choice({}, { content: "fine\uD83D" })), { used: "fine\uFFFD" }],
  ["counts that are no numbers", json({ ...fine, usage: { prompt_tokens: "7" } }), { used: "fine" }],
  [
    "counts below 0",
    json({ ...fine, usage: { prompt_tokens: -7, completion_tokens: -1 } }),
    { used: "fine", usage: null },
  ],
  [
    "counts that no call has",
    json({ ...fine, usage: { prompt_tokens: 1e300, completion_tokens: 0.5 } }),
    { used: "fine", usage: null },
  ],
  ["JSON that says it is text", text(whole, 200, { "content-type": "text/plain" }), { used: "fine" }],
  ["JSON that does not say what it is", text(whole), { used: "fine" }],
  ["a mark of byte order", text(`\uFEFF${whole}`), { used: "fine" }],
  ["blank lines before it, to keep the connection", text(`\n\n  ${whole}`), { used: "fine" }],
  ["error: null beside the reply", json({ ...fine, error: null }), { used: "fine" }],
  [
    "Latin-1",
    text(Buffer.from(JSON.stringify(completion("café")), "latin1"), 200, {
      "content-type": "application/json; charset=iso-8859-1",
    }),
    { used: "café" },
  ],
  ["gzip", packed(gzipSync(whole), "gzip"), { used: "fine" }],
  ["deflate", packed(deflateSync(whole), "deflate"), { used: "fine" }],
  ["brotli", packed(brotliCompressSync(whole), "br"), { used: "fine" }],
  // Success in name alone.
  [
    "200 with 429 inside",
    json({ error: { message: "Rate limit exceeded", code: 429 } }),
    { retried: /429 Rate limit exceeded/ },
  ],
  [
    "200 with an overload in words",
    json({ error: { message: "try later", type: "overloaded_error" } }),
    { retried: /503 try later/ },
  ],
  [
    "200 with an error that nobody knows",
    json({ error: { message: "the moon is full" } }),
    { retried: /500 the moon is full/ },
  ],
  ["200 with an error in one word", json({ error: "model is loading" }), { retried: /503 model is loading/ }],
  [
    "200 with a wrong request inside",
    json({ error: { message: "no such field", code: "400" } }),
    { failed: /400 no such field/ },
  ],
  [
    "200 with a wrong key inside",
    json({ error: { message: "who are you", code: "invalid_api_key" } }),
    { stops: /401 who are you/ },
  ],
  [
    "200 with an object that is an error",
    json({ object: "error", message: "engine is dead", code: 500 }),
    { retried: /500 engine is dead/ },
  ],
  ["200 and HTML", text(page, 200, html), { retried: /no JSON: 502 Bad Gateway: back soon/ }],
  ["200 and nothing", text(""), { retried: /answer is empty/ }],
  ["200 and half of it", text(whole.subarray(0, 60)), { retried: /breaks off after 60 characters/ }],
  ["200 and a text", text("Internal error"), { retried: /no JSON: Internal error/ }],
  [
    "a reply that broke off with an error",
    json(choice({ finish_reason: "error" })),
    { retried: /broke its reply off with an error/ },
  ],
  [
    "an error in the choice",
    json(choice({ error: { message: "provider died" } })),
    { retried: /provider died/ },
  ],
  ["no choice", json({ ...fine, choices: [] }), { failed: /holds no choice/ }],
  ["something else", json({ hello: "world" }), { failed: /holds no chat completion/ }],
  [
    "a completion without a message",
    json({ choices: [{ text: "fine" }] }),
    { failed: /holds no chat completion/ },
  ],
  ["null", json(null), { failed: /holds no chat completion/ }],
  // Refusals, in their own words.
  [
    "422 with a list",
    json({ detail: [{ loc: ["body", "seed"], msg: "must be below 2^31", type: "value_error" }] }, 422),
    { failed: /422 body\.seed: must be below 2\^31/ },
  ],
  ["422 with a sentence", json({ detail: "too hot" }, 422), { failed: /422 too hot/ }],
  [
    "404 with an object",
    json({ object: "error", message: "The model `any` does not exist.", code: 404 }, 404),
    { stops: /404 The model `any` does not exist/ },
  ],
  [
    "400 with a list of errors",
    json([{ error: { message: "context too long" } }], 400),
    { failed: /400 context too long/ },
  ],
  [
    "400 with two fields",
    json({ error: "Bad Request", message: "n must be 1" }, 400),
    { failed: /400 Bad Request: n must be 1/ },
  ],
  ["500 and HTML", text(page, 500, html), { retried: /500 502 Bad Gateway: back soon/ }],
  [
    "503, packed",
    text(gzipSync('{"error":"asleep"}'), 503, { "content-encoding": "gzip" }),
    { retried: /503 asleep/ },
  ],
  ["403 without a word", text("", 403), { failed: /403 \(no words\)/ }],
  // Size, pace and what is no HTTP.
  ["more than can be read", endless, { failed: /longer than 16 MiB/ }],
  [
    "a length beyond it",
    text("", 200, { "content-length": String(LONGEST_ANSWER + 1) }),
    { failed: /longer than 16 MiB/ },
  ],
  [
    "a small pack of much",
    packed(gzipSync(Buffer.alloc(LONGEST_ANSWER * 2, 32)), "gzip"),
    { failed: /longer than 16 MiB/ },
  ],
  ["half of a pack", packed(gzipSync(whole).subarray(0, 40), "gzip"), { retried: /cannot be unpacked/ }],
  ["what is not packed as it says", packed(whole, "gzip"), { retried: /cannot be unpacked/ }],
  ["an unknown way of packing", packed(whole, "compress"), { failed: /packs its answers as compress/ }],
  [
    "an unknown alphabet",
    text(whole, 200, { "content-type": "application/json; charset=klingon" }),
    { failed: /writes its answers in klingon/ },
  ],
  [
    "events instead of a reply",
    text("data: {}\n\n", 200, { "content-type": "text/event-stream" }),
    { retried: /no JSON: data: \{\}/ },
  ],
  ["letter by letter without end", dripping, { retried: /no reply within/ }],
  ["nothing at all", silent, { retried: /no reply within/ }],
  ["a closed connection", (response) => void response.destroy(), { retried: /hang up|ECONNRESET/ }],
  [
    "a connection closed within the body",
    raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"),
    { retried: /aborted|middle of the answer/ },
  ],
  ["no HTTP", raw("SSH-2.0-OpenSSH_9.6\r\n"), { failed: /Parse Error|Expected HTTP/ }],
  ["a redirect", text("", 302, { location: "http://127.0.0.1:1/" }), { failed: /redirect/ }],
];

let server: BadServer;
beforeAll(async () => {
  server = await badServer();
});
afterAll(() => server.close());

/** Long enough for any answer on a busy machine, and for those that never come as short as it takes. */
const TIME = { answered: 300_000, never: 1_000 };

async function ask(
  behave: (index: number, response: ServerResponse) => void,
  { timeoutMs = TIME.answered, attempts = 2 }: { timeoutMs?: number; attempts?: number } = {},
) {
  const traffic = openTraffic({ policy: { backOffMs: 1, attempts, timeoutMs } });
  const model = await resolveChatModel({ model: "openai:any", base_url: server.base_url }, { traffic });
  server.behave((_seen, index, response) => behave(index, response));
  const before = server.seen.length;
  const outcome = await complete(model, hello, { seed: "s", temperature: 1, maxTokens: 9 }).catch(
    (error: Error) => error,
  );
  return { outcome, requests: server.seen.length - before, stopped: traffic.signal.aborted };
}

describe("an answer", () => {
  test.each(TABLE)("%s", async (_name, reply, fate) => {
    const never = reply === dripping || reply === silent;
    const timeoutMs = never ? TIME.never : TIME.answered;
    const { outcome, requests, stopped } = await ask((_index, response) => reply(response), { timeoutMs });
    if ("used" in fate) {
      const { used, ...more } = fate;
      expect(outcome).toMatchObject({ text: used, ...more });
    } else {
      expect(outcome).toBeInstanceOf(Error);
      expect((outcome as Error).message).toMatch(Object.values(fate)[0]!);
    }
    // Where the time is over before a busy machine has connected, nobody has seen that attempt.
    if (never) expect(requests).toBeLessThanOrEqual(2);
    else expect(requests).toBe("retried" in fate ? 2 : 1);
    expect(stopped).toBe("stops" in fate);
    if (!("retried" in fate)) return;
    const later = await ask(
      (index, response) => (index === 0 ? reply(response) : say(response, "better")),
      // A busy machine may take longer than that for the good one too, and then asks once more.
      { timeoutMs, attempts: never ? 50 : 2 },
    );
    expect(later).toMatchObject({ outcome: { text: "better" }, stopped: false });
    if (!never) expect(later.requests).toBe(2);
  });
});

test("a call ends at its deadline, however many attempts there are left", async () => {
  // Every attempt takes a minute by this clock.
  let minutes = 0;
  const now = (): number => 60_000 * Math.floor(minutes++ / 2 + 0.5);
  const traffic = openTraffic({ policy: { backOffMs: 1, attempts: 50, deadlineMs: 200_000, now } });
  const fields = { model: "openai:any", base_url: server.base_url, timeout_s: 0.1 };
  const model = await resolveChatModel(fields, { traffic });
  server.behave((_seen, _index, response) => dripping(response));
  const before = server.seen.length;
  await expect(complete(model, hello, { seed: "s", temperature: 1, maxTokens: 9 })).rejects.toThrow(
    /no reply within.*gave up after 4 attempts/,
  );
  expect(server.seen.length - before).toBeLessThanOrEqual(4);
});

test("what a server sends without end is left after the longest answer", async () => {
  let sent = 0;
  await ask((_index, response) => {
    const write = response.write.bind(response) as (piece: string) => boolean;
    vi.spyOn(response, "write").mockImplementation((piece: string) => {
      sent += piece.length;
      return write(piece);
    });
    endless(response);
  });
  expect(sent).toBeGreaterThan(LONGEST_ANSWER);
  // What the two ends of the connection keep for each other comes on top.
  expect(sent).toBeLessThan(8 * LONGEST_ANSWER);
});

test("a model of one's own that broke off with an error is asked again", async () => {
  let calls = 0;
  const model = new FakeModel(() => {
    calls += 1;
    return calls === 1 ? { text: "half of", finish: "error" } : { text: "whole", finish: "stop" };
  });
  const info = { role: "user", name: "own", baseUrl: null, version: null };
  const wrapped = openTraffic({ policy: { backOffMs: 1 } }).wrap(model, info);
  const reply = await complete(wrapped, hello, { seed: 1, temperature: 1, maxTokens: 9 });
  expect([reply.text, calls]).toEqual(["whole", 2]);
});

test("a query in the address stays at its end", async () => {
  server.behave((_seen, _index, response) => say(response, "fine"));
  const base_url = `${server.base_url}/?api-version=2024-02&x=a%20b`;
  const model = await resolveChatModel({ model: "openai:any", base_url });
  await complete(model, hello, { seed: 1, temperature: 1, maxTokens: 9 });
  expect(server.seen.at(-1)!.path).toBe("/v1/chat/completions?api-version=2024-02&x=a%20b");
});

test("no key is sent where none is named", async () => {
  server.behave((_seen, _index, response) => say(response, "fine"));
  const model = await resolveChatModel({ model: "openai:any", base_url: server.base_url });
  await complete(model, hello, { seed: 1, temperature: 1, maxTokens: 9 });
  expect(server.seen.at(-1)!.headers).not.toHaveProperty("authorization");
});
