import { UserError } from "../../errors.js";
import { type Random, stream } from "../../random.js";
import { type Adapter, mergeAdapter } from "../files/adapter.js";
import type { Checkpoint } from "../files/checkpoint.js";
import { groupByLength } from "./batching.js";
import { Decoder } from "./decoder.js";
import { KeyValueCache } from "./kv-cache.js";
import { logSumExp, sampleToken } from "./sample.js";

export type GenerateRequest = {
  /** The prompt's token ids, at least one. */
  ids: readonly number[];
  /** Most tokens to generate, at least one. */
  maxTokens: number;
  temperature: number;
  topP: number;
  /** Token ids that end the text; the one that did is not part of the result. */
  stop: readonly number[];
  /** Names the request's own random stream: equal seeds give equal draws, whatever else runs. */
  seed: number;
  /** Ends the text once it is true of the tokens so far, the last of them included; asked after every token. */
  until?: (ids: readonly number[]) => boolean;
  /** Told of each token as it is drawn (not of the stop token). */
  onToken?: (id: number, logprob: number) => void;
  signal?: AbortSignal;
};

export type GenerateResult = {
  ids: number[];
  /** Natural logs of the tokens' probabilities under the model itself (temperature 1). */
  logprobs: number[];
  /** `length` when maxTokens or the model's context ran out. */
  finishReason: "stop" | "length";
};

export type ScoreRequest = { prompt: readonly number[]; completion: readonly number[] };

export type GeneratorOptions = {
  adapter?: Adapter;
  /** Threads inside one operation. Results do not depend on it. Default 2. */
  threads?: number;
  /** Most rows decoded together; fewer if the cache would grow too big. Default 128. */
  maxBatch?: number;
};

/** Samples from one model. Concurrent calls share batches; no result depends on what else runs. */
export type Generator = {
  generate: (requests: readonly GenerateRequest[]) => Promise<GenerateResult[]>;
  /** Natural-log probabilities of each completion token after its prompt. */
  score: (requests: readonly ScoreRequest[]) => Promise<number[][]>;
  /** What has run so far: steps of the model and rows in them. */
  statistics: () => GeneratorStatistics;
  release: () => Promise<void>;
};

export type GeneratorStatistics = {
  prefills: number;
  steps: number;
  promptTokens: number;
  newTokens: number;
};

const DEFAULT_THREADS = 2;
const DEFAULT_BATCH = 128;
// Padded tokens in one prefill: activations stay in the processor's cache and memory stays small.
const PREFILL_TOKENS = 1024;
const MIN_CACHE_BYTES = 128 * 2 ** 20;
const SCORE_LOGIT_BYTES = 64 * 2 ** 20;

/** Prepares a checkpoint, with an adapter folded in if given, for sampling. */
export async function createGenerator(
  checkpoint: Pick<Checkpoint, "config" | "weights">,
  { adapter, threads = DEFAULT_THREADS, maxBatch = DEFAULT_BATCH }: GeneratorOptions = {},
): Promise<Generator> {
  const weights = adapter ? mergeAdapter(checkpoint, adapter) : checkpoint.weights;
  let bytes = 0;
  for (const { data } of weights.values()) bytes += data.byteLength;
  const decoder = await Decoder.create(checkpoint.config, weights, threads);
  const loop = new DecodeLoop(decoder, maxBatch, Math.max(MIN_CACHE_BYTES, 0.1 * bytes));
  return {
    generate: async (requests) => await Promise.all(requests.map((request) => loop.submit(request))),
    score: async (requests) => await Promise.all(requests.map((request) => loop.submitScore(request))),
    statistics: () => ({ ...loop.statistics }),
    release: () => loop.release(),
  };
}

type Task<Request, Result> = {
  request: Request;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
};

type GenerateTask = Task<GenerateRequest, GenerateResult>;
type ScoreTask = Task<ScoreRequest, number[]>;

/** A row of the batch: its task, what it drew, and how much of the cache it fills. */
type Row = GenerateTask & { random: Random; ids: number[]; logprobs: number[]; length: number };

/**
 * Continuous batching: finished rows leave, waiting requests enter between two steps. Row i of the batch owns cache
 * slot i; the last row moves into a gap.
 */
class DecodeLoop {
  readonly statistics: GeneratorStatistics = { prefills: 0, steps: 0, promptTokens: 0, newTokens: 0 };
  readonly #decoder: Decoder;
  readonly #maxBatch: number;
  readonly #cacheBytes: number;
  #waiting: GenerateTask[] = [];
  #scoring: ScoreTask[] = [];
  #rows: Row[] = [];
  #running: Promise<void> | null = null;
  #released = false;

  constructor(decoder: Decoder, maxBatch: number, cacheBytes: number) {
    this.#decoder = decoder;
    this.#maxBatch = maxBatch;
    this.#cacheBytes = cacheBytes;
  }

  submit(request: GenerateRequest): Promise<GenerateResult> {
    this.#checkPrompt(request.ids.length, request.ids);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#start();
    });
  }

  submitScore(request: ScoreRequest): Promise<number[]> {
    this.#checkPrompt(request.prompt.length + request.completion.length, request.prompt);
    if (request.completion.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
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

  #checkPrompt(tokens: number, prompt: readonly number[]): void {
    if (this.#released) throw new Error("the generator has been released");
    if (prompt.length === 0) throw new UserError("the prompt has no tokens");
    const limit = this.#decoder.config.maxPositionEmbeddings;
    if (tokens > limit) throw new UserError(`${tokens} tokens exceed the model's context of ${limit}`);
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
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
      for (const task of [...this.#rows, ...this.#waiting, ...this.#scoring]) task.reject(error);
      this.#rows = [];
      this.#waiting = [];
      this.#scoring = [];
    }
  }

  #dropAborted(): void {
    const aborted = ({ request, reject }: GenerateTask): boolean => {
      if (!request.signal?.aborted) return false;
      reject(request.signal.reason);
      return true;
    };
    this.#waiting = this.#waiting.filter((task) => !aborted(task));
    for (let index = this.#rows.length - 1; index >= 0; index -= 1)
      if (aborted(this.#rows[index]!)) this.#remove(index);
  }

  /** Makes room for rows of `tokens` tokens; returns how many slots are free. */
  #reserve(tokens: number, wanted: number): number {
    const { cache } = this.#decoder;
    const capacity = Math.max(this.#rows.length > 0 ? cache.capacity : 0, KeyValueCache.capacityFor(tokens));
    const rowBytes = capacity * KeyValueCache.bytesPerToken(this.#decoder.config);
    const most = Math.max(1, Math.min(this.#maxBatch, Math.floor(this.#cacheBytes / rowBytes)));
    // A longer row than the cache was made for waits until the batch has shrunk enough to hold it.
    if (this.#rows.length >= most) return 0;
    const slots = Math.min(most, this.#rows.length + wanted);
    if (capacity > cache.capacity || slots > cache.slots) {
      const length = this.#rows.reduce((longest, row) => Math.max(longest, row.length), 0);
      cache.resize(
        Math.min(most, Math.max(slots, cache.slots)),
        Math.max(capacity, 0),
        this.#rows.length,
        length,
      );
    }
    return Math.min(most, cache.slots) - this.#rows.length;
  }

  async #admit(): Promise<void> {
    const limit = this.#decoder.config.maxPositionEmbeddings;
    const room = ({ request }: GenerateTask): number =>
      Math.min(limit, request.ids.length + request.maxTokens);
    const longest = this.#waiting.reduce((most, task) => Math.max(most, room(task)), 0);
    const free = this.#reserve(longest, this.#waiting.length);
    const entering = this.#waiting.splice(0, free);
    for (const { items, length } of groupByLength(entering, ({ request }) => request.ids.length, {
      tokens: PREFILL_TOKENS,
      rows: this.#maxBatch,
    })) {
      const logits = await this.#prefill(
        items.map(({ request }) => request.ids),
        length,
        items.map(({ request }, row) => row * length + request.ids.length - 1),
      );
      const first = this.#rows.length;
      for (const task of items) {
        const random = stream(`sample/${task.request.seed}`);
        this.#rows.push({ ...task, random, ids: [], logprobs: [], length: task.request.ids.length });
      }
      this.#draw(first, logits);
    }
  }

  /** Runs prompts into the free slots after the batch. */
  async #prefill(
    prompts: readonly (readonly number[])[],
    length: number,
    logitIndex: number[],
  ): Promise<Float32Array> {
    const ids: number[] = [];
    for (const prompt of prompts) {
      for (const id of prompt) ids.push(id);
      for (let i = prompt.length; i < length; i += 1) ids.push(0);
      this.statistics.promptTokens += prompt.length;
    }
    this.statistics.prefills += 1;
    return await this.#decoder.run({
      slot: this.#rows.length,
      ids,
      sequence: length,
      lastIndex: prompts.map((prompt) => prompt.length - 1),
      logitIndex,
      begins: true,
    });
  }

  async #step(): Promise<void> {
    const rows = this.#rows;
    this.statistics.steps += 1;
    const logits = await this.#decoder.run({
      slot: 0,
      ids: rows.map(({ ids }) => ids.at(-1)!),
      sequence: 1,
      lastIndex: rows.map(({ length }) => length),
      logitIndex: rows.map((_, index) => index),
      begins: false,
    });
    for (const row of rows) row.length += 1;
    this.#draw(0, logits);
  }

  /** Draws the next token of the rows from `first` on, and lets finished ones go. */
  #draw(first: number, logits: Float32Array): void {
    const { vocabSize } = this.#decoder.config;
    const finished: number[] = [];
    for (let index = first; index < this.#rows.length; index += 1) {
      const offset = (index - first) * vocabSize;
      if (this.#extend(this.#rows[index]!, logits.subarray(offset, offset + vocabSize))) finished.push(index);
    }
    for (const index of finished.reverse()) this.#remove(index);
  }

  /** Draws one token; true when the row has ended and its promise is settled. */
  #extend(row: Row, logits: Float32Array): boolean {
    const { request, ids, logprobs } = row;
    const { id, logprob } = sampleToken(logits, request, row.random);
    this.statistics.newTokens += 1;
    if (request.stop.includes(id)) {
      row.resolve({ ids, logprobs, finishReason: "stop" });
      return true;
    }
    ids.push(id);
    logprobs.push(logprob);
    request.onToken?.(id, logprob);
    if (request.until?.(ids)) {
      row.resolve({ ids, logprobs, finishReason: "stop" });
      return true;
    }
    const full = row.length >= this.#decoder.config.maxPositionEmbeddings;
    if (ids.length < request.maxTokens && !full) return false;
    row.resolve({ ids, logprobs, finishReason: "length" });
    return true;
  }

  #remove(index: number): void {
    const last = this.#rows.pop()!;
    if (index === this.#rows.length) return;
    this.#decoder.cache.copyRow(this.#rows.length, index, last.length);
    this.#rows[index] = last;
  }

  async #score(): Promise<void> {
    const { vocabSize } = this.#decoder.config;
    const lengthOf = ({ request }: ScoreTask): number =>
      request.prompt.length + request.completion.length - 1;
    const longest = this.#scoring.reduce((most, task) => Math.max(most, lengthOf(task)), 0);
    const free = this.#reserve(longest, Math.min(this.#scoring.length, 32));
    const tasks = this.#scoring.splice(0, free);
    for (const { items, length } of groupByLength(tasks, lengthOf, {
      tokens: Math.min(PREFILL_TOKENS, SCORE_LOGIT_BYTES / 4 / vocabSize),
      rows: this.#maxBatch,
    })) {
      const positions = items.flatMap(({ request }, row) =>
        request.completion.map((_, i) => row * length + request.prompt.length - 1 + i),
      );
      const logits = await this.#prefill(
        items.map(({ request }) => [...request.prompt, ...request.completion.slice(0, -1)]),
        length,
        positions,
      );
      let at = 0;
      for (const { request, resolve } of items) {
        resolve(
          request.completion.map((id) => {
            const row = logits.subarray(at * vocabSize, (at + 1) * vocabSize);
            at += 1;
            return row[id]! - logSumExp(row);
          }),
        );
      }
    }
  }
}
