import { expect, it } from "vitest";
import { contrasts, type Observation } from "../../src/drift/index.js";
import { pairingOf } from "../../src/report/pairing.js";
import { seedValues } from "../../src/report/seed-values.js";
import { madeUpSweep } from "./made-up.js";

const cells = madeUpSweep({ fractions: [0, 0.5], rounds: 1, seeds: 3, probes: 4 }).filter(
  ({ metric, biased, seed }) => metric === "honesty" && (biased === 0 || seed > 1),
);
/** A signal over all probes, and beside it the parts of its subsets, where it is another number. */
const signal = cells.flatMap((one): Observation[] => {
  const whole = { ...one, metric: "sensitivity", subset: "all" };
  return [whole, { ...whole, subset: one.subset, value: 3, apart: true }];
});

it("is told of a signal without the parts of its subsets: the means that a comparison is of, and a run's own value", () => {
  const [contrast] = contrasts(signal, (key) => (key.biased > 0 ? { ...key, biased: 0 } : null)).filter(
    ({ round, subset }) => round === 1 && subset === "all",
  );
  const { treated, reference } = pairingOf(contrast!, signal);
  expect(treated.value - reference.value).toBeCloseTo(contrast!.value, 12);
  expect([treated.seeds, reference.seeds]).toEqual([2, 3]);

  const values = seedValues(signal, "sensitivity");
  const whole = seedValues(cells, "honesty");
  expect(values.map(({ value }) => value)).toEqual(whole.map(({ value }) => value));
});
