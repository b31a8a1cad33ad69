import type { Message } from "../../models/types.js";

/** Equal for messages of which the same was said by the same. */
export function talkKey(messages: readonly Message[]): string {
  return JSON.stringify(messages.map(({ role, content }) => [role, content]));
}
