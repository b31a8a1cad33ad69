import type { Adapter } from "../files/adapter.js";
import { checkAdapter } from "../files/adapter-shapes.js";
import type { LlamaConfig } from "../files/config.js";
import type { Weight, Weights } from "../files/weights.js";
import { gradients } from "../graph/gradient.js";
import { Graph } from "../graph/graph.js";
import { compile, type FeedData, type Program } from "../graph/program.js";
import type { Tensor } from "../graph/tensor.js";
import { llamaHidden, llamaLogits } from "../llama/forward.js";
import { frozenParameters, type Parameters, trainedParameters, withAdapter } from "../llama/parameters.js";
import { scoreHead, sequenceScores } from "../llama/score.js";
import {
  add,
  concat,
  divergence,
  negate,
  recomputed,
  takeDistinctRows,
  tokenLogProbs,
} from "../ops/index.js";
import type { BatchShape } from "./batch.js";
import type { LossHead } from "./loss.js";
import { partName, placesOf, type Score } from "./places.js";

/** What a program computes with: a model whose weights all train, or a frozen one with or without an adapter. */
export type Model = {
  config: LlamaConfig;
  weights: Weights;
  /** null: every weight trains. Otherwise the base is frozen and only the adapter, if there is one, trains. */
  frozen: { adapter: Adapter | null; head?: Weight } | null;
  /**
   * What a position gives: the log-probability of its target; how far the model is from the frozen one there, below 0; or the
   * value that the linear head `head` gives the sequence up to there.
   */
  score?: Score;
  /** What is added to the residual stream behind a block, from 1, where targets are scored. */
  steer?: Steering;
  /** Frozen weights are fed at every run instead of being constants of the program, and memory goes before time. */
  large: boolean;
};

export type Steering = { layer: number; vector: Float32Array };

// ONNX Runtime keeps copies of constants, so weights beyond this size stay in their one buffer.
const CONSTANT_BYTES = 64 * 1024 * 1024;

/** A checkpoint whose weights stay as they are, with or without an adapter. Throws UserError if that does not fit. */
export function frozenModel(
  { config, weights }: { config: LlamaConfig; weights: Weights },
  adapter: Adapter | null,
): Model {
  if (adapter) checkAdapter(config, adapter);
  const bytes = [...weights.values()].reduce((total, { data }) => total + data.byteLength, 0);
  return { config, weights, frozen: { adapter }, large: bytes > CONSTANT_BYTES };
}

/** The arrays that train, by name. */
export function trainedWeights({ weights, frozen }: Model): Weights {
  if (!frozen) return weights;
  const { adapter, head } = frozen;
  if (!head) return adapter?.weights ?? new Map();
  return new Map([...(adapter?.weights ?? []), [scoreHead, head]]);
}

export type CompiledForward = { program: Program; feeds: Record<string, FeedData>; logProbs: string };
export type CompiledStep = {
  program: Program;
  feeds: Record<string, FeedData>;
  /** Output name of each micro-batch's loss. */
  losses: string[];
  /** Output name of each trained array's gradient, the sum over the micro-batches. */
  gradients: Map<string, string>;
};

/**
 * Training graphs are written as they should run: ONNX Runtime's rewriting gains nothing measurable on them. Threads do not
 * spin where an adapter of a small model trains: beside other work a run of minnow took a quarter more processor time, and on an
 * idle machine as much.
 */
function compileAsWritten(
  graph: Graph,
  outputs: readonly Tensor[],
  { large, frozen }: Model,
  threads: number,
): Promise<Program> {
  return compile(graph, outputs, { threads, optimize: false, spin: large || !frozen, keepMemory: !large });
}

/** Compiles the log-probability of each position's target. */
export async function compileForward(
  model: Model,
  shape: BatchShape,
  threads: number,
): Promise<CompiledForward> {
  const graph = new Graph();
  const { feeds, ...by } = parametersOf(graph, model);
  const logProbs = valuesOf(graph, model, by, shape, "");
  return {
    program: await compileAsWritten(graph, [logProbs], model, threads),
    feeds,
    logProbs: logProbs.name,
  };
}

/** Compiles the losses of `parts` micro-batches of one shape and the sum of their gradients with respect to all that trains. */
export async function compileStep(
  model: Model,
  shape: BatchShape & { groups: number },
  head: LossHead,
  { parts, threads }: { parts: number; threads: number },
): Promise<CompiledStep> {
  const graph = new Graph();
  const { feeds, ...by } = parametersOf(graph, model);
  const trained = trainedWeights(model);
  const losses: Tensor[] = [];
  let sums: Tensor[] = [];
  for (let part = 0; part < parts; part += 1) {
    const name = partName(part);
    const logProbs = valuesOf(graph, model, by, shape, name);
    const loss = head(graph, logProbs, shape.groups, name);
    const slopes = gradients(graph, loss, trainedInputs(graph, trained));
    sums = part === 0 ? slopes : slopes.map((slope, index) => add(graph, sums[index]!, slope));
    losses.push(loss);
  }
  const program = await compileAsWritten(graph, [...losses, ...sums], model, threads);
  const names = trainedInputs(graph, trained).map(({ name }, index): [string, string] => [
    name,
    sums[index]!.name,
  ]);
  return { program, feeds, losses: losses.map(({ name }) => name), gradients: new Map(names) };
}

const trainedInputs = (graph: Graph, trained: Weights) =>
  graph.inputs.filter(({ name }) => trained.has(name));

/** The feeds that the trained arrays give. */
export function trainedFeeds(trained: Weights): Record<string, FeedData> {
  return Object.fromEntries([...trained].map(([name, { data }]) => [name, data]));
}

function parametersOf(
  graph: Graph,
  { weights, frozen, large }: Model,
): By & { feeds: Record<string, FeedData> } {
  if (!frozen) {
    const parameters = trainedParameters(graph, weights);
    return { parameters, base: parameters, feeds: {} };
  }
  const { parameters: base, feeds } = frozenParameters(graph, weights, large);
  if (!frozen.adapter) return { parameters: base, base, feeds };
  return { parameters: withAdapter(graph, base, frozen.adapter), base, feeds };
}

type By = { parameters: Parameters; base: Parameters };

/** What each position gives. */
function valuesOf(graph: Graph, model: Model, by: By, shape: BatchShape, part: string): Tensor {
  const { config, score } = model;
  if (score === "divergence") return negativeDivergence(graph, config, by, shape, part);
  if (score !== "value") return targetLogProbs(graph, model, by.parameters, shape, part);
  const { ids, asked, grid } = placesOf(graph, shape, part);
  const rows = llamaHidden(graph, config, by.parameters, ids, grid, asked);
  return sequenceScores(graph, config, by.parameters, rows);
}

/** - KL(base || model) at each position, over the whole vocabulary: what negative log-likelihood's loss sums up to the divergence. */
function negativeDivergence(
  graph: Graph,
  config: LlamaConfig,
  { parameters, base }: By,
  shape: BatchShape,
  part: string,
): Tensor {
  const { ids, asked, grid } = placesOf(graph, shape, part);
  const logits = (by: Parameters) =>
    llamaLogits(graph, config, by, llamaHidden(graph, config, by, ids, grid, asked));
  return negate(graph, divergence(graph, logits(parameters), logits(base)));
}

function targetLogProbs(
  graph: Graph,
  { config, steer }: Pick<Model, "config" | "steer">,
  parameters: Parameters,
  shape: BatchShape,
  part: string,
): Tensor {
  const { ids, asked, grid } = placesOf(graph, shape, part);
  const targets = graph.input(`targets${part}`, [shape.positions], "int64");
  const moved = steer && {
    layer: steer.layer,
    vector: graph.shared("steer", () => graph.constant(steer.vector, [config.hiddenSize])),
  };
  const rows = llamaHidden(graph, config, parameters, ids, grid, asked, moved);
  const score = (x: Tensor, wanted: Tensor) =>
    tokenLogProbs(graph, llamaLogits(graph, config, parameters, x), wanted);
  return parameters.large ? scoreInChunks(graph, rows, targets, score) : score(rows, targets);
}

// Rows whose logits a large model holds at a time. Twice as many take 70 MB more with a vocabulary of 49,152.
const LOGIT_ROWS = 64;

/** Scores of rows with the logits of a few rows at a time, computed again in the backward pass. */
function scoreInChunks(
  graph: Graph,
  rows: Tensor,
  targets: Tensor,
  score: (rows: Tensor, targets: Tensor) => Tensor,
): Tensor {
  const count = rows.shape[0] as number;
  const chunks: Tensor[] = [];
  for (let start = 0; start < count; start += LOGIT_ROWS) {
    const places = Array.from({ length: Math.min(LOGIT_ROWS, count - start) }, (_, i) => start + i);
    const index = graph.int64List(places);
    const wanted = graph.emit(
      "Gather",
      [targets, index],
      { shape: index.shape, dtype: "int64" },
      { axis: 0 },
    );
    const part = takeDistinctRows(graph, rows, index);
    chunks.push(recomputed(graph, part, [], (x) => score(x, wanted)));
  }
  return concat(graph, chunks);
}
