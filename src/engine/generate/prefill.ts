import type { Decoder } from "./decoder.js";
import { type KeyValues, tokenSize } from "./kv-arrays.js";
import { BlockStore, type Chunk } from "./prompt-blocks.js";
import { LEAST_SEQUENCE, RUN_TOKENS } from "./run-size.js";
import type { Prediction } from "./sample.js";
import type { TextTree } from "./text-tree.js";

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

/** Texts that go on from one that has been read, as a tree behind it. */
export type Branches = {
  /** The first `start` tokens, read. */
  chunks: readonly Chunk[];
  start: number;
  tree: TextTree;
  /** Those places of the tree behind which the model is asked. */
  places: readonly number[];
  onPrediction: (place: number, prediction: Prediction) => void;
};

/** A reading under way: what it has read so far. */
type Progress = Reading & { chunks: Chunk[] };

/** One piece of work: the next tokens of a reading, all others that wait for the very same, and its name if it is remembered. */
type Piece = { first: Progress; start: number; end: number; key: string | null; others: Progress[] };

const RUN_LOGIT_BYTES = 64 * 2 ** 20;
// Padding that costs about as much as another run.
const RUN_PADDING = 48;

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

  /** How deep a tree behind `start` tokens may be: as far as the block goes, for `read` would begin another there. */
  roomBehind(start: number): number {
    return this.#blockSize - (start % this.#blockSize);
  }

  /** Reads trees of texts behind what has been read. No bit of a prediction differs from what `read` makes of each text. */
  async readBranches(all: readonly Branches[]): Promise<void> {
    const most = (longest: number) =>
      Math.min(RUN_TOKENS / longest, this.#mostByPast(all), this.#mostLogits() / longest);
    const sizeOf = ({ tree }: Branches): number => tree.size;
    for (const run of split(longestFirst(all, sizeOf), sizeOf, most)) await this.#runBranches(run);
  }

  async #runBranches(run: readonly Branches[]): Promise<void> {
    const sequence = Math.max(LEAST_SEQUENCE, run[0]!.tree.size);
    const fill = (values: readonly number[], rest: number): number[] => [
      ...values,
      ...new Array<number>(sequence - values.length).fill(rest),
    ];
    const asked = run.flatMap(({ places }, row) => places.map((place) => ({ row, place })));
    const { predictions } = await this.#decoder.run({
      ids: run.flatMap(({ tree }) => fill(tree.tokens, 0)),
      sequence,
      starts: run.map(({ start }) => start),
      past: this.#past(run),
      logitIndex: asked.map(({ row, place }) => row * sequence + place),
      temperatures: asked.map(() => 1),
      trees: {
        positions: run.flatMap(({ start, tree: { depth } }) =>
          fill(
            depth.map((before) => start + before),
            start,
          ),
        ),
        of: run.map(({ tree }) => tree),
      },
    });
    this.#onRead(run.reduce((sum, { tree }) => sum + tree.size, 0));
    for (const [index, { row, place }] of asked.entries()) run[row]!.onPrediction(place, predictions[index]!);
  }

  /** What rows have read, side by side. An empty past is not allowed: one block of nothing stands for it. */
  #past(rows: readonly { chunks: readonly Chunk[]; start: number }[]): KeyValues {
    const length = Math.max(this.#blockSize, ...rows.map(({ start }) => start));
    return this.#store.join(
      rows.map(({ chunks }) => chunks),
      length,
    );
  }

  #mostByPast(rows: readonly { start: number }[]): number {
    return this.#pastTokens / Math.max(this.#blockSize, ...rows.map(({ start }) => start));
  }

  /** Positions whose logits one run may give. */
  #mostLogits(): number {
    return RUN_LOGIT_BYTES / (Float32Array.BYTES_PER_ELEMENT * this.#decoder.config.vocabSize);
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
    const prefillOnly = pieces.filter((piece) => !wantsLogits(piece));
    // Only what ends at a cut or a text's end is shorter than a block, and that wants logits.
    const withLogits = longestFirst(pieces.filter(wantsLogits), lengthOf);
    const most = Math.min(RUN_TOKENS / this.#blockSize, this.#mostByPast(pieces));
    return [
      ...split(prefillOnly, lengthOf, () => most),
      ...split(withLogits, lengthOf, () => Math.min(most, this.#mostLogits() / this.#blockSize)),
    ];
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
    const { predictions, newKeyValues } = await this.#decoder.run({
      ids,
      sequence,
      starts: pieces.map(({ start }) => start),
      past: this.#past(pieces.map(({ first: { chunks }, start }) => ({ chunks, start }))),
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

function longestFirst<T>(all: readonly T[], lengthOf: (one: T) => number): T[] {
  return all.toSorted((a, b) => lengthOf(b) - lengthOf(a));
}

/** Cuts rows, longest first, into runs of little padding and of at most as many rows as `most` says for the longest. */
function split<T>(all: readonly T[], lengthOf: (one: T) => number, most: (longest: number) => number): T[][] {
  const runs: T[][] = [];
  let run: T[] = [];
  let padding = 0;
  for (const one of all) {
    padding += run.length > 0 ? lengthOf(run[0]!) - lengthOf(one) : 0;
    if (run.length === 0 || run.length + 1 > most(lengthOf(run[0]!)) || padding > RUN_PADDING) {
      run = [];
      padding = 0;
      runs.push(run);
    }
    run.push(one);
  }
  return runs;
}
