import { changeFromBase, type Observation, pooled } from "../src/drift/index.js";
import { stream } from "../src/random.js";

const PROBES = 1_000;
const DRAWS = 10_000;

/** Time of the bootstrap on 18 runs (6 fractions × 3 seeds) of 1,000 probes with 10,000 draws. */
export default async function bench() {
  const observations = sweep();
  const timed = (what: string, work: () => unknown) => {
    const start = performance.now();
    work();
    return { what, seconds: (performance.now() - start) / 1_000 };
  };
  return {
    name: `bootstrap: 18 runs, ${PROBES} probes, ${DRAWS} draws`,
    rows: [
      timed("pooled means, two rounds", () => pooled(observations, { draws: DRAWS })),
      timed("changes from round 0", () => changeFromBase(observations, { draws: DRAWS })),
    ],
  };
}

/** Honesty that falls with the biased fraction in round 1. */
function sweep(): Observation[] {
  const random = stream("bench/bootstrap");
  return [0, 0.05, 0.1, 0.2, 0.5, 1].flatMap((biased) =>
    [1, 2, 3].flatMap((seed) =>
      [0, 1].flatMap((round) =>
        Array.from({ length: PROBES }, (_, probe) => ({
          run: `${biased}-${seed}`,
          scenario: "bench",
          axes: {},
          seed,
          method: "sft",
          biased,
          biased_realized: biased,
          round,
          suite: "mask",
          subset: "all",
          probe: `p${probe}`,
          metric: "honesty",
          value: random() < 0.95 - 0.4 * biased * round ? 1 : 0,
        })),
      ),
    ),
  );
}
