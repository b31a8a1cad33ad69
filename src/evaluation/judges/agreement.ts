/** Two raters on the same items: what the first, who is right, and the second said. */
export type Pair = { truth: string; judged: string };

export type Agreement = {
  n: number;
  /** Share of items on which both say the same, with Wilson's 95 % interval. */
  agreement: Interval;
  /** Cohen's kappa with its asymptotic 95 % interval; null where chance alone would agree always. */
  kappa: Interval | null;
  /** Counts: `confusion[truth][judged]`. */
  confusion: Record<string, Record<string, number>>;
};

type Interval = { value: number; low: number; high: number };

/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.959964;

/**
 * How far a judge agrees with labels made by people. Kappa (Cohen 1960) is the agreement beyond what the two raters'
 * own frequencies would give by chance: (p_o - p_e) / (1 - p_e). Throws on an empty list.
 */
export function agreementOf(pairs: readonly Pair[]): Agreement {
  if (pairs.length === 0) throw new Error("agreement needs at least one item");
  const confusion: Agreement["confusion"] = {};
  for (const { truth, judged } of pairs) {
    confusion[truth] ??= {};
    confusion[truth][judged] = (confusion[truth][judged] ?? 0) + 1;
  }
  const n = pairs.length;
  const same = pairs.filter(({ truth, judged }) => truth === judged).length / n;
  return { n, agreement: { value: same, ...wilson(same, n) }, kappa: kappaOf(pairs, same), confusion };
}

function wilson(share: number, n: number): { low: number; high: number } {
  const centre = share + Z ** 2 / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  const scale = 1 + Z ** 2 / n;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

function kappaOf(pairs: readonly Pair[], same: number): Interval | null {
  const n = pairs.length;
  const labels = [...new Set(pairs.flatMap(({ truth, judged }) => [truth, judged]))];
  const share = (is: (pair: Pair) => boolean) => pairs.filter(is).length / n;
  const rows = labels.map((label) => share(({ truth }) => truth === label));
  const columns = labels.map((label) => share(({ judged }) => judged === label));
  const chance = rows.reduce((sum, row, index) => sum + row * columns[index]!, 0);
  if (chance === 1) return null;
  const kappaAt = (agreement: number) => (agreement - chance) / (1 - chance);
  const value = kappaAt(same);
  // Fleiss, Cohen and Everitt (1969), equation 13.
  let variance = -((same * chance - 2 * chance + same) ** 2);
  for (const [i, row] of labels.entries()) {
    for (const [j, column] of labels.entries()) {
      const cell = share(({ truth, judged }) => truth === row && judged === column);
      const weight =
        i === j
          ? (1 - chance - (rows[i]! + columns[i]!) * (1 - same)) ** 2
          : ((1 - same) * (columns[i]! + rows[j]!)) ** 2;
      variance += cell * weight;
    }
  }
  // Where all agree, or one of the two says the same of everything, the asymptotic variance is 0, which no finite sample warrants: the
  // agreement's Wilson interval stands in.
  if (variance < 1e-12) {
    const { low, high } = wilson(same, n);
    return { value, low: Math.max(-1, kappaAt(low)), high: kappaAt(high) };
  }
  const half = (Z * Math.sqrt(variance / n)) / (1 - chance) ** 2;
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
}
