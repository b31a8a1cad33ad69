import type { Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { resolveRest } from "./allocate.js";
import { type DrawRequest, drawPopulation } from "./draw.js";
import { biasedFraction, fractionsAt } from "./schedule.js";
import type { Persona } from "./types.js";

/** Who is there in a round. */
export type PreviewRow = {
  round: number;
  /** Users in all. */
  size: number;
  /** By persona, in the order of the scenario. */
  personas: Record<string, { fraction: number; users: number }>;
  /** Fraction of users with the biased thought: meant, and drawn. */
  biased: number;
  biased_realized: number;
  /** Situations that somebody is in. */
  situations: number;
};

/** Draws the users of every round as a run would, without any model. */
export function previewPopulation({
  scenario,
  personas,
  pack,
}: {
  scenario: Pick<Scenario, "rounds" | "seed"> & DrawRequest["scenario"];
  personas: Readonly<Record<string, Persona>>;
  pack: Pick<SituationPack, "situations">;
}): PreviewRow[] {
  const schedules = scenario.population.personas;
  return Array.from({ length: scenario.rounds }, (_, index) => {
    const round = index + 1;
    const users = drawPopulation({ scenario, personas, pack, seed: scenario.seed, round });
    const fractions = resolveRest(fractionsAt(schedules, round));
    const counts = new Map<string, number>();
    for (const { persona } of users) counts.set(persona, (counts.get(persona) ?? 0) + 1);
    const biased = users.filter(({ thought }) => thought === "biased").length;
    return {
      round,
      size: users.length,
      personas: Object.fromEntries(
        Object.entries(fractions).map(([name, fraction]) => [
          name,
          { fraction, users: counts.get(name) ?? 0 },
        ]),
      ),
      biased: biasedFraction(schedules, personas, round),
      biased_realized: users.length === 0 ? 0 : biased / users.length,
      situations: new Set(users.map(({ situation }) => situation)).size,
    };
  });
}
