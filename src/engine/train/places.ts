import type { Graph } from "../graph/graph.js";
import type { FeedData } from "../graph/program.js";
import type { Grid } from "../llama/attention.js";
import type { BatchShape, MicroBatch } from "./batch.js";

/** What a program gives of each place that is asked for. */
export type Score = "target" | "divergence" | "value";

/** What the inputs of a program's n-th micro-batch have after their names. */
export const partName = (part: number) => (part === 0 ? "" : `/${part}`);

/** The inputs that say which tokens a program reads, and which of their places are asked for. */
export function placesOf(graph: Graph, shape: BatchShape, part: string) {
  const ids = graph.input(`ids${part}`, [shape.rows * shape.time], "int64");
  // Only places that carry loss go beyond the last attention: most of a layer, and a large vocabulary, cost nothing elsewhere.
  const asked = gathers(shape) ? graph.input(`index${part}`, [shape.positions], "int64") : undefined;
  return { ids, asked, grid: gridOf(graph, shape, part) };
}

function gridOf(graph: Graph, { rows, time, forked }: BatchShape, part: string): Grid {
  if (!forked) return { batch: rows, time };
  const places = [rows, time];
  const depths = graph.input(`depths${part}`, places, "int64");
  const apart = {
    later: graph.input(`later${part}`, places),
    earlier: graph.input(`earlier${part}`, places),
  };
  return { batch: rows, time, fork: { depths, apart } };
}

/** The feeds that the n-th micro-batch gives. */
export function batchFeeds(batch: MicroBatch, part = 0, score: Score = "target"): Record<string, FeedData> {
  const name = partName(part);
  const feeds: Record<string, FeedData> = { [`ids${name}`]: batch.ids };
  if (score === "target") feeds[`targets${name}`] = batch.targets;
  if (gathers(batch.shape)) feeds[`index${name}`] = batch.index;
  for (const [kind, data] of Object.entries(batch.fork ?? {})) feeds[`${kind}${name}`] = data;
  return feeds;
}

const gathers = ({ rows, time, positions }: BatchShape) => positions < rows * time;
