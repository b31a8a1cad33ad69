import { z } from "zod";

// Largest amounts that a scenario may ask for: well above what anybody has played, and low enough that a slip of the keyboard,
// or a stranger's file, cannot fill the memory before anything is played.

export const MOST = {
  /** Of a scenario's file, which is checked while somebody waits. */
  bytes: 2 ** 20,
  rounds: 10_000,
  users: 1_000_000,
  rows: 10_000_000,
  /** Points and factors of users' ratings. */
  points: 1_000_000,
  exchanges: 1_000,
  samples: 1_000,
  epochs: 10_000,
  batch: 100_000,
  tokens: 10_000_000,
  steps: 100_000_000,
  gpus: 64,
  /** Blocks of a model. */
  layers: 1_000,
  rank: 100_000,
  raters: 10_000,
  iterations: 1_000_000,
  probes: 10_000_000,
  seeds: 10_000,
  /** Leaves room for a sweep's seeds among the whole numbers that are exact. */
  seed: 10 ** 15,
  /** A list of names or settings. */
  names: 1_000,
  defences: 50,
  /** Axes of a sweep, and the values of one. */
  axes: 16,
  values: 10_000,
  /** Runs of a sweep, seeds and all. */
  runs: 100_000,
  /** Letters of a name that folders are called by. */
  letters: 100,
} as const;

/** A whole number from 1 to `most`. */
export const countTo = (most: number) => z.int().positive().max(most);

/** Fields by name, not more than `most`. */
export function recordTo<K extends z.core.$ZodRecordKey, V extends z.ZodType>(
  key: K,
  value: V,
  most: number,
) {
  return z
    .record(key, value)
    .refine((fields) => Object.keys(fields).length <= most, { message: `expected at most ${most} names` });
}
