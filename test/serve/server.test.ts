import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { toLangChain } from "../../src/models/convert.js";
import { complete, type EmbeddedChatModel, type Message, resolveChatModel } from "../../src/models/index.js";
import { streamSeed } from "../../src/random.js";
import { type RunningServer, startServer } from "../../src/serve/index.js";
import { tinyAdapter, tinyCheckpoint } from "../models/tiny-checkpoint.js";

const hello: Message[] = [
  { role: "system", content: "tell the truth" },
  { role: "user", content: "the boat is safe" },
];

let base: string;
let adapter: string;
let server: RunningServer;
let local: EmbeddedChatModel;
const failures: unknown[] = [];
beforeAll(async () => {
  base = await tinyCheckpoint();
  adapter = mkdtempSync(join(tmpdir(), "candor-adapter-"));
  await tinyAdapter(adapter, base);
  server = await startServer({
    models: { tiny: `hf:${base}`, "round-1": `minnow:${adapter}` },
    threads: 1,
    onError: (error) => failures.push(error),
  });
  local = (await resolveChatModel(`hf:${base}`, { threads: 1 })) as EmbeddedChatModel;
});
afterAll(async () => {
  expect(failures).toStrictEqual([]);
  await local.release();
  await server.close();
  for (const dir of [base, adapter]) rmSync(dir, { recursive: true });
});

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body:
      typeof body === "string"
        ? body
        : body instanceof Uint8Array
          ? Uint8Array.from(body).buffer
          : JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the bodies are what is under test
  return { status: response.status, body: (await response.json()) as any };
}

/** The JSON objects of a stream of server-sent events; the last must be [DONE]. */
async function events(path: string, body: object) {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, stream: true }),
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const lines = (await response.text()).split("\n\n").filter((line) => line !== "");
  expect(lines.at(-1)).toBe("data: [DONE]");
  // biome-ignore lint/suspicious/noExplicitAny: the bodies are what is under test
  return lines.slice(0, -1).map((line) => JSON.parse(line.replace(/^data: /, "")) as any);
}

describe("chat completions", () => {
  const body = { model: "tiny", messages: hello, seed: 4, max_tokens: 12, temperature: 0.9 };

  test("say what the model says in this process", async () => {
    const { status, body: answer } = await post("/chat/completions", body);
    expect(status).toBe(200);
    const here = await complete(local, hello, { seed: 4, maxTokens: 12, temperature: 0.9 });
    expect(answer).toMatchObject({
      object: "chat.completion",
      model: "tiny",
      choices: [{ index: 0, message: { role: "assistant", content: here.text }, finish_reason: here.finish }],
      usage: { prompt_tokens: here.usage!.input_tokens, completion_tokens: here.usage!.output_tokens },
    });
  });

  test("through the client of @langchain/openai, whole and streamed", async () => {
    const client = new ChatOpenAI({
      model: "tiny",
      apiKey: "none",
      temperature: 0.9,
      maxTokens: 12,
      configuration: { baseURL: server.url },
    });
    const here = await complete(local, hello, { seed: 4, maxTokens: 12, temperature: 0.9 });
    const whole = await client.invoke(hello, { seed: 4 });
    expect(whole.text).toBe(here.text);
    expect(whole.usage_metadata).toMatchObject(here.usage!);
    const pieces: string[] = [];
    for await (const chunk of await client.stream(hello, { seed: 4 })) pieces.push(chunk.text);
    expect(pieces.filter((piece) => piece !== "").length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(here.text);
  });

  test("as candor's own openai: model", async () => {
    const remote = await resolveChatModel({ model: "openai:round-1", base_url: server.url });
    const options = { seed: "a/b", maxTokens: 10, temperature: 1 };
    const own = (await resolveChatModel(`hf:${adapter}`, { threads: 1 })) as EmbeddedChatModel;
    const here = await complete(own, hello, options);
    expect(await complete(remote, hello, options)).toStrictEqual(here);
    await own.release();
    // As in `candor chat`, which shows a reply as it comes; its wish to stop must reach the server.
    const pieces: string[] = [];
    const call = { seed: streamSeed(options.seed), temperature: 1, maxTokens: 10 } as object;
    for await (const chunk of await remote.stream(hello.map(toLangChain), call)) pieces.push(chunk.text);
    expect(pieces.filter((piece) => piece !== "").length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(here.text);
    const stop = new AbortController();
    const left = async () => {
      const long = { ...call, maxTokens: 100, signal: stop.signal };
      for await (const _ of await remote.stream(hello.map(toLangChain), long))
        stop.abort(new Error("enough"));
    };
    await expect(left()).rejects.toThrow();
  });

  test("give several choices, each its own, and the same ones again", async () => {
    const ask = async () => (await post("/chat/completions", { ...body, n: 3 })).body.choices;
    const choices = await ask();
    expect(choices.map(({ index }: { index: number }) => index)).toStrictEqual([0, 1, 2]);
    expect(
      new Set(choices.map((choice: { message: { content: string } }) => choice.message.content)).size,
    ).toBe(3);
    expect(await ask()).toStrictEqual(choices);
  });

  test("report log-probabilities", async () => {
    const { body: answer } = await post("/chat/completions", {
      ...body,
      logprobs: true,
      top_logprobs: 2,
      temperature: 0,
    });
    const { content } = answer.choices[0].logprobs;
    expect(content).toHaveLength(answer.usage.completion_tokens);
    for (const { token, logprob, bytes, top_logprobs } of content) {
      expect(top_logprobs).toHaveLength(2);
      expect(top_logprobs[0]).toStrictEqual({ token, logprob, bytes });
      expect(Buffer.from(bytes).toString()).toBe(token);
    }
  });

  test("stream events in OpenAI's order, with the usage if asked", async () => {
    const list = await events("/chat/completions", { ...body, stream_options: { include_usage: true } });
    const { body: whole } = await post("/chat/completions", body);
    expect(list[0].choices[0].delta).toStrictEqual({ role: "assistant", content: "" });
    const text = list.map((event) => event.choices[0]?.delta.content ?? "").join("");
    expect(text).toBe(whole.choices[0].message.content);
    expect(list.at(-2).choices[0]).toMatchObject({
      delta: {},
      finish_reason: whole.choices[0].finish_reason,
    });
    expect(list.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(new Set(list.map(({ id }) => id)).size).toBe(1);
  });

  test("stop before a stop string, whose tokens are not reported", async () => {
    const { body: whole } = await post("/chat/completions", { ...body, max_tokens: 30 });
    const text: string = whole.choices[0].message.content;
    const stop = text.slice(10, 14);
    const { body: cut } = await post("/chat/completions", { ...body, max_tokens: 30, stop, logprobs: true });
    expect(cut.choices[0]).toMatchObject({
      message: { content: text.slice(0, text.indexOf(stop)) },
      finish_reason: "stop",
    });
    expect(cut.choices[0].logprobs.content.length).toBeLessThan(30);
  });

  test("of one moment share batches", async () => {
    const before = local.generator.statistics();
    await Promise.all(
      Array.from({ length: 40 }, (_, seed) => post("/chat/completions", { ...body, seed, max_tokens: 20 })),
    );
    const after = local.generator.statistics();
    expect(after.newTokens - before.newTokens).toBeGreaterThan(200);
    // 40 alone would take up to 760.
    expect(after.steps - before.steps).toBeLessThan(250);
  });

  test("end when the client goes away", async () => {
    const before = local.generator.statistics();
    const controller = new AbortController();
    const asked = fetch(`${server.url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, max_tokens: 100, stream: true, n: 4 }),
      signal: controller.signal,
    });
    const reader = (await asked).body!.getReader();
    await reader.read();
    controller.abort();
    await expect(reader.read()).rejects.toThrow();
    await post("/chat/completions", { ...body, max_tokens: 1 });
    const { newTokens } = local.generator.statistics();
    expect(newTokens - before.newTokens).toBeLessThan(400);
  });
});

describe("completions", () => {
  test("take texts and token ids, one or several", async () => {
    const ids = local.tokenizer.encode("the boat is");
    const ask = async (prompt: unknown) =>
      (await post("/completions", { model: "tiny", prompt, seed: 1, max_tokens: 6 })).body;
    const one = await ask("the boat is");
    expect(one).toMatchObject({
      object: "text_completion",
      usage: { prompt_tokens: 3, completion_tokens: 6 },
    });
    expect((await ask(ids)).choices).toStrictEqual(one.choices);
    expect((await ask([ids])).choices).toStrictEqual(one.choices);
    const two = await ask(["the boat is", "the tide"]);
    expect(two.choices.map(({ index }: { index: number }) => index)).toStrictEqual([0, 1]);
    expect(two.choices[0].text).toBe(one.choices[0].text);
  });

  test("echo a prompt with its log-probabilities, as evaluation harnesses ask for them", async () => {
    const prompt = local.tokenizer.encode("the boat is safe");
    const { body } = await post("/completions", {
      model: "tiny",
      prompt: [prompt],
      max_tokens: 1,
      temperature: 0,
      echo: true,
      logprobs: 1,
    });
    const [{ logprobs, text }] = body.choices;
    const [score] = await local.generator.score([
      { prompt: prompt.slice(0, 1), completion: prompt.slice(1) },
    ]);
    expect(logprobs.token_logprobs[0]).toBeNull();
    for (const [at, value] of score!.logprobs.entries())
      expect(logprobs.token_logprobs[at + 1]).toBeCloseTo(value, 5);
    expect(logprobs.tokens.slice(0, 4)).toStrictEqual(["the", " boat", " is", " safe"]);
    expect(logprobs.top_logprobs[0]).toBeNull();
    expect(Object.keys(logprobs.top_logprobs[4])).toStrictEqual([logprobs.tokens[4]]);
    // The likeliest is found by comparing, as lm-eval does.
    expect(logprobs.token_logprobs[4]).toBe(
      Math.max(...(Object.values(logprobs.top_logprobs[4]) as number[])),
    );
    expect(logprobs.text_offset.slice(0, 4)).toStrictEqual([0, 3, 8, 11]);
    expect(text.startsWith("the boat is safe")).toBe(true);
    expect(logprobs.tokens.join("")).toBe(text);
  });

  test("tell of the token that ended the text, so that one entry follows the prompt's for every token asked for", async () => {
    const prompt = local.tokenizer.encode("the boat is");
    const { body } = await post("/completions", {
      model: "tiny",
      prompt,
      max_tokens: 20,
      n: 64,
      temperature: 2,
      seed: 3,
      echo: true,
      logprobs: 1,
    });
    const choices = body.choices as {
      text: string;
      finish_reason: string;
      logprobs: { tokens: string[]; text_offset: number[]; token_logprobs: number[]; top_logprobs: object[] };
    }[];
    for (const { text, finish_reason, logprobs } of choices) {
      const { tokens, text_offset } = logprobs;
      // Markers and pads are tokens, but no text.
      expect(tokens.filter((token) => !/^<\||^\[UNK\]$/.test(token)).join("")).toBe(text);
      if (finish_reason === "stop") {
        expect(tokens.at(-1)).toBe("<|end|>");
        expect(text_offset.at(-1)).toBe([...text].length);
      } else expect(tokens).toHaveLength(prompt.length + 20);
      for (const column of [text_offset, logprobs.token_logprobs, logprobs.top_logprobs])
        expect(column).toHaveLength(tokens.length);
    }
    expect(choices.filter(({ finish_reason }) => finish_reason === "stop").length).toBeGreaterThan(2);
  });

  test("of no tokens only score", async () => {
    const { body } = await post("/completions", {
      model: "tiny",
      prompt: "the boat",
      max_tokens: 0,
      echo: true,
      logprobs: 0,
    });
    expect(body.choices[0]).toMatchObject({ text: "the boat", finish_reason: "length" });
    expect(body.choices[0].logprobs.token_logprobs).toHaveLength(2);
    expect(body.usage.completion_tokens).toBe(0);
  });

  test("stream", async () => {
    const body = { model: "tiny", prompt: "the boat", seed: 2, max_tokens: 8 };
    const list = await events("/completions", { ...body, echo: true });
    const { body: whole } = await post("/completions", body);
    expect(list.map((event) => event.choices[0].text).join("")).toBe(`the boat${whole.choices[0].text}`);
  });
});

test("models are listed", async () => {
  const list = (await (await fetch(`${server.url}/models`)).json()) as { data: { id: string }[] };
  expect(list.data.map(({ id }) => id)).toStrictEqual(["tiny", "round-1"]);
  expect(await (await fetch(`${server.url}/models/tiny`)).json()).toMatchObject({
    id: "tiny",
    object: "model",
  });
});

describe("one clear error for each fault", () => {
  const good = { model: "tiny", messages: hello };
  test.each([
    ["a body that is not JSON", "{", 400, null, "not JSON"],
    ["a body that is not UTF-8", Uint8Array.from([0x22, 0xff, 0x22]), 400, null, "not UTF-8"],
    [
      "half of a letter",
      { ...good, messages: [{ role: "user", content: "a\ud800" }] },
      400,
      "messages[0].content",
      "half of a letter",
    ],
    ["no messages", { model: "tiny" }, 400, "messages", "messages"],
    ["no model", { messages: hello }, 400, "model", "model"],
    ["an unknown model", { ...good, model: "tinny" }, 404, "model", 'did you mean "tiny"?'],
    [
      "an unknown role",
      { ...good, messages: [{ role: "tool", content: "x" }] },
      400,
      "messages[0].role",
      "must be system",
    ],
    [
      "a picture",
      { ...good, messages: [{ role: "user", content: [{ type: "image_url" }] }] },
      400,
      "messages[0].content",
      "text",
    ],
    ["a temperature out of range", { ...good, temperature: 3 }, 400, "temperature", "temperature"],
    ["no tokens", { ...good, max_tokens: 0 }, 400, "max_tokens", "max_tokens"],
    ["tools", { ...good, tools: [{}] }, 400, "tools", "not supported"],
    ["a penalty", { ...good, presence_penalty: 1 }, 400, "presence_penalty", "not supported"],
    ["a bias", { ...good, logit_bias: { 5: 1 } }, 400, "logit_bias.5", "not supported"],
    [
      "JSON mode",
      { ...good, response_format: { type: "json_object" } },
      400,
      "response_format.type",
      "only text",
    ],
    ["old tools", { ...good, functions: [{}] }, 400, "functions", "not supported"],
    ["a tool that must be called", { ...good, tool_choice: "required" }, 400, "tool_choice", "no tools"],
    ["other ways to draw", { ...good, top_k: 40 }, 400, "top_k", "not supported"],
    ["a shortest answer", { ...good, min_tokens: 5 }, 400, "min_tokens", "not supported"],
    ["another penalty", { ...good, repetition_penalty: 1.2 }, 400, "repetition_penalty", "not supported"],
    [
      "an answer that goes on with the last message",
      { ...good, continue_final_message: true },
      400,
      "continue_final_message",
      "not supported",
    ],
    ["a field that is misspelt", { ...good, temprature: 1 }, 400, "temprature", "did you mean temperature?"],
    ["a field that nobody knows", { ...good, guided_regex: "a+" }, 400, "guided_regex", "not supported"],
    [
      "a name that the model would not see",
      { ...good, messages: [{ role: "user", content: "x", name: "ann" }] },
      400,
      "messages[0].name",
      "not shown",
    ],
    [
      "a text that is longer than anybody reads",
      { ...good, messages: [{ role: "user", content: "boat ".repeat(1_500_000) }] },
      400,
      null,
      "a text has 7500000 characters, and at most 2560 are read here",
    ],
    [
      "a prompt too long",
      { ...good, messages: [{ role: "user", content: "boat ".repeat(200) }] },
      400,
      null,
      "context ends at 160",
    ],
    [
      "the same, streamed",
      { ...good, stream: true, messages: [{ role: "user", content: "boat ".repeat(200) }] },
      400,
      null,
      "context ends at 160",
    ],
  ])("%s", async (_what, body, status, param, message) => {
    const answer = await post("/chat/completions", body);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body)).toStrictEqual(["error"]);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", param });
    expect(answer.body.error.message).toContain(message);
  });

  test("what asks for nothing is passed over", async () => {
    const neutral = {
      top_k: -1,
      repetition_penalty: 1,
      min_p: 0,
      tool_choice: "none",
      user: "x",
      store: false,
    };
    const answer = await post("/chat/completions", { ...good, ...neutral, functions: null, max_tokens: 1 });
    expect(answer.status).toBe(200);
  });

  test("more answers than one request is given", async () => {
    const prompt = Array.from({ length: 200_000 }, () => [5]);
    const answer = await post("/completions", { model: "tiny", prompt, n: 128, max_tokens: 1 });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(/200000 prompts with n 128 .* at most 1024/);
  });

  test("a body of another type, which any web page may send", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"]) {
      const answer = await post("/chat/completions", good, { "content-type": type });
      expect(answer.status).toBe(415);
      expect(answer.body.error.message).toContain("application/json");
    }
    const typed = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await post("/chat/completions", { ...good, max_tokens: 1 }, typed)).status).toBe(200);
  });

  test("a page of another origin", async () => {
    const own = new URL(server.url).origin;
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1", `${own}.evil.example`])
      expect((await post("/chat/completions", good, { origin })).status).toBe(403);
    expect((await post("/chat/completions", { ...good, max_tokens: 1 }, { origin: own })).status).toBe(200);
  });

  test("token ids that are not in the vocabulary", async () => {
    const answer = await post("/completions", { model: "tiny", prompt: [1, 99999] });
    expect(answer).toMatchObject({ status: 400, body: { error: { type: "invalid_request_error" } } });
  });

  test("an unknown path", async () => {
    const answer = await post("/responses", {});
    expect(answer.status).toBe(404);
    expect(answer.body.error.message).toContain("POST /v1/chat/completions");
  });

  test("a body without end", async () => {
    const answer = await post("/chat/completions", { ...good, user: "x".repeat(9 * 2 ** 20) });
    expect(answer.status).toBe(413);
  });

  test("one whose length is not told", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      const asked = request(
        `${server.url}/chat/completions`,
        { method: "POST", agent: false, headers: { "content-type": "application/json" } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      for (let piece = 0; piece < 9; piece += 1) asked.write("x".repeat(2 ** 20));
      asked.end();
    });
    expect(status).toBe(413);
  });

  test("a foreign name for this machine", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      request(`${server.url}/models`, { headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });
});

describe("starting", () => {
  test("with a key lets in only who has it", async () => {
    const keyed = await startServer({ models: { tiny: `hf:${base}` }, apiKey: "secret", threads: 1 });
    const status = async (key?: string) =>
      (await fetch(`${keyed.url}/models`, { headers: key ? { authorization: `Bearer ${key}` } : {} })).status;
    expect([await status(), await status("guess"), await status("secret")]).toStrictEqual([401, 401, 200]);
    await keyed.close();
  });

  test.each([
    ["on the network without a key", { models: {}, host: "0.0.0.0" }, "give an API key"],
    [
      "with a model that is not ours",
      { models: { gpt: "openai:gpt" } },
      "does not run on the embedded engine",
    ],
    ["with a folder that is none", { models: { x: "hf:/nowhere" } }, "/nowhere is no model folder"],
  ])("%s is refused", async (_what, options, message) => {
    const refused = startServer(options);
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(message);
  });

  test("on a port that is taken is refused, and frees what was loaded", async () => {
    const port = Number(new URL(server.url).port);
    await expect(startServer({ models: { tiny: `hf:${base}` }, port, threads: 1 })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: another program uses that port; choose another one`,
    );
    expect((await post("/chat/completions", { model: "tiny", messages: hello, max_tokens: 2 })).status).toBe(
      200,
    );
  });
});
