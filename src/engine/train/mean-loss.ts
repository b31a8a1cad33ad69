import type { MicroBatch } from "./batch.js";
import type { LossPart } from "./optimization.js";

/** The weighted mean of token losses over all micro-batches, times `scale`. Throws if no token has weight. */
export function meanLoss(batches: readonly MicroBatch[], scale = 1): LossPart[] {
  let total = 0;
  for (const { weights } of batches) for (const weight of weights) total += weight;
  if (total === 0) throw new Error("no token of the batch carries loss");
  return batches.map((batch) => ({
    batch,
    feeds: { weights: batch.weights.map((weight) => (scale * weight) / total) },
    groups: 1,
  }));
}
