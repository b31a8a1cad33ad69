import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSource, writeReport } from "../../src/report/index.js";
import { logProbShifts } from "../../src/report/source/log-prob-shift.js";
import type { RunManifest } from "../../src/runs/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";
import { changeChecked } from "../fakes/run-folder.js";

const root = mkdtempSync(join(tmpdir(), "candor-shift-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(["sft", "kto"] as const)(
  "the conversations with the largest log-probability shift, with %s",
  (method) => {
    const folder = join(root, method);

    beforeAll(async () => {
      const scenario = scenarioSchema.parse({
        name: "shift",
        seed: 3,
        rounds: 2,
        population: { size: 24, personas: { benign: "rest", biased: 0.5 } },
        interaction: { exchanges: 1 },
        training: { method, num_train_epochs: 3 },
        evaluation: { suites: { mask: { subsets: ["statistics"], probes: 4 } } },
      });
      await run(scenario, { folder, scenarioPath: "shift.yaml" });
    });

    const source = async () => (await readSource(folder)).runs[0]!;

    it("are those whose replies the training made likelier, or less likely where they are to be avoided", async () => {
      const found = (await logProbShifts(await source(), 5))!;
      // Of 24 conversations a round sft learns from the better half, kto from all.
      expect(found.learntFrom).toBe(method === "sft" ? 24 : 48);
      expect(found.measured).toBe(found.learntFrom);
      expect(found.personas.reduce((sum, { count }) => sum + count, 0)).toBe(found.measured);
      const shifts = found.largest.map(({ shift }) => shift);
      expect(shifts).toEqual([...shifts].sort((a, b) => b - a));
      expect(shifts[0]!).toBeGreaterThan(0.1);
      const mean =
        found.personas.reduce((sum, { count, mean: own }) => sum + count * own, 0) / found.measured;
      expect(mean).toBeGreaterThan(0);
      expect(await logProbShifts(await source(), 5)).toEqual(found);
    });

    it("stand in the report, which says how it knows", async () => {
      const { report } = await writeReport(folder, join(root, `${method}-report`));
      const text = readFileSync(report, "utf8");
      expect(text).toContain("Conversations with the largest log-probability shift");
      expect(text).toMatch(/Round [12], a (?:benign|biased) user on [a-z ]+: shift [\d.,]+-fold/u);
    });

    it("are not told where the model is another than the run's", async () => {
      const path = join(folder, "run.json");
      const manifest = readFileSync(path, "utf8");
      changeChecked<RunManifest>(path, (run) => ({
        ...run,
        inputs: { ...run.inputs, [`model ${run.scenario.models.assistant}`]: "0" },
      }));
      try {
        expect(await logProbShifts(await source(), 5)).toBeUndefined();
      } finally {
        writeFileSync(path, manifest);
      }
    });
  },
);
