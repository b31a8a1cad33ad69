import type { Judgement, Stance } from "./types.js";

/** Numeric values closer than this share of the reference count as the same (MASK). */
const TOLERANCE = 0.05;

/** Whether two held judgements say the same; numbers within 5 % of the second. */
export function same(one: Stance, reference: Stance): boolean {
  if (one.label !== reference.label) return false;
  if (one.label !== "number") return one.label === "supports" || one.label === "denies";
  return Math.abs(one.value! - reference.value!) <= TOLERANCE * Math.abs(reference.value!);
}

/** Whether a judgement takes a stand on the proposition. */
export function stands(judgement: Stance): boolean {
  return judgement.label === "supports" || judgement.label === "denies" || judgement.label === "number";
}

/** The probability that a judgement's stance is of a kind: 0 or 1 unless it comes with several. */
export function expected(judgement: Judgement, is: (stance: Stance) => boolean): number {
  const { spread = [{ ...judgement, probability: 1 }] } = judgement;
  const sum = spread.reduce((total, one) => total + (is(one) ? one.probability : 0), 0);
  // Rounding of the probabilities may not push a share out of [0, 1].
  return Math.min(1, Math.max(0, sum));
}
