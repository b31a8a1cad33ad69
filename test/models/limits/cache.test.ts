import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Stopped } from "../../../src/errors.js";
import { complete, type Message, openTraffic, resolveChatModel } from "../../../src/models/index.js";
import { type BadServer, badServer, say } from "../../fakes/bad-server.js";

const hello: Message[] = [{ role: "user", content: "is the boat safe" }];

let server: BadServer;
let folder: string;
beforeAll(async () => {
  server = await badServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.behave((_seen, index, response) => say(response, `answer ${index}`));
  folder = mkdtempSync(join(tmpdir(), "candor-cache-"));
  return () => rmSync(folder, { recursive: true });
});

type Asked = {
  seed?: number;
  messages?: Message[];
  temperature?: number;
  model?: string;
  parameters?: object;
};

/** Asks in a process of its own, as far as the cache can tell. */
async function ask({ seed = 1, messages = hello, temperature = 1, model = "any", parameters }: Asked = {}) {
  const traffic = openTraffic({ cache: folder });
  const fields = { model: `openai:${model}`, base_url: server.base_url, api_key_env: "CANDOR_TEST_KEY" };
  vi.stubEnv("CANDOR_TEST_KEY", "sk-very-secret");
  const spec = parameters ? { ...fields, parameters: { ...parameters } } : fields;
  const chat = await resolveChatModel(spec, { traffic, role: "user" });
  const completion = await complete(chat, messages, { seed, temperature, maxTokens: 9 });
  return { ...completion, usage: traffic.usage().user![model]! };
}

const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

test("what was asked before is not asked again, and counted as such", async () => {
  const first = await ask();
  expect(first).toMatchObject({ text: "answer 0", finish: "stop", usage: { calls: 1, input_tokens: 10 } });
  const again = await ask();
  expect(again).toMatchObject({ text: "answer 0", finish: "stop" });
  expect(again.usage).toMatchObject({ calls: 0, cached_calls: 1, input_tokens: 0, output_tokens: 0 });
});

test("repeats, parameters, models, messages and addresses have replies of their own", async () => {
  const replies = new Set([
    (await ask()).text,
    (await ask({ seed: 2 })).text,
    (await ask({ temperature: 0.5 })).text,
    (await ask({ model: "other" })).text,
    (await ask({ messages: [{ role: "system", content: "lie" }, ...hello] })).text,
    (await ask({ parameters: { reasoning_effort: "low" } })).text,
  ]);
  expect(replies.size).toBe(6);
});

test("an entry holds the reply alone, whole, in a folder of its shard", async () => {
  await ask();
  const [file, ...others] = files();
  expect(others).toStrictEqual([]);
  expect(file!.slice(folder.length + 1)).toMatch(/^[0-9a-f]{2}\/[0-9a-f]{62}\.json$/);
  expect(JSON.parse(readFileSync(file!, "utf8"))).toStrictEqual({
    text: "answer 0",
    usage: { input_tokens: 10, output_tokens: 5 },
    finish: "stop",
    // Of the reply and of what was asked.
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("a damaged entry is asked for again and mended", async () => {
  await ask();
  const [file] = files();
  writeFileSync(file!, '{"text":');
  expect((await ask()).text).toBe("answer 1");
  expect((await ask()).text).toBe("answer 1");
});

test("an entry that was changed, or lies in the place of another call's, is asked for again; one of a former version counts", async () => {
  await ask();
  const [first] = files();
  const entry = readFileSync(first!, "utf8");
  await ask({ seed: 2 });
  const other = files().find((file) => file !== first)!;
  writeFileSync(other, entry);
  expect((await ask({ seed: 2 })).text).toBe("answer 2");
  writeFileSync(first!, entry.replace("answer 0", "answer 9"));
  expect((await ask()).text).toBe("answer 3");
  const { sha256: _sum, ...former } = JSON.parse(entry);
  writeFileSync(first!, JSON.stringify(former));
  expect((await ask()).text).toBe("answer 0");
});

test.each<[string, (file: string) => void, RegExp]>([
  ["read", (file) => mkdirSync(file, { recursive: true }), /\.json: it is a folder\./],
  ["written", (file) => writeFileSync(dirname(file), ""), /: a file stands where a folder belongs\./],
])("a cache that cannot be %s stops the run: a reply that came is no error", async (_what, spoil, words) => {
  await ask();
  const [file] = files();
  rmSync(dirname(file!), { recursive: true });
  spoil(file!);
  const stopped = await ask().catch((error: unknown) => error);
  expect(stopped).toBeInstanceOf(Stopped);
  expect((stopped as Stopped).message).toMatch(words);
});

test("an empty reply is not remembered", async () => {
  server.behave((_seen, index, response) => say(response, index === 0 ? " " : "fine"));
  expect((await ask()).text).toBe(" ");
  expect(files()).toStrictEqual([]);
  expect((await ask()).text).toBe("fine");
});
