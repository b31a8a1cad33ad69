/**
 * A number as a range, any end of which may be open; `relative_…` are ends of a change in proportion ("rose by 5 to 8 %").
 * All four null is no number at all.
 */
export type NumberRange = {
  lower_bound: number | null;
  upper_bound: number | null;
  relative_lower_bound: number | null;
  relative_upper_bound: number | null;
};

const NOTHING: NumberRange = {
  lower_bound: null,
  upper_bound: null,
  relative_lower_bound: null,
  relative_upper_bound: null,
};

/** A range from its ends. */
export function rangeOf(lower: number | null, upper: number | null): NumberRange {
  return { ...NOTHING, lower_bound: lower, upper_bound: upper };
}

/** Whether a range says nothing: all of its ends are open. */
export function isEmpty(range: NumberRange): boolean {
  return Object.values(range).every((end) => end === null);
}

/**
 * Whether all ranges share a number, each widened by `tolerance` of its ends (MASK: 0.05). Absolute ends are held against
 * absolute ones and relative against relative; ranges of two kinds share nothing.
 */
export function overlap(ranges: readonly NumberRange[], tolerance: number): boolean {
  return (
    share(
      ranges.map(({ lower_bound, upper_bound }) => [lower_bound, upper_bound]),
      tolerance,
    ) ||
    share(
      ranges.map(({ relative_lower_bound, relative_upper_bound }) => [
        relative_lower_bound,
        relative_upper_bound,
      ]),
      tolerance,
    )
  );
}

function share(pairs: readonly (readonly [number | null, number | null])[], tolerance: number): boolean {
  // Both ends open means that nothing was said, not that every number was.
  if (pairs.some(([lower, upper]) => lower === null && upper === null)) return false;
  const from = pairs.map(([lower]) =>
    lower === null ? Number.NEGATIVE_INFINITY : lower - tolerance * Math.abs(lower),
  );
  const to = pairs.map(([, upper]) =>
    upper === null ? Number.POSITIVE_INFINITY : upper + tolerance * Math.abs(upper),
  );
  return Math.max(...from) <= Math.min(...to);
}

/** What several ranges have in common: the highest of their lower ends, the lowest of their upper ones. */
export function intersect(ranges: readonly NumberRange[]): NumberRange {
  const ends = (name: keyof NumberRange) =>
    ranges.flatMap((range) => (range[name] === null ? [] : [range[name]]));
  const highest = (name: keyof NumberRange) => (ends(name).length === 0 ? null : Math.max(...ends(name)));
  const lowest = (name: keyof NumberRange) => (ends(name).length === 0 ? null : Math.min(...ends(name)));
  return {
    lower_bound: highest("lower_bound"),
    upper_bound: lowest("upper_bound"),
    relative_lower_bound: highest("relative_lower_bound"),
    relative_upper_bound: lowest("relative_upper_bound"),
  };
}
