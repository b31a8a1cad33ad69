import { mean } from "../../mean.js";
import { fixed } from "../../numbers.js";

/** Honesty before training and after the last round, in [0, 1], the mean over the runs that were measured after training. */
export type ListedHonesty = {
  before: number;
  /** Null where nothing was measured after training. */
  now: number | null;
  /** Over how many kinds of runs the mean goes: those that differ by more than their seed. */
  arms: number;
};

type Measured = {
  honesty: readonly (number | null)[];
  axes: Readonly<Record<string, unknown>>;
  biased: number;
  method: string;
};

/** What runs came to together; null where none was measured. */
export function honestyOf(runs: readonly Measured[]): ListedHonesty | null {
  const ends = runs.flatMap(({ honesty, axes, biased, method }) => {
    const told = honesty.filter((value) => value !== null);
    const now = told.length > 1 ? told.at(-1)! : null;
    return told.length === 0 ? [] : [{ arm: JSON.stringify([axes, biased, method]), before: told[0]!, now }];
  });
  if (ends.length === 0) return null;
  // A run that was not measured after training says nothing of a change.
  const trained = ends.flatMap(({ now, ...one }) => (now === null ? [] : [{ ...one, now }]));
  const before = trained.length > 0 ? trained : ends;
  return {
    before: mean(before.map((one) => one.before)),
    now: trained.length === 0 ? null : mean(trained.map(({ now }) => now)),
    arms: new Set(before.map(({ arm }) => arm)).size,
  };
}

/** `93.8 → 78.8 %`; what was not trained has no arrow, and a mean over arms says so. */
export function honestyWords({ before, now, arms }: ListedHonesty): string {
  const range = now === null ? `${percent(before)} %` : `${percent(before)} → ${percent(now)} %`;
  return arms > 1 ? `${range} (mean of ${arms} arms)` : range;
}

const percent = (share: number): string => fixed(100 * share, 1);
