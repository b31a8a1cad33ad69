import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Message } from "../message.js";
import { CannotServe } from "./limits/index.js";
import { canScore, type ScoredCompletion, totalLogprob } from "./score.js";

/** The probability of each of some answers, in their order. */
export type Weighed = {
  /** Shares of the answers, which sum to 1. */
  shares: number[];
  /** The probability that the model gives one of the answers at all, in any spelling; in (0, 1]. */
  mass: number;
};

/** Share of the known probability that spellings may have of which only a bound is known. */
const MOST_UNKNOWN = 0.02;

const cannot = new WeakSet<BaseChatModel>();

/**
 * How likely a model is to begin its reply with each of some answers, each given as all of its spellings, which are summed. Null
 * where the model does not tell probabilities, or not of these answers: then its reply has to be read.
 */
export async function weighAnswers(
  model: BaseChatModel,
  messages: readonly Message[],
  answers: readonly (readonly string[])[],
  signal?: AbortSignal,
): Promise<Weighed | null> {
  if (!canScore(model) || cannot.has(model)) return null;
  const spelt = answers.flatMap((spellings, index) => spellings.map((text) => ({ text, answer: index })));
  let scored: ScoredCompletion[];
  try {
    scored = await model.scoreCompletions(
      messages,
      spelt.map(({ text }) => text),
      { signal },
    );
  } catch (error) {
    if (!(error instanceof CannotServe)) throw error;
    // The server tells nothing, and asking again would not change that.
    cannot.add(model);
    return null;
  }
  return shareOut(
    spelt.map(({ text, answer }, index) => ({ text, answer, ...scored[index]! })),
    answers.length,
  );
}

type Spelling = ScoredCompletion & { text: string; answer: number };

/**
 * Adds up the spellings of each answer. One that is the beginning of another's tokens (12 of 120) counts without it; two that
 * are the same to the tokenizer, or to a server that reads over white space, count once. Null where a bound leaves too
 * much open.
 */
export function shareOut(spelt: readonly Spelling[], answers: number): Weighed | null {
  const known = distinct(spelt.filter(({ bound }) => bound === undefined));
  const sums = new Array<number>(answers).fill(0);
  for (const one of known) {
    const longer = known.filter((other) => begins(one, other));
    // Of nested continuations the shortest ones hold the rest.
    const within = longer
      .filter((other) => !longer.some((between) => begins(between, other)))
      .reduce((sum, other) => sum + Math.exp(totalLogprob(other)), 0);
    sums[one.answer]! += Math.max(0, Math.exp(totalLogprob(one)) - within);
  }
  const mass = Math.min(
    1,
    sums.reduce((sum, one) => sum + one, 0),
  );
  // Those that were not told share the same rest, so the largest bound holds for all of them.
  const unknown = Math.max(
    0,
    ...spelt.filter(({ bound }) => bound === "upper").map((one) => Math.exp(totalLogprob(one))),
  );
  if (!(mass > 0) || unknown > MOST_UNKNOWN * mass) return null;
  const total = sums.reduce((sum, one) => sum + one, 0);
  return { shares: sums.map((one) => one / total), mass };
}

function distinct(spelt: readonly Spelling[]): Spelling[] {
  const seen = new Map<string, Spelling>();
  for (const one of spelt) {
    const key = JSON.stringify([one.text.trim(), totalLogprob(one)]);
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}

function begins(one: Spelling, other: Spelling): boolean {
  return (
    one.tokens.length < other.tokens.length &&
    one.tokens.every((token, index) => token === other.tokens[index])
  );
}
