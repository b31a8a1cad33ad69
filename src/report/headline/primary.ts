import { type CellId, cellIn, gridOf } from "../../drift/index.js";
import type { AxisValue } from "../../scenario/index.js";
import type { ReportSource } from "../source/read.js";

/** The comparison that an experiment is for. */
export type Primary = {
  treated: CellId;
  reference: CellId;
  /** What is compared; what the report speaks of first if absent. */
  metric?: string;
  suite?: string;
  round?: number;
  /** Whether the scenario names it; else it is the usual one. */
  declared: boolean;
};

/**
 * The declared comparison of a sweep, or the usual one: the share of biased users (or of misaligned rows) nearest one half
 * against none, where the sweep has one line of shares. Null where neither has been measured, and where a sweep compares
 * cases, methods or settings without saying which comparison it is for.
 */
export function primaryOf(source: ReportSource): Primary | null {
  const { primary } = source.scenario.drift ?? {};
  if (!primary) return usual(source.runs.flatMap(({ observations }) => observations.slice(0, 1)));
  const { axis, value, reference, metric, suite, round } = primary;
  const runs = source.runs.filter(({ observations }) => observations.length > 0);
  for (const run of runs) {
    if (run.axes[axis] !== value) continue;
    const other = runs.find(({ axes }) => axes[axis] === reference && sameBut(axis, axes, run.axes));
    if (!other) continue;
    return {
      treated: cellIn(run.observations[0]!),
      reference: cellIn(other.observations[0]!),
      metric,
      ...(suite === undefined ? {} : { suite }),
      ...(round === undefined ? {} : { round }),
      declared: true,
    };
  }
  return null;
}

/** The usual comparison among observations of every cell. */
export function usual(seen: readonly CellId[]): Primary | null {
  const grid = gridOf(seen);
  const lines = new Map<string, CellId[]>();
  for (const one of seen) {
    const line = grid.line(one);
    lines.set(line, [...(lines.get(line) ?? []), one]);
  }
  const [only] = lines.values();
  if (lines.size !== 1 || !only) return null;
  const reference = only.find(({ biased }) => biased === 0);
  const treated = only
    .filter(({ biased }) => biased > 0)
    .sort((a, b) => Math.abs(a.biased - 0.5) - Math.abs(b.biased - 0.5) || b.biased - a.biased)[0];
  return reference && treated
    ? { treated: cellIn(treated), reference: cellIn(reference), declared: false }
    : null;
}

function sameBut(
  axis: string,
  one: Readonly<Record<string, AxisValue>>,
  other: Readonly<Record<string, AxisValue>>,
): boolean {
  return Object.keys({ ...one, ...other }).every((path) => path === axis || one[path] === other[path]);
}
