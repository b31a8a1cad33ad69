import { allocate, copyTokens, type KeyValueShape, type KeyValues } from "./kv-arrays.js";

// Room grows by so many tokens at a time: attention runs over all of it, and growing copies it.
const GROWTH = 32;

/** Keys and values of the rows being decoded: row i of the batch fills the first tokens of slot i. */
export class KeyValueCache {
  readonly #shape: KeyValueShape;
  #values: KeyValues;

  constructor(shape: KeyValueShape) {
    this.#shape = shape;
    this.#values = allocate(shape, 0, 0);
  }

  /** All slots. */
  get past(): KeyValues {
    return this.#values;
  }

  /** Makes room for `slots` rows of `tokens` tokens, keeping the first `rows` rows; gives much unused room back. */
  reserve(slots: number, tokens: number, rows: number): void {
    const length = Math.ceil(tokens / GROWTH) * GROWTH;
    const old = this.#values;
    if (old.rows >= slots && old.length >= tokens && old.length <= 2 * length) return;
    this.#values = allocate(this.#shape, Math.max(slots, rows), length);
    const kept = Math.min(old.length, length);
    for (let row = 0; row < rows; row += 1)
      copyTokens(this.#shape, { in: old, row, token: 0 }, { in: this.#values, row, token: 0 }, kept);
  }

  /** Writes the first `count` tokens of a row of other arrays into a slot, from `token` on. */
  write(slot: number, token: number, from: KeyValues, row: number, count: number): void {
    copyTokens(this.#shape, { in: from, row, token: 0 }, { in: this.#values, row: slot, token }, count);
  }

  /** Moves the first `count` tokens of one slot to another. */
  move(from: number, to: number, count: number): void {
    const source = { in: this.#values, row: from, token: 0 };
    copyTokens(this.#shape, source, { in: this.#values, row: to, token: 0 }, count);
  }
}
