import { expect, it } from "vitest";
import { installedFolder } from "../check/installed.js";
import { follow, type Step, stepsOf, withSets } from "./page.js";

/** The same in seconds: users, probes and passes are as many as still show every surface. */
const SMALL = [
  "rounds=1",
  "population.size=12",
  "training.num_train_epochs=1",
  "evaluation.suites.mask.probes=2",
  "sweep.seeds=2",
];

const shrunk = (step: Step): Step =>
  "command" in step && ["run", "sweep"].includes(step.command[1]!)
    ? { command: withSets(step.command, SMALL) }
    : step;

it("can be followed from an empty folder, step by step", async () => {
  const steps = stepsOf("docs/tutorial.md").map(shrunk);
  const outcomes = await follow(steps, installedFolder());
  expect(outcomes.map(({ command, code, stderr }) => [command, code, code === 0 ? "" : stderr])).toEqual(
    steps.flatMap((step) => ("command" in step ? [[step.command.join(" "), 0, ""]] : [])),
  );
  expect(outcomes.length).toBeGreaterThan(13);
});
