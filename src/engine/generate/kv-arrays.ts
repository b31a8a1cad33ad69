import type { LlamaConfig } from "../files/config.js";

/** What decides the size of a token's keys and values. */
export type KeyValueShape = Pick<LlamaConfig, "layers" | "kvHeads" | "headDim">;

/** Keys and values of some rows, one array a layer: [rows, kv heads, length, head size]. */
export type KeyValueArrays = { length: number; keys: Float32Array[]; values: Float32Array[] };

/** Bytes that keys and values of one token take. */
export function bytesPerToken({ layers, kvHeads, headDim }: KeyValueShape): number {
  return 2 * layers * kvHeads * headDim * Float32Array.BYTES_PER_ELEMENT;
}

/** Zeros for `rows` rows of `length` tokens. */
export function allocate(
  { layers, kvHeads, headDim }: KeyValueShape,
  rows: number,
  length: number,
): KeyValueArrays {
  const array = (): Float32Array => new Float32Array(rows * kvHeads * length * headDim);
  return {
    length,
    keys: Array.from({ length: layers }, array),
    values: Array.from({ length: layers }, array),
  };
}

/** A place in a row: the row's number and the token's. */
export type Place = { row: number; token: number };

/** Copies `count` tokens from a place in one set of arrays to a place in another (or the same, if they do not overlap). */
export function copyTokens(
  { kvHeads, headDim }: KeyValueShape,
  from: KeyValueArrays,
  source: Place,
  to: KeyValueArrays,
  target: Place,
  count: number,
): void {
  const size = count * headDim;
  for (let head = 0; head < kvHeads; head += 1) {
    const read = ((source.row * kvHeads + head) * from.length + source.token) * headDim;
    const write = ((target.row * kvHeads + head) * to.length + target.token) * headDim;
    for (let layer = 0; layer < from.keys.length; layer += 1) {
      copy(from.keys[layer]!, read, to.keys[layer]!, write, size);
      copy(from.values[layer]!, read, to.values[layer]!, write, size);
    }
  }
}

// Below this many elements a plain loop beats making a view for `set`.
const LOOP_LIMIT = 128;

function copy(from: Float32Array, read: number, to: Float32Array, write: number, size: number): void {
  if (size > LOOP_LIMIT) to.set(from.subarray(read, read + size), write);
  else for (let i = 0; i < size; i += 1) to[write + i] = from[read + i]!;
}
