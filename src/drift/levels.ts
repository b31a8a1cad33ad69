import { estimateDrift } from "./estimate.js";
import { observe } from "./observe.js";
import type { Answered } from "./signal.js";
import type { DriftRow, Observation } from "./types.js";

/** One model's results as those of a round 0 of no run. */
export function observedAlone(results: readonly Answered[]): Observation[] {
  const facts = { run: "", scenario: "", axes: {}, seed: 0, method: "", biased: 0, biased_realized: 0 };
  return observe(facts, 0, results);
}

/** One model's results by suite, subset and metric, each a mean with its 95 % interval over the probes: a run's round 0 by itself. */
export function levelsOf(results: readonly Answered[]): DriftRow[] {
  return estimateDrift(observedAlone(results));
}
