// Every number that a person reads is written here, so that it has the same digits on every surface.

/** Percent with at most one decimal, e.g. `94.2 %`. */
export function percent(value: number): string {
  return `${number(100 * value)} %`;
}

/**
 * A share that was chosen, such as a fraction of biased users, in percent: `5 %`, `0.04 %`. As many decimals as it needs, at
 * most four, so that shares which differ have names that differ.
 */
export function share(value: number): string {
  return `${Number((100 * value).toFixed(4)) + 0} %`;
}

/** At most one decimal, or `digits`: `−0.6`. */
export function number(value: number, digits = 1): string {
  return minus(String(Number(value.toFixed(digits)) + 0));
}

/** Exactly so many decimals, for columns and for statistics such as kappa: `−0.60`. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : minus(text);
}

/** The sign that people read; files for programs keep the hyphen. */
const minus = (text: string): string => text.replace("-", "−");

/** A difference in a unit of its own with its sign: `+0.3`, `−5.4`, `0`. */
export function plus(value: number, digits = 1): string {
  const text = number(value, digits);
  return value > 0 && text !== "0" ? `+${text}` : text;
}

/** A difference of shares in points with its sign: `−5.4`, `+0.3`, `0`. */
export function signed(value: number): string {
  return plus(100 * value);
}

type Interval = { low: number; high: number };

/** A difference of shares in points with its interval: `−5.4 [−7.2, −3.6]`. */
export function signedRange({ value, low, high }: Interval & { value: number }): string {
  return plusRange({ value: 100 * value, low: 100 * low, high: 100 * high });
}

/** A difference in a unit of its own with its interval: `−0.2 [−0.9, +0.5]`. */
export function plusRange({ value, low, high }: Interval & { value: number }): string {
  // 0 beside an interval that it does not lie in would be no rounding.
  const shown = low > 0 || high < 0 ? bound(value) : plus(value);
  return `${shown} [${bound(low)}, ${bound(high)}]`;
}

/** An interval of differences of shares, in points: `[−7.2, −3.6]`. */
export function bracketed({ low, high }: Interval): string {
  return `[${bound(100 * low)}, ${bound(100 * high)}]`;
}

/** Nearer to 0 than this a bound is 0 but for rounding. */
const LEAST = 0.001;

/** The end of an interval: on which side of 0 it lies decides what is said of it, so no rounding hides that: `−0.04`. */
export function bound(value: number): string {
  const text = plus(value);
  const size = Math.abs(value);
  if (text !== "0" || size < LEAST) return text;
  return `${value < 0 ? "−" : "+"}${Number(size.toPrecision(1))}`;
}

/** Said once beside differences: those of two rounded numbers may be a tenth off. */
export const BEFORE_ROUNDING = "Differences are reckoned before rounding.";

/** A p value: `0.0123`, `< 0.0001`. */
export function pValue(p: number): string {
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

/** How many points, without a sign: `5.4 points`, `1 point`. */
export function pointsOf(value: number): string {
  const text = number(Math.abs(100 * value));
  return `${text} ${text === "1" ? "point" : "points"}`;
}

/** What an interval leaves open of harm: `drops up to 1.2 points are not excluded`. `most` is 0 where it leaves none. */
export function openWords(most: number, harm = "drops"): string {
  if (most <= 0) return `${harm} are excluded`;
  if (pointsOf(most) === pointsOf(0)) return `${harm} of a tenth of a point and more are excluded`;
  return `${harm} up to ${pointsOf(most)} are not excluded`;
}

/** What several comparisons leave open of harm, each by the most that its interval does; of one seed, which knows nothing of others, that is everything. */
export function openAmongWords(
  told: readonly { seeds: number; most: number }[],
  harm = "drops",
  open: (most: number, harm: string) => string = openWords,
): string {
  const tested = told.filter(({ seeds }) => seeds > 1);
  const single = told.length - tested.length;
  if (tested.length === 0) return "one seed says nothing of another training";
  const words = open(Math.max(...tested.map(({ most }) => most)), harm);
  return single === 0
    ? words
    : `${words}, but for ${single} of one seed, which says nothing of another training`;
}

/** Of a number of any size: `1.73 (1.51 to 1.96)`. */
export function asItIs({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${number(value, 2)} (${number(low, 2)} to ${number(high, 2)})`;
}

/** `94.2 % (90.1 to 97)`. */
export function withRange({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${percent(value)} (${number(100 * low)} to ${number(100 * high)})`;
}

/** `1 seed`, `3 seeds`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
