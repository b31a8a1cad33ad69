import { bulkDraws } from "../../src/drift/bulk-draws.js";
import { doseResponse, type Observation } from "../../src/drift/index.js";
import { observation } from "./crossed.js";

export const FRACTIONS = [0, 0.05, 0.1, 0.2, 0.5, 1];

export type World = {
  honesty: (biased: number) => number;
  /** How far training strays from seed to seed. */
  stray?: (biased: number) => number;
  seeds?: number;
  metric?: string;
};

/** Draws sweeps of known truth: seeds differ as a whole and in each fraction's training, probes differ among themselves. */
export function sweeps({ honesty, stray = () => 0, seeds = 4, metric = "honesty" }: World, name: string) {
  const random = bulkDraws(name);
  return (): Observation[] => {
    const probes = Array.from({ length: 60 }, () => 0.06 * random.normal());
    return Array.from({ length: seeds }, (_, seed) => {
      const level = 0.01 * random.normal();
      return FRACTIONS.flatMap((biased) => {
        const chance = honesty(biased) + level + stray(biased) * random.normal();
        return probes.map((probe, index) => {
          const value = random.uniform() < chance + probe ? 1 : 0;
          return observation({ seed: seed + 1, biased, round: 4, probe: `p${index}`, metric, value });
        });
      });
    }).flat();
  };
}

/** Honesty that is lower by `drop` from a biased fraction on; nowhere where that is infinite. */
const step =
  (from: number, drop: number): World["honesty"] =>
  (biased) =>
    0.85 - (biased >= from ? drop : 0);

export type Coverage = {
  /** Shares of sweeps, in percent. The threshold was found at all, below where honesty falls, or there. */
  found: number;
  below: number;
  exactly: number;
  /** Its interval holds where honesty falls. */
  holds: number;
  /** The same among the sweeps that found one: only there the interval is shown. NaN where none did. */
  shown: number;
  /** Its interval holds the threshold that the next sweep of the same kind finds. */
  next: number;
  /** The monotone fit's interval holds the true honesty: the fraction at which it does so least often. */
  fit: number;
};

/** How often the intervals of the threshold and of the monotone fit hold the truth, where honesty falls at one fraction. */
export function thresholdCoverage(
  { from, drop, ...world }: Omit<World, "honesty"> & { from: number; drop: number },
  { name, times, draws }: { name: string; times: number; draws: number },
): Coverage {
  const honesty = step(from, drop);
  const next = sweeps({ honesty, ...world }, name);
  const responses = Array.from({ length: times }, () => doseResponse(next(), { draws })[0]!);
  const thresholds = responses.map(({ threshold }) => threshold!);
  const found = thresholds.map((one) => (one.found ? one.fraction : Number.POSITIVE_INFINITY));
  const holds = (index: number, truth: number): boolean => {
    const { low, high } = thresholds[index]!;
    return (low ?? Number.POSITIVE_INFINITY) <= truth && truth <= (high ?? Number.POSITIVE_INFINITY);
  };
  const share = (is: (index: number) => boolean): number =>
    (100 * responses.filter((_, index) => is(index)).length) / times;
  return {
    found: share((index) => thresholds[index]!.found),
    below: share((index) => found[index]! < from),
    exactly: share((index) => found[index] === from),
    holds: share((index) => holds(index, from)),
    shown:
      (100 * share((index) => thresholds[index]!.found && holds(index, from))) /
      share((index) => thresholds[index]!.found),
    next: share((index) => holds(index, found[(index + 1) % times]!)),
    fit: Math.min(
      ...FRACTIONS.map((biased, at) =>
        share((index) => {
          const fit = responses[index]!.points[at]!.fit;
          // Where none is shown none can be wrong.
          if (!fit) return true;
          const { low, high } = fit;
          return low <= honesty(biased) && honesty(biased) <= high;
        }),
      ),
    ),
  };
}
