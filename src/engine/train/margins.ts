import type { MicroBatch } from "./batch.js";
import type { LossPart } from "./optimization.js";

/** One term of a margin loss: the sign with which each of its rows counts, and the constants of `marginLoss`. */
export type Group = { signs: readonly number[]; offset: number; importance: number };

/** What `marginLoss` is fed for rows laid out group after group. Empty rows make groups of no importance. */
export function marginParts(batches: readonly MicroBatch[], groups: readonly Group[]): LossPart[] {
  const size = groups[0]!.signs.length;
  return batches.map((batch) => {
    const { rows, positions } = batch.shape;
    const count = rows / size;
    const firstGroup = batch.firstRow / size;
    const members = groups.slice(firstGroup, firstGroup + count);
    const membership = new Float32Array(count * positions);
    for (const [position, row] of batch.rowOf.entries()) {
      if (batch.weights[position] === 0) continue;
      const group = Math.floor(row / size);
      membership[group * positions + position] = members[group]!.signs[row % size]!;
    }
    const perGroup = (value: (group: Group) => number) =>
      Float32Array.from({ length: count }, (_, group) => (members[group] ? value(members[group]) : 0));
    const feeds = {
      membership,
      offset: perGroup(({ offset }) => offset),
      importance: perGroup(({ importance }) => importance),
    };
    return { batch, feeds, groups: count };
  });
}

/** What `clippedPolicyLoss` needs for each reply, importance being the advantage's share of the mean. */
export function drawnParts(batches: readonly MicroBatch[], groups: readonly Group[]): LossPart[] {
  return marginParts(batches, groups).map(({ feeds, ...part }) => {
    const { membership, offset, importance } = feeds as Record<string, Float32Array>;
    return {
      ...part,
      feeds: {
        membership: membership!,
        offset: offset!,
        gain: importance!.map((value) => Math.max(0, value)),
        cost: importance!.map((value) => Math.min(0, value)),
      },
    };
  });
}
