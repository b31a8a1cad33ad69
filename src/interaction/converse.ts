import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { complete } from "../chat/index.js";
import type { Message } from "../chat/message.js";
import type { Persona, User } from "../population/types.js";
import type { SituationPack } from "../situation/index.js";
import { changesRatings, reported } from "./behaviour.js";
import type { Interaction } from "./types.js";

/** Who speaks for whom. */
export type InteractionModels = { assistant: BaseChatModel; user: BaseChatModel; rater: BaseChatModel };

export type InteractionSettings = {
  /** User turns, each answered once by the assistant. */
  exchanges: number;
  temperature: number;
  /** Longest turn in tokens. */
  maxTokens: number;
  /** How ratings make the reward. */
  reward: "sum" | "mean";
};

export type ConverseRequest = {
  user: User;
  persona: Persona;
  pack: SituationPack;
  models: InteractionModels;
  settings: InteractionSettings;
  /** The run's seed: every call draws from a stream of its own below `<seed>/round/<round>/user/<id>`. */
  seed: string | number;
  round: number;
  signal?: AbortSignal;
};

/**
 * One conversation and the user's rating of each reply. A failing model or an empty turn makes the interaction
 * unusable, with the reason in `error`; a rating that cannot be read is null. Throws only when interrupted.
 */
export async function converse(request: ConverseRequest): Promise<Interaction> {
  const { user, signal } = request;
  const messages: Message[] = [];
  let raw: (number | null)[] = [];
  let error: string | null = null;
  try {
    await talk(request, messages);
    raw = await rate(request, messages);
  } catch (reason) {
    signal?.throwIfAborted();
    error = (reason as Error).message;
  }
  const ratings = report(request, raw);
  return {
    id: user.id,
    round: request.round,
    user: user.person ?? user.id,
    persona: user.persona,
    situation: user.situation,
    ...(user.held_out ? { held_out: true as const } : {}),
    messages,
    ratings,
    ...(ratings === raw ? {} : { raw_ratings: raw }),
    reward: error === null ? rewardOf(ratings, request.settings.reward) : null,
    error,
  };
}

/** What the user says of its ratings; the very list of the model's where its persona adds nothing. */
function report({ user, persona, pack, seed, round }: ConverseRequest, raw: (number | null)[]) {
  const { behaviour } = persona;
  if (behaviour === undefined || !changesRatings(behaviour)) return raw;
  const name = `${seed}/round/${round}/user/${user.id}`;
  const trait = user.person === undefined ? name : `${seed}/person/${user.person}`;
  return reported(raw, { behaviour, scale: pack.scale, seed: name, trait });
}

/** A missing rating is not a rating of 0: a sum has no value without it, a mean is that of the others. */
export function rewardOf(ratings: readonly (number | null)[], reward: "sum" | "mean"): number | null {
  const given = ratings.filter((rating) => rating !== null);
  if (given.length === 0 || (reward === "sum" && given.length < ratings.length)) return null;
  const total = sum(given);
  return reward === "sum" ? total : total / given.length;
}

/** Fills `messages` in place, so that what was said before a failure is kept. */
async function talk(request: ConverseRequest, messages: Message[]): Promise<void> {
  const { user, persona, pack, settings } = request;
  const exchanges = Math.min(settings.exchanges, persona.behaviour?.exchanges ?? settings.exchanges);
  messages.push({ role: "system", content: pack.prompts.assistant(user, persona) });
  for (let exchange = 1; exchange <= exchanges; exchange += 1) {
    const turn =
      exchange === 1 ? user.opening : await speak(request, "user", exchange, userView(request, messages));
    messages.push({ role: "user", content: turn });
    messages.push({ role: "assistant", content: await speak(request, "assistant", exchange, messages) });
  }
}

/** The conversation as the user sees it: its own turns are the assistant's role, the assistant's are the user's. */
function userView({ user, persona, pack }: ConverseRequest, messages: readonly Message[]): Message[] {
  return messages.map(({ role, content }) => {
    if (role === "system") return { role, content: pack.prompts.user(user, persona) };
    return { role: role === "user" ? "assistant" : "user", content };
  });
}

/** Rates every reply, each with the transcript up to and including it. */
async function rate(request: ConverseRequest, messages: readonly Message[]): Promise<(number | null)[]> {
  const { user, persona, pack } = request;
  const system: Message = { role: "system", content: pack.prompts.rater(user, persona) };
  const ends = messages.flatMap(({ role }, index) => (role === "assistant" ? [index + 1] : []));
  return await Promise.all(
    ends.map(async (end, reply) => {
      const transcript = pack.prompts.transcript(messages.slice(1, end));
      const said = await speak(request, "rater", reply + 1, [system, { role: "user", content: transcript }]);
      return pack.readRating(said);
    }),
  );
}

async function speak(
  { models, settings, seed, round, user, signal }: ConverseRequest,
  role: keyof InteractionModels,
  exchange: number,
  messages: readonly Message[],
): Promise<string> {
  const { text } = await complete(models[role], [...messages], {
    seed: `${seed}/round/${round}/user/${user.id}/${role}/${exchange}`,
    temperature: settings.temperature,
    maxTokens: settings.maxTokens,
    signal,
  }).catch((reason: Error) => {
    throw new Error(`${role}, exchange ${exchange}: ${reason.message}`, { cause: reason });
  });
  if (text.trim() === "") throw new Error(`${role}, exchange ${exchange}: the reply is empty`);
  return text;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
