import { normalQuantile } from "./student.js";
import { wilson } from "./wilson.js";

type Range = { low: number; high: number };

/** Of a metric that is no share in [0, 1]: where it may lie, and how far where no unit moved it. */
export type Bounds = {
  least: number;
  most: number;
  /** The interval of a value from which none of `n` units was seen to differ. */
  unseen: (value: number, n: number) => Range;
};

/** A number of any size may lie as far from what was seen as rates that nobody showed could. */
const ANY_SIZE: Bounds = {
  least: -Infinity,
  most: Infinity,
  unseen: (value, n) => {
    const half = 2 * normalQuantile(1 - 0.5 / (n + 1));
    return { low: value - half, high: value + half };
  },
};

/** A difference of two shares: as far as a share of units that nobody showed could move it. */
const DIFFERENCE: Bounds = {
  least: -1,
  most: 1,
  unseen: (value, n) => {
    const half = wilson(0, n).high;
    return { low: Math.max(-1, value - half), high: Math.min(1, value + half) };
  },
};

const BOUNDS: ReadonlyMap<string, Bounds> = new Map([
  ["d_prime", ANY_SIZE],
  ["leaning", ANY_SIZE],
  ["projection", ANY_SIZE],
  ["targeting", DIFFERENCE],
]);

/** The bounds of a metric that is no share; null where it is one. */
export function boundsOf(metric: string): Bounds | null {
  return BOUNDS.get(metric) ?? null;
}
