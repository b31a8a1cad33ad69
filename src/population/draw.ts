import { type Random, shuffle, stream } from "../random.js";
import type { Scenario } from "../scenario/index.js";
import type { Situation, SituationPack } from "../situation/index.js";
import { allocate, type Fractions } from "./allocate.js";
import { fractionsAt } from "./schedule.js";
import type { Persona, User } from "./types.js";

export type DrawRequest = {
  scenario: { population: Pick<Scenario["population"], "size" | "personas"> };
  /** By name. */
  personas: Readonly<Record<string, Persona>>;
  pack: Pick<SituationPack, "situations">;
  /** The run's seed. */
  seed: string | number;
  round: number;
};

/**
 * The users of a round: exact counts of each persona, each persona spread over the situations as evenly as whole users
 * allow, nobody met twice while the pack has fresh people and openings left.
 *
 * Cells of a sweep share their random numbers. Every user has a rank, which alone fixes situation, person and opening;
 * only the persona depends on the fractions. Situations come round in a fixed order by rank and personas take
 * consecutive ranks, so any persona's counts differ by at most one between situations, and the users who are biased at
 * 5 % are biased at 10 % too.
 */
export function drawPopulation({ scenario, personas, pack, seed, round }: DrawRequest): User[] {
  const { size } = scenario.population;
  const fractions = fractionsAt(scenario.population.personas, round);
  const name = `${seed}/round/${round}/population`;
  const situations = shuffle(stream(`${name}/situations`), pack.situations);
  const casts = situations.map((situation) => castOf(situation, stream(`${name}/situation/${situation.id}`)));
  const ranks = shuffle(
    stream(`${name}/ranks`),
    Array.from({ length: size }, (_, rank) => rank),
  );
  const bands = rankBands(allocate(size, fractions), fractions);
  return ranks.map((rank, slot) => {
    const persona = bands.find(({ end }) => rank < end)!.persona;
    const { thought } = personaNamed(personas, persona);
    const at = rank % situations.length;
    const { background, opening } = casts[at]!(Math.floor(rank / situations.length), thought);
    return { id: `r${round}-u${slot}`, persona, thought, situation: situations[at]!.id, background, opening };
  });
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
