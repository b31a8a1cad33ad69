import { strayOf } from "./blocks.js";
import { cellIn } from "./cell.js";
import { draw } from "./draw.js";
import { type Effect, effectOf, isBelowChance } from "./effect.js";
import { joined, orderBy, ROW_ORDER } from "./groups.js";
import { isConstant, pValue, type Range, rangeOfChange, scaleOf, withinChange } from "./interval.js";
import { judge, twoSided } from "./judge.js";
import { type CellTable, comparisons, type PoolOptions } from "./pooled.js";
import { cellOf, difference, type Table } from "./table.js";
import type { CellId, CellKey, ChangeRow, Observation } from "./types.js";
import { undrawnIn } from "./undrawn.js";

/** From so many seeds on an arm is tested by its own variance; fewer share one with the arms beside it. */
export const OWN_VARIANCE_FROM = 6;

/** What another cell is compared with. */
type Reference = CellId & { round: number };

/**
 * A difference between two cells, one number a seed, tested by Student's t over the seeds. It speaks for other seeds (users,
 * training order and, with a family of models, models) on the probes that were put.
 */
export type Contrast = ChangeRow & {
  reference: Reference;
  /** `primary`: declared beforehand and tested alone. `secondary`: corrected with all others of its round by Holm. */
  role: "primary" | "secondary";
  /** p after the correction; `p` itself for the primary contrast. `low` and `high` are the interval that goes with it. */
  p_holm: number;
  /** Whether the interval leaves out 0; never with a single seed. */
  detected: boolean;
  /** Standard error of `value` and the degrees of freedom of the test. */
  se: number;
  df: number;
  /** Where the variance comes from: the contrast's own seeds, all arms of the comparison, or (one seed) its probes. */
  variance: "own" | "pooled" | "probes";
  /** The 95 % interval, not corrected, that holds for other probes of the same kind as well. */
  wide: Range;
  /** The difference in each seed that has both, in the order of the seeds. */
  by_seed: { seed: number; value: number }[];
};

export type ContrastOptions = PoolOptions & {
  /** Whether a contrast is the declared one; none is if absent. */
  primary?: (key: CellKey) => boolean;
  /** From so many seeds on an arm has a variance of its own; 6 if absent. */
  ownVarianceFrom?: number;
};

const IN_ORDER = orderBy<CellKey>(ROW_ORDER);

/**
 * Compares every cell with the one that `referenceOf` names, paired by seed: whatever a seed's model, users and streams have
 * in common cancels. None where the reference is null or not measured, or where the two share no seed.
 *
 * Each contrast has its own variance (Welch), which arms that collapse in some seeds need; below six seeds the arms of a round that are
 * compared with one cell share a variance, since two degrees of freedom are too few to tell arms apart. The primary
 * contrast is tested alone at 5 %. All others of a metric, subset and round are one family, corrected by Holm (1979), and
 * each interval is as wide as the step at which Holm tested it, so that interval and verdict never disagree.
 */
export function contrasts(
  observations: readonly Observation[],
  referenceOf: (key: CellKey) => CellKey | null,
  options: ContrastOptions = {},
): Contrast[] {
  const families = new Map<string, Tested[]>();
  const isUndrawn = undrawnIn(observations);
  comparisons(observations)
    .flatMap((cells) => comparedIn(cells, referenceOf, { ...options, isUndrawn }))
    .forEach((one, index) => {
      const { role, metric, subset, round } = one.row;
      // More than one primary contrast can only come of several metrics or suites: each is told alone.
      const family = role === "primary" ? String(index) : joined(metric, subset, round);
      families.set(family, [...(families.get(family) ?? []), one]);
    });
  return [...families.values()].flatMap(finish).sort(IN_ORDER);
}

type Tested = {
  row: Omit<Contrast, "p_holm" | "detected" | "low" | "high">;
  /** The interval where no t test is made: nothing varies, or there is one seed. */
  fixed: Range | null;
};

function finish(tests: readonly Tested[]): Contrast[] {
  const judged = judge(tests.map(({ row }) => row));
  return tests.map(({ row, fixed }, index): Contrast => {
    const { low, high, p_holm } = judged[index]!;
    const range = fixed ?? withinChange(row.metric, { low, high });
    const detected = row.seeds > 1 && p_holm < 0.05 && (range.low > 0 || range.high < 0);
    return { ...row, ...range, p_holm, detected };
  });
}

function comparedIn(
  cells: readonly CellTable[],
  referenceOf: (key: CellKey) => CellKey | null,
  {
    primary = () => false,
    draws = 10_000,
    ownVarianceFrom = OWN_VARIANCE_FROM,
    isUndrawn,
  }: ContrastOptions & { isUndrawn: (cell: CellId) => boolean },
): Tested[] {
  const byName = new Map(cells.map((cell) => [cellOf(cell.key), cell]));
  const groups = new Map<string, { reference: CellTable; arms: CellTable[] }>();
  for (const cell of cells) {
    const key = referenceOf(cell.key);
    const reference = key && byName.get(cellOf(key));
    if (!reference || reference === cell) continue;
    // Rounds of one cell are no arms beside each other: what training strays by adds up from round to round.
    const name = joined(cellOf(reference.key), cell.key.round);
    const group = groups.get(name) ?? { reference, arms: [] };
    group.arms.push(cell);
    groups.set(name, group);
  }
  return [...groups.values()].flatMap(({ reference, arms }) => {
    const paired = arms
      .map(({ key, table }) => ({ key, table: difference(table, reference.table) }))
      .filter(({ table }) => table.values.some((value) => !Number.isNaN(value)));
    const effects = paired.map(({ table }) => effectOf(table));
    const drawn = draw(effects, "drift/pooled", draws);
    // What is the reference once more strays from it by nothing, and says nothing of how far trainings stray.
    const strayed = arms.filter(({ key }) => !isUndrawn(key));
    const tables = [reference.table, ...strayed.map(({ table }) => table)];
    return paired.map(({ key, table }, index) => {
      const effect = effects[index]!;
      const wide = rangeOfChange(effect, drawn[index]!, key.metric);
      const { value, seeds, n } = effect;
      const facts = {
        ...key,
        value,
        seeds,
        n,
        reference: { ...cellIn(reference.key), round: reference.key.round },
        role: primary(key) ? ("primary" as const) : ("secondary" as const),
        wide,
        by_seed: bySeed(table),
      };
      if (seeds < 2 || isConstant(effect)) {
        const p = pValue(effect, drawn[index]!, key.metric);
        const variance = seeds < 2 ? "probes" : "own";
        return { row: { ...facts, p, se: scaleOf(effect, key.metric), df: 1e6, variance }, fixed: wide };
      }
      const spread = overSeeds(effect, tables, ownVarianceFrom);
      return { row: { ...facts, ...spread, p: spread.p }, fixed: null };
    });
  });
}

/** Whether one cell's value differs from another's by more than chance, tested alone by the variance of their differences. */
export function differs(one: Table, other: Table): boolean {
  const effect = effectOf(difference(one, other));
  return effect.seeds > 1 && !isConstant(effect) && overSeeds(effect, [], 2).p < 0.05;
}

/** Standard error, degrees of freedom and p of a difference over its seeds. */
function overSeeds(
  effect: Effect,
  tables: readonly Table[],
  ownFrom: number,
): Pick<Contrast, "se" | "df" | "p" | "variance"> {
  const own = effect.seeds >= ownFrom;
  const stray = strayOf(tables);
  const pooled = !own && stray.freedom > effect.seeds - 1;
  const spread = pooled
    ? { variance: (2 * stray.variance) / effect.seeds, df: stray.freedom }
    : { variance: effect.seedVariance, df: effect.seeds - 1 };
  const rest = (effect.seeds - 1) * (effect.byProbe.length - 1);
  // Seeds that agree more closely than chance in single answers allows are as uncertain as that chance.
  const byChance = isBelowChance(spread.variance, effect.restVariance, { seeds: spread.df, rest });
  const { variance, df } = byChance ? { variance: effect.restVariance, df: rest } : spread;
  const se = Math.sqrt(variance);
  return { se, df, p: twoSided(effect.value, se, df), variance: pooled ? "pooled" : "own" };
}

function bySeed({ frame, values }: Table): Contrast["by_seed"] {
  return frame.seeds.flatMap((seed, row) => {
    const value = values[row]!;
    return Number.isNaN(value) ? [] : [{ seed, value }];
  });
}
