import type { Sequence } from "../engine/index.js";
import type { Message } from "../models/types.js";

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
  { prompt, completion }: { prompt: readonly Message[]; completion: readonly Message[] },
  maxLength: number,
): Sequence {
  return tokenise(encode, prompt, [completion], maxLength)[0]!;
}

/** The two completions of one prompt, which both keep the same part of it: as much as the longer leaves room for. */
export function tokenisePair(
  encode: EncodeChat,
  { prompt, chosen, rejected }: Record<"prompt" | "chosen" | "rejected", readonly Message[]>,
  maxLength: number,
): { chosen: Sequence; rejected: Sequence } {
  const [one, other] = tokenise(encode, prompt, [chosen, rejected], maxLength);
  return { chosen: one!, rejected: other! };
}

function tokenise(
  encode: EncodeChat,
  prompt: readonly Message[],
  completions: readonly (readonly Message[])[],
  maxLength: number,
): Sequence[] {
  const before = encode(prompt, { addGenerationPrompt: true });
  const wholes = completions.map((completion) =>
    encode([...prompt, ...completion], { addGenerationPrompt: false }),
  );
  // Templates may end the prompt differently once a completion follows: the completion begins where the two part.
  const start = Math.min(...wholes.map((whole) => sharedLength(before, whole)));
  const said = wholes.map((whole) => whole.slice(start, start + maxLength - 1));
  if (said.some(({ length }) => length === 0))
    throw new Error("the chat template gives a completion no tokens");
  const room = maxLength - Math.max(...said.map(({ length }) => length));
  const kept = wholes[0]!.slice(Math.max(0, start - room), start);
  return said.map((ids) => ({ ids: [...kept, ...ids], completionStart: kept.length }));
}

function sharedLength(one: readonly number[], other: readonly number[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}
