import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, beforeEach, describe, expect, it, test, vi } from "vitest";
import { complete, describeModel, openTraffic, providers, resolveChatModel } from "../../src/models/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { adapterServer, type BadServer, badServer, completion, say } from "../fakes/bad-server.js";
import { FakeModel } from "../fakes/model.js";
import { CODE } from "../permissions.js";
import { providerContract } from "./provider-contract.js";
import { tinyAdapter, tinyCheckpoint } from "./tiny-checkpoint.js";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "candor-providers-"));
  return () => rmSync(folder, { recursive: true });
});

// The module runs as a user's does: from outside, with the library that is installed here.
const CORE = pathToFileURL(join(import.meta.dirname, "../../node_modules/@langchain/core/dist")).href;
const MODULE = `
import { BaseChatModel } from "${CORE}/language_models/chat_models.js";
import { AIMessage } from "${CORE}/messages/index.js";

class Echo extends BaseChatModel {
  constructor(word) { super({}); this.word = word; }
  _llmType() { return "echo"; }
  async _generate(messages, { signal }) {
    signal?.throwIfAborted();
    const text = this.word + " " + messages.at(-1).text;
    return { generations: [{ text, message: new AIMessage({ content: text, response_metadata: { stop_reason: "end_turn" } }) }] };
  }
  async scoreCompletions(messages, candidates) {
    return candidates.map((text) => ({ tokens: [text], logprobs: [-text.length] }));
  }
}

export const provider = {
  language: "minnow",
  contextLength: 64,
  priceName: "echo-1",
  scores: "yes",
  options: {
    safeParse: (value) =>
      typeof value.word === "string"
        ? { success: true, data: value }
        : { success: false, error: { issues: [{ path: ["word"], message: "expected a text" }] } },
  },
};
export default ({ adapter, options }) => new Echo(adapter === null ? options.word : options.word + " adapted");
`;

describe("minnow:", () => {
  it("has one name for each that ships, so that none stands in a sweep twice", async () => {
    const { minnowFolder } = await import("../../src/models/embedded/minnows.js");
    for (const name of ["03", "0", "9", "003"])
      expect(() => minnowFolder(name)).toThrow(/minnow:1 to minnow:8 ship/);
  });

  providerContract(async () => {
    const { minnowFolder } = await import("../../src/models/embedded/minnows.js");
    const adapter = join(folder, "minnow-adapter");
    const { initAdapter, loadCheckpoint, saveAdapter } = await import("../../src/engine/index.js");
    const { stream } = await import("../../src/random.js");
    const base = await loadCheckpoint(minnowFolder("1"));
    const config = { r: 2, lora_alpha: 4, target_modules: ["q_proj" as const] };
    await saveAdapter(adapter, initAdapter(base.config, config, stream("a")), minnowFolder("1"));
    return { spec: { model: "minnow" }, missing: { model: "minnow:/no/such/folder" }, adapter };
  });
});

describe("hf:", () => {
  let checkpoint: string;
  providerContract(
    async () => {
      checkpoint = await tinyCheckpoint();
      const adapter = join(folder, "tiny-adapter");
      await tinyAdapter(adapter, checkpoint);
      return { spec: { model: `hf:${checkpoint}` }, missing: { model: "hf:/no/such/folder" }, adapter };
    },
    async () => rmSync(checkpoint, { recursive: true }),
  );
});

describe("openai:", () => {
  let server: BadServer;
  providerContract(
    async () => {
      const takes = adapterServer();
      server = await badServer((seen, _index, response) => {
        if (takes(seen, response)) return;
        const { body } = seen;
        if (body.model === "missing") return void response.writeHead(404).end('{"error":"no such model"}');
        if (body.stream) {
          response.writeHead(200, { "content-type": "text/event-stream" });
          const choices = [{ index: 0, delta: { role: "assistant", content: "fine" } }];
          return void response.end(`data: ${JSON.stringify({ choices })}\n\ndata: [DONE]\n\n`);
        }
        if (!body.logprobs) return say(response, "fine", undefined, body.model);
        const top_logprobs = [
          { token: "yes", logprob: -0.5 },
          { token: "no", logprob: -1.2 },
        ];
        const [choice] = completion("yes").choices;
        const logprobs = { content: [{ ...top_logprobs[0], top_logprobs }] };
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ choices: [{ ...choice, logprobs }] }));
      });
      const adapter = join(folder, "served-adapter");
      cpSync(join(import.meta.dirname, "tiny-checkpoint.ts"), join(adapter, "adapter_model.safetensors"));
      const fields = { base_url: server.base_url, adapters: "vllm" as const };
      return {
        spec: { model: "openai:any", ...fields },
        missing: { model: "openai:missing", ...fields },
        adapter,
      };
    },
    () => server.close(),
  );
});

describe("module:", () => {
  let path: string;
  beforeEach(() => writeFileSync(path, MODULE));
  beforeAll(() => {
    path = join(folder, "echo.mjs");
    writeFileSync(path, MODULE);
  });
  providerContract(async () => ({
    spec: { model: `module:${join(folder, "echo.mjs")}`, options: { word: "heard" } },
    missing: { model: "module:/no/such/file.mjs" },
    adapter: "/an/adapter",
  }));

  test("a module says itself what its models are, and checks their options", async () => {
    const spec = { model: `module:${path}`, options: { word: "heard" } };
    expect(await describeModel(spec, CODE)).toEqual({
      language: "minnow",
      contextLength: 64,
      priceName: "echo-1",
      scores: "yes",
      takesAdapters: true,
    });
    const model = await resolveChatModel(spec, { adapter: "/an/adapter", permissions: CODE });
    const options = { seed: 1, temperature: 1, maxTokens: 9 };
    expect((await complete(model, [{ role: "user", content: "hi" }], options)).text).toBe("heard adapted hi");
    await expect(resolveChatModel({ ...spec, options: { word: 3 } }, { permissions: CODE })).rejects.toThrow(
      `module:${path}: options.word: expected a text`,
    );
  });

  test("what a provider forgot to refuse is refused for it, and ended", async () => {
    const [code] = providers.filter(({ prefix }) => prefix === "module");
    const release = vi.fn();
    const model = openTraffic().wrap(new FakeModel(() => ""), {
      role: "assistant",
      name: "m",
      baseUrl: null,
      version: null,
      release,
    });
    const about = await describeModel(`module:${path}`, CODE);
    vi.spyOn(code!, "open").mockResolvedValue(model);
    vi.spyOn(code!, "describe").mockResolvedValue({ ...about, takesAdapters: false });
    const opening = resolveChatModel("module:m.mjs", { adapter: "rounds/1", permissions: CODE });
    await expect(opening).rejects.toThrow("module:m.mjs takes no adapter, so rounds/1 cannot be put on it");
    expect(release).toHaveBeenCalledOnce();
  });

  test("what it says wrongly is named", async () => {
    const bad = join(folder, "bad.mjs");
    writeFileSync(bad, "export const provider = { contextLength: 'long' }; export default () => null;");
    await expect(describeModel(`module:${bad}`, CODE)).rejects.toThrow(
      /its export provider\.contextLength: /,
    );
  });
});

test("prefixes are there once, and no provider's models look like another's", () => {
  const prefixes = providers.map(({ prefix }) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z][a-z0-9]*$/);
});

test("a scenario's fields that a model does not take are named with their place", () => {
  const path = join(folder, "fields.yaml");
  writeFileSync(
    path,
    `name: x
population: { personas: { benign: rest } }
models:
  assistant: minnow
  user:
    model: minnow
    max_concurrency: 4
  rater: { model: "module:rate.mjs", base_url: "http://localhost:1/v1" }
`,
  );
  expect(() => loadScenario(path)).toThrow(
    /fields\.yaml:7:5 models\.user\.max_concurrency: minnow runs in this process; leave max_concurrency out/,
  );
  expect(() => loadScenario(path)).toThrow(
    /models\.rater\.base_url: models by module: take options, .*; leave base_url out/,
  );
});
