import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { installedFolder } from "../check/installed.js";
import { follow, type Step, stepsOf, withSets } from "./page.js";

/** The same run in seconds. */
const SMALL = [
  "rounds=1",
  "source.per_round=80",
  "sweep.seeds=2",
  "training.num_train_epochs=1",
  "evaluation.suites={ mask: { probes: 2 } }",
];

const shrunk = (step: Step): Step =>
  "command" in step && ["run", "sweep"].includes(step.command[1]!)
    ? { command: withSets(step.command, SMALL) }
    : step;

it("goes from the shipped sample to a decision, command by command", async () => {
  const folder = installedFolder();
  cpSync(packageFile("data/logs/feedback.jsonl"), join(folder, "data/logs/feedback.jsonl"));
  const steps = stepsOf("docs/logs.md").map(shrunk);
  const played = await follow(steps, folder);
  expect(played.map(({ command, code, stderr }) => [command, code, code === 0 ? "" : stderr])).toEqual(
    played.map(({ command }) => [command, 0, ""]),
  );
  expect(played.map(({ command }) => command.split(" ")[1])).toEqual([
    "check",
    "data",
    "run",
    "sweep",
    "show",
    "report",
  ]);
  const [, data] = played;
  expect(data!.stdout).toContain("2000 rows, of which 1998 are replies with a mark");
  expect(data!.stdout).toMatch(/│ you may .*│ +\d/u);
});
