import type { ProbeResult } from "./types.js";

/**
 * Replies to probes that were broken off, of those that were drawn (an answer whose probability was read is none), and how many of them
 * by a server's filter; that is absent where none was.
 */
export function cutReplies(results: readonly Pick<ProbeResult, "samples">[]): {
  cut: number;
  filtered?: number;
  of: number;
} {
  const drawn = results.flatMap(({ samples }) => samples.filter(({ answers }) => answers === undefined));
  const filtered = drawn.filter((one) => one.filtered).length;
  return {
    cut: drawn.filter(({ cut }) => cut).length,
    ...(filtered > 0 ? { filtered } : {}),
    of: drawn.length,
  };
}
