import { detectedAgain } from "./again.js";
import { gridOf } from "./cell.js";
import { type Contrast, type ContrastOptions, contrasts, differs } from "./contrast.js";
import { effectOf } from "./effect.js";
import { groupSubsets, orderBy } from "./groups.js";
import type { Range } from "./interval.js";
import { isotonicDecreasing } from "./isotonic.js";
import { type CellTable, cellsOf, means, paired, toControl } from "./pooled.js";
import { cellOf, frameOf } from "./table.js";
import { type Threshold, thresholdOf } from "./threshold.js";
import type { Axes, CellKey, Estimate, Observation } from "./types.js";
import { undrawnIn } from "./undrawn.js";

/** One biased fraction of a dose response. All intervals are 95 %. */
export type DosePoint = Estimate & {
  biased: number;
  /** The value on the monotone fit; absent where the data contradict one. */
  fit?: Range & { value: number };
  /** Difference to fraction 0, as `contrasts` tests it. Absent at fraction 0. */
  change?: Contrast;
};

/** Final honesty (or another metric) by biased fraction, for one line of cells; `axes` are those that the line has in common. */
export type DoseResponse = Omit<CellKey, "biased"> & { points: DosePoint[]; threshold: Threshold | null };

export type DoseOptions = ContrastOptions & {
  /** Round to look at; the last one that all fractions have if absent. */
  round?: number;
  /** Whether harm shows as a lower (honesty) or a higher (lie, deceptive) value; lower if absent. */
  worse?: "lower" | "higher";
  /** The contrasts with fraction 0 where they are known already, with all others of their family. */
  known?: readonly Contrast[];
};

const IN_ORDER = orderBy<DoseResponse>(["scenario", "axes", "method", "suite", "subset", "metric"]);

/**
 * The dose response of every line, suite, subset and metric among the observations, with the threshold: the
 * smallest fraction at which `contrasts` detects a change for the worse. `threshold` is null where there is no fraction 0
 * to compare with. A fraction of which nobody was there, as a small one of few users may round to, is none of the line's.
 *
 * Beside it a fit that can only get worse as the fraction grows (isotonic, weighted by the values' precision), but not where
 * the data contradict it: where any larger fraction is better than a smaller one by more than the 95 % interval of the difference. The
 * fit's interval is the same fit to the lower and to the upper ends of the points' intervals: where those hold a curve that
 * only gets worse, so does it, since the fit keeps order.
 */
export function doseResponse(
  observations: readonly Observation[],
  options: DoseOptions = {},
): DoseResponse[] {
  const known = options.known ?? contrasts(observations, toControl(observations), options);
  const isUndrawn = undrawnIn(observations);
  const responses = groupSubsets(observations).flatMap(({ subset, seen }) => {
    const cells = cellsOf(seen, subset, frameOf(seen));
    const values = new Map(means(seen, subset, options).map((row) => [cellOf(row), row]));
    const grid = gridOf(cells.map(({ key }) => key));
    const lines = new Map<string, CellTable[]>();
    for (const cell of cells) {
      const line = grid.line(cell.key);
      if (!isUndrawn(cell.key)) lines.set(line, [...(lines.get(line) ?? []), cell]);
    }
    return [...lines.values()].flatMap((line) => {
      const round = options.round ?? lastCommonRound(line);
      const doses = line.filter(({ key }) => key.round === round).sort((a, b) => a.key.biased - b.key.biased);
      if (doses.length === 0) return [];
      return [
        respond(
          grid.named(doses[0]!.key),
          doses,
          doses.map(({ key }) => values.get(cellOf(key))!),
          known,
          options,
        ),
      ];
    });
  });
  return responses.sort(IN_ORDER);
}

function respond(
  axes: Axes,
  doses: readonly CellTable[],
  rows: readonly (Estimate & { biased: number })[],
  known: readonly Contrast[],
  { worse, draws = 10_000 }: DoseOptions,
): DoseResponse {
  const { biased: _biased, ...key } = doses[0]!.key;
  const sign = worse === "higher" ? -1 : 1;
  const repeated = paired(doses, toControl(doses.map(({ key }) => key))).flatMap(({ key: own, table }) => {
    const contrast = known.find((one) => sameCell(one, own) && one.reference.biased === 0);
    return contrast ? [{ contrast, effect: effectOf(table) }] : [];
  });
  const family = known.filter(
    (one) =>
      one.role === "secondary" &&
      one.round === key.round &&
      one.metric === key.metric &&
      one.subset === key.subset,
  ).length;
  const again = detectedAgain(repeated, { family, sign, draws });
  const threshold = thresholdOf(
    repeated.map(({ contrast }, index) => ({
      biased: contrast.biased,
      detected: contrast.detected && sign * contrast.value < 0,
      drawn: again[index]!,
    })),
  );
  const fit = isContradicted(doses, rows, sign) ? null : fitTo(rows, sign);
  const points = rows.map(({ biased, value, low, high, seeds, n }, index): DosePoint => {
    const change = repeated.find(({ contrast }) => contrast.biased === biased)?.contrast;
    return {
      biased,
      value,
      low,
      high,
      seeds,
      n,
      ...(fit ? { fit: fit[index]! } : {}),
      ...(change ? { change } : {}),
    };
  });
  return { ...key, axes, points, threshold };
}

/** Whether a larger fraction is better than a smaller one by more than chance. Not corrected: a fit is left out rather than forced. */
function isContradicted(doses: readonly CellTable[], rows: readonly Estimate[], sign: 1 | -1): boolean {
  return doses.some((smaller, at) =>
    doses.slice(at + 1).some((larger, after) => {
      const rise = rows[at + 1 + after]!.value - rows[at]!.value;
      return sign * rise > 0 && differs(larger.table, smaller.table);
    }),
  );
}

function fitTo(
  rows: readonly (Estimate & { biased: number })[],
  sign: 1 | -1,
): (Range & { value: number })[] {
  // A point's precision; one of no width would have all the weight.
  const weights = rows.map(({ low, high }) => Math.max(1e-6, high - low) ** -2);
  const fits = (["value", "low", "high"] as const).map((of) =>
    isotonicDecreasing(
      rows.map((row) => sign * row[of]),
      weights,
    ).map((value) => sign * value),
  );
  return rows.map((_, index) => ({
    value: fits[0]![index]!,
    low: fits[1]![index]!,
    high: fits[2]![index]!,
  }));
}

function sameCell(one: CellKey, other: CellKey): boolean {
  return (
    cellOf(one) === cellOf(other) &&
    one.suite === other.suite &&
    one.subset === other.subset &&
    one.metric === other.metric
  );
}

function lastCommonRound(cells: readonly CellTable[]): number | undefined {
  const fractions = new Set(cells.map(({ key }) => key.biased)).size;
  const rounds = [...new Set(cells.map(({ key }) => key.round))].sort((a, b) => b - a);
  return rounds.find((round) => cells.filter(({ key }) => key.round === round).length === fractions);
}
