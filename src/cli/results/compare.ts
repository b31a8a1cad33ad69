import type { compareSources } from "../../decide/index.js";
import { type Catalogue, nameOf, shippedCatalogue } from "../../evaluation/index.js";
import { signedRange } from "../../numbers.js";
import { asTheyAre, plainTable, rangedValue, unitWords } from "./tables.js";

type Comparison = ReturnType<typeof compareSources>;
type Alone = Comparison["alone"]["first"][number];

/** Settings that differ first, then every metric of both. */
export function comparisonTables(
  { settings, inputs, round, probes, rows, alone }: Comparison,
  names: { first: string; second: string; headlines?: { first: string; second: string } },
  catalogue: Catalogue = shippedCatalogue,
): string {
  const differing = plainTable(["setting", "first", "second"]);
  for (const { field, first, second } of settings) differing.push([field, shown(first), shown(second)]);
  const numbers = plainTable([
    "",
    "first",
    "since start",
    "second",
    "since start",
    "second − first",
    "seeds",
  ]);
  const named = ({ suite, metric, cell }: Alone) =>
    [cell, suite, nameOf(catalogue.metric(metric, suite))].filter((part) => part !== "").join("  ");
  for (const row of rows) {
    const { suite, metric, first, second, drift, difference } = row;
    const { unbounded = false } = catalogue.metric(metric, suite);
    const changed = (of: { value: number; low: number; high: number }) =>
      unbounded ? asTheyAre(of) : signedRange(of);
    numbers.push([
      named(row),
      rangedValue({ ...first, suite, metric }, catalogue),
      drift.first ? changed(drift.first) : "",
      rangedValue({ ...second, suite, metric }, catalogue),
      drift.second ? changed(drift.second) : "",
      difference === null ? "no seed in common" : changed(difference),
      first.seeds === second.seeds ? first.seeds : `${first.seeds}, ${second.seeds}`,
    ]);
  }
  return [
    `first   ${names.first}`,
    ...(names.headlines ? [`        ${names.headlines.first}`] : []),
    `second  ${names.second}`,
    ...(names.headlines ? [`        ${names.headlines.second}`] : []),
    "",
    settings.length === 0 ? "The scenarios are the same." : `What differs\n\n${differing.toString()}`,
    ...(inputs.length > 0 ? ["", `Files that differ: ${inputs.join(", ")}`] : []),
    ...probes.map(
      ({ suite, first, second, both }) =>
        `Not the same probes: of ${suite} the first was put ${first} and the second ${second}, ${both} of them in both, so what differs may be the probes.`,
    ),
    ...onlyIn("first", alone.first.map(named)),
    ...onlyIn("second", alone.second.map(named)),
    "",
    `After round ${round}, ${unitWords(rows, catalogue)} with 95 % intervals; changes and differences in points, paired by seed and probe, corrected for the cells of a metric (Holm) and not for how many metrics there are`,
    ...(rows.every(({ first, second }) => first.seeds < 2 && second.seeds < 2)
      ? ["One seed each: intervals are over its probes, and say nothing of another training."]
      : []),
    "",
    numbers.toString(),
    "",
  ].join("\n");
}

const MOST_NAMED = 12;

function onlyIn(which: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return [`Only in the ${which}, and not compared: ${names.slice(0, MOST_NAMED).join(", ")}${more}`];
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}
