import type { LlamaConfig } from "../files/config.js";

/** What decides the size of a token's keys and values. */
export type KeyValueShape = Pick<LlamaConfig, "layers" | "kvHeads" | "headDim">;

/**
 * Keys and values of some rows, room for `length` tokens each, in one array
 * [layers, keys then values, rows, kv heads, length, head size].
 */
export type KeyValues = { rows: number; length: number; data: Float32Array };

/** Elements that keys and values of one token take. */
export function tokenSize({ layers, kvHeads, headDim }: KeyValueShape): number {
  return 2 * layers * kvHeads * headDim;
}

/** Zeros for `rows` rows of `length` tokens. */
export function allocate(shape: KeyValueShape, rows: number, length: number): KeyValues {
  return { rows, length, data: new Float32Array(rows * length * tokenSize(shape)) };
}

/** The keys (`part` 0) or values (1) of a layer for the first `rows` rows, without copying. */
export function view(
  { kvHeads, headDim }: KeyValueShape,
  { rows: all, length, data }: KeyValues,
  layer: number,
  part: 0 | 1,
  rows: number,
): Float32Array {
  const row = kvHeads * length * headDim;
  const start = (2 * layer + part) * all * row;
  return data.subarray(start, start + rows * row);
}

/** A place in some arrays: the row's number and the token's. */
export type Place = { in: KeyValues; row: number; token: number };

// Below this many elements a plain loop beats making a view for `set`.
const LOOP_LIMIT = 128;

/** Copies `count` tokens of a row to another place, which may not overlap. */
export function copyTokens(
  { layers, kvHeads, headDim }: KeyValueShape,
  source: Place,
  target: Place,
  count: number,
): void {
  const size = count * headDim;
  const [from, to] = [source.in, target.in];
  for (let part = 0; part < 2 * layers; part += 1) {
    for (let head = 0; head < kvHeads; head += 1) {
      const read =
        (((part * from.rows + source.row) * kvHeads + head) * from.length + source.token) * headDim;
      const write = (((part * to.rows + target.row) * kvHeads + head) * to.length + target.token) * headDim;
      if (size > LOOP_LIMIT) to.data.set(from.data.subarray(read, read + size), write);
      else for (let i = 0; i < size; i += 1) to.data[write + i] = from.data[read + i]!;
    }
  }
}

/** Copies the one token of each row of `newKeyValues` to a place of its own in the same row of other arrays: `tokens` says where. */
export function copyNewTokens(
  { layers, kvHeads, headDim }: KeyValueShape,
  newKeyValues: KeyValues,
  target: KeyValues,
  tokens: readonly number[],
): void {
  const [from, to] = [newKeyValues.data, target.data];
  const row = kvHeads * target.length * headDim;
  let read = 0;
  for (let part = 0; part < 2 * layers; part += 1) {
    for (let index = 0; index < newKeyValues.rows; index += 1) {
      let write = (part * target.rows + index) * row + tokens[index]! * headDim;
      for (let head = 0; head < kvHeads; head += 1) {
        for (let i = 0; i < headDim; i += 1) to[write + i] = from[read + i]!;
        read += headDim;
        write += target.length * headDim;
      }
    }
  }
}

/** Lays the first `kept` rows out anew in the same memory, which has room for the more and longer rows of `to`. */
export function layOutAnew(
  { layers, kvHeads, headDim }: KeyValueShape,
  { rows, length, data }: KeyValues,
  kept: number,
  to: { rows: number; length: number },
): void {
  // From the last on, for each moves behind where it was.
  for (let part = 2 * layers - 1; part >= 0; part -= 1) {
    for (let place = kept * kvHeads - 1; place >= 0; place -= 1) {
      const read = (part * rows * kvHeads + place) * length * headDim;
      const write = (part * to.rows * kvHeads + place) * to.length * headDim;
      data.copyWithin(write, read, read + length * headDim);
    }
  }
}
