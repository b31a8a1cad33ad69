import type { TextResult } from "../models/index.js";
import { streamSeed } from "../random.js";
import { ApiError } from "./errors.js";
import type { ServedModel } from "./models.js";

/** What both kinds of completion ask of a model. */
export type DrawRequest = {
  ids: readonly number[];
  /** Until the context is full if absent. */
  maxTokens?: number;
  temperature: number;
  topP: number;
  seed?: number;
  /** Which of several answers to the same prompt; each has a random stream of its own. */
  choice: number;
  stops: readonly string[];
  alternatives: number;
  /** Whether the answer is read on from the prompt's text, its first space included. */
  continues?: boolean;
  signal: AbortSignal;
  onText?: (piece: string) => void;
};

/** How many tokens may follow a prompt. Throws ApiError when it leaves no room for an answer. */
export function roomAfter({ engine }: ServedModel, ids: readonly number[]): number {
  const { context } = engine;
  if (ids.length < context) return context - ids.length;
  throw new ApiError(`the prompt has ${ids.length} tokens, and the model's context ends at ${context}`, {
    code: "context_length_exceeded",
  });
}

// A token stands for four characters of English; so many hold in no context, and are refused before anybody counts them: that takes
// a second for a million, in which nobody else is answered.
const MOST_CHARACTERS_OF_A_TOKEN = 16;
const MOST_CHARACTERS = 1_000_000;

/** Throws ApiError on texts that are too long to be made tokens of, all of a request together. */
export function checkLength({ engine }: ServedModel, texts: readonly string[]): void {
  const each = Math.min(MOST_CHARACTERS, engine.context * MOST_CHARACTERS_OF_A_TOKEN);
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  const all = texts.reduce((sum, { length }) => sum + length, 0);
  if (longest <= each && all <= MOST_CHARACTERS) return;
  const found = longest > each ? `a text has ${longest} characters` : `the texts have ${all} characters`;
  const most = longest > each ? each : MOST_CHARACTERS;
  throw new ApiError(
    `${found}, and at most ${most} are read here (the model's context ends at ${engine.context} tokens)`,
    {
      code: "context_length_exceeded",
    },
  );
}

/** Draws one answer. Throws ApiError when the prompt leaves no room for one. */
export async function draw(served: ServedModel, request: DrawRequest): Promise<TextResult> {
  const { choice, seed, ...rest } = request;
  return await served.engine.draw({
    ...rest,
    maxTokens: request.maxTokens ?? roomAfter(served, request.ids),
    seed: seed === undefined || choice === 0 ? seed : streamSeed(`${seed}/choice/${choice}`),
  });
}

export type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number };

export function usageOf(prompt: number, results: readonly TextResult[]): Usage {
  const completion = results.reduce((sum, { ids }) => sum + ids.length, 0);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
