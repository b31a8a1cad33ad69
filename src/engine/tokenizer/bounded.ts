import { bounded } from "../../bounded.js";

/**
 * Patterns of the families that are run here: GPT-2 and SmolLM, Llama 3, Qwen. They take time in proportion to a text; that of
 * any other may grow without bound (`(a+)+$`).
 */
const KNOWN: ReadonlySet<string> = new Set([
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
]);

/** Milliseconds that a text may take: far more than any does, far less than for ever. More for long ones. */
const BOUND = 2_000;

/**
 * Runs work on texts, within a time where a `tokenizer.json` has regular expressions that nobody here knows. The function
 * throws an Error where the time is over: the engine of regular expressions looks up while it goes back.
 * Work may be begun again.
 */
export function bounder(tokenizer: object, bound = BOUND): <T>(length: number, work: () => T) => T {
  if (patternsIn(tokenizer).every((pattern) => KNOWN.has(pattern))) return (_length, work) => work();
  return bounded("its regular expressions take", bound);
}

/** Every regular expression that stands anywhere in it. */
function patternsIn(value: unknown): string[] {
  const found: string[] = [];
  const { normalizer, pre_tokenizer, decoder, post_processor } = value as Record<string, unknown>;
  let level: unknown[] = [normalizer, pre_tokenizer, decoder, post_processor];
  while (level.length > 0) {
    const objects = level.filter((one) => typeof one === "object" && one !== null);
    for (const one of objects)
      if ("Regex" in (one as object)) found.push(String((one as { Regex: unknown }).Regex));
    level = objects.flatMap((one) => Object.values(one as object));
  }
  return found;
}
