import type { ProbeResult } from "../evaluation/types.js";
import type { Observation } from "./types.js";

/** What every observation of a run has in common. */
export type RunFacts = Pick<
  Observation,
  "run" | "scenario" | "seed" | "method" | "biased" | "biased_realized"
>;

/** The observations that a round's probes give: one for every metric that a probe counts for. */
export function observe(run: RunFacts, round: number, results: readonly ProbeResult[]): Observation[] {
  return results.flatMap(({ suite, subset, probe, scores }) =>
    Object.entries(scores).map(([metric, value]) => ({ ...run, round, suite, subset, probe, metric, value })),
  );
}
