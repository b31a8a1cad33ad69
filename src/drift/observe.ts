import { ALL } from "./groups.js";
import { type Answered, signalsOf } from "./signal.js";
import type { Observation } from "./types.js";

/** What every observation of a run has in common. */
export type RunFacts = Pick<
  Observation,
  "run" | "scenario" | "axes" | "seed" | "method" | "biased" | "biased_realized"
>;

/** The observations that a round's probes give: one for every metric that a probe counts for, and the parts of the suites' signals. */
export function observe(facts: RunFacts, round: number, results: readonly Answered[]): Observation[] {
  const signals = signalsOf(results).map((part): Observation => {
    const one = observation(facts, round, part);
    return part.subset === ALL ? one : { ...one, apart: true };
  });
  const own = results.flatMap(({ suite, subset, probe, scores }) =>
    Object.entries(scores).map(([metric, value]) =>
      observation(facts, round, { suite, subset, probe, metric, value }),
    ),
  );
  return signals.length === 0 ? own : [...own, ...signals];
}

type Measured = Pick<Observation, "suite" | "subset" | "probe" | "metric" | "value">;

/** Field by field: a sweep has hundreds of thousands, and spreading objects is ten times as slow. */
function observation(
  { run, scenario, axes, seed, method, biased, biased_realized }: RunFacts,
  round: number,
  { suite, subset, probe, metric, value }: Measured,
): Observation {
  return {
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
  };
}
