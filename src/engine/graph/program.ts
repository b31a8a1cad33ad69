import "./quiet-runtime.js";
import * as ort from "onnxruntime-node";
import type { Graph } from "./graph.js";
import { encodeOnnx } from "./onnx.js";
import { staticShape, type Tensor } from "./tensor.js";

export type FeedData = Float32Array | BigInt64Array | Int32Array | Uint8Array | ort.Tensor;

export type CompileOptions = {
  /** Threads inside one operation. Results do not depend on it. */
  threads?: number;
  /** Whether ONNX Runtime rewrites the graph (default). Without, compiling takes a third of the time. */
  optimize?: boolean;
  /** Where the files lie whose ranges are constants of the graph. They are mapped while compiling, and may go then. */
  folder?: string;
  /**
   * Whether idle threads wait for work by spinning (default). Faster for large operations on an idle machine; where others
   * work beside, or operations are small, it costs more than it gives.
   */
  spin?: boolean;
  /**
   * Whether the memory of intermediate results is planned as one block and kept for the next run (default). Without, each result is
   * allocated and freed by itself: as fast where results are large, and the process never grows beyond what is alive at a time.
   */
  keepMemory?: boolean;
};

/** A compiled graph. Feeds are given by input name; static inputs take bare arrays, symbolic ones `ort.Tensor`s. */
export class Program {
  readonly #session: ort.InferenceSession;
  readonly #inputs: ReadonlyMap<string, Tensor>;

  constructor(session: ort.InferenceSession, inputs: readonly Tensor[]) {
    this.#session = session;
    this.#inputs = new Map(inputs.map((tensor) => [tensor.name, tensor]));
  }

  /** Runs the graph and returns the named outputs (all of them unless `fetches` names some or binds buffers). */
  async run(
    feeds: Readonly<Record<string, FeedData>>,
    fetches?: readonly string[] | ort.InferenceSession.OnnxValueMapType,
  ): Promise<Record<string, ort.Tensor>> {
    const values: Record<string, ort.Tensor> = {};
    for (const [name, data] of Object.entries(feeds)) values[name] = this.#bind(name, data);
    const result = fetches ? await this.#session.run(values, fetches) : await this.#session.run(values);
    return result as Record<string, ort.Tensor>;
  }

  #bind(name: string, data: FeedData): ort.Tensor {
    if (data instanceof ort.Tensor) return data;
    const input = this.#inputs.get(name);
    if (!input) throw new Error(`graph has no input named ${name}`);
    return new ort.Tensor(input.dtype, data as Float32Array, staticShape(input));
  }

  /** Frees the native session. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** Compiles a graph for the CPU. Throws ONNX Runtime's own error if the graph is malformed. */
export async function compile(
  graph: Graph,
  outputs: readonly Tensor[],
  { threads = 1, optimize = true, folder, spin = true, keepMemory = true }: CompileOptions = {},
): Promise<Program> {
  const session = await ort.InferenceSession.create(encodeOnnx(graph, outputs), {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    enableCpuMemArena: keepMemory,
    enableMemPattern: keepMemory,
    graphOptimizationLevel: optimize ? "all" : "disabled",
    logSeverityLevel: 3,
    extra: {
      session: {
        intra_op: { allow_spinning: spin ? "1" : "0" },
        ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: folder }),
      },
    },
  });
  return new Program(session, graph.inputs);
}
