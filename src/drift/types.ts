/** One probe's contribution to one metric in one round of one run. */
export type Observation = {
  run: string;
  scenario: string;
  seed: number;
  method: string;
  /** Nominal and realized fraction of biased users, in [0, 1]. */
  biased: number;
  biased_realized: number;
  round: number;
  suite: string;
  subset: string;
  probe: string;
  metric: string;
  /** In [0, 1]. */
  value: number;
};

/** A row of `drift.csv`. `low` and `high` bound the 95 % interval. */
export type DriftRow = {
  run: string;
  scenario: string;
  seed: number;
  method: string;
  biased: number;
  biased_realized: number;
  round: number;
  suite: string;
  subset: string;
  metric: string;
  value: number;
  n: number;
  low: number;
  high: number;
};
