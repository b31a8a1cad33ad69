import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HumanMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { releaseModel, resolveChatModel } from "../../src/models/index.js";
import { type BadServer, badServer, refuse, say } from "../fakes/bad-server.js";

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

const model = (folder: string) =>
  resolveChatModel(
    { model: "openai:base", base_url: server.base_url, adapters: "vllm" },
    { adapter: folder },
  );

test("a round's adapter is loaded into a running vLLM, asked for under its name, and taken away again", async () => {
  server.behave(({ path }, _index, response) => {
    if (path.endsWith("lora_adapter")) response.end("Success");
    else say(response, "fine");
  });
  const folder = adapter("round 1");
  const loaded = await model(folder);
  await loaded.invoke([new HumanMessage("hi")]);
  await releaseModel(loaded);
  expect(server.seen.map(({ path }) => path)).toEqual([
    "/v1/load_lora_adapter",
    "/v1/chat/completions",
    "/v1/unload_lora_adapter",
  ]);
  const [load, chat, unload] = server.seen.map(({ body }) => body as Record<string, unknown>);
  expect(load).toEqual({ lora_name: expect.stringMatching(/^candor-[0-9a-f]{12}$/), lora_path: folder });
  expect(chat!.model).toBe(load!.lora_name);
  expect(unload).toEqual({ lora_name: load!.lora_name });
});

test("other weights have another name, the same ones the same, whoever loaded them before", async () => {
  server.behave((_seen, index, response) => {
    if (index < 2) response.end("Success");
    else refuse(response, 400, { message: "The lora adapter has already been loaded." });
  });
  await model(adapter("round 1"));
  await model(adapter("round 2"));
  await model(adapter("round 1"));
  const names = server.seen.map(({ body }) => (body as Record<string, unknown>).lora_name);
  expect(names[1]).not.toBe(names[0]);
  expect(names[2]).toBe(names[0]);
});

test("a vLLM that takes no adapters is told what it lacks", async () => {
  server.behave((_seen, _index, response) => refuse(response, 404, { message: "Not Found" }));
  await expect(model(adapter("round 1"))).rejects.toThrow(
    /could not be loaded: HTTP 404.*--enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True/,
  );
});
