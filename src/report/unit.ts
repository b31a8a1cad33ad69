import type { Catalogue } from "../evaluation/index.js";
import { bound, bracketed, number, openWords, plus, pointsOf, signed, signedRange } from "../numbers.js";

type Interval = { low: number; high: number };

/** How differences of a metric are written. */
export type Unit = {
  /** Whether it is a share, whose differences are points. */
  share: boolean;
  /** What stands behind a signed number: ` points`, or nothing. */
  after: string;
  /** Without a sign: `5.4 points`, `0.17`. */
  size: (value: number) => string;
  /** With its sign: `−5.4`. */
  signed: (value: number) => string;
  range: (one: Interval & { value: number }) => string;
  brackets: (one: Interval) => string;
  /** What an interval leaves open of harm. */
  open: (most: number, harm: string) => string;
};

export const POINTS: Unit = {
  share: true,
  after: " points",
  size: pointsOf,
  signed,
  range: signedRange,
  brackets: bracketed,
  open: openWords,
};

const end = (value: number): string => (Math.abs(value) < 0.01 ? bound(value) : plus(value, 2));
const brackets = ({ low, high }: Interval): string => `[${end(low)}, ${end(high)}]`;

/** A number of any size, such as d′, is told as it is: a hundred times of it would be no points. */
const AS_IT_IS: Unit = {
  share: false,
  after: "",
  size: (value) => number(Math.abs(value), 2),
  signed: (value) => plus(value, 2),
  range: (one) => `${end(one.value)} ${brackets(one)}`,
  brackets,
  open: (most, harm) =>
    most <= 0 ? `${harm} are excluded` : `${harm} up to ${number(most, 2)} are not excluded`,
};

/** The unit of a metric's differences. */
export function unitOf(
  { catalogue }: { catalogue: Catalogue },
  { metric, suite }: { metric: string; suite: string | undefined },
): Unit {
  return catalogue.metric(metric, suite).unbounded ? AS_IT_IS : POINTS;
}
