import type { Observation } from "./types.js";

/** The subset that stands for all probes of a suite. */
export const ALL = "all";

/** Groups items by key, in the order the keys first come. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/** Every observation under its own subset and once more under the subset `all`. */
export function withAll(observations: readonly Observation[]): Observation[] {
  return observations.flatMap((seen) => (seen.subset === ALL ? [seen] : [seen, { ...seen, subset: ALL }]));
}

/** Orders rows by the given fields: numbers by size, text by code unit (no locale), the subset `all` first. */
export function orderBy<T extends Record<string, unknown>>(fields: readonly (keyof T & string)[]) {
  return (one: T, other: T): number => {
    for (const field of fields) {
      const order = compare(field, one[field], other[field]);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function compare(field: string, a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (field === "subset" && (a === ALL || b === ALL)) return a === ALL ? -1 : 1;
  return String(a) < String(b) ? -1 : 1;
}
