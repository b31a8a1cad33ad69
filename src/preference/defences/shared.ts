import type { Candidate } from "./types.js";

/**
 * What raters must share to have rated the same thing. In a simulation a panel rates the very conversation. Real users hardly ever
 * see the same one: there it is the words of the reply that was marked, on the same topic.
 */
export function sharedKey({ id, rated_by, situation, messages }: Candidate): string {
  return rated_by === undefined ? id : JSON.stringify([situation, messages.at(-1)?.content]);
}
