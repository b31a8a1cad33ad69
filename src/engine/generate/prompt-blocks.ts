import { allocate, copyTokens, type KeyValueShape, type KeyValues, tokenSize } from "./kv-arrays.js";

/** Keys and values of up to a block's worth of tokens, after all those of the chunk before. */
export type Chunk = { serial: number; before: Chunk | undefined; key: string | null; values: KeyValues };

/**
 * Remembers the keys and values of whole blocks of prompts, so that equal beginnings (a system prompt, the earlier turns
 * of a conversation) are read once. A block's content depends on nothing but the tokens up to its end, so it makes no
 * difference to any result whether it was remembered. The longest unused are forgotten first.
 */
export class BlockStore {
  readonly #shape: KeyValueShape;
  readonly #blocks = new Map<string, Chunk>();
  readonly #limit: number;
  #scratch: KeyValues["data"] = new Float32Array(0);
  #serial = 0;

  /** Holds at least one block, and otherwise as many as fit into `bytes`. */
  constructor(shape: KeyValueShape, blockSize: number, bytes: number) {
    this.#shape = shape;
    const blockBytes = blockSize * tokenSize(shape) * Float32Array.BYTES_PER_ELEMENT;
    this.#limit = Math.max(1, Math.floor(bytes / blockBytes));
  }

  /** The name of a block: its tokens, and the block before it (which in turn stands for all before). */
  static key(ids: readonly number[], start: number, end: number, before: Chunk | undefined): string {
    let key = before ? String(before.serial) : "";
    for (let i = start; i < end; i += 1) key += `,${ids[i]}`;
    return key;
  }

  get(key: string): Chunk | undefined {
    const block = this.#blocks.get(key);
    if (block) this.#use(block);
    return block;
  }

  /**
   * Cuts the first `count` tokens of a row out of a run's output. A whole block has a `key` and is remembered under it
   * (if it is known already, for it was read again for its logits, the known one is given: others build on it).
   */
  cut(
    newKeyValues: KeyValues,
    row: number,
    count: number,
    key: string | null,
    before: Chunk | undefined,
  ): Chunk {
    const known = key === null ? undefined : this.get(key);
    if (known) return known;
    const values = allocate(this.#shape, 1, count);
    copyTokens(this.#shape, { in: newKeyValues, row, token: 0 }, { in: values, row: 0, token: 0 }, count);
    this.#serial += 1;
    const chunk = { serial: this.#serial, before, key, values };
    if (key !== null) this.#use(chunk);
    return chunk;
  }

  /** Puts a block, and after it those it builds on, where the most lately used are: none outlives what it builds on. */
  #use(block: Chunk): void {
    for (let chunk: Chunk | undefined = block; chunk; chunk = chunk.before) {
      this.#blocks.delete(chunk.key!);
      this.#blocks.set(chunk.key!, chunk);
    }
    while (this.#blocks.size > this.#limit) {
      const [oldest] = this.#blocks.keys();
      this.#blocks.delete(oldest!);
    }
  }

  /**
   * Lays the chunks of several rows side by side, as a past of `length` tokens. The memory is used again by the next
   * call; behind a row's own chunks it holds what was there before.
   */
  join(rows: readonly (readonly Chunk[])[], length: number): KeyValues {
    const size = rows.length * length * tokenSize(this.#shape);
    if (this.#scratch.length < size) this.#scratch = new Float32Array(size);
    const past = { rows: rows.length, length, data: this.#scratch };
    for (const [row, chunks] of rows.entries()) {
      let token = 0;
      for (const { values } of chunks) {
        copyTokens(this.#shape, { in: values, row: 0, token: 0 }, { in: past, row, token }, values.length);
        token += values.length;
      }
    }
    return past;
  }
}
