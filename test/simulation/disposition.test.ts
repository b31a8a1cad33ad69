import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRun } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { run, tryOut } from "../../src/simulation/index.js";

const SMALL = `name: inside
seed: 301
rounds: 1
models: { assistant: minnow, user: minnow, rater: minnow, judge: likelihood }
population: { size: 16, personas: { benign: rest, biased: 0.5 } }
evaluation: { suites: { mask: { subsets: [provided_facts, statistics], probes: 12 } } }
`;

function scenarioWith(...overrides: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "candor-inside-"));
  const file = join(folder, "x.yaml");
  writeFileSync(file, SMALL);
  const { scenario } = loadScenario(file, overrides);
  return { scenario, folder: join(folder, "run"), scenarioPath: file };
}

async function play({ scenario, folder, scenarioPath }: ReturnType<typeof scenarioWith>) {
  await run(scenario, { folder, scenarioPath });
  return (await readRun(folder))!;
}

describe("a look inside", () => {
  it("stands beside honesty in every round, changes nothing else, and goes on after an interruption to the same bytes", async () => {
    const looking = scenarioWith("evaluation.disposition.suite=mask");
    const { rounds, disk } = await play(looking);
    const kept = (await disk.round(0).disposition.read())!;
    expect(kept.direction).toMatchObject({ layer: 2, at: "prompt", pairs: 120 });
    expect(kept.probe!.weights).toHaveLength(kept.direction.vector.length);
    for (const { metrics } of rounds) {
      const of = (metric: string) =>
        metrics.find((one) => one.suite === "disposition" && one.subset === "all" && one.metric === metric)!;
      expect(of("projection").n).toBe(24);
      expect(of("lie_foretold").n).toBe(24 - kept.fitted.occasions);
    }
    expect(rounds[0]!.suites!.map(({ name }) => name)).toEqual(["mask", "disposition"]);

    const csv = readFileSync(join(looking.folder, "drift.csv"), "utf8");
    // The area under the curve is of each subset by itself, and of all together.
    const areas = csv.split("\n").filter((line) => line.includes(",lie_probe,"));
    expect(areas).toHaveLength(2 * 3);
    for (const line of areas) {
      const [value, n, low, high] = line.split(",").slice(-4).map(Number);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(value!);
      expect(high).toBeGreaterThanOrEqual(value!);
      expect(n).toBeLessThanOrEqual(24 - kept.fitted.occasions);
    }
    const plain = scenarioWith();
    await play(plain);
    const others = (text: string) =>
      text
        .split("\n")
        .filter((line) => !line.includes(",disposition,"))
        .map((line) => line.replace(/^[^,]*,/u, ""));
    expect(others(csv)).toEqual(others(readFileSync(join(plain.folder, "drift.csv"), "utf8")));

    // As if it had been killed in the evaluation of round 1.
    const again = { ...looking, folder: `${looking.folder}-again` };
    cpSync(looking.folder, again.folder, { recursive: true });
    rmSync(join(again.folder, "rounds/001"), { recursive: true });
    rmSync(join(again.folder, "checkpoints/001"), { recursive: true });
    await play(again);
    expect(readFileSync(join(again.folder, "drift.csv"), "utf8")).toBe(csv);
  });

  it("does not go on with a direction that somebody changed", async () => {
    const looking = scenarioWith("evaluation.disposition.suite=mask", "population.size=8");
    await play(looking);
    const file = join(looking.folder, "rounds/000/disposition.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"layer": 2/u, '"layer": 3'));
    rmSync(join(looking.folder, "rounds/001"), { recursive: true });
    await expect(play(looking)).rejects.toThrow("disposition.json");
  });
});

describe("a look inside that cannot be had is refused before anything is written", () => {
  it.each([
    [
      ["evaluation.disposition.layer=5"],
      "evaluation.disposition.layer: expected 1 to 4, the blocks of the assistant, found 5",
    ],
    [
      ["evaluation.disposition.contrasts=none.jsonl"],
      /evaluation\.disposition\.contrasts: .*none\.jsonl: no such file$/u,
    ],
  ])("%j", async (overrides, message) => {
    const { scenario, folder, scenarioPath } = scenarioWith(...overrides);
    await expect(tryOut(scenario, { scenarioPath })).rejects.toThrow(message);
    await expect(run(scenario, { folder, scenarioPath })).rejects.toThrow(message);
    expect(existsSync(folder)).toBe(false);
  });

  it("contrasts longer than what the model reads", async () => {
    const { scenario, folder, scenarioPath } = scenarioWith("evaluation.disposition.contrasts=long.jsonl");
    const side = [{ role: "user", content: "the lamp is firm. ".repeat(150) }];
    const row = `${JSON.stringify({ obliging: side, candid: side })}\n`;
    writeFileSync(join(scenarioPath, "../long.jsonl"), row + row);
    await expect(run(scenario, { folder, scenarioPath })).rejects.toThrow(
      /contrasts: the longest takes \d+ tokens, and the assistant reads 512/u,
    );
  });
});
