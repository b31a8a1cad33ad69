import { type CellId, type Contrast, isCell, type Observation, ofWhole } from "../drift/index.js";
import { group } from "../group.js";
import { mean } from "../mean.js";

/**
 * The two values that a comparison is the difference of: means over the seeds that both sides have. A table's means are over all seeds
 * that each side has, which are more where runs failed or are not played yet.
 */
export type Pairing = { seeds: number; treated: Side; reference: Side };

/** `value`: over the seeds of both. `seeds`: of this side, whether or not the other has them. */
type Side = { value: number; seeds: number };

/** What a contrast is made of; `seen` are the observations of its metric. */
export function pairingOf(
  { reference, suite, round, by_seed, ...treated }: Contrast,
  seen: readonly Observation[],
): Pairing {
  const both = new Set(by_seed.map(({ seed }) => seed));
  const whole = ofWhole(seen);
  const sideOf = (cell: CellId, at: number): Side => {
    const own = whole.filter((one) => one.suite === suite && one.round === at && isCell(one, cell));
    const bySeed = [...group(own, ({ seed }) => String(seed)).values()];
    const paired = bySeed.filter(([first]) => both.has(first!.seed));
    return {
      value: mean(paired.map((probes) => mean(probes.map(({ value }) => value)))),
      seeds: bySeed.length,
    };
  };
  return { seeds: both.size, treated: sideOf(treated, round), reference: sideOf(reference, reference.round) };
}

/** Whether one side has seeds that the other lacks, so that the difference of a table's means is another number. */
export function isUneven({ seeds, treated, reference }: Pairing): boolean {
  return treated.seeds !== seeds || reference.seeds !== seeds;
}
