import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HumanMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { releaseModel, resolveChatModel } from "../../src/models/index.js";
import { openTraffic } from "../../src/models/limits/index.js";
import type { ScoringModel } from "../../src/models/score.js";
import { adapterServer, type BadServer, badServer, completion, refuse, say } from "../fakes/bad-server.js";

let server: BadServer;
beforeAll(async () => {
  server = await badServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.seen.length = 0;
});

/** A folder with an adapter of these weights, as far as a server that is not there has to know. */
function adapter(weights: string): string {
  const folder = mkdtempSync(join(tmpdir(), "candor-vllm-"));
  writeFileSync(join(folder, "adapter_model.safetensors"), weights);
  return folder;
}

const model = (folder: string, traffic = openTraffic()) =>
  resolveChatModel(
    { model: "openai:base", base_url: server.base_url, adapters: "vllm" },
    { adapter: folder, traffic },
  );

test("a round's adapter is loaded into a running vLLM, asked for under its name, and taken away again", async () => {
  const takes = adapterServer();
  server.behave((seen, _index, response) => void (takes(seen, response) || say(response, "fine")));
  const folder = adapter("round 1");
  const loaded = await model(folder);
  await loaded.invoke([new HumanMessage("hi")]);
  await releaseModel(loaded);
  expect(server.seen.map(({ path }) => path)).toEqual([
    "/v1/load_lora_adapter",
    "/v1/models",
    "/v1/chat/completions",
    "/v1/unload_lora_adapter",
  ]);
  const [load, , chat, unload] = server.seen.map(({ body }) => body as Record<string, unknown>);
  expect(load).toEqual({ lora_name: expect.stringMatching(/^candor-[0-9a-f]{12}$/), lora_path: folder });
  expect(chat!.model).toBe(load!.lora_name);
  expect(unload).toEqual({ lora_name: load!.lora_name });
});

test("other weights have another name, the same ones the same, whoever loaded them before", async () => {
  const takes = adapterServer();
  server.behave((seen, _index, response) => void takes(seen, response));
  await model(adapter("round 1"));
  await model(adapter("round 2"));
  await model(adapter("round 1"));
  const names = server.seen.flatMap(({ body: { lora_name } }) => lora_name ?? []);
  expect(names[1]).not.toBe(names[0]);
  expect(names[2]).toBe(names[0]);
});

test("a vLLM that takes no adapters is told what it lacks", async () => {
  server.behave((_seen, _index, response) => refuse(response, 404, { message: "Not Found" }));
  await expect(model(adapter("round 1"))).rejects.toThrow(
    /could not be loaded: HTTP 404.*--enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True/,
  );
});

test.each([
  [
    "an error with the status of success",
    '{"object":"error","message":"rank 64 is above 16","code":400}',
    /HTTP 200: rank 64 is above 16/,
  ],
  [
    "a page of another program",
    "<html><title>Welcome</title></html>",
    /says that it has done so, but does not name it among its models/,
  ],
])("a server that answers a load with %s has loaded nothing", async (_what, body, words) => {
  const takes = adapterServer();
  server.behave((seen, _index, response) => {
    if (seen.path.endsWith("load_lora_adapter")) response.end(body);
    // As servers do that answer to any name.
    else void (takes(seen, response) || say(response, "fine"));
  });
  await expect(model(adapter("round 1"))).rejects.toThrow(words);
});

test("what answers as the model without its adapter stops the run, in words and in probabilities", async () => {
  const takes = adapterServer();
  server.behave((seen, _index, response) => {
    if (!takes(seen, response)) response.end(JSON.stringify({ ...completion("fine"), model: "base" }));
  });
  for (const ask of [
    (loaded: ScoringModel) => loaded.invoke([new HumanMessage("hi")]),
    (loaded: ScoringModel) => loaded.scoreCompletions([{ role: "user", content: "hi" }], ["yes"]),
  ]) {
    const traffic = openTraffic();
    const loaded = (await model(adapter("round 1"), traffic)) as ScoringModel;
    await expect(ask(loaded)).rejects.toThrow(
      /was given the adapter candor-.* and answers as base without it/,
    );
    expect(traffic.signal.aborted).toBe(true);
  }
});
