import { cellKey } from "./cell.js";
import { joined } from "./groups.js";
import type { CellId, Observation } from "./types.js";

/** The seeds and probes of a comparison; every table of it has these rows and columns. */
export type Frame = { seeds: readonly number[]; probes: readonly string[] };

/**
 * What a bootstrap needs to know of one metric in one cell and round: a seeds × probes table, reduced to each seed's
 * value and each probe's share in it.
 */
export type Table = {
  frame: Frame;
  /** Each seed's value, in the order of the frame; NaN where the seed has no observation. */
  values: Float64Array;
  /**
   * Seeds × probes, row by row: by how much a probe moves its seed's value, w (y − value) / Σw with w = 1 where the
   * probe counts. For a mean over all probes this is exact; for one over some of them (normalized_honesty) it is the
   * first-order influence.
   */
  influence: Float64Array;
  /** Mean count of probes over the seeds. */
  n: number;
  /** Whether each seed has probes of its own, as conversations are: then none is paired with another's. */
  own: boolean;
};

export function frameOf(seen: readonly Observation[]): Frame {
  return {
    seeds: [...new Set(seen.map(({ seed }) => seed))].sort((a, b) => a - b),
    probes: [...new Set(seen.map(({ probe }) => probe))].sort(),
  };
}

/** Throws if a probe counts twice for a seed, which two runs of one seed in one cell would make it do. */
export function tableOf(seen: readonly Observation[], frame: Frame): Table {
  const { seeds, probes } = frame;
  const seedAt = new Map(seeds.map((seed, index) => [seed, index]));
  const probeAt = new Map(probes.map((probe, index) => [probe, index]));
  const scores = new Float64Array(seeds.length * probes.length).fill(Number.NaN);
  for (const one of seen) {
    const at = seedAt.get(one.seed)! * probes.length + probeAt.get(one.probe)!;
    if (!Number.isNaN(scores[at])) refuseDouble(one, seen);
    scores[at] = one.value;
  }
  const values = new Float64Array(seeds.length);
  const influence = new Float64Array(scores.length);
  seeds.forEach((_, row) => {
    const from = row * probes.length;
    const cells = scores.subarray(from, from + probes.length);
    const { mean, count } = meanOf(cells);
    values[row] = mean;
    cells.forEach((score, column) => {
      if (!Number.isNaN(score)) influence[from + column] = (score - mean) / count;
    });
  });
  const present = values.filter((value) => !Number.isNaN(value)).length;
  return { frame, values, influence, n: seen.length / present, own: seen[0]?.own === true };
}

/**
 * `one` − `other` seed by seed and probe by probe, over the seeds that both have. Both must share a frame. Probes that are each
 * run's own stand beside those of the other, as nothing that they have in common could cancel.
 */
export function difference(one: Table, other: Table): Table {
  return {
    frame: one.own ? twice(one.frame) : one.frame,
    // NaN where either seed is missing; the influence of such a seed is never read.
    values: one.values.map((value, index) => value - other.values[index]!),
    influence: one.own
      ? besideEachOther(one, other)
      : one.influence.map((value, index) => value - other.influence[index]!),
    n: Math.min(one.n, other.n),
    own: one.own,
  };
}

function twice({ seeds, probes }: Frame): Frame {
  return { seeds, probes: [...probes, ...probes] };
}

function besideEachOther(one: Table, other: Table): Float64Array {
  const width = one.frame.probes.length;
  const out = new Float64Array(2 * one.influence.length);
  one.frame.seeds.forEach((_, row) => {
    const of = ({ influence }: Table) => influence.subarray(row * width, (row + 1) * width);
    out.set(of(one), 2 * row * width);
    out.set(
      of(other).map((value) => -value),
      (2 * row + 1) * width,
    );
  });
  return out;
}

function meanOf(cells: Float64Array): { mean: number; count: number } {
  let sum = 0;
  let count = 0;
  for (const score of cells) {
    if (Number.isNaN(score)) continue;
    sum += score;
    count += 1;
  }
  return { mean: sum / count, count };
}

function refuseDouble(one: Observation, seen: readonly Observation[]): never {
  const runs = [...new Set(seen.filter(({ seed }) => seed === one.seed).map(({ run }) => run))];
  throw new Error(
    runs.length > 1
      ? `${runs.join(" and ")} are both seed ${one.seed} of ${joinedCell(one)}: name their scenarios apart to pool them`
      : `${one.run}, round ${one.round}: probe ${one.suite}/${one.probe} counts twice for ${one.metric}`,
  );
}

function joinedCell(one: Observation): string {
  const axes = Object.entries(one.axes).map(([path, value]) => `${path}=${value}`);
  return [one.scenario, ...axes, one.method, `${one.biased} biased`].join(", ");
}

/** A key for the cell and round of an observation. */
export function cellOf(seen: CellId & { round: number }): string {
  return joined(cellKey(seen), seen.round);
}
