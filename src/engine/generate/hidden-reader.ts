import type * as ort from "onnxruntime-node";
import { UserError } from "../../errors.js";
import type { LlamaConfig } from "../files/config.js";
import { firstNotFinite } from "../files/finite.js";
import { compile, type Program } from "../graph/program.js";
import { engineFailure } from "./engine-failure.js";
import { float32, int64, newMask, pastMask, positions } from "./feeds.js";
import { buildHiddenGraph } from "./hidden-graph.js";
import { rotaryTables } from "./rope.js";
import { LEAST_SEQUENCE, RUN_TOKENS } from "./run-size.js";
import type { WeightSource } from "./step-graph.js";
import type { HiddenRequest } from "./types.js";

/** Lends a model's weights while a program is compiled; `folder` is where those lie that are file ranges. */
export type LendWeights = <T>(use: (weights: WeightSource, folder?: string) => Promise<T>) => Promise<T>;

type Compiled = { program: Program; hidden: string };

/**
 * Reads texts up to one of a model's blocks and tells the residual stream behind it. Nothing is compiled, and no weight is held, before
 * the first text; blocks behind the asked one are never computed, nor held.
 */
export class HiddenReader {
  readonly #config: LlamaConfig;
  readonly #lend: LendWeights;
  readonly #threads: number;
  readonly #programs = new Map<number, Promise<Compiled>>();

  constructor(config: LlamaConfig, lend: LendWeights, threads: number) {
    this.#config = config;
    this.#lend = lend;
    this.#threads = threads;
  }

  /** One vector a text, in their order; none depends on what else is read. */
  async read(requests: readonly HiddenRequest[]): Promise<Float32Array[]> {
    for (const request of requests) this.#check(request);
    const results = new Array<Float32Array>(requests.length);
    for (const layer of new Set(requests.map((request) => request.layer))) {
      const compiled = await this.#compiled(layer);
      const order = [...requests.keys()]
        .filter((at) => requests[at]!.layer === layer)
        .sort((a, b) => requests[a]!.ids.length - requests[b]!.ids.length);
      while (order.length > 0) {
        const run = order.splice(-rowsOf(requests[order.at(-1)!]!.ids.length));
        const vectors = await this.#run(
          compiled,
          run.map((at) => requests[at]!),
        );
        for (const [row, at] of run.entries()) results[at] = vectors[row]!;
      }
    }
    return results;
  }

  async release(): Promise<void> {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    for (const compiled of await Promise.allSettled(programs))
      if (compiled.status === "fulfilled") await compiled.value.program.release();
  }

  #check({ ids, layer, from }: HiddenRequest): void {
    const { layers, vocabSize, maxPositionEmbeddings } = this.#config;
    if (!(Number.isInteger(layer) && layer >= 1 && layer <= layers))
      throw new UserError(`layer ${layer}: the model has the layers 1 to ${layers}`);
    if (!(from >= 0 && from < ids.length))
      throw new UserError(`a text of ${ids.length} tokens has none from ${from} on`);
    if (ids.length > maxPositionEmbeddings)
      throw new UserError(`${ids.length} tokens exceed the model's context of ${maxPositionEmbeddings}`);
    const stray = ids.find((id) => !(id >= 0 && id < vocabSize));
    if (stray !== undefined)
      throw new UserError(`token ${stray} is not in the model's vocabulary of ${vocabSize}`);
  }

  async #compiled(layer: number): Promise<Compiled> {
    const known = this.#programs.get(layer);
    if (known) return await known;
    const made = this.#lend(async (weights, folder) => {
      const { graph, hidden } = buildHiddenGraph(this.#config, weights, layer);
      const options = { threads: this.#threads, folder, spin: false };
      return { program: await compile(graph, [hidden], options), hidden: hidden.name };
    });
    this.#programs.set(layer, made);
    // What could not be compiled may be once there is memory again.
    made.catch(() => this.#programs.delete(layer));
    return await made;
  }

  async #run({ program, hidden }: Compiled, rows: readonly HiddenRequest[]): Promise<Float32Array[]> {
    const { heads, kvHeads, headDim, hiddenSize } = this.#config;
    const sequence = rows.reduce((most, { ids }) => Math.max(most, ids.length), LEAST_SEQUENCE);
    const flat = rows.flatMap(({ ids }) => [...ids, ...new Array<number>(sequence - ids.length).fill(0)]);
    const places = rows.flatMap(({ ids, from }, row) =>
      Array.from({ length: ids.length - from }, (_, at) => row * sequence + from + at),
    );
    const starts = rows.map(() => 0);
    const rotary = rotaryTables(this.#config, sequence);
    const feeds: Record<string, ort.Tensor> = {
      ids: int64(flat, [rows.length, sequence]),
      index: int64(places, [places.length]),
      positions: positions(starts, sequence),
      cos: float32(rotary.cos, [rotary.length, headDim / 2]),
      sin: float32(rotary.sin, [rotary.length, headDim / 2]),
      past_mask: pastMask(starts, 1),
      past_ones: float32(new Float32Array(headDim).fill(1), [1, headDim]),
      past: float32(new Float32Array(rows.length * kvHeads * headDim), [rows.length, kvHeads, 1, headDim]),
      new_mask: float32(newMask(this.#config, sequence), [(heads / kvHeads) * sequence, sequence]),
      new_ones: float32(new Float32Array(sequence * headDim).fill(1), [sequence, headDim]),
    };
    const result = await program.run(feeds).catch((error: unknown) => {
      throw engineFailure(error);
    });
    const data = result[hidden]!.data as Float32Array;
    if (firstNotFinite(data) >= 0)
      throw engineFailure("the hidden states are not finite: the weights are damaged or too large");
    let first = 0;
    return rows.map(({ ids, from }) => {
      const count = ids.length - from;
      const mean = meanOf(data.subarray(first * hiddenSize, (first + count) * hiddenSize), hiddenSize);
      first += count;
      return mean;
    });
  }
}

const rowsOf = (tokens: number): number => Math.max(1, Math.floor(RUN_TOKENS / tokens));

/** The mean of rows of a width, summed in float64. */
function meanOf(rows: Float32Array, width: number): Float32Array {
  const sum = new Float64Array(width);
  for (let start = 0; start < rows.length; start += width)
    for (let i = 0; i < width; i += 1) sum[i]! += rows[start + i]!;
  const count = rows.length / width;
  return Float32Array.from(sum, (value) => value / count);
}
