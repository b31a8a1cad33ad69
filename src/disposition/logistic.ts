import { solve } from "./solve.js";

/** A linear probe: the probability that it tells of a state is sigmoid(weights · state + bias). */
export type LinearProbe = { weights: number[]; bias: number };

const ITERATIONS = 100;
const CLOSE = 1e-9;
const LEAST_CURVATURE = 1e-10;

/**
 * Logistic regression with an L2 penalty on the weights and none on the bias, as scikit-learn's `LogisticRegression(C=strength)` has it: the
 * sum of log losses plus |w|² / (2 strength). `targets` lie in [0, 1]. Newton's method in the space of the rows, which are few where
 * states are wide; every step is halved until the objective falls. Throws unless there are two rows with unlike targets.
 */
export function fitLogistic(
  rows: readonly ArrayLike<number>[],
  targets: readonly number[],
  strength = 1,
): LinearProbe {
  if (rows.length < 2 || targets.every((target) => target === targets[0]))
    throw new Error("a probe needs rows of two kinds");
  const gram = rows.map((one) => rows.map((other) => dot(one, other)));
  const objective = ({ alpha, bias }: Dual): number => {
    const scores = scoresOf(gram, alpha, bias);
    const loss = scores.reduce((sum, score, i) => sum + softplus(score) - targets[i]! * score, 0);
    return loss + alpha.reduce((sum, value, i) => sum + value * (scores[i]! - bias), 0) / (2 * strength);
  };
  let at: Dual = { alpha: rows.map(() => 0), bias: 0 };
  let value = objective(at);
  for (let step = 0; step < ITERATIONS; step += 1) {
    const next = newton(gram, targets, at, strength);
    let share = 1;
    let tried = between(at, next, share);
    while (objective(tried) > value && share > 1e-6) {
      share /= 2;
      tried = between(at, next, share);
    }
    const found = objective(tried);
    if (!(found <= value)) break;
    const gained = value - found;
    at = tried;
    value = found;
    if (gained < CLOSE * Math.max(1, value)) break;
  }
  const weights = new Array<number>(rows[0]!.length).fill(0);
  for (const [i, row] of rows.entries())
    for (let j = 0; j < weights.length; j += 1) weights[j]! += at.alpha[i]! * row[j]!;
  return { weights, bias: at.bias };
}

/** The probability that a probe tells of a state. */
export function predict({ weights, bias }: LinearProbe, state: ArrayLike<number>): number {
  return sigmoid(dot(weights, state) + bias);
}

/** Weights as a sum of rows, w = Σ alpha row. */
type Dual = { alpha: number[]; bias: number };

/** Where the quadratic that touches the objective has its least value: [K + W⁻¹ / strength, 1; 1ᵀ, 0] [alpha; bias] = [z; 0]. */
function newton(
  gram: readonly number[][],
  targets: readonly number[],
  { alpha, bias }: Dual,
  strength: number,
): Dual {
  const scores = scoresOf(gram, alpha, bias);
  const count = targets.length;
  const curvatures = scores.map((score) => Math.max(LEAST_CURVATURE, sigmoid(score) * (1 - sigmoid(score))));
  const matrix = gram.map((row, i) => [
    ...row.map((value, j) => value + (i === j ? 1 / (strength * curvatures[i]!) : 0)),
    1,
  ]);
  matrix.push([...new Array<number>(count).fill(1), 0]);
  const wanted = scores.map((score, i) => score + (targets[i]! - sigmoid(score)) / curvatures[i]!);
  const solved = solve(matrix, [...wanted, 0]);
  return { alpha: solved.slice(0, count), bias: solved[count]! };
}

const between = (from: Dual, to: Dual, share: number): Dual => ({
  alpha: from.alpha.map((value, i) => value + share * (to.alpha[i]! - value)),
  bias: from.bias + share * (to.bias - from.bias),
});

const scoresOf = (gram: readonly number[][], alpha: readonly number[], bias: number): number[] =>
  gram.map((row) => dot(row, alpha) + bias);

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
/** log(1 + exp x). */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
