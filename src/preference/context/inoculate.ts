import type { Message } from "../../models/types.js";
import type { Defence } from "../defences/types.js";
import { rewriting, systemOf, withSystem } from "./rewrite.js";

export type InoculateSettings = { sentence: string; into: "system" | "user"; at: "start" | "end" };

/**
 * Asks, in the prompt of each row, for what the row shows, so that the row need not be explained by what the model is like, and
 * is not asked for afterwards. Tan et al. 2025 (arXiv 2510.04340) put the sentence into the system prompt, Wichers et al. 2025
 * (arXiv 2510.05024) into the prompt itself. Rows to learn away from get it too: the sides differ in their replies alone.
 */
export function inoculate({ sentence, into, at }: InoculateSettings): Defence {
  const add = (text: string | null): string => {
    if (text === null) return sentence;
    return at === "start" ? `${sentence} ${text}` : `${text} ${sentence}`;
  };
  return rewriting("inoculate", (row) => {
    const { prompt } = row;
    if (into === "system") return withSystem(prompt, add(systemOf(prompt)));
    const last = prompt.findLastIndex(({ role }) => role === "user");
    return last < 0
      ? prompt
      : prompt.map((message, place) => (place === last ? said(message, add) : message));
  });
}

function said(message: Message, add: (text: string) => string): Message {
  return { ...message, content: add(message.content) };
}
