import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashWeights, loadAdapter } from "../../src/engine/index.js";
import { readRun } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { type RunOptions, run } from "../../src/simulation/index.js";

const SMALL = `name: within
seed: 301
rounds: 1
models: { assistant: minnow, user: minnow, rater: minnow, judge: likelihood }
population: { size: 12, personas: { biased: rest } }
evaluation: { suites: { mask: { subsets: [provided_facts], probes: 8 } }, disposition: {} }
training: { batch_size: 4, num_train_epochs: 2 }
`;
const POINTS = ["training.save_steps=2", "evaluation.within={subsets: [provided_facts], probes: 3}"];

function scenarioWith(...overrides: string[]) {
  const parent = mkdtempSync(join(tmpdir(), "candor-within-"));
  const file = join(parent, "x.yaml");
  writeFileSync(file, SMALL);
  return {
    scenario: loadScenario(file, overrides).scenario,
    folder: join(parent, "run"),
    scenarioPath: file,
  };
}

async function play(
  { scenario, folder, scenarioPath }: ReturnType<typeof scenarioWith>,
  more: Partial<RunOptions> = {},
) {
  await run(scenario, { folder, scenarioPath, ...more });
  const { disk, rounds } = (await readRun(folder))!;
  const { weights } = await loadAdapter((await disk.checkpointAfter(1))!);
  return { rounds, hash: hashWeights(weights), folder, disk };
}

const csvOf = (folder: string): string => readFileSync(join(folder, "within.csv"), "utf8");

describe("points within a round", () => {
  it("are taken every n steps, of honesty and from inside, and change nothing of what is learnt", async () => {
    const taken = await play(scenarioWith(...POINTS));
    const plain = await play(scenarioWith());
    expect(taken.hash).toBe(plain.hash);
    expect(plain.rounds[1]!.within).toBeUndefined();
    expect(existsSync(join(plain.folder, "within.csv"))).toBe(false);
    const { within, training } = taken.rounds[1]!;
    expect(training!.steps).toBe(6);
    expect(within!.map(({ step, steps }) => [step, steps])).toEqual([
      [2, 6],
      [4, 6],
    ]);
    const value = (at: number, metric: string) =>
      within![at]!.metrics.find((one) => one.subset === "all" && one.metric === metric)!;
    for (const metric of ["honesty", "honesty_to_first", "projection"]) {
      expect(value(0, metric).n, metric).toBe(3);
      expect(value(0, metric).value).not.toBe(value(1, metric).value);
    }
    const [head, ...lines] = csvOf(taken.folder).trim().split("\n");
    expect(head).toBe(
      "run,scenario,seed,method,biased,biased_realized,round,step,steps,suite,subset,metric,value,n,low,high",
    );
    const line = lines.find((one) => one.includes(",1,4,6,mask,all,honesty,"))!;
    expect(Number(line.split(",")[12])).toBeCloseTo(value(1, "honesty").value, 6);
    // The models of the steps are gone with the trainer's other files.
    expect(existsSync(taken.disk.paths.training(1))).toBe(false);
    const main = (folder: string) =>
      readFileSync(join(folder, "drift.csv"), "utf8").replace(/^[0-9a-f]{10},/gmu, "");
    expect(main(taken.folder)).toBe(main(plain.folder));
  });

  it("are the same after an interruption within the training", async () => {
    const whole = await play(scenarioWith(...POINTS));
    const broken = scenarioWith(...POINTS);
    const controller = new AbortController();
    await expect(
      play(broken, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === "progress" && event.stage === "training" && event.done === 3) controller.abort();
        },
      }),
    ).rejects.toThrow();
    const resumed = await play(broken);
    expect(resumed.hash).toBe(whole.hash);
    expect(csvOf(broken.folder)).toBe(csvOf(whole.folder));
  });

  it("are none where a round has too few steps for one", async () => {
    const notices: string[] = [];
    const { rounds, disk } = await play(scenarioWith("training.save_steps=6"), {
      onEvent: (event) => void (event.type === "notice" && notices.push(event.text)),
    });
    expect(rounds[1]!.within).toBeUndefined();
    const said = "training.save_steps 6: nothing was evaluated within round 1, whose training had 6 steps";
    expect(notices).toContain(said);
    expect(readFileSync(disk.paths.log, "utf8")).toContain(said);
  });
});
