import type { Sequence } from "../engine/index.js";
import type { Message } from "../models/message.js";

/** Token ids of a conversation under a model's chat template. */
export type EncodeChat = (
  messages: readonly Message[],
  options: { addGenerationPrompt: boolean },
) => number[];

/**
 * A row as tokens. The completion is what the template adds to the prompt, its end token included, as in TRL. A row
 * longer than `maxLength` loses the oldest tokens of its prompt, and the end of its completion only when that alone is too
 * long. Throws if the template leaves the completion without tokens.
 */
export function tokeniseRow(
  encode: EncodeChat,
  row: { prompt: readonly Message[]; completion: readonly Message[] },
  maxLength: number,
): Sequence {
  const prompt = encode(row.prompt, { addGenerationPrompt: true });
  const whole = encode([...row.prompt, ...row.completion], { addGenerationPrompt: false });
  // Templates may end the prompt differently once a completion follows: the completion begins where the two part.
  let start = 0;
  while (start < prompt.length && start < whole.length && prompt[start] === whole[start]) start += 1;
  const completion = whole.slice(start, start + maxLength - 1);
  if (completion.length === 0) throw new Error("the chat template gives a completion no tokens");
  const kept = whole.slice(Math.max(0, start - (maxLength - completion.length)), start);
  return { ids: [...kept, ...completion], completionStart: kept.length };
}
