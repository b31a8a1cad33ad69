import { z } from "zod";
import { UserError } from "../errors.js";
import { packageVersion } from "../package-root.js";
import { type Scenario, scenarioHash, scenarioSchema } from "../scenario/index.js";
import { type JsonRequest, OtherVersion, readJson, type Within, writeJson } from "./disk/index.js";
import type { RunPaths } from "./layout.js";

/** Of run and sweep folders; another one is not read. Goes up by one whenever what stands in them changes its meaning. */
export const SCHEMA = 2;

const statuses = ["running", "interrupted", "failed", "done"] as const;
export type RunStatus = (typeof statuses)[number];

/** `run.json`: what a run is made of. */
export type RunManifest = {
  /** The format of the folder. */
  schema: typeof SCHEMA;
  status: RunStatus;
  scenario: Scenario;
  seed: number;
  hash: string;
  /** The version that started the run. */
  candor: string;
  node: string;
  /** SHA-256 of what the scenario names: models, situations, personas, probes. */
  inputs: Record<string, string>;
  /**
   * Share of biased users that the scenario asks for, in the mean over its rounds, or of the data rows that the experiment is
   * about; in [0, 1]. Which personas are biased stands in their files, which are not part of the folder.
   */
  biased: number;
};

const manifestSchema = z
  .object({
    schema: z.literal(SCHEMA),
    status: z.enum(statuses),
    scenario: scenarioSchema,
    seed: z.int(),
    hash: z.string(),
    candor: z.string(),
    node: z.string(),
    inputs: z.record(z.string(), z.string()),
    biased: z.number().min(0).max(1),
  })
  .refine(({ scenario, seed }) => scenario.seed === seed, { message: "seed: it is not the scenario's" })
  .refine(({ scenario, hash }) => scenarioHash(scenario) === hash, {
    message: "hash: it is another scenario's",
  });

/** Throws an OtherVersion on a folder whose format is not ours. */
export function refuseOtherSchema(path: string, { schema, candor }: Readonly<Record<string, unknown>>): void {
  if (schema === SCHEMA) return;
  const whose = typeof candor === "string" ? `${JSON.stringify(candor)}, ` : "";
  const said = JSON.stringify(schema ?? 1).slice(0, 40);
  throw new OtherVersion(
    path,
    `was written by another version of candor (${whose}schema ${said}, this one reads ${SCHEMA})`,
    "read it with that version, or choose another folder and play it again",
  );
}

export function manifestRequest(path: string, within?: Within): JsonRequest<RunManifest> {
  return {
    schema: manifestSchema satisfies z.ZodType<RunManifest>,
    advice: "put it back, or delete its folder to play the run again",
    first: (fields) => refuseOtherSchema(path, fields),
    within,
  };
}

/** What the run in a folder is made of; undefined where there is none. Throws a UserError on a damaged or foreign one. */
export async function readManifest(paths: RunPaths): Promise<RunManifest | undefined> {
  return await readJson(paths.run, manifestRequest(paths.run));
}

/** What a run is about to be made of. */
export type Claim = Pick<RunManifest, "scenario" | "hash" | "inputs" | "biased">;

/** What of the files that a scenario names is not what it was when a run was begun. */
export function changedInputs(
  { inputs: before }: Pick<RunManifest, "inputs">,
  inputs: RunManifest["inputs"],
): string[] {
  const names = new Set([...Object.keys(inputs), ...Object.keys(before)]);
  return [...names].filter((name) => before[name] !== inputs[name]);
}

/** What a folder holds of a run from before. */
export type Before = {
  manifest: RunManifest;
  /** What of the files that the scenario names was other when it was begun. */
  changed: string[];
};

/** What a folder holds of this run from before; undefined where there is nothing. Throws a UserError if it holds something else. */
export async function runBefore(
  paths: RunPaths,
  { hash, inputs }: Pick<Claim, "hash" | "inputs">,
): Promise<Before | undefined> {
  const before = await readManifest(paths);
  if (!before) return undefined;
  if (before.hash !== hash)
    throw new UserError(
      `${paths.folder} holds another run (${before.scenario.name}-${before.hash}); choose another --out`,
    );
  return { manifest: before, changed: changedInputs(before, inputs) };
}

/** Makes a folder this run's, from now on running. */
export async function claimFolder(paths: RunPaths, { scenario, hash, inputs, biased }: Claim): Promise<void> {
  const before = await readManifest(paths);
  const begun: RunManifest = {
    schema: SCHEMA,
    status: "running",
    scenario,
    seed: scenario.seed,
    hash,
    candor: packageVersion(),
    node: process.version,
    inputs,
    biased,
  };
  await writeJson(paths.run, { ...(before ?? begun), status: "running" });
}

/** Records how the run stands. */
export async function setStatus(paths: RunPaths, status: RunStatus): Promise<void> {
  const manifest = await readManifest(paths);
  if (manifest) await writeJson(paths.run, { ...manifest, status });
}
