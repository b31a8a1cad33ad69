import type { ProbeResult } from "./types.js";

/** Replies to probes that were broken off, of those that were drawn: an answer whose probability was read is none. */
export function cutReplies(results: readonly Pick<ProbeResult, "samples">[]): { cut: number; of: number } {
  const drawn = results.flatMap(({ samples }) => samples.filter(({ answers }) => answers === undefined));
  return { cut: drawn.filter(({ cut }) => cut).length, of: drawn.length };
}
