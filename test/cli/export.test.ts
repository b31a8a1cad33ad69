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

function runFolder(): string {
  const scenario = scenarioSchema.parse({
    name: "x",
    seed: 7,
    rounds: 3,
    models: { assistant: "openai:some-model" },
    population: { personas: { benign: 1 } },
    training: { method: "kto" },
  });
  const folder = folderWith({
    "run/rounds/001/preference.jsonl": jsonl([row("one", true), row("two", false)]),
    "run/rounds/002/preference.jsonl": jsonl([row("three", true), row("four", false), row("five", false)]),
  });
  const run = join(folder, "run");
  writeManifest(run, scenario, { status: "interrupted" });
  for (const round of [1, 2]) finishFiles(runPaths(run), round);
  return folder;
}

describe("candor export", () => {
  it("writes the last round that has rows, for trl, and advises on uneven sides", async () => {
    const folder = runFolder();
    const { code, stdout } = await candorIn(["export", "run"], folder);
    expect([code, stdout]).toEqual([
      0,
      "wrote 3 rows of round 2 to run/export/trl-002\n" +
        "the two sides are uneven; TRL advises desirable_weight: 2, undesirable_weight: 1\n",
    ]);
    const at = join(folder, "run/export/trl-002");
    expect(readFileSync(join(at, "train.jsonl"), "utf8").split("\n")).toHaveLength(4);
    expect(parse(readFileSync(join(at, "trl.yaml"), "utf8"))).toMatchObject({
      model_name_or_path: "some-model",
      seed: 7,
      beta: 0.1,
    });
  });

  it("writes the round, format, folder and model that are asked for", async () => {
    const folder = runFolder();
    const args = ["export", "run", "--round", "1", "--format", "llama-factory", "--out", "o", "--model", "m"];
    expect((await candorIn(args, folder)).stdout).toBe("wrote 2 rows of round 1 to o\n");
    expect(readdirSync(join(folder, "o")).sort()).toEqual([
      "dataset_info.json",
      "llama_factory.yaml",
      "train.json",
      "warnings.json",
    ]);
    expect(readFileSync(join(folder, "o/llama_factory.yaml"), "utf8")).toContain('model_name_or_path: "m"');
  });

  it.each([
    [["nowhere"], "candor: nowhere: no run.json; name a run's folder"],
    [["run", "--round", "3"], "candor: run: round 3 has no preference data; rounds go from 1 to 3"],
    [["run", "--round", "x"], "expected a whole number from 1"],
    [["run", "--format", "xlsx"], "no such choice (known:"],
    [["run", "--out", "run"], "candor: run lies in the folder of a run"],
  ])("exits 2 and writes nothing: %o", async (args, message) => {
    const folder = runFolder();
    const before = readdirSync(folder, { recursive: true });
    const { code, stderr } = await candorIn(["export", ...args], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });
});
