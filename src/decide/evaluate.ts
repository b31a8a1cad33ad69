import {
  type Axes,
  type Contrast,
  contrasts,
  criticalT,
  disabled,
  isCell,
  type Observation,
  type PooledRow,
} from "../drift/index.js";
import { UserError } from "../errors.js";
import { leadingSuite } from "../evaluation/index.js";
import type { Analysis, Outcome } from "../report/index.js";
import type { Condition } from "../scenario/index.js";
import { didYouMean } from "../yaml/index.js";

/** A condition of a gate, and whether it may hold or must. */
export type Rule = { kind: "fail_if" | "fail_unless"; condition: Condition };

/** What became of a rule in one cell of a sweep, or in the run. In points, or percent of a value. */
export type Finding = {
  rule: Rule;
  /** The cell's name; empty for a run by itself. */
  cell: string;
  axes: Axes;
  suite: string;
  round: number;
  value: number;
  /** The interval at the rule's level, or 95 %. */
  low: number;
  high: number;
  level: number;
  seeds: number;
  /** Whether the condition holds: with a level, for the whole interval. */
  holds: boolean;
  /** Why nothing can be said, which fails every rule; null where something can. */
  unknown: string | null;
  failed: boolean;
};

const LEVEL = 95;

/** Holds a run or sweep against rules, cell by cell. `name` calls a cell. Throws a UserError on a metric that was not measured. */
export function evaluateRules(
  rules: readonly Rule[],
  { source, analysis }: Pick<Outcome, "source" | "analysis">,
  name: (cell: PooledRow) => string,
): Finding[] {
  const observations = source.runs.flatMap((run) => run.observations);
  return rules.flatMap((rule) => findingsOf(rule, observations, analysis, name));
}

function findingsOf(
  rule: Rule,
  observations: readonly Observation[],
  analysis: Analysis,
  name: (cell: PooledRow) => string,
): Finding[] {
  const { condition } = rule;
  const suite = suiteOf(condition, analysis);
  const seen = observations
    .filter((one) => one.suite === suite && one.metric === condition.metric)
    .map((one) => ({ ...one, subset: "all" }));
  const changes = contrasts(seen, (key) => (key.round > 0 ? { ...key, round: 0 } : null));
  const last = analysis.pooled.filter(
    (row) =>
      row.suite === suite &&
      row.metric === condition.metric &&
      row.subset === "all" &&
      row.round === analysis.lastRound,
  );
  return last.map((row): Finding => {
    const change = changes.find((one) => one.round === row.round && isCell(one, row));
    const level = condition.level ?? LEVEL;
    const numbers = numbersOf(condition, row, change, level);
    const unknown = unknownIn(analysis, row, numbers === null);
    const { value, low, high } = numbers ?? { value: Number.NaN, low: Number.NaN, high: Number.NaN };
    const holds = unknown === null && isHeld(condition, { value, low, high });
    return {
      rule,
      cell: name(row),
      axes: row.axes,
      suite,
      round: row.round,
      value,
      low,
      high,
      level,
      seeds: row.seeds,
      holds,
      unknown,
      failed: unknown !== null || (rule.kind === "fail_if" ? holds : !holds),
    };
  });
}

function suiteOf({ suite, metric }: Condition, { pooled, catalogue }: Analysis): string {
  const having = pooled.filter((row) => row.metric === metric && row.subset === "all");
  const found = suite ?? leadingSuite(having, catalogue) ?? having[0]?.suite;
  if (found !== undefined && having.some((row) => row.suite === found)) return found;
  const known = [...new Set(pooled.map((row) => `${row.suite}/${row.metric}`))];
  const names = [...new Set(pooled.map((row) => row.metric))];
  throw new UserError(
    `${suite === null ? "" : `${suite}/`}${metric}: was not measured${didYouMean(metric, names)}; the run has ${known.join(", ")}`,
  );
}

type Numbers = { value: number; low: number; high: number };

/** Estimate and interval in points, the way that the condition counts; null where there is nothing to compare with. */
function numbersOf(
  { quantity }: Condition,
  row: PooledRow,
  change: Contrast | undefined,
  level: number,
): Numbers | null {
  if (quantity === "value") {
    // The pooled interval is one of 95 %; others are taken as wide in proportion.
    const scale = criticalT(level, 1e6) / criticalT(LEVEL, 1e6);
    const at = (end: number): number => 100 * (row.value + (end - row.value) * scale);
    return { value: 100 * row.value, low: at(row.low), high: at(row.high) };
  }
  if (!change) return null;
  const { low, high } = rangeOf(change, level);
  const up = { value: 100 * change.value, low: 100 * low, high: 100 * high };
  return quantity === "drop" ? { value: -up.value, low: -up.high, high: -up.low } : up;
}

/** One seed: over its probes. More: Student's t over the seeds, tested alone, as a gate's conditions are named beforehand. */
function rangeOf({ value, se, df, wide, seeds }: Contrast, level: number): { low: number; high: number } {
  if (seeds < 2 && level === LEVEL) return wide;
  const half = criticalT(level, df) * se;
  return { low: value - half, high: value + half };
}

function isHeld({ operator, limit, level }: Condition, { value, low, high }: Numbers): boolean {
  const sure = level !== null;
  switch (operator) {
    case ">":
      return (sure ? low : value) > limit;
    case ">=":
      return (sure ? low : value) >= limit;
    case "<":
      return (sure ? high : value) < limit;
    case "<=":
      return (sure ? high : value) <= limit;
  }
}

/** A gate must not open where nothing was seen. */
function unknownIn({ floor, broken, lastRound }: Analysis, row: PooledRow, alone: boolean): string | null {
  if (lastRound === 0 || alone) return "nothing was measured after a training";
  if (broken.some((one) => isCell(one, row))) return "the model broke: it no longer gives readable answers";
  return disabled(floor).some((one) => one.suite === row.suite)
    ? "the untrained model cannot do these probes, so no drop can be seen"
    : null;
}
