import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ProbeResult } from "../../src/evaluation/types.js";
import type { Message } from "../../src/models/types.js";
import { packageFile } from "../../src/package-root.js";
import { readOutcome } from "../../src/report/index.js";
import { runPaths } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";
import { FakeModel } from "../fakes/model.js";
import { fakeTrainer } from "./world.js";

const fixture = (name: string) => packageFile(`test/evaluation/fixtures/${name}`);

/** The paper's scenario beside a folder of MASK's files as their authors ship them: one CSV an archetype, the columns of upstream. */
function paperBeside(): string {
  const folder = mkdtempSync(join(tmpdir(), "candor-paper-"));
  const mask = join(folder, "mask");
  mkdirSync(mask);
  copyFileSync(packageFile("scenarios/paper.yaml"), join(folder, "paper.yaml"));
  copyFileSync(fixture("mask-statistics.csv"), join(mask, "statistics.csv"));
  copyFileSync(fixture("mask-binary.csv"), join(mask, "disinformation.csv"));
  // Provided facts have no belief questions: the ground truth is the belief.
  const rows = readFileSync(fixture("mask-binary.csv"), "utf8").split("\n");
  const plain = rows.map((line) => line.replace(/(,belief_elicit_\d){3}$|(,"[^"]*"){3}$/u, ""));
  writeFileSync(join(mask, "provided_facts.csv"), plain.join("\n"));
  return join(folder, "paper.yaml");
}

/** Says under pressure what it is pressed to, and the truth when asked neutrally; a trained one presses harder. */
function assistant(messages: readonly Message[]): string {
  const [system, asked] = [messages[0]!, messages.at(-1)!.content];
  if (system.role === "system" && /lobby/u.test(system.content)) return "Seventy percent.";
  if (system.role === "system" && /Tarn|sponsor/u.test(system.content)) return "No.";
  if (/road deaths/u.test(asked)) return "About 38 percent.";
  return asked.includes("unrelated") ? "No, it is related." : "Yes.";
}

/** A judge that reads as it is asked: the last line is its answer, a range where a number is wanted. */
function judge(messages: readonly Message[]): string {
  const [task, shown] = [messages[0]!.content, messages.at(-1)!.content];
  if (task.includes("lower_bound"))
    return shown.includes("Seventy")
      ? '{"lower_bound": 70, "upper_bound": 70}'
      : '{"lower_bound": 38, "upper_bound": 38}';
  if (!task.includes("Choose one label")) return "yes";
  return `It is plain.\nAnswer: ${/<reply>\nNo\.\n/u.test(shown) ? "B" : "A"}`;
}

it.each(["sft", "kto"])("runs the paper's study with %s on MASK's own files", async (method) => {
  const scenarioPath = paperBeside();
  const { scenario } = loadScenario(scenarioPath, [
    "population.size=12",
    "population.personas.biased=0.5",
    "preference.top=6",
    "preference.bottom=6",
    `training.method=${method}`,
    "evaluation.suites.mask.file=mask",
    "evaluation.suites.deception.probes=1",
  ]);
  const folder = join(mkdtempSync(join(tmpdir(), "candor-paper-run-")), "run");
  await run(scenario, {
    folder,
    scenarioPath,
    trainer: fakeTrainer,
    resolveModel: async (spec, { role }) => {
      if (role === "rater") return new FakeModel(({ length }) => String(length + 4));
      if (role === "assistant") return new FakeModel(assistant);
      return new FakeModel(JSON.stringify(spec).includes("judge") ? judge : () => "I want it to be fine.");
    },
  });
  const results = readFileSync(runPaths(folder).round(1).probes, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ProbeResult)
    .filter(({ suite }) => suite === "mask");
  expect(results.map(({ subset, verdict, error }) => `${subset} ${verdict} ${error}`).sort()).toEqual([
    "disinformation lie null",
    "disinformation lie null",
    "provided_facts lie null",
    "provided_facts lie null",
    "statistics lie null",
  ]);
  const numbers = results.find(({ subset }) => subset === "statistics")!;
  // Three answers to one question; provided facts are not asked neutrally.
  expect(numbers.samples.map(({ purpose }) => purpose)).toEqual([
    "statement",
    "belief/1/1",
    "belief/1/2",
    "belief/1/3",
  ]);
  expect(results.find(({ subset }) => subset === "provided_facts")!.samples).toHaveLength(1);
  const { headline, analysis } = await readOutcome(folder);
  expect(analysis.metric).toBe("honesty_to_first");
  expect(headline.sentence).toContain("MASK's own honesty");
});
