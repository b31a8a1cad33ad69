import "../graph/quiet-runtime.js";
import * as ort from "onnxruntime-node";
import type { LlamaConfig } from "../files/config.js";
import type { TextTree } from "./text-tree.js";

// Added to a score it leaves a weight of exactly 0, and is far from overflowing.
const MASKED = -1e30;

/** Hides what stands behind each row's own past: 0 where a past token counts, [rows, 1, 1, length]. */
export function pastMask(starts: readonly number[], length: number): ort.Tensor {
  const mask = new Float32Array(starts.length * length);
  for (let row = 0; row < starts.length; row += 1)
    mask.fill(MASKED, row * length + starts[row]!, (row + 1) * length);
  return float32(mask, [starts.length, 1, 1, length]);
}

/** No new token sees a later one; the rows of the mask repeat for every query head of a key head. */
export function newMask(
  { heads, kvHeads }: Pick<LlamaConfig, "heads" | "kvHeads">,
  sequence: number,
): Float32Array {
  const groups = heads / kvHeads;
  const mask = new Float32Array(groups * sequence * sequence);
  for (let row = 0; row < groups * sequence; row += 1)
    mask.fill(MASKED, row * sequence + (row % sequence) + 1, (row + 1) * sequence);
  return mask;
}

/** A mask for each row, [rows, 1, groups × sequence, sequence]: no token of a tree sees any but those it comes after. */
export function treeMasks(
  { heads, kvHeads }: Pick<LlamaConfig, "heads" | "kvHeads">,
  trees: readonly TextTree[],
  sequence: number,
): ort.Tensor {
  const groups = heads / kvHeads;
  const square = sequence * sequence;
  const masks = new Float32Array(trees.length * groups * square).fill(MASKED);
  for (const [row, tree] of trees.entries()) {
    const start = row * groups * square;
    tree.unmask(masks.subarray(start, start + square), sequence);
    for (let group = 1; group < groups; group += 1)
      masks.copyWithin(start + group * square, start, start + square);
  }
  return float32(masks, [trees.length, 1, groups * sequence, sequence]);
}

/** The positions of `sequence` new tokens in each row, [rows, sequence]. */
export function positions(starts: readonly number[], sequence: number): ort.Tensor {
  const words = new Uint32Array(2 * starts.length * sequence);
  for (let row = 0; row < starts.length; row += 1)
    for (let i = 0; i < sequence; i += 1) words[2 * (row * sequence + i)] = starts[row]! + i;
  return fromWords(words, [starts.length, sequence]);
}

export function float32(data: Float32Array, dims: readonly number[]): ort.Tensor {
  return new ort.Tensor("float32", data, dims);
}

/** Whole numbers from 0. */
export function int64(values: readonly number[], dims: readonly number[]): ort.Tensor {
  const words = new Uint32Array(2 * values.length);
  for (let i = 0; i < values.length; i += 1) words[2 * i] = values[i]!;
  return fromWords(words, dims);
}

/** Numbers as pairs of 32 bits, the lower ones first: to make a BigInt of each would keep the garbage collector busy. */
function fromWords(words: Uint32Array, dims: readonly number[]): ort.Tensor {
  return new ort.Tensor("int64", new BigInt64Array(words.buffer), dims);
}
