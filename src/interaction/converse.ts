import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { throwIfEnded } from "../errors.js";
import type { Message } from "../models/types.js";
import type { Persona, User } from "../population/types.js";
import type { SituationPack } from "../situation/index.js";
import { rateAlternatives, sampleStream } from "./alternatives.js";
import { askChoices } from "./ask-choice.js";
import { choicesOf, unmarked } from "./choose.js";
import { type ExplainSettings, explain } from "./explain.js";
import { type RatingMode, rateReplies, reportRatings, rewardOf } from "./rate.js";
import { type Spoken, speak } from "./speak.js";
import type { Alternative, Interaction } from "./types.js";

/** Who speaks for whom; users of one exchange, whose turn is the pack's own, need no model. */
type InteractionModels = { assistant: BaseChatModel; user: BaseChatModel | null; rater: BaseChatModel };

type InteractionSettings = {
  /** User turns, each answered once by the assistant. */
  exchanges: number;
  temperature: number;
  /** Longest turn in tokens. */
  maxTokens: number;
  /** How ratings make the reward. */
  reward: "sum" | "mean";
  /** How a reply is rated; `sampled` if absent. */
  rating?: RatingMode;
  /** Whether users give marks (also if absent) or choose between two replies to each turn. */
  feedback?: "marks" | "choices";
  /** How users choose: by the marks that they would give (also if absent), or asked which of the two they like better. */
  choosing?: "marks" | "asked";
  /** What users say of a reply beside its mark; nothing if absent. */
  explain?: ExplainSettings;
  /** Replies sampled for each user turn, 1 if absent; the first is given, the others are only rated. */
  samplesPerTurn?: number;
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
  const { user, persona, pack, models, settings, signal } = request;
  const seed = streamOf(request);
  const messages: Message[] = [];
  const cut: number[] = [];
  const filtered: number[] = [];
  const others: Spoken[][] = [];
  let raw: (number | null)[] = [];
  let alternatives: Alternative[][] = [];
  let asked: Awaited<ReturnType<typeof askChoices>> | null = null;
  let explained: Awaited<ReturnType<typeof explain>> = {};
  let error: string | null = null;
  const report = (marks: (number | null)[]) =>
    reportRatings(marks, { user, persona, pack, runSeed: request.seed, seed });
  try {
    await talk(request, { messages, cut, filtered, others });
    const { temperature, maxTokens } = settings;
    const { rating } = settings;
    const rater = { model: models.rater, seed, temperature, maxTokens, signal, rating };
    [raw, alternatives] = await Promise.all([
      rateReplies({ user, persona, pack, ...rater }, messages),
      rateAlternatives({ user, persona, pack, ...rater }, request.seed, messages, others),
    ]);
    if (settings.feedback === "choices" && settings.choosing === "asked") {
      const silent = report(raw.map(() => pack.scale.max)).map((mark) => mark === null);
      asked = await askChoices({ user, persona, pack, ...rater }, messages, alternatives, silent);
    }
    if (settings.explain)
      explained = await explain({ user, persona, pack, ...rater }, messages, report(raw), settings.explain);
  } catch (reason) {
    throwIfEnded(reason, signal);
    error = (reason as Error).message;
  }
  const ratings = report(raw);
  return {
    id: user.id,
    round: request.round,
    user: user.person ?? user.id,
    persona: user.persona,
    situation: user.situation,
    ...(user.held_out ? { held_out: true as const } : {}),
    messages,
    ...(cut.length > 0 ? { cut } : {}),
    ...(filtered.length > 0 ? { filtered } : {}),
    ...(settings.feedback === "choices" && error === null
      ? { ...chosen(ratings, raw, alternatives, seed), ...asked }
      : {
          ratings,
          ...(ratings === raw ? {} : { raw_ratings: raw }),
          ...(alternatives.some((replies) => replies.length > 0) ? { alternatives } : {}),
          reward: error === null ? rewardOf(ratings, settings.reward) : null,
        }),
    ...explained,
    error,
  };
}

/** What is left where users choose: which reply they preferred, and what they felt, which they do not say. */
function chosen(
  ratings: (number | null)[],
  raw: (number | null)[],
  alternatives: Alternative[][],
  seed: string,
): Pick<Interaction, "ratings" | "raw_ratings" | "choices" | "alternatives" | "reward"> {
  return {
    ratings: ratings.map(() => null),
    raw_ratings: raw,
    choices: choicesOf(ratings, alternatives, seed),
    alternatives: alternatives.map((others) => others.map(unmarked)),
    reward: null,
  };
}

/**
 * Fills `messages` in place, so that what was said before a failure is kept, `cut` with the places of those that were broken
 * off (`filtered` of those that a filter broke off), and `others` with the replies to each turn that are not given.
 */
async function talk(
  request: ConverseRequest,
  {
    messages,
    cut,
    filtered,
    others,
  }: { messages: Message[]; cut: number[]; filtered: number[]; others: Spoken[][] },
): Promise<void> {
  const { user, persona, pack, models, settings, signal } = request;
  const { temperature, maxTokens } = settings;
  const exchanges = Math.min(settings.exchanges, persona.behaviour?.exchanges ?? settings.exchanges);
  const say = (role: "user" | "assistant", exchange: number, heard: readonly Message[], sample = 1) => {
    const seed = sampleStream(streamOf(request), sample);
    const model = models[role];
    if (!model) throw new Error(`no model for the ${role}'s turns`);
    return speak({ model, role, exchange, seed, temperature, maxTokens, signal }, heard);
  };
  const add = (role: "user" | "assistant", said: Spoken): void => {
    if (said.cut) cut.push(messages.length);
    if (said.filtered) filtered.push(messages.length);
    messages.push({ role, content: said.text });
  };
  const samples = Array.from({ length: settings.samplesPerTurn ?? 1 }, (_, index) => index + 1);
  messages.push({ role: "system", content: pack.prompts.assistant(user, persona) });
  for (let exchange = 1; exchange <= exchanges; exchange += 1) {
    add(
      "user",
      exchange === 1
        ? { text: user.opening, cut: false }
        : await say("user", exchange, userView(request, messages)),
    );
    const heard = [...messages];
    const [given, ...rest] = await Promise.all(
      samples.map((sample) => say("assistant", exchange, heard, sample)),
    );
    add("assistant", given!);
    others.push(rest);
  }
}

/** The conversation as the user sees it: its own turns are the assistant's role, the assistant's are the user's. */
function userView({ user, persona, pack }: ConverseRequest, messages: readonly Message[]): Message[] {
  return messages.map(({ role, content }) => {
    if (role === "system") return { role, content: pack.prompts.user(user, persona) };
    return { role: role === "user" ? "assistant" : "user", content };
  });
}

function streamOf({ seed, round, user }: ConverseRequest): string {
  return `${seed}/round/${round}/user/${user.id}`;
}
