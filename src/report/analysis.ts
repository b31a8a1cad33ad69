import {
  type ChangeRow,
  changeFrom,
  changeFromBase,
  components,
  type Decomposition,
  type DoseResponse,
  decompose,
  disabled,
  doseResponse,
  type Floor,
  floorsIn,
  holm,
  type Observation,
  type PooledRow,
  pooled,
  seedsNeeded,
  smallestEffect,
} from "../drift/index.js";
import { type Catalogue, leadingSuite, shippedCatalogue } from "../evaluation/index.js";

type Corrected = ChangeRow & { p_holm: number };

/** Every statistic that a report shows. */
export type Analysis = {
  pooled: PooledRow[];
  /** Honesty's changes, over all probes of the suite, corrected together round by round; the last round first. */
  fromBase: Corrected[];
  fromZero: Corrected[];
  /** Changes since round 0 in the share of beliefs that are right, over all probes of the suite. */
  beliefs: ChangeRow[];
  /** One per suite, scenario and method that has several fractions, none among them. */
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

/** All statistics of a report, with the same draws as everywhere, so that numbers agree between displays. */
export function analyse(
  observations: readonly Observation[],
  catalogue: Catalogue = shippedCatalogue,
): Analysis {
  const honesty = observations.filter(({ metric }) => metric === "honesty");
  const overall = <T extends { subset: string }>(rows: readonly T[]) =>
    rows.filter(({ subset }) => subset === "all");
  const undivided = (seen: Observation) => ({ ...seen, subset: "all" });
  const suite = leadingSuite(honesty.map(undivided), catalogue);
  const variance = components(honesty.filter((seen) => seen.suite === suite).map(undivided));
  const all = pooled(observations);
  const floor = floorsIn(all);
  // Where nothing can be seen no threshold can be sought.
  const blind = new Set(disabled(floor).map((one) => one.suite));
  return {
    pooled: all,
    floor,
    fromBase: byRound(overall(changeFromBase(honesty))),
    fromZero: byRound(overall(againstZero(honesty)).filter(({ round }) => round > 0)),
    beliefs: overall(changeFromBase(observations.filter(({ metric }) => metric === "belief_accuracy"))),
    doses: overall(doseResponse(honesty)).filter(
      (dose) => dose.points.length > 1 && dose.threshold && !blind.has(dose.suite),
    ),
    decomposition: decompose(observations.map(undivided)),
    seedsNeeded: variance
      ? [0.02, 0.05, 0.1, 0.2].map((effect) => ({
          effect,
          seeds: seedsNeeded(effect, variance)?.seeds ?? null,
        }))
      : [],
    detectable: variance ? smallestEffect(variance, seedsOf(honesty, suite)) : null,
    lastRound: observations.reduce((last, { round }) => Math.max(last, round), 0),
    catalogue,
  };
}

/**
 * Differences to the cell at 0 %. With `source: direct` variants are cells of names of their own, and what subtle and severe
 * answers are compared with are the right answers to the same prompts.
 */
function againstZero(honesty: readonly Observation[]): ChangeRow[] {
  const controls = new Set(honesty.filter(({ biased }) => biased === 0).map(({ scenario }) => scenario));
  const controlOf = (scenario: string) =>
    controls.has(scenario) ? scenario : scenario.replace(/source\.variant=\w+/u, "source.variant=normal");
  return changeFrom(honesty, (key) =>
    key.biased > 0 ? { ...key, biased: 0, scenario: controlOf(key.scenario) } : null,
  );
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

/** A reader looks at one round, mostly the last, and compares fractions in it. */
function byRound(rows: readonly ChangeRow[]): Corrected[] {
  const rounds = [...new Set(rows.map(({ round }) => round))].sort((a, b) => b - a);
  return rounds.flatMap((round) => holm(rows.filter((row) => row.round === round)));
}
