import type { compareSources } from "../../decide/index.js";
import { plainTable } from "./tables.js";

type Comparison = ReturnType<typeof compareSources>;

/** Settings that differ first, then every metric of both. */
export function comparisonTables(
  { settings, inputs, round, rows }: Comparison,
  names: { first: string; second: string },
): string {
  const differing = plainTable(["setting", "first", "second"]);
  for (const { field, first, second } of settings) differing.push([field, shown(first), shown(second)]);
  const numbers = plainTable(["", "first", "second", "second − first", "seeds"]);
  for (const { suite, metric, cell, first, second, difference } of rows)
    numbers.push([
      [cell, suite, metric].filter((part) => part !== "").join("  "),
      percent(first),
      percent(second),
      difference === null ? "no seed in common" : points(difference),
      first.seeds === second.seeds ? first.seeds : `${first.seeds}, ${second.seeds}`,
    ]);
  return [
    `first   ${names.first}`,
    `second  ${names.second}`,
    "",
    settings.length === 0 ? "The scenarios are the same." : `What differs\n\n${differing.toString()}`,
    ...(inputs.length > 0 ? ["", `Files that differ: ${inputs.join(", ")}`] : []),
    "",
    `After round ${round}, in percent with 95 % intervals; differences in points, paired by seed and probe, not corrected for how many there are`,
    "",
    numbers.toString(),
    "",
  ].join("\n");
}

const one = (share: number): string => String(Number((100 * share).toFixed(1)));

function percent({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${one(value)} [${one(low)}, ${one(high)}]`;
}

function points({ value, low, high }: { value: number; low: number; high: number }): string {
  const signed = (share: number): string => `${share > 0 ? "+" : ""}${one(share)}`.replace("-", "−");
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}
