import { shuffle, stream } from "../random.js";

/**
 * The rows of every optimiser step, as indices: each epoch in an order of its own, drawn from the stream
 * `<seed>/epoch/<n>`, so that any step can be found again after an interruption. The last batch of an epoch may be short.
 */
export function batches(rows: number, batchSize: number, epochs: number, seed: string): number[][] {
  const all: number[][] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const order = shuffle(
      stream(`${seed}/epoch/${epoch}`),
      Array.from({ length: rows }, (_, index) => index),
    );
    for (let start = 0; start < rows; start += batchSize) all.push(order.slice(start, start + batchSize));
  }
  return all;
}
