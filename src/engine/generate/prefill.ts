import type { Decoder } from "./decoder.js";
import { tokenSize } from "./kv-arrays.js";
import { BlockStore, type Chunk } from "./prompt-blocks.js";
import type { Prediction } from "./sample.js";

/** A text to read. */
export type Reading = {
  ids: readonly number[];
  /** Logits are wanted from this position on. */
  logitsFrom: number;
  /** The temperature of the draw to be made, or 1. */
  temperature: number;
  /** Told what the model says after each wanted position, in order. */
  onPrediction: (prediction: Prediction) => void;
};

/** A reading under way: what it has read so far. */
type Progress = Reading & { chunks: Chunk[] };

/** One piece of work: the next tokens of a reading, all others that wait for the very same, and its name if it is remembered. */
type Piece = { first: Progress; start: number; end: number; key: string | null; others: Progress[] };

// Padded tokens in one run: activations stay small, matrix products are large enough to be efficient.
const RUN_TOKENS = 1024;
const RUN_LOGIT_BYTES = 64 * 2 ** 20;
// Padding that costs about as much as another run.
const RUN_PADDING = 48;
// A single new token may take another kernel than several do.
const LEAST_SEQUENCE = 2;

/**
 * Reads texts in blocks that begin at multiples of the block size, all rows level by level: so a row's keys and values
 * never depend on how it was batched, and equal beginnings are read once. A block is cut behind the first position whose logits are
 * wanted, where a prompt ends: the answers that are scored after one prompt share all of it.
 */
export class Prefill {
  readonly #decoder: Decoder;
  readonly #store: BlockStore;
  readonly #blockSize: number;
  /** Most tokens of past that a run may put side by side. */
  readonly #pastTokens: number;

  readonly #onRead: (tokens: number) => void;

  /** `bytes` may be used to remember blocks, and as many again to read; `onRead` is told how many tokens each run computes. */
  constructor(decoder: Decoder, bytes: number, onRead: (tokens: number) => void) {
    const { config } = decoder;
    this.#decoder = decoder;
    this.#onRead = onRead;
    // Larger models need more rows in a matrix product before reading their weights pays.
    this.#blockSize = config.hiddenSize < 512 ? 16 : 64;
    this.#store = new BlockStore(config, this.#blockSize, bytes);
    this.#pastTokens = bytes / (tokenSize(config) * Float32Array.BYTES_PER_ELEMENT);
  }

  /** Reads the texts and returns their keys and values, in the order of the texts. */
  async read(readings: readonly Reading[]): Promise<Chunk[][]> {
    const all = readings.map((reading): Progress => ({ ...reading, chunks: [] }));
    for (let start = 0; all.some(({ ids }) => ids.length > start); start += this.#blockSize)
      for (const behindCut of [false, true]) {
        const pieces = this.#pieces(all, start, behindCut);
        for (const run of this.#runs(pieces)) await this.#run(run);
      }
    return all.map(({ chunks }) => chunks);
  }

  /** What has to be computed at this level, before or behind the cut of those blocks that have one; remembered blocks are handed out. */
  #pieces(all: readonly Progress[], level: number, behindCut: boolean): Piece[] {
    const pieces: Piece[] = [];
    const twins = new Map<string, Piece>();
    for (const reading of all) {
      const { ids, chunks, logitsFrom, temperature } = reading;
      const stop = Math.min(level + this.#blockSize, ids.length);
      const cut = logitsFrom + 1;
      const isCut = cut > level && cut < stop;
      if (level >= stop || (behindCut && !isCut)) continue;
      const [start, end] = behindCut ? [cut, stop] : [level, isCut ? cut : stop];
      const piece: Piece = { first: reading, start, end, key: null, others: [] };
      if (end > cut) {
        pieces.push(piece);
        continue;
      }
      const name = BlockStore.key(ids, start, end, chunks.at(-1));
      if (end - start === this.#blockSize) piece.key = name;
      const known = piece.key === null || wantsLogits(piece) ? undefined : this.#store.get(piece.key);
      const same = wantsLogits(piece) ? `${name}/${temperature}` : name;
      const twin = twins.get(same);
      if (known) chunks.push(known);
      else if (twin) twin.others.push(reading);
      else {
        twins.set(same, piece);
        pieces.push(piece);
      }
    }
    return pieces;
  }

  /** Pieces that want logits and those that do not apart, like lengths together, in runs of limited size. */
  #runs(pieces: readonly Piece[]): Piece[][] {
    const { vocabSize } = this.#decoder.config;
    const prefillOnly = pieces.filter((piece) => !wantsLogits(piece));
    // Only what ends at a cut or a text's end is shorter than a block, and that wants logits.
    const withLogits = pieces.filter(wantsLogits).sort((a, b) => lengthOf(b) - lengthOf(a));
    const byLogits = RUN_LOGIT_BYTES / (4 * vocabSize * this.#blockSize);
    const byPast = this.#pastTokens / Math.max(this.#blockSize, ...pieces.map(({ start }) => start));
    const most = Math.max(1, Math.min(RUN_TOKENS / this.#blockSize, byPast));
    return [...split(prefillOnly, most), ...split(withLogits, Math.max(1, Math.min(most, byLogits)))];
  }

  async #run(pieces: readonly Piece[]): Promise<void> {
    const sequence = Math.max(LEAST_SEQUENCE, lengthOf(pieces[0]!));
    const ids: number[] = [];
    const logitIndex: number[] = [];
    const temperatures: number[] = [];
    for (const [row, { first, start, end }] of pieces.entries()) {
      for (let i = start; i < end; i += 1) ids.push(first.ids[i]!);
      for (let i = end - start; i < sequence; i += 1) ids.push(0);
      for (let i = Math.max(start, first.logitsFrom); i < end; i += 1) {
        logitIndex.push(row * sequence + i - start);
        temperatures.push(first.temperature);
      }
    }
    const starts = pieces.map(({ start }) => start);
    // An empty past is not allowed: one block of nothing stands for it.
    const pastLength = Math.max(this.#blockSize, ...starts);
    const { predictions, newKeyValues } = await this.#decoder.run({
      ids,
      sequence,
      starts,
      past: this.#store.join(
        pieces.map(({ first }) => first.chunks),
        pastLength,
      ),
      logitIndex,
      temperatures,
    });
    this.#onRead(pieces.reduce((sum, { start, end }) => sum + end - start, 0));
    let told = 0;
    for (const [row, { first, start, end, key, others }] of pieces.entries()) {
      const chunk = this.#store.cut(newKeyValues, row, end - start, key, first.chunks.at(-1));
      first.chunks.push(chunk);
      for (const other of others) other.chunks.push(chunk);
      for (let i = Math.max(start, first.logitsFrom); i < end; i += 1) {
        for (const reading of [first, ...others]) reading.onPrediction(predictions[told]!);
        told += 1;
      }
    }
  }
}

const lengthOf = ({ start, end }: Piece): number => end - start;
const wantsLogits = ({ end, first }: Piece): boolean => end > first.logitsFrom;

/** Cuts pieces, longest first, into runs of at most `rows` pieces and little padding. */
function split(pieces: readonly Piece[], rows: number): Piece[][] {
  const runs: Piece[][] = [];
  let run: Piece[] = [];
  let padding = 0;
  for (const piece of pieces) {
    padding += run.length > 0 ? lengthOf(run[0]!) - lengthOf(piece) : 0;
    if (run.length === 0 || run.length >= rows || padding > RUN_PADDING) {
      run = [];
      padding = 0;
      runs.push(run);
    }
    run.push(piece);
  }
  return runs;
}
