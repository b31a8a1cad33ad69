import type { Message } from "../models/message.js";
import type { Persona, User } from "../population/types.js";
import type { SituationPack } from "../situation/index.js";
import { changesRatings, reported } from "./behaviour.js";
import { type Speaker, speak } from "./speak.js";

export type RateRequest = Omit<Speaker, "role" | "exchange"> & {
  user: User;
  persona: Persona;
  pack: Pick<SituationPack, "prompts" | "readRating">;
};

/**
 * The rater model's rating of every assistant reply as this user, each with the transcript up to and including it; null
 * where what it says cannot be read. Throws if a call fails.
 */
export async function rateReplies(
  request: RateRequest,
  messages: readonly Message[],
): Promise<(number | null)[]> {
  const ends = messages.flatMap(({ role }, index) => (role === "assistant" ? [index + 1] : []));
  return await Promise.all(ends.map((end) => rateReply(request, messages.slice(0, end))));
}

/** The same for the last reply of a conversation alone. */
export async function rateReply(
  { user, persona, pack, ...speaker }: RateRequest,
  messages: readonly Message[],
): Promise<number | null> {
  const system: Message = { role: "system", content: pack.prompts.rater(user, persona) };
  const content = pack.prompts.transcript(messages.slice(1));
  const exchange = messages.filter(({ role }) => role === "assistant").length;
  const turn = { ...speaker, role: "rater", exchange } as const;
  const { text } = await speak(turn, [system, { role: "user", content }]);
  return pack.readRating(text);
}

/** What the user says of its ratings; the very list of the model's where its persona adds nothing. */
export function reportRatings(
  raw: (number | null)[],
  {
    user,
    persona,
    pack,
    runSeed,
    seed,
    self = seed,
  }: {
    user: User;
    persona: Persona;
    pack: Pick<SituationPack, "scale">;
    /** The run's own seed. */
    runSeed: string | number;
    /** Names the streams of what is drawn for each reply. */
    seed: string;
    /** Names the streams of what a user is who does not come again; `seed` if absent. */
    self?: string;
  },
): (number | null)[] {
  const { behaviour } = persona;
  if (behaviour === undefined || !changesRatings(behaviour)) return raw;
  const trait = user.person === undefined ? self : `${runSeed}/person/${user.person}`;
  return reported(raw, { behaviour, scale: pack.scale, seed, trait });
}

/** A missing rating is not a rating of 0: a sum has no value without it, a mean is that of the others. */
export function rewardOf(ratings: readonly (number | null)[], reward: "sum" | "mean"): number | null {
  const given = ratings.filter((rating) => rating !== null);
  if (given.length === 0 || (reward === "sum" && given.length < ratings.length)) return null;
  const total = given.reduce((sum, rating) => sum + rating, 0);
  return reward === "sum" ? total : total / given.length;
}
