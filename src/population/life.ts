import { uniform } from "../random.js";
import type { Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import type { Past, User } from "./types.js";

type Life = NonNullable<Scenario["population"]["life"]>;

export type LifeRequest = {
  life: Life;
  pack: Pick<SituationPack, "situations"> & Partial<Pick<SituationPack, "scale">>;
  seed: string | number;
  round: number;
  past: readonly Past[];
};

/**
 * The users of earlier rounds who come to this one, in the order in which they first came: those of the last round who
 * stay, and those who stayed away and return. They are who they were and in the same situation, and open with the next of
 * their openings. Everything follows from the past rounds and one uniform number for each person and round, so an
 * interrupted run goes on alike, and a person who stays at some trust stays at a higher one too.
 */
export function comingAgain({ life, pack, seed, round, past }: LifeRequest): User[] {
  const { min, max } = pack.scale ?? { min: 1, max: 10 };
  const openings = openingsOf(pack);
  const users: User[] = [];
  for (const { user, rating, at } of lastSeen(past)) {
    const { person, persona, thought, situation, background, trust = life.trust, visit = 1 } = user;
    const now = rating === null ? trust : moved(trust, (rating - min) / (max - min), life.gain);
    const chance = at === round - 1 ? stayChance(now, life.stay) : life.return;
    if (uniform(`${seed}/person/${person}/round/${round}/comes`) >= chance) continue;
    const own = openings.get(situation)?.get(background)?.[thought] ?? [user.opening];
    const opening = own[(own.indexOf(user.opening) + 1) % own.length]!;
    users.push({
      id: `r${round}-${person}`,
      persona,
      thought,
      situation,
      background,
      opening,
      person,
      visit: visit + 1,
      trust: now,
      last_rating: rating,
    });
  }
  return users;
}

/** Exponential smoothing, the form in which trust in a partner is commonly modelled (Jonker and Treur 1999). */
function moved(trust: number, satisfaction: number, gain: number): number {
  // Twelve digits: the file and the number it is read back as must be the same on every machine.
  return Number((trust + gain * (satisfaction - trust)).toFixed(12));
}

function stayChance(trust: number, { trusting, distrusting }: Life["stay"]): number {
  return distrusting + trust * (trusting - distrusting);
}

type Seen = { user: User; rating: number | null; at: number };

/** Everybody with a life, as they were when they last came. */
function lastSeen(past: readonly Past[]): Seen[] {
  const seen = new Map<string, Seen>();
  for (const [index, { users, felt }] of past.entries()) {
    for (const user of users) {
      if (user.person !== undefined)
        seen.set(user.person, { user, rating: felt.get(user.id) ?? null, at: index + 1 });
    }
  }
  return [...seen.values()];
}

type Openings = Record<User["thought"], string[]>;

/** By situation and background. */
function openingsOf({ situations }: LifeRequest["pack"]): Map<string, Map<string, Openings>> {
  return new Map(
    situations.map(({ id, users }) => [
      id,
      new Map(users.map(({ background, openings }) => [background, openings])),
    ]),
  );
}
