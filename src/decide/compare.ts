import { isDeepStrictEqual } from "node:util";
import {
  type CellKey,
  type Contrast,
  cellKey,
  contrasts,
  gridOf,
  isCell,
  isSignal,
  type Observation,
  type PooledRow,
  pooled,
  toBase,
} from "../drift/index.js";
import { UserError } from "../errors.js";
import type { ReportSource } from "../report/index.js";
import { tidy } from "../scenario/index.js";

/** A field that two runs have different values of; undefined where one has none. */
type Difference = { field: string; first: unknown; second: unknown };

/** A metric of two runs or sweeps after the last round that both have, over all probes of a suite. */
type ComparedRow = {
  suite: string;
  metric: string;
  /** The cell's name; empty of runs by themselves. */
  cell: string;
  first: PooledRow;
  second: PooledRow;
  /** The change of each since before its training; null where that was not measured. */
  drift: { first: Contrast | null; second: Contrast | null };
  /** The second less the first, paired by seed and probe; null where they share none. */
  difference: Contrast | null;
};

/** How many probes of a suite each was put after that round, and how many of them were put to both. */
type ProbeCounts = { suite: string; first: number; second: number; both: number };

/** A measure of one of the two. */
type Alone = Pick<ComparedRow, "suite" | "metric" | "cell">;

export type Comparison = {
  /** What differs between the scenarios, the order of the schema. */
  settings: Difference[];
  /** Files whose contents differ, by what the run calls them. */
  inputs: string[];
  round: number;
  /** Suites of which the two were not put the same probes. */
  probes: ProbeCounts[];
  rows: ComparedRow[];
  /** What the other was not measured by, or has no such cell of. */
  alone: { first: Alone[]; second: Alone[] };
};

const FIRST = "first";
const SECOND = "second";

/** Sets two runs, or two sweeps, side by side. Throws a UserError where they have nothing in common that was measured. */
export function compareSources(first: ReportSource, second: ReportSource): Comparison {
  const round = Math.min(lastRound(first), lastRound(second));
  const alone = first.runs.length === 1 && second.runs.length === 1;
  // What differs only by seeds is one thing: a sweep without biased users stands beside one with them.
  const oneEach = isOneCell(first) && isOneCell(second);
  const as = { round, alone, oneEach };
  const seen = [...named(first, FIRST, as), ...named(second, SECOND, as)];
  const last = seen.filter((one) => one.round === round);
  const means = pooled(last).filter((row) => row.subset === "all");
  const differences = contrasts(last, (key) =>
    key.scenario === SECOND ? { ...key, scenario: FIRST } : null,
  );
  // Each side by itself: its changes are as many, and as wide, as where it is shown alone.
  const drifts = [FIRST, SECOND].flatMap((side) =>
    contrasts(
      seen.filter(({ scenario }) => scenario === side),
      toBase,
    ),
  );
  const cellName = oneEach ? () => "" : namesOf(means);
  const aloneIn = (own: string, other: string): Alone[] =>
    means
      .filter((row) => row.scenario === own && !means.some(isSame(row, other)))
      .map((row) => ({ cell: cellName(row), suite: row.suite, metric: row.metric }));
  const rows = means.flatMap((row): ComparedRow[] => {
    if (row.scenario !== FIRST) return [];
    const other = means.find(isSame(row, SECOND));
    if (!other) return [];
    return [
      {
        suite: row.suite,
        metric: row.metric,
        cell: cellName(row),
        first: row,
        second: other,
        drift: {
          first: drifts.find(isSame(row, FIRST)) ?? null,
          second: drifts.find(isSame(row, SECOND)) ?? null,
        },
        difference: differences.find(isSame(row, SECOND)) ?? null,
      },
    ];
  });
  if (rows.length === 0)
    throw new UserError(
      `${first.folder} and ${second.folder} have no suite, metric and cell in common; name two runs, two sweeps of one cell each, or two of the same cells`,
    );
  return {
    settings: settingsOf(first.scenario, second.scenario),
    inputs: inputsOf(first, second),
    round,
    probes: probesOf(last),
    rows,
    alone: { first: aloneIn(FIRST, SECOND), second: aloneIn(SECOND, FIRST) },
  };
}

/** Whether something is of the same cell and metric, by the name of the one or the other. */
const isSame =
  (row: PooledRow, scenario: string) =>
  (one: CellKey): boolean =>
    one.suite === row.suite &&
    one.metric === row.metric &&
    one.subset === "all" &&
    isCell(one, { ...row, scenario });

/** What tells cells apart, in words. */
function namesOf(means: readonly PooledRow[]): (row: PooledRow) => string {
  const { named: axesOf } = gridOf(means);
  return (row) =>
    [
      ...Object.entries(axesOf(row)).map(([axis, value]) => `${axis}=${value}`),
      row.method,
      `${tidy(100 * row.biased)} %`,
    ].join(", ");
}

/** The suites whose probes are not the same in both. */
function probesOf(seen: readonly Observation[]): ProbeCounts[] {
  // Conversations are no probes, and a signal's units may be pairs of them.
  const probes = seen.filter(({ own, metric }) => !own && !isSignal(metric));
  const put = (suite: string, scenario: string): Set<string> =>
    new Set(probes.flatMap((one) => (one.suite === suite && one.scenario === scenario ? one.probe : [])));
  return [...new Set(probes.map(({ suite }) => suite))].flatMap((suite) => {
    const [first, second] = [put(suite, FIRST), put(suite, SECOND)];
    const both = [...first].filter((probe) => second.has(probe)).length;
    // A suite that only one of them has is told as such.
    if (first.size === 0 || second.size === 0 || (both === first.size && both === second.size)) return [];
    return [{ suite, first: first.size, second: second.size, both }];
  });
}

const lastRound = ({ runs }: ReportSource): number =>
  runs.flatMap(({ observations }) => observations).reduce((last, { round }) => Math.max(last, round), 0);

/** Whether all runs differ by their seed alone. */
function isOneCell({ runs }: ReportSource): boolean {
  return new Set(runs.flatMap(({ observations }) => observations.slice(0, 1)).map(cellKey)).size === 1;
}

/**
 * A round's observations, and those before any training, under a name of their own; of two cells as if they were the same, and of
 * two runs by themselves as if they had one seed.
 */
function named(
  { runs }: ReportSource,
  scenario: string,
  { round, alone, oneEach }: { round: number; alone: boolean; oneEach: boolean },
): Observation[] {
  return runs
    .flatMap(({ observations }) => observations)
    .filter((one) => one.round === round || one.round === 0)
    .map((one) => ({
      ...one,
      scenario,
      subset: "all",
      run: `${scenario}/${one.run}`,
      ...(alone ? { seed: 1 } : {}),
      ...(oneEach ? { method: "", biased: 0, axes: {} } : {}),
    }));
}

function settingsOf(first: unknown, second: unknown): Difference[] {
  const [one, two] = [new Map(flat(first)), new Map(flat(second))];
  foldIn(one, two);
  foldIn(two, one);
  return [...new Set([...one.keys(), ...two.keys()])].flatMap((field) =>
    isDeepStrictEqual(one.get(field), two.get(field))
      ? []
      : [{ field, first: one.get(field), second: two.get(field) }],
  );
}

/** What is one value here and fields there (a source that is interaction, or logs with its data) differs as one. */
function foldIn(one: ReadonlyMap<string, unknown>, two: Map<string, unknown>): void {
  for (const field of one.keys()) {
    const parts = [...two].filter(([path]) => path.startsWith(`${field}.`));
    if (parts.length === 0) continue;
    two.set(field, Object.fromEntries(parts.map(([path, part]) => [path.slice(field.length + 1), part])));
    for (const [path] of parts) two.delete(path);
  }
}

/** Fields by their dotted path; lists are values. */
function flat(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, value]];
  return entries.flatMap(([name, part]) => flat(part, path === "" ? name : `${path}.${name}`));
}

function inputsOf(first: ReportSource, second: ReportSource): string[] {
  const of = ({ runs }: ReportSource) => runs[0]?.manifest.inputs ?? {};
  const [one, two] = [of(first), of(second)];
  return [...new Set([...Object.keys(one), ...Object.keys(two)])].filter((name) => one[name] !== two[name]);
}
