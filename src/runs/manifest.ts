import { isDeepStrictEqual } from "node:util";
import { UserError } from "../errors.js";
import { packageVersion } from "../package-root.js";
import type { Scenario } from "../scenario/index.js";
import type { RunPaths } from "./folder.js";
import { readJson, writeJson } from "./jsonl.js";

export type RunStatus = "running" | "interrupted" | "failed" | "done";

/** `run.json`: what a run is made of. */
export type RunManifest = {
  status: RunStatus;
  scenario: Scenario;
  seed: number;
  hash: string;
  /** The version that started the run. */
  candor: string;
  node: string;
  /** SHA-256 of what the scenario names: models, situations, personas, probes. */
  inputs: Record<string, string>;
};

/**
 * Makes the folder this run's: writes `run.json`, or checks that the one there is of the same scenario and inputs.
 * Returns whether the run goes on from an earlier one. Throws a UserError if the folder holds something else.
 */
export async function claimFolder(
  paths: RunPaths,
  cast: Pick<RunManifest, "scenario" | "hash" | "inputs">,
): Promise<boolean> {
  const before = await readJson<RunManifest>(paths.run);
  if (!before) {
    await writeJson(paths.run, {
      status: "running",
      scenario: cast.scenario,
      seed: cast.scenario.seed,
      hash: cast.hash,
      candor: packageVersion(),
      node: process.version,
      inputs: cast.inputs,
    } satisfies RunManifest);
    return false;
  }
  if (before.hash !== cast.hash) {
    throw new UserError(
      `${paths.folder} holds another run (${before.scenario.name}-${before.hash}); choose another --out`,
    );
  }
  checkInputs(paths.folder, before, cast.inputs);
  await writeJson(paths.run, { ...before, status: "running" });
  return true;
}

/** Throws a UserError if what the scenario names is not what it was when the run in a folder began. */
export function checkInputs(folder: string, before: RunManifest, inputs: RunManifest["inputs"]): void {
  if (isDeepStrictEqual(before.inputs, inputs)) return;
  const names = new Set([...Object.keys(inputs), ...Object.keys(before.inputs)]);
  const changed = [...names].filter((name) => before.inputs[name] !== inputs[name]);
  throw new UserError(
    `${folder} was begun with other contents of ${changed.join(", ")}; going on would mix the two. ` +
      "Delete the folder or choose another with --out",
  );
}

/** Records how the run stands. */
export async function setStatus(paths: RunPaths, status: RunStatus): Promise<void> {
  const manifest = await readJson<RunManifest>(paths.run);
  if (manifest) await writeJson(paths.run, { ...manifest, status });
}

/** How the run in a folder stands; undefined where there is none. */
export async function readManifest(paths: RunPaths): Promise<RunManifest | undefined> {
  return await readJson<RunManifest>(paths.run);
}
