import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
import OpenAI, { BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complete, type Message, resolveChatModel } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { startServer } from "../../src/serve/index.js";

// Clients that people have, as they stand in their own documentation, against the server over HTTP.

const base = packageFile("models/minnow/1");
const messages: Message[] = [
  { role: "system", content: "tell the truth" },
  { role: "user", content: "is the boat safe" },
];
let server: Awaited<ReturnType<typeof startServer>>;
let expected: string;

beforeAll(async () => {
  server = await startServer({ models: { minnow: `hf:${base}` }, threads: 1 });
  const model = await resolveChatModel(`hf:${base}`, { threads: 1 });
  expected = (await complete(model, messages, { seed: 1, temperature: 0, maxTokens: 8 })).text;
});
afterAll(() => server.close());

describe("OpenAI's client for Node", () => {
  const asked = { model: "minnow", messages, temperature: 0, max_tokens: 8 } as const;
  const client = () => new OpenAI({ baseURL: server.url, apiKey: "unused", maxRetries: 0 });

  test("lists models, answers, streams the same, and counts the same", async () => {
    const models = await client().models.list();
    expect(models.data.map(({ id }) => id)).toEqual(["minnow"]);
    const whole = await client().chat.completions.create({ ...asked, logprobs: true, top_logprobs: 2 });
    const [choice] = whole.choices;
    expect(choice!.message.content).toBe(expected);
    const tokens = choice!.logprobs!.content!;
    expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes ?? [])).toString()).toBe(expected);
    for (const { logprob, top_logprobs } of tokens) expect(top_logprobs[0]!.logprob).toBe(logprob);
    let said = "";
    let usage: unknown;
    const stream = await client().chat.completions.create({
      ...asked,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) {
      said += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(said).toBe(expected);
    expect(usage).toEqual(whole.usage);
  });

  test("completes a text, with what it is made of", async () => {
    const { choices } = await client().completions.create({
      model: "minnow",
      prompt: ["the boat", "the lake"],
      max_tokens: 3,
      temperature: 0,
      logprobs: 1,
      echo: true,
    });
    expect(choices.map(({ index }) => index)).toEqual([0, 1]);
    for (const { text, logprobs } of choices) {
      const { tokens, token_logprobs, text_offset } = logprobs!;
      expect(token_logprobs!.slice(1).every((one) => one <= 0)).toBe(true);
      for (const [at, offset] of text_offset!.entries())
        expect(text.slice(offset, offset + tokens![at]!.length)).toBe(tokens![at]);
    }
  });

  test("gets its own kinds of errors, with the field at fault", async () => {
    await expect(client().chat.completions.create({ ...asked, model: "whale" })).rejects.toThrow(
      NotFoundError,
    );
    const wrong = client().chat.completions.create({ ...asked, temperature: -1 });
    await expect(wrong).rejects.toThrow(BadRequestError);
    await expect(wrong).rejects.toMatchObject({ status: 400, param: "temperature" });
    const unsupported = client().chat.completions.create({
      ...asked,
      tools: [{ type: "function", function: { name: "f", parameters: {} } }],
    });
    await expect(unsupported).rejects.toMatchObject({ status: 400, param: "tools" });
  });
});

describe("Vercel's AI SDK", () => {
  const asked = () => ({
    model: createOpenAICompatible({ name: "candor", baseURL: server.url, includeUsage: true })("minnow"),
    messages: messages.map(({ role, content }) => ({ role, content })) as never,
    temperature: 0,
    maxOutputTokens: 8,
    maxRetries: 0,
  });

  test("answers and streams the same, and counts the same", async () => {
    const whole = await generateText(asked());
    expect(whole.text).toBe(expected);
    const streamed = streamText(asked());
    let said = "";
    for await (const part of streamed.textStream) said += part;
    expect(said).toBe(expected);
    const counts = async (usage: PromiseLike<{ inputTokens?: number; outputTokens?: number }>) => {
      const { inputTokens, outputTokens } = await usage;
      return { inputTokens, outputTokens };
    };
    expect(await counts(streamed.usage)).toEqual(await counts(Promise.resolve(whole.usage)));
    expect(await streamed.finishReason).toBe(whole.finishReason);
  });

  test("hears why a request is refused", async () => {
    await expect(generateText({ ...asked(), topP: 3 })).rejects.toThrow(/top_p/u);
  });
});
