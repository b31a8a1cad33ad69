import { randomInt } from "node:crypto";
import type { GenerateResult, Generator, Tokenizer } from "../../engine/index.js";
import { textStream } from "./text-stream.js";

/** What draws texts: a model and its tokenizer. */
export type TextModel = { generator: Generator; tokenizer: Tokenizer };

export type TextRequest = {
  /** The prompt's token ids. */
  ids: readonly number[];
  maxTokens: number;
  temperature: number;
  topP: number;
  /** Names the request's random stream; drawn anew if absent. */
  seed?: number;
  /** Strings that end the text; the one that did is not part of it. */
  stops: readonly string[];
  /** How many of the likeliest tokens to report at each position. */
  alternatives?: number;
  /** Whether the text goes on with the prompt's: then it has the space, if any, that its first token begins with there. */
  continues?: boolean;
  signal?: AbortSignal;
  /** Told the text piece by piece, each as soon as it is certain. */
  onText?: (piece: string) => void;
};

/** `ids` and what belongs to them may reach into the stop string that ended the text. */
export type TextResult = GenerateResult & { text: string };

/** Draws a text after a prompt. */
export async function generateText(
  { generator, tokenizer }: TextModel,
  request: TextRequest,
): Promise<TextResult> {
  const { ids, maxTokens, temperature, topP, stops, alternatives, signal, onText } = request;
  const stream = textStream(stops);
  const watched = stops.length > 0 || onText !== undefined;
  const decode = request.continues
    ? decoderAfter(tokenizer, ids)
    : (drawn: readonly number[]) => tokenizer.decode(drawn);
  const watch = (drawn: readonly number[]): boolean => {
    const whole = decode(drawn);
    const text = cutAt(whole, stops);
    const piece = stream.grow(text);
    if (piece !== "") onText?.(piece);
    return text.length < whole.length;
  };
  const [result] = await generator.generate([
    {
      ids,
      maxTokens,
      temperature,
      topP,
      seed: request.seed ?? randomInt(2 ** 31),
      stop: tokenizer.eosTokenIds,
      until: watched ? watch : undefined,
      alternatives,
      signal,
    },
  ]);
  const text = cutAt(decode(result!.ids), stops);
  const rest = stream.end(text);
  if (rest !== "") onText?.(rest);
  return { ...result!, text };
}

// Far more than a decoder looks back.
const TAIL = 16;

/** What tokens add to the text of those before them; their own text where it cannot be told apart (in the middle of a letter). */
export function decoderAfter(
  tokenizer: Tokenizer,
  before: readonly number[],
  options?: { keepSpecialTokens?: boolean },
): (ids: readonly number[]) => string {
  const tail = before.slice(-TAIL);
  const known = tokenizer.decode(tail, options);
  return (ids) => {
    const whole = tokenizer.decode([...tail, ...ids], options);
    return whole.startsWith(known) ? whole.slice(known.length) : tokenizer.decode(ids, options);
  };
}

/** The text before the first of the stop strings. */
function cutAt(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}
