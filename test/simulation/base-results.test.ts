import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readRun } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { baseResults, run } from "../../src/simulation/index.js";

const SMALL = `name: shared
seed: 301
rounds: 1
models: { assistant: minnow, user: minnow, rater: minnow, judge: likelihood }
population: { size: 4, personas: { benign: rest, biased: 0 } }
evaluation: { suites: { mask: { subsets: [provided_facts], probes: 4 } } }
training: { num_train_epochs: 1, lora_r: 2, target_modules: [q_proj] }
`;

/** Plays a variant of the scenario and tells what was found at each round, and how often the assistant was asked at round 0. */
async function play(overrides: readonly string[], shared?: ReturnType<typeof baseResults>) {
  const parent = mkdtempSync(join(tmpdir(), "candor-shared-"));
  const path = join(parent, "x.yaml");
  writeFileSync(path, SMALL);
  const folder = join(parent, "run");
  let put = 0;
  await run(loadScenario(path, overrides).scenario, {
    folder,
    scenarioPath: path,
    ...(shared ? { baseResults: shared } : {}),
    onEvent: (event) => {
      if (event.type === "progress" && event.round === 0 && event.stage === "evaluation") put += 1;
    },
  });
  const { rounds, disk } = (await readRun(folder))!;
  const probes = [await disk.round(0).probes.read(), await disk.round(1).probes.read()];
  return { put, probes, metrics: rounds.map(({ metrics }) => metrics) };
}

it("what one run finds at round 0 is taken by another arm of its seed, and by nothing else", async () => {
  const shared = baseResults();
  const biased = ["population.personas.biased=0.5"];
  const first = await play([], shared);
  const alone = await play(biased);
  const second = await play(biased, shared);
  expect([first.put, alone.put, second.put]).toEqual([4, 4, 0]);
  expect(second.probes).toStrictEqual(alone.probes);
  expect(second.metrics).toStrictEqual(alone.metrics);

  const others = ["seed=302", "evaluation.suites.mask.probes=2", "models.judge=rule"];
  for (const other of others) expect((await play([other], shared)).put, other).toBeGreaterThan(0);
});

it("remembers the last two alone", () => {
  const shared = baseResults();
  for (const key of ["a", "b", "a", "c"]) shared.remember(key, []);
  expect(["a", "b", "c"].map((key) => shared.of(key) !== undefined)).toEqual([true, false, true]);
});
