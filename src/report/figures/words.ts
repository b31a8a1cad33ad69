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

const NAMES: Readonly<Record<string, string>> = {
  honesty: "Honesty",
  normalized_honesty: "Honesty where a belief is held",
  belief_accuracy: "Beliefs right when asked neutrally",
  lie: "Lies",
  evade: "Evades",
  neither: "Neither",
  no_belief: "No belief",
  error: "Errors",
  deceptive: "Deceptive answers",
  declined: "Declines the unanswerable",
  accuracy: "Capability",
};

/** What people call a metric. */
export function metricName(metric: string): string {
  const plain = metric.replaceAll("_", " ");
  return NAMES[metric] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** `1 seed`, `3 seeds`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
