import { UserError } from "../../errors.js";
import type { Decoder } from "./decoder.js";
import { engineFailure } from "./engine-failure.js";
import { tokenSize } from "./kv-arrays.js";
import { KeyValueCache } from "./kv-cache.js";
import { Pending } from "./pending.js";
import { Prefill } from "./prefill.js";
import type { Chunk } from "./prompt-blocks.js";
import type { Prediction } from "./sample.js";
import { mostAtOnce, type Scoring, scoreTasks } from "./score-tasks.js";
import type {
  GenerateRequest,
  GenerateResult,
  GeneratorStatistics,
  ScoreRequest,
  ScoreResult,
} from "./types.js";

// Waiting requests enter once they are this share of the batch, or after so many steps: reading a few at a time is slow.
const ENTER_SHARE = 1 / 8;
const PATIENCE = 4;

/**
 * Continuous batching: finished rows leave and waiting requests enter between two steps. Row i of the batch owns slot i
 * of the cache; the last row moves into a gap.
 */
export class DecodeLoop {
  readonly statistics: GeneratorStatistics = {
    admissions: 0,
    steps: 0,
    promptTokens: 0,
    readTokens: 0,
    newTokens: 0,
  };
  readonly #decoder: Decoder;
  readonly #cache: KeyValueCache;
  readonly #prefill: Prefill;
  readonly #trees: boolean;
  readonly #maxBatch: number;
  /** Tokens that the cache may hold. */
  readonly #budget: number;
  #waiting: Pending[] = [];
  #scoring: Scoring[] = [];
  #rows: Pending[] = [];
  #sinceAdmission = 0;
  #running: Promise<void> | null = null;
  #released = false;

  /**
   * `bytes` are shared equally by the rows being decoded, remembered prompts, and prompts being read. With `trees` short texts are
   * scored as trees.
   */
  constructor(
    decoder: Decoder,
    { maxBatch, bytes, trees }: { maxBatch: number; bytes: number; trees: boolean },
  ) {
    this.#decoder = decoder;
    this.#trees = trees;
    this.#cache = new KeyValueCache(decoder.config);
    this.#prefill = new Prefill(decoder, bytes / 3, (tokens) => {
      this.statistics.readTokens += tokens;
    });
    this.#maxBatch = maxBatch;
    this.#budget = bytes / 3 / (tokenSize(decoder.config) * Float32Array.BYTES_PER_ELEMENT);
  }

  generate(request: GenerateRequest): Promise<GenerateResult> {
    return new Promise((resolve, reject) => {
      this.#check(request.ids);
      this.#waiting.push(new Pending(request, this.#decoder.config.maxPositionEmbeddings, resolve, reject));
      this.#start();
    });
  }

  score(request: ScoreRequest): Promise<ScoreResult> {
    return new Promise((resolve, reject) => {
      this.#check([...request.prompt, ...request.completion]);
      if (request.prompt.length === 0) throw new UserError("the prompt has no tokens");
      if (request.completion.length === 0) {
        resolve({ logprobs: [], alternatives: [] });
        return;
      }
      this.#scoring.push({ request, resolve, reject });
      this.#start();
    });
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await this.#running;
    await this.#decoder.release();
  }

  #check(ids: readonly number[]): void {
    if (this.#released) throw new Error("the generator has been released");
    if (ids.length === 0) throw new UserError("the prompt has no tokens");
    const { maxPositionEmbeddings: limit, vocabSize } = this.#decoder.config;
    const stray = ids.find((id) => !(id >= 0 && id < vocabSize));
    if (stray !== undefined)
      throw new UserError(`token ${stray} is not in the model's vocabulary of ${vocabSize}`);
    if (ids.length > limit)
      throw new UserError(`${ids.length} tokens exceed the model's context of ${limit}`);
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Requests made in the same turn of the event loop enter together.
    await new Promise(setImmediate);
    try {
      while (this.#waiting.length + this.#scoring.length + this.#rows.length > 0) {
        this.#dropAborted();
        if (this.#scoring.length > 0) await this.#score();
        if (this.#waiting.length > 0) await this.#admit();
        if (this.#rows.length > 0) await this.#step();
      }
    } catch (error) {
      const failure = engineFailure(error);
      for (const task of [...this.#rows, ...this.#waiting, ...this.#scoring]) task.reject(failure);
      this.#rows = [];
      this.#waiting = [];
      this.#scoring = [];
    }
    // In the same turn as the last look at what waits: what comes later finds no loop at its end, and starts another.
    this.#running = null;
  }

  #dropAborted(): void {
    this.#waiting = this.#waiting.filter((row) => !row.rejectIfAborted());
    for (let index = this.#rows.length - 1; index >= 0; index -= 1)
      if (this.#rows[index]!.rejectIfAborted()) this.#remove(index);
  }

  async #admit(): Promise<void> {
    const entering = this.#entering();
    if (entering === 0) return;
    const rows = this.#waiting.splice(0, entering);
    this.statistics.admissions += 1;
    const chunks = await this.#prefill
      .read(
        rows.map((row) => {
          this.statistics.promptTokens += row.length;
          return {
            ids: row.request.ids,
            logitsFrom: row.length - 1,
            temperature: row.request.temperature,
            onPrediction: (prediction) => this.#draw(row, prediction),
          };
        }),
      )
      .catch((error: unknown) => {
        for (const row of rows) row.reject(engineFailure(error));
        throw error;
      });
    const [staying, theirs]: [Pending[], Chunk[][]] = [[], []];
    for (const [index, row] of rows.entries()) {
      if (row.ended) continue;
      staying.push(row);
      theirs.push(chunks[index]!);
    }
    this.#place(staying, theirs);
  }

  /** How many of those waiting enter now. */
  #entering(): number {
    this.#sinceAdmission += 1;
    let tokens = this.#rows.reduce((most, row) => Math.max(most, row.mostTokens), 0);
    let count = 0;
    for (const row of this.#waiting) {
      tokens = Math.max(tokens, row.mostTokens);
      const rows = this.#rows.length + count + 1;
      if (rows > this.#maxBatch || (rows > 1 && rows * tokens > this.#budget)) break;
      count += 1;
    }
    const few = count < Math.min(this.#waiting.length, this.#maxBatch * ENTER_SHARE);
    if (this.#rows.length > 0 && few && this.#sinceAdmission < PATIENCE) return 0;
    this.#sinceAdmission = 0;
    return count;
  }

  /** Appends rows that have read their prompts to the batch. */
  #place(rows: readonly Pending[], chunks: readonly (readonly Chunk[])[]): void {
    const before = this.#rows.length;
    this.#rows.push(...rows);
    this.#cache.reserve(this.#rows.length, this.#longest() + 1, before);
    for (const [index, parts] of chunks.entries()) {
      let token = 0;
      for (const { values } of parts) {
        this.#cache.write(before + index, token, values, 0, values.length);
        token += values.length;
      }
    }
  }

  async #step(): Promise<void> {
    const rows = this.#rows;
    this.statistics.steps += 1;
    this.#cache.reserve(rows.length, this.#longest() + 1, rows.length);
    const { predictions, newKeyValues } = await this.#decoder.run({
      ids: rows.map((row) => row.last),
      sequence: 1,
      starts: rows.map((row) => row.length),
      past: this.#cache.past,
      logitIndex: rows.map((_, index) => index),
      temperatures: rows.map(({ request }) => request.temperature),
    });
    this.#cache.append(
      newKeyValues,
      rows.map((row) => row.length),
    );
    for (const [index, row] of rows.entries()) {
      row.length += 1;
      this.#draw(row, predictions[index]!);
    }
    for (let index = rows.length - 1; index >= 0; index -= 1) if (rows[index]!.ended) this.#remove(index);
  }

  #longest(): number {
    return this.#rows.reduce((most, row) => Math.max(most, row.length), 0);
  }

  #draw(row: Pending, prediction: Prediction): void {
    this.statistics.newTokens += 1;
    row.draw(prediction);
  }

  #remove(index: number): void {
    const last = this.#rows.pop()!;
    if (index === this.#rows.length) return;
    this.#cache.move(this.#rows.length, index, last.length);
    this.#rows[index] = last;
  }

  async #score(): Promise<void> {
    const isAlone = this.#rows.length + this.#waiting.length === 0;
    const tasks = this.#scoring.splice(0, mostAtOnce({ asTrees: this.#trees, isAlone }));
    const readers = { prefill: this.#prefill, decoder: this.#trees ? this.#decoder : null };
    const onRead = (tokens: number) => {
      this.statistics.readTokens += tokens;
    };
    await scoreTasks(tasks, readers, onRead).catch((error: unknown) => {
      for (const { reject } of tasks) reject(engineFailure(error));
      throw error;
    });
  }
}
