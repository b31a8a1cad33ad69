import type { LlamaConfig } from "../files/config.js";
import { Graph, type Tensor } from "../graph/graph.js";
import { attentionInputs } from "./attention-graph.js";
import { constants, decoderBlock, EMBEDDING, type WeightSource } from "./step-graph.js";

export type HiddenGraph = {
  graph: Graph;
  /** [positions, hidden size]. */
  hidden: Tensor;
};

/**
 * The first `layer` blocks of a Llama over whole texts, rows of `sequence` tokens: the residual stream behind the last of those
 * blocks, before any norm, at the flat positions `index` of the [batch × sequence] grid.
 */
export function buildHiddenGraph(config: LlamaConfig, source: WeightSource, layer: number): HiddenGraph {
  const { hiddenSize, kvHeads, headDim } = config;
  const graph = new Graph();
  const ids = graph.input("ids", ["batch", "sequence"], "int64");
  const index = graph.input("index", ["positions"], "int64");
  // The attention reads a past; of whole texts it is one token that nobody sees.
  const shared = attentionInputs(graph, headDim, ["grouped", "sequence"]);
  const past = graph.input("past", ["batch", kvHeads, "past", headDim]);
  const constant = constants(graph, source);
  let x = graph.emit(
    "Gather",
    [constant(EMBEDDING), ids],
    { shape: ["batch", "sequence", hiddenSize] },
    { axis: 0 },
  );
  for (let block = 0; block < layer; block += 1) {
    const prefix = `model.layers.${block}`;
    x = decoderBlock(graph, config, constant, prefix, x, { key: past, value: past }, shared).hidden;
  }
  const flat = graph.emit("Reshape", [x, graph.int64List([-1, hiddenSize])], {
    shape: ["tokens", hiddenSize],
  });
  const hidden = graph.emit("Gather", [flat, index], { shape: ["positions", hiddenSize] }, { axis: 0 });
  return { graph, hidden };
}
