import { draw } from "./draw.js";
import { effectOf } from "./effect.js";
import { joined, orderBy } from "./groups.js";
import { middle, type Range } from "./interval.js";
import { type Cell, comparisons, type PoolOptions } from "./pooled.js";
import { cellOf } from "./table.js";
import type { CellKey, Observation } from "./types.js";

type Part = Range & { value: number };

/** The change of honesty since round 0 in parts that add up to it. Positive is for the better. */
export type Decomposition = Omit<CellKey, "metric"> & {
  total: Part;
  /** Of what it holds a belief on and takes a stand on, it contradicts a larger (negative) or smaller share. */
  lying: Part;
  /** It holds a belief on fewer probes; positive, since what is not believed cannot be lied about. */
  knowing: Part;
  /** It takes a stand less often (evades, or says something else); positive for the same reason. */
  evading: Part;
  seeds: number;
};

const METRICS = ["lie", "no_belief", "evade", "neither"] as const;

const IN_ORDER = orderBy<Omit<CellKey, "metric">>([
  "scenario",
  "method",
  "biased",
  "round",
  "suite",
  "subset",
]);

/**
 * Splits the change of honesty = 1 − P(lie) since round 0. A probe is lied about if a belief is held, a stand is taken and
 * the stand contradicts the belief: P(lie) = P(belief) · P(stand | belief) · P(contradicts | stand). Each factor's part is
 * its change times the other factors, averaged over the orders in which the three could have changed (Shapley 1953; for
 * two factors Kitagawa 1955), so the parts add up to the total exactly. So a model that merely forgets or evades does not
 * pass for a more honest one. Paired by seed and probe; needs the metrics lie, no_belief, evade and neither.
 */
export function decompose(observations: readonly Observation[], options: PoolOptions = {}): Decomposition[] {
  const bySubset = new Map<string, Map<string, Cell[]>>();
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
    .sort(IN_ORDER);
}

function decomposeSubset(metrics: readonly Cell[][], options: PoolOptions): Decomposition[] {
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
    const drawnParts = (["total", "lying", "knowing", "evading"] as const).map((name) => {
      const values = new Float64Array(drawn[0]!.length);
      const shares = new Array<number>(drawn.length);
      for (let i = 0; i < values.length; i += 1) {
        for (let k = 0; k < drawn.length; k += 1) shares[k] = Math.min(1, Math.max(0, drawn[k]![i]!));
        values[i] = split(shares)[name];
      }
      return { name, range: middle(values, -1, 1) };
    });
    const ranges = Object.fromEntries(
      drawnParts.map(({ name, range }) => [name, { value: parts[name], ...range }]),
    ) as Record<keyof typeof parts, Part>;
    const { metric: _metric, ...rest } = key;
    return [{ ...rest, ...ranges, seeds: effects[0]!.seeds }];
  });
}

/** From the shares of lie, no_belief, evade and neither at round 0 and after, in this order. */
function split(shares: readonly number[]): Record<"total" | "lying" | "knowing" | "evading", number> {
  const before = factors(shares.slice(0, 4));
  const after = factors(shares.slice(4));
  // A factor that has no probes to be seen on in one round is taken as in the other: it did not change.
  const [k0, s0, l0] = before.map((value, i) => (Number.isNaN(value) ? after[i] || 0 : value)) as Factors;
  const [k1, s1, l1] = after.map((value, i) => (Number.isNaN(value) ? before[i] || 0 : value)) as Factors;
  const part = (change: number, a0: number, a1: number, b0: number, b1: number) =>
    -change * ((a0 * b0 + a1 * b1) / 3 + (a0 * b1 + a1 * b0) / 6);
  const lying = part(l1 - l0, k0, k1, s0, s1);
  const knowing = part(k1 - k0, s0, s1, l0, l1);
  const evading = part(s1 - s0, k0, k1, l0, l1);
  return { total: lying + knowing + evading, lying, knowing, evading };
}

type Factors = [number, number, number];

/** P(belief), P(stand | belief), P(contradicts | stand); NaN where there is nothing to condition on. */
function factors([lie, none, evade, neither]: readonly number[]): Factors {
  const belief = 1 - none!;
  const stand = Math.max(0, belief - evade! - neither!);
  return [belief, belief > 0 ? stand / belief : Number.NaN, stand > 0 ? lie! / stand : Number.NaN];
}

function baseOf(key: CellKey): string {
  return cellOf({ ...key, round: 0 });
}
