import {
  allocate,
  copyNewTokens,
  copyTokens,
  type KeyValueShape,
  type KeyValues,
  layOutAnew,
  tokenSize,
} from "./kv-arrays.js";

// Room grows by so many tokens at a time: attention runs over all of it, and growing copies it.
const GROWTH = 32;
// Memory is used again for the next texts unless it is so many times what they need.
const SPARE = 4;

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
    // An empty cache is cut to what comes: attention would run over room that a longer text left behind.
    const most = rows === 0 ? length : 2 * length;
    if (old.rows >= slots && old.length >= tokens && old.length <= most) return;
    const needed = slots * length * tokenSize(this.#shape);
    const whole = { rows: Math.max(slots, old.rows), length };
    const size = whole.rows * length * tokenSize(this.#shape);
    if (rows === 0 && needed <= old.data.length && old.data.length <= SPARE * needed) {
      this.#values = { rows: slots, length, data: old.data };
    } else if (rows > 0 && length >= old.length && size <= old.data.length) {
      layOutAnew(this.#shape, old, rows, whole);
      this.#values = { ...whole, data: old.data };
    } else {
      this.#values = allocate(this.#shape, slots, length);
      const kept = Math.min(old.length, length);
      for (let row = 0; row < rows; row += 1)
        copyTokens(this.#shape, { in: old, row, token: 0 }, { in: this.#values, row, token: 0 }, kept);
    }
  }

  /** Writes the first `count` tokens of a row of other arrays into a slot, from `token` on. */
  write(slot: number, token: number, from: KeyValues, row: number, count: number): void {
    copyTokens(this.#shape, { in: from, row, token: 0 }, { in: this.#values, row: slot, token }, count);
  }

  /** Writes the one token of each row of `newKeyValues` into the slot of that number, at the place of that number in `tokens`. */
  append(newKeyValues: KeyValues, tokens: readonly number[]): void {
    copyNewTokens(this.#shape, newKeyValues, this.#values, tokens);
  }

  /** Moves the first `count` tokens of one slot to another. */
  move(from: number, to: number, count: number): void {
    const source = { in: this.#values, row: from, token: 0 };
    copyTokens(this.#shape, source, { in: this.#values, row: to, token: 0 }, count);
  }
}
