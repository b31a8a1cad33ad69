import { weighAnswers } from "../models/index.js";
import type { Message } from "../models/types.js";
import type { Persona, User } from "../population/types.js";
import type { SituationPack } from "../situation/index.js";
import { changesRatings, reported } from "./behaviour.js";
import { type Speaker, speak } from "./speak.js";

export type RateRequest = Omit<Speaker, "role" | "exchange"> & {
  user: User;
  persona: Persona;
  pack: Pick<SituationPack, "prompts" | "readRating" | "scale">;
  /** Whether a rating is drawn, or expected over the probabilities of all marks where the rater tells them. */
  rating?: RatingMode;
};

/**
 * `sampled`: one mark, drawn from the rater. `expected`: the mean over the probabilities of all marks, so that users who would
 * mostly give an 8 differ by how likely the other marks are; a rater that does not tell probabilities is sampled.
 */
export type RatingMode = "sampled" | "expected";

/** Scales of more marks than this are sampled. */
const MOST_MARKS = 101;

/**
 * The rater model's rating of every assistant reply as this user, each with the transcript up to and including it; null
 * where what it says cannot be read. Throws if a call fails.
 */
export async function rateReplies(
  request: RateRequest,
  messages: readonly Message[],
): Promise<(number | null)[]> {
  const ends = messages.flatMap(({ role }, index) => (role === "assistant" ? [index + 1] : []));
  const told = toldOf(request);
  return await Promise.all(ends.map((end) => rateAs(told, request, messages.slice(0, end))));
}

/** The rater model's rating of a conversation's last reply as this user; null where what it says cannot be read. Throws if a call fails. */
export async function rateReply(request: RateRequest, messages: readonly Message[]): Promise<number | null> {
  return await rateAs(toldOf(request), request, messages);
}

/** What the rater is told of whom it rates as. */
function toldOf({ user, persona, pack }: Pick<RateRequest, "user" | "persona" | "pack">): Message {
  return { role: "system", content: pack.prompts.rater(user, persona) };
}

async function rateAs(
  system: Message,
  request: RateRequest,
  messages: readonly Message[],
): Promise<number | null> {
  const { user: _user, persona: _persona, pack, rating, ...speaker } = request;
  const content = pack.prompts.transcript(messages.slice(1));
  const exchange = messages.filter(({ role }) => role === "assistant").length;
  const turn = { ...speaker, role: "rater", exchange } as const;
  if (rating === "expected") {
    const expected = await expectedMark(request, [system, { role: "user", content }]);
    if (expected) return expected.mean;
  }
  const { text } = await speak(turn, [system, { role: "user", content }]);
  return pack.readRating(text);
}

/** The mean mark over their probabilities, and how likely any of them is; null where the rater does not tell. */
export async function expectedMark(
  {
    model,
    pack: { scale },
    signal,
  }: Pick<RateRequest, "model" | "signal"> & {
    pack: Pick<SituationPack, "scale">;
  },
  messages: readonly Message[],
): Promise<{ mean: number; mass: number } | null> {
  const marks = Array.from(
    { length: Math.floor(scale.max) - Math.ceil(scale.min) + 1 },
    (_, index) => Math.ceil(scale.min) + index,
  );
  if (marks.length < 2 || marks.length > MOST_MARKS) return null;
  const spellings = marks.map((mark) => [String(mark), ` ${mark}`]);
  const weighed = await weighAnswers(model, messages, spellings, signal);
  if (!weighed) return null;
  const mean = weighed.shares.reduce((sum, share, index) => sum + share * marks[index]!, 0);
  return { mean, mass: weighed.mass };
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
