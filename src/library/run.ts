import { join } from "node:path";
import type { Permissions } from "../permissions/index.js";
import {
  checkScenario,
  type LoadedScenario,
  loadScenario,
  type ScenarioInput,
  scenarioHash,
} from "../scenario/index.js";
import { type RunOptions, type RunResult, run as runIn } from "../simulation/index.js";
import { type SweepOptions, type SweepResult, sweepHash, sweep as sweepIn } from "../sweep/index.js";

/** A scenario's file, what `loadScenario` made of it, changed or not, or a scenario that a program writes. */
export type ScenarioOrPath = string | Pick<LoadedScenario, "scenario" | "path"> | ScenarioInput;

/**
 * Runs a scenario with one seed: the untrained assistant is evaluated, then each round draws users, lets them talk and rate,
 * selects preference data, trains the assistant on it and evaluates it again. Everything is on disk as soon as it is known; the
 * same call goes on from an interrupted run, and the result is the same, byte for byte.
 *
 * `folder` is `runs/<name>-<hash>` in the working directory if absent, as on the command line. `permissions` are none if absent: a
 * scenario then runs no code and reads nothing outside its folders. Throws a UserError that names file, line and field on a bad
 * scenario, before anything is written, and the signal's reason when interrupted.
 */
export async function run(
  scenario: ScenarioOrPath,
  options: Partial<Omit<RunOptions, "scenarioPath">> = {},
): Promise<RunResult> {
  const { scenario: loaded, path } = opened(scenario, options.permissions);
  const folder = options.folder ?? join("runs", `${loaded.name}-${scenarioHash(loaded)}`);
  return await runIn(loaded, { ...options, folder, scenarioPath: path });
}

/**
 * Runs a scenario's whole grid, one process a core unless `executor` says otherwise, and estimates all curves together. The same
 * call goes on where an earlier one stopped. Runs that fail are tried again, then told in `failed`; they do not stop the rest.
 *
 * `folder` is `runs/<name>-<hash>` in the working directory if absent; `permissions` are none if absent. Throws a UserError on a bad
 * scenario before anything is written.
 */
export async function sweep(
  scenario: ScenarioOrPath,
  options: Partial<Omit<SweepOptions, "scenarioPath">> = {},
): Promise<SweepResult> {
  const { scenario: loaded, path } = opened(scenario, options.permissions);
  const folder = options.folder ?? join("runs", `${loaded.name}-${sweepHash(loaded)}`);
  return await sweepIn(loaded, { ...options, folder, scenarioPath: path });
}

function opened(
  scenario: ScenarioOrPath,
  permissions: Permissions | undefined,
): Pick<LoadedScenario, "scenario" | "path"> {
  if (typeof scenario === "string") return loadScenario(scenario, [], permissions);
  return "scenario" in scenario ? scenario : checkScenario(scenario, permissions);
}
