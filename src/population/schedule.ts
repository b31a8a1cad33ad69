import { fractionsAt, type Schedules, tidy } from "../scenario/index.js";
import { resolveRest } from "./allocate.js";

/** The fraction of a round's users that is meant to hold the biased thought. */
export function biasedFraction(
  schedules: Schedules,
  personas: Readonly<Record<string, { thought: string } | undefined>>,
  round: number,
): number {
  return biasedPart(resolveRest(fractionsAt(schedules, round)), personas);
}

/** Every persona's mean fraction over the rounds 1 to `rounds`. */
function meanFractions(schedules: Schedules, rounds: number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, fraction] of Object.entries(resolveRest(fractionsAt(schedules, round))))
      sums[name] = (sums[name] ?? 0) + fraction;
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, tidy(sum / rounds)]));
}

/** The mean of `biasedFraction` over the rounds 1 to `rounds`: what `drift.csv` calls biased. */
export function meanBiasedFraction(
  schedules: Schedules,
  personas: Readonly<Record<string, { thought: string } | undefined>>,
  rounds: number,
): number {
  return biasedPart(meanFractions(schedules, rounds), personas);
}

function biasedPart(
  fractions: Readonly<Record<string, number>>,
  personas: Readonly<Record<string, { thought: string } | undefined>>,
): number {
  const biased = Object.entries(fractions).filter(([name]) => personas[name]?.thought === "biased");
  return tidy(biased.reduce((sum, [, fraction]) => sum + fraction, 0));
}
