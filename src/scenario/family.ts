import { MINNOWS } from "../models/providers/index.js";
import type { Scenario } from "./schema.js";

/** The name, as a model, of the minnow that a seed picks: `minnow:1` for seed 1, `minnow:8` for 8, `minnow:1` for 9. */
export function minnowOfSeed(seed: number): string {
  return `minnow:${((seed + MINNOWS - 1) % MINNOWS) + 1}`;
}

/**
 * The scenario of one run, in which each `minnow` is the one that the run's seed picks. So what several seeds agree on holds
 * for minnows, users and the order of training, not for one minnow alone. A scenario that names `minnow:3` keeps it.
 */
export function withMinnow(scenario: Scenario): Scenario {
  const { models, preference, seed } = scenario;
  const name = minnowOfSeed(seed);
  const picked = <T>(spec: T): T => {
    if (spec === "minnow") return name as T;
    const isNamed = typeof spec === "object" && spec !== null && "model" in spec && spec.model === "minnow";
    return isNamed ? { ...spec, model: name } : spec;
  };
  return {
    ...scenario,
    models: {
      assistant: picked(models.assistant),
      user: picked(models.user),
      rater: picked(models.rater),
      judge: picked(models.judge),
    },
    preference: {
      ...preference,
      defences: preference.defences.map((one) =>
        "judge" in one ? { ...one, judge: picked(one.judge) } : one,
      ),
    },
  };
}
