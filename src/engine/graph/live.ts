import type { GraphNode, Initializer } from "./graph.js";

type Parts = { nodes: readonly GraphNode[]; initializers: readonly Initializer[] };

/**
 * The part of a graph its outputs depend on. Gradient rules emit a node for each of their inputs, needed or not; what
 * nobody asked for is dropped here, so a rule need not know.
 */
export function livePart({ nodes, initializers }: Parts, outputs: Iterable<string>): Parts {
  const live = new Set(outputs);
  const kept: GraphNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i -= 1) {
    const node = nodes[i]!;
    if (!node.outputs.some((name) => live.has(name))) continue;
    kept.push(node);
    for (const name of node.inputs) live.add(name);
  }
  return { nodes: kept.reverse(), initializers: initializers.filter(({ name }) => live.has(name)) };
}
