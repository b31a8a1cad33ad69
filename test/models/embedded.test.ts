import { rmSync } from "node:fs";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGenerator, type Generator, loadCheckpoint, loadTokenizer } from "../../src/engine/index.js";
import { EmbeddedChatModel, type Message } from "../../src/models/index.js";
import { tinyCheckpoint } from "./tiny-checkpoint.js";

const hello: Message[] = [
  { role: "system", content: "tell the truth" },
  { role: "user", content: "the boat is safe" },
];

let dir: string;
let generator: Generator;
let model: EmbeddedChatModel;
beforeAll(async () => {
  dir = await tinyCheckpoint();
  generator = await createGenerator(await loadCheckpoint(dir), { threads: 1 });
  model = new EmbeddedChatModel({ generator, tokenizer: await loadTokenizer(dir), name: "tiny" });
});
afterAll(async () => {
  await model.release();
  rmSync(dir, { recursive: true });
});

describe("a reply", () => {
  test("is what the generator draws after the chat template's prompt", async () => {
    const ids = model.tokenizer.encodeChat(hello, { addGenerationPrompt: true });
    const [drawn] = await generator.generate([
      { ids, maxTokens: 9, temperature: 0.8, topP: 0.9, stop: [4], seed: 11 },
    ]);
    const reply = await model.invoke(hello, { seed: 11, maxTokens: 9, temperature: 0.8, topP: 0.9 });
    expect(reply.text).toBe(model.tokenizer.decode(drawn!.ids));
    expect(reply.usage_metadata).toStrictEqual({
      input_tokens: ids.length,
      output_tokens: drawn!.ids.length,
      total_tokens: ids.length + drawn!.ids.length,
    });
    expect(reply.response_metadata).toMatchObject({ finish_reason: drawn!.finishReason, model_name: "tiny" });
  });

  test("repeats with its seed, and differs with another and without one", async () => {
    const say = async (seed?: number) => (await model.invoke(hello, { seed, maxTokens: 20 })).text;
    expect(await say(5)).toBe(await say(5));
    expect(await say(6)).not.toBe(await say(5));
    expect(await say()).not.toBe(await say());
  });

  test("ends before a stop string, also one of several tokens", async () => {
    const whole = await model.invoke(hello, { seed: 5, maxTokens: 30 });
    const stop = whole.text.slice(12, 17);
    const cut = await model.invoke(hello, { seed: 5, maxTokens: 30, stop: [stop, "never said"] });
    expect(cut.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
    expect(cut.response_metadata.finish_reason).toBe("stop");
    expect(cut.usage_metadata!.output_tokens).toBeLessThan(30);
  });

  test("stops early when its call is aborted", async () => {
    const controller = new AbortController();
    const running = model.invoke(hello, { maxTokens: 100, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow();
  });

  test("comes in pieces when streamed, the same text", async () => {
    const whole = await model.invoke(hello, { seed: 8, maxTokens: 20 });
    const chunks = [];
    for await (const chunk of await model.stream(hello, { seed: 8, maxTokens: 20 })) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.map(({ text }) => text).join("")).toBe(whole.text);
    const last = chunks.at(-1)!;
    expect(last.usage_metadata).toStrictEqual(whole.usage_metadata);
    expect(last.response_metadata).toMatchObject(whole.response_metadata);
  });
});

test("256 calls of one moment run as two batches of 128", async () => {
  const before = generator.statistics();
  await Promise.all(Array.from({ length: 256 }, (_, seed) => model.invoke(hello, { seed, maxTokens: 6 })));
  const { admissions, steps } = generator.statistics();
  expect(admissions - before.admissions).toBeLessThanOrEqual(2 + 256 / 16);
  expect(steps - before.steps).toBeLessThan(40);
});

test("given replies are scored token by token", async () => {
  const [likely, other] = await model.scoreCompletions(hello, ["the harbour.", "no"]);
  expect(likely!.tokens).toStrictEqual(["the", "harbour", "."]);
  expect(likely!.logprobs).toHaveLength(3);
  expect(other!.tokens).toStrictEqual(["n", "##o"]);
  const ids = model.tokenizer.encodeChat(hello, { addGenerationPrompt: true });
  const the = model.tokenizer.encode("the");
  const first = await generator.score([{ prompt: ids, completion: the }]);
  expect(likely!.logprobs[0]).toBe(first[0]!.logprobs[0]);
});

test("messages that the model cannot take are refused", async () => {
  const tool = new ToolMessage({ content: "42", tool_call_id: "1" });
  await expect(model.invoke([new HumanMessage("hi"), tool])).rejects.toThrow("no messages of type tool");
});
