import type { Random } from "../../random.js";
import type { Alternative } from "./types.js";

export type SamplingSettings = {
  /** Logits are divided by it before the draw; 0 takes the most likely token. */
  temperature: number;
  /** Draws come from the smallest set of most likely tokens whose probability reaches this, in (0, 1]. */
  topP: number;
};

/** What the model says of one position: logits, and the weights exp((logit - largest) / temperature) made of them. */
export type Prediction = { logits: Float32Array; weights: Float32Array };

/** Log-probability of a token, of weights at temperature 1. */
export function logProbability({ logits, weights }: Prediction, id: number, sum = total(weights)): number {
  return logits[id]! - maximum(logits) - Math.log(sum);
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
 * Draws the next token, using one number from `random` (none at temperature 0). `weights` are at that temperature. The
 * token's log-probability is that under the model itself: temperature 1, nothing cut off.
 */
export function sampleToken(
  prediction: Prediction,
  { temperature, topP }: SamplingSettings,
  random: Random,
): Alternative {
  const { logits, weights } = prediction;
  if (temperature === 0) {
    const id = logits.indexOf(maximum(logits));
    return { id, logprob: logits[id]! - logSumExp(logits) };
  }
  const sum = total(weights);
  const id = draw(weights, sum, topP, random);
  if (temperature === 1) return { id, logprob: logProbability(prediction, id, sum) };
  return { id, logprob: logits[id]! - logSumExp(logits) };
}

function draw(weights: Float32Array, sum: number, topP: number, random: Random): number {
  if (topP < 1) return drawFromNucleus(weights, sum, topP, random);
  let left = random() * sum;
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

function drawFromNucleus(weights: Float32Array, sum: number, topP: number, random: Random): number {
  // Tokens below (1 − topP) / n together weigh less than 1 − topP, so none of them can be needed: no need to sort them.
  const floor = (sum * (1 - topP)) / weights.length;
  const order: number[] = [];
  for (let i = 0; i < weights.length; i += 1) if (weights[i]! >= floor) order.push(i);
  order.sort((a, b) => weights[b]! - weights[a]! || a - b);
  let mass = 0;
  let kept = 0;
  while (kept < order.length && mass < topP * sum) {
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

/** Log of the sum of exponentials. */
function logSumExp(logits: Float32Array): number {
  const max = maximum(logits);
  let sum = 0;
  for (let i = 0; i < logits.length; i += 1) sum += Math.exp(logits[i]! - max);
  return max + Math.log(sum);
}

function total(weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) sum += weights[i]!;
  return sum;
}

function maximum(values: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) if (values[i]! > max) max = values[i]!;
  return max;
}
