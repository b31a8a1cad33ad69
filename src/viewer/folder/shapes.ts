import { z } from "zod";
import { UserError } from "../../errors.js";
import type { RoundSummary, RunManifest } from "../../runs/index.js";
import { scenarioSchema } from "../../scenario/index.js";

// What the files of a folder that anybody may have written must be, before anything is done with them.

const axes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const sweepSchema = z.object({
  scenario: z.object({
    name: z.string(),
    description: z.string().default(""),
    rounds: z.int().min(0).max(10_000),
    training: z.object({ method: z.string() }),
  }),
  cells: z.array(z.object({ folder: z.string(), seed: z.number(), axes })).max(100_000),
});

export type SweepManifest = z.infer<typeof sweepSchema>;

const runSchema = z.object({
  status: z.enum(["running", "interrupted", "failed", "done"]),
  scenario: scenarioSchema,
  seed: z.number(),
  hash: z.string(),
  candor: z.string(),
  node: z.string(),
  inputs: z.record(z.string(), z.string()),
});

const count = z.number().nonnegative();

/** What lists and pages read of `round.json`; the rest stays as it is. */
const roundSchema = z.looseObject({
  round: z.int().nonnegative(),
  users: z.record(z.string(), count),
  interactions: z.looseObject({
    count,
    unusable: count,
    unrated: count,
    mean_reward: z.number().nullable(),
  }),
  rows: count,
  training: z.looseObject({ loss_first: z.number().nullish(), loss_last: z.number().nullish() }).nullable(),
  metrics: z.array(
    z.looseObject({ suite: z.string(), subset: z.string(), metric: z.string(), value: z.number(), n: count }),
  ),
  seconds: z.looseObject({ total: count }),
});

const known = new WeakMap<object, unknown>();

/** A sweep's manifest from `sweep.json`'s value; undefined where there is no such file. Throws with the path on a damaged one. */
export function sweepManifest(path: string, value: unknown): SweepManifest | undefined {
  return value === undefined ? undefined : checked(path, value, sweepSchema);
}

/** A run's manifest from `run.json`'s value; undefined where there is no such file. Throws with the path on a damaged one. */
export function runManifest(path: string, value: unknown): RunManifest | undefined {
  return value === undefined ? undefined : (checked(path, value, runSchema) as RunManifest);
}

/** A round's summary from `round.json`'s value; undefined where there is no such file. Throws with the path on a damaged one. */
export function roundSummary(path: string, value: unknown): RoundSummary | undefined {
  return value === undefined ? undefined : (checked(path, value, roundSchema) as unknown as RoundSummary);
}

/** Checked once for each time that a file was read. */
function checked<T>(path: string, value: unknown, schema: z.ZodType<T>): T {
  if (typeof value === "object" && value !== null && known.has(value)) return known.get(value) as T;
  const { success, data, error } = schema.safeParse(value);
  if (!success) {
    const [issue] = error.issues;
    const where = issue && issue.path.length > 0 ? ` ${issue.path.join(".")}` : "";
    throw new UserError(`${path}${where}: damaged, or of another version: ${issue?.message}`);
  }
  if (typeof value === "object" && value !== null) known.set(value, data);
  return data;
}
