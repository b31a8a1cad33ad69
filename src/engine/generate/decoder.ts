import * as ort from "onnxruntime-node";
import type { LlamaConfig } from "../files/config.js";
import type { Weights } from "../files/weights.js";
import { compile, type Program } from "../graph/program.js";
import { buildDecodeGraph } from "./decode-graph.js";
import { KeyValueCache } from "./kv-cache.js";
import { type RotaryTables, rotaryTables } from "./rope.js";

/** A run of the model over rows of the cache that lie side by side. */
export type DecoderStep = {
  /** First cache row. */
  slot: number;
  /** Token ids [rows × sequence]; rows that begin may be padded on the right with any id. */
  ids: readonly number[];
  sequence: number;
  /** Index of each row's last real token in its cache after this step. */
  lastIndex: readonly number[];
  /** Flat indices into [rows × sequence] whose logits are wanted. */
  logitIndex: readonly number[];
  /** Whether the rows begin here (their cache is empty) or go on by one token. */
  begins: boolean;
};

/** A compiled model with its key-value cache. Not reentrant: one step at a time. */
export class Decoder {
  readonly config: LlamaConfig;
  readonly cache: KeyValueCache;
  readonly #program: Program;
  readonly #logits: string;
  readonly #presents: readonly { key: string; value: string }[];
  #rotary: RotaryTables;
  #scratch = new Float32Array(0);

  private constructor(
    config: LlamaConfig,
    program: Program,
    logits: string,
    presents: readonly { key: string; value: string }[],
  ) {
    this.config = config;
    this.cache = new KeyValueCache(config);
    this.#program = program;
    this.#logits = logits;
    this.#presents = presents;
    this.#rotary = rotaryTables(config, 0);
  }

  static async create(config: LlamaConfig, weights: Weights, threads: number): Promise<Decoder> {
    const { graph, logits, presents } = buildDecodeGraph(config, weights);
    const outputs = [logits, ...presents.flatMap(({ key, value }) => [key, value])];
    const program = await compile(graph, outputs, { threads });
    return new Decoder(
      config,
      program,
      logits.name,
      presents.map(({ key, value }) => ({ key: key.name, value: value.name })),
    );
  }

  /**
   * Runs one step and returns the logits [logitIndex.length × vocabulary], in a buffer that the next step overwrites.
   * The cache is read and written in place: past and present are the same memory.
   */
  async run({ slot, ids, sequence, lastIndex, logitIndex, begins }: DecoderStep): Promise<Float32Array> {
    const rows = lastIndex.length;
    const { vocabSize, headDim } = this.config;
    const rotary = this.#rotaryFor(this.cache.capacity);
    const feeds: Record<string, ort.Tensor> = {
      ids: int64([...ids], [rows, sequence]),
      logit_index: int64([...logitIndex], [logitIndex.length]),
      last_index: new ort.Tensor("int32", Int32Array.from(lastIndex), [rows]),
      // The operator takes rows as beginning if this equals the sequence length.
      total_length: new ort.Tensor("int32", [begins ? sequence : Math.max(...lastIndex) + 1], [1]),
      cos: new ort.Tensor("float32", rotary.cos, [rotary.length, headDim / 2]),
      sin: new ort.Tensor("float32", rotary.sin, [rotary.length, headDim / 2]),
    };
    const logits = this.#scratchFor(logitIndex.length * vocabSize);
    const fetches: Record<string, ort.Tensor> = {
      [this.#logits]: new ort.Tensor("float32", logits, [logitIndex.length, vocabSize]),
    };
    for (const [layer, present] of this.#presents.entries()) {
      const { key, value } = this.cache.view(layer, slot, rows);
      feeds[`past_key_${layer}`] = key;
      feeds[`past_value_${layer}`] = value;
      fetches[present.key] = key;
      fetches[present.value] = value;
    }
    await this.#program.run(feeds, fetches);
    return logits;
  }

  async release(): Promise<void> {
    await this.#program.release();
  }

  #rotaryFor(length: number): RotaryTables {
    if (this.#rotary.length < length) this.#rotary = rotaryTables(this.config, length);
    return this.#rotary;
  }

  #scratchFor(length: number): Float32Array {
    if (this.#scratch.length < length) this.#scratch = new Float32Array(length);
    return this.#scratch.subarray(0, length);
  }
}

function int64(values: readonly number[], dims: readonly number[]): ort.Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(values, BigInt), dims);
}
