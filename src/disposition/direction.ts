import { UserError } from "../errors.js";
import type { HiddenModel, HiddenReading } from "../models/index.js";
import { type Contrast, hasReplies, type Spoken } from "./contrasts.js";

/** Where a text is looked into: at the last token of the prompt, or over the tokens of the reply. */
export type Position = "prompt" | "reply";

/** The way from candid to obliging in a model's residual stream. */
export type Direction = {
  /** The block behind which it was found, from 1. */
  layer: number;
  at: Position;
  /** The mean state of the obliging side less that of the candid one. */
  vector: number[];
  /** Pairs that it is the mean over. */
  pairs: number;
};

/** The block in the middle of a model, which is looked behind unless another is named. */
export const middleLayer = (layers: number): number => Math.ceil(layers / 2);

/**
 * The difference of mean hidden states of two sides, after persona vectors (Chen et al. 2025, arXiv 2507.21509). Throws a UserError
 * where both sides are the same to the model, and where replies are asked for that the contrasts do not have.
 */
export async function findDirection(
  model: HiddenModel,
  contrasts: readonly Contrast[],
  { layer, at = "prompt" }: { layer: number; at?: Position },
): Promise<Direction> {
  if (at === "reply" && !contrasts.every(hasReplies))
    throw new UserError("these contrasts give no replies: each side has to end with an assistant's turn");
  const read = (side: Spoken): HiddenReading => ({
    messages: side.messages,
    ...(at === "reply" ? { reply: side.reply! } : {}),
    layer,
  });
  const states = await model.hiddenStates([
    ...contrasts.map(({ obliging }) => read(obliging)),
    ...contrasts.map(({ candid }) => read(candid)),
  ]);
  const obliging = mean(states.slice(0, contrasts.length));
  const candid = mean(states.slice(contrasts.length));
  const vector = obliging.map((value, i) => value - candid[i]!);
  if (!(squared(vector) > 0))
    throw new UserError(
      "the model's states are the same on both sides of the contrasts: there is no direction",
    );
  return { layer, at, vector, pairs: contrasts.length };
}

/**
 * How far along a direction a state lies. The mean states of the two sides are 1 apart, whatever the model's scale; where 0 is has no
 * meaning of its own.
 */
export function project({ vector }: Pick<Direction, "vector">, state: ArrayLike<number>): number {
  if (state.length !== vector.length)
    throw new Error(`a state of ${state.length} numbers has no place along ${vector.length}`);
  let product = 0;
  for (let i = 0; i < vector.length; i += 1) product += vector[i]! * state[i]!;
  return product / squared(vector);
}

const squared = (vector: readonly number[]): number => vector.reduce((sum, value) => sum + value * value, 0);

function mean(states: readonly Float32Array[]): number[] {
  const sum = new Array<number>(states[0]!.length).fill(0);
  for (const state of states) for (let i = 0; i < sum.length; i += 1) sum[i]! += state[i]!;
  return sum.map((value) => value / states.length);
}
