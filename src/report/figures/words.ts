import { type Catalogue, shippedCatalogue } from "../../evaluation/index.js";

/** Percent with at most one decimal, e.g. `94.2 %`. */
export function percent(value: number): string {
  return `${number(100 * value)} %`;
}

/** At most one decimal. */
export function number(value: number): string {
  return String(Number(value.toFixed(1)) + 0);
}

/** `94.2 % (90.1 to 97)`. */
export function withRange({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${percent(value)} (${number(100 * low)} to ${number(100 * high)})`;
}

/** What people call a metric. */
export function metricName(metric: string, catalogue: Catalogue = shippedCatalogue): string {
  return catalogue.metric(metric).label;
}

/** `1 seed`, `3 seeds`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
