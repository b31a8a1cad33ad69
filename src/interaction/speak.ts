import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { complete, emptyBecause, isFiltered } from "../models/index.js";
import type { Message } from "../models/types.js";

export type Speaker = {
  model: BaseChatModel;
  role: "assistant" | "user" | "rater";
  /** From 1. */
  exchange: number;
  /** Prefix of the call's random stream, e.g. `7/round/3/user/r3-u17`. */
  seed: string;
  temperature: number;
  /** Longest turn in tokens. */
  maxTokens: number;
  signal?: AbortSignal;
};

/** What a model says in its turn; `cut` where it was broken off (`Completion.cut`), `filtered` where a server's filter did it. */
export type Spoken = { text: string; cut: boolean; filtered?: boolean };

/** One turn of a model. Throws, saying whose, if it fails or says nothing. */
export async function speak(
  { model, role, exchange, seed, temperature, maxTokens, signal }: Speaker,
  messages: readonly Message[],
): Promise<Spoken> {
  const { text, cut, finish } = await complete(model, [...messages], {
    seed: `${seed}/${role}/${exchange}`,
    temperature,
    maxTokens,
    signal,
  }).catch((reason: Error) => {
    throw new Error(`${role}, exchange ${exchange}: ${reason.message}`, { cause: reason });
  });
  if (text.trim() === "")
    throw new Error(`${role}, exchange ${exchange}: the reply is empty${emptyBecause(finish)}`);
  return { text, cut, filtered: isFiltered(finish) };
}
