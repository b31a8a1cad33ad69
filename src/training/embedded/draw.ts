import type { Generator } from "../../engine/index.js";
import type { Message, Tokenizer } from "../../models/index.js";
import { streamSeed } from "../../random.js";
import type { DrawnCount, TrainingRequest } from "../types.js";

/** A reply that was drawn. `ids` has the end token where it came to one; `cut` where it was broken off. */
type Drawn = { ids: number[]; text: string; cut: boolean };

/** How many of replies are no whole ones. */
export function countDrawn(drawn: readonly Drawn[]): DrawnCount {
  return {
    replies: drawn.length,
    cut: drawn.filter(({ cut }) => cut).length,
    empty: drawn.filter(({ cut, text }) => !cut && text.trim() === "").length,
  };
}

/** What the draws of a training are told. Throws where a request does not say how. */
export function drawingOf({ drawing }: TrainingRequest): NonNullable<TrainingRequest["drawing"]> {
  if (!drawing) throw new Error("this method draws replies and was not told how (drawing)");
  return drawing;
}

/** The tokens of a prompt; the oldest go where it would leave no room for a reply. */
export function promptIds(
  { encodeChat }: Pick<Tokenizer, "encodeChat">,
  prompt: readonly Message[],
  room: number,
): number[] {
  return encodeChat(prompt, { addGenerationPrompt: true }).slice(-room);
}

/** Draws replies to prompts, each from a stream of its own name. */
export async function drawReplies(
  generator: Generator,
  tokenizer: Tokenizer,
  requests: readonly { ids: readonly number[]; seed: string }[],
  { temperature, maxTokens, signal }: { temperature: number; maxTokens: number; signal?: AbortSignal },
): Promise<Drawn[]> {
  const results = await generator.generate(
    requests.map(({ ids, seed }) => ({
      ids,
      maxTokens,
      temperature,
      topP: 1,
      stop: tokenizer.eosTokenIds,
      seed: streamSeed(seed),
      signal,
    })),
  );
  return results.map(({ ids, end, finishReason }) => ({
    ids: end ? [...ids, end.id] : ids,
    text: tokenizer.decode(ids),
    cut: finishReason === "length",
  }));
}
