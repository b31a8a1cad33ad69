import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runPaths } from "../../src/runs/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { finishFiles, writeManifest } from "../fakes/run-folder.js";
import { folderWith } from "../scenario/files.js";
import { candorIn } from "./in-process.js";

const row = (reply: string, label: boolean) => ({
  prompt: [{ role: "user", content: `${reply}?` }],
  completion: [{ role: "assistant", content: reply }],
  label,
  source: { interaction: "r1-u0", exchange: 0 },
});
const jsonl = (rows: unknown[]): string => rows.map((item) => `${JSON.stringify(item)}\n`).join("");

const KTO = {
  "001": [row("one", true), row("two", false)],
  "002": [row("three", true), row("four", false), row("five", false)],
};

function runFolder(
  method = "kto",
  rounds: Record<string, unknown[]> = KTO,
  training: object = {},
  files: Record<string, string> = {},
): string {
  const scenario = scenarioSchema.parse({
    name: "x",
    seed: 7,
    rounds: 3,
    models: { assistant: "openai:some-model" },
    population: { personas: { benign: 1 } },
    training: { method, external: { prefix: ["srun"] }, ...training },
  });
  const folder = folderWith({
    ...files,
    ...Object.fromEntries(
      Object.entries(rounds).map(([round, rows]) => [`run/rounds/${round}/preference.jsonl`, jsonl(rows)]),
    ),
  });
  const run = join(folder, "run");
  writeManifest(run, scenario, { status: "interrupted" });
  for (const round of Object.keys(rounds)) finishFiles(runPaths(run), Number(round));
  return folder;
}

describe("candor data", () => {
  it("writes the last round that has rows, for trl, and advises on uneven sides", async () => {
    const folder = runFolder();
    const { code, stdout } = await candorIn(["data", "run"], folder);
    expect([code, stdout]).toEqual([
      0,
      "wrote 3 kto rows of round 2 to run/data/trl-002\n" +
        "the two sides are uneven; TRL advises desirable_weight: 2, undesirable_weight: 1\n",
    ]);
    const at = join(folder, "run/data/trl-002");
    expect(readFileSync(join(at, "train.jsonl"), "utf8").split("\n")).toHaveLength(4);
    expect(parse(readFileSync(join(at, "trl.yaml"), "utf8"))).toMatchObject({
      model_name_or_path: "some-model",
      seed: 7,
      beta: 0.1,
    });
    expect(readFileSync(join(at, "trl.yaml"), "utf8")).not.toContain("external");
  });

  it("writes the round, format, folder and model that are asked for", async () => {
    const folder = runFolder();
    const args = ["data", "run", "--round", "1", "--format", "llama-factory", "--out", "o", "--model", "m"];
    expect((await candorIn(args, folder)).stdout).toBe("wrote 2 kto rows of round 1 to o\n");
    expect(readdirSync(join(folder, "o")).sort()).toEqual([
      "dataset_info.json",
      "llama_factory.yaml",
      "train.json",
      "warnings.json",
    ]);
    expect(readFileSync(join(folder, "o/llama_factory.yaml"), "utf8")).toContain('model_name_or_path: "m"');
  });

  it("writes the lines of fine-tuning APIs for sft and dpo", async () => {
    const message = (role: string, content: string) => ({ role, content });
    const { label: _label, ...good } = row("one", true);
    const sft = runFolder("sft", { "001": [good] });
    expect((await candorIn(["data", "run", "--format", "openai", "--out", "o"], sft)).stdout).toContain(
      "1 sft rows",
    );
    expect(JSON.parse(readFileSync(join(sft, "o/train.jsonl"), "utf8"))).toEqual({
      messages: [message("user", "one?"), message("assistant", "one")],
    });
    const { prompt, source } = good;
    const pair = {
      prompt,
      chosen: [message("assistant", "a")],
      rejected: [message("assistant", "b")],
      source,
    };
    const dpo = runFolder("dpo", { "001": [pair] });
    await candorIn(["data", "run", "--format", "openai", "--out", "o"], dpo);
    expect(JSON.parse(readFileSync(join(dpo, "o/train.jsonl"), "utf8"))).toEqual({
      input: { messages: [message("user", "one?")] },
      preferred_output: [message("assistant", "a")],
      non_preferred_output: [message("assistant", "b")],
    });
  });

  it("says as JSON what it wrote", async () => {
    expect(JSON.parse((await candorIn(["data", "run", "--json"], runFolder())).stdout)).toEqual({
      folder: "run/data/trl-002",
      files: ["train.jsonl", "trl.yaml", "warnings.json"],
      round: 2,
      method: "kto",
      rows: 3,
      adapter: null,
      advice: { desirable_weight: 2, undesirable_weight: 1 },
    });
  });

  const ADAPTER = {
    "run/checkpoints/001/adapter_config.json": "{}",
    "run/checkpoints/001/adapter_model.safetensors": "weights",
  };

  it("names the adapter that a round goes on from, and the model that the scenario's trainer starts from", async () => {
    const folder = runFolder("kto", KTO, { external: { model: "org/base" } }, ADAPTER);
    const { stdout } = await candorIn(["data", "run"], folder);
    expect(stdout).toMatch(/^they go on from the adapter \/.*run\/checkpoints\/001$/mu);
    const trl = parse(readFileSync(join(folder, "run/data/trl-002/trl.yaml"), "utf8"));
    expect(trl).toMatchObject({ model_name_or_path: "org/base", resume_from_checkpoint: "start" });
    const start = join(folder, "run/data/trl-002/start");
    expect(readFileSync(join(start, "adapter_model.safetensors"), "utf8")).toBe("weights");
    expect(JSON.parse(readFileSync(join(start, "trainer_state.json"), "utf8"))).toMatchObject({
      global_step: 0,
      train_batch_size: 16,
    });
    for (const command of ["data", "export"]) {
      await candorIn([command, "run", "--format", "llama-factory", "--out", command], folder);
      expect(parse(readFileSync(join(folder, command, "llama_factory.yaml"), "utf8"))).toMatchObject({
        model_name_or_path: "org/base",
        adapter_name_or_path: expect.stringMatching(/run\/checkpoints\/001$/u),
      });
    }
    expect(
      JSON.parse((await candorIn(["data", "run", "--json", "--out", "j"], folder)).stdout),
    ).toMatchObject({
      adapter: expect.stringContaining("checkpoints/001"),
      files: ["train.jsonl", "trl.yaml", "warnings.json", "start"],
    });
  });

  it("says so where that adapter is not there, and names none where every round starts afresh", async () => {
    const gone = await candorIn(["data", "run"], runFolder());
    expect(gone.stderr).toMatch(/goes on from the adapter run\/checkpoints\/001, which is not there/u);
    const afresh = runFolder("kto", KTO, { start_from: "initial" }, ADAPTER);
    const { stdout, stderr } = await candorIn(["data", "run"], afresh);
    expect([stdout, stderr]).toEqual([expect.not.stringContaining("adapter"), ""]);
  });

  it("writes the rows of all rounds since the training before", async () => {
    const folder = runFolder("kto", KTO, { every: 2 });
    expect((await candorIn(["data", "run"], folder)).stdout).toContain("wrote 5 kto rows of rounds 1 to 2");
  });

  it.each([
    [
      ["run", "--format", "openai"],
      "candor: fine-tuning APIs take sft, rloo, dpo, best_of_n and rloo_rm rows",
    ],
    [["nowhere"], "candor: nowhere: no run.json; name a run's folder"],
    [["run", "--round", "3"], "candor: run: round 3 has no preference data; rounds go from 1 to 3"],
    [["run", "--round", "x"], "expected a whole number from 1"],
    [["run", "--format", "xlsx"], "no such choice (known: trl, llama-factory, openai)"],
    [
      ["run", "--out", "run"],
      "candor: run lies in the folder of a run (run), whose files are its results; name another with --out",
    ],
  ])("exits 2 and writes nothing: %o", async (args, message) => {
    const folder = runFolder();
    const before = readdirSync(folder, { recursive: true });
    const { code, stderr } = await candorIn(["data", ...args], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });
});
