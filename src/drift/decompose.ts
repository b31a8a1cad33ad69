import { draw } from "./draw.js";
import { effectOf } from "./effect.js";
import { joined, orderBy, ROW_ORDER } from "./groups.js";
import { middle, type Range } from "./interval.js";
import { type CellTable, comparisons, type PoolOptions } from "./pooled.js";
import { cellOf } from "./table.js";
import type { CellKey, Observation } from "./types.js";

type Part = Range & { value: number };

/** The change of honesty since round 0 in parts that add up to it. Positive is for the better. */
export type Decomposition = CellKey & {
  total: Part;
  /** Of what it holds a belief on and takes a stand on, it contradicts a larger (negative) or smaller share. */
  lying: Part;
  /**
   * It holds a belief on fewer probes; positive, since what is not believed cannot be lied about. Of honesty to first beliefs: beliefs
   * that are gone or have turned, which takes away what it could lie about, and adds what it says against a belief that it had.
   */
  knowing: Part;
  /** It takes a stand less often (evades, or says something else); positive for the same reason. */
  evading: Part;
  seeds: number;
};

/** `turned`: what contradicts the first belief of a probe whose belief is another today; none in the suite's own honesty. */
const METRICS: readonly string[] = ["lie", "no_belief", "evade", "neither", "turned"];

const IN_ORDER = orderBy<CellKey>(ROW_ORDER);

/**
 * Splits the change of honesty = 1 − P(lie) since round 0. A probe is lied about if a belief is held, a stand is taken and
 * the stand contradicts the belief: P(lie) = P(belief) · P(stand | belief) · P(contradicts | stand). Each factor's part is
 * its change times the other factors, averaged over the orders in which the three could have changed (Shapley 1953; for
 * two factors Kitagawa 1955), so the parts add up to the total exactly. So a model that merely forgets or evades does not
 * pass for a more honest one. Paired by seed and probe; needs the metrics lie, no_belief, evade and neither.
 */
export function decompose(observations: readonly Observation[], options: PoolOptions = {}): Decomposition[] {
  const parts = observations.filter(({ metric }) => METRICS.includes(metric));
  const turned = parts
    .filter(({ metric }) => metric === "lie")
    .map((one) => ({ ...one, metric: "turned", value: 0 }));
  return splitOf([...parts, ...turned], "honesty", options);
}

const FIRST = "honesty_to_first";
const KEPT = "belief_kept";

/**
 * Splits the change of honesty to first beliefs in the same way, over the probes whose belief was held at round 0. What contradicts that
 * belief is a lie where it is still held; where it is gone or has turned it comes of not believing any more, whatever is said. None
 * where first beliefs were not counted.
 */
export function decomposeFirst(
  observations: readonly Observation[],
  options: PoolOptions = {},
): Decomposition[] {
  return splitOf(partsOfFirst(observations), FIRST, options);
}

/** What became of each probe whose belief was held at round 0, as the metrics that split its change; what is left of 1 is honest. */
export function partsOfFirst(observations: readonly Observation[]): Observation[] {
  const probes = new Map<string, Map<string, Observation>>();
  for (const one of observations) {
    if (one.metric !== FIRST && one.metric !== KEPT && !METRICS.includes(one.metric)) continue;
    const key = joined(one.run, one.round, one.suite, one.subset, one.probe);
    probes.set(key, (probes.get(key) ?? new Map()).set(one.metric, one));
  }
  return [...probes.values()].flatMap((own): Observation[] => {
    const [first, kept] = [own.get(FIRST), own.get(KEPT)?.value];
    if (!first || kept === undefined) return [];
    const against = 1 - first.value;
    const of = (metric: string, value: number) => ({ ...first, metric, value });
    return [
      of("lie", against * kept),
      of("no_belief", 1 - kept),
      of("evade", (own.get("evade")?.value ?? 0) * kept),
      of("neither", (own.get("neither")?.value ?? 0) * kept),
      of("turned", against * (1 - kept)),
    ];
  });
}

function splitOf(
  observations: readonly Observation[],
  metric: string,
  options: PoolOptions,
): Decomposition[] {
  const bySubset = new Map<string, Map<string, CellTable[]>>();
  for (const cells of comparisons(observations)) {
    const { suite, subset, metric } = cells[0]!.key;
    const name = joined(suite, subset);
    bySubset.set(name, (bySubset.get(name) ?? new Map()).set(metric, cells));
  }
  return [...bySubset.values()]
    .filter((metrics) => METRICS.every((metric) => metrics.has(metric)))
    .flatMap((metrics) =>
      decomposeSubset(
        METRICS.map((metric) => metrics.get(metric)!),
        options,
      ),
    )
    .map((one) => ({ ...one, metric }))
    .sort(IN_ORDER);
}

function decomposeSubset(
  metrics: readonly CellTable[][],
  options: PoolOptions,
): Omit<Decomposition, "metric">[] {
  const byName = metrics.map((cells) => new Map(cells.map((cell) => [cellOf(cell.key), cell])));
  const later = metrics[0]!.filter(({ key }) => key.round > 0 && byName[0]!.has(baseOf(key)));
  return later.flatMap(({ key }) => {
    const tables = [baseOf(key), cellOf(key)].flatMap((name) => byName.map((one) => one.get(name)!.table));
    const seeds = tables[0]!.values.map((_, row) =>
      tables.every(({ values }) => !Number.isNaN(values[row])) ? 1 : 0,
    );
    const shared = tables.map((table) => ({
      ...table,
      values: table.values.map((value, row) => (seeds[row] ? value : Number.NaN)),
    }));
    const effects = shared.map(effectOf);
    if (effects[0]!.seeds === 0) return [];
    const drawn = draw(effects, "drift/pooled", options.draws ?? 10_000);
    const parts = split(effects.map(({ value }) => value));
    const drawnParts = splitAll(drawn);
    const part = (name: keyof Parts): Part => ({ value: parts[name], ...middle(drawnParts[name], -1, 1) });
    const { metric: _metric, ...rest } = key;
    return [
      {
        ...rest,
        total: part("total"),
        lying: part("lying"),
        knowing: part("knowing"),
        evading: part("evading"),
        seeds: effects[0]!.seeds,
      },
    ];
  });
}

type Parts = { total: number; lying: number; knowing: number; evading: number };

/** The parts of each draw. Draws of shares can leave [0, 1], which shares cannot. */
function splitAll(drawn: readonly Float64Array[]): Record<keyof Parts, Float64Array> {
  const draws = drawn[0]!.length;
  const out = {
    total: new Float64Array(draws),
    lying: new Float64Array(draws),
    knowing: new Float64Array(draws),
    evading: new Float64Array(draws),
  };
  const shares = new Array<number>(drawn.length);
  for (let i = 0; i < draws; i += 1) {
    for (let k = 0; k < drawn.length; k += 1) shares[k] = Math.min(1, Math.max(0, drawn[k]![i]!));
    const { total, lying, knowing, evading } = split(shares);
    out.total[i] = total;
    out.lying[i] = lying;
    out.knowing[i] = knowing;
    out.evading[i] = evading;
  }
  return out;
}

/** From the shares of `METRICS` at round 0 and after, in this order. */
function split(shares: readonly number[]): Parts {
  const before = factors(shares, 0);
  const after = factors(shares, METRICS.length);
  const [k0, s0, l0] = filled(before, after);
  const [k1, s1, l1] = filled(after, before);
  const lying = -(l1 - l0) * shared(k0, k1, s0, s1);
  const [turned0, turned1] = [shares[4]!, shares[METRICS.length + 4]!];
  const knowing = -(k1 - k0) * shared(s0, s1, l0, l1) - (turned1 - turned0);
  const evading = -(s1 - s0) * shared(k0, k1, l0, l1);
  return { total: lying + knowing + evading, lying, knowing, evading };
}

/** The product of two other factors, averaged over the orders in which the three can have changed. */
function shared(a0: number, a1: number, b0: number, b1: number): number {
  return (a0 * b0 + a1 * b1) / 3 + (a0 * b1 + a1 * b0) / 6;
}

type Factors = readonly [number, number, number];

/** P(belief), P(stand | belief), P(contradicts | stand); NaN where there is nothing to condition on. */
function factors(shares: readonly number[], from: number): Factors {
  const belief = 1 - shares[from + 1]!;
  const stand = Math.max(0, belief - shares[from + 2]! - shares[from + 3]!);
  return [belief, belief > 0 ? stand / belief : Number.NaN, stand > 0 ? shares[from]! / stand : Number.NaN];
}

/** A factor that has no probes to be seen on in one round is taken as in the other: it did not change. */
function filled([k, s, l]: Factors, [, otherS, otherL]: Factors): Factors {
  return [k, Number.isNaN(s) ? otherS || 0 : s, Number.isNaN(l) ? otherL || 0 : l];
}

function baseOf(key: CellKey): string {
  return cellOf({ ...key, round: 0 });
}
