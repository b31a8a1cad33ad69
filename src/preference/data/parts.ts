import { z } from "zod";
import type { Message } from "../../models/types.js";
import { promptVariables } from "../../situation/index.js";

/** What of a row's system prompt tells what of the user, word for word: what the stage `strip` may take out. */
export const partsSchema = z.partialRecord(z.enum(promptVariables), z.string().min(1));

type Parts = z.output<typeof partsSchema>;

/**
 * A row with its parts. Throws an Error where one does not stand once in the system prompt: it would be taken out of the wrong
 * place, or of none.
 */
export function withParts<T extends { prompt: readonly Message[] }>(
  row: T,
  parts: Parts,
): T & { parts: Parts } {
  const [first] = row.prompt;
  const system = first?.role === "system" ? first.content : "";
  for (const [part, told] of Object.entries(parts)) {
    const times = system.split(told).length - 1;
    if (times === 1) continue;
    const found = times === 0 ? "does not stand there" : `stands there ${times} times`;
    throw new Error(
      `parts.${part}: expected a text that stands once in the system prompt, word for word; it ${found}`,
    );
  }
  return { ...row, parts };
}
