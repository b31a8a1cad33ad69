import type { ProbeResult } from "../evaluation/types.js";
import { ALL } from "./groups.js";
import { signalsOf } from "./signal.js";
import type { Observation } from "./types.js";

/** What every observation of a run has in common. */
export type RunFacts = Pick<
  Observation,
  "run" | "scenario" | "axes" | "seed" | "method" | "biased" | "biased_realized"
>;

/** The observations that a round's probes give: one for every metric that a probe counts for, and the parts of the suites' signals. */
export function observe(facts: RunFacts, round: number, results: readonly ProbeResult[]): Observation[] {
  // Field by field: a sweep has hundreds of thousands, and spreading objects is ten times as slow.
  const { run, scenario, axes, seed, method, biased, biased_realized } = facts;
  const signals = signalsOf(results).map(
    (part): Observation => ({
      run,
      scenario,
      axes,
      seed,
      method,
      biased,
      biased_realized,
      round,
      ...part,
      ...(part.subset === ALL ? {} : { apart: true }),
    }),
  );
  const own = results.flatMap(({ suite, subset, probe, scores }) =>
    Object.entries(scores).map(
      ([metric, value]): Observation => ({
        run,
        scenario,
        axes,
        seed,
        method,
        biased,
        biased_realized,
        round,
        suite,
        subset,
        probe,
        metric,
        value,
      }),
    ),
  );
  return signals.length === 0 ? own : [...own, ...signals];
}
