import type { Message } from "../../models/types.js";

/** Things that have a key in common, in the order of the first of each. */
export function group<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const before = groups.get(key);
    if (before) before.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** Equal for messages of which the same was said by the same. */
export function talkKey(messages: readonly Message[]): string {
  return JSON.stringify(messages.map(({ role, content }) => [role, content]));
}
