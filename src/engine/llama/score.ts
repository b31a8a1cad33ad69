import type { LlamaConfig } from "../files/config.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import { matmulTransposed, reshape, scaleColumns } from "../ops/index.js";
import { rmsNorm } from "./linear.js";
import type { Parameters } from "./parameters.js";

/** The head's name in PEFT's files: that of transformers' models for sequence classification. */
export const scoreHead = "base_model.model.score.weight";

/** The final norm and a linear head of one output, which is an input of the graph: a value [n] for each of residual rows [n, hidden]. */
export function sequenceScores(
  graph: Graph,
  config: LlamaConfig,
  parameters: Parameters,
  rows: Tensor,
): Tensor {
  const { x, scale } = rmsNorm(graph, parameters, rows, "model.norm.weight", config.rmsNormEps);
  const head =
    graph.inputs.find(({ name }) => name === scoreHead) ?? graph.input(scoreHead, [1, config.hiddenSize]);
  const values = matmulTransposed(graph, x, scale ? scaleColumns(graph, head, scale) : head);
  return reshape(graph, values, [rows.shape[0] as number]);
}
