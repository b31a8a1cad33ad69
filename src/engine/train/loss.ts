import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import {
  logSigmoid,
  matmulTransposed,
  multiply,
  negate,
  reshape,
  sigmoid,
  subtract,
  sum,
} from "../ops/index.js";

/** Turns token log-probabilities [positions] into the scalar loss; further inputs have fixed names with `part` after them. */
export type LossHead = (graph: Graph, logProbs: Tensor, groups: number, part: string) => Tensor;

/** Minus the weighted sum of token log-probabilities. Feed: `weights` [positions], which sum to 1 for a mean. */
export const negativeLogLikelihood: LossHead = (graph, logProbs, _groups, part) => {
  const weights = graph.input(`weights${part}`, logProbs.shape);
  return negate(graph, sum(graph, multiply(graph, logProbs, weights)));
};

/**
 * Losses on sequences against a reference, from margins m = beta (S logp - offset), one a group. `membership` S [groups,
 * positions] is +1 or -1 where a token counts for or against its group, else 0; `offset` and `importance` are [groups].
 * KTO: sum of importance (1 - sigmoid(m)). DPO: minus the sum of importance log sigmoid(m).
 */
export function marginLoss(link: "kto" | "dpo", beta: number): LossHead {
  return (graph, logProbs, groups, part) => {
    const positions = logProbs.shape[0] as number;
    const membership = graph.input(`membership${part}`, [groups, positions]);
    const offset = graph.input(`offset${part}`, [1, groups]);
    const importance = graph.input(`importance${part}`, [1, groups]);
    const sums = matmulTransposed(graph, reshape(graph, logProbs, [1, positions]), membership);
    const margins = multiply(graph, subtract(graph, sums, offset), graph.scalar(beta));
    const losses =
      link === "kto"
        ? subtract(graph, graph.scalar(1), sigmoid(graph, margins))
        : negate(graph, logSigmoid(graph, margins));
    return sum(graph, multiply(graph, losses, importance));
  };
}
