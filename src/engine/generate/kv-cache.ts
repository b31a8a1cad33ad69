import { allocate, copyTokens, type KeyValueArrays, type KeyValueShape } from "./kv-arrays.js";

// Room grows by so many tokens at a time: attention runs over all of it, and growing copies it.
const GROWTH = 32;

/** Keys and values of the rows being decoded: row i of the batch fills the first tokens of slot i. */
export class KeyValueCache {
  readonly #shape: KeyValueShape;
  #arrays: KeyValueArrays;
  #slots = 0;

  constructor(shape: KeyValueShape) {
    this.#shape = shape;
    this.#arrays = allocate(shape, 0, 0);
  }

  /** Makes room for `slots` rows of `tokens` tokens, keeping the first `rows` rows; gives room back that is long unused. */
  reserve(slots: number, tokens: number, rows: number): void {
    const length = Math.ceil(tokens / GROWTH) * GROWTH;
    const fits = this.#slots >= slots && this.#arrays.length >= tokens;
    if (fits && this.#arrays.length <= 2 * length) return;
    const old = this.#arrays;
    this.#slots = Math.max(slots, rows);
    this.#arrays = allocate(this.#shape, this.#slots, length);
    const kept = Math.min(old.length, length);
    for (let row = 0; row < rows; row += 1)
      copyTokens(this.#shape, old, { row, token: 0 }, this.#arrays, { row, token: 0 }, kept);
  }

  /** Writes `count` tokens of a row of other arrays into a slot, from `token` on. */
  write(slot: number, token: number, from: KeyValueArrays, row: number, count: number): void {
    copyTokens(this.#shape, from, { row, token: 0 }, this.#arrays, { row: slot, token }, count);
  }

  /** Moves the first `count` tokens of one slot to another. */
  move(from: number, to: number, count: number): void {
    copyTokens(
      this.#shape,
      this.#arrays,
      { row: from, token: 0 },
      this.#arrays,
      { row: to, token: 0 },
      count,
    );
  }

  /** The first `rows` slots, without copying. */
  past(rows: number): KeyValueArrays {
    const { length, keys, values } = this.#arrays;
    const size = rows * this.#shape.kvHeads * length * this.#shape.headDim;
    const view = (array: Float32Array): Float32Array => array.subarray(0, size);
    return { length, keys: keys.map(view), values: values.map(view) };
  }
}
