/**
 * The area under the ROC curve of scores by which occasions are told from one another that count as positive with a probability each: of
 * a positive and a negative one, drawn from two occasions, the chance that the positive stands higher (equal ones count half). In parts,
 * one an occasion, whose mean it is; with probabilities of 0 and 1 it is the plain area. None where either kind has no weight.
 */
export function areaParts(scores: readonly number[], positive: readonly number[]): number[] {
  const total = positive.reduce((sum, value) => sum + value, 0);
  const negative = positive.map((value) => 1 - value);
  const rest = negative.reduce((sum, value) => sum + value, 0);
  const others = negative.map((value) => rest - value);
  if (!(total > 0) || others.some((value) => !(value > 0))) return [];
  return scores.map((score, i) => {
    const below = scores.reduce((sum, other, j) => {
      if (j === i || other > score) return sum;
      return sum + (other === score ? 0.5 : 1) * negative[j]!;
    }, 0);
    return (positive[i]! * (below / others[i]!) * scores.length) / total;
  });
}
