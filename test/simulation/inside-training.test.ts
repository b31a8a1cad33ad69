import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashWeights, loadAdapter } from "../../src/engine/index.js";
import { readRun } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { run, tryOut } from "../../src/simulation/index.js";

const SMALL = `name: inside
seed: 301
rounds: 1
models: { assistant: minnow, user: minnow, rater: minnow, judge: likelihood }
population: { size: 16, personas: { biased: rest } }
evaluation: { suites: { mask: { subsets: [provided_facts], probes: 4 } } }
training: { num_train_epochs: 1 }
`;

function scenarioWith(...overrides: string[]) {
  const parent = mkdtempSync(join(tmpdir(), "candor-inside-"));
  const file = join(parent, "x.yaml");
  writeFileSync(file, SMALL);
  return {
    scenario: loadScenario(file, overrides).scenario,
    folder: join(parent, "run"),
    scenarioPath: file,
  };
}

/** What a run of one round learnt, and what its rows were. */
async function learnt(...overrides: string[]) {
  const { scenario, folder, scenarioPath } = scenarioWith(...overrides);
  await run(scenario, { folder, scenarioPath });
  const { disk, rounds, manifest } = (await readRun(folder))!;
  const adapter = await loadAdapter((await disk.checkpointAfter(1))!);
  return {
    hash: hashWeights(adapter.weights),
    adapter,
    rows: (await disk.round(1).preference.read())!,
    defences: rounds[1]!.defences,
    inputs: Object.keys(manifest.inputs ?? {}),
  };
}

const plain = await learnt();

describe("a run", () => {
  it("steers while it trains alone: the same rows, other weights, and its contrasts are among the run's inputs", async () => {
    const steered = await learnt("training.steer.coefficient=2");
    expect(steered.rows).toEqual(plain.rows);
    expect(steered.hash).not.toBe(plain.hash);
    expect(steered.inputs).toContain("contrasts minnow");
    expect(plain.inputs).not.toContain("contrasts minnow");
    // As strongly the other way is another thing; the same again is the same.
    expect((await learnt("training.steer.coefficient=2")).hash).toBe(steered.hash);
    expect((await learnt("training.steer.coefficient=-2")).hash).not.toBe(steered.hash);
  });

  it("imitates safe rows beside what users taught", async () => {
    const beside = await learnt("training.interleave.data=data/minnow/ordinary.jsonl");
    expect(beside.rows).toEqual(plain.rows);
    expect(beside.hash).not.toBe(plain.hash);
    expect(beside.inputs).toContain("data data/minnow/ordinary.jsonl");
  });

  it("leaves out the rows that lie farthest along the way to obliging", async () => {
    const { rows, defences } = await learnt("preference.defences=[{kind: projection, share: 0.5}]");
    expect(defences).toEqual([{ kind: "projection", of: "rows", in: plain.rows.length, out: rows.length }]);
    expect(rows).toHaveLength(plain.rows.length - Math.floor(plain.rows.length / 2));
    const said = (row: (typeof rows)[number]) => ("completion" in row ? row.completion[0]!.content : "");
    for (const row of rows) expect(plain.rows.map(said)).toContain(said(row));
  });

  it("learns by adapters of rank 1", async () => {
    const { adapter } = await learnt("training.lora_r=1", "training.lora_alpha=2");
    for (const [name, { shape }] of adapter.weights) expect(Math.min(...shape), name).toBe(1);
    expect(adapter.config).toMatchObject({ r: 1, lora_alpha: 2 });
  });
});

describe("what cannot act is refused before anything is written", () => {
  it.each([
    ["training.steer={coefficient: 1, layer: 9}", "training.steer.layer: expected 1 to 4"],
    [
      "training.steer={coefficient: 1, contrasts: none.jsonl}",
      /training\.steer\.contrasts: .*none\.jsonl: no such file$/u,
    ],
    ["training.interleave.data=none.jsonl", /training\.interleave\.data: .*none\.jsonl: no such file$/u],
    ["preference.defences=[{kind: projection, layer: 9}]", "preference.defences[0].layer: expected 1 to 4"],
    ["preference.defences=[{kind: projection, contrasts: silent.jsonl}]", "the contrasts give no replies"],
  ])("%s", async (override, message) => {
    const { scenario, folder, scenarioPath } = scenarioWith(override);
    const side = (name: string) => [{ role: "user", content: `are you ${name} ?` }];
    const row = `${JSON.stringify({ obliging: side("clover"), candid: side("alder") })}\n`;
    writeFileSync(join(scenarioPath, "../silent.jsonl"), row + row);
    await expect(tryOut(scenario, { scenarioPath })).rejects.toThrow(message);
    await expect(run(scenario, { folder, scenarioPath })).rejects.toThrow(message);
    expect(existsSync(folder)).toBe(false);
  });
});
