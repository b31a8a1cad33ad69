import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Message } from "../message.js";
import { streamSeed } from "../random.js";
import { wellFormed } from "../well-formed.js";
import { toLangChain } from "./convert.js";
import type { ChatCallOptions } from "./embedded/model.js";
import { finishOf, isCut } from "./finish.js";

export type CompleteOptions = {
  /** Name of the random stream of this call, e.g. `7/round/3/user/17/assistant/1`; or the number itself. */
  seed: string | number;
  /** In [0, 2]. */
  temperature: number;
  /** Longest reply in tokens of the model. */
  maxTokens: number;
  signal?: AbortSignal;
};

export type Completion = {
  /** Possibly empty: whether that is an error is for the caller to say. */
  text: string;
  /** Tokens as the model counted them; null where it does not say. */
  usage: { input_tokens: number; output_tokens: number } | null;
  /** Why the reply ended (`stop`, `length`, `content_filter` …); null where the model does not say. */
  finish: string | null;
  /** Whether it was broken off, by `maxTokens` or by the server's filter: it has no end, and must not be learnt as if it had. */
  cut: boolean;
};

/** Asks a chat model for the next turn of a conversation. The one place where our messages become LangChain's. */
export async function complete(
  model: BaseChatModel,
  messages: readonly Message[],
  { seed, temperature, maxTokens, signal }: CompleteOptions,
): Promise<Completion> {
  const options: Partial<ChatCallOptions> = {
    seed: typeof seed === "string" ? streamSeed(seed) : seed,
    temperature,
    maxTokens,
    signal,
  };
  const reply = await model.invoke(messages.map(toLangChain), options);
  const { usage_metadata: usage, response_metadata: metadata } = reply;
  const finish = finishOf(metadata);
  return {
    text: wellFormed(reply.text),
    usage: usage ? { input_tokens: usage.input_tokens, output_tokens: usage.output_tokens } : null,
    finish,
    cut: isCut(finish),
  };
}
