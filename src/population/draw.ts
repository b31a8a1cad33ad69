import { type Random, shuffle, stream } from "../random.js";
import { type Fractions, fractionsAt, type Scenario } from "../scenario/index.js";
import type { Situation, SituationPack } from "../situation/index.js";
import { allocate } from "./allocate.js";
import { comingAgain } from "./life.js";
import type { Past, Persona, User } from "./types.js";

export type DrawRequest = {
  scenario: {
    population: Pick<Scenario["population"], "size" | "personas"> &
      Partial<Pick<Scenario["population"], "life" | "held_out">>;
  };
  /** By name. */
  personas: Readonly<Record<string, Persona>>;
  pack: Pick<SituationPack, "situations"> & Partial<Pick<SituationPack, "scale">>;
  /** The run's seed. */
  seed: string | number;
  round: number;
  /** The rounds 1 to `round` - 1, for populations whose users come again. */
  past?: readonly Past[];
};

/**
 * The users of a round: exact counts of each persona, each persona spread over the situations as evenly as whole users
 * allow, nobody met twice while the pack has fresh people and openings left. Where users have lives, only those who arrive
 * are drawn so; the others come again, as `life.ts` says. Held-out users come last.
 *
 * Cells of a sweep share their random numbers. Every user has a rank, which alone fixes situation, person and opening;
 * only the persona depends on the fractions. Situations come round in a fixed order by rank and personas take
 * consecutive ranks, so any persona's counts differ by at most one between situations, and the users who are biased at
 * 5 % are biased at 10 % too.
 */
export function drawPopulation(request: DrawRequest): User[] {
  const { scenario, round } = request;
  const { size, personas, life, held_out: heldOut = 0 } = scenario.population;
  const fractions = fractionsAt(personas, round);
  const draw = seats(request);
  const users = life
    ? livingUsers(request, life, draw)
    : draw({ size, fractions, first: 0, id: (slot) => `r${round}-u${slot}` });
  if (heldOut === 0) return users;
  // Their ranks go on after those of the population, so that it is the same with and without them.
  const apart = draw({ size: heldOut, fractions, first: size, id: (slot) => `r${round}-h${slot}` });
  return [...users, ...apart.map((user): User => ({ ...user, held_out: true }))];
}

function livingUsers(
  { scenario, pack, seed, round, past = [] }: DrawRequest,
  life: NonNullable<Scenario["population"]["life"]>,
  draw: Draw,
): User[] {
  const { size, personas } = scenario.population;
  const again = comingAgain({ life, pack, seed, round, past });
  const arriving = draw({
    size: round === 1 || life.arrivals === "fill" ? Math.max(0, size - again.length) : life.arrivals,
    fractions: fractionsAt(round === 1 ? personas : (life.mix ?? personas), round),
    first: 0,
    id: (_slot, rank) => `r${round}-p${round}.${rank}`,
  });
  // In place, for a million of them: they are new, and nobody else has them yet.
  for (const user of arriving) {
    user.person = personOf(user.id);
    user.visit = 1;
    user.trust = life.trust;
  }
  return [...again, ...arriving];
}

/** `r3-p1.17` is the person `p1.17`, the one of rank 17 who came in round 1. */
function personOf(id: string): string {
  return id.slice(id.indexOf("-") + 1);
}

type Draw = (wanted: {
  size: number;
  fractions: Fractions;
  /** Rank of the first of them. */
  first: number;
  id: (slot: number, rank: number) => string;
}) => User[];

/** Draws new users of a round in a shuffled order. */
function seats({ personas, pack, seed, round }: DrawRequest): Draw {
  const name = `${seed}/round/${round}/population`;
  const situations = shuffle(stream(`${name}/situations`), pack.situations);
  const casts = situations.map((situation) => castOf(situation, stream(`${name}/situation/${situation.id}`)));
  return ({ size, fractions, first, id }) => {
    const ranks = shuffle(
      stream(first === 0 ? `${name}/ranks` : `${name}/ranks/${first}`),
      Array.from({ length: size }, (_, rank) => rank),
    );
    const bands = rankBands(allocate(size, fractions), fractions);
    return ranks.map((rank, slot) => {
      const persona = bands.find(({ end }) => rank < end)!.persona;
      const { thought } = personaNamed(personas, persona);
      const at = (first + rank) % situations.length;
      const turn = Math.floor((first + rank) / situations.length);
      const { background, opening } = casts[at]!(turn, thought);
      return { id: id(slot, rank), persona, thought, situation: situations[at]!.id, background, opening };
    });
  };
}

type Cast = (turn: number, thought: User["thought"]) => { background: string; opening: string };

/** The people of a situation in random order; each time round they begin with another of their openings. */
function castOf(situation: Situation, random: Random): Cast {
  const people = shuffle(random, situation.users).map(({ background, openings }) => ({
    background,
    openings,
    draw: random(),
  }));
  return (turn, thought) => {
    const { background, openings, draw } = people[turn % people.length]!;
    const choices = openings[thought];
    const first = Math.floor(draw * choices.length);
    return { background, opening: choices[(first + Math.floor(turn / people.length)) % choices.length]! };
  };
}

/** Each persona's share of the ranks, up to `end`: as declared, `rest` last, so that it gives way to all others. */
function rankBands(
  counts: Readonly<Record<string, number>>,
  fractions: Fractions,
): { persona: string; end: number }[] {
  const rest = (name: string): number => (fractions[name] === "rest" ? 1 : 0);
  const inOrder = Object.entries(counts).sort(([a], [b]) => rest(a) - rest(b));
  let end = 0;
  return inOrder.map(([persona, count]) => {
    end += count;
    return { persona, end };
  });
}

function personaNamed(personas: DrawRequest["personas"], name: string): Persona {
  const persona = personas[name];
  if (persona === undefined) throw new Error(`persona ${name} was not loaded`);
  return persona;
}
