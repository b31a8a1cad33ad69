import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { UserError } from "../../src/errors.js";
import {
  complete,
  type EmbeddedChatModel,
  embeddedFolder,
  type Message,
  resolveChatModel,
} from "../../src/models/index.js";
import { streamSeed } from "../../src/random.js";
import { tinyAdapter, tinyCheckpoint } from "./tiny-checkpoint.js";

const hello: Message[] = [
  { role: "system", content: "tell the truth" },
  { role: "user", content: "the boat is safe" },
  { role: "assistant", content: "yes" },
  { role: "user", content: "is it" },
];
const options = { seed: "7/user/1", temperature: 1, maxTokens: 12 };

let base: string;
let adapter: string;
beforeAll(async () => {
  base = await tinyCheckpoint();
  adapter = mkdtempSync(join(tmpdir(), "candor-adapter-"));
  await tinyAdapter(adapter, base);
});
afterAll(() => {
  for (const dir of [base, adapter]) rmSync(dir, { recursive: true });
});

const open = async (spec: string, adapterDir: string | null = null) =>
  (await resolveChatModel(spec, { adapter: adapterDir, threads: 1 })) as EmbeddedChatModel;

describe("embedded models", () => {
  test("minnow:<folder> and hf:<folder> are the same checkpoint, loaded once", async () => {
    const [one, two] = [await open(`minnow:${base}`), await open(`hf:${base}`)];
    expect(one.generator).toBe(two.generator);
    expect(await complete(one, hello, options)).toStrictEqual(await complete(two, hello, options));
    await one.release();
    await one.release();
    // The other share still works.
    await complete(two, hello, options);
    await two.release();
    await expect(complete(two, hello, options)).rejects.toThrow("released");
    const again = await open(`hf:${base}`);
    await complete(again, hello, options);
    await again.release();
  });

  test("an adapter changes what is said, given as an option or as the folder named", async () => {
    const [plain, option, folder] = [
      await open(`hf:${base}`),
      await open(`hf:${base}`, adapter),
      await open(`hf:${adapter}`),
    ];
    const said = await complete(option, hello, options);
    expect(await complete(folder, hello, options)).toStrictEqual(said);
    expect((await complete(plain, hello, options)).text).not.toBe(said.text);
    await Promise.all([plain, option, folder].map((model) => model.release()));
  });

  test("a folder that could not be loaded is read again once it is mended", async () => {
    const dir = mkdtempSync(join(tmpdir(), "candor-broken-"));
    writeFileSync(join(dir, "config.json"), "{}");
    await expect(open(`hf:${dir}`)).rejects.toThrow(UserError);
    await expect(open(`hf:${dir}`)).rejects.toThrow(join(dir, "tokenizer.json"));
    rmSync(dir, { recursive: true });
  });

  test("their folders are known without loading", async () => {
    expect(await embeddedFolder("minnow")).toMatch(/models.minnow.1$/);
    expect(await embeddedFolder(`hf:${base}`)).toBe(base);
    expect(await embeddedFolder({ model: `minnow:${adapter}` })).toBe(adapter);
    expect(await embeddedFolder("openai:any")).toBeNull();
  });
});

describe("complete", () => {
  test("draws from the stream that the seed names", async () => {
    const model = await open(`hf:${base}`);
    const named = await complete(model, hello, options);
    expect(await complete(model, hello, { ...options, seed: streamSeed("7/user/1") })).toStrictEqual(named);
    expect(named.finish).toMatch(/stop|length/);
    expect(named.usage!.output_tokens).toBeGreaterThan(0);
    await model.release();
  });

  test("hands an empty reply on, and knows no usage where the model tells none", async () => {
    const model = new FakeListChatModel({ responses: [""] });
    expect(await complete(model, hello, options)).toStrictEqual({
      text: "",
      usage: null,
      finish: null,
      cut: false,
    });
  });
});

describe("names that mean nothing are refused with the nearest valid form", () => {
  test.each([
    ["minow", "did you mean minnow?"],
    ["hf", "did you mean hf:<checkpoint folder>?"],
    ["openia:gpt", "did you mean openai:<model> with base_url?"],
    ["rubbish:x", 'unknown model "rubbish:x" (known: minnow'],
    ["hf:/nowhere/at/all", "/nowhere/at/all is no model folder"],
    // Folders that are no model's, and hold one.
    [
      "models/minnow",
      'unknown model "models/minnow"; a folder is named with what it is before it: minnow:models/minnow/',
    ],
    [
      "minnow:models",
      "models is no model folder: it has neither config.json (a checkpoint) nor adapter_config.json (an adapter); models/minnow/",
    ],
    ["openai:gpt", "base_url"],
  ])("%s", async (spec, message) => {
    const refused = resolveChatModel(spec);
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(message);
  });

  test("an adapter on a model that takes none", async () => {
    const fields = { model: "openai:gpt", base_url: "http://localhost:1/v1" };
    await expect(resolveChatModel(fields, { adapter: "x" })).rejects.toThrow("cannot take an adapter");
  });
});

describe("openai:<model>", () => {
  const seen: { url?: string; headers: Record<string, unknown>; body: Record<string, unknown> }[] = [];
  let server: Server;
  let base_url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (part) => {
        text += part;
      });
      request.on("end", () => {
        seen.push({ url: request.url, headers: request.headers, body: JSON.parse(text) });
        response.setHeader("content-type", "application/json");
        response.end(
          JSON.stringify({
            id: "1",
            object: "chat.completion",
            model: "any",
            choices: [{ index: 0, message: { role: "assistant", content: "it is" }, finish_reason: "stop" }],
            usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
          }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test("is asked at the address named, with the call's own settings", async () => {
    const model = await resolveChatModel({ model: "openai:any", base_url });
    expect(await complete(model, hello, options)).toStrictEqual({
      text: "it is",
      usage: { input_tokens: 9, output_tokens: 2 },
      finish: "stop",
      cut: false,
    });
    expect(seen.at(-1)).toMatchObject({
      url: "/v1/chat/completions",
      body: {
        model: "any",
        messages: hello,
        temperature: 1,
        max_tokens: 12,
        seed: streamSeed("7/user/1"),
      },
    });
  });

  test("is sent no key but the one that is named", async () => {
    vi.stubEnv("OPENAI_API_KEY", "not for this host");
    vi.stubEnv("CANDOR_TEST_KEY", "for this host");
    await complete(await resolveChatModel({ model: "openai:any", base_url }), hello, options);
    expect(JSON.stringify(seen.at(-1)!.headers)).not.toContain("not for this host");
    const keyed = await resolveChatModel({ model: "openai:any", base_url, api_key_env: "CANDOR_TEST_KEY" });
    await complete(keyed, hello, options);
    expect(seen.at(-1)!.headers.authorization).toBe("Bearer for this host");
    await expect(resolveChatModel({ model: "openai:any", base_url, api_key_env: "NOT_SET" })).rejects.toThrow(
      "the environment variable NOT_SET (api_key_env) is not set",
    );
  });
});
