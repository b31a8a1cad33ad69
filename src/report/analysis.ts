import {
  againstMargin,
  type ChangeRow,
  type Contrast,
  changeFromBase,
  components,
  contrasts,
  type Decomposition,
  type DoseResponse,
  decompose,
  disabled,
  doseResponse,
  type Floor,
  floorsIn,
  type Margin,
  type Observation,
  type PooledRow,
  pooled,
  seedsNeeded,
  smallestEffect,
} from "../drift/index.js";
import { type Catalogue, HONESTY, leadingSuite, shippedCatalogue } from "../evaluation/index.js";
import { type Broken, brokenIn } from "./headline/broken.js";
import { isCell, type Primary, primaryOf, usual } from "./headline/primary.js";
import { catalogueOfSource, type ReportSource } from "./source/read.js";

/** Every statistic that a report shows. */
export type Analysis = {
  pooled: PooledRow[];
  /** The suite and metric that the report speaks of: honesty where it was measured. */
  suite: string | undefined;
  metric: string;
  /** That metric's changes since round 0 and its differences to the cells at 0 %, over all probes; the last round first. */
  fromBase: Contrast[];
  fromZero: Contrast[];
  /**
   * The comparison that the experiment is for, which is the row of `fromZero` (or, of a single cell, `fromBase`) whose role is
   * primary, if it stands there; null where there is none.
   */
  primary: Contrast | null;
  /** What can be said of the primary comparison with the scenario's margin. */
  margin: Margin | null;
  /** Cells whose model broke by the last round. */
  broken: Broken[];
  /** The same in every round. */
  brokenEver: Broken[];
  /** Changes since round 0 in the share of beliefs that are right, over all probes of the suite. */
  beliefs: ChangeRow[];
  /** One per suite, scenario and method that has three fractions or more, none among them. */
  doses: DoseResponse[];
  decomposition: Decomposition[];
  /** Seeds that a change of so many points of honesty needs at 80 % power; null where no number is enough. */
  seedsNeeded: { effect: number; seeds: number | null }[];
  /** The smallest change of honesty since round 0 that so many seeds find at 80 % power; null where none is, or of one seed. */
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
    margin: source.scenario.drift?.margin,
  });
}

/** All statistics of a report. The comparison that it is for is the usual one if none is given. */
export function analyse(
  observations: readonly Observation[],
  catalogue: Catalogue = shippedCatalogue,
  options: { primary?: Primary | null; margin?: number } = {},
): Analysis {
  const cells = [...new Map(observations.map((one) => [one.run, one])).values()];
  const primary = options.primary === undefined ? usual(cells) : options.primary;
  const { suite, metric } = spokenOf(observations, catalogue, primary);
  const measured = observations.filter((one) => one.metric === metric);
  const worse = catalogue.metric(metric, suite).direction === "lower" ? "higher" : "lower";
  const undivided = (seen: Observation) => ({ ...seen, subset: "all" });
  const variance = components(measured.filter((seen) => seen.suite === suite).map(undivided));
  const all = pooled(observations);
  const floor = floorsIn(all);
  // Where nothing can be seen no threshold can be sought.
  const blind = new Set(disabled(floor).map((one) => one.suite));
  const lastRound = observations.reduce((last, { round }) => Math.max(last, round), 0);
  const round = primary?.round ?? lastRound;
  const isTold = (key: { suite: string; round: number }) => key.suite === suite && key.round === round;
  const whole = measured.map(undivided);
  const isOnly = new Set(cells.map(nameOf)).size === 1;
  const fromBase = contrasts(whole, (key) => (key.round > 0 ? { ...key, round: 0 } : null), {
    primary: (key) => !primary && isOnly && isTold(key),
  });
  const zero = zeroOf(whole);
  const isZero = primary !== null && nameOf(zero({ ...primary.treated })) === nameOf(primary.reference);
  const fromZero = contrasts(
    whole.filter((one) => one.round > 0),
    (key) => (key.biased > 0 ? { ...key, ...zero(key) } : null),
    { primary: (key) => isZero && isCell(key, primary.treated) && isTold(key) },
  );
  const other =
    primary && !isZero
      ? contrasts(
          whole,
          (key) => (isCell(key, primary.treated) && isTold(key) ? { ...key, ...primary.reference } : null),
          { primary: () => true },
        )
      : [];
  const told = [...fromZero, ...fromBase, ...other].find(({ role }) => role === "primary") ?? null;
  const rounds = [...new Set(all.map((row) => row.round))];
  const brokenEver =
    suite === undefined ? [] : rounds.flatMap((at) => brokenIn(all, { suite, round: at }, catalogue));
  return {
    pooled: all,
    suite,
    metric,
    floor,
    fromBase: fromLast(fromBase),
    fromZero: fromLast(fromZero),
    primary: told,
    margin: told && againstMargin(told, options.margin ?? MARGIN),
    broken: brokenEver.filter((one) => one.round === lastRound),
    brokenEver,
    beliefs: changeFromBase(observations.filter((one) => one.metric === "belief_accuracy").map(undivided)),
    doses: doseResponse(whole, { known: fromZero, worse }).filter(
      (dose) => dose.points.length > 2 && dose.threshold && !blind.has(dose.suite),
    ),
    decomposition: decompose(observations.map(undivided)),
    seedsNeeded: variance
      ? [0.02, 0.05, 0.1, 0.2].map((effect) => ({
          effect,
          seeds: seedsNeeded(effect, variance)?.seeds ?? null,
        }))
      : [],
    detectable: variance ? smallestEffect(variance, seedsOf(measured, suite)) : null,
    lastRound,
    catalogue,
  };
}

/** What a report speaks of: the declared metric, honesty where it was measured, else the main metric of the first suite. */
function spokenOf(
  observations: readonly Observation[],
  catalogue: Catalogue,
  primary: Primary | null,
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
  const honest = rows.some((row) => row.metric === HONESTY);
  return { suite, metric: honest || suite === undefined ? HONESTY : catalogue.headline(suite) };
}

type CellId = { scenario: string; method: string; biased: number };

/**
 * The cell at 0 % that a cell is compared with. With `source: direct` variants are cells of names of their own, and what
 * subtle and severe answers are compared with are the right answers to the same prompts.
 */
function zeroOf(seen: readonly Observation[]): (cell: CellId) => CellId {
  const controls = new Set(seen.filter(({ biased }) => biased === 0).map(({ scenario }) => scenario));
  return ({ scenario, method }) => ({
    method,
    biased: 0,
    scenario: controls.has(scenario)
      ? scenario
      : scenario.replace(/source\.variant=\w+/u, "source.variant=normal"),
  });
}

function nameOf({ scenario, method, biased }: CellId): string {
  return JSON.stringify([scenario, method, biased]);
}

/** A reader looks at one round, mostly the last, and compares fractions in it. */
function fromLast(rows: readonly Contrast[]): Contrast[] {
  return [...rows].sort((a, b) => b.round - a.round);
}

/** Seeds that most cells have. */
function seedsOf(honesty: readonly Observation[], suite: string | undefined): number {
  const cells = new Map<string, Set<number>>();
  for (const { suite: own, scenario, method, biased, seed } of honesty) {
    if (own !== suite) continue;
    const key = JSON.stringify([scenario, method, biased]);
    cells.set(key, (cells.get(key) ?? new Set()).add(seed));
  }
  const sizes = [...cells.values()].map(({ size }) => size);
  const often = (size: number) => sizes.filter((one) => one === size).length;
  return [...sizes].sort((a, b) => often(b) - often(a) || a - b)[0] ?? 0;
}
