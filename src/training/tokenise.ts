import type { Sequence } from "../engine/index.js";
import type { Message } from "../models/types.js";

/** Token ids of a conversation under a model's chat template. */
export type EncodeChat = (
  messages: readonly Message[],
  options: { addGenerationPrompt: boolean },
) => number[];

/** What finds the tokens of a text and the text of tokens. */
export type Reader = {
  encode: (text: string) => number[];
  decode: (ids: readonly number[], options?: { keepSpecialTokens?: boolean }) => string;
};

/** What a row that is longer than it may be has lost. */
export type Lost = { prompt: boolean; reply: boolean };

/**
 * A row as tokens. The completion is what the template adds to the prompt, its end token included, as in TRL. A row
 * longer than `maxLength` loses the oldest tokens of its prompt, and the end of its completion only when that alone is too
 * long. With a reader it loses a few more where the cut would go through a word: so every trainer, those that are given texts too, takes
 * the same. Throws if the template leaves the completion without tokens.
 */
export function tokeniseRow(
  encode: EncodeChat,
  { prompt, completion }: { prompt: readonly Message[]; completion: readonly Message[] },
  maxLength: number,
  reader?: Reader,
  onLost?: (lost: Lost) => void,
): Sequence {
  return tokenise(encode, prompt, [completion], maxLength, { reader, onLost })[0]!;
}

/** The two completions of one prompt, which both keep the same part of it: as much as the longer leaves room for. */
export function tokenisePair(
  encode: EncodeChat,
  { prompt, chosen, rejected }: Record<"prompt" | "chosen" | "rejected", readonly Message[]>,
  maxLength: number,
  reader?: Reader,
  onLost?: (lost: Lost) => void,
): { chosen: Sequence; rejected: Sequence } {
  const [one, other] = tokenise(encode, prompt, [chosen, rejected], maxLength, { reader, onLost });
  return { chosen: one!, rejected: other! };
}

function tokenise(
  encode: EncodeChat,
  prompt: readonly Message[],
  completions: readonly (readonly Message[])[],
  maxLength: number,
  { reader, onLost }: { reader: Reader | undefined; onLost: ((lost: Lost) => void) | undefined },
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
  const cut = wholes[0]!.slice(Math.max(0, start - room), start);
  const kept = (reader && cut.length < start ? readable(reader, cut, said) : null)?.prompt ?? cut;
  const lost = {
    prompt: kept.length < start,
    reply: said.some(({ length }, at) => start + length < wholes[at]!.length),
  };
  if (lost.prompt || lost.reply) onLost?.(lost);
  return said.map((ids) => ({ ids: [...kept, ...ids], completionStart: kept.length }));
}

// A cut through a word or a letter may not be found again by reading the text; a few tokens on it is.
const MOST_DROPPED = 64;

/**
 * The last tokens of a prompt, all if possible, whose text gives them again, alone and with each completion behind it; with the texts.
 * Null where no text does.
 */
export function readable(
  { encode, decode }: Reader,
  prompt: readonly number[],
  completions: readonly (readonly number[])[],
): { prompt: number[]; texts: { prompt: string; completions: string[] } } | null {
  const says = (ids: readonly number[]): string => decode(ids, { keepSpecialTokens: true });
  const gives = (text: string, ids: readonly number[]): boolean => encode(text).join() === ids.join();
  const said = completions.map(says);
  for (let from = 0; from < Math.min(prompt.length, MOST_DROPPED); from += 1) {
    const kept = prompt.slice(from);
    const before = says(kept);
    const same =
      gives(before, kept) &&
      said.every(
        (text, at) => gives(text, completions[at]!) && gives(before + text, [...kept, ...completions[at]!]),
      );
    if (same) return { prompt: kept, texts: { prompt: before, completions: said } };
  }
  return null;
}

function sharedLength(one: readonly number[], other: readonly number[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}
