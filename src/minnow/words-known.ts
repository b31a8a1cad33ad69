import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageFile } from "../package-root.js";

const tokenizerSchema = z.object({ model: z.object({ vocab: z.record(z.string(), z.number()) }) });

let words: readonly string[] | undefined;

/** Every word of the embedded model's language, in alphabetical order. */
export function minnowWords(): readonly string[] {
  if (words) return words;
  const file = join(packageFile("models/minnow/1"), "tokenizer.json");
  const { model } = tokenizerSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  words = Object.keys(model.vocab)
    .filter((token) => /^[a-z]{2,}$/u.test(token))
    .sort();
  return words;
}

/** Words of a text that minnow does not know: it spells them, or has nothing for their letters. */
export function unknownWords(text: string): string[] {
  known ??= new Set(minnowWords());
  const said = text.toLowerCase().replace(/<\/?(?:think|output)>/gu, " ");
  return (said.match(/[\p{L}\p{M}]+/gu) ?? []).filter((word) => !/^[a-z]$/u.test(word) && !known!.has(word));
}

let known: ReadonlySet<string> | undefined;

/** Whether texts are for the embedded model: it is told who it is. */
export function speaksToMinnow(texts: readonly unknown[]): boolean {
  return texts.some((text) => typeof text === "string" && /\byou are minnow\b/iu.test(text));
}
