import type { Message } from "../../models/types.js";
import type { Defence, DefenceContext } from "../defences/types.js";
import { dataFor, kindOfRows } from "../kind-of-rows.js";
import { spreadByPrompt } from "../shuffle-rows.js";
import type { Row } from "../types.js";

/** What a row's prompt is to say instead; the very prompt where it stays as it is. */
export type Rewrite = (row: Row, context: DefenceContext) => Message[];

/**
 * A stage that changes the prompts of training rows and nothing else. Talks, ratings and probes keep theirs: what is learnt
 * under one context is used under another.
 */
export function rewriting(kind: string, rewrite: Rewrite): Defence {
  return {
    kind,
    rewrites: true,
    amend: (data, context) => {
      const of = kindOfRows(data);
      const rows = [...of.rows].map((row) => {
        const prompt = rewrite(row, context);
        return prompt === row.prompt ? row : { ...row, prompt };
      });
      // Prompts that were different may now be the same.
      return dataFor(data.method, of.kind === "labelled" ? spreadByPrompt(rows) : rows);
    },
  };
}

export function systemOf(prompt: readonly Message[]): string | null {
  const first = prompt[0];
  return first?.role === "system" ? first.content : null;
}

/** A prompt with another system message, or none. */
export function withSystem(prompt: readonly Message[], content: string | null): Message[] {
  const rest = systemOf(prompt) === null ? prompt : prompt.slice(1);
  return content === null ? [...rest] : [{ role: "system", content }, ...rest];
}
