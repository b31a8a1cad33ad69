import { fractionsAt, type Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { resolveRest } from "./allocate.js";
import { type DrawRequest, drawPopulation } from "./draw.js";
import { countDrawn } from "./drawn.js";
import { biasedFraction } from "./schedule.js";
import type { Past, Persona, User } from "./types.js";

/** Who is there in a round; held-out users are counted apart. */
export type PreviewRow = {
  round: number;
  /** Users in all. */
  size: number;
  /** By persona, in the order of the scenario. `fraction` is what the scenario says of the round, which lives may change. */
  personas: Record<string, { fraction: number; users: number }>;
  /** Fraction of users with the biased thought: meant, and drawn. */
  biased: number;
  biased_realized: number;
  /** How many came to an earlier round as well. */
  again: number;
  held_out: number;
  /** Situations that somebody is in. */
  situations: number;
};

export type PreviewRequest = {
  scenario: Pick<Scenario, "rounds" | "seed"> & DrawRequest["scenario"];
  personas: Readonly<Record<string, Persona>>;
  pack: DrawRequest["pack"] & Partial<Pick<SituationPack, "scale">>;
  /** Persona name to the rating that its users are supposed to have for the assistant, all along; none if absent. */
  ratings?: Readonly<Record<string, number>>;
};

/**
 * Draws the users of every round as a run would, without any model. Where users have lives, who comes again depends on how
 * they liked the assistant: that is supposed here. Without a rating a user's trust stays as it is.
 */
export function previewPopulation({ ratings = {}, ...request }: PreviewRequest): PreviewRow[] {
  const { scenario } = request;
  const past: Past[] = [];
  return Array.from({ length: scenario.rounds }, (_, index) => {
    const round = index + 1;
    const users = drawPopulation({ ...request, seed: scenario.seed, round, past });
    if (scenario.population.life)
      past.push({ users, felt: new Map(users.map(({ id, persona }) => [id, ratings[persona] ?? null])) });
    return countUsers(users, round, request);
  });
}

function countUsers(
  drawn: readonly User[],
  round: number,
  { scenario, personas }: PreviewRequest,
): PreviewRow {
  const schedules = scenario.population.personas;
  const { users, biased } = countDrawn(drawn);
  const counts = new Map<string, number>();
  for (const { persona } of users) counts.set(persona, (counts.get(persona) ?? 0) + 1);
  return {
    round,
    size: users.length,
    personas: Object.fromEntries(
      Object.entries(resolveRest(fractionsAt(schedules, round))).map(([name, fraction]) => [
        name,
        { fraction, users: counts.get(name) ?? 0 },
      ]),
    ),
    biased: biasedFraction(schedules, personas, round),
    biased_realized: users.length === 0 ? 0 : biased / users.length,
    again: users.filter(({ visit = 1 }) => visit > 1).length,
    held_out: drawn.length - users.length,
    situations: new Set(users.map(({ situation }) => situation)).size,
  };
}
