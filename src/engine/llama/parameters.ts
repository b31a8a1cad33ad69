import { type Adapter, adapterNames } from "../files/adapter.js";
import type { Weights } from "../files/weights.js";
import type { Graph } from "../graph/graph.js";
import type { FeedData } from "../graph/program.js";
import type { Tensor } from "../graph/tensor.js";

export type LowRank = { a: Tensor; b: Tensor; scale: number };

/** Where a forward graph finds its parameters. */
export type Parameters = {
  /** A weight by its checkpoint name. */
  weight: (name: string) => Tensor;
  /** The low-rank addition to a linear layer, if it has one. */
  lowRank: (layer: string) => LowRank | undefined;
  /**
   * Whether the model is large. Then RMSNorm scales are not multiplied into the weights that follow, and blocks are computed
   * again during the backward pass instead of keeping their activations: time for memory.
   */
  large: boolean;
};

/** Frozen weights for a graph, and the feeds they need at each run: none unless they are `large`. */
export function frozenParameters(
  graph: Graph,
  weights: Weights,
  large = false,
): { parameters: Parameters; feeds: Record<string, FeedData> } {
  const feeds: Record<string, FeedData> = {};
  const weight = once((name) => {
    const { shape, data } = weights.get(name)!;
    if (!large) return graph.constant(data, shape, name);
    feeds[name] = data;
    return graph.input(name, shape);
  });
  return { parameters: { weight, lowRank: () => undefined, large }, feeds };
}

/** Weights that train: graph inputs under their own names, so that an update is a write to a buffer. */
export function trainedParameters(graph: Graph, weights: Weights): Parameters {
  const weight = once((name) => graph.input(name, weights.get(name)!.shape));
  return { weight, lowRank: () => undefined, large: false };
}

/** A model's parameters with an adapter's matrices (graph inputs under PEFT's names) on its layers. */
export function withAdapter(graph: Graph, parameters: Parameters, { config, weights }: Adapter): Parameters {
  const input = once((name) => graph.input(name, weights.get(name)!.shape));
  const lowRank = (layer: string): LowRank | undefined => {
    const { a, b } = adapterNames(layer);
    if (!weights.has(a)) return undefined;
    return { a: input(a), b: input(b), scale: config.lora_alpha / config.r };
  };
  return { ...parameters, lowRank };
}

function once(make: (name: string) => Tensor): (name: string) => Tensor {
  const made = new Map<string, Tensor>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    const tensor = make(name);
    made.set(name, tensor);
    return tensor;
  };
}
