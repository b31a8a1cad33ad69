import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import {
  add,
  atLeast,
  atMost,
  exponential,
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
    const importance = graph.input(`importance${part}`, [1, groups]);
    const margins = multiply(graph, aboveOffset(graph, logProbs, groups, part), graph.scalar(beta));
    const losses =
      link === "kto"
        ? subtract(graph, graph.scalar(1), sigmoid(graph, margins))
        : negate(graph, logSigmoid(graph, margins));
    return sum(graph, multiply(graph, losses, importance));
  };
}

/**
 * RLOO's loss on sequences drawn from a policy that may have moved since: with the ratio c = exp(S logp - offset), offset the
 * log-probability under which a sequence was drawn, minus the sum of importance min(c A, clip(c, 1 - epsilon, 1 + epsilon) A). `gain`
 * and `cost` [groups] are the advantages A times importance, the one where A is above 0, the other where below, else 0.
 */
export function clippedPolicyLoss(epsilon: number): LossHead {
  return (graph, logProbs, groups, part) => {
    const gain = graph.input(`gain${part}`, [1, groups]);
    const cost = graph.input(`cost${part}`, [1, groups]);
    const ratio = exponential(graph, aboveOffset(graph, logProbs, groups, part));
    const raised = multiply(graph, atMost(graph, ratio, 1 + epsilon), gain);
    const lowered = multiply(graph, atLeast(graph, ratio, 1 - epsilon), cost);
    return negate(graph, sum(graph, add(graph, raised, lowered)));
  };
}

/** S logp - offset [1, groups]. */
function aboveOffset(graph: Graph, logProbs: Tensor, groups: number, part: string): Tensor {
  const positions = logProbs.shape[0] as number;
  const membership = graph.input(`membership${part}`, [groups, positions]);
  const offset = graph.input(`offset${part}`, [1, groups]);
  const sums = matmulTransposed(graph, reshape(graph, logProbs, [1, positions]), membership);
  return subtract(graph, sums, offset);
}
