import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { counted } from "../numbers.js";
import { packageFile } from "../package-root.js";
import { shownPath } from "../shown-path.js";

/** Words that are told; more would hide what else is said. */
const TOLD = 12;

const tokenizerSchema = z.object({ model: z.object({ vocab: z.record(z.string(), z.number()) }) });

/** Every word of the embedded model's language, in alphabetical order. */
export function minnowWords(): string[] {
  const file = join(packageFile("models/minnow/1"), "tokenizer.json");
  const { model } = tokenizerSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.keys(model.vocab)
    .filter((token) => /^[a-z]{2,}$/u.test(token))
    .sort();
}

/** Whether texts are for the embedded model: it is told who it is. */
export function speaksToMinnow(texts: readonly unknown[]): boolean {
  return texts.some((text) => typeof text === "string" && /\byou are minnow\b/iu.test(text));
}

/**
 * Says which words of texts in minnow's language it does not know; empty where it knows all. It spells them, and makes nothing of
 * them. `of` is what they stand in.
 */
export function strangeWords(texts: readonly string[], of = "it"): string {
  const known = new Set(minnowWords());
  const strange = new Set(
    texts.flatMap((text) => text.toLowerCase().match(/[a-z]{2,}/gu) ?? []).filter((word) => !known.has(word)),
  );
  if (strange.size === 0) return "";
  const told = [...strange].slice(0, TOLD).join(", ");
  return `minnow does not know ${counted(strange.size, "word")} of ${of} and can make nothing of them: ${told}${strange.size > TOLD ? " …" : ""}; ${shownPath(packageFile("docs/minnow.md"))} lists its words`;
}
