import { allocate, bytesPerToken, copyTokens, type KeyValueArrays, type KeyValueShape } from "./kv-arrays.js";

/** Keys and values of up to a block's worth of tokens. */
export type Chunk = { serial: number; count: number; arrays: KeyValueArrays };

/**
 * Remembers the keys and values of whole blocks of prompts, so that equal beginnings (a system prompt, the earlier turns
 * of a conversation) are read once. A block's content depends on nothing but the tokens up to its end, so it makes no
 * difference to any result whether it was remembered. The longest unused are forgotten first.
 */
export class BlockStore {
  readonly #shape: KeyValueShape;
  readonly #blocks = new Map<string, Chunk>();
  readonly #limit: number;
  #serial = 0;

  constructor(shape: KeyValueShape, blockSize: number, bytes: number) {
    this.#shape = shape;
    this.#limit = Math.max(1, Math.floor(bytes / (blockSize * bytesPerToken(shape))));
  }

  /** The name of a block: its tokens, and the block before it (which in turn stands for all before). */
  static key(ids: readonly number[], start: number, end: number, before: Chunk | undefined): string {
    let key = before ? String(before.serial) : "";
    for (let i = start; i < end; i += 1) key += `,${ids[i]}`;
    return key;
  }

  get(key: string): Chunk | undefined {
    const block = this.#blocks.get(key);
    if (block) {
      this.#blocks.delete(key);
      this.#blocks.set(key, block);
    }
    return block;
  }

  set(key: string, block: Chunk): void {
    this.#blocks.set(key, block);
    if (this.#blocks.size <= this.#limit) return;
    const [oldest] = this.#blocks.keys();
    this.#blocks.delete(oldest!);
  }

  /** Cuts `count` tokens of a row out of a run's output. */
  cut(news: KeyValueArrays, row: number, count: number): Chunk {
    const arrays = allocate(this.#shape, 1, count);
    copyTokens(this.#shape, news, { row, token: 0 }, arrays, { row: 0, token: 0 }, count);
    this.#serial += 1;
    return { serial: this.#serial, count, arrays };
  }

  /** Lays the chunks of several rows side by side, as a past of `length` tokens. */
  join(rows: readonly (readonly Chunk[])[], length: number): KeyValueArrays {
    const past = allocate(this.#shape, rows.length, length);
    for (const [row, chunks] of rows.entries()) {
      let token = 0;
      for (const { arrays, count } of chunks) {
        copyTokens(this.#shape, arrays, { row: 0, token: 0 }, past, { row, token }, count);
        token += count;
      }
    }
    return past;
  }
}
