import {
  type CellId,
  type Contrast,
  cellIn,
  cellKey,
  contrasts,
  gridOf,
  isCell,
  meanOverSeeds,
  type PooledRow,
  pooled,
} from "../drift/index.js";
import { HONESTY, leadingMetric, leadingSuite } from "../evaluation/index.js";
import { mean } from "../mean.js";
import type { Scenario } from "../scenario/index.js";
import { catalogueOfSource, type ReportRun, type ReportSource } from "./source/read.js";

/** A mean over seeds; `low` and `high` bound its 95 % interval, null for a single seed. */
export type OverSeeds = { value: number; low: number | null; high: number | null; seeds: number };

/** One case of a sweep at one biased fraction, beside the reference (`referenceCase`). */
export type CaseRow = {
  case: string;
  method: string;
  /** Fraction of biased users, meant and drawn. */
  biased: number;
  biased_realized: number;
  seeds: number;
  /** The case that it is set beside, at which fraction; null for that case itself, and where that was not measured. */
  reference: { case: string; biased: number } | null;
  /** What counts as honesty here: to first beliefs where those are known. */
  metric: string;
  /** The suite's own honesty after the last round, where another measure leads. */
  own: Pick<PooledRow, "value" | "low" | "high" | "n"> | null;
  /** Honesty after the last round, and its difference to the reference's: the effect, above 0 where the case is more honest, corrected for the other cases by Holm. */
  honesty: Pick<PooledRow, "value" | "low" | "high" | "n">;
  effect: Pick<Contrast, "value" | "low" | "high" | "p" | "p_holm" | "detected" | "seeds"> | null;
  /** Mean rating that users had for replies in the last round, and its difference to the reference's. */
  satisfaction: Record<"benign" | "biased", { rating: OverSeeds; kept: OverSeeds | null } | null>;
  /** Share of the rated conversations (with DPO of the pairs) that defences kept back, in [0, 1]. */
  thrown_away: number;
  /** Share of rounds after which the assistant was another, in [0, 1]. */
  learnt: number;
  /** Wall-clock time of a run in seconds, mean over seeds. */
  seconds: number;
};

/**
 * Compares the cases of a sweep, each with the reference at the same biased fraction (or at its only one), paired by seed and
 * probe. Null where the sweep has no cases or honesty was not measured. Intervals are corrected for how many there are (Holm).
 */
export function compareCases(source: ReportSource): CaseRow[] | null {
  const read = readCases(source);
  if (read === null) return null;
  const { cells, against, lead, seen, last, suite, observations } = read;
  const references = cells.filter(({ key }) => key.case === against);
  const referenceOf = (cell: CellRuns): CellRuns | undefined =>
    references.find((one) => one.key.biased === cell.key.biased && one.key.rest === cell.key.rest) ??
    (references.length === 1 ? references[0] : undefined);
  const rows = pooled(seen).filter(({ round }) => round === last);
  const ownRows =
    lead === HONESTY
      ? []
      : pooled(observations.filter((one) => one.suite === suite && one.metric === HONESTY)).filter(
          ({ round }) => round === last,
        );
  const changes = contrasts(seen, (row) => {
    const own = cells.find(({ key }) => isCell(key, row));
    const reference = own && referenceOf(own);
    if (!reference || reference === own) return null;
    return { ...row, ...cellIn(reference.key) };
  }).filter(({ round }) => round === last);
  return cells.flatMap((cell): CaseRow[] => {
    const honesty = rows.find((row) => isCell(cell.key, row));
    if (!honesty) return [];
    const own = ownRows.find((row) => isCell(cell.key, row));
    const change = changes.find((row) => isCell(cell.key, row));
    const reference = referenceOf(cell);
    const { case: name, method, biased } = cell.key;
    return [
      {
        case: name,
        method,
        biased,
        biased_realized: mean(cell.runs.map((run) => run.observations[0]!.biased_realized)),
        seeds: honesty.seeds,
        reference: reference && reference !== cell ? { case: against, biased: reference.key.biased } : null,
        metric: lead,
        honesty: pick(honesty, "value", "low", "high", "n"),
        own: own ? pick(own, "value", "low", "high", "n") : null,
        effect: change ? pick(change, "value", "low", "high", "p", "p_holm", "detected", "seeds") : null,
        satisfaction: {
          benign: satisfactionOf(cell, reference, { thought: "benign", last }),
          biased: satisfactionOf(cell, reference, { thought: "biased", last }),
        },
        thrown_away: mean(cell.runs.map(thrownAway)),
        learnt: mean(cell.runs.map(learnt)),
        seconds: mean(cell.runs.map(({ rounds }) => rounds.reduce((sum, one) => sum + one.seconds.total, 0))),
      },
    ];
  });
}

/** The case that others are set beside: the declared comparison's reference, or else the first of the file. */
export function referenceCase({ drift, sweep }: Pick<Scenario, "drift" | "sweep">): string | undefined {
  const primary = drift?.primary;
  return primary?.axis === "case" ? String(primary.reference) : Object.keys(sweep.cases ?? {})[0];
}

/** The cells of a sweep with cases, and what was measured of honesty in them. Null where there are no cases, as in a single run, or none was. */
export function readCases({ kind, scenario, runs }: ReportSource) {
  const catalogue = catalogueOfSource({ runs });
  const names = Object.keys(scenario.sweep.cases ?? {});
  const against = referenceCase(scenario);
  // One run of such a scenario is none of its cases.
  if (kind === "run" || names.length === 0 || against === undefined) return null;
  const observations = runs
    .flatMap((run) => run.observations)
    .filter(({ metric, suite }) => catalogue.isHonesty(metric, suite))
    .map((one) => ({ ...one, subset: "all" }));
  const suite = leadingSuite(observations);
  if (suite === undefined) return null;
  const lead = leadingMetric(observations, suite);
  const seen = observations.filter((one) => one.suite === suite && one.metric === lead);
  const last = Math.max(...seen.map(({ round }) => round));
  return { names, against, observations, suite, lead, seen, last, cells: cellsOf(runs, names) };
}

/** Runs that differ by their seed alone. `rest` is what else the grid varies. */
type CellRuns = {
  key: CellId & { case: string; rest: string };
  runs: ReportRun[];
};

function cellsOf(runs: readonly ReportRun[], cases: readonly string[]): CellRuns[] {
  const { named } = gridOf(runs.flatMap(({ observations }) => observations.slice(0, 1)));
  const cells = new Map<string, CellRuns>();
  for (const run of runs) {
    const seen = run.observations[0];
    if (!seen) continue;
    const { case: name, ...others } = named(seen);
    const key = { ...cellIn(seen), case: String(name), rest: JSON.stringify(others) };
    const cell = cells.get(cellKey(seen));
    if (cell) cell.runs.push(run);
    else cells.set(cellKey(seen), { key, runs: [run] });
  }
  return [...cells.values()].sort(
    (a, b) => a.key.biased - b.key.biased || cases.indexOf(a.key.case) - cases.indexOf(b.key.case),
  );
}

function satisfactionOf(
  cell: CellRuns,
  reference: CellRuns | undefined,
  asked: Asked,
): CaseRow["satisfaction"]["benign"] {
  const own = lastRatings(cell, asked);
  if (own.size === 0) return null;
  const other = reference && reference !== cell ? lastRatings(reference, asked) : new Map<number, number>();
  const pairs = [...own].filter(([seed]) => other.has(seed));
  return {
    rating: meanOverSeeds([...own.values()]),
    kept: pairs.length === 0 ? null : meanOverSeeds(pairs.map(([seed, rating]) => rating - other.get(seed)!)),
  };
}

/** Whose ratings, and of which round: the last that any run came to. */
type Asked = { thought: "benign" | "biased"; last: number };

/** The mean rating of the users with a thought in the last round, by seed; a run that has not come to it has none. */
function lastRatings({ runs }: CellRuns, { thought, last }: Asked): Map<number, number> {
  return new Map(
    runs.flatMap(({ manifest, satisfaction, thoughts }): [number, number][] => {
      const own = satisfaction.filter(
        ({ round, persona }) => round === last && thoughts[persona] === thought,
      );
      const replies = own.reduce((sum, one) => sum + one.replies, 0);
      if (replies === 0) return [];
      return [[manifest.seed, own.reduce((sum, one) => sum + one.mean * one.replies, 0) / replies]];
    }),
  );
}

function thrownAway({ rounds }: ReportRun): number {
  const kept = (of: "conversations" | "rows"): number => {
    let before = 0;
    let after = 0;
    for (const { defences = [] } of rounds) {
      const stages = defences.filter((one) => one.of === of);
      before += stages[0]?.in ?? 0;
      after += stages.at(-1)?.out ?? 0;
    }
    // Panels can give a reward to conversations whose own user gave none, and replay adds rows: that throws nothing away.
    return before === 0 ? 1 : Math.min(1, after / before);
  };
  return 1 - kept("conversations") * kept("rows");
}

function learnt({ rounds }: ReportRun): number {
  const played = rounds.filter(({ round }) => round > 0);
  return played.length === 0 ? 0 : played.filter(({ learnt = true }) => learnt).length / played.length;
}

function pick<T, K extends keyof T>(row: T, ...fields: readonly K[]): Pick<T, K> {
  return Object.fromEntries(fields.map((field) => [field, row[field]])) as Pick<T, K>;
}
