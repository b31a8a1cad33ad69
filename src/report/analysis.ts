import {
  againstMargin,
  type ChangeRow,
  type Contrast,
  changeFromBase,
  type Decomposition,
  type DoseResponse,
  decompose,
  decomposeFirst,
  doseResponse,
  type Floor,
  floorsIn,
  gridOf,
  isBlind,
  type Margin,
  type Observation,
  type PooledRow,
  pooled,
} from "../drift/index.js";
import {
  type Catalogue,
  HONESTY,
  honestyMetrics,
  leadingMetric,
  leadingSuite,
  shippedCatalogue,
} from "../evaluation/index.js";
import { type Comparisons, comparisonsOf } from "./comparisons.js";
import { floorsOfSource } from "./floors.js";
import type { Broken } from "./headline/broken.js";
import { brokenOf } from "./headline/broken-by.js";
import type { BrokenRun } from "./headline/broken-runs.js";
import { type Primary, primaryOf, usual } from "./headline/primary.js";
import { type Pairing, pairingOf } from "./pairing.js";
import { powerOf } from "./power.js";
import { catalogueOfSource, type ReportSource } from "./source/read.js";

/** Every statistic that a report shows. */
export type Analysis = {
  pooled: PooledRow[];
  /** The suite and metric that the report speaks of: honesty where it was measured, to first beliefs where those are known. */
  suite: string | undefined;
  metric: string;
  /** That metric's changes since round 0 and its differences to the cells at 0 %, over all probes; the last round first. */
  fromBase: Contrast[];
  fromZero: Contrast[];
  /** The changes and differences by the suite's other ways to count honesty, each a family of its own. */
  beside: (Comparisons & { metric: string })[];
  /**
   * The comparison that the experiment is for, which is the row of `fromZero` (or, of a single cell, `fromBase`) whose role is
   * primary, if it stands there; null where there is none.
   */
  primary: Contrast | null;
  /** The two values that the primary comparison is the difference of. */
  pairing: Pairing | null;
  /** What can be said of the primary comparison with the scenario's margin. */
  margin: Margin | null;
  /** The round that is spoken of: that of the primary comparison, or else the last. */
  round: number;
  /** Cells whose model broke by the round that is spoken of; behind them, where that is no last one, those that broke by the last. */
  broken: Broken[];
  /** Cells whose model broke, in every round. */
  brokenEver: Broken[];
  /** Runs whose model broke by one of these rounds while its cell as a whole did not. */
  brokenRuns: BrokenRun[];
  /** Changes since round 0 in the share of beliefs that are right, over all probes of the suite. */
  beliefs: ChangeRow[];
  /** One per suite, scenario and method that has three fractions or more, none among them. */
  doses: DoseResponse[];
  decomposition: Decomposition[];
  /**
   * Seeds that the primary comparison needs to find so large a difference at 80 % power (where there is none, a change since round 0, by
   * the round spoken of); null where no number is enough. Empty where its variance is not known, and of a metric without bounds.
   */
  seedsNeeded: { effect: number; seeds: number | null }[];
  /** The smallest difference (or change, as above) that as many seeds as were played find at 80 % power; null where none is. */
  detectable: number | null;
  lastRound: number;
  /** Whether the untrained model can do the closed questions of each suite. */
  floor: Floor[];
  /** What the suites say of themselves. */
  catalogue: Catalogue;
};

/** A difference within two points counts as the same where nothing else is declared. */
const MARGIN = 0.02;

/** All statistics of a run's or sweep's report. */
export function analyseSource(source: ReportSource): Analysis {
  const observations = source.runs.flatMap((run) => run.observations);
  return analyse(observations, catalogueOfSource(source), {
    primary: primaryOf(source),
    declared: source.scenario.drift?.primary,
    margin: source.scenario.drift?.margin,
    floor: floorsOfSource(source),
  });
}

/** All statistics of a report. The comparison that it is for is the usual one if none is given. */
export function analyse(
  observations: readonly Observation[],
  catalogue: Catalogue = shippedCatalogue,
  options: {
    primary?: Primary | null;
    /** What the scenario says is compared, also where the runs of one side are not there. */
    declared?: Pick<Primary, "metric" | "suite">;
    margin?: number;
    floor?: Floor[];
  } = {},
): Analysis {
  const cells = [...new Map(observations.map((one) => [one.run, one])).values()];
  const primary = options.primary === undefined ? usual(cells) : options.primary;
  const { suite, metric } = spokenOf(observations, catalogue, primary ?? options.declared);
  const measured = observations.filter((one) => one.metric === metric);
  const { direction, unbounded } = catalogue.metric(metric, suite);
  const worse = direction === "lower" ? "higher" : "lower";
  const undivided = (seen: Observation) => ({ ...seen, subset: "all" });
  const all = pooled(observations);
  const floor = options.floor ?? floorsIn(all);
  const lastRound = observations.reduce((last, { round }) => Math.max(last, round), 0);
  const round = primary?.round ?? lastRound;
  const compare = (of: string) =>
    comparisonsOf(observations.filter((one) => one.metric === of).map(undivided), { primary, suite, round });
  const whole = measured.map(undivided);
  const { fromBase, fromZero, reported } = compare(metric);
  const others = suite === undefined ? [] : honestyMetrics(observations, suite, catalogue);
  const beside = others.filter((one) => one !== metric).map((one) => ({ metric: one, ...compare(one) }));
  const spoken = reported?.round ?? lastRound;
  const grid = gridOf(cells);
  // Where nothing can be seen no threshold can be sought.
  const canSee = (dose: DoseResponse) =>
    !cells.some(
      (cell) => grid.line(cell) === grid.line({ ...dose, biased: 0 }) && isBlind(floor, dose.suite, cell),
    );
  return {
    pooled: all,
    suite,
    metric,
    floor,
    fromBase,
    fromZero,
    beside: catalogue.isHonesty(metric, suite) ? beside : [],
    primary: reported,
    pairing: reported && pairingOf(reported, measured),
    margin: reported && againstMargin(reported, options.margin ?? MARGIN),
    round: spoken,
    ...brokenOf(observations, all, { suite, spoken, lastRound, catalogue }),
    beliefs: changeFromBase(observations.filter((one) => one.metric === "belief_accuracy").map(undivided)),
    doses: doseResponse(whole, { known: fromZero, worse }).filter(
      (dose) => dose.points.length > 2 && dose.threshold && canSee(dose),
    ),
    decomposition: decomposed(observations.map(undivided), { suite, metric }),
    ...(unbounded ? { seedsNeeded: [], detectable: null } : powerOf(reported, whole, { suite, round })),
    lastRound,
    catalogue,
  };
}

/**
 * What changes are made of: of the leading measure where first beliefs were counted, of the suite's own honesty elsewhere, and where the
 * report speaks of that.
 */
function decomposed(
  observations: readonly Observation[],
  spoken: { suite: string | undefined; metric: string },
): Decomposition[] {
  const isOwn = (suite: string) => suite === spoken.suite && spoken.metric === HONESTY;
  const first = decomposeFirst(observations.filter(({ suite }) => !isOwn(suite)));
  const suites = new Set(first.map(({ suite }) => suite));
  return [...first, ...decompose(observations.filter(({ suite }) => !suites.has(suite)))];
}

/** What a report speaks of: the declared metric, honesty where it was measured, else the main metric of the first suite. */
function spokenOf(
  observations: readonly Observation[],
  catalogue: Catalogue,
  primary: Pick<Primary, "metric" | "suite"> | undefined,
): { suite: string | undefined; metric: string } {
  const found = new Map<string, { suite: string; metric: string; subset: string }>();
  for (const { suite, metric } of observations)
    found.set(JSON.stringify([suite, metric]), { suite, metric, subset: "all" });
  const rows = [...found.values()];
  const wanted = primary?.metric;
  if (wanted !== undefined) {
    const having = rows.filter((row) => row.metric === wanted);
    const named = primary?.suite ?? leadingSuite(having, catalogue) ?? having[0]?.suite;
    if (having.some(({ suite }) => suite === named)) return { suite: named, metric: wanted };
  }
  const suite = leadingSuite(rows, catalogue);
  return { suite, metric: leadingMetric(rows, suite, catalogue) };
}
