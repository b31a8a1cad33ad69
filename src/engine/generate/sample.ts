import type { Random } from "../../random.js";
import type { Alternative } from "./types.js";

export type SamplingSettings = {
  /** Logits are divided by it before the draw; 0 takes the most likely token. */
  temperature: number;
  /** Draws come from the smallest set of most likely tokens whose probability reaches this, in (0, 1]. */
  topP: number;
};

/** Log of the sum of exponentials. */
export function logSumExp(logits: Float32Array): number {
  const max = maximum(logits);
  let sum = 0;
  for (let i = 0; i < logits.length; i += 1) sum += Math.exp(logits[i]! - max);
  return max + Math.log(sum);
}

/** The `count` likeliest tokens, best first, with their log-probabilities under the model itself. */
export function likeliest(logits: Float32Array, count: number): Alternative[] {
  if (count === 0) return [];
  const normalizer = logSumExp(logits);
  const best: number[] = [];
  for (let id = 0; id < logits.length; id += 1) {
    if (best.length === count && logits[id]! <= logits[best.at(-1)!]!) continue;
    let place = best.length;
    while (place > 0 && logits[id]! > logits[best[place - 1]!]!) place -= 1;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  return best.map((id) => ({ id, logprob: logits[id]! - normalizer }));
}

/**
 * Draws the next token from one row of logits, using one number from `random` (none at temperature 0). Its log-probability
 * is that under the model itself: temperature 1, nothing cut off.
 */
export function sampleToken(
  logits: Float32Array,
  { temperature, topP }: SamplingSettings,
  random: Random,
): Alternative {
  const max = maximum(logits);
  if (temperature === 0) {
    const id = logits.indexOf(max);
    return { id, logprob: max - logSumExp(logits) };
  }
  const weights = weightsFor(logits.length);
  let total = 0;
  for (let i = 0; i < weights.length; i += 1) {
    const weight = Math.exp((logits[i]! - max) / temperature);
    weights[i] = weight;
    total += weight;
  }
  const id = topP < 1 ? drawFromNucleus(weights, total, topP, random) : draw(weights, total, random);
  // At temperature 1 the sum is already there.
  const normalizer = temperature === 1 ? max + Math.log(total) : logSumExp(logits);
  return { id, logprob: logits[id]! - normalizer };
}

let scratch = new Float64Array(0);

/** A buffer for one draw; sampling is synchronous, so one serves all. */
function weightsFor(length: number): Float64Array {
  if (scratch.length < length) scratch = new Float64Array(length);
  return scratch.length === length ? scratch : scratch.subarray(0, length);
}

function draw(weights: Float64Array, total: number, random: Random): number {
  let left = random() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i += 1) {
    if (weights[i] === 0) continue;
    left -= weights[i]!;
    last = i;
    if (left < 0) break;
  }
  // Rounding can leave a sliver above the last token.
  return last;
}

function drawFromNucleus(weights: Float64Array, total: number, topP: number, random: Random): number {
  // Tokens below (1 − topP) / n together weigh less than 1 − topP, so none of them can be needed: no need to sort them.
  const floor = (total * (1 - topP)) / weights.length;
  const order: number[] = [];
  for (let i = 0; i < weights.length; i += 1) if (weights[i]! >= floor) order.push(i);
  order.sort((a, b) => weights[b]! - weights[a]! || a - b);
  let mass = 0;
  let kept = 0;
  while (kept < order.length && mass < topP * total) {
    mass += weights[order[kept]!]!;
    kept += 1;
  }
  let left = random() * mass;
  for (let i = 0; i < kept; i += 1) {
    left -= weights[order[i]!]!;
    if (left < 0) return order[i]!;
  }
  return order[kept - 1]!;
}

function maximum(values: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) if (values[i]! > max) max = values[i]!;
  return max;
}
