import Table from "cli-table3";
import { type DriftRow, gridOf, isCell, type PooledRow } from "../../drift/index.js";
import {
  type Catalogue,
  honestyMetrics,
  nameOf,
  type ProbeResult,
  shippedCatalogue,
  spokenRows,
} from "../../evaluation/index.js";
import { group } from "../../group.js";
import { listed } from "../../listed.js";
import { number, share } from "../../numbers.js";
import type { Analysis, Terms } from "../../report/index.js";

/** What the tables of a result are made of: its rows, and the metric that it speaks of. */
type Spoken = Pick<Analysis, "pooled" | "suite" | "metric" | "catalogue" | "brokenEver">;

/**
 * Honesty, or the metric that the result speaks of, by fraction of biased users or misaligned rows (rows) and round (columns), in
 * percent with 95 % intervals. A model that broke has none: its cell says so.
 */
export function honestyTable(spoken: Spoken, { units }: Terms): string {
  const broken = spoken.brokenEver;
  const rows = spokenRows(spoken.pooled, spoken.catalogue, spoken);
  const rounds = [...new Set(rows.map(({ round }) => round))].sort((a, b) => a - b);
  const table = plainTable([units, ...rounds.map((round) => `round ${round}`)]);
  const isBroken = (row: PooledRow) =>
    broken.some((one) => one.round === row.round && one.suite === row.suite && isCell(one, row));
  for (const [name, cell] of byCell(rows, ({ metric, suite }) =>
    nameOf(spoken.catalogue.metric(metric, suite)),
  )) {
    const at = (round: number) => cell.find((row) => row.round === round);
    const told = (row: PooledRow | undefined) => (row && isBroken(row) ? "broke" : interval(row));
    table.push([name, ...rounds.map((round) => told(at(round)))]);
  }
  return [
    table.toString(),
    ...(broken.length === 0
      ? []
      : ["broke: it knows or answers so little any more that honesty says nothing; see below"]),
    ...unevenWords(rows),
  ].join("\n");
}

/** Where means are over other seeds, their difference is not what a comparison tells, which goes by the seeds that both sides have. */
function unevenWords(rows: readonly PooledRow[]): string[] {
  const seeds = rows.map((row) => row.seeds);
  const [least, most] = [Math.min(...seeds), Math.max(...seeds)];
  return least < most
    ? [
        `Means are over the seeds that each has, ${least} to ${most}; comparisons go by the seeds that both sides have.`,
      ]
    : [];
}

/** What stands over the table of what honesty alone does not show. */
export function besideWords(rows: readonly PooledRow[], catalogue: Catalogue): string {
  const shown = rows.filter(({ metric, suite }) => catalogue.metric(metric, suite).column !== undefined);
  return `Beside it, ${unitWords(shown, catalogue)}`;
}

/** What the table of honesty holds: the measure and, where its suite says so, what it counts; suites that lead with another are named. */
export function measureWords(
  catalogue: Catalogue,
  {
    metric,
    suite,
    pooled = [],
  }: { metric: string; suite: string | undefined; pooled?: readonly PooledRow[] },
): string {
  const { label, counts } = catalogue.metric(metric, suite);
  const rows = spokenRows(pooled, catalogue, { suite, metric });
  const others = [...new Set(rows.filter((row) => row.metric !== metric).map((row) => row.suite))];
  return [
    counts === undefined ? label : `${label} (${counts})`,
    ...(others.length > 0 ? [`of ${listed(others)} the measure that rows name`] : []),
  ].join(", ");
}

/** What numbers are told in; those without bounds are no shares. */
export function unitWords(
  rows: readonly Pick<PooledRow, "metric" | "suite">[],
  catalogue: Catalogue = shippedCatalogue,
): string {
  const unbounded = rows
    .map(({ metric, suite }) => catalogue.metric(metric, suite))
    .filter((metric) => metric.unbounded)
    .map(nameOf);
  return unbounded.length === 0 ? "in percent" : `in percent but for ${listed([...new Set(unbounded)])}`;
}

/** What honesty alone does not show, after the last round: how statements divide, and whether beliefs still hold. */
export function verdictTable({ pooled, catalogue, ...spoken }: Spoken, { units }: Terms): string {
  const last = Math.max(...pooled.map(({ round }) => round));
  const described = pooled.filter(({ suite }) => isDescribed(catalogue, suite));
  const rows = (described.length > 0 ? described : pooled).filter(
    ({ round, subset }) => round === last && subset === "all",
  );
  const leading = new Set(spokenRows(rows, catalogue, spoken).map(({ metric }) => metric));
  // Suites may lead with different measures: none is dropped then.
  const columns = narrow(catalogue, leading.size === 1 ? leading : new Set()).filter(([metric]) =>
    rows.some((row) => row.metric === metric),
  );
  const table = plainTable([`${units}, round ${last}`, ...columns.map(([, title]) => title)]);
  // What stands in no column makes no row either.
  const told = rows.filter(({ metric }) => columns.some(([column]) => column === metric));
  for (const [name, cell] of byCell(told)) {
    table.push([
      name,
      ...columns.map(([metric]) => {
        const row = cell.find((candidate) => candidate.metric === metric);
        if (!row) return "";
        return catalogue.metric(metric, row.suite).ranged ? rangedValue(row, catalogue) : percent(row.value);
      }),
    ]);
  }
  return table.toString();
}

const isDescribed = ({ suites }: Catalogue, suite: string): boolean =>
  suites.some(({ name }) => name === suite);

/** What other harnesses measured, a row for each cell and metric and a column for each round; "" where nothing was imported. */
export function importedTable(pooled: readonly PooledRow[], catalogue: Catalogue): string {
  const rows = pooled.filter(
    ({ suite, subset, metric }) => subset === "all" && metric !== "error" && !isDescribed(catalogue, suite),
  );
  if (rows.length === 0) return "";
  const rounds = [...new Set(rows.map(({ round }) => round))].sort((a, b) => a - b);
  const table = plainTable(["", ...rounds.map((round) => `round ${round}`)]);
  const grid = gridOf(rows);
  const isOneCell = new Set(rows.map((row) => `${share(row.biased)} ${grid.name(row)}`)).size === 1;
  const named = group(rows, (row) =>
    [
      ...(isOneCell ? [] : [share(row.biased), grid.name(row)]),
      row.suite,
      nameOf(catalogue.metric(row.metric, row.suite)),
    ].join("  "),
  );
  for (const [name, own] of named)
    table.push([
      name,
      ...rounds.map((round) =>
        rangedValue(
          own.find((row) => row.round === round),
          catalogue,
        ),
      ),
    ]);
  return `From other harnesses, in percent, with 95 % intervals\n\n${table.toString()}`;
}

/** What suites want in a narrow table, by metric, without the one that the table before it has. */
function narrow({ suites }: Catalogue, leading: ReadonlySet<string>): [string, string][] {
  const columns = new Map<string, string>();
  for (const { id, column } of suites.flatMap(({ metrics }) => metrics))
    if (column !== undefined && !leading.has(id) && !columns.has(id)) columns.set(id, column);
  return [...columns];
}

/**
 * One model's results: a row for each metric and a column for each subset, with 95 % intervals; in percent but for metrics without
 * bounds. `rows` are the results' levels.
 */
export function evalTable(
  results: readonly ProbeResult[],
  rows: readonly DriftRow[],
  catalogue: Catalogue = shippedCatalogue,
): string {
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const first = catalogue.suites
    .flatMap(({ name }) => honestyMetrics(rows, name, catalogue))
    .filter((metric, index, all) => all.indexOf(metric) === index);
  const shown = [...first, ...metrics.filter((metric) => !first.includes(metric))];
  const subsets = [...new Set(rows.map((row) => row.subset))];
  const table = plainTable(["", ...subsets]);
  const count = (subset: string) =>
    subset === "all" ? results.length : results.filter((result) => result.subset === subset).length;
  table.push(["probes", ...subsets.map(count)]);
  for (const metric of shown) {
    const cells = subsets.map((subset) =>
      rangedValue(
        rows.find((row) => row.subset === subset && row.metric === metric),
        catalogue,
      ),
    );
    table.push([nameOf(catalogue.metric(metric, rows[0]?.suite)), ...cells]);
  }
  return `${table.toString()}\n`;
}

/** A number with its interval, in percent unless it has no bounds. */
export function rangedValue(
  row: Pick<PooledRow, "value" | "low" | "high" | "metric" | "suite"> | undefined,
  catalogue: Catalogue = shippedCatalogue,
): string {
  if (!row) return "";
  return catalogue.metric(row.metric, row.suite).unbounded ? asTheyAre(row) : interval(row);
}

/** `−0.56 [−0.7, −0.42]` */
export function asTheyAre({ value, low, high }: Pick<PooledRow, "value" | "low" | "high">): string {
  const shown = (one: number) => number(one, 2);
  return `${shown(value)} [${shown(low)}, ${shown(high)}]`;
}

/** Rows of one curve under its name: the fraction, with suite, measure, scenario and method where they differ. */
function byCell(
  rows: readonly PooledRow[],
  measure: (row: PooledRow) => string = () => "",
): Map<string, PooledRow[]> {
  const grid = gridOf(rows);
  const of = {
    suite: ({ suite }: PooledRow) => suite,
    measure,
    scenario: grid.apart,
    method: ({ method }: PooledRow) => method,
  };
  const fields = Object.values(of).filter((field) => new Set(rows.map(field)).size > 1);
  const cells = new Map<string, PooledRow[]>();
  for (const row of rows) {
    const name = [share(row.biased), ...fields.map((field) => field(row))].join("  ");
    cells.set(name, [...(cells.get(name) ?? []), row]);
  }
  return cells;
}

/** `94.2 [90.1, 97]`, in percent. */
function interval(row: Pick<PooledRow, "value" | "low" | "high"> | undefined): string {
  return row ? `${percent(row.value)} [${percent(row.low)}, ${percent(row.high)}]` : "";
}

function percent(value: number): string {
  return number(100 * value);
}

/** A table without colours, its first column to the left and all others to the right. */
export function plainTable(head: string[], words: readonly string[] = []): Table.Table {
  return new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((name, index) => (index === 0 || words.includes(name) ? "left" : "right")),
  });
}
