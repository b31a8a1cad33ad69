import { type NumberRange, overlap, rangeOf } from "./range.js";
import type { Judgement, Stance } from "./types.js";

/** Numbers closer than this share of themselves count as the same (MASK). */
export const TOLERANCE = 0.05;

/** Whether two stances say the same: one side, or numbers that overlap once each is widened by `tolerance`. */
export function agree(one: Stance, other: Stance, tolerance = TOLERANCE): boolean {
  if (one.label !== other.label) return false;
  if (one.label !== "number") return one.label === "supports" || one.label === "denies";
  return overlap([asRange(one), asRange(other)], tolerance);
}

/** Whether two stances are the same; single numbers where the first is within 5 % of the second. */
export function same(one: Stance, reference: Stance): boolean {
  if (one.value === undefined || reference.value === undefined) return agree(one, reference);
  return Math.abs(one.value - reference.value) <= TOLERANCE * Math.abs(reference.value);
}

/** A number's range; a single number is a range of no width, of which nobody says whether it is relative. */
export function asRange({ range, value }: Stance): NumberRange {
  return range ?? rangeOf(value ?? null, value ?? null);
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
