import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { complete, type Message, openTraffic, resolveChatModel } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { CODE } from "../permissions.js";

const hello: Message[] = [{ role: "user", content: "hi" }];
const folder = mkdtempSync(join(tmpdir(), "candor-module-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LANGCHAIN = JSON.stringify(packageFile("node_modules/@langchain/core/dist/utils/testing/index.js"));

function module(name: string, body: string): string {
  const file = join(folder, name);
  writeFileSync(file, `import { FakeListChatModel } from ${LANGCHAIN};\n${body}`);
  return `module:${file}`;
}

const say = async (spec: string, adapter: string | null = null) => {
  const traffic = openTraffic();
  const model = await resolveChatModel(spec, { adapter, traffic, role: "judge", permissions: CODE });
  const { text } = await complete(model, hello, { seed: 1, temperature: 1, maxTokens: 9 });
  return { text, usage: traffic.usage() };
};

test("no code is loaded unless that is allowed", async () => {
  const spec = module("dangerous.mjs", `globalThis.ranDangerousCode = true; export default null;`);
  await expect(resolveChatModel(spec)).rejects.toThrow("add --allow-modules");
  expect(globalThis).not.toHaveProperty("ranDangerousCode");
  await expect(resolveChatModel(spec, { permissions: CODE })).rejects.toThrow("must export");
  expect(globalThis).toHaveProperty("ranDangerousCode");
  Reflect.deleteProperty(globalThis, "ranDangerousCode");
});

test("a module may export a model or a function that makes one, with an adapter", async () => {
  const plain = module("plain.mjs", `export default new FakeListChatModel({ responses: ["plain"] });`);
  const made = module(
    "made.mjs",
    `export const model = ({ adapter }) => new FakeListChatModel({ responses: ["with " + adapter] });`,
  );
  expect((await say(plain)).text).toBe("plain");
  expect((await say(made)).text).toBe("with null");
  expect((await say(made, "x")).text).toBe("with x");
  await expect(say(plain, "x")).rejects.toThrow("cannot take an adapter; export a function");
});

test("what it is used for is counted like any other model's", async () => {
  const spec = module("counted.mjs", `export default new FakeListChatModel({ responses: ["yes"] });`);
  expect((await say(spec)).usage.judge![spec]).toMatchObject({ calls: 1 });
});

test.each([
  [
    "absent.mjs",
    null,
    "no such file; a model's file is looked for from the folder in which candor is started",
  ],
  ["broken.mjs", "export default (", "cannot be loaded"],
  ["other.mjs", "export default { invoke: 1 };", "must export a LangChain chat model"],
])("%s is refused by name", async (name, body, message) => {
  const spec = body === null ? `module:${join(folder, name)}` : module(name, body);
  await expect(say(spec)).rejects.toThrow(message);
});
