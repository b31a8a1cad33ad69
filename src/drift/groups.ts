import type { Axes, Observation } from "./types.js";

/** The subset that stands for all probes of a suite. */
export const ALL = "all";

/** Observations of one subset, which may be `all`. */
export type SubsetGroup = { subset: string; seen: Observation[] };

/**
 * Groups observations by suite, metric, subset and whatever else `key` says. Each also counts in its suite's subset
 * `all`. Groups come in the order their first observation does.
 */
export function groupSubsets(
  observations: readonly Observation[],
  key: (seen: Observation) => string = () => "",
): SubsetGroup[] {
  const groups = new Map<string, SubsetGroup>();
  const add = (name: string, subset: string, seen: Observation) => {
    const group = groups.get(name);
    if (group) group.seen.push(seen);
    else groups.set(name, { subset, seen: [seen] });
  };
  for (const seen of observations) {
    const rest = joined(seen.suite, seen.metric, key(seen));
    if (!seen.apart) add(joined(ALL, rest), ALL, seen);
    if (seen.subset !== ALL) add(joined(seen.subset, rest), seen.subset, seen);
  }
  return [...groups.values()];
}

/** Observations as those of their suites as a whole: parts of a subset's own signal are not among them, as the whole has others. */
export function ofWhole<T extends Pick<Observation, "apart" | "subset">>(observations: readonly T[]): T[] {
  return observations.filter(({ apart }) => !apart).map((one) => ({ ...one, subset: ALL }));
}

/** Parts as one text, apart from each other by a character that names do not have. */
export function joined(...parts: readonly (string | number)[]): string {
  return parts.join("\u0000");
}

/** Orders rows by the given fields: numbers by size, text by code unit (no locale), the subset `all` first, axes as they are written. */
export function orderBy<T extends Record<string, unknown>>(fields: readonly (keyof T & string)[]) {
  return (one: T, other: T): number => {
    for (const field of fields) {
      const order = compare(field, one[field], other[field]);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The fields by which rows of cells are put in order: those that speak of a whole subset, and those of one metric of it. */
export const ROW_ORDER = [
  "scenario",
  "axes",
  "method",
  "biased",
  "round",
  "suite",
  "subset",
  "metric",
] as const;

function compare(field: string, a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (field === "subset" && (a === ALL || b === ALL)) return a === ALL ? -1 : 1;
  const [one, other] = [a, b].map((value) => (isAxes(value) ? axesText(value) : String(value)));
  return one === other ? 0 : one! < other! ? -1 : 1;
}

function isAxes(value: unknown): value is Axes {
  return typeof value === "object" && value !== null;
}

/** Axes as one text, e.g. `careful training.learning_rate=0.01`. */
export function axesText(axes: Axes): string {
  return Object.entries(axes)
    .map(([path, value]) => (path === "case" ? value : `${path}=${value}`))
    .join(" ");
}
