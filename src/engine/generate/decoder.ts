import type * as ort from "onnxruntime-node";
import type { LlamaConfig } from "../files/config.js";
import { firstNotFinite } from "../files/finite.js";
import { compile, type Program } from "../graph/program.js";
import type { Tensor } from "../graph/tensor.js";
import { float32, int64, newMask, pastMask, positions, treeMasks } from "./feeds.js";
import { type KeyValues, view } from "./kv-arrays.js";
import { type RotaryTables, rotaryTables } from "./rope.js";
import type { Prediction } from "./sample.js";
import { buildStepGraph, type StepGraph, type WeightSource } from "./step-graph.js";
import type { TextTree } from "./text-tree.js";

/** New tokens for a batch of rows. */
export type DecoderStep = {
  /** Token ids [rows × sequence]; a row with fewer new tokens is padded behind them with any id. */
  ids: readonly number[];
  sequence: number;
  /** How many tokens of each row's past count. */
  starts: readonly number[];
  /**
   * What the rows have read before: its first rows are this step's, it is at least one token long, and what it holds
   * behind `starts` may be anything finite.
   */
  past: KeyValues;
  /** Flat indices into [rows × sequence] whose logits are wanted. */
  logitIndex: readonly number[];
  /** For each of them, the temperature that draws are to be made at; 1 where none are. */
  temperatures: readonly number[];
  /**
   * Rows whose new tokens are a tree, each of which sees those it comes after, and no text: how many tokens come before every one,
   * those of the past included [rows × sequence], and the trees themselves. Keys and values are not given then: nothing can go on
   * from a tree.
   */
  trees?: { positions: readonly number[]; of: readonly TextTree[] };
};

export type DecoderOutput = {
  /** One for each wanted position; like `newKeyValues` valid until the next run. */
  predictions: Prediction[];
  /** Keys and values of the new tokens. */
  newKeyValues: KeyValues;
};

const FIRST_ROTARY_LENGTH = 256;

export type DecoderOptions = {
  /** Threads inside one operation. */
  threads: number;
  /** Where weights that are file ranges lie. */
  folder?: string;
  /**
   * Has programs of their own for steps without logits, which leave out most of the last layer, and for steps of one token, at the
   * price of holding the weights up to three times. Each is compiled at its first step: of the models that are opened many are
   * never asked, or for one kind of step alone, and compiling is most of what opening a small one takes.
   */
  special: boolean;
};

/** A program and the names of its outputs. */
type Compiled = { program: Program; logits: string; weights: string; newKeyValues: string };

/** What is made when it is first asked for; `made` is null until then. */
type Once<T> = { get: () => Promise<T>; made: () => Promise<T> | null };

type Programs = { whole: Once<Compiled>; prefillOnly: Once<Compiled> | null; single: Once<Compiled> | null };

function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | null = null;
  return { get: () => (made ??= make()), made: () => made };
}

/** A compiled model. It holds weights only; what was read is the caller's. */
export class Decoder {
  readonly config: LlamaConfig;
  readonly #programs: Programs;
  #rotary: RotaryTables;
  #kept: { rows: number; outputs: Record<string, ort.Tensor> } | null = null;
  #ones = new Float32Array(0);
  readonly #newMasks = new Map<number, Float32Array>();

  private constructor(config: LlamaConfig, programs: Programs) {
    this.config = config;
    this.#programs = programs;
    this.#rotary = rotaryTables(config, FIRST_ROTARY_LENGTH);
  }

  static async create(
    config: LlamaConfig,
    weights: WeightSource,
    { threads, folder, special }: DecoderOptions,
  ): Promise<Decoder> {
    const options = { threads, folder, spin: false };
    const all = ({ logits, weights, newKeyValues }: StepGraph) => [logits, weights, newKeyValues];
    const compiled = async (
      graph: StepGraph,
      outputs: (graph: StepGraph) => Tensor[] = all,
    ): Promise<Compiled> => ({
      program: await compile(graph.graph, outputs(graph), options),
      logits: graph.logits.name,
      weights: graph.weights.name,
      newKeyValues: graph.newKeyValues.name,
    });
    const whole = once(() => compiled(buildStepGraph(config, weights)));
    // What it is made from may lie in files that are gone after this.
    if (!special) await whole.get();
    return new Decoder(config, {
      whole,
      prefillOnly: special
        ? once(() => compiled(buildStepGraph(config, weights), ({ newKeyValues }) => [newKeyValues]))
        : null,
      single: special ? once(() => compiled(buildStepGraph(config, weights, { single: true }))) : null,
    });
  }

  /** Reads the new tokens of every row. */
  async run(step: DecoderStep): Promise<DecoderOutput> {
    const { ids, sequence, starts, past, logitIndex, temperatures, trees } = step;
    const rows = starts.length;
    const { headDim, kvHeads } = this.config;
    const rotary = this.#rotaryFor(Math.max(...starts) + sequence);
    const feeds: Record<string, ort.Tensor> = {
      ids: int64(ids, [rows, sequence]),
      positions: trees ? int64(trees.positions, [rows, sequence]) : positions(starts, sequence),
      logit_index: int64(logitIndex, [logitIndex.length]),
      inverse_temperature: inverse(temperatures),
      cos: float32(rotary.cos, [rotary.length, headDim / 2]),
      sin: float32(rotary.sin, [rotary.length, headDim / 2]),
      past_mask: pastMask(starts, past.length),
      past_ones: this.#onesOf(past.length),
    };
    const programs = this.#programs;
    const prefillOnly = logitIndex.length === 0 ? programs.prefillOnly : null;
    const single = sequence === 1 && !prefillOnly ? programs.single : null;
    const { program, ...outputs } = await (prefillOnly ?? single ?? programs.whole).get();
    if (!single) {
      feeds.new_mask = trees ? treeMasks(this.config, trees.of, sequence) : this.#newMask(sequence);
      feeds.new_ones = this.#onesOf(sequence);
    }
    const dims = [rows, kvHeads, past.length, headDim];
    for (let layer = 0; layer < this.config.layers; layer += 1) {
      feeds[`past_key_${layer}`] = float32(view(this.config, past, layer, 0, rows), dims);
      feeds[`past_value_${layer}`] = float32(view(this.config, past, layer, 1, rows), dims);
    }
    const result = await program.run(
      feeds,
      single ? this.#singleOutputs(rows, outputs) : trees ? [outputs.logits, outputs.weights] : undefined,
    );
    const data = (name: string): Float32Array => result[name]!.data as Float32Array;
    return {
      predictions: prefillOnly ? [] : this.#predictions(data(outputs.logits), data(outputs.weights)),
      newKeyValues: trees
        ? { rows: 0, length: 0, data: new Float32Array(0) }
        : { rows, length: sequence, data: data(outputs.newKeyValues) },
    };
  }

  /** Where a step of one token puts its results: made anew at every step, they would keep the garbage collector busy. */
  #singleOutputs(
    rows: number,
    { logits, weights, newKeyValues }: Omit<Compiled, "program">,
  ): Record<string, ort.Tensor> {
    const { layers, kvHeads, headDim, vocabSize } = this.config;
    if (this.#kept?.rows !== rows) {
      const tensor = (dims: number[]): ort.Tensor =>
        float32(new Float32Array(dims.reduce((product, size) => product * size, 1)), dims);
      this.#kept = {
        rows,
        outputs: {
          [logits]: tensor([rows, vocabSize]),
          [weights]: tensor([rows, vocabSize]),
          [newKeyValues]: tensor([2 * layers * rows, kvHeads, 1, headDim]),
        },
      };
    }
    return this.#kept.outputs;
  }

  #predictions(logits: Float32Array, weights: Float32Array): Prediction[] {
    const { vocabSize } = this.config;
    const stray = firstNotFinite(logits);
    // Nothing can be drawn from it; the largest of the others, or an empty text, would pass for an answer.
    if (stray >= 0)
      throw new Error(
        `the model's logits are not finite (${logits[stray]} for token ${stray % vocabSize}): its weights are damaged or too large`,
      );
    return Array.from({ length: logits.length / vocabSize }, (_, row) => {
      const [start, end] = [row * vocabSize, (row + 1) * vocabSize];
      return { logits: logits.subarray(start, end), weights: weights.subarray(start, end) };
    });
  }

  async release(): Promise<void> {
    const { whole, prefillOnly, single } = this.#programs;
    for (const one of [whole, prefillOnly, single]) {
      // Where one could not be compiled, the step that it was for has said so.
      const compiled = await one?.made()?.catch(() => null);
      await compiled?.program.release();
    }
  }

  #rotaryFor(length: number): RotaryTables {
    if (this.#rotary.length < length) this.#rotary = rotaryTables(this.config, 2 * length);
    return this.#rotary;
  }

  #onesOf(length: number): ort.Tensor {
    const { headDim } = this.config;
    const size = length * headDim;
    if (this.#ones.length < size) this.#ones = new Float32Array(size).fill(1);
    return float32(this.#ones.subarray(0, size), [length, headDim]);
  }

  #newMask(sequence: number): ort.Tensor {
    const mask = this.#newMasks.get(sequence) ?? newMask(this.config, sequence);
    this.#newMasks.set(sequence, mask);
    return float32(mask, [1, 1, mask.length / sequence, sequence]);
  }
}

/** Greedy draws (temperature 0) do not look at the weights. */
function inverse(temperatures: readonly number[]): ort.Tensor {
  const inverses = Float32Array.from(temperatures, (temperature) =>
    temperature === 0 ? 1 : 1 / temperature,
  );
  return float32(inverses, [temperatures.length, 1]);
}
